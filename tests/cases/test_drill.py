"""When a drill is due: once a period, within the hours, by chance, also where the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.drill import hinders, next_due, result_of, within
from bot.cases.model import Case, Status, Worker
from bot.cases.plan import DrillPlan
from directory.hours import LONDON

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday
WEEKLY = DrillPlan(every_weeks=1)
FIRST, LAST = (lambda n: 0), (lambda n: n - 1)


def test_it_is_drawn_from_all_that_is_left_of_the_period() -> None:
    assert next_due(WEEKLY, NOW, FIRST, done=False) == datetime(2026, 11, 23, 10, 0, tzinfo=LONDON)
    last = datetime(2026, 11, 27, 15, 59, 59, tzinfo=LONDON)
    assert next_due(WEEKLY, NOW, LAST, done=False) == last
    assert next_due(WEEKLY, NOW, FIRST, done=True) == datetime(2026, 11, 30, 10, tzinfo=LONDON)


def test_within_the_hours_it_does_not_lie_in_the_past() -> None:
    friday = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    assert next_due(WEEKLY, friday, FIRST, done=False) == friday
    evening = friday + timedelta(hours=4)
    assert next_due(WEEKLY, evening, FIRST, done=False) == datetime(2026, 11, 30, 10, tzinfo=LONDON)


@given(
    st.integers(0, 4 * 365 * 24 * 60), st.integers(1, 8),
    st.frozensets(st.integers(0, 6), min_size=1), st.integers(0, 22), st.integers(0, 10**6),
    st.booleans(),
)  # fmt: skip
def test_it_is_always_within_the_plan_and_never_in_the_past(
    minutes: int, weeks: int, days: frozenset[int], hour: int, draw: int, done: bool
) -> None:
    plan = DrillPlan(weeks, days, time(hour), time(hour + 1))
    now = NOW + timedelta(minutes=minutes)
    due = next_due(plan, now, lambda n: draw % n, done=done)
    assert due >= now
    assert within(plan, due) or (hour == 1)  # an hour that the change of clocks skips
    assert due - now <= timedelta(weeks=weeks * 2 + 1)


def case(number: int, **values: object) -> Case:
    given = {"chat_id": 7, "group_id": -1, "urgency": "urgent", "kind": None, "reason": ""}
    return Case(id=number, opened_at=NOW, **{**given, **values})  # type: ignore[arg-type]


def test_what_hinders_is_a_drill_that_runs_or_a_case_that_nobody_has() -> None:
    taken = case(1, status=Status.CLAIMED)
    assert hinders([taken]) is None
    assert hinders([taken, case(2)]) == case(2)
    assert hinders([case(2), case(3, drill=True)]) == case(3, drill=True)


@pytest.mark.parametrize(
    ("events", "step", "off"),
    [([], "card", False), (["alerted-first"], "first", False),
     (["alerted-again", "alerted-on-call"], "on-call", False),
     (["alerted-again", "called-off"], "again", True)],
)  # fmt: skip
def test_the_result_says_how_far_the_chain_came(events: list[str], step: str, off: bool) -> None:
    over = case(1, drill=True, status=Status.CLOSED, worker=None if off else Worker(9, "Sam"),
                claimed_at=NOW + timedelta(seconds=90))  # fmt: skip
    result = result_of(over, [(NOW, event, {}) for event in events])
    assert (result.step, result.called_off) == (step, off)
    assert result.answered_after == (None if off else timedelta(seconds=90))
