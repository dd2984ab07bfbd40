"""Long polling: an update is confirmed only after it is stored, and nothing ends it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.delivery.errors import StorageError
from bot.delivery.ports import Unit
from bot.demo.api import LocalBotApi
from bot.storage.memory import MemoryStore
from bot.telegram.poller import BadTokenError, Poller
from bot.telegram.transport import AiohttpRequest
from tests.support.actors import young_person
from tests.support.clock import HandClock


class FailingStore(MemoryStore):
    """Fails as often as told."""

    failures = 0

    async def transact(self, work: Callable[[Unit], Any], *, durable: bool = True) -> Any:
        if self.failures:
            self.failures -= 1
            raise StorageError("disk full")
        return await super().transact(work)


class Bench:
    def __init__(self, api: LocalBotApi, request: AiohttpRequest) -> None:
        self.api = api
        self.request = request
        self.clock = HandClock()
        self.store = FailingStore()
        self.stored = 0
        self.poller = self.make(api.token)

    def make(self, token: str) -> Poller:
        return Poller(
            self.request,
            self.api.base_url,
            token,
            self.store,
            self.clock,
            self.note,
            ["message", "callback_query"],
            poll_s=1,
        )

    def note(self) -> None:
        self.stored += 1

    async def keys(self) -> list[str]:
        rows = await self.store.transact(lambda unit: unit.pending(0, 1000))
        return [row.item.key for row in rows]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition, letting the poller's own time pass."""
        async with asyncio.timeout(10):
            while not condition():
                await self.clock.advance(1)
                await asyncio.sleep(0.01)

    def offsets(self) -> list[int | None]:
        calls = [call for call in self.api.calls if call.method == "getUpdates"]
        return [call.params.get("offset") for call in calls]


@pytest.fixture
async def bench(api: LocalBotApi, request_: AiohttpRequest) -> AsyncIterator[Bench]:
    bench = Bench(api, request_)
    task = asyncio.create_task(bench.poller.run())
    yield bench
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_updates_are_stored_in_order_and_confirmed(bench: Bench) -> None:
    person = young_person(bench.api)
    for number in range(5):
        person.say(f"message {number}")
    await bench.until(lambda: not bench.api.backend.updates.pending)
    rows = await bench.store.transact(lambda unit: unit.pending(0, 1000))
    words = [row.item.payload["message"]["text"] for row in rows]
    assert words == [f"message {number}" for number in range(5)]
    assert {row.item.lane for row in rows} == {f"c:{person.user_id}"}
    assert bench.offsets()[0] is None


async def test_nothing_is_confirmed_that_could_not_be_stored(bench: Bench) -> None:
    bench.store.failures = 2
    young_person(bench.api).say("help")
    await bench.until(lambda: bench.store.failures == 0)
    assert bench.stored == 0
    assert len(bench.api.backend.updates.pending) == 1
    await bench.until(lambda: not bench.api.backend.updates.pending)
    assert len(await bench.keys()) == 1


async def test_an_update_of_an_unknown_kind_is_stored_too(bench: Bench) -> None:
    bench.api.faults.add(method="getUpdates", do="error", code=502, description="Bad Gateway")
    young_person(bench.api).say("one")
    await bench.until(lambda: bench.stored > 0)
    await bench.poller._keep([{"update_id": 5, "message": {"nonsense": 1}}, "text", {"x": 1}])
    assert len(await bench.keys()) == 3


async def test_network_trouble_does_not_end_it(bench: Bench) -> None:
    bench.api.faults.add(method="getUpdates", do="drop_before", times=3)
    bench.api.faults.add(method="getUpdates", do="error", code=500, times=2)
    young_person(bench.api).say("one")
    await bench.until(lambda: bench.stored > 0)
    assert len(await bench.keys()) == 1


async def test_another_poller_is_reported_and_waited_out(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    bench.api.faults.add(
        method="getUpdates", do="error", code=409, description="Conflict: terminated by other"
    )
    young_person(bench.api).say("one")
    await bench.until(lambda: bench.stored > 0)
    assert "Another program fetches this bot's updates" in caplog.text
    assert bench.api.token not in caplog.text


async def test_a_refused_token_ends_it_with_a_sentence(bench: Bench) -> None:
    with pytest.raises(BadTokenError, match="@BotFather") as caught:
        await bench.make("123:wrong").run()
    assert "123:wrong" not in str(caught.value)


async def test_after_an_idle_day_it_asks_without_an_offset(bench: Bench) -> None:
    young_person(bench.api).say("one")
    await bench.until(lambda: bench.stored > 0)
    await bench.until(lambda: bench.offsets()[-1] is not None)
    await bench.clock.advance(25 * 3600)
    await bench.until(lambda: bench.offsets()[-1] is None)
    assert len(await bench.keys()) == 1
