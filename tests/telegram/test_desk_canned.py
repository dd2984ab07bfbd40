"""`/r`: found, shown, sent; never half filled, never to the wrong case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.telegram import marks
from directory.model import Confidence, FrontDoor
from intents.canned import Canned
from tests.conversation.small_world import SURE, small_world
from tests.telegram.desk_bench import Bench, knife_is_danger
from tests.telegram.test_desk_cases import ALI, GROUP, KAY, SAM
from tests.telegram.test_desk_relay import claimed

REPLIES = (
    Canned("breathe", "Breathe with me", "Slow", ("panic", "calm"), "Breathe <b>in</b> & out."),
    Canned("five", "Five things", "Slow", ("panic", "grounding"), "Name 5 things."),
    Canned("ring", "Somebody to ring", "Numbers", ("helpline",), "They listen:\n{childline}"),
    Canned("council", "The council", "Numbers", ("door",),
           "In {borough}: {front_door_day}, at night {front_door_out}."),
    Canned("gone", "A gone one", "Numbers", ("lost",), "{no-such-helpline}"),
)  # fmt: skip
ACTIONS = "inline_keyboard"


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(replace(small_world(), understand=knife_is_danger, canned=REPLIES))
    await bench.start()
    yield bench
    await bench.stop()


async def test_one_that_is_clear_is_shown_and_sent_at_a_press(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    await bench.staff(SAM, "/r brethe", reply_to=relay)
    (preview,) = bench.new(GROUP)
    assert "Breathe <b>in</b> & out." in preview.params["text"]
    assert bench.texts(KAY) == []
    assert "Only whoever" in await bench.presses(ALI, "r-send:1:breathe", "Ali")
    await bench.presses(SAM, "r-send:1:breathe")
    assert bench.texts(KAY) == ["<b>Sam from the team:</b>\nBreathe <b>in</b> &amp; out."]
    assert bench.mark(bench.id_of(preview)) == marks.DELIVERED
    assert "gone already" in await bench.presses(SAM, "r-send:1:breathe")
    assert bench.texts(KAY) == []
    lines = await bench.look(lambda unit: unit.lines(1))
    assert lines[-1].text == "Breathe in & out."
    await bench.staff(SAM, "/unsend", reply_to=bench.id_of(preview))
    assert bench.calls(KAY, "deleteMessages")


async def test_several_give_a_choice_also_in_the_topic_alone(bench: Bench) -> None:
    _, topic = await claimed(bench)
    await bench.staff(SAM, "/r panic", topic=topic, root=True)
    (choice,) = bench.new(GROUP)
    labels = [row[0]["text"] for row in choice.params["reply_markup"][ACTIONS]]
    assert labels == ["Breathe with me", "Five things", "None of these"]
    await bench.presses(SAM, "r-pick:1:five")
    assert "Name 5 things." in bench.calls(GROUP, "editMessageText")[-1].params["text"]
    await bench.presses(SAM, "r-no:1")
    assert "Not sent" in bench.calls(GROUP, "editMessageText")[-1].params["text"]
    assert bench.texts(KAY) == []


async def test_numbers_are_filled_in_and_missing_ones_keep_it_from_going(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    await bench.staff(SAM, "/r helpline", reply_to=relay)
    assert "<b>Childline</b>: 0800 1111" in bench.texts(GROUP)[0]
    await bench.staff(SAM, "/r council", reply_to=relay)
    (told,) = bench.new(GROUP)
    assert "front_door_day" in told.params["text"]
    assert "not sent" in told.params["text"]
    assert len(told.params["reply_markup"][ACTIONS][0]) == 1
    await bench.staff(SAM, "/r lost", reply_to=relay)
    assert "no-such-helpline" in bench.texts(GROUP)[0]
    assert bench.texts(KAY) == []


async def test_the_boroughs_numbers_only_where_they_are_sure(bench: Bench) -> None:
    await bench.says(KAY, "/start lambeth")
    relay, _ = await claimed(bench)
    await bench.staff(SAM, "/r council", reply_to=relay)
    assert "In Lambeth: 020 7926 3100, at night 020 7926 5555." in bench.texts(GROUP)[0]
    door = FrontDoor("Lambeth", "MASH", "020 7926 3100", "020 7926 5555", None, None,
                     replace(SURE, confidence=Confidence.MEDIUM))  # fmt: skip
    bench.world = replace(bench.world, front_doors={"Lambeth": door})
    assert "not sure any more" in await bench.presses(SAM, "r-send:1:council")
    assert bench.texts(KAY) == []


async def test_alone_it_lists_them_in_groups(bench: Bench) -> None:
    await bench.staff(SAM, "/r")
    (text,) = bench.texts(GROUP)
    assert text.index("<b>Slow</b>") < text.index("Breathe with me") < text.index("<b>Numbers</b>")


async def test_for_nobody_for_a_closed_case_and_for_unknown_words(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    await bench.staff(SAM, "/r breathe")
    assert "For whom?" in bench.texts(GROUP)[0]
    await bench.staff(SAM, "/r zebra", reply_to=relay)
    assert "No ready reply fits “zebra”" in bench.texts(GROUP)[0]
    await bench.staff(SAM, "/r breathe", reply_to=relay)
    await bench.presses(SAM, "end:1:safe")
    bench.texts(KAY)
    assert "not sent" in await bench.presses(SAM, "r-send:1:breathe")
    await bench.staff(SAM, "/r breathe", reply_to=relay)
    assert "not sent" in bench.texts(GROUP)[-1]
    assert bench.texts(KAY) == []


async def test_one_that_was_taken_out_meanwhile_is_not_sent(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    await bench.staff(SAM, "/r breathe", reply_to=relay)
    bench.world = replace(bench.world, canned=REPLIES[1:])
    assert "is gone" in await bench.presses(SAM, "r-send:1:breathe")
    assert bench.texts(KAY) == []
