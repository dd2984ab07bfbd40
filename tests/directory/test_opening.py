"""Plain opening hours are understood; what is not plain stays unknown."""

from __future__ import annotations

from datetime import time

import pytest

from directory.opening import parse_opening

WEEKDAYS, WEEKEND, ALL = set(range(5)), {5, 6}, set(range(7))

Slot = tuple[set[int], str, str]


@pytest.mark.parametrize(
    ("line", "slots"),
    [
        ("24/7", [(ALL, "00:00", "00:00")]),
        ("24/7 (phone and live chat)", [(ALL, "00:00", "00:00")]),
        ("phone 24/7; live chat was Mon-Fri 15:00-22:00 in 2021", [(ALL, "00:00", "00:00")]),
        ("24 hours", [(ALL, "00:00", "00:00")]),
        ("Open 24 hours a day, 7 days a week", [(ALL, "00:00", "00:00")]),
        ("9am to midnight every day", [(ALL, "09:00", "00:00")]),
        ("every day, 9am - midnight", None),
        ("every day 9am - midnight", [(ALL, "09:00", "00:00")]),
        ("daily 17:00-00:00", [(ALL, "17:00", "00:00")]),
        ("7 days a week 10am-10pm", [(ALL, "10:00", "22:00")]),
        ("Mon-Fri 09:00-17:00", [(WEEKDAYS, "09:00", "17:00")]),
        ("Monday to Friday 09:00–17:00", [(WEEKDAYS, "09:00", "17:00")]),
        ("9.30am to 5pm, Monday to Friday", [(WEEKDAYS, "09:30", "17:00")]),
        ("Open weekdays 12pm-6pm", [(WEEKDAYS, "12:00", "18:00")]),
        ("Mon-Fri 09:00-20:00, Sat 09:30-13:00",
         [(WEEKDAYS, "09:00", "20:00"), ({5}, "09:30", "13:00")]),
        ("Monday to Thursday 09:00-17:15, Friday 09:00-17:00",
         [({0, 1, 2, 3}, "09:00", "17:15"), ({4}, "09:00", "17:00")]),
        ("Mon, Wed and Fri noon to 4pm; weekends 10am to noon",
         [({0, 2, 4}, "12:00", "16:00"), (WEEKEND, "10:00", "12:00")]),
        ("Fri-Mon 18:00-02:00", [({4, 5, 6, 0}, "18:00", "02:00")]),
    ],
)  # fmt: skip
def test_plain_hours(line: str, slots: list[Slot] | None) -> None:
    found = [(set(one.days), one.start, one.end) for one in parse_opening(line)]
    wanted = [(days, time.fromisoformat(a), time.fromisoformat(b)) for days, a, b in slots or []]
    assert found == wanted


@pytest.mark.parametrize(
    "line",
    [
        None, "", "online", "online any time", "09:00-17:00", "Mon-Fri", "9 to 5 Mon-Fri",
        "Mon-Fri 09:00-17:00 or 09:00-16:30 (sources differ)", "weekdays; exact times disputed",
        "daily 10:00-22:00 (older record); 7 days a week", "Mon-Fri 09:30-18:00 (2020)",
        "sources differ: Mon-Fri 09:00-21:00 and Sat-Sun 10:00-15:00, or 24/7",
        "24 hours on pages from 2013-2020; today's hours not confirmed",
        "text and WhatsApp Mon-Fri 15:00-20:00 (not bank holidays); phone hours not confirmed",
        "Mon-Fri 25:00-26:00", "Mon-Fri 13pm-14pm", "Mon-Fri 09:00-17:00, and some Saturdays",
        "Mon-Fri 09:00-17:00 except August", "usually Mon-Fri 09:00-17:00",
        "Mon-Fri 09:00-17:00 x", "Monday to Friday 17:00-09:00; weekends 24 hours",
    ],
)  # fmt: skip
def test_what_is_not_plain_is_not_known(line: str | None) -> None:
    assert parse_opening(line) == ()


@pytest.mark.parametrize(
    ("line", "holidays"),
    [
        ("24/7", True),
        ("Mon-Fri 09:00-17:00", None),
        ("daily 17:00-00:00", None),
        ("Mon-Fri 10:00-16:00 (not bank holidays)", False),
        ("Mon-Fri 10:00-16:00, except bank holidays", False),
        ("Mon-Fri 10:00-16:00 including bank holidays", True),
    ],
)
def test_bank_holidays_only_where_the_line_says_so(line: str, holidays: bool | None) -> None:
    (found,) = parse_opening(line)
    assert found.bank_holidays is holidays
