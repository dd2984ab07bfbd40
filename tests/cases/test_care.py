"""After which cases a worker is asked, and at what hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.cases.care import ask_again_at, by_day, heavy
from bot.cases.model import Case, Status, Worker

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SAM = Worker(9001, "Sam")


def closed(hours: float = 0.5, **values: object) -> Case:
    given = {"chat_id": 7, "group_id": -1, "urgency": "urgent", "kind": "violence", "reason": "",
             "worker": SAM, "outcome": "safe"}  # fmt: skip
    return Case(id=1, opened_at=NOW, status=Status.CLOSED, claimed_at=NOW,
                closed_at=NOW + timedelta(hours=hours), **{**given, **values})  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "is_heavy"),
    [
        (closed(), False),
        (closed(urgency="emergency"), True),
        (closed(priority="emergency"), True),
        (closed(kind="suicide"), True),
        (closed(kind="sexual-violence"), True),
        (closed(kind="suicide", outcome="false-alarm"), False),
        (closed(hours=2), True),
        (closed(hours=2, outcome="false-alarm"), True),
        (closed(urgency="emergency", drill=True), False),
        (closed(urgency="emergency", merged_into=2), False),
        (closed(urgency="emergency", worker=None), False),
        (closed(urgency="concern", asked_for_person=True, kind=None), False),
    ],
)
def test_which_cases_are_heavy(case: Case, is_heavy: bool) -> None:
    assert heavy(case) is is_heavy


def test_nobody_is_asked_in_the_night() -> None:
    assert by_day(NOW) == NOW
    morning = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert by_day(NOW.replace(hour=21)) == morning
    assert by_day(NOW.replace(day=24, hour=3)) == morning
    summer = datetime(2026, 7, 1, 7, 30, tzinfo=UTC)  # half past eight in London
    assert by_day(summer) == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def test_a_bad_moment_puts_it_off_and_a_day_between_is_kept() -> None:
    assert ask_again_at(None, NOW, False, NOW) == NOW
    assert ask_again_at(None, NOW, True, NOW) == NOW + timedelta(minutes=30)
    assert ask_again_at(NOW - timedelta(hours=23), NOW, False, NOW) is None
    assert ask_again_at(NOW - timedelta(hours=24), NOW, False, NOW) == NOW
    assert ask_again_at(None, NOW - timedelta(hours=37), False, NOW) is None
