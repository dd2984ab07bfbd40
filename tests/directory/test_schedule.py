"""A schedule in the YAML becomes sessions, and what cannot be is explained."""

from __future__ import annotations

import time as clock
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from pydantic import ValidationError

from directory.hours import falls_on, rule_of
from directory.model import Closure, Only, Session
from directory.schedule import ClosedEntry, ScheduleEntry, fault_of_rule

Raw = dict[str, Any]


def session(**raw: Any) -> Session:
    entry = {"start": "17:00", "end": "19:00", **raw}
    if "from_" in entry:
        entry["from"] = entry.pop("from_")
    return ScheduleEntry.model_validate(entry).session()


def days(found: Session, first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        if falls_on(found, day):
            yield day
        day += timedelta(days=1)


def in_winter(found: Session) -> list[str]:
    """The days of November and December 2026, as month-day."""
    return [f"{day:%m-%d}" for day in days(found, date(2026, 11, 1), date(2026, 12, 31))]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"days": ["Saturday"], "from_": "2026-12-12"}, ["12-12", "12-19", "12-26"]),
        ({"days": ["Saturday"], "until": "2026-11-14"}, ["11-07", "11-14"]),
        ({"days": ["Saturday"], "weeks": ["first"]}, ["11-07", "12-05"]),
        ({"days": ["Sunday"], "weeks": ["last"]}, ["11-29", "12-27"]),
        ({"days": ["Monday"], "weeks": ["first", "third"]}, ["11-02", "11-16", "12-07", "12-21"]),
        ({"days": ["Tuesday"], "every": "2 weeks", "from_": "2026-11-03"},
         ["11-03", "11-17", "12-01", "12-15", "12-29"]),
        # every second week, two days of it: both belong to the week that is counted
        ({"days": ["Tuesday", "Thursday"], "every": "2 weeks", "from_": "2026-11-05"},
         ["11-05", "11-17", "11-19", "12-01", "12-03", "12-15", "12-17", "12-29", "12-31"]),
        ({"days": ["Friday"], "every": "4 weeks", "from_": "2026-10-02"},
         ["11-27", "12-25"]),
        ({"dates": ["2026-12-05", "2026-11-21"]}, ["11-21", "12-05"]),
        ({"rule": "FREQ=MONTHLY;BYMONTHDAY=-1", "from_": "2026-01-01", "note": "last day"},
         ["11-30", "12-31"]),
        ({"rule": "FREQ=WEEKLY;BYDAY=SU;COUNT=2", "from_": "2026-11-08", "note": "two Sundays"},
         ["11-08", "11-15"]),
    ],
)  # fmt: skip
def test_days(raw: Raw, expected: list[str]) -> None:
    assert in_winter(session(**raw)) == expected


@pytest.mark.parametrize(
    "raw",
    [
        {"days": ["Monday", "Friday"]},
        {"days": ["Saturday"], "weeks": ["second", "last"]},
        {"days": ["Wednesday"], "every": "3 weeks", "from_": "2026-11-04"},
    ],
)
def test_the_rule_of_a_session_says_the_same_days(raw: Raw) -> None:
    found = session(**raw)
    rule = rule_of(found)
    assert rule is not None
    first = found.since or date(2026, 11, 1)
    moments = rrulestr(rule, dtstart=_midnight(first))
    expected = [one.date() for one in moments.between(_midnight(first), _midnight(date(2027, 3, 1)),
                                                      inc=True)]  # fmt: skip
    assert list(days(found, first, date(2027, 3, 1))) == expected


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def test_everything_else_is_kept() -> None:
    found = session(
        days=["Monday"], only="term-time", bank_holidays="yes", ages={"min": 11, "max": 13},
        note="Year 7",
    )  # fmt: skip
    assert (found.start, found.end, found.only) == (time(17), time(19), Only.TERM_TIME)
    assert (found.bank_holidays, found.age_min, found.age_max, found.note) == (
        True, 11, 13, "Year 7",
    )  # fmt: skip


