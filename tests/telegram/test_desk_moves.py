"""Handing over, setting the level, merging, opening again: as workers and the person see it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.cases.model import Case, Status
from bot.cases.plan import DeskPlan, Member
from bot.telegram.members import Seat
from intents.model import Danger, Decision, Understanding
from tests.conversation.small_world import meant, paged, small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench

KAY, LEE, SAM, ALI, JO, GROUP = 5001, 5002, 9001, 9002, 9003, raw.GROUP
KNIFE = "he has a knife"


def understand(text: str) -> Understanding:
    if "thanks" in text:
        return meant(text, "thanks")
    if "bully" in text:
        return meant(text, "bullying")
    danger = paged() if "knife" in text else Danger()
    return meant(text, "out-of-scope", decision=Decision.FALLBACK, danger=danger)


@pytest.fixture(params=["topics", "plain"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    world = replace(small_world(), understand=understand)
    bench = Bench(world, topics=request.param == "topics")
    plan = DeskPlan(members=(Member(JO, "Jo", lead=True),))
    bench.office = replace(bench.office, plan=lambda: plan)
    await bench.start()
    yield bench
    await bench.stop()


async def case(bench: Bench, number: int = 1) -> Case:
    found = await bench.look(lambda unit: unit.load_case(number))
    assert isinstance(found, Case)
    return found


async def claimed(bench: Bench) -> int:
    """Kay writes of danger, Sam has it; the id of the card."""
    await bench.says(KAY, KNIFE)
    card = bench.id_of(bench.calls(GROUP, role="card")[-1])
    await bench.presses(SAM, "claim:1")
    return card


async def ended(bench: Bench) -> int:
    card = await claimed(bench)
    await bench.staff(SAM, "with you", reply_to=card)
    await bench.presses(SAM, "end:1:safe")
    bench.texts(KAY)
    bench.texts(GROUP)
    return card


def shown(bench: Bench) -> list[str]:
    """The actions under what was last shown as buttons."""
    rows = [call.params["reply_markup"]["inline_keyboard"] for call in bench.calls(GROUP)
            if "inline_keyboard" in call.params.get("reply_markup", {})][-1]  # fmt: skip
    return [button["callback_data"] for row in rows for button in row]


def card_text(bench: Bench) -> str:
    return str(bench.calls(GROUP, role="card-edit")[-1].params["text"])


async def test_a_case_is_offered_and_changes_hands_when_the_other_acts(bench: Bench) -> None:
    await bench.staff(ALI, "hi all", name="Ali")
    card = await claimed(bench)
    bench.texts(KAY)
    assert await bench.presses(SAM, "more:1") == "(no answer)" or shown(bench)
    assert "hand:1" in shown(bench)
    assert "Who should take over #1?" in await bench.presses(SAM, "hand:1")
    assert shown(bench) == [f"give:1:{ALI}", f"give:1:{JO}", "back:1"]
    bench.texts(GROUP)
    told = await bench.presses(SAM, f"give:1:{ALI}")
    assert told == "Ali is asked. You have #1 until they take it."
    (asked,) = [text for text in bench.texts(GROUP) if "asks you" in text]
    assert f'<a href="tg://user?id={ALI}">Ali</a>' in asked
    assert (await case(bench)).worker.id == SAM  # type: ignore[union-attr]
    assert "Ali is asked to take it over" in card_text(bench)
    assert bench.texts(KAY) == []
    assert await bench.presses(JO, "claim:1", "Jo") == "Sam already has #1."
    await bench.staff(ALI, "im taking over", reply_to=card, name="Ali")
    assert (await case(bench)).worker.id == ALI  # type: ignore[union-attr]
    texts = bench.texts(KAY)
    assert "Ali from the team</b> is taking over" in texts[0]
    assert "im taking over" in texts[1]
    assert await bench.presses(SAM, "release:1") == "Ali has #1. They can give it back first."


async def test_an_offer_is_declined_taken_back_or_lapses(bench: Bench) -> None:
    await bench.staff(ALI, "hi", name="Ali")
    await claimed(bench)
    for who, name in ((ALI, "Ali"), (SAM, "Sam")):
        await bench.presses(SAM, f"give:1:{ALI}")
        assert await bench.presses(JO + 1, "decline:1", "Eve") == (
            "Ali is asked to take it over, not you."
        )
        assert await bench.presses(who, "decline:1", name) == "The hand-over is called off."
    assert await bench.presses(SAM, "decline:1") == "Nobody is asked to take over #1."
    await bench.presses(SAM, f"give:1:{ALI}")
    await bench.says(KAY, "hello?")
    bench.texts(GROUP)
    await bench.wait(301)
    assert any("did not take over" in text for text in bench.texts(GROUP))
    assert (await case(bench)).offered_to is None
    assert "that worker" in await bench.presses(SAM, "give:1:77")


async def test_a_level_set_by_hand_stands_on_the_card_with_who_set_it(bench: Bench) -> None:
    await bench.says(KAY, "/person")
    await bench.presses(SAM, "level:1")
    assert shown(bench) == ["set:1:emergency", "set:1:urgent", "back:1"]
    bench.texts(GROUP)
    assert await bench.presses(SAM, "set:1:emergency") == "#1 is now: EMERGENCY."
    assert any("Sam set" in text for text in bench.texts(GROUP))
    assert "🔴" in card_text(bench)
    assert "Level set by Sam. The bot had said: please answer." in card_text(bench)
    assert (await case(bench)).priority == "emergency"
    await bench.wait(125)
    assert any("Nobody has it" in text for text in bench.texts(GROUP))
    audit = await bench.look(lambda unit: unit.audited(unit.load_case(1).opened_at))
    assert ("level-set", {"case": 1, "worker": SAM, "level": "emergency"}) in [
        entry[1:] for entry in audit
    ]


async def test_after_lowering_by_hand_the_same_danger_counts_again(bench: Bench) -> None:
    await bench.says(KAY, KNIFE)
    await bench.presses(SAM, "set:1:concern")
    bench.texts(GROUP)
    await bench.says(KAY, "the knife again")
    assert any("new sign of danger" in text for text in bench.texts(GROUP))
    assert "EMERGENCY" in card_text(bench)


@pytest.mark.parametrize("words", [KNIFE, "are you there", "i get bullyd", "/person"])
async def test_who_writes_again_soon_goes_on_in_the_same_case(bench: Bench, words: str) -> None:
    old_card = await ended(bench)
    await bench.says(KAY, words)
    assert bench.texts(KAY), "they get an answer"
    (card,) = [text for text in bench.texts(GROUP) if "They wrote again" in text]
    assert f'<a href="tg://user?id={SAM}">Sam</a> had it before' in card
    assert words.startswith("/") or words in card
    found = await case(bench)
    assert (found.status, found.worker, found.before.id) == (Status.OPEN, None, SAM)  # type: ignore[union-attr]
    assert bool(bench.calls(GROUP, "reopenForumTopic")) == bench.topics
    await bench.wait(60)  # edits give way to what is more urgent
    assert any("stands further down" in str(call.params.get("text")) for call in
               bench.calls(GROUP, "editMessageText"))  # fmt: skip
    await bench.staff(ALI, "here again", reply_to=old_card, name="Ali")
    assert "here again" in bench.texts(KAY)[-1]
    assert await bench.look(lambda unit: unit.load_case(2)) is None


@pytest.mark.parametrize("words", ["thanks", "/start lambeth", "hide"])
async def test_thanks_and_commands_open_nothing(bench: Bench, words: str) -> None:
    await ended(bench)
    await bench.says(KAY, words)
    assert (await case(bench)).status is Status.CLOSED
    assert bench.texts(GROUP) == []


async def test_only_who_closed_it_or_a_lead_opens_a_case_again(bench: Bench) -> None:
    await ended(bench)
    assert "Only Sam, who closed #1, or a lead" in await bench.presses(ALI, "reopen:1", "Ali")
    assert "You have #1" in await bench.presses(JO, "reopen:1", "Jo")
    assert "Jo from the team</b> has opened the chat again" in bench.texts(KAY)[0]
    found = await case(bench)
    assert (found.status, found.worker.id) == (Status.CLAIMED, JO)  # type: ignore[union-attr]
    assert await bench.presses(SAM, "reopen:1") == "#1 is open already."
    await bench.says(KAY, "hi again")
    assert any("hi again" in text for text in bench.texts(GROUP))


async def test_an_older_case_is_merged_and_replies_to_it_still_arrive(bench: Bench) -> None:
    bench.office = replace(bench.office, reopens_days=0)
    old_card = await ended(bench)
    await bench.says(KAY, "the knife is back")
    await bench.says(LEE, KNIFE)
    await bench.presses(ALI, "claim:2", "Ali")
    assert await bench.presses(ALI, "join:2:3", "Ali") == "That is not a case of the same person."
    assert "belongs to #2" in await bench.presses(ALI, "merge:2", "Ali")
    assert shown(bench) == ["join:2:1", "back:2"]
    assert await bench.presses(ALI, "join:2:1", "Ali") == "#1 goes on as #2."
    bench.texts(KAY)
    await bench.staff(ALI, "reply to the old card", reply_to=old_card, name="Ali")
    assert "reply to the old card" in bench.texts(KAY)[0]
    assert bench.texts(LEE)[1:] == []
    lines = await bench.look(lambda unit: [line.text for line in unit.lines(2)])
    assert lines == [KNIFE, "with you", "the knife is back", "reply to the old card"]
    assert await bench.look(lambda unit: unit.lines(1)) == []
    for action in ("claim:1", "reopen:1", "end:1:safe", "merge:1", "told:1:nobody"):
        assert await bench.presses(ALI, action, "Ali") == "#1 goes on as #2."
    assert await bench.presses(SAM, "reopen:2") == "#2 is open already."


async def test_where_no_plan_names_leads_an_administrator_of_the_group_may_reopen(
    bench: Bench,
) -> None:
    bench.office = replace(bench.office, plan=DeskPlan)
    await ended(bench)
    assert "Only" in await bench.presses(ALI, "reopen:1", "Ali")
    bench.seats[GROUP, ALI] = Seat.ADMIN
    await bench.wait(60)  # what was known of them is asked again
    await bench.presses(ALI, "reopen:1", "Ali")
    assert (await case(bench)).status is not Status.CLOSED


async def test_nothing_is_handed_to_somebody_who_has_left_the_group(bench: Bench) -> None:
    await claimed(bench)
    await bench.staff(ALI, "hi all", name="Ali")
    await bench.presses(SAM, "hand:1")
    assert f"give:1:{ALI}" in shown(bench)
    bench.seats[GROUP, ALI] = Seat.OUTSIDE
    await bench.wait(60)
    await bench.staff(ALI, "/open", name="Ali")
    await bench.presses(SAM, "hand:1")
    assert f"give:1:{ALI}" not in shown(bench)


async def test_a_level_raised_by_hand_never_puts_a_running_chain_off(bench: Bench) -> None:
    await bench.says(KAY, KNIFE)
    found = replace(await case(bench), urgency="urgent")
    await bench.look(lambda unit: unit.save_case(found))
    before = await bench.look(lambda unit: unit._tables.timers["chain:1:lead"].due)
    await bench.wait(240)
    await bench.presses(SAM, "set:1:emergency")
    assert (await case(bench)).priority == "emergency"
    assert await bench.look(lambda unit: unit._tables.timers["chain:1:lead"].due) <= before
