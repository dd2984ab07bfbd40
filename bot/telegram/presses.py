"""Presses on a card that move its case: take it, give it back, close it."""

from __future__ import annotations

from collections.abc import Callable

from bot.cases import flow
from bot.cases.flow import Outcome, Refused
from bot.cases.model import Case, Status
from bot.telegram import desk
from bot.telegram.answers import change_buttons, refuse, toast
from bot.telegram.card import outcome_buttons
from bot.telegram.events import StaffPressed
from bot.telegram.office import Job

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
    if case.status is Status.CLOSED:
        refuse(job, event, case, Refused("already-closed"))
        return
    toast(job, event, job.world.wording.label("staff.outcome-ask", case=case.id))
    change_buttons(job, event, case, outcome_buttons(case, job.world.wording))


def _end(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    if argument not in list(Outcome):
        toast(job, event, job.world.wording.label("staff.case-gone"), alert=True)
        return
    ended = flow.close(case, event.worker, Outcome(argument), job.now)
    if isinstance(ended, Refused):
        refuse(job, event, case, ended)
        return
    toast(job, event, job.world.wording.label("staff.closed-toast", case=case.id))
    desk.closed(job, ended, event.worker)


def _back(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    toast(job, event)
    desk.refresh_card(job, case)


PRESSES: dict[str, Press] = {
    "claim": _claim,
    "release": _release,
    "close": _ask_outcome,
    "end": _end,
    "back": _back,
}
