"""Presses on a card that move its case: take it, give it back, close it, open it again."""

from __future__ import annotations

from collections.abc import Callable

from bot.cases import flow
from bot.cases.flow import Outcome, Refused
from bot.cases.model import Case, Status
from bot.delivery.model import Priority
from bot.telegram import clocks, desk, reopening
from bot.telegram.answers import change_buttons, refuse, toast
from bot.telegram.buttons import level_buttons, more_buttons, outcome_buttons
from bot.telegram.card import level
from bot.telegram.events import StaffPressed
from bot.telegram.office import Job
from bot.telegram.workers import actor
from intents.model import Urgency

Press = Callable[[Job, StaffPressed, Case, str], None]


def _claim(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    taken = flow.claim(case, event.worker, job.now)
    if isinstance(taken, Refused):
        refuse(job, event, case, taken)
        return
    toast(job, event, job.world.wording.label("staff.claimed-toast", case=case.id))
    desk.claimed(job, taken, case)


def _release(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    given = flow.release(case, event.worker)
    if isinstance(given, Refused):
        refuse(job, event, case, given)
        return
    toast(job, event)
    desk.released(job, given, event.worker)


def _ask_outcome(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    """The card's buttons become "how did it end?"."""
    ended = flow.close(case, actor(job, event), Outcome.SAFE, job.now)
    if isinstance(ended, Refused):
        refuse(job, event, case, ended)
        return
    toast(job, event, job.world.wording.label("staff.outcome-ask", case=case.id))
    change_buttons(job, event, case, outcome_buttons(case, job.world.wording))


def _end(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    """The case is closed at once; the questions of the record follow on its card."""
    if argument not in list(Outcome):
        toast(job, event, job.world.wording.label("staff.case-gone"), alert=True)
        return
    ended = flow.close(case, actor(job, event), Outcome(argument), job.now)
    if isinstance(ended, Refused):
        refuse(job, event, case, ended)
        return
    toast(job, event, job.world.wording.label("desk-case.ask-told", case=case.id))
    desk.closed(job, ended, event.worker)


def _back(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    toast(job, event)
    desk.refresh_card(job, case)


def _more(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    if case.status is Status.CLOSED:
        toast(job, event)
        desk.refresh_card(job, case)
        return
    toast(job, event)
    change_buttons(job, event, case, more_buttons(case, job.world.wording))


def _reopen(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    other = job.unit.open_case_of(case.chat_id) if case.chat_id else None
    opened = flow.reopen(case, actor(job, event), job.now, other)
    if isinstance(opened, Refused):
        refuse(job, event, case, opened)
        return
    toast(job, event, job.world.wording.label("desk-case.reopened-toast", case=case.id))
    reopening.reopened(job, opened, case)


def _ask_level(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    if case.status is Status.CLOSED:
        refuse(job, event, case, Refused("desk-case.closed-by", case.worker))
        return
    toast(job, event, job.world.wording.label("desk-case.level-ask", case=case.id))
    change_buttons(job, event, case, level_buttons(case, job.world.wording))


def _set_level(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    wording = job.world.wording
    if argument not in (Urgency.EMERGENCY, Urgency.URGENT, Urgency.CONCERN):
        toast(job, event, wording.label("staff.case-gone"), alert=True)
        return
    changed = flow.set_level(case, actor(job, event), Urgency(argument))
    if isinstance(changed, Refused):
        refuse(job, event, case, changed)
        return
    named = wording.label(f"staff.level-{argument}")
    toast(job, event, wording.label("desk-case.level-toast", case=case.id, level=named))
    job.unit.save_case(changed)
    data = {"case": case.id, "worker": event.worker.id, "level": argument}
    job.unit.log(case.id, "level-set", data, job.now)
    job.unit.audit("level-set", data, job.now)
    mark = wording.label(f"staff.mark-{argument}")
    raised = level(changed).rank > level(case).rank
    desk.note(
        job, changed, "desk-case.level-note", mark=mark, worker=event.worker.name, level=named,
        priority=Priority.ALERT if raised else Priority.RELAY,
    )  # fmt: skip
    if raised and case.status is Status.OPEN:
        clocks.hurry_chain(job, case, changed)
    desk.refresh_card(job, changed)


PRESSES: dict[str, Press] = {
    "claim": _claim,
    "release": _release,
    "close": _ask_outcome,
    "end": _end,
    "back": _back,
    "more": _more,
    "reopen": _reopen,
    "level": _ask_level,
    "set": _set_level,
}
