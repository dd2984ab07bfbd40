"""The time, as an argument: the loops ask a clock and never the machine."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the loops need to know of time."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Come back after so many seconds."""

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Come back when the event is set, or after so many seconds; None: only for the event."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Come back after so many seconds."""
        await asyncio.sleep(seconds)

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Come back when the event is set, or after so many seconds; None: only for the event."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
