"""Plain lines become sessions; the next one is right across clock changes and holidays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from directory.hours import LONDON, bank_holidays, is_term, next_session, parse_line, parse_lines
from directory.model import Assurance, Confidence, Contact, Service, Session, Venue

SERVICE = Service(
    id="a", name="A", organisation="A", what="A club.", kinds=("find-activities",),
    activities=(), tags=(), borough="Lambeth", coverage="Lambeth", venue=Venue.PLACE,
    contact=Contact(), assurance=Assurance(("x",), "2026", date(2026, 1, 1), Confidence.HIGH),
)  # fmt: skip


def on(*lines: str) -> Service:
    return replace(SERVICE, when=lines, sessions=parse_lines(lines))


@pytest.mark.parametrize(
    ("line", "days", "start", "end", "term"),
    [
        ("Monday to Thursday 16:00-18:00", {0, 1, 2, 3}, time(16), time(18), False),
        ("Wednesday 17:00-19:00", {2}, time(17), time(19), False),
        ("Monday 16:00-19:00 (term time)", {0}, time(16), time(19), True),
        ("Monday, Tuesday, Friday 09:00-17:00", {0, 1, 4}, time(9), time(17), False),
        ("Saturday and Sunday 10:00-12:00", {5, 6}, time(10), time(12), False),
        ("Study support: Tuesday 16:00-17:00", {1}, time(16), time(17), False),
        ("Friday to Monday 10:00-11:00", {4, 5, 6, 0}, time(10), time(11), False),
        ("Friday 16:00-19:00, ages 13 to 19 (term time)", {4}, time(16), time(19), True),
        ("Saturday 10:00-12:00 (not in the summer holidays)", {5}, time(10), time(12), True),
    ],
)
def test_plain_lines(line: str, days: set[int], start: time, end: time, term: bool) -> None:
    assert parse_line(line) == Session(frozenset(days), start, end, term, line)


@pytest.mark.parametrize(
    "line",
    [
        "After school in term time", "Wednesday (2022; time not seen)",
        "Monday to Friday 10:00-21:30 (older listing)", "Five nights a week",
        "Monday to Thursday 10:00-14:00 (28 July to 21 August 2025)",
        "Another copy of the page: Saturday 13:00-15:00, ages 10 to 16 (autumn programme)",
        "Sparking Futures: some Tuesdays 17:00-19:00", "Monday 25:00-26:00",
        "Monday 18:00-16:00", "", "Saturday: football club and youth gym",
    ],
)  # fmt: skip
def test_lines_that_promise_too_little_stay_text(line: str) -> None:
    assert parse_line(line) is None


def test_today_tomorrow_and_on_now() -> None:
    club = on("Monday 16:00-18:00")
    before = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    during = datetime(2026, 11, 23, 17, 59, tzinfo=UTC)
    after = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert next_session(club, before) == datetime(2026, 11, 23, 16, 0, tzinfo=LONDON)
    assert next_session(club, during) == datetime(2026, 11, 23, 16, 0, tzinfo=LONDON)
    assert next_session(club, after) == datetime(2026, 11, 30, 16, 0, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("now", "utc_hour"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=UTC), 9),  # clocks go forward on 29 March
        (datetime(2026, 3, 22, 12, tzinfo=UTC), 9),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), 10),  # and back on 25 October
    ],
)
def test_clock_changes_keep_the_time_on_the_wall(now: datetime, utc_hour: int) -> None:
    found = next_session(on("Sunday 10:00-11:00"), now)
    assert found is not None
    assert found.hour == 10
    assert found.astimezone(UTC).hour == utc_hour


def test_late_in_the_evening_utc_is_already_tomorrow_in_london() -> None:
    now = datetime(2026, 7, 5, 23, 30, tzinfo=UTC)  # Monday 00:30 in London
    assert next_session(on("Monday 09:00-10:00"), now) == datetime(2026, 7, 6, 9, tzinfo=LONDON)


def test_bank_holidays_are_left_out() -> None:
    assert date(2026, 4, 6) in bank_holidays(2026)  # Easter Monday
    assert {date(2026, 12, 25), date(2026, 12, 28)} <= bank_holidays(2026)
    assert {date(2027, 12, 27), date(2027, 12, 28)} <= bank_holidays(2027)
    now = datetime(2026, 8, 30, 12, tzinfo=UTC)
    assert next_session(on("Monday 10:00-11:00"), now) == datetime(2026, 9, 7, 10, tzinfo=LONDON)


def test_term_time_is_never_guessed() -> None:
    assert is_term(date(2026, 11, 23)) is True
    assert is_term(date(2026, 8, 12)) is False
    assert is_term(date(2026, 10, 27)) is None  # some schools' half term
    club = on("Tuesday 16:00-18:00 (term time)")
    assert next_session(club, datetime(2026, 10, 26, 9, tzinfo=UTC)) is None
    assert next_session(club, datetime(2026, 11, 23, 9, tzinfo=UTC)) is not None


def test_unknown_hours_stay_unknown() -> None:
    assert next_session(on("After school"), datetime(2026, 11, 23, tzinfo=UTC)) is None
