"""What the figures say of cases that are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cases.figures import Figures, Group, Past, figures, in_office_hours, percentile
from bot.cases.model import Case, Status
from bot.cases.suppression import REST, Share

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)  # a Friday
SINCE = NOW - timedelta(weeks=4)
BASE = Case(1, 7, -1, "urgent", "abuse", "", NOW - timedelta(days=1))


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def found(cases: list[Case], **more: list[Past]) -> Figures:
    pasts = [Past(case) for case in cases] + more.get("pasts", [])
    still = [past.case for past in pasts if past.case.status is not Status.CLOSED]
    return figures(pasts, still, SINCE, NOW)


def test_only_cases_of_the_time_count_without_drills_and_merged_ones() -> None:
    counted = [replace(BASE, opened_at=SINCE)] * 6
    others = [
        replace(BASE, opened_at=SINCE - minutes(1)), replace(BASE, opened_at=NOW),
        replace(BASE, drill=True), replace(BASE, merged_into=9),
    ]  # fmt: skip
    assert found([*counted, *others * 5]).alerts == 5
    assert found(others * 5).alerts == 0


def test_the_first_time_a_worker_had_it_counts_not_the_last() -> None:
    opened = BASE.opened_at
    case = replace(BASE, claimed_at=opened + minutes(90))
    history = [(opened + minutes(3), "claimed", {}), (opened + minutes(90), "claimed", {})]
    late = [(opened + minutes(6), "claimed", {})]
    given = [Past(case, history)] * 10 + [Past(case, late)] * 10
    assert found([], pasts=given).quick == Share("about", 50)
    assert found([case] * 20).quick == Share("none")


def test_times_to_the_first_answer() -> None:
    cases = [replace(BASE, first_answer_at=BASE.opened_at + minutes(n)) for n in range(1, 21)]
    told = found([*cases, *[BASE] * 5])
    assert (told.p50, told.p90) == (minutes(10), minutes(20))
    assert told.answered == Share("about", 80)
    assert found(cases[:9]).p50 is None


@pytest.mark.parametrize(
    ("span", "told"),
    [(minutes(0), minutes(1)), (minutes(4.6), minutes(5)), (minutes(13), minutes(15)),
     (minutes(95), minutes(120)), (timedelta(hours=70), timedelta(days=3))],
)  # fmt: skip
def test_times_are_told_as_people_do(span: timedelta, told: timedelta) -> None:
    assert percentile([span] * 10, 0.5) == told


def test_false_alarms_are_of_closed_dangers_only() -> None:
    closed = replace(BASE, status=Status.CLOSED, outcome="safe")
    wrong = replace(closed, outcome="false-alarm")
    judged = replace(closed, judged="not-a-danger")
    person = replace(wrong, kind=None, asked_for_person=True)
    told = found([*[closed] * 10, *[wrong] * 5, *[judged] * 5, *[person] * 30, *[BASE] * 30])
    assert told.false_alarms == Share("about", 50)


def test_people_who_came_back_are_counted_once_and_the_unlinked_never() -> None:
    twice = [replace(BASE, chat_id=n) for n in range(1, 11)] * 2
    assert found([*twice, *[replace(BASE, chat_id=0)] * 20]).back == 10


def test_the_lists_put_what_is_rare_together() -> None:
    kinds = ["abuse"] * 12 + ["violence"] * 9 + ["suicide"] * 3 + ["medical"] * 2
    told = found([replace(BASE, kind=kind) for kind in kinds])
    assert told.kinds == (Group("abuse", 10, None), Group("violence", 10, None),
                          Group(REST, 5, None))  # fmt: skip
    assert found([replace(BASE, kind=kind) for kind in kinds[:14]]).kinds == ()


def test_hours_and_days_are_as_fine_as_may_be_shown() -> None:
    monday = datetime(2026, 11, 2, tzinfo=UTC)
    every_hour = [monday + timedelta(hours=n) for n in range(24 * 7)] * 5
    told = found([replace(BASE, opened_at=at) for at in every_hour])
    assert len(told.hours) == 24
    assert [group.label for group in told.days] == list("0123456")
    assert all(group.count == 35 for group in told.hours)
    some = [replace(BASE, opened_at=monday + timedelta(hours=n, days=n % 7)) for n in range(24)]
    told = found(some)
    assert [group.label for group in told.hours] == ["0-6", "6-12", "12-18", "18-24"]
    assert [group.label for group in told.days] == ["0-4", "5-6"]
    assert found(some[:4]).hours == ()


@pytest.mark.parametrize(
    ("at", "inside"),
    [(NOW, True), (NOW.replace(hour=17), False), (NOW.replace(day=28), False),
     (datetime(2026, 7, 1, 8, 0, tzinfo=UTC), True)],  # nine in London
)  # fmt: skip
def test_office_hours_are_londons(at: datetime, inside: bool) -> None:
    assert in_office_hours(at) is inside


@pytest.mark.parametrize(
    ("long", "short", "told"),
    [(0, 3, (None, 0)), (3, 0, (None, None)), (2, 8, (10, REST)), (8, 2, (10, REST)),
     (6, 6, (10, 5)), (0, 0, (0, 0))],
)  # fmt: skip
def test_how_many_are_open_for_long(
    long: int, short: int, told: tuple[int | None, int | str | None]
) -> None:
    old = replace(BASE, opened_at=NOW - timedelta(days=3))
    fresh = replace(BASE, opened_at=NOW - timedelta(hours=3))
    result = found([*[old] * long, *[fresh] * short])
    assert (result.open_now, result.open_long) == told
