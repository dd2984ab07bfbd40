"""What young people are told of hours, in the chat and in print."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

from bot.cases.plan import DeskPlan, Member, Opening
from bot.conversation.danger import hours_text, told_text
from tests.conversation.small_world import small_world

FRIDAY, SATURDAY = datetime(2026, 11, 27, 12, tzinfo=UTC), datetime(2026, 11, 28, 12, tzinfo=UTC)
SUMMER = datetime(2026, 7, 3, 16, 30, tzinfo=UTC)  # 17:30 in London
CHRISTMAS = datetime(2026, 12, 25, 12, tzinfo=UTC)
HOURS = (Opening(frozenset(range(5)), time(10), time(18)),)


def test_hours_have_one_source() -> None:
    world = replace(small_world(), staff_hours="weekdays 10:00 to 18:00")
    assert "weekdays" in hours_text(None, world, FRIDAY)
    plan = DeskPlan(members=(Member(1, "Ali", on_call=True),), hours=HOURS)
    planned = replace(world, plan=lambda: plan)
    assert "usually there until" in hours_text("Lambeth", planned, FRIDAY)
    assert "on call" not in told_text("Lambeth", planned, FRIDAY)
    out = told_text("Lambeth", planned, SATURDAY)
    assert "before Monday 10:00" in out
    assert "person on call" in out
    nobody = replace(world, plan=lambda: DeskPlan(hours=HOURS))
    assert "person on call" not in told_text("Lambeth", nobody, SATURDAY)
    elsewhere = (replace(HOURS[0], boroughs=frozenset({"Brent"})),)
    other = replace(world, plan=lambda: DeskPlan(hours=elsewhere))
    assert hours_text("Lambeth", other, FRIDAY) == ""
