"""When a service is on: our lines as schedules of the standard (RRULE fields), and back.

Times are local to London and carry no offset: an offset from UTC would be an hour wrong for half
of the year. A line that is not plain goes as text, without a rule; nor does a session in term time
get one, since a rule would send people there in the holidays too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any

from directory.exchange.columns import tidy
from directory.exchange.ids import stable_id
from directory.exchange.records import text_of
from directory.exchange.terms import Json
from directory.hours import rule_of
from directory.lines import parse_line
from directory.model import Session
from directory.schedule import ScheduleEntry

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("WEEKLY", "MONTHLY")  # those that HSDS knows
_BY = ("BYDAY", "BYWEEKNO", "BYMONTHDAY", "BYYEARDAY")
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKS = ("first", "second", "third", "fourth")
_LOCAL = "Local time, Europe/London."
_TERM = "In term time only: HSDS has no rule for that."
_ONLY = "HSDS has no rule for school terms and holidays."
_TIME = re.compile(r"(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
# What limits or widens a plain weekly rule; none of our lines can say it in a way that counts.
_MORE = {
    "interval": "every {} weeks", "bymonthday": "on days {} of the month",
    "byweekno": "in weeks {} of the year", "byyearday": "on days {} of the year",
    "count": "{} times", "dtstart": "from {}", "valid_from": "from {}", "until": "until {}",
    "valid_to": "until {}",
}  # fmt: skip


def out(owner: str, lines: Iterable[str]) -> list[Json]:
    """Return the schedules of a service, one for each line."""
    made = []
    for number, line in enumerate(lines):
        schedule: Json = {"id": stable_id("schedule", owner, str(number))}
        session = parse_line(line)
        if session is not None:
            schedule |= _timed(session)
        made.append(schedule | {"description": line})
    return made


def planned(owner: str, entries: Iterable[Mapping[str, Any]]) -> list[Json]:
    """Return the schedules of what the YAML's `schedule` says, one for each session or date."""
    made = []
    for number, entry in enumerate(entries):
        session = ScheduleEntry.model_validate(entry).session()
        notes = f"{_ONLY} {_LOCAL}" if session.only else _LOCAL
        told = {"description": _in_words(session), "notes": notes}
        for place, timed in enumerate(_planned(session)):
            identifier = stable_id("schedule", owner, f"planned {number}", str(place))
            made.append({"id": identifier} | timed | told)
    return made


def _planned(session: Session) -> list[Json]:
    start, end, rule = session.start, session.end, rule_of(session)
    if rule is None:  # single days
        return [recurring("", start, end, day, day) for day in sorted(session.dates)]
    timed = recurring(rule, start, end, session.since, session.until)
    if session.only is not None:
        timed = {name: value for name, value in timed.items() if name not in ("freq", "interval")}
    return [timed]


def _in_words(session: Session) -> str:
    """Return a session as words that no reader takes for a plain weekly line."""
    span = f"{session.start:%H:%M}" + (f" to {session.end:%H:%M}" if session.end else "")
    if session.dates:
        days = ", ".join(day.isoformat() for day in sorted(session.dates))
    elif session.rule:
        days = ""  # the note says it
    else:
        days = _listed(sorted(session.days))
    weeks = " and ".join("last" if week < 0 else _WEEKS[week - 1] for week in session.weeks)
    on = f"{weeks} {days} of the month" if weeks else days
    parts = (span, on, *_limits(session), session.note)
    return tidy(", ".join(part for part in parts if part))


def _limits(session: Session) -> Iterator[str]:
    if session.every > 1:
        yield f"every {session.every} weeks"
    if session.since:
        yield f"from {session.since}"
    if session.until:
        yield f"until {session.until}"
    if session.only:
        yield f"only in {session.only.value.replace('-', ' ')}"
    ages = (session.age_min, session.age_max)
    if ages != (None, None):
        youngest, oldest = ("any" if age is None else str(age) for age in ages)
        yield f"ages {youngest} to {oldest}"
    if session.bank_holidays is not None:
        yield "bank holidays too" if session.bank_holidays else "not on bank holidays"


def _timed(session: Session) -> Json:
    by_day = ",".join(DAYS[day] for day in sorted(session.days))
    if not session.term_time_only:
        rule = f"FREQ=WEEKLY;BYDAY={by_day}"
        return recurring(rule, session.start, session.end) | {"notes": _LOCAL}
    clock = recurring("", session.start, session.end)
    return {"byday": by_day} | clock | {"notes": f"{_TERM} {_LOCAL}"}


