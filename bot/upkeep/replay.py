"""The same questions asked of two versions of the directory: whose answers change, and how."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from bot.content.directory_files import POSTCODES, load_directory
from bot.content.problems import Problem, Severity
from bot.content.word_files import load_activities, load_areas
from bot.conversation.cards import card
from bot.upkeep.queries import Asked
from directory.model import Directory, Match, Results
from directory.places import load_places
from directory.search import Index
from intents.wording import Wording

FURTHER = 30  # how deep a service that left the first page is looked for
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Version:
    """One version, ready to be searched."""

    directory: Directory
    index: Index
    problems: list[Problem]  # errors; their files are left out


def load_version(root: Path) -> Version:
    """Load the directory below a project's folder."""
    areas, _ = load_areas(root)
    activities, _ = load_activities(root)
    places = load_places(root / POSTCODES, areas)
    directory, problems = load_directory(root, places=places)
    errors = [one for one in problems if one.severity is Severity.ERROR]
    return Version(directory, Index(directory, activities, places.point_of), errors)


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose answer is another one now."""

    words: str
    lines: tuple[str, ...]  # what came, went and moved
    lost: bool = False  # there was an answer, and there is none now


@dataclass
class Difference:
    """What two versions answer differently."""

    asked: int = 0
    answers: list[Change] = field(default_factory=list)
    cards: dict[str, CardChange] = field(default_factory=dict)  # by id


@dataclass
class CardChange:
    """One service whose card reads differently."""

    name: str
    before: list[str]
    after: list[str]
    questions: int = 0


def compare(
    old: Version, new: Version, questions: Iterable[Asked], wording: Wording, now: datetime
) -> Difference:
    """Ask both versions every question, as of the same moment."""
    found = Difference()
    for one in questions:
        found.asked += 1
        before, after = old.index.search(one.query, now), new.index.search(one.query, now)
        if lines := _answer_lines(old, new, one, (before, after), now):
            lost = bool(before.matches) and not after.matches
            found.answers.append(Change(one.words, tuple(lines), lost))
        _compare_cards(found, before, after, wording, now)
    return found


def _answer_lines(
    old: Version, new: Version, one: Asked, results: tuple[Results, Results], now: datetime
) -> list[str]:
    before, after = ([match.service for match in found.matches] for found in results)
    was, now_is = [service.id for service in before], [service.id for service in after]
    lines = []
    for place, service in enumerate(before, 1):
        if service.id not in now_is:
            why = _why_gone(new, one, service.id, now)
            lines.append(f"- {place}. {service.name} [{service.id}]: {why}")
    for place, service in enumerate(after, 1):
        if service.id not in was:
            fresh = service.id not in old.directory.services
            lines.append(f"+ {place}. {service.name} [{service.id}]{': new' if fresh else ''}")
        elif was.index(service.id) + 1 != place and set(was) == set(now_is):
            lines.append(f"  {place}. {service.name}, was {was.index(service.id) + 1}.")
    widened = [", ".join(found.widened) or "nothing" for found in results]
    if results[0].widened != results[1].widened:
        lines.append(f"  widened: {widened[1]}, was {widened[0]}")
    return lines


def _why_gone(new: Version, one: Asked, service_id: str, now: datetime) -> str:
    service = new.directory.services.get(service_id)
    if service is None:
        return "no longer in the directory"
    if service.closed:
        return "closed"
    deeper = new.index.search(replace(one.query, limit=FURTHER), now)
    ids = [match.service.id for match in deeper.matches]
    if service_id in ids:
        return f"lower now, place {ids.index(service_id) + 1}"
    return "does not fit any more"


def _compare_cards(
    found: Difference, before: Results, after: Results, wording: Wording, now: datetime
) -> None:
    was = {match.service.id: match for match in before.matches}
    for match in after.matches:
        if (old := was.get(match.service.id)) is None:
            continue
        lines = _read(old, wording, now), _read(match, wording, now)
        if lines[0] == lines[1]:
            continue
        gone = [line for line in lines[0] if line not in lines[1]]
        fresh = [line for line in lines[1] if line not in lines[0]]
        one = found.cards.setdefault(match.service.id, CardChange(match.service.name, gone, fresh))
        one.questions += 1


def _read(match: Match, wording: Wording, now: datetime) -> list[str]:
    """A card as it is read, one fact at a time; how far it is depends on who asks."""
    text = html.unescape(_TAG.sub("", card(replace(match, distance_m=None), 1, wording, now)))
    return [part.strip() for line in text.splitlines() for part in line.split(" · ")]


def difference_lines(found: Difference, versions: Sequence[Version]) -> list[str]:
    """The difference as text."""
    lost = [one for one in found.answers if one.lost]
    lines = _left_out(versions)
    lines.append(
        f"{len(found.answers)} of {found.asked} questions have another answer, "
        f"{len(lost)} of them none any more; {len(found.cards)} cards read differently."
    )
    for one in [*lost, *(one for one in found.answers if not one.lost)]:
        lines += ["", one.words + (": NO ANSWER ANY MORE" if one.lost else "")]
        lines += [f"  {line}" for line in one.lines]
    for name, changed in sorted(found.cards.items()):
        lines += ["", f"card of {changed.name} [{name}], in {changed.questions} answer(s)"]
        lines += [f"  - {line}" for line in changed.before]
        lines += [f"  + {line}" for line in changed.after]
    return lines


def _left_out(versions: Sequence[Version]) -> list[str]:
    lines = []
    for name, version in zip(("OLD", "NEW"), versions, strict=True):
        files = sorted({problem.file for problem in version.problems})
        if files:
            few = ", ".join(files[:3]) + (" …" if len(files) > 3 else "")
            lines.append(f"{name}: left out, since this program finds errors in them: {few}")
    return lines
