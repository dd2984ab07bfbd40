"""The year of London's schools and of England's bank holidays, as far as it is known."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

from directory.model import Only, Season

HOLIDAYS = frozenset(Season) - {Season.TERM}
_MEANT = {
    Only.TERM_TIME: frozenset({Season.TERM}),
    Only.SCHOOL_HOLIDAYS: HOLIDAYS,
    Only.HALF_TERMS: frozenset({Season.HALF_TERM}),
    Only.EASTER_HOLIDAYS: frozenset({Season.EASTER}),
    Only.SUMMER_HOLIDAYS: frozenset({Season.SUMMER}),
    Only.CHRISTMAS_HOLIDAYS: frozenset({Season.CHRISTMAS}),
}
_ALWAYS = frozenset({(1, 1), (12, 25), (12, 26)})


@lru_cache(maxsize=4096)
def seasons(day: date) -> frozenset[Season]:
    """Return what a day can be in London's schools; more than one where they differ.

    Each council and academy sets its own dates. Half terms, the Easter weeks and the ends of
    terms move by a week between schools, so those weeks are not known.
    """
    month_day = (day.month, day.day)
    if month_day >= (12, 24) or month_day <= (1, 2):
        return frozenset({Season.CHRISTMAS})
    if (7, 27) <= month_day <= (8, 31):
        return frozenset({Season.SUMMER})
    may_be = {Season.TERM}
    if month_day >= (12, 17) or month_day <= (1, 7):
        may_be.add(Season.CHRISTMAS)
    if (7, 17) <= month_day <= (7, 26) or (9, 1) <= month_day <= (9, 6):
        may_be.add(Season.SUMMER)
    halves = (((10, 16), (11, 3)), ((2, 9), (2, 24)), ((5, 24), (6, 3)))
    if any(first <= month_day <= last for first, last in halves):
        may_be.add(Season.HALF_TERM)
    if abs((day - easter(day.year)).days) <= 16:
        may_be.add(Season.EASTER)
    return frozenset(may_be)


def is_term(day: date) -> bool | None:
    """Tell whether London's schools are open in the week of a day; None where they differ."""
    return within(Only.TERM_TIME, seasons(day))


def within(only: Only, may_be: frozenset[Season]) -> bool | None:
    """Tell whether something that is only on at some times of the year is on; None: it may be."""
    meant = _MEANT[only]
    if may_be <= meant:
        return True
    return None if may_be & meant else False


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of England in a year; days added by proclamation are not known."""
    sunday = easter(year)
    fixed = [_substitute(date(year, 1, 1)), _substitute(date(year, 12, 25))]
    boxing = _substitute(date(year, 12, 26))
    if boxing == fixed[-1]:
        boxing += timedelta(days=1)
    elif boxing.weekday() == 0 and date(year, 12, 26).weekday() == 6:
        boxing = date(year, 12, 28)
    moving = (sunday - timedelta(days=2), sunday + timedelta(days=1))
    mondays = (_monday(date(year, 5, 1)), _monday(date(year, 5, 25)), _monday(date(year, 8, 25)))
    return frozenset((*fixed, boxing, *moving, *mondays))


def is_bank_holiday(day: date) -> bool:
    """Tell whether a day is a bank holiday in England.

    Christmas, Boxing Day and New Year's Day count where they are a weekend, too, beside the
    weekday that stands in for them: nobody should go to a club on Christmas Day.
    """
    return (day.month, day.day) in _ALWAYS or day in bank_holidays(day.year)


def _monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _substitute(day: date) -> date:
    return _monday(day) if day.weekday() >= 5 else day
