"""Group commit: transactions that wait are run together, each undone alone when it fails."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.delivery.ports import Unit
from bot.storage.errors import StorageError

Work = Callable[[Unit], Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One transaction that waits to be run."""

    work: Work
    future: asyncio.Future[Any]
    durable: bool


Result = tuple[Any, Exception | None]


def run_batch(connection: sqlite3.Connection, unit: Unit, works: Sequence[Work]) -> list[Result]:
    """Run all works in one transaction and commit it; one result or error for each.

    Where the group cannot be committed, every work gets the error, also those that ran well.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        results = [_run_one(connection, unit, work) for work in works]
        connection.execute("COMMIT")
    except (sqlite3.Error, StorageError) as error:
        _roll_back(connection)
        return [(None, _storage_error(error)) for _ in works]
    except BaseException:
        _roll_back(connection)
        raise
    return results


def _run_one(connection: sqlite3.Connection, unit: Unit, work: Work) -> Result:
    connection.execute("SAVEPOINT work")
    try:
        value = work(unit)
    except Exception as error:
        # On a full disk SQLite undoes the whole transaction by itself: then nobody has it.
        if not connection.in_transaction:
            raise _storage_error(error) from error
        connection.execute("ROLLBACK TO work")
        connection.execute("RELEASE work")
        return None, _own_error(error)
    connection.execute("RELEASE work")
    return value, None


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        # The error that led here is the one to report.
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def _own_error(error: Exception) -> Exception:
    if isinstance(error, sqlite3.Error):
        return _storage_error(error)
    # A future refuses a StopIteration.
    return RuntimeError("StopIteration") if isinstance(error, StopIteration) else error


def _storage_error(error: Exception) -> StorageError:
    if isinstance(error, StorageError):
        return error
    return StorageError(f"nothing was stored: {error}")
