"""Alerts that came too fast for a message each: one message names them all, riskiest first."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from bot.cases import chain, flow
from bot.cases.model import Case, Link
from bot.conversation.state import Button
from bot.delivery.limits import TOGETHER_ROLES
from bot.delivery.model import Drop, OutboxRow, Ready, Resolution
from bot.telegram import desk
from bot.telegram.card import kind_name, level, waited
from bot.telegram.office import Job
from bot.telegram.render import LONGEST, keyboard, message, units
from intents.wording import Markup

ROLE = "together"
MOST = 100  # buttons under one message
IN_A_ROW = 3  # a phone shows no more of them whole
WIDTHS = (80, 40, 20, 0)  # characters of their first words; fewer where there are many cases
MOST_ROWS = 3 * MOST
SLACK = 20  # units, for a number in the title that gets longer
TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Named:
    """A case in such a message."""

    case: Case
    rows: tuple[int, ...]  # the waiting calls that it stands for
    new: bool  # its card has not been sent


def tell_together(job: Job, row: OutboxRow) -> Resolution | None:
    """All alerts that wait for a chat as one message; None where it would name but one case."""
    here = row.call.chat_id
    rows = [row, *job.unit.waiting_calls(here, TOGETHER_ROLES, MOST_ROWS)]
    cases = _cases(job, rows)
    if not cases:
        return Drop()
    if len(cases) == 1:
        return None
    # The call that speaks for the others is done with: its own case must not be left for later.
    own = [one for one in cases if row.id in one.rows]
    text, cases = _fitting(job, [*own, *(one for one in cases if one not in own)], here)
    params = message(here, text)
    if here == cases[0].case.group_id:
        params["reply_markup"] = keyboard(_buttons(job, cases))
    data = {
        "cases": [one.case.id for one in cases],
        "cards": [one.case.id for one in cases if one.new],
        "rows": [number for one in cases for number in one.rows],
    }
    return Ready(params, ROLE, data)


def _cases(job: Job, rows: Sequence[OutboxRow]) -> list[Named]:
    """The cases that the calls are about; a call that is not needed any more names none."""
    numbers: dict[int, list[OutboxRow]] = {}
    for row in rows:
        if row.call.case_id is not None:
            numbers.setdefault(row.call.case_id, []).append(row)
    found: list[Named] = []
    for number, calls in numbers.items():
        case = job.unit.load_case(number)
        if case is None or not any(needed(case, row) for row in calls):
            continue
        new = any(row.call.role == "card" for row in calls)
        found.append(Named(case, tuple(row.id for row in calls), new))
    return _in_order(found)


def needed(case: Case | None, row: OutboxRow) -> bool:
    """Whether an alert is still worth sending: a step of the chain is not once somebody acted."""
    return "chain" not in row.call.data or chain.still_needed(case)


def _fitting(job: Job, cases: list[Named], here: int) -> tuple[Markup, list[Named]]:
    """As many cases as one message can name, with as many of their words as all of them allow."""
    first = cases[:MOST]
    for width in WIDTHS:
        rows = {one.case.id: _row(job, one, width) for one in first}
        room = LONGEST - _seen(_around(job, first, here)) - SLACK
        fits = _how_many(rows.values(), room)
        if fits == len(first) or width == WIDTHS[-1]:
            break
    named = _in_order(first[:fits])
    title, how = _around(job, named, here).split("\n", 1)
    return Markup("\n".join([title, *(rows[one.case.id] for one in named), how])), named


def _how_many(rows: Iterable[Markup], room: int) -> int:
    lengths = accumulate(_seen(row) + 1 for row in rows)
    return sum(length <= room for length in lengths)


def _seen(text: str) -> int:
    """The length as Telegram counts it: without tags."""
    return units(html.unescape(TAG.sub("", text)))


def _in_order(cases: Sequence[Named]) -> list[Named]:
    """Riskiest and oldest first."""
    order = flow.riskiest_first([one.case for one in cases])
    found = {one.case.id: one for one in cases}
    return [found[case.id] for case in order]


def _around(job: Job, cases: list[Named], here: int) -> str:
    """What stands above the cases, and in the next line what stands below."""
    in_group = here == cases[0].case.group_id
    how = job.text("desk-load.how") if in_group else job.text("desk-load.how-here")
    return f"{_title(job, cases)}\n{how}"


def _title(job: Job, cases: list[Named]) -> str:
    new = sum(one.new for one in cases)
    old = len(cases) - new
    if not new:
        return job.text("desk-load.waiting", old=old)
    return (
        job.text("desk-load.both", new=new, old=old) if old else job.text("desk-load.new", new=new)
    )


def _row(job: Job, one: Named, width: int) -> Markup:
    case, wording = one.case, job.world.wording
    named = level(case).value
    words = _first_words(job, case, width)
    shown = waited(case.opened_at, job.now, wording)
    return wording.text(
        "desk-load.row",
        mark=wording.label(f"staff.mark-{named}"),
        case=case.id,
        level=wording.label(f"staff.level-{named}"),
        kind=kind_name(case, wording),
        area=case.area or case.borough or wording.label("staff.card-unknown"),
        words=wording.text("desk-load.row-words", words=words) if words else "",
        waited="" if one.new else wording.text("desk-load.row-waited", waited=shown),
    )


def _first_words(job: Job, case: Case, width: int) -> str:
    if not width:
        return ""
    said = (line.text for line in job.unit.lines(case.id) if line.author == "person" and line.text)
    words = " ".join(next(said, "").split())
    return words if len(words) <= width else f"{words[: width - 1].rstrip()}…"


def _buttons(job: Job, cases: list[Named]) -> list[list[Button]]:
    all_of_them = [
        Button(job.world.wording.label("desk-load.claim", case=one.case.id), f"claim:{one.case.id}")
        for one in cases
        if chain.still_needed(one.case)
    ]
    return [all_of_them[at : at + IN_A_ROW] for at in range(0, len(all_of_them), IN_A_ROW)]


def told(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    """Everybody in it is named: what it stood for is done, and each card follows by itself."""
    data = row.call.data
    _close(job, row)
    for number in data["cards"]:
        case = job.unit.load_case(number)
        if case is not None:
            desk.card_follows(job, case)
    if "message_id" in result:
        job.unit.link(Link(row.call.chat_id, result["message_id"], data["cases"][0], ROLE))


def untold(job: Job, row: OutboxRow) -> list[Case]:
    """It cannot be sent: the cards are tried one by one; the cases that it would have named."""
    data = row.call.data
    _close(job, row)
    cases = [case for number in data["cases"] if (case := job.unit.load_case(number))]
    for case in cases:
        if case.id in data["cards"]:
            desk.card_follows(job, case)
    return cases


def _close(job: Job, row: OutboxRow) -> None:
    for number in row.call.data["rows"]:
        job.unit.close_call(number)
