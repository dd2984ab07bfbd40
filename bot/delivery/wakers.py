"""Who to wake after a transaction: the loops sleep on these events instead of asking for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.delivery.ports import Store, Unit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wakers:
    """One event for each loop. A needless wake-up costs a query and harms nothing."""

    inbox: asyncio.Event = field(default_factory=asyncio.Event)
    outbox: asyncio.Event = field(default_factory=asyncio.Event)
    timers: asyncio.Event = field(default_factory=asyncio.Event)

    def wake_all(self) -> None:
        """Let every loop look at its table."""
        self.inbox.set()
        self.outbox.set()
        self.timers.set()


class WakingStore:
    """A store that wakes the loops after every transaction.

    For everything but the loops themselves: given to them it would wake them without end.
    """

    def __init__(self, store: Store, wakers: Wakers) -> None:
        self._store = store
        self._wakers = wakers

    async def transact(self, work: Callable[[Unit], T], *, durable: bool = True) -> T:
        """Run `work` in one transaction, then wake the loops."""
        value = await self._store.transact(work, durable=durable)
        self._wakers.wake_all()
        return value

    async def close(self) -> None:
        """Close the store behind."""
        await self._store.close()
