"""Everything in one SQLite file: one writer, group commit, WAL, synchronous=FULL."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

import aiosqlite

from bot.delivery.ports import Unit
from bot.storage.cases_sql import SqlCases
from bot.storage.chats_sql import SqlChats, SqlMeta
from bot.storage.database import Row
from bot.storage.errors import DamagedError, InUseError, RejectedError, StorageError, WrongKeyError
from bot.storage.group import Result, Waiting, run_batch
from bot.storage.inbox_sql import SqlInbox, SqlTimers
from bot.storage.migrate import SCHEMA_FILE, bring_up_to_date, load_migrations
from bot.storage.outbox_sql import SqlOutbox
from bot.storage.queries import load_queries
from bot.storage.seal import Sealer

T = TypeVar("T")

# NORMAL: a power cut may lose the last commits, the end of the process does not.
_SYNCHRONOUS = MappingProxyType(
    {"FULL": "PRAGMA synchronous = FULL", "NORMAL": "PRAGMA synchronous = NORMAL"}
)
_KEY_CHECK = "key_check"


class SqliteUnit(SqlInbox, SqlOutbox, SqlTimers, SqlChats, SqlCases, SqlMeta):
    """Implements bot.delivery.ports.Unit on SQLite."""


class SqliteDatabase:
    """Runs the named queries on a connection; no type of sqlite3 leaves it."""

    def __init__(self, connection: sqlite3.Connection, queries: dict[str, str]) -> None:
        self._connection = connection
        self._queries = queries

    def all(self, query: str, **values: Any) -> list[Row]:
        """Every row of a query's result."""
        return self._run(query, values).fetchall()

    def first(self, query: str, **values: Any) -> Row | None:
        """The first row of a query's result."""
        cursor = self._run(query, values)
        row: Row | None = cursor.fetchone()
        cursor.close()
        return row

    def do(self, query: str, **values: Any) -> int:
        """Run a change; how many rows it touched."""
        return self._run(query, values).rowcount

    def _run(self, query: str, values: dict[str, Any]) -> sqlite3.Cursor:
        try:
            return self._connection.execute(self._queries[query], values)
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError) as error:
            raise RejectedError(f"{query}: {error}") from None


class WriterConnection(aiosqlite.Connection):
    """aiosqlite's connection and thread, with a whole transaction in one hop."""

    @property
    def raw(self) -> sqlite3.Connection:
        """The connection itself; only for use in its own thread."""
        return self._conn

    async def run(self, function: Callable[[], T]) -> T:
        """Run a function in the connection's thread."""
        return cast(T, await self._execute(function))  # type: ignore[no-untyped-call]


