"""A fake store in memory, with real roll-back: the same contract suite runs on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import datetime
from typing import TypeVar

from bot.delivery.errors import StorageError
from bot.delivery.model import InboxRow, Incoming, Timer
from bot.delivery.ports import Unit
from bot.storage.inbox_sql import KEYS_KEPT, timer_key, timer_payload
from bot.storage.memory_cases import MemoryCases, MemoryChats, MemoryMeta
from bot.storage.memory_outbox import MemoryOutbox
from bot.storage.memory_tables import InboxEntry, MemoryPart, Tables, as_json

T = TypeVar("T")


class MemoryInbox(MemoryPart):
    """Implements bot.delivery.ports.InboxUnit and TimerUnit."""

    def add_incoming(self, items: Sequence[Incoming], now: datetime) -> int:
        """Store what is new and drop repeats; how many were new."""
        for key, entry in list(self._tables.inbox.items()):
            if entry.closed_at is not None and entry.closed_at < now - KEYS_KEPT:
                del self._tables.inbox[key]
        return sum(self._add(item, now) for item in items)

    def _add(self, item: Incoming, now: datetime) -> bool:
        if item.key in self._tables.inbox:
            return False
        stored = Incoming(item.key, item.lane, item.source, as_json(item.payload))
        self._tables.inbox[item.key] = InboxEntry(self._tables.next_id("inbox"), stored, now)
        return True

    def _entry(self, row_id: int) -> InboxEntry | None:
        return next((e for e in self._tables.inbox.values() if e.id == row_id), None)

    def finish(self, row_id: int, now: datetime) -> None:
        """Erase a handled row but for its key."""
        if entry := self._entry(row_id):
            entry.item, entry.status, entry.closed_at = None, "done", now

    def retry_later(self, row_id: int, error: str, not_before: datetime) -> None:
        """Count an attempt that failed."""
        if entry := self._entry(row_id):
            entry.attempts += 1

    def quarantine(self, row_id: int, error: str, now: datetime) -> None:
        """Put a row aside that cannot be handled."""
        if entry := self._entry(row_id):
            entry.attempts += 1
            entry.status, entry.closed_at = "quarantined", now

    def pending(self, after_id: int, limit: int) -> list[InboxRow]:
        """Rows to be handled with an id above `after_id`, oldest first."""
        return self._rows("new", after_id)[:limit]

    def quarantined(self, limit: int) -> list[InboxRow]:
        """Rows put aside, oldest first."""
        return self._rows("quarantined", 0)[:limit]

    def _rows(self, status: str, after_id: int) -> list[InboxRow]:
        entries = sorted(self._tables.inbox.values(), key=lambda entry: entry.id)
        return [
            InboxRow(entry.id, deepcopy(entry.item), entry.received_at, entry.attempts)
            for entry in entries
            if entry.status == status and entry.id > after_id and entry.item is not None
        ]

    def set_timer(self, timer: Timer) -> None:
        """Store a timer; the same key replaces the old one."""
        data = as_json(timer.data)
        self._tables.timers[timer.key] = Timer(timer.key, timer.due, timer.lane, timer.kind, data)

    def cancel_timer(self, key: str) -> None:
        """Forget a timer, if it is there."""
        self._tables.timers.pop(key, None)

    def cancel_timers(self, prefix: str) -> None:
        """Forget every timer whose key begins so."""
        for key in [key for key in self._tables.timers if key.startswith(prefix)]:
            del self._tables.timers[key]

    def move_due_timers(self, now: datetime) -> int:
        """Turn due timers into incoming rows; how many."""
        due = [timer for timer in self._tables.timers.values() if timer.due <= now]
        for timer in sorted(due, key=lambda timer: (timer.due, timer.key)):
            self._add(Incoming(timer_key(timer), timer.lane, "timer", timer_payload(timer)), now)
            del self._tables.timers[timer.key]
        return len(due)

    def next_timer(self) -> datetime | None:
        """When the next timer is due."""
        return min((timer.due for timer in self._tables.timers.values()), default=None)


class MemoryUnit(MemoryInbox, MemoryOutbox, MemoryCases, MemoryChats, MemoryMeta):
    """Implements bot.delivery.ports.Unit in memory."""


class MemoryStore:
    """Implements bot.delivery.ports.Store in memory; nothing survives it."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._closed = False

    async def transact(self, work: Callable[[Unit], T], *, durable: bool = True) -> T:
        """Run `work` on a copy of everything and keep the copy when it succeeds."""
        if self._closed:
            raise StorageError("the store is closed")
        tables = deepcopy(self._tables)
        value = work(MemoryUnit(tables))
        self._tables = tables
        return value

    async def close(self) -> None:
        """Refuse further work."""
        self._closed = True
