"""Days as people say them, and one answer for one service and for all of them at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.hours import LONDON
from directory.lines import parse_lines
from directory.model import (
    Assurance,
    Closure,
    Confidence,
    Contact,
    Only,
    Season,
    Service,
    Session,
    Venue,
)
from directory.timetable import Timetable
from directory.when import PARTS, asked, asked_dates, first_in, surely

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=LONDON)  # a Wednesday in term
SERVICE = Service(
    id="a", name="A", organisation="A", what="A club.", kinds=("find-activities",),
    activities=(), tags=(), borough="Lambeth", coverage="Lambeth", venue=Venue.PLACE,
    contact=Contact(), assurance=Assurance(("x",), "2026", date(2026, 1, 1), Confidence.HIGH),
)  # fmt: skip


@pytest.mark.parametrize(
    ("days", "first", "last", "how_many"),
    [
        (("today",), "11-25", "11-25", 1),
        (("tonight",), "11-25", "11-25", 1),
        (("tomorrow",), "11-26", "11-26", 1),
        (("day-after-tomorrow",), "11-27", "11-27", 1),
        (("weekend",), "11-28", "11-29", 2),
        (("weekday",), "11-25", "12-02", 6),
        (("wed",), "11-25", "12-02", 2),  # today, and in a week
        (("sat",), "11-28", "11-28", 1),
        (("next-sat",), "11-28", "12-05", 2),
        (("this-week",), "11-25", "11-29", 5),
        (("next-week",), "11-30", "12-06", 7),
        (("next-weekend",), "12-05", "12-06", 2),
        (("tue", "next-week"), "12-01", "12-01", 1),
        (("weekday", "next-week"), "11-30", "12-04", 5),
        (("weekday", "fri"), "11-27", "11-27", 1),  # "after school on a friday"
        (("weekday", "sat"), "11-25", "12-02", 7),
        (("tomorrow", "weekday"), "11-26", "11-26", 1),  # "tomorrow after school"
        (("today", "sat"), "11-25", "11-28", 2),
        (("12-05",), "12-05", "12-05", 1),
        (("2026-12-05",), "12-05", "12-05", 1),
        (("day-05",), "12-05", "12-05", 1),
        (("day-25",), "11-25", "11-25", 1),
        (("bank-holiday",), "12-25", "12-25", 1),
        ((), "11-25", "12-02", 8),
        (("someday",), "11-25", "12-02", 8),
        (("02-30",), "11-25", "12-02", 8),
    ],
)
def test_days_as_people_say_them(
    days: tuple[str, ...], first: str, last: str, how_many: int
) -> None:
    found = asked_dates(days, NOW)
    assert (f"{found[0]:%m-%d}", f"{found[-1]:%m-%d}", len(found)) == (first, last, how_many)


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        ("christmas-holidays", date(2026, 12, 17), date(2027, 1, 7)),
        ("half-term", date(2027, 2, 9), date(2027, 2, 24)),
        ("easter-holidays", date(2027, 3, 12), date(2027, 4, 13)),
        ("summer-holidays", date(2027, 7, 17), date(2027, 9, 6)),
        ("holidays", date(2026, 12, 17), date(2027, 1, 7)),
        ("summer-holidays holidays", date(2027, 7, 17), date(2027, 9, 6)),
        ("01-05", date(2027, 1, 5), date(2027, 1, 5)),
        ("02-29", date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_the_next_holidays(days: str, first: date, last: date) -> None:
    found = asked_dates(days.split(), NOW)
    assert (found[0], found[-1]) == (first, last)


def test_holidays_that_are_now_begin_today() -> None:
    in_summer = datetime(2026, 8, 5, 12, tzinfo=LONDON)
    assert asked_dates(("summer-holidays",), in_summer)[0] == date(2026, 8, 5)


def club(*lines: str, **changes: object) -> Service:
    return replace(SERVICE, sessions=parse_lines(lines), **changes)  # type: ignore[arg-type]


def test_half_term_is_half_term_also_where_schools_differ() -> None:
    wanted = asked(("half-term",), None, NOW)
    assert wanted.season == {Season.HALF_TERM}
    always = Session(frozenset((1,)), time(10), time(12))
    assert surely(replace(SERVICE, sessions=(always,)), wanted, NOW) is True
    assert surely(club("Tuesday 10:00-12:00"), wanted, NOW) is None  # says nothing of holidays
    assert surely(club("Tuesday 16:00-18:00 (term time)"), wanted, NOW) is False
    assert surely(club("Tuesday 10:00-15:00 (in school holidays)"), wanted, NOW) is True
    summer = Session(frozenset((1,)), time(10), time(12), Only.SUMMER_HOLIDAYS)
    assert surely(replace(SERVICE, sessions=(summer,)), wanted, NOW) is False


def test_now_is_this_minute() -> None:
    wanted = asked(("now",), "evening", NOW)
    assert surely(club("Wednesday 14:00-16:00"), wanted, NOW) is True
    assert surely(club("Wednesday 16:00-18:00"), wanted, NOW) is False
    assert surely(SERVICE, wanted, NOW) is None


def test_a_bank_holiday_is_a_maybe_unless_the_source_says() -> None:
    monday = datetime(2026, 8, 31, 9, tzinfo=LONDON)
    wanted = asked(("today",), None, monday)
    plain = Session(frozenset((0,)), time(18), time(20))
    for said, answer in ((None, None), (True, True), (False, False)):
        service = replace(SERVICE, sessions=(replace(plain, bank_holidays=said),))
        assert surely(service, wanted, monday) is answer


def test_the_session_that_is_shown_is_the_one_asked_for() -> None:
    both = club("Thursday 18:00-20:00", "Saturday 10:00-12:00")
    found = first_in(both, asked(("weekend",), None, NOW), NOW)
    assert found is not None
    assert found.start == datetime(2026, 11, 28, 10, tzinfo=LONDON)


CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30)))
DATES = st.dates(date(2026, 10, 1), date(2027, 3, 1))
SESSIONS = st.builds(
    Session,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    start=CLOCKS,
    end=st.none() | CLOCKS,
    only=st.none() | st.sampled_from(Only),
    loose=st.booleans(),
    weeks=st.just(()) | st.sampled_from(((1,), (2, 4), (-1,))),
    dates=st.just(frozenset()) | st.frozensets(DATES, max_size=3),
    since=st.none() | DATES,
    until=st.none() | DATES,
    bank_holidays=st.sampled_from((None, True, False)),
    age_min=st.none() | st.integers(8, 16),
    age_max=st.none() | st.integers(14, 25),
)
CLOSURES = st.builds(lambda day, span: Closure(day, day + timedelta(days=span), "x"), DATES,
                     st.integers(0, 20))  # fmt: skip
SERVICES = st.builds(
    lambda sessions, more, closures: replace(
        SERVICE, sessions=tuple(sessions), more_times=more, closures=tuple(closures)
    ),
    st.lists(SESSIONS, max_size=3),
    st.booleans(),
    st.lists(CLOSURES, max_size=1),
)
SAID = ("today", "tomorrow", "weekend", "sat", "next-week", "half-term", "holidays", "now",
        "bank-holiday", "12-05")  # fmt: skip


CLOCK_CHANGES = (datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2027, 3, 28, 1, tzinfo=UTC))
MINUTES = st.builds(timedelta, minutes=st.integers(0, 125 * 24 * 60))
NEAR = st.builds(timedelta, minutes=st.integers(-150, 150))
TIMES = st.builds(lambda ahead: datetime(2026, 10, 27, tzinfo=UTC) + ahead, MINUTES) | st.builds(
    lambda change, apart: change + apart, st.sampled_from(CLOCK_CHANGES), NEAR
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    services=st.lists(SERVICES, min_size=1, max_size=4),
    said=st.sampled_from(SAID),
    part=st.none() | st.sampled_from(sorted(PARTS)),
    now=TIMES,
    age=st.none() | st.integers(9, 24),
)
def test_all_at_once_is_what_each_says(
    services: list[Service], said: str, part: str | None, now: datetime, age: int | None
) -> None:
    wanted = asked((said,), part, now)
    runs, maybe = Timetable(services).running(wanted, now, age)
    for row, service in enumerate(services):
        answer = surely(service, wanted, now, age)
        assert (bool(runs[row]), bool(maybe[row])) == (answer is True, answer is None)


@pytest.mark.parametrize("change", CLOCK_CHANGES)
def test_all_at_once_is_what_each_says_in_a_night_in_which_the_clocks_change(
    change: datetime,
) -> None:
    clocks = [time(hour, minute) for hour in (23, 0, 1, 2, 3) for minute in (0, 30)]
    services = [
        replace(SERVICE, sessions=(Session(frozenset((day,)), start, end),))
        for day in (5, 6) for start in clocks for end in (*clocks, None)
    ]  # fmt: skip
    timetable = Timetable(services)
    for minutes in range(-150, 151, 15):
        now = change + timedelta(minutes=minutes)
        for said in ("now", "today"):
            wanted = asked((said,), None, now)
            answers = [surely(one, wanted, now) is True for one in services]
            assert list(timetable.running(wanted, now)[0]) == answers, (now, said)


def test_in_the_hour_that_comes_twice_the_first_is_meant() -> None:
    first = datetime(2026, 10, 25, 0, 10, tzinfo=UTC)  # 01:10, and an hour later 01:10 again
    club = replace(SERVICE, sessions=(Session(frozenset((6,)), time(1), time(1, 30)),))
    for now, on in ((first, True), (first + timedelta(hours=1), False)):
        assert list(Timetable([club]).running(asked(("now",), None, now), now)[0]) == [on]
