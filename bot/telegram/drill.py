"""Drills: an alert that is none, to see that somebody answers. No young person is part of it.

Anybody in the group may start one: who is about to be on call must be able to try it, and one at a
time, never beside a case that nobody has, is all the harm that it can do.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cases import chain, drill
from bot.cases.drill import Result
from bot.cases.model import Case, Status, Worker
from bot.cases.plan import DrillPlan
from bot.delivery.model import Call, Priority, Timer
from bot.telegram import clocks, desk
from bot.telegram.answers import answer, answer_with, toast
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.leads import leads
from bot.telegram.office import Job
from bot.telegram.overview import Command
from bot.telegram.render import message
from directory.hours import LONDON
from intents.model import Urgency
from intents.wording import Markup

START, END = "drill", "drill-end"  # timers
NEXT = "drill-next"  # meta: when the next one by the plan begins, so that a restart changes nothing
LATEST = "drills"  # meta: the numbers of the latest drills, newest first


def plan_drill(job: Job, chance: drill.Chance = secrets.randbelow) -> None:
    """See to it that the next drill of the plan comes; or none, where the plan has none."""
    plan = job.plan.drill
    if plan is None:
        job.unit.cancel_timer(START)
        job.unit.set_meta(NEXT, "")
        return
    kept = job.unit.get_meta(NEXT)
    due = datetime.fromisoformat(kept) if kept else None
    if due is None or not drill.within(plan, due):
        due = drill.next_due(plan, job.now, chance, done=False)
    _set(job, due)


def _set(job: Job, due: datetime) -> None:
    due = due.astimezone(UTC)
    job.unit.set_meta(NEXT, due.isoformat())
    job.unit.set_timer(Timer(START, due, f"k:{START}", START))


def due(job: Job, _payload: dict[str, Any], chance: drill.Chance = secrets.randbelow) -> None:
    """A drill of the plan is due; it waits while somebody real waits, or where it comes late."""
    plan = job.plan.drill
    if plan is None:
        job.unit.set_meta(NEXT, "")
        return
    if not drill.within(plan, job.now):  # the bot was away
        _set(job, drill.next_due(plan, job.now, chance, done=False))
    elif _hindered(job) is not None:
        later = job.now + drill.STAND_BACK
        in_time = drill.within(plan, later)
        _set(job, later if in_time else drill.next_due(plan, later, chance, done=False))
    else:
        _begin(job, job.staff_group, None)
        _set(job, drill.next_due(plan, job.now, chance, done=True))


def _hindered(job: Job) -> Case | None:
    return drill.hinders(job.unit.cases_in((Status.OPEN, Status.CLAIMED)))


def _command(job: Job, event: StaffSaid, argument: str) -> None:
    """`/drill` begins one now, `/drill results` shows how the latest went."""
    if argument.casefold() == "results":
        _results(job, event)
    elif argument:
        answer(job, event, "desk-drill.usage")
    elif (case := _hindered(job)) is not None:
        key = "desk-drill.runs" if case.drill else "desk-drill.real-waits"
        answer(job, event, key, case=case.id)
    else:
        _begin(job, event.group_id, event.worker)


def _begin(job: Job, group_id: int, by: Worker | None) -> None:
    case = job.unit.add_case(
        Case(
            id=0,
            chat_id=0,
            group_id=group_id,
            urgency=Urgency.EMERGENCY.value,
            kind=None,
            reason="",
            opened_at=job.now,
            drill=True,
        )
    )
    job.unit.set_meta(desk.DRILL_RUNS, str(case.id))
    latest = [str(case.id), *(job.unit.get_meta(LATEST) or "").split()]
    job.unit.set_meta(LATEST, " ".join(latest[: drill.RESULTS]))
    started = {"drill": True, "worker": by.id if by else None}
    job.unit.log(case.id, "opened", started, job.now)
    clocks.set_chain(job, case)
    desk.send_card(job, case)
    ends = job.now + _lasts(job)
    job.unit.set_timer(Timer(f"{END}:{case.id}", ends, f"k:{case.id}", END, {"case": case.id}))


def _lasts(job: Job) -> timedelta:
    plan = job.plan.drill or DrillPlan()
    lead_called = timedelta(minutes=job.plan.chain(Urgency.EMERGENCY.value).lead_min)
    return max(timedelta(minutes=plan.ends_after_min), lead_called + drill.AFTER_LEAD)


def pressed(job: Job, event: StaffPressed, case: Case) -> None:
    """Any button of a drill: whoever presses first has answered."""
    if case.status is Status.CLOSED:
        toast(job, event, job.world.wording.label("desk-drill.over", case=case.id), alert=True)
        return
    toast(job, event, job.world.wording.label("desk-drill.thanks"))
    _answered(job, case, event.worker)


def answered_in(job: Job, event: StaffSaid) -> Case | None:
    """The drill whose message a worker answers, if that is what they answer."""
    link = job.unit.find_link(event.group_id, event.reply_to) if event.reply_to else None
    case = job.unit.load_case(link.case_id) if link else None
    return case if case is not None and case.drill else None


def replied(job: Job, event: StaffSaid, case: Case) -> None:
    """A reply to a drill answers it; there is nobody whom it could reach."""
    key = "desk-drill.reply-over" if case.status is Status.CLOSED else "desk-drill.reply"
    answer(job, event, key, case=case.id)
    if case.status is not Status.CLOSED and not event.edited:
        _answered(job, case, event.worker)


def _answered(job: Job, case: Case, worker: Worker) -> None:
    case = replace(
        case, status=Status.CLOSED, worker=worker, claimed_at=case.claimed_at or job.now,
        closed_at=job.now, waiting_since=None,
    )  # fmt: skip
    _over(job, case)
    result = drill.result_of(case, job.unit.history(case.id))
    after, step = _shown(job, result)
    desk.note(job, case, "desk-drill.answered", worker=worker.name, after=after, step=step)


def _over(job: Job, case: Case) -> None:
    """However it ended: no timer is left, the card shows it, and the result is kept."""
    job.unit.cancel_timers(chain.timer_prefix(case.id))
    job.unit.cancel_timer(f"{END}:{case.id}")
    job.unit.set_meta(desk.DRILL_RUNS, "")
    job.unit.save_case(case)
    result = drill.result_of(case, job.unit.history(case.id))
    after = result.answered_after
    kept = {
        "case": case.id, "worker": case.worker.id if case.worker else None, "step": result.step,
        "seconds": int(after.total_seconds()) if after is not None else None,
        "called_off": result.called_off,
    }  # fmt: skip
    job.unit.audit("drill", kept, job.now)
    desk.refresh_card(job, case)


def ended(job: Job, payload: dict[str, Any]) -> None:
    """Nobody answered in the whole time: that is said in the group, and to the leads."""
    case = job.unit.load_case(int(payload["data"]["case"]))
    if case is None or case.status is Status.CLOSED:
        return
    if case.worker is not None:  # somebody took it by another way than a button of its card
        _answered(job, case, case.worker)
        return
    case = replace(case, status=Status.CLOSED, closed_at=job.now)
    _over(job, case)
    minutes = int((job.now - case.opened_at) / timedelta(minutes=1))
    desk.note(job, case, "desk-drill.nobody", minutes=minutes)
    text = job.text("desk-drill.nobody-lead", case=case.id, minutes=minutes)
    for lead in leads(job):
        job.calls.append(
            Call("sendMessage", message(lead, text), lead, Priority.REPLY, role="line")
        )


def called_off(job: Job, _payload: dict[str, Any]) -> None:
    """A real case came: the drill is over at once, and says why."""
    number = job.unit.get_meta(desk.DRILL_RUNS)
    case = job.unit.load_case(int(number)) if number else None
    if case is None or case.status is Status.CLOSED:
        return
    job.unit.log(case.id, "called-off", {}, job.now)
    case = replace(case, status=Status.CLOSED, worker=None, closed_at=job.now)
    _over(job, case)
    desk.note(job, case, "desk-drill.called-off")


def after_close(job: Job, case: Case) -> None:
    """A drill that was closed like a case is over all the same."""
    if case.drill and job.unit.get_meta(desk.DRILL_RUNS) == str(case.id):
        _over(job, replace(case, claimed_at=case.claimed_at or case.closed_at))


def _results(job: Job, event: StaffSaid) -> None:
    found = list(_latest(job))
    if not found:
        answer(job, event, "desk-drill.results-none")
        return
    rows = [_row(job, result) for result in found]
    answer_with(job, event, job.text("desk-drill.results", rows=Markup("\n".join(rows))))


def _latest(job: Job) -> Iterator[Result]:
    for number in (job.unit.get_meta(LATEST) or "").split():
        case = job.unit.load_case(int(number))
        if case is not None and case.status is Status.CLOSED:
            yield drill.result_of(case, job.unit.history(case.id))


def _row(job: Job, result: Result) -> str:
    begun = f"{result.begun.astimezone(LONDON):%a %d %b %H:%M}"
    if result.called_off:
        return job.text("desk-drill.row-called-off", case=result.case, begun=begun)
    if result.answered_after is None:
        return job.text("desk-drill.row-nobody", case=result.case, begun=begun)
    after, step = _shown(job, result)
    return job.text(
        "desk-drill.row", case=result.case, begun=begun, worker=result.worker, after=after,
        step=step,
    )  # fmt: skip


def _shown(job: Job, result: Result) -> tuple[str, str]:
    """How long it took, as a clock shows it, and how far the chain had come."""
    seconds = int(result.answered_after.total_seconds()) if result.answered_after else 0
    step = job.world.wording.label(f"desk-drill.step-{result.step}")
    return f"{seconds // 60}:{seconds % 60:02}", step


COMMANDS: dict[str, Command] = {"drill": _command}
