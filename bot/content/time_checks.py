"""What `check` says about times: lines that almost say one, days that are over, contradictions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.content.located import Located
from bot.content.problems import Problem, Severity
from directory.hours import falls_on
from directory.lines import DAY_NAMES, doubtful, looks_like_times, parse_line
from directory.model import Session
from directory.opening import UNSURE, parse_opening
from directory.schema import ServiceEntry

Path = tuple[str | int, ...]

_HOUR = re.compile(r"\d{1,2}[:.]\d\d|\d ?[ap]m\b", re.IGNORECASE)
_LOOKED_AT = 800  # days
_SOME_DAY = re.compile(r"\b(?:mon|weekday|daily|every day|sat|sun)", re.IGNORECASE)
_ASIDE = re.compile(r"(?: ?\([^)]*\)| ?, .*)$")


def check_times(
    entry: ServiceEntry, located: Located, at: Path, today: date | None
) -> list[Problem]:
    """Every mistake in the times of one service."""
    found = [
        *_lines(entry), *_hours(entry), *_differences(entry), *_closures(entry, today),
        *_never(entry),
    ]  # fmt: skip
    if today is not None and not entry.gone:
        found += _over(entry, today)
    return [
        Problem(located.file, located.line(*at, *key), what, shown, instead, severity)
        for key, what, shown, instead, severity in found
    ]


Said = tuple[Path, str, str, str, Severity]


def _lines(entry: ServiceEntry) -> Iterator[Said]:
    """Lines of `when` that mean a time and miss it."""
    for number, line in enumerate(entry.when):
        key = ("when", number)
        if parse_line(line) is not None:
            continue
        if looks_like_times(line):
            yield (key, "the times in this line cannot be", f"`{line}`",
                   "write times from 00:00 to 23:59, the end after the start",
                   Severity.ERROR)  # fmt: skip
        elif _HOUR.search(line) and not doubtful(line) and (meant := _meant(line)):
            yield (key, "this line is not understood as times", f"`{line}`",
                   f"write `{meant}`", Severity.WARNING)  # fmt: skip


def _meant(line: str) -> str | None:
    """Return a line as it would be understood, where a helpline's way of writing reads it."""
    aside = _ASIDE.search(line)
    sessions = parse_opening(line[: aside.start()] if aside else line)
    if not sessions or len(sessions) > 1:
        return None
    session = sessions[0]
    days = _day_names(sorted(session.days))
    times = f"{session.start:%H:%M}" + (f"-{session.end:%H:%M}" if session.end else "")
    return f"{days} {times}{aside[0] if aside else ''}"


def _day_names(days: list[int]) -> str:
    names = [DAY_NAMES[day].capitalize() for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]} to {names[-1]}"
    return ", ".join(names)


def _hours(entry: ServiceEntry) -> Iterator[Said]:
    """Opening hours that read like a plain line and are none."""
    line = entry.contact.hours
    if not line or parse_opening(line) or UNSURE.search(line):
        return
    if _HOUR.search(line) and _SOME_DAY.search(line):
        yield (("contact", "hours"), "these hours are not understood, so nothing is said of "
                   "whether it is open now", f"`{line}`", "write them like "
                   "Mon-Fri 09:00-17:00, Sat 10:00-13:00", Severity.WARNING)  # fmt: skip


def _differences(entry: ServiceEntry) -> Iterator[Said]:
    """Times that `when` states and `schedule` does not have."""
    if not entry.schedule:
        return
    planned = {one for session in entry.schedule for one in _slots(session.session())}
    for number, line in enumerate(entry.when):
        session = parse_line(line)
        if session is not None and not set(_slots(session)) <= planned:
            yield (("when", number), "`when` says what `schedule` does not", f"`{line}`",
                   "correct one of them; people are told what `schedule` says",
                   Severity.WARNING)  # fmt: skip


def _slots(session: Session) -> Iterator[tuple[int, object, object]]:
    return ((day, session.start, session.end) for day in session.days)


def _closures(entry: ServiceEntry, today: date | None) -> Iterator[Said]:
    """Closed periods that overlap, and dates of sessions that lie in them."""
    periods = [one.closure() for one in entry.closed_periods]
    for number, one in enumerate(periods):
        key = ("closed", number)
        if any(one.first <= other.last and other.first <= one.last for other in periods[:number]):
            yield (key, "two closed periods overlap", f"{one.first} to {one.last}",
                   "write them as one", Severity.WARNING)  # fmt: skip
        if today is not None and one.last < today:
            yield (key, "this closed period is over", f"{one.first} to {one.last}", "take it out",
                   Severity.WARNING)  # fmt: skip
        for place, planned in enumerate(entry.schedule):
            days = [day for day in planned.dates if one.first <= day <= one.last]
            if days:
                yield (("schedule", place, "dates"), "a session is on a day on which it is closed",
                       f"{days[0]}", "correct `dates` or `closed`", Severity.ERROR)  # fmt: skip


def _over(entry: ServiceEntry, today: date) -> Iterator[Said]:
    """Sessions that will not take place again."""
    for number, planned in enumerate(entry.schedule):
        session = planned.session()
        last = session.until or max(session.dates, default=None)
        if last is not None and last < today:
            key = "until" if session.until else "dates"
            yield (("schedule", number, key), "this session is over", f"{last}",
                   "write the new dates, or take it out", Severity.WARNING)  # fmt: skip


def _never(entry: ServiceEntry) -> Iterator[Said]:
    """Sessions of which no day lies between their first and their last."""
    for number, planned in enumerate(entry.schedule):
        session = planned.session()
        if session.since is None or session.until is None:
            continue
        first, last = session.since.toordinal(), session.until.toordinal()
        days = range(first, min(last, first + _LOOKED_AT) + 1)
        if not any(falls_on(session, date.fromordinal(day)) for day in days):
            yield (("schedule", number), "no day of this session lies between `from` and `until`",
                   f"{session.since} to {session.until}", "correct one of them",
                   Severity.ERROR)  # fmt: skip
