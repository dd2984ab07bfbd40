"""A worker says whether an alarm was right; words are kept only after somebody has read them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.model import Status
from bot.delivery.model import Call
from intents.scrub import Scrubber
from tests.conversation.small_world import small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench, knife_is_danger

KAY, SAM, ALI, GROUP = 5001, 9001, 9002, raw.GROUP
KNIFE = "jayden in brixton got a knife skin on 07911 123456 lol"
SCRUBBED = "[name] in [place] got a knife skin on [number] lol"


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    scrub = Scrubber.of(["brixton"])
    bench = Bench(replace(small_world(), understand=knife_is_danger, scrub=scrub))
    await bench.start()
    yield bench
    await bench.stop()


async def closed(bench: Bench, outcome: str = "false-alarm", text: str = KNIFE) -> None:
    await bench.says(KAY, text)
    await bench.presses(SAM, "claim:1")
    bench.texts(GROUP)
    await bench.presses(SAM, f"end:1:{outcome}")
    await recorded(bench)


async def recorded(bench: Bench) -> None:
    """What was decided is written down too, and the group's minute has room again."""
    for action in ("told:1:nobody", "agreed:1:skip", "why:1:skip"):
        await bench.presses(SAM, action)
    await bench.wait(60)


def shown(bench: Bench) -> Call:
    """The message with the example."""
    (call,) = bench.calls(GROUP, "sendMessage", "suggestion")
    return call


async def kept(bench: Bench) -> list[dict[str, str]]:
    rows = await bench.look(lambda unit: unit.suggestions(""))
    return [row[2] for row in rows]


async def counted(bench: Bench) -> dict[str, int]:
    rows = await bench.look(lambda unit: unit.counts("judged", ""))
    return {label: number for _, label, number in rows}


def on_card(bench: Bench) -> list[str]:
    """The buttons under the card as it is now."""
    edits = bench.calls(GROUP, "editMessageText", "card-edit")
    return [one for one in buttons(edits[-1]) if one.startswith("judge")]


def buttons(call: Call) -> list[str]:
    rows = call.params.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row]


async def test_closing_as_no_danger_judges_it_and_shows_what_would_be_kept(bench: Bench) -> None:
    await closed(bench)
    call = shown(bench)
    assert f"<blockquote>{SCRUBBED}</blockquote>" in call.params["text"]
    assert "message_thread_id" not in call.params  # the topic is closed
    assert buttons(call) == ["suggest:1:give", "suggest:1:without", "suggest:1:cancel"]
    assert await counted(bench) == {"not-a-danger/violence": 1}
    assert await kept(bench) == []
    assert on_card(bench) == []  # it is judged: nothing more to ask on the card


async def test_what_is_given_is_tied_to_nobody_and_leaves_the_message(bench: Bench) -> None:
    await closed(bench)
    await bench.presses(ALI, "suggest:1:give", "Ali")
    assert await kept(bench) == [
        {"text": SCRUBBED, "judged": "not-a-danger", "kind": "violence", "level": "emergency"}
    ]
    await bench.wait(60)
    edits = [c.params["text"] for c in bench.calls(GROUP, "editMessageText")]
    assert any("example is kept for 90 days" in text for text in edits)
    case = await bench.look(lambda unit: unit.load_case(1))
    assert (case.judged, case.suggestion) == ("not-a-danger", None)
    assert "decided already" in await bench.presses(SAM, "suggest:1:give")
    assert len(await kept(bench)) == 1


@pytest.mark.parametrize(
    ("end", "numbers"), [("without", {"not-a-danger/violence": 1}),
                         ("cancel", {"not-a-danger/violence": 1})]
)  # fmt: skip
async def test_without_words_nothing_but_the_count_is_kept(
    bench: Bench, end: str, numbers: dict[str, int]
) -> None:
    await closed(bench)
    await bench.presses(SAM, f"suggest:1:{end}")
    assert await kept(bench) == []
    assert await counted(bench) == numbers  # it was closed as no danger: that stays said


async def test_a_reply_changes_the_text_and_is_scrubbed_again(bench: Bench) -> None:
    await closed(bench)
    number = bench.id_of(shown(bench))
    bench.texts(GROUP)
    mine = await bench.staff(SAM, "Tunde got a knife skin, call 020 7946 0000", reply_to=number)
    assert "[name] got a knife skin, call [number]" in bench.texts(GROUP)[0]
    assert "closed for now" in bench.texts(KAY)[-1]  # nothing of it went to the person
    await bench.staff(SAM, "got a knife skin", reply_to=number, edit=mine)
    edit = bench.calls(GROUP, "editMessageText")[-1]
    assert "got a knife skin</blockquote>" in edit.params["text"]
    assert len(buttons(edit)) == 3
    await bench.presses(SAM, "suggest:1:give")
    assert [one["text"] for one in await kept(bench)] == ["got a knife skin"]
    await bench.staff(SAM, "again", reply_to=number)
    assert "decided already" in bench.texts(GROUP)[-1]


