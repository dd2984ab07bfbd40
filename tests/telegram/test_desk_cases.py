"""A case from its first word to its end, as the phone and the staff group see it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.cases.model import Status, TopicState
from bot.delivery.model import Never, Priority
from bot.demo.api.telegram_html import parse_html
from tests.conversation.small_world import small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench, knife_is_danger

KAY, SAM, ALI, GROUP = 5001, 9001, 9002, raw.GROUP
KNIFE = "theres a man outside my door with a knife"


@pytest.fixture(params=["topics", "plain"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    world = replace(small_world(), understand=knife_is_danger)
    bench = Bench(world, topics=request.param == "topics")
    await bench.start()
    yield bench
    await bench.stop()


async def raised(bench: Bench) -> int:
    """A danger is written; the id of the card."""
    await bench.says(KAY, KNIFE)
    assert "call 999" in bench.texts(KAY)[0]
    (card,) = bench.new(GROUP)
    return bench.id_of(card)


async def test_the_card_comes_first_and_says_everything_that_is_known(bench: Bench) -> None:
    await bench.says(KAY, "/start lambeth")
    await bench.says(KAY, KNIFE)
    (card,) = bench.new(GROUP)
    text = card.params["text"]
    for said in ("#1 EMERGENCY: violence", KNIFE, "Area: Lambeth", "020 7926 3100", "weapon near",
                 "Nobody has this yet", "999 and helplines"):  # fmt: skip
        assert said in text
    assert card.priority is Priority.ALERT
    assert "Kay" not in text
    order = [c.role for c in bench.made if c.role in ("card", "answer")][-2:]
    assert sorted(order) == ["answer", "card"]


async def test_from_the_first_word_to_closed(bench: Bench) -> None:
    card = await raised(bench)
    await bench.says(KAY, "hes banging")
    assert bench.texts(KAY) == ["Got it, passed on to the team. Keep writing if you want, they'll "
                                "see all of it."]  # fmt: skip
    (relay,) = bench.new(GROUP)
    assert relay.params["reply_parameters"]["message_id"] == card
    assert await bench.presses(SAM, "claim:1") == "You have #1."
    assert "<b>Sam from the team</b> has read this" in bench.texts(KAY)[0]
    asked = bench.calls(GROUP, "createForumTopic")
    assert [c.params["name"] for c in asked] == (["#1 violence · not known"] * bench.topics)
    in_case = bench.new(GROUP)
    assert all(("message_thread_id" in c.params) == bench.topics for c in in_case)
    assert bench.topics == any(KNIFE in c.params["text"] for c in in_case)
    await bench.says(KAY, "are you there")
    assert bench.texts(KAY) == []
    (relay,) = bench.new(GROUP)
    number = await bench.staff(SAM, "im here, lock the door", reply_to=bench.id_of(relay))
    assert bench.texts(KAY) == ["<b>Sam from the team:</b>\nim here, lock the door"]
    (reaction,) = bench.calls(GROUP, "setMessageReaction")
    assert reaction.params["message_id"] == number
    assert await bench.presses(SAM, "close:1") == "How did it end? (case #1)"
    assert "#1 is closed. Who was told?" in await bench.presses(SAM, "end:1:safe")
    assert "closed for now" in bench.texts(KAY)[0]
    case = await bench.look(lambda unit: unit.load_case(1))
    assert (case.status, case.outcome) == (Status.CLOSED, "safe")
    assert bool(bench.calls(GROUP, "closeForumTopic")) == bench.topics
    edits = bench.calls(GROUP, "editMessageText")
    assert "Closed by Sam:" in edits[-1].params["text"]
    assert edits[-1].params["message_id"] == card


async def test_two_workers_press_and_the_second_is_told_who(bench: Bench) -> None:
    await raised(bench)
    assert await bench.presses(SAM, "claim:1") == "You have #1."
    assert await bench.presses(ALI, "claim:1", "Ali") == "Sam already has #1."
    assert (
        await bench.presses(ALI, "release:1", "Ali") == "Sam has #1. They can give it back first."
    )
    assert "Sam has #1" in await bench.presses(ALI, "end:1:safe", "Ali")
    case = await bench.look(lambda unit: unit.load_case(1))
    assert (case.status, case.worker.name) == (Status.CLAIMED, "Sam")


async def test_giving_back_asks_again_and_the_next_claim_keeps_the_topic(bench: Bench) -> None:
    await raised(bench)
    await bench.presses(SAM, "claim:1")
    bench.texts(KAY)
    bench.texts(GROUP)
    await bench.presses(SAM, "release:1")
    assert "Sam had to go" in bench.texts(KAY)[0]
    assert any("Who can take it?" in text for text in bench.texts(GROUP))
    await bench.presses(ALI, "claim:1", "Ali")
    assert "Ali from the team" in bench.texts(KAY)[0]
    told = "\n".join(bench.texts(GROUP))
    assert ("no topics" in told) != bench.topics
    assert len(bench.calls(GROUP, "createForumTopic")) == bench.topics


async def test_replying_to_the_card_of_an_open_case_claims_it(bench: Bench) -> None:
    card = await raised(bench)
    await bench.staff(SAM, "with you", reply_to=card)
    case = await bench.look(lambda unit: unit.load_case(1))
    assert (case.status, case.worker.name) == (Status.CLAIMED, "Sam")
    assert case.first_answer_at is not None
    texts = bench.texts(KAY)
    assert texts[-1] == "<b>Sam from the team:</b>\nwith you"


async def test_what_is_no_reply_stays_between_staff(bench: Bench) -> None:
    await raised(bench)
    await bench.presses(SAM, "claim:1")
    bench.texts(KAY)
    case = await bench.look(lambda unit: unit.load_case(1))
    await bench.staff(SAM, "poor thing", topic=case.topic_id, root=True)
    mine = await bench.staff(SAM, "who is nearby")
    await bench.staff(ALI, "me", reply_to=mine)
    assert bench.texts(KAY) == []


async def test_a_reply_to_the_bots_note_is_not_sent_and_that_is_said(bench: Bench) -> None:
    await raised(bench)
    await bench.presses(SAM, "claim:1")
    bench.texts(KAY)
    intro = bench.calls(GROUP, role="note")[0]
    bench.texts(GROUP)
    await bench.staff(SAM, "hello", reply_to=bench.id_of(intro))
    assert bench.texts(KAY) == []
    assert "not sent" in bench.texts(GROUP)[0]


async def test_a_reply_to_a_closed_case_is_not_sent_and_that_is_said(bench: Bench) -> None:
    card = await raised(bench)
    await bench.presses(SAM, "end:1:false-alarm")
    bench.texts(KAY)
    bench.texts(GROUP)
    await bench.staff(SAM, "one more thing", reply_to=card)
    assert bench.texts(KAY) == []
    assert "not sent" in bench.texts(GROUP)[0]
    await bench.says(KAY, "/forget")
    await bench.taps(KAY, "forget:yes")
    bench.texts(KAY)
    await bench.staff(SAM, "still there?", reply_to=card)
    assert "not sent" in bench.texts(GROUP)[0]


async def test_a_very_long_reply_goes_in_parts_and_nothing_is_lost(bench: Bench) -> None:
    card = await raised(bench)
    await bench.presses(SAM, "claim:1")
    bench.texts(KAY)
    bench.texts(GROUP)
    words = " ".join(f"<{n}>&" for n in range(900))[:4096].strip()
    await bench.staff(SAM, words, reply_to=card)
    await bench.wait(8)
    parts = bench.texts(KAY)
    assert len(parts) > 1
    assert "parts" in bench.texts(GROUP)[0]
    got = " ".join(parse_html(part)[0] for part in parts)
    assert got.split()[4:] == words.split()


async def test_an_edit_of_a_reply_changes_it_on_the_phone(bench: Bench) -> None:
    card = await raised(bench)
    number = await bench.staff(SAM, "go to the shop", reply_to=card)
    sent = bench.calls(KAY, role="relay-out")[0]
    await bench.staff(SAM, "go to the station", reply_to=card, edit=number)
    (edit,) = bench.calls(KAY, "editMessageText")
    assert edit.params["message_id"] == bench.id_of(sent)
    assert "go to the station" in edit.params["text"]


async def test_an_edit_that_cannot_be_sent_on_is_said(bench: Bench) -> None:
    card = await raised(bench)
    number = await bench.staff(SAM, "go to the shop", reply_to=card)
    await bench.presses(SAM, "end:1:safe")
    bench.texts(GROUP)
    await bench.staff(SAM, "go to the station", reply_to=card, edit=number)
    assert bench.calls(KAY, "editMessageText") == []
    assert "could not be sent on" in bench.texts(GROUP)[0]


async def test_a_person_who_blocked_the_bot_is_shown_as_such(bench: Bench) -> None:
    card = await raised(bench)
    await bench.presses(SAM, "claim:1")
    bench.refuse = lambda call: Never("blocked") if call.chat_id == KAY else None
    bench.texts(GROUP)
    await bench.staff(SAM, "hello?", reply_to=card)
    assert any("Not delivered" in text and "blocked" in text for text in bench.texts(GROUP))
    reaction = bench.calls(GROUP, "setMessageReaction")[-1]
    assert reaction.params["reaction"][0]["emoji"] == "\N{BROKEN HEART}"
    edits = bench.calls(GROUP, "editMessageText")
    assert "replies do not arrive" in edits[-1].params["text"]


async def test_blocking_and_coming_back_is_told(bench: Bench) -> None:
    await raised(bench)
    for status, told in (("kicked", "they blocked the bot"), ("member", "can be reached again")):
        more = {"until_date": 0} if status == "kicked" else {}
        chat = raw.private_chat(KAY)
        payload = raw.membership(chat, raw.user(KAY), bench.date, status, **more)
        await bench.receives(payload, f"c:{KAY}")
        assert any(told in text for text in bench.texts(GROUP))


async def test_a_burst_of_lines_becomes_one_relay(bench: Bench) -> None:
    await raised(bench)
    for line in ("hes", "still", "there <b>"):
        await bench.says(KAY, line, seconds=0.3)
    await bench.wait(4)
    (relay,) = bench.texts(GROUP)
    assert all(line in relay for line in ("hes", "still", "there &lt;b&gt;"))


async def test_forgetting_during_a_case_erases_its_words_when_it_closes(bench: Bench) -> None:
    await raised(bench)
    await bench.presses(SAM, "claim:1")
    await bench.says(KAY, "/forget")
    await bench.taps(KAY, "forget:yes")
    assert any("asked to be forgotten" in text for text in bench.texts(GROUP))
    assert await bench.look(lambda unit: unit.lines(1))
    bench.texts(KAY)
    await bench.presses(SAM, "end:1:safe")
    assert "closed for now" in bench.texts(KAY)[0]
    assert await bench.look(lambda unit: unit.lines(1)) == []
    case = await bench.look(lambda unit: unit.load_case(1))
    assert case.chat_id == 0
    assert KNIFE not in bench.calls(GROUP, "editMessageText")[-1].params["text"]


async def test_forgetting_after_a_case_unlinks_every_closed_one(bench: Bench) -> None:
    bench.office = replace(bench.office, reopens_days=0)
    for number in (1, 2):
        await bench.says(KAY, KNIFE)
        await bench.presses(SAM, f"end:{number}:safe")
    await bench.says(KAY, KNIFE)
    await bench.says(KAY, "/forget")
    await bench.taps(KAY, "forget:yes")
    for number in (1, 2):
        assert await bench.look(lambda unit, n=number: unit.lines(n)) == []
        assert (await bench.look(lambda unit, n=number: unit.load_case(n))).chat_id == 0
    assert (await bench.look(lambda unit: unit.load_case(3))).chat_id == KAY
    assert await bench.look(lambda unit: unit.load_chat(KAY)) is None


async def test_a_new_danger_long_after_closing_opens_a_new_case(bench: Bench) -> None:
    bench.office = replace(bench.office, reopens_days=0)
    await raised(bench)
    await bench.presses(SAM, "end:1:safe")
    bench.texts(GROUP)
    await bench.says(KAY, KNIFE)
    assert any("#2 EMERGENCY" in text for text in bench.texts(GROUP))


async def test_a_case_without_topics_runs_under_its_card(bench: Bench) -> None:
    bench.refuse = lambda call: (
        Never("not-enough-rights") if call.method == "createForumTopic" else None
    )
    card = await raised(bench)
    await bench.presses(SAM, "claim:1")
    await bench.says(KAY, "you there")
    relay = bench.calls(GROUP, role="relay-in")[-1]
    assert relay.params["reply_parameters"]["message_id"] == card
    case = await bench.look(lambda unit: unit.load_case(1))
    assert case.topic_state is TopicState.IMPOSSIBLE


async def test_a_topic_that_was_deleted_does_not_swallow_words(bench: Bench) -> None:
    await raised(bench)
    await bench.presses(SAM, "claim:1")
    bench.refuse = lambda call: Never("topic-gone") if "message_thread_id" in call.params else None
    bench.texts(GROUP)
    await bench.says(KAY, "you there")
    assert any("you there" in text for text in bench.texts(GROUP))
