"""The seam between the units and an SQL database, and the values that cross it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from bot.storage.seal import Sealer

Row = tuple[Any, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


class Database(Protocol):
    """Runs queries by name inside the transaction that is open."""

    def all(self, query: str, **values: Any) -> list[Row]:
        """Every row of a query's result."""

    def first(self, query: str, **values: Any) -> Row | None:
        """The first row of a query's result."""

    def do(self, query: str, **values: Any) -> int:
        """Run a change; how many rows it touched."""


class SqlUnit:
    """What the parts of a unit share."""

    def __init__(self, db: Database, sealer: Sealer) -> None:
        self._db = db
        self._sealer = sealer


def to_micros(time: datetime) -> int:
    """Microseconds since 1970 of an aware time; TypeError for a naive one."""
    return (time - _EPOCH) // _TICK


def from_micros(micros: int) -> datetime:
    """The time that `to_micros` wrote, in UTC."""
    return _EPOCH + micros * _TICK


def maybe_micros(time: datetime | None) -> int | None:
    """The same for a time that may be missing."""
    return None if time is None else to_micros(time)


def maybe_time(micros: int | None) -> datetime | None:
    """The same for a time that may be missing."""
    return None if micros is None else from_micros(micros)
