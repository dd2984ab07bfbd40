"""`/case N`: the card, what staff noted, and what happened, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from bot.cases.model import Case, Line
from bot.cases.reveal import Step
from bot.conversation.state import Button
from bot.telegram.answers import plain
from bot.telegram.card import CardView, card_text
from bot.telegram.events import StaffSaid
from bot.telegram.lookup import card_link, case_for, london, topic_link, worker_name
from bot.telegram.office import Job
from bot.telegram.overview import Command
from bot.telegram.render import split
from bot.telegram.transcript import TRANSCRIPT
from intents.wording import Markup, Wording

NOTE = "note"  # the author of a line that is for staff only
MOST_EVENTS = 40  # of a history; the chain of a case that nobody takes repeats itself
# Whether the young person was told: yes, not for now, or it did not arrive.
TOLD = {True: "reveal-told", False: "reveal-told-not", None: "reveal-told-failed"}
Event = tuple[datetime, str, dict[str, Any]]


def _case(job: Job, event: StaffSaid, argument: str) -> None:
    case = case_for(job, event, argument, "case")
    if case is None:
        return
    lines = job.unit.lines(case.id)
    job.unit.audit("case-read", {"case": case.id, "worker": event.worker.id}, job.now)
    pieces = [str(card_text(CardView(case, lines, job.now), job.world))]
    pieces += split(Markup("\n".join([*_notes(lines, job.world.wording), *_history(job, case)])))
    for piece in pieces[:-1]:
        plain(job, event, piece)
    plain(job, event, pieces[-1], _buttons(case, lines, job.world.wording))


def _buttons(case: Case, lines: list[Line], wording: Wording) -> tuple[tuple[Button, ...], ...]:
    links = (("to-card", card_link(case)), ("to-topic", topic_link(case)))
    first = tuple(
        Button(wording.label(f"desk-overview.{name}"), "", url=link) for name, link in links if link
    )
    file = Button(wording.label("desk-overview.as-file"), f"{TRANSCRIPT}:{case.id}")
    return tuple(row for row in (first, (file,) if lines else ()) if row)


def _notes(lines: list[Line], wording: Wording) -> Iterator[Markup]:
    notes = [line for line in lines if line.author == NOTE]
    if notes:
        yield wording.text("desk-overview.notes")
    for line in notes:
        yield wording.text(
            "desk-overview.note", time=london(line.at), worker=line.by, text=line.text
        )


def _history(job: Job, case: Case) -> Iterator[Markup]:
    wording = job.world.wording
    # The same thing again and again becomes one line with the last time.
    runs = [list(run) for _, run in groupby(job.unit.history(case.id), key=_same)]
    yield wording.text("desk-overview.history")
    if len(runs) > MOST_EVENTS:
        yield wording.text("desk-overview.history-more", n=len(runs) - MOST_EVENTS)
    for run in runs[-MOST_EVENTS:]:
        first, last = run[0], run[-1]
        what = happened(job, case, first)
        if len(run) == 1:
            yield wording.text("desk-overview.event", time=london(first[0]), what=what)
        else:
            yield wording.text("desk-overview.events", time=london(first[0]), what=what,
                               times=len(run), last=london(last[0]))  # fmt: skip


def _same(event: Event) -> tuple[object, ...]:
    _, name, data = event
    return name, _who(data), data.get("to"), data.get("told")


def _who(data: dict[str, Any]) -> object:
    return data.get("worker", data.get("by"))


def happened(job: Job, case: Case, event: Event) -> str:
    """One entry of a case's history in plain words; an unknown one as it is called inside."""
    _, name, data = event
    wording = job.world.wording
    if name == Step.TOLD:
        name = TOLD[data.get("told")]
    key = f"desk-overview.did-{name}"
    if not wording.has(key):
        return wording.label("desk-overview.did-other", what=name.replace("-", " "))
    outcome = f"staff.outcome-{data.get('outcome')}"
    values = {
        "worker": data.get("name") or _did_it(job, case, data),
        "to": worker_name(job, case, data.get("to")),
        "group": _group_name(job, data.get("to")),
        "outcome": wording.label(outcome) if wording.has(outcome) else "",
        "case": case.id,
    }
    return wording.label(key, **values)


def _did_it(job: Job, case: Case, data: dict[str, Any]) -> str:
    who = _who(data)
    if who == 0:
        return job.world.wording.label("desk-groups.the-bot")
    return worker_name(job, case, who)


def _group_name(job: Job, group_id: object) -> str:
    group = job.group(group_id) if isinstance(group_id, int) else None
    return group.name if group else job.world.wording.label("desk-groups.no-group")


COMMANDS: dict[str, Command] = {"case": _case}
