"""Brings a SQLite database to the schema that the code knows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.storage.errors import DamagedError, NewerDatabaseError

MIGRATIONS_FOLDER = Path(__file__).parent / "migrations"
SCHEMA_FILE = Path(__file__).parent / "schema.sql"
_NAME = re.compile(r"^(\d{4})_\w+\.sql$")


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step of the schema."""

    number: int
    sql: str


def load_migrations(folder: Path = MIGRATIONS_FOLDER) -> list[Migration]:
    """The steps in order; ValueError when a number is missing or a file is misnamed."""
    steps = []
    for number, path in enumerate(sorted(folder.glob("*.sql")), 1):
        match = _NAME.match(path.name)
        if match is None or int(match[1]) != number:
            raise ValueError(f"{path}: found this name, expected {number:04d}_what_it_does.sql")
        steps.append(Migration(number, path.read_text(encoding="utf-8")))
    return steps


def bring_up_to_date(
    connection: sqlite3.Connection,
    path: Path,
    migrations: Sequence[Migration],
    schema: str | None = None,
) -> None:
    """Run what is missing, each step whole or not at all; a fresh database gets `schema`.

    Raises:
        NewerDatabaseError: the database is ahead of the code.
        DamagedError: there are tables, but none of ours.
    """
    found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found > len(migrations):
        raise NewerDatabaseError(path, found, len(migrations))
    if found == 0 and connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        raise DamagedError(path, "it holds tables of another program")
    if found == 0 and schema is not None:
        _run(connection, schema, len(migrations))
        return
    for migration in migrations[found:]:
        _run(connection, migration.sql, migration.number)


def _run(connection: sqlite3.Connection, sql: str, version: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements(sql):
            connection.execute(statement)
        # A pragma takes no parameters; the number comes from a file's name, checked above.
        connection.execute(f"PRAGMA user_version = {int(version)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def statements(sql: str) -> Iterator[str]:
    """The single statements of a script, each ending with its line.

    (`executescript` would commit before it runs.) ValueError where the last one has no end.
    """
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if any(not line.startswith("--") for line in statement.split("\n") if line.strip()):
        raise ValueError(f"a statement without an end: {statement.strip()[:80]!r}; write a ; there")
