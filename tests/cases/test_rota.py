"""The rota, at every moment: also past midnight, and when the clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cases import rota
from bot.cases.plan import Away, DeskPlan, Member, Shift
from bot.cases.rota import ByHand
from directory.hours import LONDON

SAM, ALI, JO = 1, 2, 3
WEEK = frozenset(range(5))
DAY_SHIFT = Shift((SAM,), time(10), time(18), WEEK)
NIGHT = Shift((ALI,), time(18), time(10), frozenset(range(7)), role="on-call")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
QUARTER = timedelta(minutes=15)

times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
dates = st.sampled_from(
    [SPRING + timedelta(days=n) for n in range(-2, 3)]
    + [AUTUMN + timedelta(days=n) for n in range(-2, 3)]
    + [date(2026, 6, 30), date(2026, 12, 31), date(2027, 1, 1)]
)
boroughs = st.frozensets(st.sampled_from(["Lambeth", "Brent"]), max_size=2)
shifts = st.builds(
    Shift, st.tuples(st.integers(1, 4)), times, times, st.frozensets(st.integers(0, 6)),
    st.frozensets(dates, max_size=3), st.sampled_from(["worker", "on-call", "lead"]), boroughs,
)  # fmt: skip
moments = st.builds(
    lambda day, step: datetime.combine(day, time(0), tzinfo=UTC) + step * QUARTER,
    dates, st.integers(-8, 120),
)  # fmt: skip


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read_slowly(shift: Shift, at: datetime, gone: set[date]) -> bool:
    """Whether a shift runs: from the first time that the clock shows its start, to the last
    time before its end."""
    middle = at.astimezone(LONDON).date()
    for day in (middle + timedelta(days=n) for n in (-2, -1, 0, 1)):
        if not shift.begins_on(day) or day in gone:
            continue
        begin = datetime.combine(day, shift.start)
        last_day = day if shift.end > shift.start else day + timedelta(days=1)
        end = datetime.combine(last_day, shift.end)
        first = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(hours=2)
        quarters = [first + n * QUARTER for n in range(4 * 54)]
        walls = [(q, q.astimezone(LONDON).replace(tzinfo=None)) for q in quarters]
        start = min(q for q, wall in walls if wall >= begin)
        last = max(q for q, wall in walls if wall < end)
        if start <= at <= last:
            return True
    return False


@settings(max_examples=300, deadline=None)
@given(st.lists(shifts, max_size=4), moments, st.sampled_from([None, "Lambeth", "Croydon"]),
       st.lists(st.builds(Away, st.integers(1, 4), dates, dates), max_size=2))  # fmt: skip
def test_who_is_on_is_what_a_slow_reading_says(
    plan: list[Shift], at: datetime, borough: str | None, away: list[Away]
) -> None:
    desk = DeskPlan(shifts=tuple(plan), away=tuple(away))
    found = {(one.worker_id, one.role, one.boroughs) for one in rota.on_now(desk, (), at, borough)}
    slowly = set()
    for shift in plan:
        who = shift.who[0]
        gone = {
            one.first + timedelta(days=n)
            for one in away if one.who == who for n in range((one.last - one.first).days + 1)
        }  # fmt: skip
        fits = borough is None or not shift.boroughs or borough in shift.boroughs
        if fits and read_slowly(shift, at, gone):
            slowly.add((who, shift.role, shift.boroughs))
    assert found == slowly


@settings(max_examples=150, deadline=None)
@given(st.lists(shifts, max_size=4), moments)
def test_gaps_and_shifts_together_are_all_time(plan: list[Shift], at: datetime) -> None:
    desk = DeskPlan(shifts=tuple(plan))
    until = at + timedelta(days=2)
    gaps = [gap for gap in rota.uncovered(desk, at, until) if gap.role == "on-call"]
    for step in range(0, 48 * 4, 3):
        moment = at + step * QUARTER
        for borough in desk.boroughs or (None,):
            called = [one for one in rota.on_now(desk, (), moment, borough) if one.role != "lead"]
            uncovered = any(
                gap.borough == borough and gap.start <= moment < gap.end for gap in gaps
            )
            assert uncovered == (not called and desk.has_shifts("on-call"))


@pytest.mark.parametrize(
    ("day", "hours"), [(SPRING, 15), (AUTUMN, 17), (date(2026, 7, 1), 16)]
)  # fmt: skip
def test_a_night_shift_is_as_long_as_the_night_is(day: date, hours: int) -> None:
    start, end = rota.window(day - timedelta(days=1), time(18), time(10))
    assert end - start == timedelta(hours=hours)


def test_shifts_that_meet_in_the_hour_that_comes_twice_leave_no_minute_out() -> None:
    late = Shift((SAM,), time(20), time(1, 30), dates=frozenset({AUTUMN - timedelta(days=1)}))
    early = Shift((ALI,), time(1, 30), time(6), dates=frozenset({AUTUMN}))
    plan = DeskPlan(shifts=(late, early))
    for minute in range(180):
        assert rota.on_now(plan, (), utc("2026-10-25T00:00") + timedelta(minutes=minute))


def test_who_comes_next_and_for_which_borough() -> None:
    plan = DeskPlan(shifts=(DAY_SHIFT, replace(NIGHT, boroughs=frozenset({"Lambeth"}))))
    friday_noon = utc("2026-11-27T12:00")
    coming = rota.next_on(plan, friday_noon, "Lambeth")
    assert coming is not None
    assert (coming.worker_id, coming.start) == (ALI, utc("2026-11-27T18:00"))
    later = rota.next_on(plan, friday_noon, "Brent")
    assert later is not None
    assert (later.worker_id, later.start) == (SAM, utc("2026-11-30T10:00"))
    assert rota.next_on(DeskPlan(), friday_noon) is None


MEMBERS = (
    Member(SAM, "Sam", on_call=True), Member(ALI, "Ali", on_call=True), Member(JO, "Jo", lead=True)
)  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "at", "step", "called"),
    [
        (DeskPlan(members=MEMBERS), "2026-11-27T12:00", "on-call", (SAM, ALI)),
        (DeskPlan(members=MEMBERS, shifts=(NIGHT,)), "2026-11-27T20:00", "on-call", (ALI,)),
        (DeskPlan(members=MEMBERS, shifts=(NIGHT,)), "2026-11-27T12:00", "on-call", ()),
        (DeskPlan(members=MEMBERS, shifts=(NIGHT, DAY_SHIFT)), "2026-11-27T12:00", "on-call",
         (SAM,)),
        (DeskPlan(members=MEMBERS, shifts=(NIGHT,)), "2026-11-27T12:00", "lead", (JO,)),
        (DeskPlan(), "2026-11-27T12:00", "lead", ()),
    ],
)  # fmt: skip
def test_who_is_called_at_a_step(
    plan: DeskPlan, at: str, step: str, called: tuple[int, ...]
) -> None:
    assert rota.to_call(plan, (), step, "Lambeth", utc(at)) == called


def test_by_hand_goes_before_the_rota() -> None:
    now = utc("2026-11-27T20:00")
    plan = DeskPlan(members=MEMBERS, shifts=(NIGHT,))
    (off,) = rota.put(plan, (), ByHand(ALI, "Ali", now, now, on=False), None)
    assert off.until == utc("2026-11-28T10:00")
    assert rota.to_call(plan, [off], "on-call", None, now) == ()
    (on,) = rota.put(plan, (), ByHand(9, "Kit", now, now), 2)
    assert on.until == now + timedelta(hours=2)
    assert set(rota.to_call(plan, [on], "on-call", None, now)) == {ALI, 9}
    assert rota.to_call(plan, [on], "on-call", None, on.until) == (ALI,)
