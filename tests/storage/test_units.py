"""The table of postcodes is written aside, put in place whole, and read by any thread."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery.errors import StorageError
from bot.storage.errors import DamagedError
from bot.storage.queries import load_queries
from bot.storage.units import FOLDER, SCHEMA, UnitTable
from bot.storage.units_writer import unit_writer
from directory.postcode_layouts import Row
from directory.units import Edition
from tests.support.postcodes import EPPING, HAINAULT, LAMBETH, OUTSIDE, ROOT, SOUTHWARK

NOW = datetime(2026, 11, 26, tzinfo=UTC)
EDITION = Edition("Code-Point Open", "2026.3.0", 2026)
NAMES = {"E09000022": "Lambeth", "E09000028": "Southwark", "E09000026": "Redbridge",
         EPPING: "Epping Forest"}  # fmt: skip


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "data" / "postcodes.sqlite3"


def write(target: Path, *rows: Row, edition: Edition = EDITION) -> None:
    with unit_writer(target, NOW) as writer:
        writer.add(rows)
        writer.finish(edition, NAMES, "2026-11-26").close()
        writer.put_in_place()


def opened(target: Path) -> UnitTable:
    table = UnitTable.open(target)
    assert table is not None
    return table


def test_what_was_written_is_read(target: Path) -> None:
    write(target, LAMBETH, SOUTHWARK)
    table = opened(target)
    assert (table.edition, table.imported) == (EDITION, "2026-11-26")
    unit = table.get("SW97UH")
    assert unit is not None
    assert (unit.authority, unit.london, unit.lat, unit.lon) == (
        "Lambeth", True, 51.46779, -0.10372,
    )  # fmt: skip
    assert table.get("SW97UJ") is None
    assert table.counts() == {"Lambeth": 1, "Southwark": 1}
    assert [path.name for path in target.parent.iterdir()] == [target.name]
    table.close()


def test_one_in_use_counts_before_one_that_has_ended(target: Path) -> None:
    ended = Row("SW97UH", 51.0, 0.0, "E09000028", 201905)
    old = Row("SW97ZZ", 51.468, -0.104, "E09000022", 199001)
    write(target, ended, LAMBETH, ended, old)
    table = opened(target)
    unit, gone = table.get("SW97UH"), table.get("SW97ZZ")
    assert unit is not None
    assert (unit.authority, unit.ended) == ("Lambeth", None)
    assert gone is not None
    assert (gone.ended, table.ended(), table.counts()) == (199001, 1, {"Lambeth": 1})
    table.close()


def test_outside_london_only_what_shares_a_district_is_kept(target: Path) -> None:
    far = Row("IG101AA", 51.65, 0.05, EPPING)
    write(target, LAMBETH, OUTSIDE, HAINAULT, far)
    table = opened(target)
    unit = table.get("IG75AA")
    assert unit is not None
    assert (unit.authority, unit.london) == ("Epping Forest", False)
    assert table.get("IG101AA") is None
    table.close()


def test_a_district_and_a_sector_are_told_apart(target: Path) -> None:
    write(target, Row("E17AA", 51.51, -0.07, "E09000022"), Row("E173AA", 51.58, -0.02, "E09000028"))
    table = opened(target)
    shares = [cell.shares if cell else None for cell in (
        table.below("E1"), table.below("E1", "7"), table.below("E17"), table.below("E17", "3"),
        table.below("E17", "4"),
    )]  # fmt: skip
    lambeth, southwark = (("Lambeth", 1.0),), (("Southwark", 1.0),)
    assert shares == [lambeth, lambeth, southwark, southwark, None]
    table.close()


def test_the_nearest_come_first_and_no_further_than_asked(target: Path) -> None:
    rows = [Row(f"SW97U{sign}", 51.468 + number * 0.001, -0.104, "E09000022")
            for number, sign in enumerate("ABDE")]  # fmt: skip
    write(target, *rows, Row("SW97UZ", 51.468, -0.104, "E09000022", 201001))
    table = opened(target)
    near = table.near(51.468, -0.104, 250.0)
    assert [unit.postcode for _, unit in near] == ["SW97UA", "SW97UB", "SW97UD"]
    assert [round(metres) for metres, _ in near] == [0, 111, 222]
    table.close()


def test_an_import_that_fails_half_way_leaves_the_old_table(target: Path) -> None:
    write(target, LAMBETH)
    before = target.read_bytes()

    def half() -> Iterator[Row]:
        yield SOUTHWARK
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), unit_writer(target, NOW) as writer:
        writer.add(half())
    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def write_on_a_full_disk(target: Path) -> None:
    with unit_writer(target, NOW) as writer:
        writer._connection.execute("PRAGMA max_page_count = 8")  # SQLite answers as when it is full
        writer.add(Row(f"SW9{n:04}", 51.46, -0.1, "E09000022") for n in range(9000))


def test_a_disk_that_is_full_is_said_and_the_old_table_stays(target: Path) -> None:
    write(target, LAMBETH)
    with pytest.raises(StorageError, match="cannot be written"):
        write_on_a_full_disk(target)
    assert opened(target).counts() == {"Lambeth": 1}


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    where = tmp_path / "file" / "postcodes.sqlite3"
    with pytest.raises(StorageError, match="cannot be written"), unit_writer(where, NOW):
        pass


KILLED = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from bot.storage.units_writer import unit_writer
from directory.postcode_layouts import Row

def rows():
    for number in range(10**9):
        yield Row(f"SW9{number:06}", 51.46, -0.1, "E09000022")
        if number == 20_000:
            print("half-way", flush=True)

with unit_writer(Path(sys.argv[1]), datetime.now(UTC)) as writer:
    writer.add(rows())
"""


