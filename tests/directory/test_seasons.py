"""The school year and the bank holidays, as far as they are known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from directory.model import Only, Season
from directory.seasons import bank_holidays, is_bank_holiday, is_term, seasons, within


def test_bank_holidays() -> None:
    assert date(2026, 4, 6) in bank_holidays(2026)  # Easter Monday
    assert {date(2026, 12, 25), date(2026, 12, 28)} <= bank_holidays(2026)
    assert {date(2027, 12, 27), date(2027, 12, 28)} <= bank_holidays(2027)
    assert {date(2022, 1, 3), date(2022, 12, 26), date(2022, 12, 27)} <= bank_holidays(2022)
    assert all(len(bank_holidays(year)) == 8 for year in range(2020, 2060))


def test_christmas_is_one_also_on_a_weekend() -> None:
    assert is_bank_holiday(date(2027, 12, 25))
    assert is_bank_holiday(date(2026, 12, 26))
    assert not is_bank_holiday(date(2026, 12, 24))


def test_term_time_is_never_guessed() -> None:
    assert is_term(date(2026, 11, 23)) is True
    assert is_term(date(2026, 8, 12)) is False
    assert is_term(date(2026, 10, 27)) is None  # some schools' half term


@pytest.mark.parametrize(
    ("day", "may_be"),
    [
        (date(2026, 11, 23), {Season.TERM}),
        (date(2026, 10, 27), {Season.TERM, Season.HALF_TERM}),
        (date(2026, 12, 21), {Season.TERM, Season.CHRISTMAS}),
        (date(2026, 12, 25), {Season.CHRISTMAS}),
        (date(2027, 1, 1), {Season.CHRISTMAS}),
        (date(2026, 4, 5), {Season.TERM, Season.EASTER}),
        (date(2026, 7, 20), {Season.TERM, Season.SUMMER}),
        (date(2026, 8, 12), {Season.SUMMER}),
    ],
)
def test_seasons(day: date, may_be: set[Season]) -> None:
    assert seasons(day) == may_be


def test_every_day_of_thirty_years_is_something() -> None:
    day = date(2020, 1, 1)
    while day.year < 2050:
        assert seasons(day)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("only", "day", "answer"),
    [
        (Only.TERM_TIME, date(2026, 11, 23), True),
        (Only.SCHOOL_HOLIDAYS, date(2026, 11, 23), False),
        (Only.SCHOOL_HOLIDAYS, date(2026, 8, 12), True),
        (Only.SUMMER_HOLIDAYS, date(2026, 8, 12), True),
        (Only.HALF_TERMS, date(2026, 8, 12), False),
        (Only.HALF_TERMS, date(2026, 10, 27), None),
        (Only.SCHOOL_HOLIDAYS, date(2026, 10, 27), None),
    ],
)
def test_sessions_of_a_season(only: Only, day: date, answer: bool | None) -> None:
    assert within(only, seasons(day)) is answer
