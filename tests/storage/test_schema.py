"""Migrations and queries: the schema is one, and every query runs and is used."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from bot.storage import queries as queries_module
from bot.storage.errors import DamagedError
from bot.storage.migrate import (
    SCHEMA_FILE,
    Migration,
    bring_up_to_date,
    load_migrations,
    statements,
)
from bot.storage.queries import SQL_FOLDER, load_queries
from bot.storage.seal import Sealer

HERE = Path("test")


def connect() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def schema_of(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return sorted((name, re.sub(r"\s+|--.*", " ", sql)) for name, sql in rows)


def test_the_migrated_schema_is_the_fresh_schema() -> None:
    migrated, fresh = connect(), connect()
    bring_up_to_date(migrated, HERE, load_migrations())
    bring_up_to_date(fresh, HERE, load_migrations(), SCHEMA_FILE.read_text())
    assert schema_of(migrated) == schema_of(fresh)
    assert len(schema_of(fresh)) > 20
    versions = [c.execute("PRAGMA user_version").fetchone()[0] for c in (migrated, fresh)]
    assert versions == [len(load_migrations())] * 2
    migrated.close()
    fresh.close()


def test_only_missing_migrations_run_and_a_failing_one_leaves_nothing() -> None:
    connection = connect()
    steps = [Migration(1, "CREATE TABLE a (x);"), Migration(2, "CREATE TABLE b (x);")]
    bring_up_to_date(connection, HERE, steps[:1])
    bring_up_to_date(connection, HERE, steps)
    broken = Migration(3, "CREATE TABLE c (x);\nCREATE TABLE a (x);")
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        bring_up_to_date(connection, HERE, [*steps, broken])
    assert [name for name, _ in schema_of(connection)] == ["a", "b"]
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()


def test_a_database_of_another_program_is_left_alone() -> None:
    connection = connect()
    connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(DamagedError, match="another program"):
        bring_up_to_date(connection, HERE, load_migrations())
    connection.close()


def test_a_misnamed_migration_is_named(tmp_path: Path) -> None:
    (tmp_path / "0002_second.sql").write_text("SELECT 1;")
    with pytest.raises(ValueError, match=r"0002_second\.sql.*0001_what_it_does"):
        load_migrations(tmp_path)


def test_a_script_is_cut_into_statements() -> None:
    assert len(list(statements("SELECT ';';\n-- a; b\nSELECT 2;\n-- end\n"))) == 2
    with pytest.raises(ValueError, match="CREATE TABLE x"):
        list(statements("SELECT 1;\nCREATE TABLE x (y)\n"))


def test_every_query_runs_on_the_schema() -> None:
    connection = connect()
    bring_up_to_date(connection, HERE, load_migrations())
    for name, query in load_queries().items():
        values = dict.fromkeys(re.findall(r":([a-z_]+)", query), 0)
        lists = ("busy", "skip", "ceilings", "together", "held", "roles", "statuses")
        values |= dict.fromkeys(lists, "[]")
        connection.execute(f"EXPLAIN {query}", values), name
    connection.close()


def test_every_query_is_used_by_name() -> None:
    code = "".join(path.read_text() for path in Path(queries_module.__file__).parent.glob("*.py"))
    unused = [name for name in load_queries() if f'"{name}"' not in code]
    assert unused == []


def test_queries_that_run_for_every_message_use_an_index() -> None:
    connection = connect()
    bring_up_to_date(connection, HERE, load_migrations())
    often = ("incoming_by_status", "takeable", "cause_known", "drop_expired", "due_timers")
    for name in often:
        query = load_queries()[name]
        values = dict.fromkeys(re.findall(r":([a-z_]+)", query), "[]")
        plan = connection.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()
        scans = [row[3] for row in plan if re.match(r"SCAN (?!json_each|o USING)", row[3])]
        assert scans == [], name
    connection.close()


def test_every_query_in_the_files_is_found() -> None:
    headings = sum(path.read_text().count(" --\n") for path in SQL_FOLDER.glob("*.sql"))
    assert headings == len(load_queries())


def test_a_query_given_twice_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("-- one --\n-- Say one.\nSELECT 1;\n" * 2)
    with pytest.raises(ValueError, match=r"a\.sql.*'one'"):
        load_queries(tmp_path)


@pytest.mark.parametrize("keys", [[], ["short"], ["x" * 44], ["ü" * 44]])
def test_a_bad_key_is_refused_without_showing_it(keys: list[str]) -> None:
    with pytest.raises(ValueError, match="DATA_KEY") as caught:
        Sealer(keys)
    assert not any(key in str(caught.value) for key in keys)
