"""Many cases at once: one message names them all, each once, and the group's limit holds."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.model import Line, Status
from bot.conversation.state import ChatState, Raise
from bot.delivery.limits import COUNTED_METHODS
from bot.delivery.model import Call, Incoming, Later, Never, Outcome
from bot.delivery.ports import Unit
from bot.demo.api.telegram_html import parse_html
from bot.telegram import desk, together
from bot.telegram.render import units
from intents.model import Danger, Decision, Kind, Understanding, Urgency
from tests.conversation.small_world import meant, paged, small_world
from tests.support.clock import settle
from tests.telegram import updates as raw
from tests.telegram.desk_bench import LEAD, ON_CALL, Bench

GROUP, SAM = raw.GROUP, 9001
KNIFE = "he has a knife and hes outside my door"
DANGERS = {"knife": paged(), "hit": paged(Kind.ABUSE, Urgency.URGENT)}
NUMBERS = re.compile(r"#(\d+) (?:EMERGENCY|URGENT|please answer)")


def understand(text: str) -> Understanding:
    danger = next((found for word, found in DANGERS.items() if word in text), Danger())
    return meant(text, "out-of-scope", decision=Decision.FALLBACK, danger=danger)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(replace(small_world(), understand=understand))
    await bench.start()
    yield bench
    await bench.stop()


async def storm(bench: Bench, people: int) -> None:
    """Everybody writes in the same moment."""
    items = []
    for person in range(100, 100 + people):
        chat, sender = raw.private_chat(person), raw.user(person)
        value = raw.message(chat, sender, bench.date, bench.new_id(), text=KNIFE)
        payload = raw.update("message", value)
        items.append(Incoming(f"u:{payload['update_id']}", f"c:{person}", "update", payload))
    await bench.look(lambda unit: unit.add_incoming(items, bench.clock.now()))
    bench.wakers.wake_all()
    for _ in range(people // 5):
        await settle()


def named(bench: Bench) -> dict[int, int]:
    """How often each case was told in the group as new, by its card or in a list."""
    found: dict[int, int] = {}
    for call in bench.calls(GROUP, "sendMessage"):
        if call.role in ("card", "together"):
            for number in NUMBERS.findall(call.params["text"]):
                found[int(number)] = found.get(int(number), 0) + 1
    return found


def lists(bench: Bench, chat: int = GROUP) -> list[Call]:
    return bench.calls(chat, role="together")


def watch(bench: Bench) -> list[float]:
    """The seconds of every call that counts in the group."""
    start, seconds = bench.clock.now(), []

    def note(call: Call) -> Outcome | None:
        if call.chat_id == GROUP and call.method in COUNTED_METHODS:
            seconds.append((bench.clock.now() - start).total_seconds())
        return None

    bench.refuse = note
    return seconds


def most_in_a_minute(seconds: list[float]) -> int:
    return max(sum(start <= other <= start + 60 for other in seconds) for start in seconds)


async def test_sixty_in_a_minute_are_each_named_within_ten_seconds(bench: Bench) -> None:
    seconds = watch(bench)
    for n in range(60):
        await bench.says(100 + n, KNIFE, seconds=1)
        opened = {case.id for case in await bench.look(lambda u: u.cases_in((Status.OPEN,)))}
        waits = opened - set(named(bench))
        assert all(number > n + 1 - 10 for number in waits), f"after {n} s: {waits}"
    await bench.wait(9)
    assert set(named(bench)) == set(range(1, 61))
    assert most_in_a_minute(seconds) <= 20


async def test_all_at_once_are_named_at_once_with_their_words_and_buttons(bench: Bench) -> None:
    await storm(bench, 30)
    assert set(named(bench)) == set(range(1, 31))
    text = lists(bench)[-1].params["text"]
    assert "knife" in text
    assert "EMERGENCY" in text
    rows = lists(bench)[-1].params["reply_markup"]["inline_keyboard"]
    assert all(len(row) <= 8 for row in rows)
    buttons = [button for row in rows for button in row]
    assert {button["callback_data"] for button in buttons} == {
        f"claim:{number}" for number in NUMBERS.findall(text)
    }


async def test_more_than_one_message_can_hold_go_into_the_next(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "MOST", 15)
    held = bench.clock.now() + timedelta(seconds=30)
    await bench.look(lambda unit: unit.hold_chat(GROUP, held))
    await storm(bench, 40)
    await bench.wait(45)
    assert len(lists(bench)) >= 2
    assert set(named(bench)) == set(range(1, 41))
    assert all(count == 1 for count in named(bench).values())


async def test_a_hundred_fit_into_one_message_with_fewer_words(bench: Bench) -> None:
    held = bench.clock.now() + timedelta(seconds=5)
    await bench.look(lambda unit: unit.hold_chat(GROUP, held))
    raised = Raise("emergency", "violence", "knife")

    def pile(unit: Unit) -> None:
        job = bench.handler.job(unit)
        for n in range(100):
            case = desk.open_case(job, 100 + n, raised, ChatState(), ())
            unit.add_line(case.id, Line("person", KNIFE, job.now))
            desk.send_card(job, case)
        unit.enqueue("pile", job.calls, job.now)

    await bench.look(pile)
    bench.wakers.wake_all()
    await bench.wait(6)
    first = lists(bench)[0]
    assert units(parse_html(first.params["text"])[0]) <= 4096
    assert len(NUMBERS.findall(first.params["text"])) >= 60
    assert set(named(bench)) == set(range(1, 101))


async def test_the_riskiest_stand_first(bench: Bench) -> None:
    held = bench.clock.now() + timedelta(seconds=5)
    await bench.look(lambda unit: unit.hold_chat(GROUP, held))
    for n, text in enumerate(("my dad hit me",) * 2 + (KNIFE,) * 3):
        await bench.says(200 + n, text, seconds=0)
    await bench.wait(6)
    (one,) = lists(bench)
    assert NUMBERS.findall(one.params["text"]) == ["3", "4", "5", "1", "2"]


async def folded(bench: Bench) -> tuple[int, int]:
    """A list in the group: its message's id and the last case in it, which has no card."""
    await storm(bench, 30)
    last = lists(bench)[-1]
    number = int(NUMBERS.findall(last.params["text"])[-1])
    case = await bench.look(lambda unit: unit.load_case(number))
    assert case.card_message_id is None
    return bench.id_of(last), number


