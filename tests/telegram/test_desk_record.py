"""How a case ends on paper: the record, notes, tags, the card, and what of it is erased."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.cases.model import Case, Decision, Line
from bot.delivery.model import Later
from bot.telegram.card import CardView, card_text
from tests.conversation.small_world import small_world
from tests.support.clock import START
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench, knife_is_danger

KAY, SAM, ALI, GROUP = 5001, 9001, 9002, raw.GROUP
KNIFE = "he has a knife"


@pytest.fixture(params=["topics", "plain"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    world = replace(small_world(), understand=knife_is_danger)
    bench = Bench(world, topics=request.param == "topics")
    await bench.start()
    yield bench
    await bench.stop()


async def case(bench: Bench) -> Case:
    found = await bench.look(lambda unit: unit.load_case(1))
    assert isinstance(found, Case)
    return found


async def claimed(bench: Bench) -> int:
    await bench.says(KAY, KNIFE)
    card = bench.id_of(bench.calls(GROUP, role="card")[-1])
    await bench.presses(SAM, "claim:1")
    bench.texts(GROUP)
    return card


def edited_card(bench: Bench) -> str:
    return str(bench.calls(GROUP, role="card-edit")[-1].params["text"])


def shown(bench: Bench) -> list[str]:
    rows = bench.calls(GROUP, role="card-edit")[-1].params["reply_markup"]["inline_keyboard"]
    return [button["callback_data"] for row in rows for button in row]


@pytest.mark.parametrize(
    ("outcome", "third", "told"),
    [("safe", "told:1:nobody", ("nobody",)), ("emergency", "told:1:done", ("emergency-services",)),
     ("services", "told:1:done", ("childrens-services",))],
)  # fmt: skip
async def test_three_taps_end_and_record_a_serious_case(
    bench: Bench, outcome: str, third: str, told: tuple[str, ...]
) -> None:
    await claimed(bench)
    await bench.presses(SAM, "close:1")
    await bench.presses(SAM, f"end:1:{outcome}")
    assert "The record is open" in edited_card(bench)
    assert third in shown(bench)
    await bench.presses(SAM, third)
    assert "The record is open" not in edited_card(bench)
    found = await case(bench)
    assert found.decision is not None
    assert found.decision.told == told
    bench.texts(GROUP)
    await bench.wait(905)
    assert bench.texts(GROUP) == []


async def test_the_whole_record_with_why_in_own_words(bench: Bench) -> None:
    await claimed(bench)
    await bench.presses(SAM, "end:1:signposted")
    for who in ("police", "school", "parent", "school"):
        await bench.presses(SAM, f"told:1:{who}")
    assert await bench.presses(SAM, "told:1:done") == "Did they agree to it?"
    assert "agreed:1:no" in shown(bench)
    assert "own words" in await bench.presses(SAM, "agreed:1:no")
    bench.texts(GROUP)
    await bench.wait(60)  # the group takes 20 a minute
    bench.texts(GROUP)
    await bench.presses(SAM, "why:1:ask")
    (prompt,) = bench.new(GROUP)
    assert prompt.params["reply_markup"] == {"force_reply": True, "selective": True}
    asked = bench.id_of(prompt)
    await bench.staff(SAM, reply_to=asked, **raw.CONTENTS["sticker"])
    assert "Only words" in bench.texts(GROUP)[0]
    await bench.staff(ALI, "not mine", reply_to=asked, name="Ali")
    assert "Only Sam, who closed" in bench.texts(GROUP)[0]
    await bench.staff(SAM, "x" * 1001, reply_to=asked)
    assert "not kept" in bench.texts(GROUP)[0]
    bench.texts(KAY)
    await bench.staff(SAM, "her brother was outside", reply_to=asked)
    assert "Kept in the record" in bench.texts(GROUP)[0]
    assert bench.texts(KAY) == []
    found = await case(bench)
    decided = Decision(("police", "parent"), "no", "her brother was outside", "done")
    assert found.decision == decided
    for said in ("Told: Police, Parent or carer.", "Without their consent", "her brother"):
        assert said in edited_card(bench)
    logged = await bench.look(lambda unit: unit.history(1))
    assert "brother" not in str(logged)
    assert {"told": ["police", "parent"], "consent": "no"} in [data for _, _, data in logged]


async def test_every_question_can_be_passed_over_and_one_reminder_comes(bench: Bench) -> None:
    await claimed(bench)
    await bench.presses(SAM, "end:1:safe")
    await bench.presses(SAM, "told:1:done")
    assert "does not say yet who was told" in await bench.presses(SAM, "why:1:skip")
    assert set(shown(bench)) == {"reopen:1", "record:1", "merge:1", "judge:1:not-a-danger"}
    assert "Only Sam" in await bench.presses(ALI, "told:1:nobody", "Ali")
    bench.texts(GROUP)
    await bench.wait(905)
    (reminder,) = bench.texts(GROUP)
    assert "without saying who was told" in reminder
    await bench.wait(905)
    assert bench.texts(GROUP) == []
    await bench.presses(SAM, "record:1")
    await bench.presses(SAM, "told:1:nobody")
    assert "Told: Nobody." in edited_card(bench)
    for action in ("told:1:x", "agreed:1:x", "end:1:x"):
        assert await bench.presses(SAM, action) == "That case no longer exists."


async def test_a_note_is_kept_in_the_topic_by_reply_or_by_number_and_never_sent(
    bench: Bench,
) -> None:
    card = await claimed(bench)
    bench.texts(KAY)
    topic = (await case(bench)).topic_id
    if bench.topics:
        await bench.staff(SAM, "/note in the topic", topic=topic, root=True)
    else:
        await bench.staff(SAM, "/note in the topic", reply_to=card)
    number = await bench.staff(ALI, "/note@helper_bot by reply", reply_to=card, name="Ali")
    await bench.staff(ALI, "/note #1 by number")
    await bench.staff(ALI, "/note changed", edit=number, reply_to=card, name="Ali")
    assert bench.texts(KAY) == []
    lines = await bench.look(lambda unit: unit.lines(1))
    kept = [(line.text, line.by) for line in lines if line.author == "note"]
    assert kept == [("in the topic", "Sam"), ("by reply", "Ali"), ("by number", "Sam"),
                    ("changed", "Ali")]  # fmt: skip
    reactions = bench.calls(GROUP, "setMessageReaction")
    assert len(reactions) == 4
    bench.texts(GROUP)
    await bench.staff(SAM, "/case 1")
    assert "<b>Ali</b>: changed" in "\n".join(bench.texts(GROUP))
    for text, said in (("/note nowhere", "Which case?"), ("/note", "Write the note after it"),
                       ("/note #9 x", "Which case?"), ("/note #1 " + "x" * 2001, "not kept"),
                       ("/note #1", "Write the note")):  # fmt: skip
        await bench.staff(SAM, text)
        assert said in bench.texts(GROUP)[0], text
    await bench.wait(20)
    assert "Notes: 4" in edited_card(bench)
    assert "by reply" not in str(await bench.look(lambda unit: unit.history(1)))


async def test_a_reply_that_looks_like_a_command_is_not_sent_and_that_is_said(bench: Bench) -> None:
    card = await claimed(bench)
    bench.texts(KAY)
    await bench.staff(SAM, "/8pm at the club <b>", reply_to=card)
    assert bench.texts(KAY) == []
    assert "no command /8pm, so this was <b>not sent</b>" in bench.texts(GROUP)[0]


async def test_tags_come_and_go_and_what_does_not_fit_is_said(bench: Bench) -> None:
    card = await claimed(bench)
    await bench.staff(SAM, "/tag 1 College Knife own-word")
    assert (await case(bench)).tags == ("school", "knife", "own-word")
    assert "#school #knife #own-word" in edited_card(bench)
    await bench.staff(SAM, "/tag gangs", reply_to=card)
    assert (await case(bench)).tags[-1] == "gang"
    await bench.staff(SAM, f"/tag 1 {'x' * 41}")
    assert "Too long" in bench.texts(GROUP)[-1]
    await bench.staff(SAM, "/tag 1 " + " ".join(f"t{n}" for n in range(9)))
    assert "10 tags at most. Not added: t6, t7, t8" in bench.texts(GROUP)[-1]
    await bench.staff(SAM, "/untag 1 knife t0")
    assert "knife" not in (await case(bench)).tags
    await bench.staff(SAM, "/untag 1 nothing")
    assert "Tags of #1: #school" in bench.texts(GROUP)[-1]
    for text in ("/tag", "/tag 9 x", "/tag 1", "/untag", "/tag 1 ***"):
        await bench.wait(30)  # the group's minute holds no more
        await bench.staff(SAM, text)
        assert "Write the case and the tags" in bench.texts(GROUP)[-1]


async def test_words_of_a_closed_case_go_after_the_retention_time(bench: Bench) -> None:
    await claimed(bench)
    await bench.staff(SAM, "/note #1 about her brother")
    await bench.staff(SAM, "/tag 1 knife kays-brother")
    await bench.presses(SAM, "end:1:safe")
    await bench.presses(SAM, "told:1:nobody")
    await bench.presses(SAM, "why:1:ask")
    prompt = bench.id_of(bench.calls(GROUP, role="why")[-1])
    await bench.staff(SAM, "the brother left", reply_to=prompt)
    due = await bench.look(lambda unit: unit._tables.timers["erase:1"])
    assert (due.due - bench.clock.now()).days in (89, 90)

    def now_due(unit):  # type: ignore[no-untyped-def]
        unit.set_timer(replace(due, due=bench.clock.now()))

    await bench.look(now_due)
    bench.wakers.wake_all()
    await bench.wait(25)
    found = await case(bench)
    assert await bench.look(lambda unit: unit.lines(1)) == []
    assert (found.reason, found.tags, found.erased) == ("", ("knife",), True)
    assert found.decision == Decision(("nobody",), None, "", "done")
    for gone in ("brother", KNIFE, "weapon near"):
        assert gone not in edited_card(bench)
    bench.texts(GROUP)
    await bench.staff(SAM, "/note #1 one more")
    assert "not kept" in bench.texts(GROUP)[0]
    await bench.staff(SAM, "one more", reply_to=prompt)
    assert "not kept" in bench.texts(GROUP)[0]


async def test_refreshes_of_a_card_that_wait_are_one(bench: Bench) -> None:
    await claimed(bench)
    bench.refuse = lambda call: Later("flood", 5.0) if call.role == "card-edit" else None
    before = len(bench.calls(GROUP, role="card-edit"))
    await bench.presses(SAM, "end:1:safe")
    for who in ("police", "school", "parent"):
        await bench.presses(SAM, f"told:1:{who}")
    bench.refuse = lambda call: None
    await bench.wait(15)
    assert len(bench.calls(GROUP, role="card-edit")) - before <= 2
    assert "told:1:police" in shown(bench)


def minute(n: int) -> datetime:
    return START + timedelta(minutes=n)


def test_a_card_shows_the_first_words_and_the_newest_and_how_long_it_has_waited() -> None:
    world = small_world()
    now = Case(1, KAY, GROUP, "emergency", "violence", "a knife", minute(0), age=15,
               borough="Lambeth")  # fmt: skip
    lines = [Line("person", f"line {n} " + "x" * 200, minute(n)) for n in range(30)]
    lines.append(Line("note", "secret", minute(1)))
    text = card_text(CardView(now, lines, minute(9)), world)
    assert "line 0 " in text
    assert "line 29 " in text
    assert "line 10 " not in text
    assert "secret" not in text
    assert "Age: 13 to 15" in text
    assert "Waiting 9 min, since 20:00" in text
    assert "🔴 <b>#1 EMERGENCY: violence" in text
