"""What `check` says about one service, beyond the shape of its entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.content.located import Located
from bot.content.problems import Problem, Severity
from bot.content.time_checks import check_times
from bot.content.validate import one_of
from bot.content.word_files import AREAS
from directory.activities import Activities
from directory.freshness import is_stale, seen_on
from directory.lines import school_years
from directory.model import Venue
from directory.phones import PhoneFault, fault_of_text, read_phone
from directory.places import Places
from directory.schema import Assured, ServiceEntry

Path = tuple[str | int, ...]

_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}")
_MEANT_POSTCODE = re.compile(r"([A-Za-z]{1,2}\d[A-Za-z\d]?) *(\d[A-Za-z]{2})")
# "11-16" in a name; not in "10-12pm", "16:00-18:00" or "24-7".
_SPAN = re.compile(
    r"(?<![\d:.£/-])(\d{1,2}) ?(?:-|–|to) ?(\d{1,2})"
    r"(?![:./-]?\d|%| ?(?:am|pm|min|hour|week|people))",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?<![\d:.£/-])(\d{1,2})\+|\bover (\d{1,2})s\b", re.IGNORECASE)
_UNDER = re.compile(r"\bunder[ -](\d{1,2})s\b", re.IGNORECASE)
_AGES = re.compile(r"\b(?:ages?|aged)\b[^.;:]{0,12}$", re.IGNORECASE)
_YOUNGEST, _OLDEST = 4, 35  # what a span of two numbers in a name may be taken for


@dataclass
class Found:
    """The problems of one entry, with its file and its place in it."""

    located: Located
    at: Path
    problems: list[Problem] = field(default_factory=list)

    def add(self, key: Path, what: str, found: str = "", instead: str = "", *,
            warn: bool = False) -> None:  # fmt: skip
        """Keep a problem at a key below the entry."""
        line = self.located.line(*self.at, *key)
        severity = Severity.WARNING if warn else Severity.ERROR
        self.problems.append(Problem(self.located.file, line, what, found, instead, severity))


@dataclass(frozen=True)
class Known:
    """What an entry is held against; the vocabularies are empty where they could not be read."""

    activities: Activities
    places: Places | None
    today: date | None  # None: nothing is said about dates that pass by themselves
    exact: bool = False  # every postcode that there is is known


def check_service(
    entry: ServiceEntry, located: Located, at: Path, borough: str | None, known: Known
) -> list[Problem]:
    """Every mistake in one service."""
    found = Found(located, at)
    _check_activities(entry, found, known.activities)
    if known.places is not None:
        _check_place(entry, found, known, known.places, borough)
    check_phones(found, ("contact",), entry.contact, ("phone",))
    for key in ("text", "whatsapp"):
        typed = getattr(entry.contact, key)
        if typed and (fault := fault_of_text(typed)):
            found.add(("contact", key), f"`{key}` {fault.what}", f"`{typed}`", fault.instead)
    _check_ages(entry, found)
    found.problems += check_times(entry, located, at, known.today)
    if not entry.gone:
        check_date(entry, found, known.today, f"`{entry.id}`")
    return found.problems


def check_date(entry: Assured, found: Found, today: date | None, name: str) -> None:
    """Say what is past its check date, or from a day that has not come yet."""
    if today is None:
        return
    seen = seen_on(entry.seen)
    if seen is not None and seen > today:
        found.add(("seen",), f"{name} was seen on a day that is still to come", f"`{entry.seen}`",
                  "write the month in which somebody looked", warn=True)  # fmt: skip
    elif is_stale(seen, today):
        found.add(("seen",), f"{name} is past its check date", f"`{entry.seen}`",
                  "check it and write today's month", warn=True)  # fmt: skip


def check_phones(found: Found, below: Path, entry: Any, keys: tuple[str, ...]) -> None:
    """Say which numbers nobody can ring, and how a number that is hard to read is written."""
    for key in keys:
        typed = getattr(entry, key)
        if typed is None:
            continue
        read = read_phone(typed)
        if isinstance(read, PhoneFault):
            found.add((*below, key), f"`{key}` {read.what}", f"`{typed}`", read.instead)
        elif read.unusual:
            found.add((*below, key), f"`{key}` is hard to read", f"`{typed}`",
                      f"write {read.written}", warn=True)  # fmt: skip


def _check_activities(entry: ServiceEntry, found: Found, activities: Activities) -> None:
    for number, name in enumerate(entry.activities):
        if activities.names and name not in activities.names:
            guess = activities.canonical(name)
            found.add(
                ("activities", number), "this activity is not in intents/words/activities.yaml",
                f"`{name}`", f"write `{guess}`" if guess else one_of(name, activities.names),
            )  # fmt: skip


def _check_place(
    entry: ServiceEntry, found: Found, known: Known, places: Places, borough: str | None
) -> None:
    if entry.near is not None and places.point_of(entry.near) is None:
        names = [area.name for area in places.areas.areas]
        found.add(("near",), f"`near` is not a name of {AREAS}", f"`{entry.near}`",
                  one_of(entry.near, names))  # fmt: skip
    if entry.postcode is not None:
        _check_postcode(entry.postcode, found, known, places, borough)
    elif entry.venue is Venue.PLACE and entry.near is None and not entry.gone:
        what = f"`{entry.id}` has no postcode, so it cannot be ranked by distance"
        instead = "add `postcode`, or `near` with a named area, or `venue: borough-wide`"
        found.add((), what, "", instead, warn=True)


def _check_postcode(
    typed: str, found: Found, known: Known, places: Places, borough: str | None
) -> None:
    at, shown = ("postcode",), f"`{typed}`"
    if not _POSTCODE.fullmatch(typed):
        meant = _MEANT_POSTCODE.fullmatch(typed.strip())
        instead = f"{meant[1]} {meant[2]}".upper() if meant else "it like SW9 7UH"
        found.add(at, "`postcode` is not written in full", shown, f"write {instead}")
        return
    cell, unit = places.cell_of(typed), places.unit_of(typed)
    if unit is not None and unit.ended is not None:
        ended = f"{unit.ended // 100}-{unit.ended % 100:02}"
        found.add(at, "`postcode` is no longer in use", f"{shown}, ended {ended}",
                  "ask them for the new one", warn=True)  # fmt: skip
    elif unit is None and (cell is None or known.exact):
        found.add(at, "`postcode` is not in the table", shown,
                  "check it; a very new one may be missing", warn=True)  # fmt: skip
    else:
        shares = dict(cell.shares) if cell is not None else {}
        there = {unit.authority: 1.0} if unit is not None else shares
        if borough is not None and there.get(borough, 0.0) == 0.0:
            found.add(at, f"`postcode` lies in {next(iter(there))}, not in {borough}", shown,
                      "check it, unless it is just over the border", warn=True)  # fmt: skip


def _check_ages(entry: ServiceEntry, found: Found) -> None:
    """Hold the ages against what the name and the sentence say, and against those of sessions."""
    low, high = entry.ages.min, entry.ages.max
    for key in ("name", "what"):
        said = next(_ages_said(getattr(entry, key), loose=key == "name"), None)
        if said is None or entry.gone:
            continue
        youngest, oldest, words = said
        if (youngest in (None, low) and oldest in (None, high)) and (low, high) != (None, None):
            continue
        written = ", ".join(
            f"{end}: {age}" for end, age in (("min", youngest), ("max", oldest)) if age is not None
        )
        apart = _apart(youngest, high) or _apart(low, oldest)
        # Where they overlap, the words may be about one group of several.
        found.add(("ages",) if (low, high) != (None, None) else (key,),
                  f"`{key}` says {words}, `ages` says {_range(low, high) or 'nothing'}", "",
                  f"correct one of them, or write `ages: {{{written}}}`",
                  warn=not apart)  # fmt: skip
    for number, one in enumerate(entry.schedule):
        outside = (
            (one.ages.min is not None and low is not None and one.ages.min < low)
            or (one.ages.max is not None and high is not None and one.ages.max > high)
        )  # fmt: skip
        if outside:
            found.add(("schedule", number, "ages"), "a session is for ages that `ages` leaves out",
                      _range(one.ages.min, one.ages.max), f"`ages` says {_range(low, high)}",
                      warn=True)  # fmt: skip


def _ages_said(text: str, *, loose: bool) -> Iterator[tuple[int | None, int | None, str]]:
    """Find the ages that a text names; a sentence must call them ages, a name need not."""
    if years := school_years(text):
        yield (*years, f"school years that are ages {years[0]} to {years[1]}")
    for match in _SPAN.finditer(text):
        low, high = int(match[1]), int(match[2])
        called = loose or _AGES.search(text[: match.start()])
        if called and _YOUNGEST <= low < high <= _OLDEST:
            yield low, high, f"`{match[0]}`"
    if loose:
        for match in _FROM.finditer(text):
            if _YOUNGEST <= (age := int(match[1] or match[2])) <= _OLDEST:
                yield age + bool(match[2]), None, f"`{match[0]}`"
        for match in _UNDER.finditer(text):
            if _YOUNGEST <= (age := int(match[1])) <= _OLDEST:
                yield None, age - 1, f"`{match[0]}`"


def _apart(low: int | None, high: int | None) -> bool:
    return low is not None and high is not None and low > high


def _range(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"{low} and over"
    return f"up to {high}" if high is not None else ""