async def test_a_calm_case_that_came_first_is_not_lost_among_riskier_ones(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "MOST", 3)
    held = bench.clock.now() + timedelta(seconds=5)
    await bench.look(lambda unit: unit.hold_chat(GROUP, held))
    for n, text in enumerate(("my dad hit me",) * 2 + (KNIFE,) * 6):
        await bench.says(200 + n, text, seconds=0)
    await bench.wait(6)
    assert NUMBERS.findall(lists(bench)[0].params["text"]) == ["3", "4", "1"]
    await bench.wait(30)
    assert named(bench) == dict.fromkeys(range(1, 9), 1)


async def test_a_press_in_the_list_takes_the_case_and_its_card_comes(bench: Bench) -> None:
    _, number = await folded(bench)
    assert await bench.presses(SAM, f"claim:{number}") == f"You have #{number}."
    await bench.wait(60)
    case = await bench.look(lambda unit: unit.load_case(number))
    cards = [c for c in bench.calls(GROUP, role="late-card") if c.case_id == number]
    assert len(cards) == 1
    assert "Sam has this" in cards[0].params["text"]
    assert case.card_message_id == bench.id_of(cards[0])
    reached = len(bench.calls(99 + number, role="relay-out"))
    await bench.staff(SAM, "im here", reply_to=case.card_message_id)
    assert len(bench.calls(99 + number, role="relay-out")) == reached + 1


async def test_a_reply_to_the_list_reaches_nobody_and_says_so(bench: Bench) -> None:
    message_id, _ = await folded(bench)
    before = len(bench.calls(role="relay-out"))
    await bench.staff(SAM, "on my way", reply_to=message_id)
    await bench.wait(61)
    assert len(bench.calls(role="relay-out")) == before
    notes = [c.params["text"] for c in bench.calls(GROUP, role="note")]
    assert any("names several cases" in text for text in notes)


async def test_every_case_gets_its_card_once_when_there_is_room(bench: Bench) -> None:
    seconds = watch(bench)
    await storm(bench, 25)
    await bench.wait(100)
    cards = bench.calls(GROUP, role="card") + bench.calls(GROUP, role="late-card")
    await bench.wait(150)
    cards = bench.calls(GROUP, role="card") + bench.calls(GROUP, role="late-card")
    assert sorted(c.case_id for c in cards if c.case_id) == list(range(1, 26))
    assert most_in_a_minute(seconds) <= 20


async def test_a_list_whose_answer_is_lost_names_everybody_again(bench: Bench) -> None:
    held = bench.clock.now() + timedelta(seconds=5)
    await bench.look(lambda unit: unit.hold_chat(GROUP, held))
    await storm(bench, 12)
    lost: list[Call] = []

    def lose(call: Call) -> Outcome | None:
        if call.role == "together" and not lost:
            lost.append(call)
            return Later("timeout")
        return None

    bench.refuse = lose
    await bench.wait(10)
    assert len(lost) == 1
    assert named(bench) == dict.fromkeys(range(1, 13), 1)


async def test_a_group_that_refuses_the_list_sends_everybody_up_the_chain(bench: Bench) -> None:
    held = bench.clock.now() + timedelta(seconds=5)
    await bench.look(lambda unit: unit.hold_chat(GROUP, held))
    await storm(bench, 12)
    bench.refuse = lambda call: Never("kicked") if call.chat_id == GROUP else None
    await bench.wait(15)
    for chat in (ON_CALL, LEAD):
        told = " ".join(call.params["text"] for call in bench.calls(chat))
        assert {int(number) for number in NUMBERS.findall(told)} == set(range(1, 13))


async def test_a_chain_that_piles_up_is_told_together_to_everybody(bench: Bench) -> None:
    seconds = watch(bench)
    await storm(bench, 20)
    await bench.wait(11 * 60)
    for chat in (ON_CALL, LEAD):
        assert len(bench.calls(chat)) < 10
        told = " ".join(call.params["text"] for call in bench.calls(chat))
        assert {int(number) for number in NUMBERS.findall(told)} == set(range(1, 21))
        assert not any("reply_markup" in call.params for call in lists(bench, chat))
    assert most_in_a_minute(seconds) <= 20


async def test_an_alarm_that_waits_is_dropped_once_somebody_acts(bench: Bench) -> None:
    await bench.says(100, KNIFE)
    await bench.wait(110)
    held = bench.clock.now() + timedelta(seconds=30)
    await bench.look(lambda unit: unit.hold_chat(GROUP, held))
    await bench.wait(20)
    assert (await bench.look(lambda unit: unit.waiting_calls(GROUP, ("alarm",), 9))) != []
    await bench.presses(SAM, "claim:1")
    await bench.wait(30)
    assert bench.calls(GROUP, role="alarm") == []


async def test_a_few_cases_have_a_card_each_at_once(bench: Bench) -> None:
    for n in range(12):
        await bench.says(100 + n, KNIFE, seconds=10)
    assert len(bench.calls(GROUP, role="card")) == 12
    assert lists(bench) == []
