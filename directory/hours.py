"""When a service is on: the source's plain lines as sessions, and the next one from now.

A line that is not plain stays text: a wrong time sends somebody to a locked door.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from directory.model import Service, Session

LONDON = ZoneInfo("Europe/London")
DAYS_AHEAD = 35

_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = rf"(?:{'|'.join(_NAMES)})"
_LINE = re.compile(
    rf"^(?:(?P<label>[^:]{{2,60}}): )?(?P<days>{_DAY}(?:(?:, | and | to ){_DAY})*) "
    r"(?P<start>\d\d:\d\d)(?:-(?P<end>\d\d:\d\d))?(?P<rest>[ ,(].*)?$",
    re.IGNORECASE,
)
# What makes a line less than a promise for today: a year, an old page, one season.
_DOUBT = re.compile(
    r"\b(?:19|20)\d\d\b|older|another copy|autumn|spring|summer (?:term|programme)|some |covid",
    re.IGNORECASE,
)
_TERM = re.compile(r"term[ -]time|not in the summer holidays|school days", re.IGNORECASE)


def parse_line(line: str) -> Session | None:
    """Return the session that a source's line states plainly; None where it does not."""
    match = _LINE.match(line.strip())
    if match is None or _DOUBT.search(f"{match['label'] or ''} {match['rest'] or ''}"):
        return None
    try:
        start = time.fromisoformat(match["start"])
        end = time.fromisoformat(match["end"]) if match["end"] else None
    except ValueError:
        return None
    if end is not None and end <= start:
        return None
    term = bool(_TERM.search(line))
    return Session(_days(match["days"]), start, end, term_time_only=term, note=line)


def parse_lines(lines: Iterable[str]) -> tuple[Session, ...]:
    """Return the sessions of those lines that state one plainly."""
    return tuple(session for line in lines if (session := parse_line(line)) is not None)


def _days(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in re.split(r", | and ", text.lower()):
        ends = [_NAMES.index(day) for day in part.split(" to ")]
        span = (ends[-1] - ends[0]) % 7 if len(ends) > 1 else 0
        found |= {(ends[0] + step) % 7 for step in range(span + 1)}
    return frozenset(found)


def next_session(service: Service, now: datetime) -> datetime | None:
    """Return when the next session starts, or when the one that is on now started.

    `now` is aware; the answer is in Europe/London. None where no times are known, or where it
    is not known whether a term-time session is on.
    """
    local = now.astimezone(LONDON)
    found = [_next(session, local) for session in service.sessions]
    return min((start for start in found if start is not None), default=None)


def _next(session: Session, now: datetime) -> datetime | None:
    for ahead in range(DAYS_AHEAD):
        day = now.date() + timedelta(days=ahead)
        if day.weekday() not in session.days or day in bank_holidays(day.year):
            continue
        if ahead == 0 and now.time() >= (session.end or session.start):
            continue
        term = is_term(day) if session.term_time_only else True
        if term is None:
            return None
        if term:
            return datetime.combine(day, session.start, tzinfo=LONDON)
    return None


def is_term(day: date) -> bool | None:
    """Tell whether London's schools are open in the week of a day; None where they differ.

    Each council and academy sets its own dates. Half terms, the Easter weeks and the ends of
    terms move by a week between schools, so those weeks are not known.
    """
    month_day = (day.month, day.day)
    if month_day >= (12, 24) or month_day <= (1, 2) or (7, 27) <= month_day <= (8, 31):
        return False
    easter = _easter(day.year)
    unsure = (
        month_day >= (12, 17) or month_day <= (1, 7)
        or (7, 17) <= month_day <= (7, 26) or (9, 1) <= month_day <= (9, 6)
        or (10, 16) <= month_day <= (11, 3)
        or (2, 9) <= month_day <= (2, 24)
        or (5, 24) <= month_day <= (6, 3)
        or easter - timedelta(days=16) <= day <= easter + timedelta(days=16)
    )  # fmt: skip
    return None if unsure else True


@lru_cache(maxsize=16)
def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of England in a year; days added by proclamation are not known."""
    easter = _easter(year)
    fixed = [_substitute(date(year, 1, 1)), _substitute(date(year, 12, 25))]
    boxing = _substitute(date(year, 12, 26))
    if boxing == fixed[-1]:
        boxing += timedelta(days=1)
    elif boxing.weekday() == 0 and date(year, 12, 26).weekday() == 6:
        boxing = date(year, 12, 28)
    moving = (easter - timedelta(days=2), easter + timedelta(days=1))
    mondays = (_monday(date(year, 5, 1)), _monday(date(year, 5, 25)), _monday(date(year, 8, 25)))
    return frozenset((*fixed, boxing, *moving, *mondays))


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _substitute(day: date) -> date:
    return _monday(day) if day.weekday() >= 5 else day


def _easter(year: int) -> date:
    """Return Easter Sunday by the anonymous Gregorian algorithm."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    (skipped, leap), (fours, ones) = divmod(century, 4), divmod(rest, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - skipped - correction + 15) % 30
    sunday = (32 + 2 * leap + 2 * fours - moon - ones) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
