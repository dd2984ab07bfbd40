"""When a service is on: which days, whether it is open now, and the next session from now.

Sessions are told in the time on the wall in London. Whatever is compared is compared in UTC: on
the two days on which the clocks change an hour is missing, or comes twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from directory.model import Closure, Occurrence, Season, Service, Session
from directory.seasons import is_bank_holiday, seasons, within

LONDON = ZoneInfo("Europe/London")
DAYS_AHEAD = 62  # a session of each month has at least one in them
DAY = timedelta(days=1)
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def rule_of(session: Session) -> str | None:
    """Return a session's days as an RRULE (RFC 5545); None for single dates."""
    if session.dates:
        return None
    if session.rule:
        return session.rule
    days = [_CODES[day] for day in sorted(session.days)]
    if session.weeks:
        by_day = ",".join(f"{week}{day}" for week in session.weeks for day in days)
        return f"FREQ=MONTHLY;BYDAY={by_day}"
    interval = f";INTERVAL={session.every};WKST=MO" if session.every > 1 else ""
    return f"FREQ=WEEKLY{interval};BYDAY={','.join(days)}"


def falls_on(session: Session, day: date) -> bool:
    """Tell whether a day is one of a session's days, whatever the time of the year."""
    if (session.since and day < session.since) or (session.until and day > session.until):
        return False
    if not (session.dates or session.rule or session.weeks or session.every > 1):
        return day.weekday() in session.days
    return day in dates_in_month(session, day.year, day.month)


def dates_in_month(session: Session, year: int, month: int) -> frozenset[date]:
    """Return the days of a month on which a session falls, before `until` cuts them off."""
    rule = rule_of(session)
    if rule is None:
        return frozenset(day for day in session.dates if (day.year, day.month) == (year, month))
    return _dates_in(rule, session.since, year, month)


@lru_cache(maxsize=8192)
def _dates_in(rule: str, since: date | None, year: int, month: int) -> frozenset[date]:
    first = date(year, month, 1)
    last = (first + timedelta(days=32)).replace(day=1) - DAY
    begin = datetime.combine(since or first, time())
    found = rrulestr(rule, dtstart=begin).between(
        datetime.combine(first, time()), datetime.combine(last, time()), inc=True
    )
    return frozenset(moment.date() for moment in found)


def on_day(session: Session, day: date, may_be: frozenset[Season] | None = None) -> bool | None:
    """Tell whether a session takes place on a day; None where that is not known.

    `may_be` is given where somebody asks about a season: "half term" is half term, also in the
    weeks in which some schools have lessons. A plain "Mondays" does not say that it is on then.
    """
    if not falls_on(session, day):
        return False
    sure: bool | None = True
    if session.only is not None:
        sure = within(session.only, may_be or seasons(day))
    elif session.loose and may_be is not None:
        sure = None
    if is_bank_holiday(day) and not session.dates and sure is not False:
        sure = sure if session.bank_holidays else session.bank_holidays
    return sure


def for_age(session: Session, age: int | None) -> bool:
    """Tell whether somebody of an age may come to this session; the unknown age may."""
    if age is None:
        return True
    return (session.age_min or 0) <= age <= (200 if session.age_max is None else session.age_max)


def closed_on(closures: Iterable[Closure], day: date) -> Closure | None:
    """Return the closed period that a day lies in."""
    return next((one for one in closures if one.first <= day <= one.last), None)


def moment(day: date, clock: time) -> datetime:
    """Return a time on the wall in London; one that the clocks leave out is an hour later."""
    return datetime.combine(day, clock, tzinfo=LONDON).astimezone(UTC).astimezone(LONDON)


def london_day(now: datetime) -> date:
    """Return the day that it is in London."""
    return now.astimezone(LONDON).date()


def occurrence(session: Session, day: date) -> Occurrence:
    """Return the session that begins on a day."""
    end = None
    if session.end is not None:
        end = moment(day if session.end > session.start else day + DAY, session.end)
    return Occurrence(moment(day, session.start), end, session)


def over(found: Occurrence, now: datetime) -> bool:
    """Tell whether a session has ended; without a known end it is over once it has begun."""
    return now.astimezone(UTC) >= (found.end or found.start).astimezone(UTC)


def upcoming(service: Service, now: datetime, age: int | None = None) -> Occurrence | None:
    """Return the next session that surely takes place, or the one that is on now.

    `now` is aware. None where no times are known, or where it is not known whether the next one
    takes place; on a bank holiday none is promised unless the source does.
    """
    found = [
        _upcoming(session, service.closures, now) for session in service.sessions
        if for_age(session, age)
    ]  # fmt: skip
    sure = [one for one in found if one is not None]
    return min(sure, key=lambda one: one.start.astimezone(UTC), default=None)


def _upcoming(session: Session, closures: tuple[Closure, ...], now: datetime) -> Occurrence | None:
    today = london_day(now)
    # Yesterday's may have gone on past midnight.
    for ahead in range(-1, DAYS_AHEAD):
        day = today + ahead * DAY
        sure = on_day(session, day)
        if sure is False or closed_on(closures, day):
            continue
        found = occurrence(session, day)
        if over(found, now):
            continue
        if sure:
            return found
        if session.only is not None and within(session.only, seasons(day)) is None:
            return None
    return None


def next_session(service: Service, now: datetime, age: int | None = None) -> datetime | None:
    """Return when the next session starts, or when the one that is on now started."""
    found = upcoming(service, now, age)
    return found.start if found else None


def open_now(service: Service, now: datetime, age: int | None = None) -> bool | None:
    """Tell whether a session is on, or somebody answers, at this moment; None: not known."""
    sessions = [one for one in service.sessions or service.open_hours if for_age(one, age)]
    found = is_open(sessions, service.closures, now)
    known = bool(service.sessions or service.open_hours) and not service.more_times
    return found if known or found else None


def is_open(
    sessions: Iterable[Session], closures: tuple[Closure, ...], now: datetime
) -> bool | None:
    """Tell whether one of some sessions is on at this moment; None where it may be."""
    today = london_day(now)
    answer: bool | None = False
    for session in sessions:
        for day in (today - DAY, today):
            sure = on_day(session, day)
            if sure is False or closed_on(closures, day) or not _covers(session, day, now):
                continue
            if sure:
                return True
            answer = None
    return answer


def _covers(session: Session, day: date, now: datetime) -> bool:
    found = occurrence(session, day)
    begun = found.start.astimezone(UTC) <= now.astimezone(UTC)
    return begun and not over(found, now)


def opens_next(sessions: tuple[Session, ...], now: datetime) -> datetime | None:
    """Return when opening hours begin next, after this moment; None where that is not known."""
    starts = list(_starts(sessions, now))
    return min(starts, key=lambda start: start.astimezone(UTC), default=None)


def _starts(sessions: Iterable[Session], now: datetime) -> Iterator[datetime]:
    today = london_day(now)
    for session in sessions:
        for ahead in range(8):
            day = today + ahead * DAY
            start = moment(day, session.start)
            if on_day(session, day) and start.astimezone(UTC) > now.astimezone(UTC):
                yield start
                break
