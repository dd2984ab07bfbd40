"""An official file is recognised and streamed; a damaged or foreign one is named in a sentence."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from itertools import repeat
from pathlib import Path

import pytest

from benchmarks.places_data import METADATA, NSPL_HEADER, ons_lines, write_code_point, write_ons
from directory.postcode_layouts import Row
from directory.postcode_source import PostcodeFileError, Tally, recognise
from tests.support.postcodes import on_grid, row

AREAS = frozenset({"SW", "E"})
LAMBETH = row("SW9 7UH", "E09000022", 51.46779, -0.10372)
ENDED = row("SW9 7ZZ", "E09000022", 51.468, -0.104, doterm="201905")
BELFAST = row("BT1 1AA", "N09000003", 54.6, -5.9)
GRID = [on_grid("SW9 7UH", "E09000022", 531754, 176007),
        on_grid("E1 1BJ", "E09000030", 534950, 181800)]  # fmt: skip


def read(path: Path) -> tuple[list[Row], Tally]:
    tally = Tally()
    return list(recognise(path).rows(AREAS, tally)), tally


def test_code_point_open(tmp_path: Path) -> None:
    path = tmp_path / "codepo_gb.zip"
    write_code_point(path, GRID)
    file = recognise(path)
    assert (file.edition.name, file.edition.year) == ("Code-Point Open 2025.4.0", 2025)
    assert "Contains National Statistics data © Crown" in file.edition.attribution[2]
    rows, tally = read(path)
    assert [(one.postcode, one.code) for one in rows] == [
        ("E11BJ", "E09000030"), ("SW97UH", "E09000022"),
    ]  # fmt: skip
    assert (tally.read, tally.bytes_read() > 0) == (2, True)


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ("Data/NSPL_AUG_2026_UK.csv", "NSPL August 2026"),
        ("Data/ONSPD_FEB_2025_UK.csv", "ONSPD February 2025"),
        ("NSPL_2021_AUG_2024/Data/NSPL21_AUG_2024_UK.csv", "NSPL August 2024"),
    ],
)
def test_ons_zips(tmp_path: Path, member: str, name: str) -> None:
    path = tmp_path / "any.zip"
    write_ons(path, ons_lines([LAMBETH, ENDED, BELFAST]), member)
    file = recognise(path)
    assert file.edition.name == name
    assert file.edition.attribution[-1].startswith("Source: Office for National Statistics")
    rows, tally = read(path)
    assert [(one.postcode, one.ended) for one in rows] == [("SW97UH", None), ("SW97ZZ", 201905)]
    assert tally.left_out == {"Northern Ireland and the islands": 1}


def test_an_ons_zip_that_has_only_the_parts(tmp_path: Path) -> None:
    path = tmp_path / "parts.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, made in enumerate((LAMBETH, ENDED)):
            name = f"Data/multi_csv/ONSPD_AUG_2026_UK_{number}.csv"
            archive.writestr(name, "".join(ons_lines([made])))
    assert [one.postcode for one in read(path)[0]] == ["SW97UH", "SW97ZZ"]


@pytest.mark.parametrize(
    ("file", "name"),
    [("ONSPD_AUG_2026_UK.csv", "ONSPD August 2026"),
     ("postcodes.csv", "ONS postcodes up to January 1980")],
)  # fmt: skip
def test_a_plain_csv_with_and_without_its_name(tmp_path: Path, file: str, name: str) -> None:
    path = tmp_path / file
    text = "".join(ons_lines([LAMBETH])).replace("198001", "202607")
    path.write_text(text, encoding="utf-8")
    wanted = name if "ONSPD" in name else "ONS postcodes up to July 2026"
    assert recognise(path).edition.name == wanted
    assert [one.postcode for one in read(path)[0]] == ["SW97UH"]


def no_zip(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 and then nothing")


def cut_short(path: Path) -> None:
    write_code_point(path, GRID)
    path.write_bytes(path.read_bytes()[:-40])


def spoilt(path: Path) -> None:
    write_ons(path, ons_lines([LAMBETH] * 2000))
    data = bytearray(path.read_bytes())
    data[200:220] = b"\x00" * 20
    path.write_bytes(bytes(data))


def fewer_rows(path: Path) -> None:
    write_code_point(path, GRID)
    with zipfile.ZipFile(path) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    kept["Data/CSV/sw.csv"] = b""
    _zip(path, kept)


def foreign(path: Path) -> None:
    _zip(path, {"holiday.jpg": b"x"})


def no_edition(path: Path) -> None:
    _zip(path, {"Data/CSV/sw.csv": b"x"})


def empty_metadata(path: Path) -> None:
    _zip(path, {"Data/CSV/sw.csv": b"x", "Doc/metadata.txt": b"nothing"})


def no_month(path: Path) -> None:
    _zip(path, {"Data/ONSPD_XYZ_2026_UK.csv": b"pcds"})


def bad_rows(path: Path) -> None:
    rows = "".join('"SW9 7UH",10,east,north,"","","","","E09000022",""\n' for _ in range(30))
    _zip(path, {"Data/CSV/sw.csv": rows.encode(), "Doc/metadata.txt": METADATA.encode()})


def one_column_less(path: Path) -> None:
    header = NSPL_HEADER.replace("lad26cd,", "")
    write_ons(path, ons_lines([LAMBETH], header))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def a_picture(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n" + bytes(range(256)))


def _zip(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (no_zip, "download it again"), (cut_short, "download it again"),
        (spoilt, "download it again"), (fewer_rows, "0 rows, expected 1"),
        (foreign, "neither Code-Point Open"), (no_edition, "no Doc/metadata.txt"),
        (empty_metadata, "DATASET VERSION NUMBER"), (no_month, "XYZ is no month"),
        (bad_rows, r"sw\.csv:1: found 'east' where the easting should be"),
        (one_column_less, r"UK\.csv:1: no column for authority"),
        (empty, "no column pcds"), (a_picture, "no column pcds"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(
    tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / "given.zip"
    make(path)
    with pytest.raises(PostcodeFileError, match=said) as caught:
        read(path)
    assert "given.zip" in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PostcodeFileError, match="there is no such file"):
        recognise(tmp_path / "nowhere.zip")


def test_a_few_bad_rows_are_named_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "ONSPD_AUG_2026_UK.csv"
    lines = [*ons_lines([LAMBETH]), '"broken"\r\n', *list(ons_lines([ENDED]))[1:]]
    path.write_text("".join(lines), encoding="utf-8")
    rows, tally = read(path)
    assert len(rows) == 2
    assert tally.bad == ["ONSPD_AUG_2026_UK.csv:3: found 1 columns, the header has 35"]


def test_little_is_in_memory_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    write_ons(path, ons_lines(repeat(LAMBETH, 100_000)))
    file, tally = recognise(path), Tally()
    assert file.size > 14_000_000
    tracemalloc.start()
    try:
        assert sum(1 for _ in file.rows(AREAS, tally)) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_it_can_be_watched_whether_rows_are_kept_or_not(tmp_path: Path) -> None:
    path = tmp_path / "far.zip"
    write_ons(path, ons_lines(repeat(BELFAST, 10_000)))
    file, tally, seen = recognise(path), Tally(), []
    tally.watch = lambda: seen.append(tally.bytes_read() / file.size)
    assert list(file.rows(AREAS, tally)) == []
    assert len(seen) == 5
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] <= 1


def test_a_file_without_line_ends_fills_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "ONSPD_AUG_2026_UK.csv"
    path.write_text("pcds,doterm,laua,lat,long\n" + "x" * 20_000_000, encoding="utf-8")
    tracemalloc.start()
    try:
        with pytest.raises(PostcodeFileError):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
