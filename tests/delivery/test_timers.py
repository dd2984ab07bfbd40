"""The timer loop moves what is due, and sleeps until then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.delivery.model import Timer
from bot.delivery.timers import TimerLoop
from bot.storage.memory import MemoryStore
from tests.support.clock import HandClock, settle


class Bench:
    def __init__(self) -> None:
        self.clock = HandClock()
        self.store = MemoryStore()
        self.moved_at: list[float] = []
        self.start = self.clock.now()
        self.loop = TimerLoop(self.store, self.clock, self._moved)

    def _moved(self) -> None:
        self.moved_at.append((self.clock.now() - self.start).total_seconds())

    async def set(self, key: str, seconds: float) -> None:
        timer = Timer(key, self.start + timedelta(seconds=seconds), "c:1", "kind", {})
        await self.store.transact(lambda unit: unit.set_timer(timer))
        self.loop.wake()


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    task = asyncio.create_task(bench.loop.run())
    yield bench
    await bench.loop.stop()
    await task


async def test_an_overdue_timer_fires_at_once(bench: Bench) -> None:
    await bench.set("old", -3600)
    await settle()
    assert bench.moved_at == [0.0]


async def test_a_timer_fires_when_it_is_due_and_once(bench: Bench) -> None:
    await bench.set("a", 120)
    await bench.set("b", 150)
    await bench.clock.advance(119)
    assert bench.moved_at == []
    await bench.clock.advance(1)
    assert bench.moved_at == [120.0]
    await bench.clock.advance(1000)
    assert bench.moved_at == [120.0, 150.0]


async def test_a_timer_set_while_the_loop_sleeps_is_not_overslept(bench: Bench) -> None:
    await bench.set("late", 50)
    await settle()
    await bench.set("soon", 2)
    await bench.clock.advance(2)
    assert bench.moved_at == [2.0]


async def test_a_moved_timer_stands_in_the_inbox(bench: Bench) -> None:
    await bench.set("a", 0)
    await settle()
    rows = await bench.store.transact(lambda unit: unit.pending(0, 9))
    assert [row.item.source for row in rows] == ["timer"]
