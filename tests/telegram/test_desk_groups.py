"""Several staff groups: who gets a case, how it is passed on, and a group that is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.cases.model import Status
from bot.cases.plan import DeskPlan, StaffGroup
from bot.delivery.model import Call, Moved, Never, Outcome
from bot.telegram.office import SHUT, TOPICS, fact
from tests.conversation.small_world import small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import LEAD, ON_CALL, Bench, knife_is_danger

KAY, ZEE, SAM, ALI = 5001, 5002, 9001, 9002
SOUTH, REST, NEW = raw.GROUP, -1001000000002, -1001000000009
PLAN = DeskPlan((StaffGroup("South", SOUTH, frozenset({"Lambeth"})), StaffGroup("Rest", REST)))


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(replace(small_world(), understand=knife_is_danger), plan=PLAN)
    await bench.start()
    yield bench
    await bench.stop()


async def raised(bench: Bench, person: int = KAY, area: str = "lambeth") -> Call:
    """A danger is written; its card."""
    group = SOUTH if area == "lambeth" else REST
    if area:
        await bench.says(person, f"/start {area}")
    await bench.says(person, "he has a knife")
    bench.texts(person)
    return next(call for call in bench.new(group) if call.role == "card")


async def case_of(bench: Bench, number: int = 1) -> Any:
    return await bench.look(lambda unit: unit.load_case(number))


def gone(bench: Bench, reason: str, *groups: int) -> None:
    def refuse(call: Call) -> Outcome | None:
        return Never(reason) if call.chat_id in groups else None

    bench.refuse = refuse


async def test_a_case_goes_to_the_group_of_its_borough_and_the_rest_to_the_last(
    bench: Bench,
) -> None:
    await raised(bench)
    assert bench.new(REST) == []
    await raised(bench, ZEE, "")
    assert (await case_of(bench, 2)).group_id == REST


async def test_open_shows_the_cases_of_this_group_and_counts_the_others(bench: Bench) -> None:
    await raised(bench)
    await raised(bench, ZEE, "")
    await bench.staff(SAM, "/open", group=REST)
    text = bench.texts(REST)[-1]
    assert "#2" in text
    assert "#1" not in text
    assert "In other groups: South 1" in text
    await bench.staff(SAM, "/case 1", group=REST)
    assert bench.texts(REST) == ["South has #1 now."]


async def test_passing_on_closes_it_here_and_opens_it_there_unnoticed(bench: Bench) -> None:
    card = await raised(bench)
    labels = [b["text"] for row in card.params["reply_markup"]["inline_keyboard"] for b in row]
    assert "Pass to another group …" in labels
    await bench.presses(SAM, "claim:1")
    topic = (await case_of(bench)).topic_id
    bench.texts(KAY)
    assert "Which group" in await bench.presses(SAM, "pass:1")
    assert await bench.presses(SAM, f"passto:1:{REST}") == "#1 went to Rest."
    assert bench.texts(KAY) == []
    pointer = [c for c in bench.calls(SOUTH, "editMessageText") if "Rest" in c.params["text"]][-1]
    assert pointer.params["message_id"] == bench.id_of(card)
    assert "knife" not in pointer.params["text"]
    assert "reply_markup" not in pointer.params
    (closed,) = bench.calls(SOUTH, "closeForumTopic")
    assert closed.params["message_thread_id"] == topic
    new_card, arrived = bench.new(REST)
    assert "he has a knife" in new_card.params["text"]
    assert "Sam passed it here from <b>South</b>" in arrived.params["text"]
    case = await case_of(bench)
    assert (case.status, case.worker, case.group_id) == (Status.OPEN, None, REST)
    await bench.wait(130)
    assert any("Nobody has it" in text for text in bench.texts(REST))  # the chain goes on
    await bench.presses(ALI, "claim:1", "Ali", REST)
    assert "Ali from the team" in bench.texts(KAY)[0]
    assert len(bench.calls(REST, "createForumTopic")) == 1


async def test_the_old_group_is_told_where_it_went_and_reaches_nobody(bench: Bench) -> None:
    card = await raised(bench)
    await bench.staff(SAM, "with you", reply_to=bench.id_of(card))
    mine = await bench.staff(SAM, "still here", reply_to=bench.id_of(card))
    await bench.presses(SAM, f"passto:1:{REST}")
    bench.texts(KAY)
    bench.texts(SOUTH)
    await bench.staff(SAM, "one more", reply_to=bench.id_of(card))
    await bench.staff(SAM, "still here!", edit=mine)
    assert bench.texts(KAY) == []
    assert bench.calls(KAY, "editMessageText") == []
    told = bench.texts(SOUTH)
    assert len(told) == 2
    assert all("<b>Rest</b> has #1 now" in text and "not sent" in text for text in told)
    for action in ("claim:1", "release:1", "close:1", "end:1:safe", "pass:1", f"passto:1:{REST}"):
        assert await bench.presses(SAM, action) == "Rest has #1 now."
    assert (await case_of(bench)).status is Status.OPEN


async def test_only_who_has_it_passes_it_on_and_not_into_the_void(bench: Bench) -> None:
    await raised(bench)
    await bench.presses(SAM, "claim:1")
    assert "Sam has #1" in await bench.presses(ALI, f"passto:1:{REST}", "Ali")
    for target in ("-5", "x", "", "²", str(SOUTH)):
        assert "no other group" in await bench.presses(SAM, f"passto:1:{target}")
    await bench.presses(SAM, "end:1:safe")
    assert "closed" in await bench.presses(SAM, f"passto:1:{REST}")
    assert (await case_of(bench)).group_id == SOUTH


async def test_words_on_their_way_follow_the_case(bench: Bench) -> None:
    await raised(bench)
    await bench.says(KAY, "hes banging", seconds=0.5)  # its relay waits for more lines
    await bench.presses(SAM, f"passto:1:{REST}")
    relays = [c for c in bench.calls(role="relay-in") if "banging" in c.params["text"]]
    assert [call.chat_id for call in relays] == [REST]
    await bench.staff(ALI, "with you", reply_to=bench.id_of(relays[0]), name="Ali", group=REST)
    assert "with you" in bench.texts(KAY)[-1]


async def test_a_card_that_was_not_sent_yet_is_not_sent_to_the_old_group(bench: Bench) -> None:
    await bench.says(KAY, "/start lambeth")
    later = bench.clock.now() + timedelta(hours=1)
    await bench.store.transact(lambda unit: unit.hold_chat(SOUTH, later))
    await bench.says(KAY, "he has a knife")
    await bench.presses(SAM, f"passto:1:{REST}")
    await bench.wait(3700)
    assert bench.calls(SOUTH, role="card") == []
    assert len(bench.calls(REST, role="card")) == 1


@pytest.mark.parametrize(
    "reason", ["kicked", "group-deleted", "chat-not-found", "not-enough-rights"]
)
async def test_the_first_refused_call_sends_every_case_on(bench: Bench, reason: str) -> None:
    await raised(bench)
    await bench.presses(SAM, "claim:1")
    await raised(bench, ZEE)
    bench.texts(KAY)
    bench.texts(ZEE)
    gone(bench, reason, SOUTH)
    await bench.says(ZEE, "hello?")
    here = bench.new(REST)
    assert [call.role for call in here][:2] == ["card", "card"]
    texts = "\n".join(call.params["text"] for call in here)
    assert "I can't reach the staff group “South”" in texts
    assert "hello?" in texts
    assert "Sam can't go on with you" in bench.texts(KAY)[0]
    assert all("can't go on" not in text for text in bench.texts(ZEE))
    assert not bench.handler.reachable["South"]
    await bench.says(KAY, "a knife again")
    assert any("a knife again" in text for text in bench.texts(REST))
    await raised_elsewhere(bench)


async def raised_elsewhere(bench: Bench) -> None:
    """While the group is gone, a new case of its borough goes to the fallback at once."""
    await bench.says(5003, "/start lambeth")
    await bench.says(5003, "he has a knife")
    assert (await case_of(bench, 3)).group_id == REST


async def test_when_it_is_back_it_is_told_what_is_where(bench: Bench) -> None:
    await raised(bench)
    gone(bench, "kicked", SOUTH)
    payload = raw.membership(raw.group_chat(SOUTH), raw.user(SAM), bench.date, "kicked",
                             until_date=0)  # fmt: skip
    await bench.receives(payload)
    assert (await case_of(bench)).group_id == REST
    gone(bench, "")
    bench.texts(SOUTH)
    payload = raw.membership(raw.group_chat(SOUTH), raw.user(SAM), bench.date, "administrator",
                             can_manage_topics=True, **raw.ADMIN)  # fmt: skip
    await bench.receives(payload)
    (text,) = bench.texts(SOUTH)
    assert "<b>#1</b> is with <b>Rest</b>" in text
    assert bench.handler.reachable == {"South": True, "Rest": True}
    await raised(bench, ZEE)
    assert (await case_of(bench, 2)).group_id == SOUTH


async def test_a_group_is_back_too_when_somebody_is_heard_in_it(bench: Bench) -> None:
    gone(bench, "kicked", SOUTH)
    await bench.says(KAY, "/start lambeth")
    await bench.says(KAY, "he has a knife")
    assert (await case_of(bench)).group_id == REST
    gone(bench, "")
    await bench.staff(SAM, "hello")
    assert "is with <b>Rest</b>" in bench.texts(SOUTH)[0]


async def test_without_any_group_the_people_of_the_chain_get_the_cards(bench: Bench) -> None:
    await raised(bench)
    await bench.presses(SAM, "claim:1")
    gone(bench, "kicked", SOUTH, REST)
    await bench.says(KAY, "where are you")
    for person in (ON_CALL, LEAD):
        assert any("he has a knife" in text for text in bench.texts(person))
    case = await case_of(bench)
    assert (case.status, case.worker) == (Status.OPEN, None)
    assert "Sam can't go on with you" in "\n".join(bench.texts(KAY))
    assert bench.handler.reachable == {"South": False, "Rest": False}
    gone(bench, "")
    await bench.staff(ALI, "/open", name="Ali", group=REST)
    assert any(call.role == "card" for call in bench.new(REST))


async def test_topics_switched_off_are_noticed_and_told_once(bench: Bench) -> None:
    await raised(bench)
    await raised(bench, ZEE)
    bench.refuse = lambda call: (
        Never("not-a-forum") if call.method == "createForumTopic" else None
    )  # fmt: skip
    await bench.presses(SAM, "claim:1")
    await bench.presses(SAM, "claim:2")
    told = [text for text in bench.texts(SOUTH) if "may not make topics" in text]
    assert len(told) == 1
    assert await bench.look(lambda unit: unit.get_meta(fact(TOPICS, SOUTH))) == "no"
    assert await bench.look(lambda unit: unit.get_meta(fact(TOPICS, REST))) == "yes"
    assert await bench.look(lambda unit: unit.get_meta(fact(SHUT, SOUTH))) is None


async def test_a_group_with_a_new_id_stays_the_same_group(bench: Bench) -> None:
    await raised(bench)

    def refuse(call: Call) -> Outcome | None:
        return Moved(NEW) if call.chat_id == SOUTH else None

    bench.refuse = refuse
    await bench.says(KAY, "hello?")
    case = await case_of(bench)
    assert case.group_id == NEW
    assert any("he has a knife" in text for text in bench.texts(NEW))
    await bench.presses(SAM, "claim:1", group=NEW)
    assert (await case_of(bench)).worker.id == SAM
    await raised_in_new(bench)
    assert await bench.presses(SAM, f"passto:1:{REST}", group=NEW) == "#1 went to Rest."


async def raised_in_new(bench: Bench) -> None:
    await bench.says(ZEE, "/start lambeth")
    await bench.says(ZEE, "he has a knife")
    assert (await case_of(bench, 2)).group_id == NEW


async def test_a_case_of_a_group_that_the_plan_has_no_longer_goes_to_one_that_it_has(
    bench: Bench,
) -> None:
    await raised(bench)
    bench.plan = DeskPlan((StaffGroup("Rest", REST),))
    await bench.says(ZEE, "hello")
    assert (await case_of(bench)).group_id == REST
    assert any("he has a knife" in text for text in bench.texts(REST))
    assert "Rest" in bench.calls(SOUTH, "editMessageText")[-1].params["text"]
