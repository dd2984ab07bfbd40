"""Commands in the staff group that show cases: what is open, one case, how this works."""

from __future__ import annotations

from collections.abc import Callable

from bot.cases import flow
from bot.cases.model import Status
from bot.telegram.answers import answer, plain
from bot.telegram.card import CardView, card_text, open_list, transcript
from bot.telegram.events import StaffSaid
from bot.telegram.office import Job
from bot.telegram.passing import by_group, counts_of, elsewhere
from bot.telegram.render import split
from intents.wording import joined

Command = Callable[[Job, StaffSaid, str], None]


def _open(job: Job, event: StaffSaid, _argument: str) -> None:
    cases = flow.riskiest_first(job.unit.cases_in((Status.OPEN, Status.CLAIMED)))
    cases, others = by_group(job, cases, event.group_id)
    shown = joined([open_list(cases, job.now, job.world.wording), counts_of(job, others)])
    for piece in split(shown):
        plain(job, event, piece)


def _case(job: Job, event: StaffSaid, argument: str) -> None:
    number = argument.lstrip("#")
    if not (number.isascii() and number.isdigit()):
        answer(job, event, "staff.case-usage")
        return
    case = job.unit.load_case(int(number))
    if case is None:
        answer(job, event, "staff.case-unknown")
        return
    if (group := elsewhere(job, event.group_id, case)) is not None:
        answer(job, event, "desk-groups.press-elsewhere", case=case.id, group=group)
        return
    lines = job.unit.lines(case.id)
    job.unit.audit("case-read", {"case": case.id, "worker": event.worker.id}, job.now)
    plain(job, event, card_text(CardView(case, [], job.now), job.world))
    for piece in split(transcript(case, lines, job.world.wording)):
        plain(job, event, piece)


def _help(job: Job, event: StaffSaid, _argument: str) -> None:
    plain(job, event, job.text("staff.help", worker=event.worker.name))


COMMANDS: dict[str, Command] = {
    "open": _open,
    "case": _case,
    "help": _help,
    "start": _help,
}
