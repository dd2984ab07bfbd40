"""Limits: 20 messages a minute in a group, a burst and then one a second in a private chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from bot.delivery.model import Later, Priority
from tests.delivery.test_outbox import Bench
from tests.support.clock import settle


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    task = asyncio.create_task(bench.loop.run())
    yield bench
    for gate in bench.gates.values():
        gate.set()
    await bench.loop.stop()
    await task


def most_in_a_minute(seconds: list[float]) -> int:
    return max(sum(start <= other <= start + 60 for other in seconds) for start in seconds)


async def test_a_group_never_gets_more_than_twenty_in_a_minute(bench: Bench) -> None:
    await bench.put(*(f"relay {n}" for n in range(60)), chat=-1, priority=Priority.RELAY)
    for minute in range(6):
        alerts = (f"alert {minute}.{n}" for n in range(7))
        await bench.put(*alerts, chat=-1, priority=Priority.ALERT)
        await bench.clock.advance(61)
    seconds = [second for second, _, _ in bench.made]
    assert most_in_a_minute(seconds) <= 20
    assert len(seconds) > 80
    await bench.clock.advance(600)
    assert await bench.waiting() == 0


async def test_a_burst_leaves_room_for_alerts_at_every_turn(bench: Bench) -> None:
    await bench.put(*(f"relay {n}" for n in range(30)), chat=-1, priority=Priority.RELAY)
    assert len(bench.made) == 12
    await bench.put("tap", chat=-1, method="answerCallbackQuery", priority=Priority.HOUSEKEEPING)
    await bench.put("topic", "raised", chat=-1, priority=Priority.ALERT)
    assert bench.texts()[12:] == ["tap", "topic"]
    await bench.put("ok", chat=-1, method="setMessageReaction", priority=Priority.HOUSEKEEPING)
    await bench.put("private", chat=7)
    assert bench.texts()[14:] == ["ok", "private"]
    for n in range(7):  # each of them named within the time, however full the group is
        await bench.put(f"card {n}", chat=-1, priority=Priority.ALERT, role="card")
        assert bench.texts()[-1] == f"card {n}"
        await bench.clock.advance(8.8)
    await bench.clock.advance(120)
    assert await bench.waiting() == 0
    counted = [second for second, chat, t in bench.made if chat == -1 and t not in ("tap", "ok")]
    assert most_in_a_minute(counted) <= 20


async def test_what_is_spread_over_the_minute_may_be_more(bench: Bench) -> None:
    for n in range(60):
        await bench.put(f"relay {n}", chat=-1, priority=Priority.RELAY)
        await bench.clock.advance(4)
    assert len(bench.made) == 60
    assert bench.seconds()[-1] < 60 * 4 + 1


async def test_alerts_that_come_too_fast_wait_for_their_turn(bench: Bench) -> None:
    for n in range(14):
        await bench.put(f"card {n}", chat=-1, priority=Priority.ALERT, role="card")
        await bench.clock.advance(1)
    assert bench.seconds()[:5] == [0, 1, 2, 3, 4]
    assert all(b - a >= 8.8 for a, b in pairwise(bench.seconds()[4:]))


async def test_a_card_every_ten_seconds_waits_for_nothing(bench: Bench) -> None:
    for n in range(60):
        await bench.put(f"card {n}", chat=-1, priority=Priority.ALERT, role="card")
        assert bench.texts()[-1] == f"card {n}"
        await bench.clock.advance(0.5)
        await bench.put(f"alarm {n}", chat=-1, priority=Priority.ALERT, role="alarm")
        await bench.clock.advance(9.5)
    assert most_in_a_minute(bench.seconds()) <= 20


async def test_relays_go_on_beside_alerts_without_end(bench: Bench) -> None:
    for n in range(120):
        await bench.put(f"card {n}", chat=-1, priority=Priority.ALERT, role="card")
        if n % 10 == 0:
            await bench.put(f"relay {n}", chat=-1, priority=Priority.RELAY)
        await bench.clock.advance(1)
    arrived = {text: second for second, _, text in bench.made}
    waits = [arrived[f"relay {n}"] - n for n in range(0, 120, 10)]
    assert max(waits) < 15
    assert most_in_a_minute([second for second, _, _ in bench.made]) <= 20


async def test_the_limit_is_kept_across_a_restart(bench: Bench) -> None:
    await bench.put(*(f"relay {n}" for n in range(20)), chat=-1, priority=Priority.RELAY)
    await bench.loop.stop()
    await bench.clock.advance(4)
    again = Bench(bench.store, bench.clock)
    task = asyncio.create_task(again.loop.run())
    await again.clock.advance(4)
    assert again.made == []
    await again.put("alert", chat=-1, priority=Priority.ALERT)
    assert again.texts() == ["alert"]
    await again.clock.advance(52)
    everything = [*bench.made, *((second + 4, chat, text) for second, chat, text in again.made)]
    assert most_in_a_minute([second for second, _, _ in everything]) <= 20
    await again.clock.advance(60)
    assert len(again.made) == 9
    await again.loop.stop()
    await task


async def test_a_slow_answer_counts_from_when_it_came(bench: Bench) -> None:
    bench.gates["slow"] = asyncio.Event()
    texts = ["slow", *(f"relay {n}" for n in range(30))]
    await bench.put(*texts, chat=-1, priority=Priority.RELAY)
    await bench.clock.advance(30)
    bench.gates["slow"].set()
    await settle()
    assert len(bench.made) == 12
    # Telegram may have counted the slow one as late as second 30.
    seconds = [max(second, 30) for second, _, _ in bench.made]
    await bench.clock.advance(62)
    assert len(bench.made) > 12
    assert most_in_a_minute([*seconds, *bench.seconds()[12:]]) <= 20


async def test_a_private_chat_gets_a_burst_and_then_one_a_second(bench: Bench) -> None:
    await bench.put(*(str(n) for n in range(8)))
    await bench.put("safety", priority=Priority.DANGER)
    await bench.clock.advance(20)
    assert "safety" in bench.texts()[:5]
    later = [second for second, _, text in bench.made if text in "4567"]
    assert all(1.0 <= b - a < 1.2 for a, b in pairwise(later))


async def test_attempts_that_failed_count_too(bench: Bench) -> None:
    bench.outcomes["alert"] = [Later("timeout")] * 40
    await bench.put("alert", chat=-1, priority=Priority.ALERT)
    await bench.clock.advance(60)
    assert most_in_a_minute([second for second, _, _ in bench.made]) <= 20
