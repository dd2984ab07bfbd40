"""The inbox and the timers in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.delivery.model import InboxRow, Incoming, Timer
from bot.storage.database import Row, SqlUnit, from_micros, to_micros

# Telegram repeats an update for at most 24 hours.
KEYS_KEPT = timedelta(days=7)


class SqlInbox(SqlUnit):
    """Implements bot.delivery.ports.InboxUnit."""

    def add_incoming(self, items: Sequence[Incoming], now: datetime) -> int:
        """Store what is new and drop repeats; how many were new."""
        before = to_micros(now - KEYS_KEPT)
        self._db.do("prune_incoming", before=before)
        self._db.do("prune_outbox", before=before)
        return sum(self._add(item, now) for item in items)

    def _add(self, item: Incoming, now: datetime) -> int:
        return self._db.do(
            "add_incoming",
            key=item.key,
            lane=item.lane,
            source=item.source,
            sealed=self._sealer.seal(item.payload),
            now=to_micros(now),
        )

    def finish(self, row_id: int, now: datetime) -> None:
        """Erase a handled row but for its key."""
        self._db.do("finish_incoming", id=row_id, now=to_micros(now))

    def retry_later(self, row_id: int, error: str, not_before: datetime) -> None:
        """Count an attempt that failed."""
        self._db.do("retry_incoming", id=row_id, error=error, not_before=to_micros(not_before))

    def quarantine(self, row_id: int, error: str, now: datetime) -> None:
        """Put a row aside that cannot be handled; it is erased after a week."""
        self._db.do("quarantine_incoming", id=row_id, error=error, now=to_micros(now))

    def pending(self, after_id: int, limit: int) -> list[InboxRow]:
        """Rows to be handled with an id above `after_id`, oldest first."""
        rows = self._db.all("incoming_by_status", status="new", after_id=after_id, limit=limit)
        return [self._row(row) for row in rows]

    def quarantined(self, limit: int) -> list[InboxRow]:
        """Rows put aside, oldest first."""
        rows = self._db.all("incoming_by_status", status="quarantined", after_id=0, limit=limit)
        return [self._row(row) for row in rows]

    def _row(self, row: Row) -> InboxRow:
        row_id, key, lane, source, sealed, received_at, attempts = row
        item = Incoming(key, lane, source, self._sealer.open(sealed))
        return InboxRow(row_id, item, from_micros(received_at), attempts)


class SqlTimers(SqlUnit):
    """Implements bot.delivery.ports.TimerUnit."""

    def set_timer(self, timer: Timer) -> None:
        """Store a timer; the same key replaces the old one."""
        self._db.do(
            "set_timer",
            key=timer.key,
            due=to_micros(timer.due),
            lane=timer.lane,
            kind=timer.kind,
            sealed=self._sealer.seal(timer.data),
        )

    def cancel_timer(self, key: str) -> None:
        """Forget a timer, if it is there."""
        self._db.do("cancel_timer", key=key)

    def cancel_timers(self, prefix: str) -> None:
        """Forget every timer whose key begins so."""
        self._db.do("cancel_timers", prefix=prefix)

    def move_due_timers(self, now: datetime) -> int:
        """Turn due timers into incoming rows; how many."""
        timers = [self._timer(row) for row in self._db.all("due_timers", now=to_micros(now))]
        for timer in timers:
            self._db.do(
                "add_incoming",
                key=timer_key(timer),
                lane=timer.lane,
                source="timer",
                sealed=self._sealer.seal(timer_payload(timer)),
                now=to_micros(now),
            )
            self._db.do("cancel_timer", key=timer.key)
        return len(timers)

    def next_timer(self) -> datetime | None:
        """When the next timer is due."""
        row = self._db.first("next_timer")
        return from_micros(row[0]) if row and row[0] is not None else None

    def _timer(self, row: Row) -> Timer:
        key, due, lane, kind, sealed = row
        return Timer(key, from_micros(due), lane, kind, self._sealer.open(sealed))


def timer_key(timer: Timer) -> str:
    """The inbox key of a timer that fell due."""
    return f"t:{timer.key}@{timer.due.isoformat()}"


def timer_payload(timer: Timer) -> dict[str, object]:
    """What the handler gets of a timer that fell due."""
    return {"kind": timer.kind, "data": timer.data, "due": timer.due.isoformat()}
