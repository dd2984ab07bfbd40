"""Waking the loops after a transaction, and the machine's clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, timedelta

import pytest

from bot.delivery.clock import SystemClock
from bot.delivery.wakers import Wakers, WakingStore
from bot.storage.memory import MemoryStore


async def test_every_loop_is_woken_after_a_transaction_and_not_after_a_failed_one() -> None:
    wakers = Wakers()
    store = WakingStore(MemoryStore(), wakers)
    events = (wakers.inbox, wakers.outbox, wakers.timers)
    with pytest.raises(KeyError):
        await store.transact(lambda unit: {}["x"])
    assert not any(event.is_set() for event in events)
    assert await store.transact(lambda unit: 5) == 5
    assert all(event.is_set() for event in events)
    await store.close()


async def test_the_clock_waits_for_an_event_or_a_time() -> None:
    clock, event = SystemClock(), asyncio.Event()
    assert clock.now().tzinfo is UTC
    start = clock.now()
    await clock.wait(event, 0.01)
    await clock.sleep(0.01)
    assert clock.now() - start >= timedelta(seconds=0.015)
    event.set()
    await clock.wait(event, None)
    assert event.is_set()
