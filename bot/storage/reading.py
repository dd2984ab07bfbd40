"""Reading the database beside a running bot: no lock is taken and nothing can be changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from bot.delivery.ports import Unit
from bot.storage.errors import DamagedError, StorageError
from bot.storage.queries import load_queries
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteDatabase, SqliteUnit

T = TypeVar("T")


def read_only(path: Path, sealer: Sealer, work: Callable[[Unit], T]) -> T:
    """Run `work` on one state of the database.

    Raises StorageError where there is no database or it cannot be read.
    """
    if not path.is_file():
        raise StorageError(f"{path}: no database there. Has the bot run with this DATA_DIR?")
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
            connection.execute("PRAGMA busy_timeout = 5000")
            connection.execute("BEGIN")
            return work(SqliteUnit(SqliteDatabase(connection, load_queries()), sealer))
    except sqlite3.OperationalError as error:
        raise StorageError(f"{path}: cannot be read: {error}") from error
    except sqlite3.DatabaseError as error:
        raise DamagedError(path, str(error)) from error
