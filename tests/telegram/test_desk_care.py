"""A worker is asked privately and once; what they press is answered, counted and not kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.model import Status
from bot.delivery.model import Call, Never, Outcome
from bot.telegram import care
from tests.conversation.small_world import small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import LEAD, Bench, knife_is_danger

KAY, LEE, MAX, SAM, GROUP = 5001, 5002, 5003, 9001, raw.GROUP


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(replace(small_world(), understand=knife_is_danger))
    await bench.start()
    yield bench
    await bench.stop()


async def closed(bench: Bench, person: int = KAY, case: int = 1) -> None:
    """An emergency was closed at eight in the evening."""
    await bench.says(person, "he has a knife")
    await bench.presses(SAM, f"claim:{case}")
    await bench.presses(SAM, f"end:{case}:safe")
    await bench.wait(2)


async def asked(bench: Bench) -> Call:
    await closed(bench)
    await bench.wait(11 * 60)
    (call,) = bench.new(SAM)
    return call


async def answers(bench: Bench, question: Call, name: str) -> str:
    """The worker presses under the question; what it says then."""
    shown = raw.message(raw.private_chat(SAM), raw.BOT, bench.date, bench.id_of(question), text="x")
    before = len(bench.made)
    await bench.receives(raw.press(raw.user(SAM), shown, f"care:{name}"), f"c:{SAM}")
    edits = [c for c in bench.made[before:] if c.method == "editMessageText" and c.chat_id == SAM]
    return str(edits[0].params["text"]) if edits else ""


async def counted(bench: Bench) -> dict[str, int]:
    rows = await bench.look(lambda unit: unit.counts("care", ""))
    return {label: number for _, label, number in rows}


async def test_some_minutes_after_a_heavy_case_the_worker_alone_is_asked(bench: Bench) -> None:
    await closed(bench)
    bench.texts(GROUP)
    await bench.wait(9 * 60)
    assert bench.texts(SAM) == []
    await bench.wait(2 * 60)
    (question,) = bench.new(SAM)
    assert "Are you all right?" in question.params["text"]
    rows = question.params["reply_markup"]["inline_keyboard"]
    assert [b["callback_data"] for row in rows for b in row] == [
        "care:ok",
        "care:talk",
        "care:pass",
    ]
    assert bench.texts(GROUP) == []
    assert await counted(bench) == {"asked": 1}


async def test_ok_is_answered_and_only_counted(bench: Bench) -> None:
    question = await asked(bench)
    assert "Take a breath" in await answers(bench, question, "ok")
    assert await counted(bench) == {"asked": 1, "ok": 1}
    assert await answers(bench, question, "talk") == ""  # once is once
    assert bench.texts(LEAD) == []
    assert await bench.look(lambda unit: unit.load_chat(SAM)) is None  # no young person's chat


async def test_talk_tells_the_lead_that_they_would_like_a_word(bench: Bench) -> None:
    question = await asked(bench)
    bench.texts(GROUP)
    assert "told the lead" in await answers(bench, question, "talk")
    (told,) = bench.texts(LEAD)
    assert "Sam</a> would like a word" in told
    assert "knife" not in told
    assert "#1" not in told
    assert bench.texts(GROUP) == []


async def test_without_a_lead_the_worker_is_told_the_truth(bench: Bench) -> None:
    bench.handler._office = replace(bench.handler._office, lead=None)
    question = await asked(bench)
    assert "nobody was told" in await answers(bench, question, "talk")


async def test_a_lead_who_cannot_be_reached_is_said_to_be(bench: Bench) -> None:
    def refuse(call: Call) -> Outcome | None:
        return Never("chat-not-found") if call.chat_id == LEAD else None

    bench.refuse = refuse
    question = await asked(bench)
    await answers(bench, question, "talk")
    assert "could not reach a lead" in bench.texts(SAM)[-1]


async def test_pass_on_gives_their_cases_back(bench: Bench) -> None:
    question = await asked(bench)
    for person, case in ((LEE, 2), (MAX, 3)):
        await bench.says(person, "he has a knife")
        await bench.presses(SAM, f"claim:{case}")
    bench.texts(GROUP)
    assert "#2, #3 went back" in await answers(bench, question, "pass")
    cases = await bench.look(lambda unit: unit.cases_in((Status.OPEN,)))
    assert [case.id for case in cases] == [2, 3]
    told = "\n".join(bench.texts(GROUP))
    assert "Sam gave #2 back" in told
    assert "all right" not in told
    assert "Sam had to go" in bench.texts(LEE)[-1]


async def test_pass_on_with_no_case_says_so(bench: Bench) -> None:
    question = await asked(bench)
    assert "no open cases" in await answers(bench, question, "pass")


async def test_not_in_the_middle_of_another_case(bench: Bench) -> None:
    await closed(bench)
    await bench.says(LEE, "he has a knife")
    await bench.presses(SAM, "claim:2")
    await bench.wait(11 * 60)
    assert bench.texts(SAM) == []
    timers = await bench.look(lambda unit: dict(unit._tables.timers))
    assert timers[f"care:{SAM}"].due > bench.clock.now() + timedelta(minutes=20)


async def test_not_twice_a_day_and_not_in_the_night(bench: Bench) -> None:
    await asked(bench)
    await closed(bench, LEE, 2)
    await bench.wait(11 * 60)
    assert bench.texts(SAM) == []
    await bench.look(lambda unit: unit.set_meta(f"care:{SAM}", ""))
    await bench.wait(45 * 60)  # it is after nine in the evening
    await closed(bench, MAX, 3)
    await bench.wait(11 * 60)
    assert bench.texts(SAM) == []
    timers = await bench.look(lambda unit: dict(unit._tables.timers))
    assert timers[f"care:{SAM}"].due.hour == 9


async def test_who_never_pressed_start_is_asked_nowhere(bench: Bench) -> None:
    def refuse(call: Call) -> Outcome | None:
        return Never("chat-not-found") if call.chat_id == SAM else None

    bench.refuse = refuse
    await closed(bench)
    bench.texts(GROUP)
    await bench.wait(11 * 60)
    assert bench.texts(GROUP) == []
    assert await counted(bench) == {}


async def test_a_false_alarm_and_a_calm_case_ask_nothing(bench: Bench) -> None:
    await bench.says(KAY, "he has a knife")
    await bench.presses(SAM, "claim:1")
    await bench.presses(SAM, "end:1:false-alarm")
    await bench.wait(11 * 60)
    assert bench.texts(SAM) == []


async def test_a_press_that_belongs_to_no_question_does_nothing(bench: Bench) -> None:
    await bench.says(KAY, "he has a knife")
    await bench.presses(SAM, "claim:1")
    for name in ("care:ok", "care:talk", "care:pass", "care:nonsense"):
        await bench.taps(KAY, name)
    assert bench.texts(LEAD) == []
    case = await bench.look(lambda unit: unit.load_case(1))
    assert case.status is Status.CLAIMED
    assert await counted(bench) == {}


async def test_a_worker_who_is_helped_themselves_is_not_asked(bench: Bench) -> None:
    await closed(bench)
    await bench.says(SAM, "there is a knife at my own door")
    bench.texts(SAM)
    await bench.look(
        lambda unit: care.due(
            bench.handler.job(unit),
            {"data": {"worker": SAM, "case": 1, "closed": bench.clock.now().isoformat()}},
        )
    )
    assert await bench.look(lambda unit: unit.get_meta(f"care:{SAM}")) is None


async def test_hide_finds_the_question_too(bench: Bench) -> None:
    question = await asked(bench)
    ids = await bench.look(
        lambda unit: unit.recent_messages(SAM, bench.clock.now() - timedelta(hours=1))
    )
    assert bench.id_of(question) in ids
