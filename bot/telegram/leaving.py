"""Only members act; and whoever has left a group has none of its cases any more."""

from __future__ import annotations

from bot.cases import chain, flow
from bot.cases.model import Case, Worker
from bot.delivery.model import Priority
from bot.telegram import clocks, desk, workers
from bot.telegram.events import MemberChanged, StaffPressed, StaffSaid
from bot.telegram.members import Seat
from bot.telegram.office import Job
from bot.telegram.passing import LIVE
from bot.telegram.reveal import asker_left
from intents.model import Urgency

LEFT = "left-group"  # in a case's history: the worker who had it is not in the group any more


def barred(job: Job, event: StaffPressed | StaffSaid, case: Case | None, *,
           answers: bool) -> str | None:  # fmt: skip
    """The wording that refuses somebody, or None for a member.

    `answers`: they take a case or write to its person. Where Telegram cannot be asked and nobody
    knows them, only that goes on, only for a danger, and the audit log says that it was unchecked:
    a group's messages come from inside it, and a wrong refusal may cost more than a wrong trust.
    """
    seat = job.seat(event.group_id, event.worker.id)
    if seat is Seat.OUTSIDE:
        left(job, event.group_id, event.worker)
        return "desk-groups.not-member"
    if seat is not None:
        return None
    if case is not None and answers and Urgency(case.urgency).paged:
        data = {"case": case.id, "worker": event.worker.id}
        job.unit.audit("member-unchecked", data, job.now)
        return None
    return "desk-groups.cannot-check"


def changed(job: Job, event: MemberChanged) -> None:
    """Telegram says that somebody's place in a staff group changed."""
    if event.gone:
        left(job, event.group_id, event.worker)


def left(job: Job, group_id: int, worker: Worker) -> None:
    """Somebody is not in a group any more: what they had there is given back at once."""
    group_id = job.current(group_id)
    cases = [
        case for case in job.unit.cases_in(LIVE)
        if case.group_id == group_id and case.worker is not None and case.worker.id == worker.id
    ]  # fmt: skip
    for case in flow.riskiest_first(cases):
        _give_back(job, case)
    asker_left(job, group_id, worker)
    workers.gone(job, worker.id)


def _give_back(job: Job, case: Case) -> None:
    worker = case.worker
    assert worker is not None  # the caller has looked
    given = flow.release(case, worker)
    if not isinstance(given, Case):
        return
    job.unit.cancel_timers(chain.timer_prefix(case.id))
    job.unit.save_case(given)
    data = {"case": case.id, "worker": worker.id}
    job.unit.log(case.id, LEFT, {"worker": worker.id}, job.now)
    job.unit.audit("case-left-behind", data, job.now)
    clocks.set_chain(job, given)
    desk.refresh_card(job, given)
    desk.note(job, given, "desk-groups.left-behind", priority=Priority.ALERT, worker=worker.name)
    desk.to_person(job, given, job.text("danger.released", worker=worker.name))
