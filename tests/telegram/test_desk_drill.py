"""Drills run the real chain, are marked on every message, and never touch a young person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.cases.model import Status, Worker
from bot.cases.plan import DeskPlan, DrillPlan, Member, Opening
from bot.delivery.model import Never, Priority
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore
from bot.telegram import drill
from bot.telegram.shifts import ask_end
from tests.conversation.small_world import small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import LEAD, ON_CALL, Bench, knife_is_danger

KAY, SAM, ALI, GROUP = 5001, 9001, 9002, raw.GROUP
ALWAYS = DrillPlan(every_weeks=1, days=frozenset(range(7)), start=time(0), end=time(23, 59))


@pytest.fixture(params=["topics", "plain"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    bench = Bench(
        replace(small_world(), understand=knife_is_danger), topics=request.param == "topics"
    )
    await bench.start()
    yield bench
    await bench.stop()
    # Whatever happened: nobody's chat is chat 0, and every word about a drill says so.
    assert [call for call in bench.made if call.chat_id == 0] == []
    numbers = await bench.look(lambda unit: [c.id for c in unit.cases_in(list(Status)) if c.drill])
    about = [call for call in bench.made if call.case_id in numbers]
    silent = [
        call for call in about if "text" in call.params and "DRILL" not in call.params["text"]
    ]
    assert silent == []
    assert [call for call in about if call.priority < Priority.RELAY] == []


def with_plan(bench: Bench, plan: DeskPlan) -> None:
    bench.handler._office = replace(bench.handler._office, plan=lambda: plan)


async def test_a_drill_runs_the_chain_until_somebody_presses(bench: Bench) -> None:
    await bench.staff(SAM, "/drill")
    (card,) = bench.texts(GROUP)
    assert "DRILL #1. This is not a young person" in card
    await bench.wait(125)
    assert "Nobody has it after 2 min" in bench.texts(GROUP)[0]
    await bench.wait(180)
    assert "On call" in bench.texts(GROUP)[0]
    assert "DRILL" in bench.texts(ON_CALL)[0]
    assert "somebody would have been there" in await bench.presses(ALI, "claim:1", "Ali")
    assert "<b>Ali</b> answered after 5:" in bench.texts(GROUP)[0]
    await bench.wait(700)
    assert bench.texts(GROUP) == []
    assert bench.texts(LEAD) == []
    assert bench.calls(GROUP, "createForumTopic") == []
    assert "is over" in await bench.presses(SAM, "claim:1")
    await bench.staff(SAM, "/drill results")
    (shown,) = bench.texts(GROUP)
    assert "Sun 22 Nov 20:00: Ali after 5:" in shown
    assert "after the on-call worker was called" in shown
    case = await bench.look(lambda unit: unit.load_case(1))
    assert (case.status, case.drill, case.chat_id) == (Status.CLOSED, True, 0)
    ((_, kind, data),) = await bench.look(lambda u: u.audited(datetime(2020, 1, 1, tzinfo=UTC)))
    assert (kind, data["worker"], data["step"]) == ("drill", ALI, "on-call")


async def test_nobody_answers_and_the_leads_hear_of_it(bench: Bench) -> None:
    with_plan(bench, DeskPlan(members=(Member(7003, "Lou", lead=True), Member(7004, "Max"))))
    await bench.staff(SAM, "/drill")
    await bench.wait(30 * 60 + 10)
    assert "nobody pressed for 30 minutes" in bench.texts(GROUP)[-1]
    assert bench.texts(LEAD) == []  # the settings' number: the plan says who leads
    assert "nobody answered for 30 minutes" in bench.texts(7003)[-1]
    assert bench.texts(7004) == []
    await bench.wait(900)
    assert bench.texts(GROUP) == []  # the chain has stopped
    await bench.staff(SAM, "/drill results")
    assert "<b>nobody</b>" in bench.texts(GROUP)[0]


@pytest.mark.parametrize("action", ["close:1", "end:1:safe", "release:1", "back:1"])
async def test_any_button_answers_it(bench: Bench, action: str) -> None:
    await bench.staff(SAM, "/drill")
    assert "Thank you" in await bench.presses(SAM, action)
    case = await bench.look(lambda unit: unit.load_case(1))
    assert case.status is Status.CLOSED


async def test_a_reply_answers_it_and_goes_to_nobody(bench: Bench) -> None:
    await bench.staff(SAM, "/drill")
    (card,) = bench.new(GROUP)
    number = await bench.staff(SAM, "hi, are you ok?", reply_to=bench.id_of(card))
    assert any("nobody gets your reply" in text for text in bench.texts(GROUP))
    await bench.staff(SAM, "hello?", reply_to=bench.id_of(card))
    assert "which is over" in bench.texts(GROUP)[0]
    await bench.staff(SAM, "hello!", reply_to=bench.id_of(card), edit=number)
    assert "which is over" in bench.texts(GROUP)[0]


async def test_it_does_not_begin_beside_a_case_that_nobody_has(bench: Bench) -> None:
    await bench.says(KAY, "he has a knife")
    bench.texts(GROUP)
    await bench.staff(SAM, "/drill")
    assert "it is real" in bench.texts(GROUP)[0]
    await bench.presses(SAM, "claim:1")
    bench.texts(GROUP)
    await bench.staff(SAM, "/drill")
    assert any("DRILL #2" in text for text in bench.texts(GROUP))
    await bench.staff(SAM, "/drill")
    assert "running already" in bench.texts(GROUP)[0]
    await bench.staff(SAM, "/open")
    assert bench.texts(GROUP)[0].rstrip().splitlines()[-1].startswith("🔴 <a href")
    await bench.wait(30)
    await bench.staff(SAM, "/case 2")
    assert "DRILL #2" in bench.texts(GROUP)[0]


async def test_a_real_case_calls_it_off(bench: Bench) -> None:
    await bench.staff(SAM, "/drill")
    bench.texts(GROUP)
    await bench.says(KAY, "he has a knife")
    told = bench.texts(GROUP)
    assert "#2 EMERGENCY" in told[0]
    assert "called off: somebody real is waiting" in told[1]
    await bench.presses(SAM, "claim:2")
    await bench.staff(SAM, "/drill results")
    assert "called off, a real case came" in bench.texts(GROUP)[-1]


async def test_out_of_hours_who_is_on_call_is_called_at_once_and_told_that_it_is_a_drill(
    bench: Bench,
) -> None:
    people = (Member(7003, "Lou", lead=True), Member(7004, "Max", on_call=True))
    office = (Opening(frozenset(range(5)), time(10), time(18)),)
    with_plan(bench, DeskPlan(members=people, hours=office))  # it is Sunday evening
    bench.refuse = lambda call: Never("blocked") if call.chat_id == 7004 else None
    await bench.staff(SAM, "/drill")
    (told,) = bench.new(7003)  # Max cannot be reached
    assert str(told.params["text"]).startswith("🧪 <b>DRILL</b>")
    assert any("Max could not be called" in text for text in bench.texts(GROUP))
    await bench.presses(SAM, "claim:1")
    assert "after the on-call worker was called at once" in bench.texts(GROUP)[0]


async def test_a_group_that_takes_nothing_does_not_make_a_drill_an_alert(bench: Bench) -> None:
    bench.refuse = lambda call: Never("kicked") if call.chat_id == GROUP else None
    await bench.staff(SAM, "/drill")
    for chat_id in (ON_CALL, LEAD):
        assert "can't reach the staff group" in bench.texts(chat_id)[0]
    await bench.wait(15 * 60)
    assert any("DRILL #1" in text for text in bench.texts(LEAD))


async def test_a_drill_is_not_handed_over(bench: Bench) -> None:
    await bench.staff(SAM, "/drill")
    taken = {"status": Status.CLAIMED, "worker": Worker(SAM, "Sam")}
    await bench.look(lambda unit: unit.save_case(replace(unit.load_case(1), **taken)))
    bench.texts(GROUP)
    await bench.staff(SAM, "/handover")
    assert "you have no open cases" in bench.texts(GROUP)[0]
    await bench.look(lambda unit: ask_end(bench.handler.job(unit), {"data": {"case": 1}}))
    await bench.wait(5)
    assert bench.texts(GROUP) == []


async def test_odd_words_after_the_command_are_explained(bench: Bench) -> None:
    await bench.staff(SAM, "/drill tomorrow")
    assert "/drill begins a drill now" in bench.texts(GROUP)[0]
    await bench.staff(SAM, "/drill results")
    assert "no drill that is over yet" in bench.texts(GROUP)[0]
    assert await bench.look(lambda unit: unit.load_case(1)) is None


async def test_the_plan_begins_one_and_sets_the_next(bench: Bench) -> None:
    with_plan(bench, DeskPlan(drill=ALWAYS))
    job = bench.handler.job
    await bench.look(lambda unit: drill.plan_drill(job(unit), lambda n: 60))
    kept = await bench.look(lambda unit: unit.get_meta("drill-next"))
    await bench.look(lambda unit: drill.plan_drill(job(unit), lambda n: 9999))  # a restart
    assert await bench.look(lambda unit: unit.get_meta("drill-next")) == kept
    bench.wakers.wake_all()
    await bench.wait(70)
    assert "DRILL #1" in bench.texts(GROUP)[0]
    due = datetime.fromisoformat(await bench.look(lambda unit: unit.get_meta("drill-next")))
    assert due - bench.clock.now() > timedelta(hours=3)  # Monday at the earliest
    await bench.presses(SAM, "claim:1")


async def test_a_planned_one_waits_while_a_real_case_waits(bench: Bench) -> None:
    with_plan(bench, DeskPlan(drill=ALWAYS))
    await bench.says(KAY, "he has a knife")
    await bench.look(lambda unit: drill.due(bench.handler.job(unit), {}))
    due = datetime.fromisoformat(await bench.look(lambda unit: unit.get_meta("drill-next")))
    assert due == bench.clock.now() + timedelta(minutes=30)
    assert await bench.look(lambda unit: unit.load_case(2)) is None


async def test_one_that_comes_late_is_drawn_anew(bench: Bench) -> None:
    weekdays = DrillPlan(every_weeks=1)
    with_plan(bench, DeskPlan(drill=weekdays))  # it is Sunday evening
    await bench.look(lambda unit: drill.due(bench.handler.job(unit), {}, lambda n: 0))
    due = datetime.fromisoformat(await bench.look(lambda unit: unit.get_meta("drill-next")))
    assert due == datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert await bench.look(lambda unit: unit.load_case(1)) is None


async def test_without_a_plan_there_is_no_timer(bench: Bench) -> None:
    with_plan(bench, DeskPlan(drill=ALWAYS))
    await bench.look(lambda unit: drill.plan_drill(bench.handler.job(unit)))
    with_plan(bench, DeskPlan())
    await bench.look(lambda unit: drill.plan_drill(bench.handler.job(unit)))
    assert await bench.look(lambda unit: unit.get_meta("drill-next")) == ""
    assert "drill" not in await bench.look(lambda unit: unit._tables.timers)
    await bench.look(lambda unit: drill.due(bench.handler.job(unit), {}))
    assert await bench.look(lambda unit: unit.load_case(1)) is None


async def test_a_drill_survives_a_restart_in_the_database(tmp_path: Path) -> None:
    """Its case, its timers and its end are rows: what was stored is there again."""
    sealer = Sealer([Sealer.new_key()])
    bench = Bench(small_world())
    store = await SqliteStore.open(tmp_path / "b.sqlite", sealer)
    await store.transact(lambda unit: drill._begin(bench.handler.job(unit), GROUP, None))
    await store.close()
    store = await SqliteStore.open(tmp_path / "b.sqlite", sealer)
    try:
        case = await store.transact(lambda unit: unit.load_case(1))
        assert case is not None
        assert (case.drill, case.chat_id, case.status) == (True, 0, Status.OPEN)
        assert await store.transact(lambda unit: unit.open_case_of(0)) in (None, case)
        later = bench.clock.now() + timedelta(hours=1)
        assert await store.transact(lambda unit: unit.move_due_timers(later)) == 4
        payload = {"data": {"case": 1}}
        await store.transact(lambda unit: drill.ended(bench.handler.job(unit), payload))
        case = await store.transact(lambda unit: unit.load_case(1))
        assert case is not None
        assert (case.status, case.worker) == (Status.CLOSED, None)
    finally:
        await store.close()