def test_kill_9_half_way_leaves_the_old_table_and_the_next_import_clears_up(target: Path) -> None:
    write(target, LAMBETH)
    command = [sys.executable, "-c", KILLED, str(target)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half-way\n"
        os.kill(process.pid, signal.SIGKILL)
    assert opened(target).counts() == {"Lambeth": 1}
    (left,) = [path for path in target.parent.iterdir() if path != target]
    write(target, SOUTHWARK)  # it may be another import that is still running
    assert left.exists()
    old = (NOW - timedelta(days=2)).timestamp()
    os.utime(left, (old, old))
    write(target, SOUTHWARK)
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_a_running_reader_keeps_its_table_while_a_new_one_comes(target: Path) -> None:
    write(target, LAMBETH)
    table = opened(target)
    write(target, SOUTHWARK)
    assert table.get("SW97UH") is not None
    assert opened(target).get("SW97UH") is None
    table.close()


def test_threads_ask_at_once(target: Path) -> None:
    rows = [Row(f"SW9{n}{a}{b}", 51.46, -0.1, "E09000022")
            for n in range(10) for a in "ABDEF" for b in "ABDEF"]  # fmt: skip
    write(target, *rows)
    table = opened(target)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(table.get, [row.postcode for row in rows] * 20))
    assert all(found)
    table.close()


def test_there_may_be_no_table(target: Path) -> None:
    assert UnitTable.open(target) is None


def spoil(target: Path, how: str) -> None:
    write(target, LAMBETH)
    if how == "text":
        target.write_text("no database")
    elif how == "empty":
        target.write_bytes(b"")
    elif how == "cut":
        target.write_bytes(target.read_bytes()[:3000])
    else:
        with sqlite3.connect(target) as connection:
            connection.execute(f"PRAGMA {how}")
        connection.close()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("text", "not a database"), ("empty", "no table of postcodes"), ("cut", "damaged"),
        ("application_id = 7", "no table of postcodes"), ("user_version = 9", "another version"),
    ],
)  # fmt: skip
def test_an_unfit_file_is_named_and_the_bot_does_without(
    target: Path, how: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(target, how)
    with pytest.raises(StorageError, match=said):
        UnitTable.open(target)
    assert UnitTable.open_usable(target) is None
    assert "The coarse table answers instead" in caplog.text
    if how in ("text", "cut"):
        with pytest.raises(DamagedError):
            UnitTable.open(target)


def test_a_page_that_cannot_be_read_is_no_answer_and_no_crash(
    target: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [Row(f"SW9{n:04}", 51.46, -0.1, "E09000022") for n in range(9000)]
    write(target, *rows)
    data = bytearray(target.read_bytes())
    data[12288:] = b"\xff" * (len(data) - 12288)
    target.write_bytes(bytes(data))
    table = UnitTable.open_usable(target)
    if table is not None:
        assert [table.get(row.postcode) for row in rows[:50]].count(None) > 0
        table.close()
    assert "cannot be read" in caplog.text or "damaged" in caplog.text


def test_every_query_runs_on_the_schema_and_is_used() -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA.read_text(encoding="utf-8"))
    queries = load_queries(FOLDER)
    connection.execute(queries["index_units"])
    code = "".join(path.read_text() for path in FOLDER.parent.glob("units*.py"))
    for name, query in queries.items():
        assert f'"{name}"' in code, name
        if name != "index_units":
            values = (0,) * query.count("?") or dict.fromkeys(
                ("postcode", "first", "after", "length", "south", "north", "west", "east", "id",
                 "code", "name", "london", "value"), 0,
            )  # fmt: skip
            connection.execute(f"EXPLAIN {query}", values)
    plan = connection.execute(
        f"EXPLAIN QUERY PLAN {queries['unit']}", {"postcode": "x"}
    ).fetchall()  # fmt: skip
    assert not any("SCAN" in row[3] for row in plan)
    connection.close()


def test_a_postcode_is_found_in_microseconds(target: Path) -> None:
    rows = [Row(f"SW9{n:05}", 51.46, -0.1, "E09000022") for n in range(50_000)]
    write(target, *rows)
    table = opened(target)
    started = time.perf_counter()
    for row in rows[::25]:
        assert table.get(row.postcode) is not None
    # 8 microseconds on a quiet machine; a table scan would take a thousand times that.
    assert (time.perf_counter() - started) / 2_000 < 0.000_5
    table.close()
