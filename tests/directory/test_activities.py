"""The words people type for what they want to do, and what is a kind of what."""

from __future__ import annotations

import pytest

from directory.activities import Activities, make_activities


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Boxercise", "boxing"), ("footy", "football"), ("ping-pong", "table-tennis"),
        ("Street Dance", "street-dance"), ("ps5", "gaming"), ("studio", "music-production"),
        ("table-tennis", "table-tennis"), ("quidditch", None),
    ],
)  # fmt: skip
def test_canonical(activities: Activities, typed: str, name: str | None) -> None:
    assert activities.canonical(typed) == name


def test_families(activities: Activities) -> None:
    assert activities.family("boxing") == ("combat-sport", "sport")
    assert activities.is_a("taekwondo", "sport")
    assert not activities.is_a("sport", "taekwondo")
    assert activities.family("quidditch") == ()


def test_the_narrowest_is_meant(activities: Activities) -> None:
    assert activities.narrowest(("sport", "boxing", "music")) == ("boxing", "music")
    assert activities.narrowest(("sport", "arts")) == ("sport", "arts")


def test_there_are_enough(activities: Activities) -> None:
    assert len(activities.names) >= 100


def test_a_circle_of_families_ends() -> None:
    assert make_activities([("a", "b", []), ("b", "a", [])]).family("a") == ("b", "a")
