"""Who may act: members of the group, asked of Telegram when they act."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.cases.model import Status
from bot.telegram.members import Members, Seat
from tests.conversation.small_world import small_world
from tests.support.clock import HandClock
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench, knife_is_danger

KAY, SAM, ALI, GROUP = 5001, 9001, 9002, raw.GROUP


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(replace(small_world(), understand=knife_is_danger))
    await bench.start()
    yield bench
    await bench.stop()


async def raised(bench: Bench, *people: int) -> int:
    for person in people or (KAY,):
        await bench.says(person, "he has a knife")
        bench.texts(person)
    return bench.id_of(bench.new(GROUP)[0])


async def case_of(bench: Bench, number: int = 1) -> Any:
    return await bench.look(lambda unit: unit.load_case(number))


def moved(bench: Bench, worker: int, status: str, **rights: Any) -> dict[str, Any]:
    """What Telegram says when somebody's place in the group changes."""
    who = raw.user(worker, "Sam")
    value = {"chat": raw.group_chat(), "from": who, "date": bench.date,
             "old_chat_member": {"user": who, "status": "member"},
             "new_chat_member": {"user": who, "status": status, **rights}}  # fmt: skip
    return raw.update("chat_member", value)


async def test_somebody_who_left_is_refused_whatever_they_do(bench: Bench) -> None:
    card = await raised(bench)
    bench.seats[GROUP, SAM] = Seat.OUTSIDE
    assert "not in this group any more" in await bench.presses(SAM, "claim:1")
    await bench.staff(SAM, "with you", reply_to=card)
    await bench.staff(SAM, "/open")
    told = bench.texts(GROUP)
    assert len(told) == 2
    assert all("not in this group any more" in text for text in told)
    assert bench.texts(KAY) == []
    assert (await case_of(bench)).status is Status.OPEN


async def test_their_cases_are_given_back_when_the_check_notices(bench: Bench) -> None:
    people = (KAY, 5002, 5003)
    await raised(bench, *people)
    for number in (1, 2, 3):
        await bench.presses(SAM, f"claim:{number}")
    for person in people:
        bench.texts(person)
    bench.seats[GROUP, SAM] = Seat.OUTSIDE
    await bench.wait(31)
    bench.texts(GROUP)
    assert "not in this group" in await bench.presses(SAM, "close:1")
    told = bench.texts(GROUP)
    for number, person in enumerate(people, 1):
        case = await case_of(bench, number)
        assert (case.status, case.worker) == (Status.OPEN, None)
        assert any(f"<b>#{number}</b>. Nobody has it now" in text for text in told)
        assert "Sam had to go" in bench.texts(person)[0]
    await bench.wait(130)
    assert sum("Nobody has it after" in text for text in bench.texts(GROUP)) == 3


@pytest.mark.parametrize(
    ("status", "rights", "gone"),
    [
        ("left", {}, True),
        ("kicked", {"until_date": 0}, True),
        ("restricted", {"is_member": False}, True),
        ("restricted", {"is_member": True}, False),
        ("member", {}, False),
        ("administrator", {}, False),
    ],
)
async def test_each_status_means_what_it_means(
    bench: Bench, status: str, rights: dict[str, bool], gone: bool
) -> None:
    await raised(bench)
    await bench.presses(SAM, "claim:1")
    if status == "restricted":
        sends = ("messages", "audios", "documents", "photos", "videos", "video_notes",
                 "voice_notes", "polls", "other_messages")  # fmt: skip
        rights = rights | {f"can_send_{what}": True for what in sends} | dict.fromkeys(
            ("can_add_web_page_previews", "can_change_info", "can_invite_users",
             "can_pin_messages", "can_manage_topics", "can_react_to_messages", "can_edit_tag"),
            False)  # fmt: skip
        rights["until_date"] = 0
    await bench.receives(moved(bench, SAM, status, **(raw.ADMIN | rights)))
    assert ((await case_of(bench)).status is Status.OPEN) is gone


async def test_a_notice_that_somebody_left_is_enough(bench: Bench) -> None:
    await raised(bench)
    await bench.presses(SAM, "claim:1")
    left = raw.message(raw.group_chat(), raw.user(ALI), bench.date, bench.new_id(),
                       left_chat_member=raw.user(SAM, "Sam"))  # fmt: skip
    await bench.receives(raw.update("message", left))
    await bench.receives(moved(bench, SAM, "left"))  # told twice, given back once
    assert (await case_of(bench)).status is Status.OPEN
    assert sum("Nobody has it now" in text for text in bench.texts(GROUP)) == 1


async def test_when_telegram_cannot_be_asked_only_danger_goes_on_unchecked(bench: Bench) -> None:
    card = await raised(bench)
    bench.seats = {(GROUP, SAM): None}
    await bench.staff(SAM, "/open")
    assert "can't check" in bench.texts(GROUP)[0]
    assert "can't check" in await bench.presses(SAM, "close:1")
    assert await bench.presses(SAM, "claim:1") == "You have #1."
    await bench.staff(SAM, "with you", reply_to=card)
    assert "with you" in bench.texts(KAY)[-1]
    audited = await bench.look(lambda unit: unit.audited(bench.clock.now().replace(hour=0)))
    assert [kind for _, kind, _ in audited] == ["member-unchecked"] * 2


async def test_a_calm_case_waits_for_the_check(bench: Bench) -> None:
    await bench.says(KAY, "/person")
    bench.seats = {(GROUP, SAM): None}
    if (await case_of(bench)) is not None:
        assert "can't check" in await bench.presses(SAM, "claim:1")


async def test_an_anonymous_command_is_answered(bench: Bench) -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    said = raw.message(raw.group_chat(), anonymous, bench.date, bench.new_id(), text="/open",
                       sender_chat=raw.group_chat())  # fmt: skip
    await bench.receives(raw.update("message", said))
    assert "can't tell who you are" in bench.texts(GROUP)[0]


class Asked:
    """A Telegram that counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0
        self.answer: Seat | None = Seat.MEMBER

    async def seat(self, group_id: int, user_id: int) -> Seat | None:
        self.times += 1
        return self.answer


async def test_both_answers_are_remembered_for_seconds() -> None:
    clock, asked = HandClock(), Asked()
    members = Members(asked, clock.now)
    for answer in (Seat.MEMBER, Seat.OUTSIDE):
        asked.answer, asked.times = answer, 0
        await clock.advance(31)
        for _ in range(3):
            assert await members.seat(-1, SAM) is answer
        assert asked.times == 1
    members.forget(-1, SAM)
    asked.answer = Seat.ADMIN
    assert await members.seat(-1, SAM) is Seat.ADMIN


async def test_who_was_a_member_within_the_hour_goes_on_through_an_outage() -> None:
    clock, asked = HandClock(), Asked()
    members = Members(asked, clock.now)
    assert await members.seat(-1, SAM) is Seat.MEMBER
    asked.answer = None
    await clock.advance(3000)
    assert await members.seat(-1, SAM) is Seat.MEMBER
    assert await members.seat(-1, ALI) is None
    await clock.advance(700)
    assert await members.seat(-1, SAM) is None


async def test_an_outage_is_not_asked_again_at_every_press() -> None:
    clock, asked = HandClock(), Asked()
    members = Members(asked, clock.now)
    asked.answer = None
    for _ in range(20):
        assert await members.seat(-1, SAM) is None
    assert asked.times == 1
    await clock.advance(6)
    asked.answer = Seat.MEMBER
    assert await members.seat(-1, SAM) is Seat.MEMBER
