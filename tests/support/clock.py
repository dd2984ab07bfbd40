"""A clock that a test moves by hand."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


async def settle() -> None:
    """Let everything run that can run without time passing (stores in memory never suspend)."""
    ready = getattr(asyncio.get_running_loop(), "_ready", None)
    for _ in range(300):
        await asyncio.sleep(0)
        if ready is not None and not ready:  # nothing else waits for its turn
            return


class HandClock:
    """Implements bot.delivery.clock.Clock; time stands still between calls of `advance`."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + timedelta(seconds=seconds), future))
        await future

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        waits = [asyncio.ensure_future(event.wait())]
        if seconds is not None:
            waits.append(asyncio.ensure_future(self.sleep(seconds)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def advance(self, seconds: float) -> None:
        """Let time pass, waking sleepers in order, each with its own moment as `now`."""
        target = self._now + timedelta(seconds=seconds)
        await settle()
        while due := [entry for entry in self._sleepers if entry[0] <= target]:
            entry = min(due, key=lambda entry: entry[0])
            self._sleepers.remove(entry)
            self._now = max(self._now, entry[0])
            if not entry[1].done():
                entry[1].set_result(None)
                await settle()
        self._now = target
        await settle()
