"""When steps are due: by level, out of hours, at night; and hours as young people are told them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases import chain, rota, watch
from bot.cases.chain import Chain, Chains
from bot.cases.model import Case
from bot.cases.plan import Clocks, DeskPlan, Levels, Opening, Quiet, Shift

WEEK = frozenset(range(5))
HOURS = (Opening(WEEK, time(10), time(18)),)
QUIET = Quiet(time(22), time(8))
QUICK = Chains(Chain(1, 3, 5), Chain(10, 20, 30), Chain(60, 120, 180))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_case(urgency: str = "urgent", **values: object) -> Case:
    given: dict[str, object] = {
        "id": 1, "chat_id": 5, "group_id": -1, "urgency": urgency, "kind": None, "reason": "",
        "opened_at": utc("2026-11-27T12:00"),
    }  # fmt: skip
    return Case(**(given | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "level", "calm"),
    [
        (a_case("emergency"), "emergency", False),
        (a_case("urgent"), "urgent", False),
        (a_case("concern"), "concern", True),
        (a_case("concern", asked_for_person=True), "concern", True),
        (a_case("concern", asked_for_person=True, priority="urgent"), "urgent", False),
        (a_case("emergency", priority="concern"), "concern", False),  # lowered by hand: no silence
        (a_case("urgent", priority="soon"), "urgent", False),
    ],
)
def test_the_level_whose_clocks_hold(case: Case, level: str, calm: bool) -> None:
    assert (chain.level_of(case), chain.is_calm(case)) == (level, calm)


def test_each_level_has_its_own_minutes() -> None:
    since = utc("2026-11-27T12:00")
    plan = DeskPlan(chains=QUICK)
    for urgency, minutes in (("emergency", (1, 3, 5)), ("urgent", (10, 20, 30))):
        due = watch.steps_due(plan, a_case(urgency), since)
        assert list(due.values()) == [since + timedelta(minutes=n) for n in minutes]


def test_out_of_hours_somebody_on_call_is_called_first() -> None:
    plan = DeskPlan(hours=HOURS)
    night, noon = utc("2026-11-27T23:00"), utc("2026-11-27T12:00")
    assert watch.steps_due(plan, a_case(), night)[chain.FIRST] == night
    assert chain.FIRST not in watch.steps_due(plan, a_case(), noon)
    assert chain.FIRST not in watch.steps_due(DeskPlan(), a_case(), night)  # nothing is said


def test_what_is_calm_waits_until_somebody_is_there() -> None:
    calm = a_case("concern", asked_for_person=True)
    friday = utc("2026-11-27T17:30")
    due = watch.steps_due(DeskPlan(hours=HOURS, chains=QUICK), calm, friday)
    assert due["again"] == utc("2026-11-30T10:30")
    assert due["on-call"] == utc("2026-11-30T11:30")
    due = watch.steps_due(DeskPlan(hours=HOURS, chains=QUICK, calm_waits=False), calm, friday)
    assert due["again"] == friday + timedelta(hours=1)
    late = utc("2026-11-27T21:30")
    due = watch.steps_due(DeskPlan(quiet=QUIET, chains=QUICK), calm, late)
    assert due["again"] == utc("2026-11-28T08:30")


@pytest.mark.parametrize(
    ("since", "due"),
    [("2026-03-28T21:30", "2026-03-29T07:30"), ("2026-10-24T20:30", "2026-10-25T08:30")],
)
def test_the_morning_is_where_the_clock_says(since: str, due: str) -> None:
    calm = a_case("concern")
    assert watch.steps_due(DeskPlan(quiet=QUIET, chains=QUICK), calm, utc(since))["again"] == utc(
        due
    )


@given(st.integers(0, 330 * 24 * 60), st.integers(1, 3000))
def test_something_calm_is_never_due_at_night_and_never_early(at: int, minutes: int) -> None:
    since = utc("2026-03-01T00:00") + timedelta(minutes=at)
    plan = DeskPlan(hours=HOURS, quiet=Quiet(time(17), time(11)))
    due = rota.calm_due(plan, None, since, minutes)
    assert due >= since + timedelta(minutes=minutes)
    if due < since + timedelta(days=14):
        assert rota.staffed(plan, None, due)
        assert not rota.is_quiet(plan, due)


def test_where_no_hours_come_nothing_waits_for_ever() -> None:
    never = DeskPlan(hours=HOURS, quiet=Quiet(time(9), time(9)))
    since = utc("2026-11-27T12:00")
    assert rota.calm_due(never, None, since, 10) == since + timedelta(minutes=10)


def test_danger_is_never_silent() -> None:
    plan, night = DeskPlan(quiet=QUIET), utc("2026-11-27T23:30")
    assert watch.silent(plan, a_case("concern"), night)
    assert not watch.silent(plan, a_case("urgent"), night)
    assert not watch.silent(plan, a_case("urgent", priority="concern"), night)
    assert not watch.silent(plan, a_case("concern"), utc("2026-11-27T12:00"))
    assert not watch.silent(DeskPlan(), a_case("concern"), night)


def test_a_level_that_goes_up_makes_the_chain_quicker_and_never_slower() -> None:
    plan, since = DeskPlan(chains=QUICK), utc("2026-11-27T12:00")
    before, case = a_case("urgent"), a_case("emergency")
    now = since + timedelta(minutes=4)
    sooner = watch.sooner(plan, before, case, since, now)
    assert sooner == {"again": now, "on-call": now, "lead": since + timedelta(minutes=5)}
    assert watch.sooner(plan, case, before, since, now) == {}
    fired = watch.sooner(plan, before, case, since, since + timedelta(minutes=15))
    assert "again" not in fired


def test_how_long_a_person_may_wait() -> None:
    plan = DeskPlan(clocks=Clocks(Levels(1, 2, 3), Levels(4, 5, 6)))
    assert watch.patience(plan, a_case("emergency"), first=True) == 1
    assert watch.patience(plan, a_case("urgent"), first=False) == 5
    assert watch.patience(plan, a_case("concern"), first=False) == 6


def test_hours_bank_holidays_and_closed_days() -> None:
    plan = DeskPlan(hours=HOURS, closed=frozenset({date(2026, 12, 24)}))
    assert rota.staffed(plan, "Brent", utc("2026-11-27T10:00"))
    assert rota.staffed(plan, "Brent", utc("2026-11-27T18:00")) is False
    assert rota.staffed(plan, "Brent", utc("2026-12-24T12:00")) is False
    assert rota.staffed(plan, "Brent", utc("2026-12-25T12:00")) is False
    assert rota.next_staffed(plan, None, utc("2026-12-23T19:00")) == utc("2026-12-29T10:00")
    assert rota.staffed_until(plan, None, utc("2026-11-27T12:00")) == utc("2026-11-27T18:00")
    only = DeskPlan(hours=(replace(HOURS[0], boroughs=frozenset({"Lambeth"})),))
    assert rota.staffed(only, "Brent", utc("2026-11-27T12:00")) is None
    assert rota.staffed(only, None, utc("2026-11-27T12:00"))  # no borough known: somebody is there


def test_who_goes_off_and_who_stays() -> None:
    first, then = Shift((1, 2), time(10), time(14), WEEK), Shift((2,), time(14), time(18), WEEK)
    plan = DeskPlan(shifts=(first, then))
    noon, two = utc("2026-11-27T12:00"), utc("2026-11-27T14:00")
    assert rota.next_end(plan, noon) == two
    assert rota.gone_off(plan, (), noon, two) == (1,)
    assert rota.gone_off(plan, (), two, two + timedelta(hours=1)) == ()
    assert rota.shift_end(plan, 2, noon) == utc("2026-11-27T18:00")
    assert rota.next_end(DeskPlan(), noon) is None


def test_a_step_is_overtaken_when_a_later_one_is_due_as_well() -> None:
    since = utc("2026-11-27T12:00")
    plan = Chain(2, 5, 10)
    assert not chain.overtaken("again", since, plan, since + timedelta(minutes=3))
    assert chain.overtaken("again", since, plan, since + timedelta(minutes=5))
    assert chain.overtaken("on-call", since, plan, since + timedelta(hours=1))
    assert not chain.overtaken("lead", since, plan, since + timedelta(hours=1))
