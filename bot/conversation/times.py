"""Times as people say them: "tonight 18:00", "on now, until 19:00", "closed now, opens Monday"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from directory.hours import LONDON, london_day, open_now, opens_next
from directory.lines import EVERY_DAY
from directory.model import Match, Service, Session
from intents.wording import Wording

EVENING = 17  # from this hour "today" is called "tonight"
TELL_BEFORE = timedelta(days=14)  # a closed period is said so long before it begins


def spoken(when: datetime, now: datetime, wording: Wording) -> str:
    """A time as people say it: "tonight 18:00", "tomorrow 16:00", "Friday 17:00", "Sat 5 Dec"."""
    local, today = when.astimezone(LONDON), london_day(now)
    time = f"{local:%H:%M}"
    if local.date() == today:
        key = "results.tonight" if local.hour >= EVENING else "results.today"
        return wording.label(key, time=time)
    if local.date() == today + timedelta(days=1):
        return wording.label("results.tomorrow", time=time)
    if local.date() < today + timedelta(days=7):
        day = wording.label(f"results.day-{local.weekday()}")
        return wording.label("results.on-day", day=day, time=time)
    return wording.label("results.on-date", date=spoken_date(local.date(), wording), time=time)


def spoken_date(day: date, wording: Wording) -> str:
    """A date as people say it: "Sat 5 Dec"."""
    return wording.label(
        "results.date",
        day=wording.label(f"results.short-{day.weekday()}"),
        number=day.day,
        month=wording.label(f"results.month-{day.month}"),
    )


def next_time(match: Match, now: datetime, wording: Wording) -> str:
    """When it is on next, or that it is on now; nothing where that is not known."""
    start, end = match.next_session, match.session_end
    if start is None:
        return ""
    if start <= now and end is not None:
        return wording.text("results.now-until", time=f"{end.astimezone(LONDON):%H:%M}")
    return wording.text("results.next", when=spoken(start, now, wording))


def opening(service: Service, now: datetime, wording: Wording) -> str:
    """Whether somebody answers at this moment; nothing where that is not known."""
    answer = open_now(service, now)
    if answer is None:
        return ""
    if answer:
        return wording.text("results.open-now")
    opens = opens_next(service.open_hours, now)
    if opens is None:
        return wording.text("results.closed-now")
    return wording.text("results.closed-opens", when=spoken(opens, now, wording))


def closed_for_now(service: Service, today: date, wording: Wording) -> str:
    """A closed period that is now or begins soon, with its reason."""
    for one in sorted(service.closures, key=lambda one: one.first):
        if one.last < today or one.first > today + TELL_BEFORE:
            continue
        first, last = spoken_date(one.first, wording), spoken_date(one.last, wording)
        if first == last:
            return wording.text("results.closed-day", date=first, why=one.why)
        return wording.text("results.closed-period", first=first, last=last, why=one.why)
    return ""


def schedule_lines(service: Service, today: date, wording: Wording) -> list[str]:
    """A schedule in plain words, a session each; those that are over are left out."""
    return [
        line_of(session, today, wording)
        for session in service.sessions
        if (session.until or max(session.dates, default=today)) >= today
    ]


def line_of(session: Session, today: date, wording: Wording) -> str:
    """One session in plain words: "first Saturday of the month 10:00-12:00 (term time)"."""
    times = f"{session.start:%H:%M}" + (f"-{session.end:%H:%M}" if session.end else "")
    aside = [*_limits(session, today, wording)]
    if session.note and session.rule is None:
        aside.append(session.note)
    days = _days(session, today, wording)
    key = "results.session-aside" if aside else "results.session"
    return wording.label(key, days=days, times=times, aside=", ".join(aside))


def _days(session: Session, today: date, wording: Wording) -> str:
    if session.rule is not None:
        return session.note  # what a rule means is said by whoever wrote it
    if session.dates:
        left = sorted(day for day in session.dates if day >= today)
        return ", ".join(spoken_date(day, wording) for day in left)
    if session.days == EVERY_DAY and not session.weeks and session.every == 1:
        return wording.label("results.every-day")
    names = [wording.label(f"results.day-{day}") for day in sorted(session.days)]
    if session.weeks:
        weeks = _listed((wording.label(f"results.week-{week}") for week in session.weeks), wording)
        return wording.label("results.in-weeks", weeks=weeks, days=_listed(names, wording))
    if session.every > 1:
        days = _listed(names, wording)
        return wording.label("results.every-weeks", number=session.every, days=days)
    numbers = sorted(session.days)
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return wording.label("results.days-to", first=names[0], last=names[-1])
    return _listed(names, wording)


def _limits(session: Session, today: date, wording: Wording) -> Iterable[str]:
    if session.only is not None:
        yield wording.label(f"results.only-{session.only.value}")
    low, high = session.age_min, session.age_max
    if low is not None and high is not None:
        yield wording.label("results.ages", **{"from": low, "to": high})
    elif low is not None:
        yield wording.label("results.ages-from", **{"from": low})
    elif high is not None:
        yield wording.label("results.ages-to", to=high)
    if session.since is not None and session.since > today:
        yield wording.label("results.since", date=spoken_date(session.since, wording))
    if session.until is not None:
        yield wording.label("results.until", date=spoken_date(session.until, wording))


def _listed(words: Iterable[str], wording: Wording) -> str:
    """ "Monday, Tuesday and Friday"."""
    *first, last = words
    if not first:
        return last
    return wording.label("results.listed", first=", ".join(first), last=last)
