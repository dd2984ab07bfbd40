"""When people ask for something: days and hours as they say them, and what surely runs then."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from directory.hours import (
    DAY,
    LONDON,
    closed_on,
    for_age,
    is_open,
    occurrence,
    on_day,
    over,
)
from directory.model import Occurrence, Season, Service, Session
from directory.seasons import HOLIDAYS, is_bank_holiday, seasons

# From which hour to which; evening starts at 16, when school is out.
PARTS = {"morning": (0, 12), "afternoon": (12, 17), "evening": (16, 24), "night": (17, 24)}
ENOUGH_MIN = 60  # of a session that started before the hours asked for

_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUPS = {"weekend": frozenset((5, 6)), "weekday": frozenset(range(5))}
_IN_SEASON = {
    "half-term": frozenset({Season.HALF_TERM}),
    "easter-holidays": frozenset({Season.EASTER}),
    "summer-holidays": frozenset({Season.SUMMER}),
    "christmas-holidays": frozenset({Season.CHRISTMAS}),
    "holidays": HOLIDAYS,
}
DAYS = (
    "now", "today", "tonight", "tomorrow", "day-after-tomorrow", "this-week", "next-week",
    "weekend", "next-weekend", "weekday", *_DAY_NAMES, *(f"next-{day}" for day in _DAY_NAMES),
    *_IN_SEASON, "bank-holiday",
)  # fmt: skip
_LONGEST_WAIT = 370  # days until a time of the year comes again
_SHORT_BREAK = 10  # days of term between two parts of the same holidays


@dataclass(frozen=True, slots=True)
class Asked:
    """On which days, and between which minutes of the day; `at` is "now", to the minute."""

    days: tuple[date, ...]
    begin: int = 0
    end: int = 24 * 60
    at: datetime | None = None
    season: frozenset[Season] | None = None  # what these days are, where a season was asked for

    def may_be(self, day: date) -> frozenset[Season]:
        """Return what a day can be: as they said, or as far as it is known."""
        return self.season or seasons(day)


def asked(days: Iterable[str], part: str | None, now: datetime) -> Asked:
    """Return which days and hours are meant; the week from `now` where no day is said.

    A weekday means today as well as the next one, since today's session may be over. `now` is
    aware.
    """
    days = _narrowest(days)
    hours = PARTS.get(part or "", (0, 24))
    local = now.astimezone(LONDON)
    if "now" in days:
        return Asked((local.date(),), at=local)
    season = next((_IN_SEASON[day] for day in days if day in _IN_SEASON), None)
    return Asked(asked_dates(days, local), hours[0] * 60, hours[1] * 60, season=season)


def asked_dates(days: Iterable[str], now: datetime) -> tuple[date, ...]:
    """Return the dates that days as people say them mean; `now` is in Europe/London.

    "tuesday next week" is one day: a day of the week narrows a longer time to those days in it.
    """
    days = _narrowest(days)
    today = now.date()
    single = [one for day in days if (one := _single(day, today)) is not None]
    spans = [span for day in days if (span := _span(day, today)) is not None]
    # "tomorrow after school" is tomorrow, not every weekday.
    weekdays = _weekdays(day for day in days if not (single and day == "weekday"))
    if spans:
        single += [
            day for span in spans for day in span if not weekdays or day.weekday() in weekdays
        ]  # fmt: skip
    elif weekdays:
        week = [today + ahead * DAY for ahead in range(8)]
        single += [day for day in week if day.weekday() in weekdays]
    if single:
        return tuple(sorted(set(single)))
    return tuple(today + ahead * DAY for ahead in range(8))


def understood_day(day: str) -> bool:
    """Tell whether a day as people say it means anything; what does not is any day."""
    return day in DAYS or _single(day, date(2024, 1, 1)) is not None


def _narrowest(days: Iterable[str]) -> tuple[str, ...]:
    """Leave out "holidays" beside "summer-holidays"."""
    days = tuple(days)
    named = any(day in _IN_SEASON and day != "holidays" for day in days)
    return tuple(day for day in days if not (named and day == "holidays"))


def _single(day: str, today: date) -> date | None:
    """Return the one date of "today", "tomorrow", "next-sat", "12-05", "day-05"."""
    if day in ("today", "tonight"):
        return today
    if day in ("tomorrow", "day-after-tomorrow"):
        return today + (1 if day == "tomorrow" else 2) * DAY
    if day == "bank-holiday":
        return next(one for ahead in range(_LONGEST_WAIT)
                    if is_bank_holiday(one := today + ahead * DAY))  # fmt: skip
    try:
        if day.startswith("day-"):
            return _day_of_month(int(day[4:]), today)
        if len(day) == 10:
            return date.fromisoformat(day)
        if len(day) == 5 and day[2] == "-":
            return _day_of_year(int(day[:2]), int(day[3:]), today)
    except ValueError:
        pass
    return None


def _day_of_month(number: int, today: date) -> date | None:
    for ahead in range(63):
        if (day := today + ahead * DAY).day == number:
            return day
    return None


def _day_of_year(month: int, number: int, today: date) -> date | None:
    for year in range(today.year, today.year + 9):  # a 29 February may be as far away
        if number <= monthrange(year, month)[1] and (day := date(year, month, number)) >= today:
            return day
    return None


def _span(name: str, today: date) -> tuple[date, ...] | None:
    """Return the days of a longer time: "next-week", "half-term", "christmas-holidays"."""
    monday = today - today.weekday() * DAY
    if name == "this-week":
        return tuple(today + ahead * DAY for ahead in range(7 - today.weekday()))
    if name == "next-week":
        return tuple(monday + ahead * DAY for ahead in range(7, 14))
    if name == "next-weekend":
        return tuple(monday + ahead * DAY for ahead in (12, 13))
    if name.startswith("next-") and name[5:] in _DAY_NAMES:
        # "next Saturday" is the coming one for some and the one after it for others.
        ahead = (_DAY_NAMES.index(name[5:]) - today.weekday()) % 7 or 7
        return (today + ahead * DAY, today + (ahead + 7) * DAY)
    return _next_season(_IN_SEASON[name], today) if name in _IN_SEASON else None


def _next_season(meant: frozenset[Season], today: date) -> tuple[date, ...]:
    """Return the days that may be in the coming holidays of a kind, or in those that are now."""
    found: list[date] = []
    for ahead in range(_LONGEST_WAIT):
        day = today + ahead * DAY
        if seasons(day) & meant:
            found.append(day)
        elif found and (day - found[-1]).days > _SHORT_BREAK:
            break
    return tuple(found)


def _weekdays(days: Iterable[str]) -> frozenset[int]:
    """Return the days of the week; "after school on a friday" is Friday alone."""
    days = tuple(days)
    named = frozenset(_DAY_NAMES.index(day) for day in days if day in _DAY_NAMES)
    groups = [group for day in days if (group := _GROUPS.get(day)) and not group & named]
    return named.union(*groups)


def surely(
    service: Service, wanted: Asked, now: datetime, age: int | None = None
) -> bool | None:  # fmt: skip
    """Tell whether a service runs when somebody asked for it; None: it may.

    What is over does not count; in a week in which some schools have holidays, a session of term
    time is a maybe, and so is one on a bank holiday. `now` is aware.
    """
    sessions = [one for one in _times(service) if for_age(one, age)]
    if wanted.at is not None:
        answer = is_open(sessions, service.closures, wanted.at)
    else:
        answers = {sure for _, sure in _found(service, sessions, wanted, now)}
        answer = True if True in answers else None if None in answers else False
    known = bool(_times(service)) and not service.more_times
    return answer if answer or known else None


def first_in(
    service: Service, wanted: Asked, now: datetime, age: int | None = None
) -> Occurrence | None:
    """Return the first session that surely takes place when somebody asked for it."""
    sessions = [one for one in service.sessions if for_age(one, age)]
    if wanted.at is not None:
        wanted = Asked(tuple(day - DAY for day in wanted.days) + wanted.days)
    found = [one for one, sure in _found(service, sessions, wanted, now) if sure]
    return min(found, key=lambda one: one.start, default=None)


def _times(service: Service) -> tuple[Session, ...]:
    """Return when it is on, or when somebody answers there."""
    return service.sessions or service.open_hours


def _found(
    service: Service, sessions: Iterable[Session], wanted: Asked, now: datetime
) -> list[tuple[Occurrence, bool | None]]:
    """List the sessions within the hours asked for that are not over, sure or perhaps."""
    found: list[tuple[Occurrence, bool | None]] = []
    for session in sessions:
        if not in_hours(session, wanted.begin, wanted.end):
            continue
        for day in wanted.days:
            sure = on_day(session, day, wanted.season)
            if sure is False or closed_on(service.closures, day):
                continue
            one = occurrence(session, day)
            if not over(one, now):
                found.append((one, sure))
    return found


def in_hours(session: Session, begin: int, end: int) -> bool:
    """Tell whether a session starts between two minutes of the day, or enough of it lies there."""
    start, last = minutes(session)
    if begin <= start < end:
        return True
    if session.end is None or start >= end:
        return False
    return min(last, end) - begin >= ENOUGH_MIN


def minutes(session: Session) -> tuple[int, int]:
    """Return when a session begins and ends, in minutes of its first day; past midnight too."""
    start = _minutes(session.start)
    if session.end is None:
        return start, start
    end = _minutes(session.end)
    return start, end if end > start else end + 24 * 60


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
