"""Merging two cases of one person: one goes on, and what was said in the other goes with it."""

from __future__ import annotations

from bot.cases import flow
from bot.cases.flow import Refused
from bot.cases.model import Case, Status
from bot.telegram import desk
from bot.telegram.answers import change_buttons, refuse, toast
from bot.telegram.buttons import merge_buttons
from bot.telegram.card import kind_name, waited
from bot.telegram.events import StaffPressed
from bot.telegram.office import Job
from bot.telegram.presses import Press
from bot.telegram.workers import actor


def _ask_which(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    """The card's buttons become the person's other cases."""
    if case.merged_into:
        refuse(job, event, case, Refused("desk-case.merged", other=case.merged_into))
        return
    found = job.unit.cases_of(case.chat_id) if case.chat_id else []
    others = [one for one in reversed(found) if one.id != case.id and not one.merged_into]
    wording = job.world.wording
    if not others:
        toast(job, event, wording.label("desk-case.merge-none"), alert=True)
        return
    toast(job, event, wording.label("desk-case.merge-ask", case=case.id))
    rows = [(one, _row(job, one)) for one in others]
    change_buttons(job, event, case, merge_buttons(case, rows, wording))


def _row(job: Job, case: Case) -> str:
    wording = job.world.wording
    kind = kind_name(case, wording)
    if case.status is not Status.CLOSED:
        return wording.label("desk-case.merge-row-open", case=case.id, kind=kind)
    ago = waited(case.closed_at or case.opened_at, job.now, wording)
    return wording.label("desk-case.merge-row", case=case.id, kind=kind, waited=ago)


def _join(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    number = int(argument) if argument.isascii() and argument.isdigit() else 0
    other = job.unit.load_case(number)
    if other is None:
        toast(job, event, job.world.wording.label("staff.case-gone"), alert=True)
        return
    merged = flow.merge(case, other, actor(job, event))
    if isinstance(merged, Refused):
        refuse(job, event, case, merged)
        return
    ends, goes_on = merged
    label = job.world.wording.label
    toast(job, event, label("desk-case.merge-toast", ends=ends.id, case=goes_on.id))
    job.unit.save_case(ends)
    job.unit.save_case(goes_on)
    _move_lines(job, ends, goes_on)
    job.unit.cancel_timer(f"record:{ends.id}")
    data = {"worker": event.worker.id, "ends": ends.id, "goes-on": goes_on.id}
    for one in merged:
        job.unit.log(one.id, "merged", data, job.now)
        desk.refresh_card(job, one)
    job.unit.audit("merged", data, job.now)
    desk.note(job, goes_on, "desk-case.merge-note", worker=event.worker.name, ends=ends.id)


def _move_lines(job: Job, ends: Case, goes_on: Case) -> None:
    """One talk in the order in which it was; its words go with the case that goes on."""
    lines = [*job.unit.lines(ends.id), *job.unit.lines(goes_on.id)]
    for one in (ends, goes_on):
        job.unit.erase_lines(one.id)
    for line in sorted(lines, key=lambda line: line.at):
        job.unit.add_line(goes_on.id, line)


PRESSES: dict[str, Press] = {
    "merge": _ask_which,
    "join": _join,
}
