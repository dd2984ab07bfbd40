from __future__ import annotations

import pytest

from intents.model import Details
from intents.understand import Understander


def details(understander: Understander, text: str) -> Details:
    return understander.understand(text).details


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("im 14", 14),
        ("I'm 15 and bored", 15),
        ("boxing for my 9 year old son", 9),
        ("14yo girl here", 14),
        ("shes 12 and loves dance", 12),
        ("my brother is 10", 10),
        ("16f", 16),
        ("im in y10", 14),
        ("something for year 7s", 11),
        ("aged 17", 17),
    ],
)
def test_finds_the_age(understander: Understander, text: str, age: int) -> None:
    found = details(understander, text).age
    assert found is not None
    assert found.value == age


@pytest.mark.parametrize(
    "text",
    ["im 5 minutes away", "open at 7?", "im 2 weeks late", "se15", "20 quid", "hes 6 months"],
)
def test_other_numbers_are_no_age(understander: Understander, text: str) -> None:
    assert details(understander, text).age is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("boxing near SW9 7AB", "sw9 7ab"),
        ("im in se15", "se15"),
        ("football in peckham pls", "peckham"),
        ("clubs round tulse hill", "tulse hill"),
        ("sw97ab", "sw97ab"),
        ("live in tower hamlets", "tower hamlets"),
    ],
)
def test_finds_the_place(understander: Understander, text: str, place: str) -> None:
    found = details(understander, text).place
    assert found is not None
    assert found.value == place


def test_no_place_where_none_is_named(understander: Understander) -> None:
    assert details(understander, "im 14 and bored, any boxing?").place is None


@pytest.mark.parametrize(
    ("text", "days", "part"),
    [
        ("anything on tn", ("today",), "evening"),
        ("football on saturday morning", ("sat",), "morning"),
        ("what about the weekend", ("weekend",), None),
        ("club after school on a fri", ("weekday", "fri"), "afternoon"),
        ("half term stuff", ("half-term",), None),
    ],
)
def test_finds_days(
    understander: Understander, text: str, days: tuple[str, ...], part: str | None
) -> None:
    found = details(understander, text)
    assert tuple(day.value for day in found.days) == days
    assert (found.part_of_day.value if found.part_of_day else None) == part


def test_finds_activity_cost_group_and_for_whom(understander: Understander) -> None:
    found = details(understander, "free girls only footy for my little sister, 5 a side")
    assert [a.value for a in found.activities] == ["football"]
    assert found.free
    assert found.group == ("girls",)
    assert found.for_other is not None
    assert found.for_other.value == "sister"


@pytest.mark.parametrize(
    "text",
    [
        "boxing for my brother, hes in a wheelchair", "any gym that's step-free?",
        "i cant do stairs, any youth club", "is there a lift at the youth club",
        "football but im on crutches",
    ],
)  # fmt: skip
def test_steps(understander: Understander, text: str) -> None:
    assert details(understander, text).step_free
    assert "send" not in details(understander, text).group


@pytest.mark.parametrize("text", ["step dance", "free boxing", "next steps after college"])
def test_no_steps_are_meant(understander: Understander, text: str) -> None:
    assert not details(understander, text).step_free


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("any muslim girls club in e1", "muslim"), ("football for refugees", "refugees"),
        ("groups for young dads", "young-parents"), ("im a teen mum any groups", "young-parents"),
    ],
)  # fmt: skip
def test_groups_of_faith_and_life(understander: Understander, text: str, group: str) -> None:
    assert group in details(understander, text).group
