"""Whose account a case is: asked by one, confirmed by another, shown to one, written down."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.cases.model import Status
from bot.cases.plan import DeskPlan, Member, StaffGroup
from bot.delivery.model import Call, Moved, Never, Outcome
from bot.telegram.members import Seat
from tests.conversation.small_world import small_world
from tests.support.clock import START
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench, knife_is_danger

KAY, SAM, ALI, RUTH, GROUP = 5001, 9001, 9002, 9003, raw.GROUP
REST = -1001000000002
REASON = "they said they are on a roof, the police ask"
YES, NO = f"reveal-yes:1:1:{SAM}", "reveal-no:1:1"


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(replace(small_world(), understand=knife_is_danger))
    bench.seats[GROUP, RUTH] = Seat.ADMIN
    await bench.start()
    yield bench
    await bench.stop()


async def asked(bench: Bench, worker: int = SAM) -> None:
    """A danger, and the request to see whose it is."""
    await bench.says(KAY, "he has a knife")
    await bench.staff(worker, f"/reveal 1 {REASON}")
    bench.texts(KAY)


async def shown(bench: Bench) -> Call:
    await asked(bench)
    await bench.presses(RUTH, YES, "Ruth")
    (message,) = bench.new(SAM)
    return message


async def audit(bench: Bench) -> list[tuple[str, dict[str, Any]]]:
    rows = await bench.look(lambda unit: unit.audited(START))
    return [(kind, data) for _, kind, data in rows if kind.startswith("reveal")]


async def kinds(bench: Bench) -> list[str]:
    return [kind.removeprefix("reveal-") for kind, _ in await audit(bench)]


async def set_case(bench: Bench, **changes: Any) -> None:
    def work(unit: Any) -> None:
        unit.save_case(replace(unit.load_case(1), **changes))

    await bench.look(work)


async def test_asked_confirmed_shown_to_one_and_gone_after_ten_minutes(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await asked(bench)
    question = bench.new(GROUP)[-1]
    assert REASON in question.params["text"]
    assert await bench.presses(RUTH, YES, "Ruth") == "Confirmed. Sam gets it in private."
    (message,) = bench.new(SAM)
    for said in ("Kay", "@kay_x", "<code>5001</code>", "tg://user?id=5001"):
        assert said in message.params["text"]
    assert message.params["protect_content"] is True
    in_group = "".join(str(call.params) for call in bench.calls(GROUP))
    assert "5001" not in in_group
    assert "kay_x" not in in_group
    assert await kinds(bench) == ["asked", "confirmed", "shown"]
    assert (await audit(bench))[0][1]["reason"] == REASON
    history = await bench.look(lambda unit: unit.history(1))
    assert REASON not in str(history)
    await bench.wait(590)
    assert bench.calls(SAM, "deleteMessage") == []
    await bench.wait(20)
    (deleted,) = bench.calls(SAM, "deleteMessage")
    assert deleted.params["message_id"] == bench.id_of(message)
    logged = caplog.text
    assert all(secret not in logged for secret in ("5001", "kay_x", REASON, "9001"))


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/reveal", "Write the case's number"),
        ("/reveal 1", "Write the case's number"),
        ("/reveal one because it is needed", "Write the case's number"),
        ("/reveal ² because it is needed", "Write the case's number"),
        ("/reveal 99999999999999999999 because it is", "Write the case's number"),
        ("/reveal 7 because it is needed now", "no case with that number"),
        ("/reveal 1 no", "at least 15"),
        ("/reveal 1 a              b", "at least 15"),
        ("/reveal 1 " + "very " * 200, "at most 600"),
    ],
)
async def test_what_is_no_request_is_answered(bench: Bench, words: str, answer: str) -> None:
    await bench.says(KAY, "he has a knife")
    bench.texts(GROUP)
    await bench.staff(SAM, words)
    assert answer in bench.texts(GROUP)[0]
    assert "asked" not in await kinds(bench)


async def test_nobody_confirms_their_own_request(bench: Bench) -> None:
    await asked(bench, RUTH)
    own = f"reveal-yes:1:1:{RUTH}"
    assert "second worker" in await bench.presses(RUTH, own, "Ruth")
    assert bench.new(RUTH) == []
    assert await bench.presses(SAM, own) == "Confirmed. Sam gets it in private."
    assert await kinds(bench) == ["asked", "barred", "confirmed", "shown"]


async def test_one_of_the_two_must_be_a_lead(bench: Bench) -> None:
    await asked(bench)
    assert "must be a lead" in await bench.presses(ALI, YES, "Ali")
    assert bench.new(SAM) == []
    bench.plan = DeskPlan(members=(Member(ALI, "Ali", lead=True), Member(RUTH, "Ruth")))
    assert "must be a lead" in await bench.presses(RUTH, YES, "Ruth")  # the plan, not Telegram
    await bench.presses(ALI, YES, "Ali")
    assert len(bench.new(SAM)) == 1


async def test_two_confirm_at_once_and_it_is_shown_once(bench: Bench) -> None:
    await asked(bench)
    for worker in (RUTH, ALI):
        shown = raw.message(raw.group_chat(), raw.BOT, bench.date, 1, text="x")
        await bench.receives(raw.press(raw.user(worker), shown, YES), f"c:{GROUP}", 0)
    await bench.wait(3)
    assert len(bench.new(SAM)) == 1
    assert await kinds(bench) == ["asked", "confirmed", "barred", "shown"]


async def test_after_fifteen_minutes_it_has_lapsed(bench: Bench) -> None:
    await asked(bench)
    bench.texts(GROUP)
    await bench.wait(16 * 60)
    assert any("has lapsed" in text for text in bench.texts(GROUP))
    assert "settled" in await bench.presses(RUTH, YES, "Ruth")
    await bench.staff(SAM, f"/reveal 1 {REASON}")
    await bench.presses(RUTH, f"reveal-yes:1:2:{SAM}", "Ruth")
    assert len(bench.new(SAM)) == 1
    assert await kinds(bench) == ["asked", "lapsed", "barred", "asked", "confirmed", "shown"]


async def test_anybody_may_refuse_and_who_asked_may_take_it_back(bench: Bench) -> None:
    await asked(bench)
    assert "Refused" in await bench.presses(ALI, NO, "Ali")
    assert "settled" in await bench.presses(RUTH, YES, "Ruth")
    await bench.staff(SAM, f"/reveal 1 {REASON}")
    await bench.presses(SAM, "reveal-no:1:2")
    assert "took the request back" in bench.calls(GROUP, "editMessageText")[-1].params["text"]
    assert bench.new(SAM) == []


async def test_a_second_request_waits_for_the_first(bench: Bench) -> None:
    await asked(bench)
    bench.texts(GROUP)
    await bench.staff(ALI, f"/reveal 1 {REASON}", name="Ali")
    assert "asked for #1 already" in bench.texts(GROUP)[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": Status.CLOSED}, "is closed"),
        ({"chat_id": 0}, "cut from its person"),
    ],
)
async def test_what_changed_meanwhile_ends_it(
    bench: Bench, changes: dict[str, Any], said: str
) -> None:
    await asked(bench)
    await set_case(bench, **changes)
    assert said in await bench.presses(RUTH, YES, "Ruth")
    assert bench.new(SAM) == []
    assert bench.calls(method="getChat") == []
    assert await kinds(bench) == ["asked", "barred", "lapsed"]
    bench.texts(GROUP)
    await bench.staff(SAM, f"/reveal 1 {REASON}")
    assert said in bench.texts(GROUP)[0]


async def test_what_changes_between_confirming_and_showing_ends_it_too(bench: Bench) -> None:
    await asked(bench)
    later = bench.clock.now().replace(hour=21)
    await bench.look(lambda unit: unit.hold_chat(KAY, later))
    await bench.presses(RUTH, YES, "Ruth")
    await set_case(bench, chat_id=0)
    await bench.wait(3700)
    assert bench.calls(method="getChat") == []
    assert bench.new(SAM) == []


async def test_whoever_left_meanwhile_is_shown_nothing(bench: Bench) -> None:
    await asked(bench)
    bench.seats[GROUP, SAM] = Seat.OUTSIDE
    await bench.wait(31)
    bench.texts(GROUP)
    assert "not in this group any more" in await bench.presses(RUTH, YES, "Ruth")
    assert bench.new(SAM) == []
    assert "lapsed" in await kinds(bench)


async def test_whoever_is_seen_leaving_takes_the_request_along(bench: Bench) -> None:
    await asked(bench)
    bench.texts(GROUP)
    left = raw.message(raw.group_chat(), raw.user(RUTH), bench.date, bench.new_id(),
                       left_chat_member=raw.user(SAM, "Sam"))  # fmt: skip
    await bench.receives(raw.update("message", left))
    assert any("The request is off" in text for text in bench.texts(GROUP))
    assert "settled" in await bench.presses(RUTH, YES, "Ruth")


async def test_a_forged_name_in_the_press_confirms_nothing(bench: Bench) -> None:
    await asked(bench)
    for action in ("reveal-yes:1:1", "reveal-yes:1:1:5", "reveal-yes:1:²:9001"):
        assert "Confirmed" not in await bench.presses(RUTH, action, "Ruth")
    assert bench.new(SAM) == []


async def test_a_group_that_moved_between_is_still_the_same(bench: Bench) -> None:
    await asked(bench)
    new = -1001000000009

    def refuse(call: Call) -> Outcome | None:
        return Moved(new) if call.chat_id == GROUP else None

    bench.refuse = refuse
    await bench.says(KAY, "hello?")
    bench.seats[new, RUTH] = Seat.ADMIN
    assert "Confirmed" in await bench.presses(RUTH, YES, "Ruth", new)
    assert len(bench.new(SAM)) == 1


async def test_a_case_that_went_to_another_group_is_not_shown_to_the_first(bench: Bench) -> None:
    bench.plan = DeskPlan((StaffGroup("Rest", REST), StaffGroup("South", GROUP)))
    await asked(bench)
    await bench.look(lambda unit: unit.save_case(replace(unit.load_case(1), group_id=REST)))
    assert await bench.presses(RUTH, YES, "Ruth") == "Rest has #1 now."
    bench.texts(GROUP)
    await bench.staff(SAM, f"/reveal 1 {REASON}")
    assert "<b>Rest</b> has #1 now" in bench.texts(GROUP)[0]


async def test_who_never_opened_a_chat_is_asked_to_and_the_group_sees_nothing(
    bench: Bench,
) -> None:
    await asked(bench)
    bench.refuse = lambda call: Never("not-started") if call.chat_id == SAM else None
    await bench.presses(RUTH, YES, "Ruth")
    told = bench.new(GROUP)[-1]
    assert "press <b>Start</b>" in told.params["text"]
    assert "helper_bot" in str(told.params["reply_markup"])
    bench.refuse = lambda call: None
    assert "only they" in await bench.presses(ALI, "reveal-show:1:1", "Ali")
    assert await bench.presses(SAM, "reveal-show:1:1") == "Look into the chat with me."
    assert len(bench.new(SAM)) == 1
    assert "settled" in await bench.presses(SAM, "reveal-show:1:1")
    assert "5001" not in "".join(str(call.params) for call in bench.calls(GROUP))


async def test_an_account_that_telegram_says_nothing_of_is_shown_by_number(bench: Bench) -> None:
    bench.refuse = lambda call: Never("chat-not-found") if call.method == "getChat" else None
    message = await shown(bench)
    assert "Telegram gave no name" in message.params["text"]
    assert "tg://user?id=5001" in message.params["text"]


async def test_what_cannot_be_deleted_is_deleted_by_hand(bench: Bench) -> None:
    await shown(bench)
    bench.refuse = lambda call: (
        Never("cannot-delete") if call.method == "deleteMessage" else None
    )  # fmt: skip
    await bench.wait(610)
    assert "delete it yourself" in bench.texts(SAM)[0]


async def test_the_young_person_is_told_when_a_worker_says_so(bench: Bench) -> None:
    await shown(bench)
    bench.texts(KAY)
    question = bench.new(GROUP)[-1]
    assert "Should the young person be told?" in question.params["text"]
    assert "Noted" in await bench.presses(ALI, "reveal-wait:1:1", "Ali")
    assert bench.texts(KAY) == []
    await bench.presses(ALI, "reveal-tell:1:1", "Ali")
    (text,) = bench.texts(KAY)
    assert "Sam from the team has looked at which Telegram account" in text
    assert "told already" in await bench.presses(ALI, "reveal-tell:1:1", "Ali")
    assert bench.texts(KAY) == []
    told = [data["told"] for kind, data in await audit(bench) if kind == "reveal-told"]
    assert told == [False, True]


async def test_it_stays_open_until_somebody_chooses(bench: Bench) -> None:
    await shown(bench)
    await bench.presses(SAM, "claim:1")
    await bench.presses(SAM, "end:1:safe")
    bench.texts(GROUP)
    await bench.wait(31 * 60)
    assert any("nobody has chosen yet" in text for text in bench.texts(GROUP))
    assert "Noted" in await bench.presses(ALI, "reveal-wait:1:1", "Ali")
    await bench.look(lambda unit: unit.cancel_timers("chain:"))
    assert await bench.look(lambda unit: unit.next_timer()) is not None


async def test_nobody_is_told_on_a_phone_that_somebody_else_may_hold(bench: Bench) -> None:
    await shown(bench)
    await bench.says(KAY, "hide")
    bench.texts(KAY)
    assert "hid the chat" in await bench.presses(ALI, "reveal-tell:1:1", "Ali")
    assert bench.texts(KAY) == []


async def test_a_word_that_does_not_arrive_leaves_it_open(bench: Bench) -> None:
    await shown(bench)
    bench.refuse = lambda call: Never("blocked") if call.chat_id == KAY else None
    bench.texts(GROUP)
    await bench.presses(ALI, "reveal-tell:1:1", "Ali")
    assert any("could not be told" in text for text in bench.texts(GROUP))
    bench.refuse = lambda call: None
    bench.texts(KAY)
    await bench.presses(ALI, "reveal-tell:1:1", "Ali")
    assert len(bench.texts(KAY)) == 1