async def test_a_reply_without_words_is_refused_in_words(bench: Bench) -> None:
    await closed(bench)
    bench.texts(GROUP)
    number = bench.id_of(shown(bench))
    await bench.staff(SAM, reply_to=number, **raw.CONTENTS["sticker"])
    assert "no words in that" in bench.texts(GROUP)[0]


async def test_the_button_of_a_closed_card_judges_it_once(bench: Bench) -> None:
    await closed(bench, "safe")
    assert on_card(bench) == ["judge:1:not-a-danger"]
    assert "look at the example" in await bench.presses(ALI, "judge:1:not-a-danger", "Ali")
    assert SCRUBBED in shown(bench).params["text"]
    assert "already" in await bench.presses(SAM, "judge:1:not-a-danger")
    assert "already" in await bench.presses(SAM, "judge:1:nonsense")
    await bench.presses(SAM, "suggest:1:cancel")
    assert await counted(bench) == {"not-a-danger/violence": 0}
    case = await bench.look(lambda unit: unit.load_case(1))
    assert case.judged is None
    assert on_card(bench) == ["judge:1:not-a-danger"]


async def test_somebody_who_asked_for_a_person_may_turn_out_to_be_in_danger(bench: Bench) -> None:
    await bench.taps(KAY, "person")
    await bench.says(KAY, "my dad does things at night")
    await bench.presses(SAM, "claim:1")
    await bench.presses(SAM, "end:1:services")
    await recorded(bench)
    assert bench.calls(GROUP, role="suggestion") == []
    assert on_card(bench) == ["judge:1:was-a-danger"]
    await bench.presses(SAM, "judge:1:was-a-danger")
    assert "my dad does things at night" in shown(bench).params["text"]
    await bench.presses(SAM, "suggest:1:give")
    (one,) = await kept(bench)
    assert (one["judged"], one["kind"]) == ("was-a-danger", None)
    assert await counted(bench) == {"was-a-danger/any": 1}


async def test_no_words_of_somebody_under_13_are_shown_or_kept(bench: Bench) -> None:
    await closed(bench, "safe", "im 12 and got a knife skin")
    assert "under 13" in await bench.presses(SAM, "judge:1:not-a-danger")
    assert bench.calls(GROUP, role="suggestion") == []
    assert await counted(bench) == {"not-a-danger/violence": 1}


async def test_an_age_that_the_chat_knows_counts_too(bench: Bench) -> None:
    await bench.says(KAY, KNIFE)
    await bench.look(
        lambda unit: unit.save_chat(KAY, {**unit.load_chat(KAY), "age": 11}, bench.clock.now())
    )
    await bench.presses(SAM, "end:1:false-alarm")
    await bench.wait(5)
    assert bench.calls(GROUP, role="suggestion") == []


async def test_who_asks_to_be_forgotten_is_not_learnt_from(bench: Bench) -> None:
    await closed(bench)
    await bench.says(KAY, "/forget")
    await bench.taps(KAY, "forget:yes")
    case = await bench.look(lambda unit: unit.load_case(1))
    assert (case.chat_id, case.suggestion) == (0, None)
    assert "decided already" in await bench.presses(SAM, "suggest:1:give")
    assert await kept(bench) == []


async def test_who_asked_while_the_case_was_open_is_not_learnt_from_either(bench: Bench) -> None:
    await bench.says(KAY, KNIFE)
    await bench.says(KAY, "/forget")
    await bench.taps(KAY, "forget:yes")
    await bench.presses(SAM, "end:1:safe")
    await bench.wait(5)
    assert "asked to be forgotten" in await bench.presses(SAM, "judge:1:not-a-danger")
    assert bench.calls(GROUP, role="suggestion") == []


async def test_what_nobody_decides_on_is_dropped_after_a_day(bench: Bench) -> None:
    await closed(bench)
    timers = await bench.look(lambda unit: dict(unit._tables.timers))
    assert timers["suggestion:1"].due - bench.clock.now() > timedelta(hours=23)
    soon = replace(timers["suggestion:1"], due=bench.clock.now())
    await bench.look(lambda unit: unit.set_timer(soon))
    bench.wakers.wake_all()
    await bench.wait(60)
    case = await bench.look(lambda unit: unit.load_case(1))
    assert case.suggestion is None
    last = [c.params["text"] for c in bench.calls(GROUP, "editMessageText")]
    assert any("nobody decided" in text for text in last)
    assert await kept(bench) == []


async def test_an_open_case_cannot_be_judged(bench: Bench) -> None:
    await bench.says(KAY, KNIFE)
    assert "not closed" in await bench.presses(SAM, "judge:1:not-a-danger")
    case = await bench.look(lambda unit: unit.load_case(1))
    assert (case.status, case.judged) == (Status.OPEN, None)


async def test_given_examples_are_erased_after_the_retention_time(bench: Bench) -> None:
    await closed(bench)
    await bench.presses(SAM, "suggest:1:give")
    later = bench.clock.now().date().replace(year=bench.clock.now().year + 1)
    await bench.look(lambda unit: unit.forget_suggestions_before(f"{later}"))
    assert await kept(bench) == []
