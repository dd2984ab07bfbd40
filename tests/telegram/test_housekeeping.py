"""Old data goes once a day, however often the bot is started."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.telegram.due import NEXT, plan_housekeeping
from tests.conversation.small_world import small_world
from tests.telegram.desk_bench import Bench

DAY = timedelta(days=1)
KAY = 5


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(replace(small_world(), retention_days=1))
    await bench.start()
    yield bench
    await bench.stop()


async def begin(bench: Bench) -> None:
    await bench.store.transact(lambda unit: plan_housekeeping(bench.handler.job(unit)))
    bench.wakers.wake_all()


async def due(bench: Bench) -> object:
    return await bench.look(lambda unit: unit.next_timer())


async def test_a_start_does_not_put_it_off(bench: Bench) -> None:
    first = bench.clock.now()
    await begin(bench)
    assert await due(bench) == first + DAY
    await bench.clock.advance(timedelta(hours=20).total_seconds())
    await begin(bench)
    assert await due(bench) == first + DAY


async def test_a_bot_that_is_started_daily_forgets_who_is_gone(bench: Bench) -> None:
    await begin(bench)
    await bench.says(KAY, "/start")
    gone = bench.clock.now()
    assert await bench.look(lambda unit: unit.chats_idle_since(gone + DAY, 9)) == [KAY]
    for _ in range(4):
        await bench.clock.advance(timedelta(hours=20).total_seconds())
        await begin(bench)
        await bench.wait(5)
    assert await bench.look(lambda unit: unit.chats_idle_since(gone + 9 * DAY, 9)) == []


async def test_what_fell_due_while_the_bot_was_down_is_done_at_the_start(bench: Bench) -> None:
    late = (bench.clock.now() - 3 * DAY).isoformat()
    await bench.store.transact(lambda unit: unit.set_meta(NEXT, late))
    now = bench.clock.now()
    await begin(bench)
    await bench.wait(5)
    planned = await due(bench)
    assert now + DAY <= planned <= now + DAY + timedelta(seconds=10)  # type: ignore[operator]
