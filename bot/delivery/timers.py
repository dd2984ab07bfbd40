"""Timers: rows with a due time that become incoming rows when it comes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.delivery.clock import Clock
from bot.delivery.errors import StorageError
from bot.delivery.ports import Store, Unit

log = logging.getLogger(__name__)

# Looked at even when nothing is due: a suspended machine wakes up with another time.
LONGEST_SLEEP_S = 60.0
STORAGE_PAUSE_S = 1.0


class TimerLoop:
    """Moves due timers to the inbox; overdue ones at once, also after a restart.

    Args:
        store: where the timers are.
        clock: the time.
        on_moved: called after timers were moved; it wakes the inbox.
        wake: set when a timer was stored or cancelled.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        on_moved: Callable[[], None],
        *,
        wake: asyncio.Event | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._on_moved = on_moved
        self._wake = wake or asyncio.Event()
        self._stopping = False
        self.ticked_at: datetime | None = None

    def wake(self) -> None:
        """Look at the table again."""
        self._wake.set()

    async def stop(self) -> None:
        """Let `run` return."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Run until stopped or cancelled."""
        while not self._stopping:
            self._wake.clear()
            await self._clock.wait(self._wake, await self._tick())

    async def _tick(self) -> float:
        now = self.ticked_at = self._clock.now()

        def work(unit: Unit) -> tuple[int, datetime | None]:
            return unit.move_due_timers(now), unit.next_timer()

        try:
            moved, due = await self._store.transact(work)
        except StorageError as error:
            log.error("timers wait for the store: %s", error)
            return STORAGE_PAUSE_S
        if moved:
            self._on_moved()
        if due is None:
            return LONGEST_SLEEP_S
        return min(max((due - self._clock.now()).total_seconds(), 0.0), LONGEST_SLEEP_S)
