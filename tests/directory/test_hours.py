"""Plain lines become sessions; the next one is right across clock changes and holidays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from directory.hours import LONDON, next_session, open_now, opens_next, upcoming
from directory.lines import parse_line, parse_lines
from directory.model import Assurance, Closure, Confidence, Contact, Only, Service, Session, Venue
from directory.opening import parse_opening

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
    session = parse_line(line)
    assert session is not None
    assert (session.days, session.start, session.end) == (days, start, end)
    assert (session.only is Only.TERM_TIME, session.note) == (term, line)


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


def test_no_session_is_promised_on_a_bank_holiday() -> None:
    now = datetime(2026, 8, 30, 12, tzinfo=UTC)
    assert next_session(on("Monday 10:00-11:00"), now) == datetime(2026, 9, 7, 10, tzinfo=LONDON)
    open_too = having(Session(frozenset((0,)), time(10), time(11), bank_holidays=True))
    assert next_session(open_too, now) == datetime(2026, 8, 31, 10, tzinfo=LONDON)


def test_term_time_is_never_guessed() -> None:
    club = on("Tuesday 16:00-18:00 (term time)")
    assert next_session(club, datetime(2026, 10, 26, 9, tzinfo=UTC)) is None
    assert next_session(club, datetime(2026, 11, 23, 9, tzinfo=UTC)) is not None


def test_unknown_hours_stay_unknown() -> None:
    assert next_session(on("After school"), datetime(2026, 11, 23, tzinfo=UTC)) is None


def having(*sessions: Session, **changes: object) -> Service:
    return replace(SERVICE, sessions=sessions, **changes)  # type: ignore[arg-type]


def london(month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON, fold=fold)


LATE = Session(frozenset((5,)), time(22), time(2))  # Saturday night into Sunday


def test_a_session_past_midnight_is_on_after_midnight() -> None:
    club = having(LATE)
    assert next_session(club, london(11, 29, 1)) == london(11, 28, 22)  # Sunday 01:00: on now
    assert open_now(club, london(11, 29, 1)) is True
    assert open_now(club, london(11, 29, 2)) is False
    assert next_session(club, london(11, 29, 2)) == london(12, 5, 22)


def test_the_night_without_an_hour() -> None:
    """29 March 2026: at 01:00 the clocks go to 02:00."""
    club = having(LATE)
    found = upcoming(club, london(3, 28, 21))
    assert found is not None
    assert found.end is not None
    assert found.end - found.start == timedelta(hours=4)  # on the wall; three hours of sleep
    assert found.end.astimezone(UTC) - found.start.astimezone(UTC) == timedelta(hours=3)
    assert open_now(club, datetime(2026, 3, 29, 0, 59, tzinfo=UTC)) is True
    assert open_now(club, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) is False
    gone = Session(frozenset((6,)), time(1, 30), time(3))
    start = next_session(having(gone), london(3, 28, 12))
    assert start == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert (start.hour, start.minute) == (2, 30)  # there is no 01:30 on that Sunday


def test_the_night_with_an_hour_twice() -> None:
    """25 October 2026: at 02:00 the clocks go back to 01:00."""
    club = having(LATE)
    for utc_hour, minute, answer in ((0, 30, True), (1, 30, True), (2, 0, False)):
        now = datetime(2026, 10, 25, utc_hour, minute, tzinfo=UTC)
        assert open_now(club, now) is answer, now
    found = upcoming(club, london(10, 24, 12))
    assert found is not None
    assert found.end is not None
    assert found.end.astimezone(UTC) - found.start.astimezone(UTC) == timedelta(hours=5)


@pytest.mark.parametrize(("day", "utc"), [((3, 28), 18), ((3, 30), 17), ((10, 23), 17),
                                          ((10, 26), 18)])  # fmt: skip
def test_open_now_at_the_same_time_on_the_wall_all_year(day: tuple[int, int], utc: int) -> None:
    club = having(Session(frozenset(range(7)), time(18), time(20), bank_holidays=True))
    assert open_now(club, datetime(2026, *day, utc, 0, tzinfo=UTC)) is True
    assert open_now(club, datetime(2026, *day, utc, tzinfo=UTC) - timedelta(minutes=1)) is False


def test_a_closed_period_is_left_out() -> None:
    days = Closure(date(2026, 12, 1), date(2026, 12, 8), "building work")
    club = replace(on("Tuesday 16:00-18:00"), closures=(days,))
    assert next_session(club, london(11, 25, 9)) == london(12, 15, 16)
    assert open_now(club, london(12, 1, 17)) is False
    assert open_now(replace(club, closures=()), london(12, 1, 17)) is True


def test_only_the_sessions_for_their_age() -> None:
    club = on("Wednesday 16:00-19:00, ages 8 to 9", "Friday 16:00-19:00, ages 13 to 19")
    now = london(11, 23, 9)
    assert next_session(club, now) == london(11, 25, 16)
    assert next_session(club, now, 14) == london(11, 27, 16)
    assert next_session(club, now, 11) is None
    assert open_now(club, london(11, 25, 17), 14) is False


@pytest.mark.parametrize(
    ("line", "ages"),
    [
        ("Girl guides, ages 10 to 14: Thursday 17:00-19:00", (10, 14)),
        ("Tuesday 13:00-14:00 (ages 18 to 30)", (18, 30)),
        ("Monday 19:30-20:30 (school years 9 to 11)", (13, 16)),
        ("Monday 19:30-20:45 (school years 12 and 13)", (16, 18)),
        ("Monday 19:30-20:45, ages 16 and over", (16, None)),
        ("Monday 19:30-20:45", (None, None)),
    ],
)
def test_ages_of_a_line(line: str, ages: tuple[int | None, int | None]) -> None:
    found = parse_line(line)
    assert found is not None
    assert (found.age_min, found.age_max) == ages


def test_open_now_is_unknown_where_some_times_are() -> None:
    club = on("Monday 16:00-18:00", "some other evenings")
    club = replace(club, more_times=True)
    assert open_now(club, london(11, 23, 17)) is True
    assert open_now(club, london(11, 24, 17)) is None
    assert open_now(SERVICE, london(11, 24, 17)) is None


@pytest.mark.parametrize(
    ("hours", "moment", "answer"),
    [
        ("24/7", (12, 25, 3), True),
        ("Mon-Fri 09:00-17:00", (11, 24, 9), True),
        ("Mon-Fri 09:00-17:00", (11, 24, 17), False),
        ("Mon-Fri 09:00-17:00", (11, 28, 12), False),
        ("Mon-Fri 09:00-17:00", (8, 31, 12), None),  # a bank holiday: not known
        ("Mon-Fri 10:00-16:00 (not bank holidays)", (8, 31, 12), False),
        ("daily 17:00-00:00", (11, 24, 23), True),
        ("daily 17:00-00:00", (11, 24, 0), False),
        ("weekdays; exact times disputed", (11, 24, 12), None),
    ],
)
def test_open_now_of_a_helpline(
    hours: str, moment: tuple[int, int, int], answer: bool | None
) -> None:
    line = replace(SERVICE, open_hours=parse_opening(hours))
    assert open_now(line, london(*moment)) is answer


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ((11, 24, 8), (11, 24, 9)),
        ((11, 27, 18), (11, 30, 9)),
        ((12, 24, 18), (12, 29, 9)),  # not on Boxing Day's stand-in, as far as is known
    ],
)
def test_when_a_helpline_opens_next(
    moment: tuple[int, int, int], opens: tuple[int, int, int]
) -> None:
    assert opens_next(parse_opening("Mon-Fri 09:00-17:00"), london(*moment)) == london(*opens)