def fault(**raw: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        session(**raw)
    return "; ".join(one["msg"] for one in caught.value.errors())


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({}, "here is none of them"),
        ({"days": ["Monday"], "dates": ["2026-12-05"]}, "here is `days` and `dates`"),
        ({"dates": ["2026-12-05"], "weeks": ["first"]}, "`weeks` goes with `days`"),
        ({"days": ["Monday"], "weeks": ["first"], "every": "2 weeks"}, "`weeks` or `every`"),
        ({"days": ["Monday", "Monday"]}, "a day stands twice"),
        ({"days": ["Monday"], "every": "2 weeks"}, "needs `from`"),
        ({"days": ["Monday"], "every": "2 weeks", "from_": "2026-11-03"}, "is a Tuesday"),
        ({"days": ["Monday"], "from_": "2026-11-03", "until": "2026-11-02"}, "is after `until`"),
        ({"dates": ["2026-12-05"], "until": "2026-12-06"}, "single days"),
        ({"days": ["Monday"], "end": "16:00"}, "is not after the start (17:00)"),
        ({"days": ["Monday"], "end": "17:00"}, "is not after the start"),
        ({"days": ["Monday"], "start": "5pm"}, "24 hours: 17:00"),
        ({"days": ["Monday"], "start": "5.30 p.m."}, "24 hours: 17:30"),
        ({"days": ["Monday"], "start": "12am"}, "24 hours: 00:00"),
        ({"days": ["Monday"], "start": "9:30"}, "09:30"),
        ({"days": ["Monday"], "start": "17:00:00"}, "17:00"),
        ({"days": ["Monday"], "start": "1335"}, "made this number out of 22:15"),
        ({"days": ["Monday"], "start": "no"}, "write the time as 17:00"),
        ({"days": ["Monday"], "end": "24:00"}, "midnight as 00:00"),
        ({"days": ["Monday"], "from_": "3/11/2026"}, "2026-11-03"),
        ({"days": ["Monday"], "from_": "2026-02-30"}, "no such day"),
        ({"days": ["Monday"], "from_": "0206-02-03"}, "between 2000 and 2100"),
        ({"days": ["Monday"], "from_": "next week"}, "write the date as 2026-12-05"),
        ({"rule": "FREQ=DAILY"}, "needs `from`, and a `note`"),
        ({"rule": "FREQ=DAILY", "from_": "2026-01-01"}, "needs `from`, and a `note`"),
    ],
)  # fmt: skip
def test_what_cannot_be(raw: Raw, says: str) -> None:
    assert says in fault(**raw)


@pytest.mark.parametrize(("start", "end"), [("22:00", "00:00"), ("22:00", "02:00"),
                                            ("00:00", "00:00")])  # fmt: skip
def test_past_midnight(start: str, end: str) -> None:
    assert session(days=["Friday"], start=start, end=end).end == time.fromisoformat(end)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("FREQ=MONTHLY;BYDAY=1SA", None),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", None),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", None),
        ("RRULE:FREQ=DAILY", "without anything before it"),
        ("first saturday", "written as FREQ=MONTHLY;BYDAY=1SA"),
        ("BYDAY=MO", "needs FREQ"),
        ("FREQ=HOURLY", "needs FREQ, one of DAILY"),
        ("FREQ=WEEKLY;UNTIL=20270101", "write `until`"),
        ("FREQ=WEEKLY;BYHOUR=17", "write `start`"),
        ("FREQ=WEEKLY;BYEASTER=1", "cannot be used with FREQ=WEEKLY"),
        ("FREQ=WEEKLY;BYDAY=1SA", "goes with FREQ=MONTHLY"),
        ("FREQ=WEEKLY;BYDAY=XX", "no RRULE"),
        ("FREQ=MONTHLY;BYDAY=9SA", "no RRULE"),
        ("FREQ=DAILY;INTERVAL=0", "should be 1 to 60"),
        ("FREQ=DAILY;INTERVAL=99999999", "should be 1 to 60"),
        ("FREQ=MONTHLY;BYMONTH=13", "that there is not"),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "never happens"),
        ("FREQ=MONTHLY;BYDAY=1SA;BYMONTHDAY=20", "never happens"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=50", "never happens"),
        ("FREQ=DAILY;COUNT=0", "never happens"),
        ("FREQ=DAILY;FREQ=DAILY", "twice"),
    ],
)
def test_rules_are_read_or_refused_at_once(rule: str, says: str | None) -> None:
    begun = clock.perf_counter()
    found = fault_of_rule(rule, date(2026, 11, 3))
    assert clock.perf_counter() - begun < 2
    assert (says in found) if says and found else found is says


def test_closed_periods() -> None:
    one = ClosedEntry.model_validate({"from": "2026-12-24", "why": "Christmas Eve"})
    assert one.closure() == Closure(date(2026, 12, 24), date(2026, 12, 24), "Christmas Eve")
    with pytest.raises(ValidationError, match="is after `to`"):
        ClosedEntry.model_validate({"from": "2026-12-24", "to": "2026-12-23", "why": "x"})
    with pytest.raises(ValidationError, match="why"):
        ClosedEntry.model_validate({"from": "2026-12-24"})
