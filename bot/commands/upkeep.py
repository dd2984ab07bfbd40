"""Commands for those who keep the directory right: stale and coverage."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bot.commands.content import ROOT
from bot.content.directory_files import load_directory
from bot.content.word_files import load_activities
from bot.conversation.world import LOCAL_INTENTS, SERVED, SUPPORT_INTENTS
from bot.upkeep.entries import Entries, Entry, find_entries
from directory.coverage import Cell, Gap, coverage, families, gaps, only_wide, spoken_ages
from directory.model import Directory
from directory.stale import Due, is_past, places_of, to_check

WIDE = 24  # columns of a row's name
CELL = 9
HEADS = {"Tower Hamlets": "TowerHam."}
HOW = (
    "For each: ring or look, correct the entry, then write today's month into `seen`.",
    "Rung and right: `confidence: high`. Gone: `closed: yes`. Then: python run_bot.py check",
)


def stale(given: argparse.Namespace) -> int:
    """List what is past its check date or soon will be, with what to do."""
    if given.days < 0:
        print(f"--days {given.days}: expected 0 or more", file=sys.stderr)
        return 2
    today = datetime.now(UTC).date()
    directory = loaded(ROOT)
    found = to_check(directory, today, given.days)
    total = sum(not one.closed for one in directory.services.values()) + len(directory.front_doors)
    print("\n".join(stale_lines(found, find_entries(ROOT), today, given.days, total)))
    return 0


def loaded(root: Path) -> Directory:
    """The directory without the files that have errors, which are counted aloud."""
    directory, problems = load_directory(root)
    if faulty := {problem.file for problem in problems if problem.severity == "error"}:
        print(f"left out, since they have errors (check names them): {', '.join(sorted(faulty))}",
              file=sys.stderr)  # fmt: skip
    return directory


def stale_lines(
    found: Sequence[Due], entries: Entries, today: date, days: int, total: int
) -> list[str]:
    """The list as text: the boroughs in order, and within each the front door and the oldest."""
    past = sum(is_past(one, today) for one in found)
    soon = f", {len(found) - past} more will be within {days} days" if days else ""
    lines = [f"{past} of {total} entries are past their check date{soon}."]
    for place, below in places_of(found).items():
        late = sum(is_past(one, today) for one in below)
        lines += ["", f"{place}: {late} past" + (f", {len(below) - late} soon" if days else "")]
        for one in below:
            lines += _one(one, entries, today)
    return [*lines, "", *HOW] if found else lines


def _one(one: Due, entries: Entries, today: date) -> list[str]:
    places = entries.front_doors if one.front_door else entries.services
    entry = places.get(one.place if one.front_door else one.id)
    mark = "FRONT DOOR, its number is given in danger: " if one.front_door else ""
    name = f"{mark}{one.name}" + (f" [{one.id}]" if one.id else "")
    todo = f"      {_what_to_do(one)}"
    return [f"  {_where(entry)} {name}", f"      {_since(one, today)}", todo]


def _where(entry: Entry | None) -> str:
    return f"{entry.file}:{entry.seen_line}:" if entry else "(file not found)"


def _since(one: Due, today: date) -> str:
    when = "no date to go by" if one.due is None else f"due {one.due:%Y-%m}"
    if one.still_sure and is_past(one, today):
        when += ", a helpline and still shown as sure"
    return f"seen `{one.assurance.seen}`, {when}, confidence {one.assurance.confidence.value}"


def _what_to_do(one: Due) -> str:
    contact = one.contact
    page = contact.website or next((s for s in one.assurance.source if s.startswith("http")), None)
    ways = [
        f"ring {contact.phone}" if contact.phone else "",
        f"write to {contact.email}" if contact.email and not contact.phone else "",
        f"look at {page}" if page else "",
    ]
    said = ", or ".join(way for way in ways if way) or "ask the youth workers of the area"
    return said[0].upper() + said[1:]


def show_coverage(given: argparse.Namespace) -> int:
    """Show which needs have an answer where; with --strict a gap is exit status 1."""
    today = datetime.now(UTC).date()
    services = list(loaded(ROOT).services.values())
    activities, _ = load_activities(ROOT)
    support = coverage(services, sorted(SUPPORT_INTENTS), SERVED, today)
    wishes = coverage(services, sorted(LOCAL_INTENTS), SERVED, today)
    print("\n".join([
        "How many services fit, under 18 / 18 to 25: the borough's own, London's and the nation's.",
        "! nothing for some of these ages   ? for some of them only what may not be running",
        "", *table("Support", support),
        "", *table("To do and to learn", wishes),
        "", *activity_table(families(services, activities, SERVED)),
        "", *gap_lines([*gaps(support), *gaps(wishes)]),
        "", *own_lines(only_wide(support)),
    ]))  # fmt: skip
    missing = [gap for gap in gaps(support) if gap.missing]
    return 1 if given.strict and missing else 0


def table(title: str, cells: Iterable[Cell]) -> list[str]:
    """One row a need, one column a borough."""
    rows: dict[str, dict[str, list[Cell]]] = {}
    for cell in cells:
        rows.setdefault(cell.need, {}).setdefault(cell.borough, []).append(cell)
    boroughs = list(next(iter(rows.values()), {}))
    lines = [_row(title, [HEADS.get(borough, borough) for borough in boroughs])]
    return lines + [
        _row(need, [_shown(below[b]) for b in boroughs]) for need, below in rows.items()
    ]


def _row(name: str, shown: Iterable[str]) -> str:
    return f"{name:{WIDE}.{WIDE}} " + " ".join(f"{one:>{CELL}}" for one in shown)


def _shown(cells: Iterable[Cell]) -> str:
    parts = [f"{cell.total}{'!' if cell.without else '?' if cell.unsure else ''}" for cell in cells]
    return "/".join(parts)


def activity_table(counted: Mapping[str, Mapping[str, int]]) -> list[str]:
    """One row a kind of activity, one column a borough; only the borough's own services."""
    boroughs = list(next(iter(counted.values()), {}))
    lines = [_row("Kinds of activity", [HEADS.get(one, one) for one in boroughs])]
    return lines + [
        _row(name, [str(below[borough] or "-") for borough in boroughs])
        for name, below in sorted(counted.items())
    ]


def gap_lines(found: Sequence[Gap]) -> list[str]:
    """The gaps in words: what is missing, then what is only unsure."""
    lines = []
    for missing, title in (
        (True, "GAPS: nothing that fits"),
        (False, "Only what may not be running (somebody should ring)"),
    ):
        rows = [gap for gap in found if gap.missing is missing]
        lines.append(f"{title}: {len(rows) or 'none'}")
        lines += [f"  {gap.need}, {_ages(gap.ages)}: {_boroughs(gap.boroughs)}" for gap in rows]
    return lines


def _ages(ages: Sequence[int]) -> str:
    return f"age {spoken_ages(ages)}"


def _boroughs(names: Sequence[str]) -> str:
    return "all eight boroughs" if set(names) == set(SERVED) else ", ".join(names)


def own_lines(found: Mapping[str, Sequence[str]]) -> list[str]:
    """For each borough the needs that only London's and the nation's services answer."""
    lines = ["Answered only by London's and the nation's services:"]
    for borough, needs in found.items():
        text = f"{borough}: {', '.join(needs) or 'none'}"
        lines += textwrap.wrap(text, 98, initial_indent="  ", subsequent_indent="      ",
                               break_on_hyphens=False)  # fmt: skip
    return lines