def recurring(
    rule: str, start: time, end: time | None, since: date | None = None, until: date | None = None
) -> Json:
    """Return an RRULE with its times as the fields of a schedule.

    Of a rule that the standard has no fields for, only the times are given.
    """
    parts = dict(part.split("=") for part in rule.split(";") if part)
    made: Json = {"valid_from": since.isoformat()} if since else {}
    made |= {"valid_to": until.isoformat()} if until else {}
    if parts.get("FREQ") in FREQUENCIES and set(parts) <= {"FREQ", "INTERVAL", "WKST", *_BY}:
        interval = int(parts.get("INTERVAL", "1"))
        made |= {"dtstart": since.isoformat()} if since and interval > 1 else {}
        made |= {"freq": parts["FREQ"], "interval": interval}
        made |= {name.lower(): parts[name] for name in ("WKST", *_BY) if name in parts}
    made["opens_at"] = f"{start:%H:%M}"
    return made | ({"closes_at": f"{end:%H:%M}"} if end else {})


def back(schedules: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return schedules as lines; one that is not a plain weekly one is a text, no promise."""
    lines = [_line(schedule) for schedule in schedules]
    return list(dict.fromkeys(line for line in lines if line))


def _line(schedule: Mapping[str, Any]) -> str:
    told, opens = text_of(schedule, "description"), _clock(schedule.get("opens_at"))
    if opens is None:
        return told
    plain = _weekly(schedule)
    if not told or told == plain:
        return plain or _worded(schedule)
    said = parse_line(told)
    if said is None:
        return f"{plain or _worded(schedule)} ({told})"
    if _same(said, schedule, parse_line(plain)):
        return told
    return f"{_worded(schedule)}, or {told}"  # they contradict each other: no promise


def _same(said: Session, schedule: Mapping[str, Any], session: Session | None) -> bool:
    """Tell whether the words of a schedule say the same as its fields."""
    if session is None:  # the fields alone promise nothing: words in term time, without a rule
        return said.term_time_only and "freq" not in schedule
    return (said.days, said.start, said.end) == (session.days, session.start, session.end)


def _weekly(schedule: Mapping[str, Any]) -> str:
    """Return a plain weekly schedule in local time as our line for it; empty for any other."""
    days, opens = _days(schedule.get("byday")), _clock(schedule.get("opens_at"))
    closes = _clock(schedule.get("closes_at"))
    local = opens is not None and opens[1] == "" and (closes is None or closes[1] == "")
    limited = any(_says(schedule, key) for key in _MORE)
    if opens is None or not local or limited or not days or schedule.get("freq") != "WEEKLY":
        return ""
    return f"{_listed(days)} {opens[0]}" + (f"-{closes[0]}" if closes else "")


def _worded(schedule: Mapping[str, Any]) -> str:
    """Return a schedule in words; the day does not come first, as in a line that is a promise."""
    days, opens = _days(schedule.get("byday")), _clock(schedule.get("opens_at"))
    closes = _clock(schedule.get("closes_at"))
    span = " to ".join(f"{one[0]}{one[1]}" for one in (opens, closes) if one)
    rhythm = str(schedule.get("freq") or "not said how often").lower()
    named = _listed(days) if days else str(schedule.get("byday") or "")
    limits = [text.format(schedule[key]) for key, text in _MORE.items() if _says(schedule, key)]
    return tidy(", ".join(part for part in (span, rhythm, named, *limits) if part))


def _says(schedule: Mapping[str, Any], key: str) -> bool:
    value = schedule.get(key)
    return value not in (None, "") and not (key == "interval" and value in (1, "1"))


def _days(value: Any) -> list[int]:
    codes = [code.strip().upper() for code in value.split(",")] if isinstance(value, str) else []
    if not codes or any(code not in DAYS for code in codes):
        return []
    return sorted({DAYS.index(code) for code in codes})


def _listed(days: list[int]) -> str:
    names = [_NAMES[day] for day in days]
    if len(names) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{names[0]} to {names[-1]}"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _clock(value: Any) -> tuple[str, str] | None:
    """Return a time of day and its offset, both as text."""
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        time.fromisoformat(found[1])
    except ValueError:
        return None
    return found[1], {"Z": " UTC", None: ""}.get(found[2], f" UTC{found[2]}")
