"""`import-postcodes` as somebody at the machine sees it, with a file that is made up."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from benchmarks.places_data import ons_lines, write_ons
from bot.cli import main
from bot.commands.content import exact_postcodes
from bot.commands.postcodes import _terminal
from bot.content.catalogue import attribution
from bot.storage.units import UnitTable
from directory.places import load_places
from tests.support.postcodes import POSTCODES, ROOT, areas, made_up, row

ENDED = [row("N22 8LC", "E09000014", 51.6085, -0.1105, doterm="201905")]
BELFAST = [row("BT1 1AA", "N09000003", 54.6, -5.9), row("M14 5TL", "E08000003", 53.4, -2.2)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "whatever.zip"
    write_ons(path, ons_lines([*made_up(), *ENDED, *BELFAST]))
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(autouse=True)
def in_data(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(data))


@pytest.fixture(scope="module")
def imported(whole: Path, data: Path) -> tuple[str, str]:
    """What the import said, run once."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(data))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        assert main(["import-postcodes", str(whole)]) == 0
    return out.getvalue(), err.getvalue()


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_whole_file_is_imported_with_progress(imported: tuple[str, str], data: Path) -> None:
    out, err = imported
    assert "NSPL August 2026: 198," in out
    assert "1 of them no longer in use" in out
    assert "left out: 1 Northern Ireland and the islands" in out
    assert "left out: 1 far from London" in out
    assert "  Lambeth: 6," in out
    assert "Contains Royal Mail data © Royal Mail copyright and database right 2026." in out
    assert "whatever.zip: NSPL August 2026" in err
    assert err.count("rows read") >= 5
    assert [path.name for path in data.iterdir()] == ["postcodes.sqlite3"]
    assert (data / "postcodes.sqlite3").stat().st_size < 12_000_000


@pytest.mark.slow
def test_it_is_used_and_its_licence_shown(imported: tuple[str, str]) -> None:
    table = exact_postcodes()
    assert table is not None
    assert load_places(POSTCODES, areas(), table).locate("SW9 7UH").borough == "Lambeth"
    unit = table.get("N228LC")
    assert unit is not None
    assert unit.ended == 201905
    words = attribution(ROOT, table)
    assert "right 2025." in words
    assert "right 2026." in words
    assert words.count("Open Government Licence v") == 2
    table.close()


@pytest.mark.slow
def test_a_file_that_cannot_be_right_leaves_the_old_table(
    imported: tuple[str, str], tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = data / "postcodes.sqlite3"
    before = target.read_bytes()
    few = tmp_path / "few.zip"
    write_ons(few, ons_lines([*ENDED, row("SW9 7UH", "E09000022", 51.46779, -0.10372)]))
    assert main(["import-postcodes", str(few)]) == 1
    said = capsys.readouterr().err
    assert "1 postcodes of London, expected at least 170,000" in said
    assert "no postcode of Barking and Dagenham" in said
    assert "Nothing was changed" in said
    assert target.read_bytes() == before
    assert [path.name for path in data.iterdir()] == ["postcodes.sqlite3"]


@pytest.mark.slow
def test_again_it_says_what_has_changed(
    imported: tuple[str, str], whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import-postcodes", str(whole)]) == 0
    assert "in use (as before)" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["nowhere.zip", "text.zip"])
def test_a_file_that_is_none_is_said_in_a_sentence(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.zip").write_text("hello")
    assert main(["import-postcodes", str(tmp_path / name)]) == 1
    said = capsys.readouterr().err
    assert name in said
    assert said.endswith("Nothing was changed: what was in use stays in use.\n")


def test_stopping_it_half_way_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    small = tmp_path / "small.zip"
    write_ons(small, ons_lines(ENDED))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.storage.units_writer.UnitWriter.finish", stop)
    assert main(["import-postcodes", str(small)]) == 1
    assert "Stopped." in capsys.readouterr().err
    assert list((tmp_path / "data").iterdir()) == []


def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LISTEN_PORT", "many")
    assert main(["import-postcodes", "any.zip"]) == 1
    assert "LISTEN_PORT" in capsys.readouterr().err
    assert exact_postcodes() is None


def test_on_a_terminal_progress_stays_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for line in ("file", "\r 10%", "\r 20%", "Checking ..."):
        _terminal(line)
    assert capsys.readouterr().err == "\r\033[Kfile\n\r 10%\r 20%\r\033[KChecking ...\n"


def test_no_table_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert exact_postcodes() is None
    assert UnitTable.open(tmp_path / "postcodes.sqlite3") is None
