"""The watcher: each fault shows, is told once, also across a restart, and so is its end."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.delivery.errors import StorageError
from bot.delivery.model import Incoming
from bot.delivery.ports import Unit
from bot.delivery.watcher import (
    DISK,
    GROUP,
    LEAST_FREE,
    LOOP,
    QUARANTINED,
    STORE,
    Fault,
    Signs,
    Watcher,
)
from bot.storage.memory import MemoryStore
from tests.support.clock import HandClock


class Scene:
    """A watcher whose signs a test sets."""

    def __init__(self, store: MemoryStore | None = None, clock: HandClock | None = None) -> None:
        self.clock = clock or HandClock()
        self.store = store or MemoryStore()
        self.ticks: dict[str, datetime | None] = {"inbox": self.clock.now(), "outbox": None}
        self.refusing: dict[int, str] = {}
        self.free = LEAST_FREE * 2
        self.told: list[tuple[Fault, bool]] = []
        signs = Signs(lambda: self.ticks, lambda: self.refusing, lambda: self.free)
        self.watcher = Watcher(self.store, self.clock, signs, self._tell)

    async def _tell(self, fault: Fault, over: bool) -> None:
        self.told.append((fault, over))

    async def put_aside(self, number: int) -> None:
        """A row that cannot be handled."""
        item, now = Incoming(f"u:{number}", "c:7", "update", {}), self.clock.now()

        def work(unit: Unit) -> None:
            unit.add_incoming([item], now)
            unit.quarantine(number, "KeyError", now)

        await self.store.transact(work)

    async def look(self) -> list[tuple[Fault, bool]]:
        """One look, and what staff were told by it."""
        self.told.clear()
        await self.watcher.look()
        return list(self.told)


async def test_nothing_is_wrong_and_nothing_is_said() -> None:
    scene = Scene()
    assert await scene.look() == []
    assert scene.watcher.report() == {}


async def test_a_loop_that_stands_still_is_told_once_and_so_is_that_it_runs() -> None:
    scene = Scene()
    await scene.clock.advance(119)
    assert await scene.look() == []
    await scene.clock.advance(1)
    fault = Fault(LOOP, "inbox, outbox")  # one never ticked, the other no more
    assert await scene.look() == [(fault, False)]
    assert await scene.look() == []
    assert scene.watcher.report() == {LOOP: "inbox, outbox"}
    scene.ticks = dict.fromkeys(scene.ticks, scene.clock.now())
    assert await scene.look() == [(fault, True)]
    assert scene.watcher.report() == {}


async def test_a_store_that_fails_is_told_though_nothing_can_be_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = Scene()
    await scene.look()

    async def fails(*_: object, **__: object) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(scene.store, "transact", fails)
        assert await scene.look() == [(Fault(STORE), False)]
        assert await scene.look() == []
    assert await scene.look() == [(Fault(STORE), True)]


async def test_a_disk_that_fills_is_told_before_it_is_full() -> None:
    scene = Scene()
    scene.free = LEAST_FREE - 1
    assert await scene.look() == [(Fault(DISK), False)]
    assert scene.watcher.report() == {DISK: ""}


async def test_a_group_that_refuses_is_told_with_the_reason() -> None:
    scene = Scene()
    scene.refusing = {-1: "kicked", -2: "kicked"}
    assert await scene.look() == [(Fault(GROUP, "kicked"), False)]


async def test_rows_put_aside_are_told_again_only_when_there_are_more() -> None:
    scene = Scene()
    for number in (1, 2):
        await scene.put_aside(number)
        assert await scene.look() == [(Fault(QUARANTINED, str(number)), False)]
        assert await scene.look() == []


async def test_a_restart_repeats_nothing_that_staff_were_told() -> None:
    scene = Scene()
    scene.free = 0
    await scene.look()
    again = Scene(scene.store, scene.clock)
    again.free = 0
    assert await again.look() == []
    again.free = LEAST_FREE
    assert await again.look() == [(Fault(DISK), True)]


async def test_it_goes_on_when_looking_itself_fails() -> None:
    scene = Scene()
    calls = []

    def broken() -> int:
        calls.append(1)
        raise OSError("no such folder")

    signs = Signs(dict, dict, broken)
    watcher = Watcher(scene.store, scene.clock, signs, scene._tell)
    task = asyncio.create_task(watcher.run())
    await scene.clock.advance(60)
    assert len(calls) >= 3
    task.cancel()
