"""Dates as people type them, and numbers that are none."""

from __future__ import annotations

import pytest

from intents.dates import dates_in
from intents.understand import Understander


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("boxing on sat 5th dec", "12-05"),
        ("5 december", "12-05"),
        ("DEC 5", "12-05"),
        ("december the 5th", "12-05"),
        ("the 3rd of january", "01-03"),
        ("5th sept 2027", "2027-09-05"),
        ("may 5th", "05-05"),
        ("on 5 may", "05-05"),
        ("5/12/2026", "2026-12-05"),
        ("5.12.26", "2026-12-05"),
        ("on 5/12", "12-05"),
        ("2026-12-05", "2026-12-05"),
        ("anything on the 21st?", "day-21"),
        ("29 feb", "02-29"),
        ("29/2/2028", "2028-02-29"),
    ],
)
def test_dates(text: str, value: str) -> None:
    assert [mention.value for mention in dates_in(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "im 15 may i come", "we march 5 miles", "open 24/7", "9/10 would go again", "5th floor",
        "on the 5th floor", "31 june", "32 dec", "half past 5", "year 9", "on the 40th",
        "may 5 of us come", "dec 5pm", "5/13/2026", "29/2/2027", "1.5 miles", "192.168.1.1",
    ],
)  # fmt: skip
def test_no_dates(text: str) -> None:
    assert dates_in(text) == ()


@pytest.mark.parametrize(
    ("text", "days", "part"),
    [
        ("whats open right now near me", ("now",), None),
        ("anything on now in brixton", ("now",), None),
        ("nxt week football", ("next-week",), None),
        ("this sat", ("sat",), None),
        ("nxt sat morning", ("next-sat",), "morning"),
        ("sunday morning", ("sun",), "morning"),
        ("football tmrw after school", ("tomorrow", "weekday"), "afternoon"),
        ("summer hols", ("summer-holidays",), None),
        ("stuff in the xmas holidays", ("christmas-holidays",), None),
        ("anything in the holidays", ("holidays",), None),
        ("bank holiday monday", ("bank-holiday",), None),
        ("saturday 5th december", ("12-05",), None),
        ("club on a school night", (), "evening"),
    ],
)
def test_days_of_a_message(
    understander: Understander, text: str, days: tuple[str, ...], part: str | None
) -> None:
    found = understander.understand(text).details
    assert tuple(day.value for day in found.days) == days
    assert (found.part_of_day.value if found.part_of_day else None) == part


def test_boxing_day_is_no_boxing(understander: Understander) -> None:
    found = understander.understand("anything open on boxing day").details
    assert [day.value for day in found.days] == ["12-26"]
    assert found.activities == ()
    boxing = understander.understand("boxing on a saturday").details
    assert [mention.value for mention in boxing.activities] == ["boxing"]