class SqliteStore:
    """Implements bot.delivery.ports.Store. Make it with `SqliteStore.open`."""

    def __init__(
        self,
        connection: WriterConnection,
        unit: SqliteUnit,
        lock: int,
        *,
        synchronous: str,
        group_limit: int,
    ) -> None:
        self._connection = connection
        self._synchronous = synchronous
        self._synchronous_now = synchronous
        self._unit = unit
        self._lock = lock
        self._group_limit = group_limit
        self._waiting: list[Waiting] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._writer = asyncio.create_task(self._write_groups(), name="storage writer")

    @classmethod
    async def open(
        cls, path: Path, sealer: Sealer, *, synchronous: str = "FULL", group_limit: int = 500
    ) -> SqliteStore:
        """Open or create the database.

        Args:
            path: the file; its folder is made where it is missing.
            sealer: encrypts what people wrote.
            synchronous: "FULL"; "NORMAL" only to measure what FULL costs.
            group_limit: how many waiting transactions are committed at once.

        Raises:
            InUseError, NewerDatabaseError, WrongKeyError, DamagedError, StorageError.
        """
        if synchronous not in _SYNCHRONOUS:
            raise ValueError(f"synchronous: found {synchronous!r}, expected FULL or NORMAL")
        lock = _lock_file(path)
        connection = WriterConnection(
            lambda: sqlite3.connect(path, isolation_level=None), iter_chunk_size=64
        )
        try:
            await connection
            await connection.run(lambda: _prepare(connection.raw, path, synchronous))
            unit = SqliteUnit(SqliteDatabase(connection.raw, load_queries()), sealer)
            store = cls(connection, unit, lock, synchronous=synchronous, group_limit=group_limit)
        except BaseException as error:
            await _abandon(connection, lock)
            if isinstance(error, sqlite3.Error):
                raise _open_error(error, path) from error
            raise
        await store._check_key(sealer)
        return store

    async def _check_key(self, sealer: Sealer) -> None:
        try:
            await self.transact(lambda unit: _check_key(unit, sealer))
        except BaseException:
            await self.close()
            raise

    async def transact(self, work: Callable[[Unit], T], *, durable: bool = True) -> T:
        """Run `work` in one transaction; the port says what that means."""
        if self._closing:
            raise StorageError("the store is closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(work, future, durable))
        self._wake.set()
        return await future

    async def close(self) -> None:
        """Finish what waits, then let go of the file, the lock and the thread."""
        if self._closing:
            return
        self._closing = True
        self._wake.set()
        try:
            await self._writer
        finally:
            await _abandon(self._connection, self._lock)

    async def _write_groups(self) -> None:
        while self._waiting or not self._closing:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            batch = self._waiting[: self._group_limit]
            del self._waiting[: self._group_limit]
            await self._write(batch)

    async def _write(self, batch: list[Waiting]) -> None:
        # What waits while this group is being written forms the next one.
        results: list[Result]
        try:
            results = await self._connection.run(lambda: self._run(batch))
        except Exception as error:
            # Whatever it was, the callers learn of it and the writer goes on.
            results = [(None, error) for _ in batch]
        for waiting, (value, failure) in zip(batch, results, strict=True):
            if waiting.future.done():
                continue  # its caller was cancelled
            if failure is None:
                waiting.future.set_result(value)
            else:
                waiting.future.set_exception(failure)

    def _run(self, batch: list[Waiting]) -> list[Result]:
        """Run a group in the connection's thread; one that must be durable makes all durable."""
        durable = any(waiting.durable for waiting in batch)
        wanted = self._synchronous if durable else "NORMAL"
        if wanted != self._synchronous_now:
            self._connection.raw.execute(_SYNCHRONOUS[wanted])
            self._synchronous_now = wanted
        return run_batch(self._connection.raw, self._unit, [waiting.work for waiting in batch])


def _lock_file(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Made here with its mode: SQLite would make it readable for everybody.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
        lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StorageError(f"{path}: cannot be opened: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise InUseError(path) from None
    return lock


async def _abandon(connection: WriterConnection, lock: int) -> None:
    try:
        await connection.close()
    finally:
        os.close(lock)


def _prepare(connection: sqlite3.Connection, path: Path, synchronous: str) -> None:
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(_SYNCHRONOUS[synchronous])
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA journal_size_limit = 4194304")
    finding = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if finding != "ok":
        raise DamagedError(path, str(finding))
    schema = SCHEMA_FILE.read_text(encoding="utf-8")
    bring_up_to_date(connection, path, load_migrations(), schema)


def _open_error(error: sqlite3.Error, path: Path) -> StorageError:
    if isinstance(error, sqlite3.OperationalError):
        return StorageError(f"{path}: cannot be opened: {error}")
    return DamagedError(path, str(error))


def _check_key(unit: Unit, sealer: Sealer) -> None:
    stored = unit.get_meta(_KEY_CHECK)
    if stored is None:
        unit.set_meta(_KEY_CHECK, sealer.seal(_KEY_CHECK).decode("ascii"))
    elif sealer.open(stored.encode("ascii")) != _KEY_CHECK:
        raise WrongKeyError
