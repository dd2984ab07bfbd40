"""Times as a source's plain lines state them: "Monday and Wednesday 17:00-19:00 (term time)".

A line that is not plain stays text: a wrong time sends somebody to a locked door.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time

from directory.model import Only, Session

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY_DAY = frozenset(range(7))
MIDNIGHT = time(0)

_DAY = rf"(?:{'|'.join(DAY_NAMES)})"
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
_HOLIDAYS = re.compile(r"(?:in|during) (?:the )?school holidays", re.IGNORECASE)
_AGES = re.compile(
    r"\bages? (\d{1,2})(?: ?(?:to|-|–) ?(\d{1,2})| and (over|up|under))", re.IGNORECASE
)
_YEARS = re.compile(r"\bschool years? (\d{1,2})(?: (?:to|and) (\d{1,2}))?", re.IGNORECASE)
_YEAR_TO_AGE = 4  # a pupil is 11 when year 7 starts, and 12 when it ends


def parse_line(line: str) -> Session | None:
    """Return the session that a source's line states plainly; None where it does not."""
    match = _LINE.match(line.strip())
    if match is None or doubtful(line):
        return None
    try:
        start = time.fromisoformat(match["start"])
        end = time.fromisoformat(match["end"]) if match["end"] else None
    except ValueError:
        return None
    if end is not None and end != MIDNIGHT and end <= start:
        return None
    only = Only.TERM_TIME if _TERM.search(line) else None
    if only is None and _HOLIDAYS.search(line):
        only = Only.SCHOOL_HOLIDAYS
    low, high = ages_of(line)
    return Session(
        _days(match["days"]), start, end, only, line, True, age_min=low, age_max=high
    )  # fmt: skip


def parse_lines(lines: Iterable[str]) -> tuple[Session, ...]:
    """Return the sessions of those lines that state one plainly."""
    return tuple(session for line in lines if (session := parse_line(line)) is not None)


def looks_like_times(line: str) -> bool:
    """Tell whether a line has the form of times, whether or not there are such times."""
    return _LINE.match(line.strip()) is not None and not doubtful(line)


def doubtful(line: str) -> bool:
    """Tell whether a line says itself that it may not hold today."""
    match = _LINE.match(line.strip())
    said = f"{match['label'] or ''} {match['rest'] or ''}" if match else line
    return _DOUBT.search(said) is not None


def school_years(text: str) -> tuple[int, int] | None:
    """Return the ages of the school years that a text names: years 7 to 9 are 11 to 14."""
    if (years := _YEARS.search(text)) is None:
        return None
    first, last = int(years[1]), int(years[2] or years[1])
    return first + _YEAR_TO_AGE, last + _YEAR_TO_AGE + 1


def ages_of(line: str) -> tuple[int | None, int | None]:
    """Return for which ages a line says that a session is; None where it does not say."""
    if years := school_years(line):
        return years
    if (found := _AGES.search(line)) is None:
        return None, None
    age = int(found[1])
    if found[3]:
        return (None, age) if found[3].lower() == "under" else (age, None)
    return age, int(found[2])


def _days(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in re.split(r", | and ", text.lower()):
        ends = [DAY_NAMES.index(day) for day in part.split(" to ")]
        span = (ends[-1] - ends[0]) % 7 if len(ends) > 1 else 0
        found |= {(ends[0] + step) % 7 for step in range(span + 1)}
    return frozenset(found)
