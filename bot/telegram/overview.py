"""Commands in the staff group that list cases: what is open, and what a worker has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.cases import flow
from bot.cases.model import Case
from bot.conversation.state import Button
from bot.delivery.model import Call, Priority
from bot.telegram.answers import plain, toast
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.lookup import by_level, card_link, row, topic_link
from bot.telegram.office import Job
from bot.telegram.passing import LIVE, by_group, counts_of
from bot.telegram.render import keyboard, message
from intents.wording import Markup

Command = Callable[[Job, StaffSaid, str], None]
FreePress = Callable[[Job, StaffPressed, str], None]  # of no case: what stands after the verb

OPEN_PAGE, MINE_PAGE = "open-page", "mine-page"
ON_A_PAGE = 8  # with their links well within one message


def _open(job: Job, event: StaffSaid, _argument: str) -> None:
    text, rows = _open_page(job, event.group_id, 0)
    plain(job, event, text, rows)


def _turn_open(job: Job, event: StaffPressed, argument: str) -> None:
    page = int(argument) if argument.isascii() and argument.isdigit() else 0
    toast(job, event)
    _replace(job, event, *_open_page(job, event.group_id, page))


def _open_page(job: Job, group_id: int, page: int) -> tuple[Markup, tuple[tuple[Button, ...], ...]]:
    wording = job.world.wording
    every = flow.riskiest_first(job.unit.cases_in(LIVE))
    cases, others = by_group(job, every, group_id)
    more = [counts_of(job, others)] if others else []
    if not cases:
        return Markup("\n".join([wording.text("staff.open-none"), *more])), ()
    pages = _pages(cases)
    page = min(page, len(pages) - 1)  # some may have been closed since
    title = wording.text("desk-overview.open-title", n=len(cases))
    buttons = _turning(job, OPEN_PAGE, page, len(pages))
    return Markup("\n".join([title, *by_level(job, pages[page]), *more])), buttons


def _mine(job: Job, event: StaffSaid, _argument: str) -> None:
    plain(job, event, *_mine_page(job, event.worker.id, 0))


def _turn_mine(job: Job, event: StaffPressed, argument: str) -> None:
    """The list is the worker's who asked for it; nobody else turns its pages."""
    owner, _, number = argument.partition(":")
    if owner != str(event.worker.id):
        toast(job, event, job.world.wording.label("desk-overview.mine-other"), alert=True)
        return
    toast(job, event)
    page = int(number) if number.isascii() and number.isdigit() else 0
    _replace(job, event, *_mine_page(job, event.worker.id, page))


def _mine_page(
    job: Job, worker_id: int, page: int
) -> tuple[Markup, tuple[tuple[Button, ...], ...]]:
    wording = job.world.wording
    every = flow.riskiest_first(job.unit.cases_in(LIVE))
    cases = [case for case in every if case.worker is not None and case.worker.id == worker_id]
    if not cases:
        return wording.text("desk-overview.mine-none"), ()
    cases.sort(key=lambda case: case.waiting_since or datetime.max.replace(tzinfo=job.now.tzinfo))
    pages = _pages(cases)
    page = min(page, len(pages) - 1)
    lines: list[Markup] = [wording.text("desk-overview.mine-title", n=len(cases))]
    before: bool | None = None
    for case in pages[page]:
        waits = case.waiting_since is not None
        if waits is not before:
            which = "desk-overview.mine-for-us" if waits else "desk-overview.mine-for-them"
            lines.append(wording.text(which))
        before = waits
        lines.append(row(job, case, topic_link(case) or card_link(case)))
    return Markup("\n".join(lines)), _turning(job, f"{MINE_PAGE}:{worker_id}", page, len(pages))


def _pages(cases: list[Case]) -> list[list[Case]]:
    return [cases[i : i + ON_A_PAGE] for i in range(0, len(cases), ON_A_PAGE)]


def _turning(job: Job, verb: str, page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    """Back, forward, and the same page afresh."""
    wording = job.world.wording
    if pages == 1:
        return ()
    buttons = []
    if page > 0:
        buttons.append(Button(wording.label("desk-overview.back"), f"{verb}:{page - 1}"))
    here = wording.label("desk-overview.page", page=page + 1, pages=pages)
    buttons.append(Button(here, f"{verb}:{page}"))
    if page < pages - 1:
        buttons.append(Button(wording.label("desk-overview.forward"), f"{verb}:{page + 1}"))
    return (tuple(buttons),)


def _replace(job: Job, event: StaffPressed, text: str, rows: Iterable[Iterable[Button]]) -> None:
    params = message(event.group_id, text, message_id=event.message_id)
    params["reply_markup"] = keyboard(rows)
    job.calls.append(Call("editMessageText", params, event.group_id, Priority.REPLY))


COMMANDS: dict[str, Command] = {"open": _open, "mine": _mine}
FREE_PRESSES: dict[str, FreePress] = {OPEN_PAGE: _turn_open, MINE_PAGE: _turn_mine}
