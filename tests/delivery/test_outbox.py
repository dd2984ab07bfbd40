"""The outbox loop: order, limits, retries, giving up, and what callbacks get."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery.model import (
    Call,
    Drop,
    Later,
    Moved,
    Never,
    OutboxRow,
    Outcome,
    Priority,
    Ready,
    Resolution,
    Sent,
    Wait,
)
from bot.delivery.outbox import OutboxLoop
from bot.delivery.ports import Unit
from bot.storage.memory import MemoryStore
from tests.support.clock import HandClock, settle


class Bench:
    """A loop with a Telegram that answers as told."""

    def __init__(self, store: MemoryStore | None = None, clock: HandClock | None = None) -> None:
        self.clock = clock or HandClock()
        self.store = store or MemoryStore()
        self.start = self.clock.now()
        self.made: list[tuple[float, int, str]] = []  # (second, chat, text)
        self.outcomes: dict[str, list[Outcome | Exception]] = {}
        self.gates: dict[str, asyncio.Event] = {}
        self.resolutions: dict[str, Resolution | Exception] = {}
        self.events: list[Any] = []
        self.callback_error: Exception | None = None
        self.number = 0
        self.loop = OutboxLoop(
            self.store,
            self.send,
            self.resolve,
            self.sent,
            self.failed,
            self.moved,
            self.clock,
            lambda chat_id: chat_id < 0,
        )

    async def send(self, call: Call) -> Outcome:
        text = call.params["text"]
        self.made.append(((self.clock.now() - self.start).total_seconds(), call.chat_id, text))
        if text in self.gates:
            await self.gates[text].wait()
        outcome = self.outcomes[text].pop(0) if self.outcomes.get(text) else Sent({"ok": text})
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def resolve(self, unit: Unit, row: OutboxRow, now: Any) -> Resolution:
        assert now == self.clock.now()
        found = self.resolutions.get(row.call.params["text"], Ready(row.call.params))
        if isinstance(found, Exception):
            raise found
        return found

    def sent(self, unit: Unit, row: OutboxRow, result: Any) -> None:
        if self.callback_error:
            raise self.callback_error
        self.events.append(("sent", row.call.params["text"], result))

    def failed(self, unit: Unit, row: OutboxRow, reason: str) -> None:
        self.events.append(("failed", row.call.params["text"], reason))

    def moved(self, unit: Unit, old: int, new: int) -> None:
        self.events.append(("moved", old, new))

    async def put(self, *texts: str, chat: int = 7, **values: Any) -> None:
        created = self.clock.now() - timedelta(seconds=values.pop("age_s", 0))
        values = {"priority": Priority.REPLY, "method": "sendMessage", **values}
        self.number += 1
        calls = [
            Call(params={"chat_id": chat, "text": text}, chat_id=chat, **values) for text in texts
        ]
        cause = f"u:{id(self)}:{self.number}"
        await self.store.transact(lambda unit: unit.enqueue(cause, calls, created))
        self.loop.wake()
        await settle()

    def texts(self) -> list[str]:
        return [text for _, _, text in self.made]

    def seconds(self) -> list[float]:
        return [round(second, 1) for second, _, _ in self.made]

    async def waiting(self) -> int:
        return (await self.store.transact(lambda unit: unit.backlog()))["outbox"]


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    task = asyncio.create_task(bench.loop.run())
    yield bench
    for gate in bench.gates.values():
        gate.set()
    await bench.loop.stop()
    await task


async def test_a_sent_call_reaches_the_callback_and_is_gone(bench: Bench) -> None:
    await bench.put("hi")
    assert bench.events == [("sent", "hi", {"ok": "hi"})]
    assert await bench.waiting() == 0


async def test_one_call_in_flight_a_chat_and_urgent_ones_first(bench: Bench) -> None:
    bench.gates["first"] = asyncio.Event()
    await bench.put("first")
    await bench.put("second", "third")
    await bench.put("tidy", priority=Priority.HOUSEKEEPING)
    await bench.put("danger", priority=Priority.DANGER)
    await bench.put("elsewhere", chat=8)
    assert bench.texts() == ["first", "elsewhere"]
    bench.gates["first"].set()
    await bench.clock.advance(5)
    assert bench.texts() == ["first", "elsewhere", "danger", "second", "third", "tidy"]


async def test_a_failing_network_is_tried_again_with_growing_pauses_in_order(bench: Bench) -> None:
    bench.outcomes["a"] = [Later("network")] * 4
    await bench.put("a", "b")
    await bench.clock.advance(60)
    assert bench.texts() == ["a"] * 5 + ["b"]
    gaps = [round(b - a, 1) for a, b in zip(bench.seconds(), bench.seconds()[1:], strict=False)]
    assert gaps[:4] == [0.5, 1.0, 2.0, 4.0]


async def test_an_unexpected_exception_of_the_sender_is_tried_again(bench: Bench) -> None:
    bench.outcomes["a"] = [ValueError("secret")]
    await bench.put("a")
    await bench.clock.advance(1)
    assert bench.texts() == ["a", "a"]


@pytest.mark.parametrize(
    ("priority", "seconds"), [(Priority.REPLY, 3600), (Priority.HOUSEKEEPING, 600)]
)
async def test_less_urgent_calls_are_given_up_after_a_while(
    bench: Bench, priority: Priority, seconds: int
) -> None:
    bench.outcomes["a"] = [Later("network")] * 10_000
    await bench.put("a", priority=priority)
    await bench.clock.advance(seconds - 70)
    assert bench.events == []
    await bench.clock.advance(140)
    assert bench.events == [("failed", "a", "gave-up: network")]


@pytest.mark.parametrize("priority", [Priority.ALERT, Priority.DANGER, Priority.RELAY])
async def test_urgent_calls_are_never_given_up_for_the_network(
    bench: Bench, priority: Priority
) -> None:
    bench.outcomes["a"] = [Later("network")] * 20
    await bench.put("a", priority=priority, age_s=24 * 3600)
    await bench.clock.advance(300)
    bench.outcomes["a"] = []
    await bench.clock.advance(61)
    assert bench.events == [("sent", "a", {"ok": "a"})]


async def test_a_429_stops_only_its_chat_also_after_a_restart(bench: Bench) -> None:
    bench.outcomes["a"] = [Later("flood", retry_after_s=30)]
    await bench.put("a", "b")
    await bench.put("tidy", priority=Priority.HOUSEKEEPING)
    await bench.put("other", chat=8)
    await bench.clock.advance(5)
    assert bench.texts() == ["a", "other"]
    await bench.loop.stop()
    again = Bench(bench.store, bench.clock)
    task = asyncio.create_task(again.loop.run())
    await again.put("new")
    await again.clock.advance(24.9)
    assert again.made == []
    await again.clock.advance(0.2)
    assert again.texts() == ["a", "b", "new", "tidy"]
    await again.loop.stop()
    await task


async def test_a_429_of_the_whole_bot_stops_every_chat(bench: Bench) -> None:
    bench.outcomes["a"] = [Later("flood", retry_after_s=10, whole_bot=True)]
    await bench.put("a")
    await bench.put("other", chat=8)
    assert bench.texts() == ["a"]
    await bench.clock.advance(11)
    assert sorted(bench.texts()) == ["a", "a", "other"]


async def test_a_429_on_a_reaction_does_not_stop_the_chat(bench: Bench) -> None:
    bench.outcomes["react"] = [Later("flood", retry_after_s=30)]
    await bench.put("react", method="setMessageReaction", priority=Priority.HOUSEKEEPING)
    await bench.put("words")
    assert bench.texts() == ["react", "words"]


async def test_what_will_never_work_goes_to_the_callback(bench: Bench) -> None:
    bench.outcomes["a"] = [Never("blocked")]
    await bench.put("a", "b")
    assert bench.events == [("failed", "a", "blocked"), ("sent", "b", {"ok": "b"})]


async def test_a_migrated_group_gets_what_was_meant_for_it(bench: Bench) -> None:
    bench.outcomes["a"] = [Moved(-100)]
    await bench.put("a", "b", chat=-1)
    await bench.clock.advance(1)
    assert [(chat, text) for _, chat, text in bench.made] == [(-1, "a"), (-100, "a"), (-100, "b")]
    assert bench.events[0] == ("moved", -1, -100)


async def test_groups_that_move_in_a_circle_are_given_up(bench: Bench) -> None:
    bench.outcomes["a"] = [Moved(-2), Moved(-1)] * 9
    await bench.put("a", chat=-1)
    await bench.clock.advance(5)
    assert bench.events[-1] == ("failed", "a", "moved-for-ever")


async def test_a_call_waits_for_its_placeholder_and_keeps_its_place(bench: Bench) -> None:
    bench.resolutions = {"one": Wait(), "two": Wait()}
    await bench.put("one", "two", "topic")
    assert bench.texts() == ["topic"]
    bench.resolutions = {"one": Ready({"text": "ONE"}), "two": Ready({"text": "TWO"})}
    await bench.clock.advance(0.6)
    assert bench.texts() == ["topic", "ONE", "TWO"]
    assert bench.events[1] == ("sent", "ONE", {"ok": "ONE"})


async def test_a_call_that_is_not_needed_any_more_is_dropped(bench: Bench) -> None:
    bench.resolutions = {"one": Drop()}
    await bench.put("one", "two")
    assert bench.texts() == ["two"]
    assert await bench.waiting() == 0


async def test_a_call_that_cannot_be_resolved_fails_alone(bench: Bench) -> None:
    bench.resolutions = {"one": KeyError("secret")}
    await bench.put("one", "two")
    await bench.put("three", chat=8)
    assert bench.events[0] == ("failed", "one", "resolve: KeyError")
    assert sorted(bench.texts()) == ["three", "two"]


async def test_a_failing_callback_sends_nothing_twice_and_is_noted(bench: Bench) -> None:
    bench.callback_error = KeyError("secret")
    await bench.put("a", "b")
    await bench.clock.advance(60)
    assert bench.texts() == ["a", "b"]
    log = await bench.store.transact(lambda unit: unit.audited(bench.start))
    assert [(kind, data["error"]) for _, kind, data in log] == [("callback-failed", "KeyError")] * 2


async def test_what_was_in_flight_is_sent_again_after_a_restart(bench: Bench) -> None:
    bench.gates["a"] = asyncio.Event()
    await bench.put("a")
    again = Bench(bench.store, bench.clock)
    task = asyncio.create_task(again.loop.run())
    await settle()
    assert again.texts() == ["a"]
    await again.loop.stop()
    await task


async def test_an_expired_call_is_dropped_without_a_word(bench: Bench) -> None:
    bench.gates["a"] = asyncio.Event()
    await bench.put("a")
    await bench.put("late", expires=bench.start + timedelta(seconds=5))
    await bench.clock.advance(6)
    bench.gates["a"].set()
    await settle()
    assert bench.texts() == ["a"]
    assert bench.events == [("sent", "a", {"ok": "a"})]
