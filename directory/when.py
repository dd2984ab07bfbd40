"""Whether a service surely runs when somebody asked for; what is over does not count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from directory.hours import bank_holidays, is_term
from directory.model import Service, Session

# From which hour to which; evening starts at 16, when school is out.
PARTS = {"morning": (0, 12), "afternoon": (12, 17), "evening": (16, 24), "night": (17, 24)}
_DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENOUGH_MIN = 60  # of a session that started before the hours asked for


def asked_dates(days: Iterable[str], now: datetime) -> tuple[date, ...]:
    """Return the dates that days as people say them mean; the week from `now` where none is said.

    A weekday means today as well as the next one, since today's session may be over.
    """
    today = now.date()
    week = [today + timedelta(days=ahead) for ahead in range(8)]
    found: set[date] = set()
    for day in days:
        if day in ("today", "tonight"):
            found.add(today)
        elif day == "tomorrow":
            found.add(week[1])
        elif weekdays := _weekdays(day):
            found |= {one for one in week if one.weekday() in weekdays}
    return tuple(sorted(found)) or tuple(week)


def surely(
    service: Service, dates: Iterable[date], hours: tuple[int, int], now: datetime
) -> bool | None:
    """Tell whether a service runs on one of these dates within these hours; None: it may.

    `now` is in Europe/London. What is over does not count; in a week in which some schools have
    holidays, a session of term time is a maybe.
    """
    found: bool | None = None if not service.sessions else False
    for session in service.sessions:
        for day in dates:
            if day.weekday() not in session.days or day in bank_holidays(day.year):
                continue
            over = day == now.date() and now.time() >= (session.end or session.start)
            if over or not _within(session, hours):
                continue
            term = is_term(day) if session.term_time_only else True
            if term:
                return True
            found = None if term is None else found
    return found


def _weekdays(day: str) -> set[int]:
    if day == "weekend":
        return {5, 6}
    if day == "weekday":
        return set(range(5))
    short = day[:3].lower()
    return {_DAY_NAMES.index(short)} if short in _DAY_NAMES else set()


def _within(session: Session, hours: tuple[int, int]) -> bool:
    begin, end = hours[0] * 60, hours[1] * 60
    start = _minutes(session.start)
    if begin <= start < end:
        return True
    if session.end is None or start >= end:
        return False
    return min(_minutes(session.end), end) - begin >= _ENOUGH_MIN


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
