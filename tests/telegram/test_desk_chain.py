"""Nobody takes a case, the group moves or is lost, an update breaks: staff hear of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.delivery.model import Moved, Never
from intents.model import Danger, Decision, Kind, Understanding, Urgency
from tests.conversation.small_world import maybe, meant, paged, small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import LEAD, ON_CALL, Bench

KAY, LEE, SAM, ALI, GROUP = 5001, 5002, 9001, 9002, raw.GROUP
NEW_GROUP = -1001000000777
DANGERS = {
    "knife": paged(),
    "hit": paged(Kind.ABUSE, Urgency.URGENT),
    "tired": maybe(),
}


def understand(text: str) -> Understanding:
    if "crash" in text:
        raise RuntimeError("the engine itself is broken")
    danger = next((found for word, found in DANGERS.items() if word in text), Danger())
    return meant(text, "out-of-scope", decision=Decision.FALLBACK, danger=danger)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(replace(small_world(), understand=understand))
    await bench.start()
    yield bench
    await bench.stop()


async def test_the_chain_alerts_the_group_then_on_call_then_the_lead(bench: Bench) -> None:
    await bench.says(KAY, "he has a knife", seconds=1)
    bench.texts(GROUP)
    bench.texts(KAY)
    await bench.wait(115)
    assert bench.texts(GROUP) == []
    await bench.wait(10)
    (again,) = bench.texts(GROUP)
    assert "Nobody has it after 2 min" in again
    assert bench.texts(KAY) == []
    await bench.wait(180)
    assert "On call" in bench.texts(GROUP)[0]
    (alert,) = bench.texts(ON_CALL)
    assert "he has a knife" in alert
    (told,) = bench.texts(KAY)
    assert "nobody from the team has answered yet" in told
    await bench.wait(300)
    assert "Safeguarding lead" in bench.texts(LEAD)[0]
    assert "Still no answer" in bench.texts(KAY)[0]


async def test_the_lead_is_called_again_but_the_person_is_told_once(bench: Bench) -> None:
    await bench.says(KAY, "he has a knife")
    await bench.wait(605)
    bench.texts(KAY)
    bench.texts(LEAD)
    await bench.wait(1205)
    assert len(bench.texts(LEAD)) == 2
    assert bench.texts(KAY) == []


async def test_a_claim_stops_the_chain_and_giving_back_starts_it_anew(bench: Bench) -> None:
    await bench.says(KAY, "he has a knife")
    await bench.presses(SAM, "claim:1")
    bench.texts(GROUP)
    await bench.wait(290)
    assert bench.texts(GROUP) == []
    assert bench.texts(ON_CALL) == []
    await bench.presses(SAM, "release:1")
    bench.texts(GROUP)
    await bench.wait(125)
    assert "Nobody has it" in bench.texts(GROUP)[0]


async def test_a_person_left_waiting_by_a_worker_is_called_out_and_another_may_step_in(
    bench: Bench,
) -> None:
    await bench.says(KAY, "he has a knife")
    await bench.presses(SAM, "claim:1")
    await bench.presses(ALI, "claim:1")
    assert (await bench.look(lambda unit: unit.load_case(1))).worker.id == SAM
    bench.texts(GROUP)
    await bench.wait(301)
    assert "has waited 5 min for an answer from" in bench.texts(GROUP)[0]
    await bench.presses(ALI, "claim:1")
    assert (await bench.look(lambda unit: unit.load_case(1))).worker.id == ALI
    assert any("taking over" in text for text in bench.texts(KAY))


async def test_cards_that_stood_in_the_old_group_come_again_in_the_new(bench: Bench) -> None:
    await bench.says(KAY, "he has a knife")
    bench.refuse = lambda call: Moved(NEW_GROUP) if call.chat_id == GROUP else None
    await bench.says(LEE, "he hit me")
    cards = [text for text in bench.texts(NEW_GROUP) if "Nobody has this yet" in text]
    assert sorted(text.partition("#")[2][0] for text in cards) == ["1", "2"]


async def test_new_danger_does_not_put_a_running_chain_off(bench: Bench) -> None:
    await bench.says(KAY, "he hit me")
    await bench.wait(100)
    await bench.says(KAY, "he has a knife")
    bench.texts(GROUP)
    await bench.wait(30)
    assert any("Nobody has it after 2 min" in text for text in bench.texts(GROUP))


async def test_danger_in_a_calm_case_makes_the_chain_quick(bench: Bench) -> None:
    await bench.says(KAY, "/person")
    (card,) = bench.texts(GROUP)
    assert "please answer" in card
    await bench.wait(150)
    assert bench.texts(GROUP) == []
    await bench.says(KAY, "he has a knife")
    assert any("new sign of danger" in text for text in bench.texts(GROUP))
    await bench.wait(130)
    assert any("Nobody has it" in text for text in bench.texts(GROUP))


async def test_a_silent_check_in_opens_a_case_that_says_so(bench: Bench) -> None:
    await bench.says(KAY, "so tired of it all")
    bench.texts(KAY)
    assert bench.texts(GROUP) == []
    await bench.wait(605)
    (card,) = bench.texts(GROUP)
    assert "no answer to the check-in" in card
    assert "told the team" in bench.texts(KAY)[0]


async def test_an_answered_check_in_is_not_raised_later(bench: Bench) -> None:
    await bench.says(KAY, "so tired of it all")
    await bench.taps(KAY, "check:safe")
    await bench.wait(700)
    assert bench.texts(GROUP) == []


async def test_open_lists_riskiest_first_and_case_shows_one(bench: Bench) -> None:
    await bench.staff(SAM, "/open")
    assert bench.texts(GROUP) == ["No open cases."]
    await bench.says(LEE, "he hit me")
    await bench.says(KAY, "he has a <knife>")
    bench.texts(GROUP)
    await bench.staff(SAM, "/open@helper_bot")
    (listed,) = bench.texts(GROUP)
    assert listed.index("#2 violence") < listed.index("#1 abuse")
    await bench.staff(SAM, "/open@another_bot")
    assert bench.texts(GROUP) == []
    await bench.staff(SAM, "/case 2")
    shown = "\n".join(bench.texts(GROUP))
    assert "he has a &lt;knife&gt;" in shown
    for text, told in (("/case", "/case 12"), ("/case 99", "no case with that number"),
                       ("/case ٣", "/case 12"), ("/help", "How this works")):  # fmt: skip
        await bench.staff(SAM, text)
        assert told in bench.texts(GROUP)[0]
    await bench.staff(SAM, "/nonsense")
    assert bench.texts(GROUP) == []


@pytest.mark.parametrize("action", ["claim:99", "claim:x", "claim:", "nonsense", "end:1:magic"])
async def test_a_button_of_a_case_that_is_gone_is_answered(bench: Bench, action: str) -> None:
    await bench.says(KAY, "he has a knife")
    assert await bench.presses(SAM, action) == "That case no longer exists."


async def test_the_question_how_it_ended_can_be_taken_back(bench: Bench) -> None:
    await bench.says(KAY, "he has a knife")
    await bench.presses(SAM, "close:1")
    (buttons,) = bench.calls(GROUP, "editMessageReplyMarkup")
    rows = buttons.params["reply_markup"]["inline_keyboard"]
    actions = {button["callback_data"] for row in rows for button in row}
    assert {"end:1:safe", "back:1"} <= actions
    await bench.presses(SAM, "back:1")
    assert bench.calls(GROUP, "editMessageText")


async def test_an_update_that_breaks_the_engine_reaches_staff(bench: Bench) -> None:
    await bench.says(KAY, "crash please", seconds=20)
    texts = bench.texts(GROUP)
    assert any("could not be read" in text for text in texts)
    assert any("#1" in text for text in texts)
    assert "crash" not in "".join(texts)
    assert "asked the team" in bench.texts(KAY)[0]


async def test_an_update_that_cannot_be_parsed_reaches_staff(bench: Bench) -> None:
    payload = raw.update("message", {"chat": raw.private_chat(KAY), "text": "hi"})
    await bench.receives(payload, f"c:{KAY}", seconds=20)
    assert any("could not be read" in text for text in bench.texts(GROUP))


@pytest.mark.parametrize("how", ["update", "refusal"])
async def test_a_group_that_moved_is_written_to_at_its_new_place(bench: Bench, how: str) -> None:
    if how == "update":
        chat = {"id": GROUP, "type": "group", "title": "Staff"}
        notice = raw.message(chat, raw.user(SAM), bench.date, 9, migrate_to_chat_id=NEW_GROUP)
        await bench.receives(raw.update("message", notice))
    else:
        bench.refuse = lambda call: Moved(NEW_GROUP) if call.chat_id == GROUP else None
    await bench.says(KAY, "he has a knife")
    (card,) = bench.texts(NEW_GROUP)
    assert "#1 EMERGENCY" in card
    moved = raw.message(raw.group_chat(NEW_GROUP), raw.BOT, bench.date, 1, text="card")
    await bench.receives(raw.press(raw.user(SAM), moved, "claim:1"))
    case = await bench.look(lambda unit: unit.load_case(1))
    assert (case.group_id, case.worker.id) == (NEW_GROUP, SAM)


async def test_where_the_group_takes_no_card_the_next_in_the_chain_get_it(bench: Bench) -> None:
    bench.refuse = lambda call: Never("kicked") if call.chat_id == GROUP else None
    await bench.says(KAY, "he has a knife")
    assert "he has a knife" in bench.texts(ON_CALL)[0]
    assert "he has a knife" in bench.texts(LEAD)[0]


async def test_where_on_call_cannot_be_reached_the_lead_is(bench: Bench) -> None:
    bench.refuse = lambda call: Never("not-started") if call.chat_id == ON_CALL else None
    await bench.says(KAY, "he has a knife")
    await bench.wait(305)
    assert "he has a knife" in bench.texts(LEAD)[0]


async def test_a_safety_message_that_does_not_arrive_is_told_to_staff(bench: Bench) -> None:
    bench.refuse = lambda call: Never("blocked") if call.chat_id == KAY else None
    await bench.says(KAY, "he has a knife")
    assert any("could not be delivered" in text for text in bench.texts(GROUP))


async def test_being_removed_from_the_staff_group_hands_open_cases_on(bench: Bench) -> None:
    await bench.says(KAY, "he has a knife")
    bench.refuse = lambda call: Never("kicked") if call.chat_id == GROUP else None
    payload = raw.membership(raw.group_chat(), raw.user(SAM), bench.date, "left")
    await bench.receives(payload)
    assert "he has a knife" in bench.texts(ON_CALL)[0]


async def test_a_strange_group_gets_one_line_and_then_silence(bench: Bench) -> None:
    strange = raw.group_chat(-100500)
    await bench.receives(raw.membership(strange, raw.user(SAM), bench.date, "member"))
    (line,) = bench.texts(-100500)
    assert "@helper_bot" in line
    for text in ("hello", "/open", "he has a knife"):
        said = raw.message(strange, raw.user(SAM), bench.date, bench.new_id(), text=text)
        await bench.receives(raw.update("message", said))
    assert bench.texts(-100500) == []
    assert bench.texts(GROUP) == []


async def test_an_anonymous_admin_is_told_that_nothing_was_sent(bench: Bench) -> None:
    await bench.says(KAY, "he has a knife")
    card = bench.id_of(bench.new(GROUP)[0])
    bench.texts(KAY)
    shown = raw.message(raw.group_chat(), raw.BOT, bench.date, card)
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    said = raw.message(raw.group_chat(), anonymous, bench.date, bench.new_id(), text="with you",
                       sender_chat=raw.group_chat(), reply_to_message=shown)  # fmt: skip
    await bench.receives(raw.update("message", said))
    assert bench.texts(KAY) == []
    assert "not sent" in bench.texts(GROUP)[0]


async def test_quick_exit_deletes_both_sides_of_the_chat(bench: Bench) -> None:
    ids = [await bench.says(KAY, text) for text in ("hello", "what is this")]
    ours = [bench.id_of(call) for call in bench.new(KAY)]
    ids.append(await bench.says(KAY, "hide"))
    (wipe,) = bench.calls(KAY, "deleteMessages")
    assert set(wipe.params["message_ids"]) == {*ids, *ours}


async def test_forgetting_leaves_no_row(bench: Bench) -> None:
    await bench.says(KAY, "/start lambeth")
    await bench.says(KAY, "/forget")
    await bench.taps(KAY, "forget:yes")
    assert await bench.look(lambda unit: unit.load_chat(KAY)) is None


async def test_ordinary_words_never_reach_the_staff_group(bench: Bench) -> None:
    for text in ("hello", "any boxing", "/mydata", "/stop"):
        await bench.says(KAY, text)
    assert bench.calls(GROUP) == []
