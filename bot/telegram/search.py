"""`/search words`: in notes, tags, numbers, kinds and boroughs; never in a young person's words.

A search reads some dozens of cases at a time, the newest first, so that nobody who writes waits for
it; a button looks further back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.cases.model import Case
from bot.conversation.state import Button
from bot.delivery.model import Call, Priority
from bot.telegram.answers import answer, plain, toast
from bot.telegram.card import kind_name
from bot.telegram.casefile import NOTE
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.lookup import card_link, number_in, row
from bot.telegram.office import Job
from bot.telegram.overview import Command, FreePress
from bot.telegram.passing import by_group, elsewhere
from bot.telegram.render import keyboard, message
from intents.wording import Markup

FURTHER = "search-on"
LOOKED_AT = 60  # cases in one go; with ten lines each about 50 ms of a busy small machine
SHOWN = 8
ALIKE = 80.0  # of 100: one slip in a word of five letters
WHOLE = 3  # letters; shorter words must stand there as they are
MOST_DATA = 64  # bytes that a button holds
SNIPPET = 90
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Found:
    """A case that fits, how well, and the note that says so."""

    case: Case
    score: float
    note: str = ""


def _search(job: Job, event: StaffSaid, argument: str) -> None:
    words = " ".join(argument.split())
    if not _words(words):
        answer(job, event, "desk-overview.search-usage")
        return
    text, rows = _answered(job, words, None, event.group_id, event.worker.id)
    plain(job, event, text, rows)


def _further(job: Job, event: StaffPressed, argument: str) -> None:
    number, _, words = argument.partition(":")
    before = number_in(number)
    if before is None or not _words(words):
        toast(job, event, job.world.wording.label("desk-overview.search-lost"), alert=True)
        return
    toast(job, event)
    text, rows = _answered(job, words, before, event.group_id, event.worker.id)
    from_here = {"message_id": event.message_id, "allow_sending_without_reply": True}
    params = message(event.group_id, text, reply_parameters=from_here)
    if rows:
        params["reply_markup"] = keyboard(rows)
    job.calls.append(Call("sendMessage", params, event.group_id, Priority.REPLY, role="note"))


def _answered(
    job: Job, words: str, before: int | None, group_id: int, worker_id: int
) -> tuple[Markup, tuple[tuple[Button, ...], ...]]:
    wording = job.world.wording
    looked = job.unit.cases_before(before, LOOKED_AT)
    cases, _ = by_group(job, looked, group_id)
    if before is None and (named := _numbered(job, words, group_id)):
        cases = [named, *(case for case in cases if case.id != named.id)]
    found = sorted(search(job, cases, words), key=lambda one: (-one.score, -one.case.id))
    job.unit.audit("searched", {"worker": worker_id, "found": len(found)}, job.now)
    title = "desk-overview.search-title" if found else "desk-overview.search-none"
    lines = [wording.text(title, words=words, n=len(found))]
    for one in found[:SHOWN]:
        lines.append(row(job, one.case, card_link(one.case)))
        if one.note:
            lines.append(wording.text("desk-overview.search-note", note=one.note))
    if len(found) > SHOWN:
        lines.append(wording.text("desk-overview.search-more", n=len(found) - SHOWN))
    if len(looked) < LOOKED_AT:
        return Markup("\n".join(lines)), ()
    last = looked[-1].id
    lines.append(wording.text("desk-overview.search-back", case=last))
    data = f"{FURTHER}:{last}:{words}".encode()[:MOST_DATA].decode(errors="ignore")
    button = Button(wording.label("desk-overview.search-further"), data)
    return Markup("\n".join(lines)), ((button,),)


def _numbered(job: Job, words: str, group_id: int) -> Case | None:
    number = number_in(words)
    case = None if number is None else job.unit.load_case(number)
    return case if case is not None and elsewhere(job, group_id, case) is None else None


def search(job: Job, cases: Iterable[Case], words: str) -> Iterator[Found]:
    """The cases in which every word stands, or one much like it."""
    wanted, number = _words(words), number_in(words)
    for case in cases:
        if case.id == number:
            yield Found(case, 200)
            continue
        labels = _words(" ".join(_labels(job, case)))
        notes = [line.text for line in job.unit.lines(case.id) if line.author == NOTE]
        if case.decision is not None and case.decision.why:
            notes.append(case.decision.why)
        said = [_words(note) for note in notes]
        score = _score(wanted, [*labels, *(word for note in said for word in note)])
        if score:
            yield Found(case, score, _snippet(wanted, notes, said))


def _labels(job: Job, case: Case) -> Iterator[str]:
    yield from case.tags
    yield kind_name(case, job.world.wording)
    yield from (text for text in (case.kind, case.borough, case.area) if text)


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def _score(wanted: list[str], there: list[str]) -> float:
    """How well the words fit together; 0 where one of them is missing."""
    best = [max((_alike(word, other) for other in there), default=0.0) for word in wanted]
    return 0.0 if min(best) < ALIKE else sum(best) / len(best)


def _alike(word: str, other: str) -> float:
    if word == other:
        return 100.0
    if len(word) <= WHOLE:
        return 0.0
    return 95.0 if other.startswith(word) else fuzz.ratio(word, other)


def _snippet(wanted: list[str], notes: list[str], said: list[list[str]]) -> str:
    """The first note that has one of the words."""
    for note, words in zip(notes, said, strict=True):
        if any(_alike(word, other) >= ALIKE for word in wanted for other in words):
            line = " ".join(note.split())
            return line if len(line) <= SNIPPET else f"{line[: SNIPPET - 1]}…"
    return ""


COMMANDS: dict[str, Command] = {"search": _search}
FREE_PRESSES: dict[str, FreePress] = {FURTHER: _further}
