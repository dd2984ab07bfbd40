"""What staff read of the bot's own faults, and where."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.delivery.errors import StorageError
from bot.delivery.model import Call, Never, Outcome, Sent
from bot.delivery.watcher import DISK, GROUP, LOOP, STORE, Fault
from bot.telegram.watch import Alarm
from tests.conversation.small_world import small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import LEAD, ON_CALL, Bench

STAFF = raw.GROUP


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(small_world())
    await bench.start()
    yield bench
    await bench.stop()


def alarm_of(bench: Bench) -> tuple[Alarm, list[Call]]:
    """An alarm, and what it sends past the outbox."""
    at_once: list[Call] = []

    async def send(call: Call) -> Outcome:
        at_once.append(call)
        return Sent(True)

    office = bench.handler._office
    return Alarm(bench.store, office, bench.handler, send, bench.wakers.wake_all), at_once


async def test_staff_read_of_it_in_their_group(bench: Bench) -> None:
    alarm, at_once = alarm_of(bench)
    await alarm.tell(Fault(DISK), False)
    await bench.wait(1)
    (text,) = bench.texts(STAFF)
    assert "disk is nearly full" in text
    await alarm.tell(Fault(DISK), True)
    await bench.wait(1)
    assert "room on my disk again" in bench.texts(STAFF)[0]
    assert at_once == []


async def test_a_group_that_refuses_is_told_to_those_who_come_next(bench: Bench) -> None:
    alarm, _ = alarm_of(bench)
    await alarm.tell(Fault(GROUP, "kicked"), False)
    await bench.wait(1)
    assert bench.texts(STAFF) == []
    for chat in (ON_CALL, LEAD):
        assert "(kicked)" in bench.texts(chat)[0]
    await alarm.tell(Fault(GROUP, "kicked"), True)
    await bench.wait(1)
    assert "takes my messages again" in bench.texts(STAFF)[0]


@pytest.mark.parametrize("name", [LOOP, STORE])
async def test_what_stands_in_the_way_of_the_outbox_goes_past_it(bench: Bench, name: str) -> None:
    alarm, at_once = alarm_of(bench)
    await alarm.tell(Fault(name, "outbox"), False)
    assert [call.chat_id for call in at_once] == [STAFF, ON_CALL, LEAD]


async def test_a_store_that_fails_again_at_the_end_is_no_reason_for_silence(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarm, at_once = alarm_of(bench)

    async def fails(*_: Any, **__: Any) -> None:
        raise StorageError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(bench.store, "transact", fails)
        await alarm.tell(Fault(DISK), False)
    assert len(at_once) == 3


async def test_whether_a_group_takes_messages_shows_by_its_last_answer(bench: Bench) -> None:
    outbox = bench.loops[1]
    bench.refuse = lambda call: Never("kicked") if call.chat_id == STAFF else None
    alarm, _ = alarm_of(bench)
    await alarm.tell(Fault(DISK), False)
    await bench.wait(1)
    assert outbox.refusing == {STAFF: "kicked"}
    bench.refuse = lambda call: None
    await alarm.tell(Fault(DISK), True)
    await bench.wait(1)
    assert outbox.refusing == {}
