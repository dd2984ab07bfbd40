"""How old a fact is, and when that is too old to be said as sure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from directory.model import Confidence, Service, Venue

# Clubs change rooms and nights with each school year: after one whole school year and the summer
# around it, a listing has outlived whoever wrote it. Eighteen months is that with some grace.
CHECK_AFTER = timedelta(days=548)

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_BRACKETS = re.compile(r"\([^)]*\)")
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)(?:-(?P<month>0[1-9]|1[0-2])(?!\d)(?:-(?P<day>\d\d))?)?"
)
_NAMED = re.compile(rf"\b({'|'.join(_MONTHS)})\b[^\d]{{0,12}}((?:19|20)\d\d)", re.IGNORECASE)


def seen_on(seen: str) -> date | None:
    """Return the earliest day that the last sighting in `seen` can mean; None for undated.

    "2019 to about 2023" is 1 January 2023; what stands in brackets, or after a semicolon that
    follows a date, is about something else.
    """
    for part in _BRACKETS.sub("", seen).split(";"):
        found = [_day(match) for match in _DATE.finditer(part)]
        found += [
            date(int(year), _MONTHS.index(month.lower()) + 1, 1)
            for month, year in _NAMED.findall(part)
        ]
        if found:
            return max(found)
    return None


def _day(match: re.Match[str]) -> date:
    try:
        return date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        return date(int(match["year"]), int(match["month"] or 1), 1)


def is_stale(seen: date | None, today: date) -> bool:
    """Tell whether a fact is past its check date; an undated one always is."""
    return seen is None or today - seen > CHECK_AFTER


def check_first(service: Service, today: date) -> bool:
    """Tell whether a service may only be shown as "may be running, ring first".

    A helpline or website that several independent pages confirm is the exception to age: to
    ring it is to check it, nobody travels for nothing, and the date is shown beside it.
    """
    if service.assurance.confidence is Confidence.LOW:
        return True
    if reached_at_once(service):
        return False
    return is_stale(service.assurance.seen_on, today)


def reached_at_once(service: Service) -> bool:
    """Tell whether it is a helpline or website of high confidence, reached without travelling."""
    return (
        service.venue is Venue.ONLINE
        and service.borough is None
        and service.assurance.confidence is Confidence.HIGH
    )
