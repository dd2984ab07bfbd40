"""What must be checked again: the same as `check` calls past its date, oldest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from directory.freshness import CHECK_AFTER, is_stale
from directory.model import Assurance, Confidence, Directory, FrontDoor, Venue
from directory.stale import LONDON, NATION, is_past, places_of, to_check
from tests.conversation.small_world import service

TODAY = date(2026, 11, 27)


def seen(when: date | None, confidence: Confidence = Confidence.MEDIUM) -> Assurance:
    return Assurance(("https://example.org",), str(when or "undated"), when, confidence)


def made(*services: object, doors: tuple[FrontDoor, ...] = ()) -> Directory:
    return Directory({s.id: s for s in services}, {d.borough: d for d in doors})  # type: ignore[attr-defined]


def aged(name: str, days: int | None, **values: object) -> object:
    when = None if days is None else TODAY - timedelta(days=days)
    return service(name, assurance=seen(when), **values)


@pytest.mark.parametrize("days", [0, CHECK_AFTER.days, CHECK_AFTER.days + 1, 2000, None])
def test_it_is_past_exactly_when_it_is_shown_as_unsure(days: int | None) -> None:
    one = aged("club", days)
    found = to_check(made(one), TODAY)
    assert bool(found) == is_stale(one.assurance.seen_on, TODAY)  # type: ignore[attr-defined]
    assert all(is_past(due, TODAY) for due in found)


def test_what_is_due_soon_is_listed_when_asked_for() -> None:
    directory = made(aged("soon", CHECK_AFTER.days - 10), aged("later", CHECK_AFTER.days - 40))
    assert to_check(directory, TODAY) == []
    (soon,) = to_check(directory, TODAY, 30)
    assert soon.id == "soon"
    assert not is_past(soon, TODAY)


def test_by_borough_the_front_door_first_then_undated_then_the_oldest() -> None:
    door = FrontDoor("Lambeth", "MASH", "020 7946 0001", "020 7946 0001", None, None, seen(None))
    directory = made(
        aged("national", 900, borough=None, coverage="UK"),
        aged("london", 900, borough=None, coverage="London"),
        aged("older", 900), aged("undated", None), aged("oldest", 2000), aged("fresh", 3),
        aged("closed", None, closed=True), aged("brent", 600, borough="Brent"),
        doors=(door,),
    )  # fmt: skip
    found = to_check(directory, TODAY)
    assert [(one.place, one.id) for one in found] == [
        ("Brent", "brent"), ("Lambeth", ""), ("Lambeth", "undated"), ("Lambeth", "oldest"),
        ("Lambeth", "older"), (LONDON, "london"), (NATION, "national"),
    ]  # fmt: skip
    assert list(places_of(found)) == ["Brent", "Lambeth", LONDON, NATION]
    assert found[1].contact.phone == "020 7946 0001"


def test_a_helpline_of_high_confidence_is_listed_as_still_sure() -> None:
    line = service("line", borough=None, coverage="UK", venue=Venue.ONLINE,
                   assurance=seen(None, Confidence.HIGH))  # fmt: skip
    unsure = replace(line, id="unsure", assurance=seen(None))
    assert [(one.id, one.still_sure) for one in to_check(made(line, unsure), TODAY)] == [
        ("line", True), ("unsure", False),
    ]  # fmt: skip
