"""The words of `seen` become the earliest day that they can mean."""

from __future__ import annotations

from datetime import date

import pytest

from directory.freshness import is_stale, seen_on


@pytest.mark.parametrize(
    ("seen", "day"),
    [
        ("2022-07", date(2022, 7, 1)),
        ("2025-09-15", date(2025, 9, 15)),
        ("about 2023", date(2023, 1, 1)),
        ("2019 to about 2023", date(2023, 1, 1)),
        ("2020-2021 own pages; records to 2026", date(2021, 1, 1)),
        ("2023 to 2024; address 2014 to 2019", date(2024, 1, 1)),
        ("2024 (council grant to March 2026)", date(2024, 1, 1)),
        ("undated to 2026-05", date(2026, 5, 1)),
        ("October 2024", date(2024, 10, 1)),
        ("January-early 2026", date(2026, 1, 1)),
        ("undated (2023 or later)", None),
        ("undated", None),
        ("", None),
    ],
)
def test_seen(seen: str, day: date | None) -> None:
    assert seen_on(seen) == day


def test_past_its_check_date() -> None:
    today = date(2026, 11, 22)
    assert is_stale(None, today)
    assert is_stale(date(2025, 5, 1), today)
    assert not is_stale(date(2025, 6, 1), today)
