"""The inbox loop: order within a lane, nobody waits for another's failure, nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.delivery.errors import StorageError
from bot.delivery.inbox import MOST_IN_MEMORY, InboxLoop
from bot.delivery.model import InboxRow, Incoming
from bot.delivery.ports import Unit
from bot.storage.memory import MemoryStore
from tests.support.clock import HandClock, settle


class Bench:
    """A loop whose handler notes what it gets, and fails or waits on demand."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self.clock = HandClock()
        self.store = store or MemoryStore()
        self.seen: list[str] = []
        self.told: list[tuple[str, str]] = []
        self.failures: dict[str, list[Exception]] = {}
        self.gates: dict[str, asyncio.Event] = {}
        self.at_once = self.most_at_once = 0
        self.deaf = False
        self.loop = InboxLoop(self.store, self.handle, self.quarantined, self.clock)

    async def handle(self, row: InboxRow) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._handle(row)
        finally:
            self.at_once -= 1

    async def _handle(self, row: InboxRow) -> None:
        key = row.item.key
        self.seen.append(key)
        if key in self.gates:
            await self.gates[key].wait()
        if self.failures.get(key):
            raise self.failures[key].pop(0)
        await self.store.transact(lambda unit: unit.finish(row.id, self.clock.now()))

    def quarantined(self, unit: Unit, row: InboxRow, error: str) -> None:
        if self.deaf:
            raise KeyError("nobody listens")
        self.told.append((row.item.key, error))
        unit.set_meta("told", row.item.key)

    async def add(self, *keys: str) -> None:
        """Keys such as "a1": the letter is the lane."""
        items = [Incoming(key, key[0], "update", {"key": key}) for key in keys]
        await self.store.transact(lambda unit: unit.add_incoming(items, self.clock.now()))
        self.loop.wake()
        await settle()

    async def backlog(self) -> dict[str, int]:
        return await self.store.transact(lambda unit: unit.backlog())


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    task = asyncio.create_task(bench.loop.run())
    yield bench
    for gate in bench.gates.values():
        gate.set()
    await bench.loop.stop()
    await task


async def test_rows_of_a_lane_are_handled_in_order(bench: Bench) -> None:
    bench.gates["a1"] = asyncio.Event()
    await bench.add("a1", "a2", "b1", "a3")
    assert bench.seen == ["a1", "b1"]
    bench.gates["a1"].set()
    await settle()
    assert bench.seen == ["a1", "b1", "a2", "a3"]
    assert (await bench.backlog())["inbox"] == 0


async def test_many_lanes_run_at_once_but_no_more_than_allowed() -> None:
    bench = Bench()
    gate = asyncio.Event()
    keys = [chr(0x4E00 + number) + "1" for number in range(100)]
    bench.gates = dict.fromkeys(keys, gate)
    await bench.add(*keys)
    task = asyncio.create_task(bench.loop.run())
    await settle()
    assert bench.at_once == 64
    gate.set()
    while (await bench.backlog())["inbox"]:
        await settle()
    assert bench.most_at_once == 64
    await bench.loop.stop()
    await task


async def test_a_failing_row_is_tried_again_and_others_go_on(bench: Bench) -> None:
    bench.failures["a1"] = [ValueError("secret words"), ValueError("secret words")]
    await bench.add("a1", "a2", "b1")
    assert bench.seen == ["a1", "b1"]
    await bench.clock.advance(0.2)
    assert bench.seen == ["a1", "b1", "a1"]
    await bench.clock.advance(1.0)
    assert bench.seen == ["a1", "b1", "a1", "a1", "a2"]
    assert bench.told == []


async def test_a_row_that_never_works_is_put_aside_and_staff_are_told(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.failures["a1"] = [ValueError("secret words") for _ in range(9)]
    await bench.add("a1", "a2")
    await bench.clock.advance(7)
    assert bench.seen == ["a1"] * 4 + ["a2"]
    assert bench.told == [("a1", "ValueError")]
    assert await bench.backlog() == {"inbox": 0, "quarantined": 1, "outbox": 0, "timers": 0}
    assert await bench.store.transact(lambda unit: unit.get_meta("told")) == "a1"
    assert "secret" not in caplog.text


async def test_a_row_is_put_aside_even_when_nobody_can_be_told(bench: Bench) -> None:
    bench.deaf = True
    bench.failures["a1"] = [ValueError() for _ in range(9)]
    await bench.add("a1", "a2")
    await bench.clock.advance(7)
    assert (await bench.backlog())["quarantined"] == 1
    assert bench.seen[-1] == "a2"
    assert bench.told == []


async def test_a_failing_store_costs_no_attempt(bench: Bench) -> None:
    bench.failures["a1"] = [StorageError("disk full") for _ in range(10)]
    await bench.add("a1")
    await bench.clock.advance(30)
    assert len(bench.seen) == 11
    assert bench.told == []
    assert (await bench.backlog())["inbox"] == 0


async def test_what_was_not_handled_is_handled_after_a_restart() -> None:
    first = Bench()
    first.gates["a1"] = asyncio.Event()
    task = asyncio.create_task(first.loop.run())
    await first.add("a1", "a2", "b1")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    second = Bench(first.store)
    task = asyncio.create_task(second.loop.run())
    await settle()
    assert second.seen == ["a1", "a2"]
    await second.loop.stop()
    await task


async def test_a_backlog_above_what_memory_may_hold_is_worked_off_in_order() -> None:
    bench = Bench()
    handled: list[int] = []

    async def handle(row: InboxRow) -> None:
        handled.append(row.id)

    rows = [
        InboxRow(n, Incoming(f"u:{n}", "c:1", "update", {}), bench.clock.now())
        for n in range(1, MOST_IN_MEMORY + 1500)
    ]

    class Shelf:
        """A store whose inbox is a list: the real one would copy it for each page."""

        async def transact(self, work: object) -> object:
            return work(self)  # type: ignore[operator]

        def pending(self, after_id: int, limit: int) -> list[InboxRow]:
            return rows[after_id : after_id + limit]

    loop = InboxLoop(Shelf(), handle, bench.quarantined, bench.clock)  # type: ignore[arg-type]
    task = asyncio.create_task(loop.run())
    for _ in range(200):
        await settle()
        if len(handled) == len(rows):
            break
    assert handled == [row.id for row in rows]
    await loop.stop()
    await task
