"""Which group takes a case."""

from __future__ import annotations

import pytest

from bot.cases.plan import StaffGroup
from bot.cases.routing import route, takes

SOUTH = StaffGroup("South", -1, boroughs=frozenset({"Lambeth", "Southwark"}))
HURT = StaffGroup("Harm", -2, kinds=frozenset({"suicide", "self-harm"}))
SOUTH_HURT = StaffGroup("South harm", -4, SOUTH.boroughs, HURT.kinds)
REST = StaffGroup("Rest", -3)
GROUPS = (SOUTH, HURT, REST)


@pytest.mark.parametrize(
    ("borough", "kind", "shut", "name"),
    [
        ("Lambeth", "violence", (), "South"),
        ("Lambeth", "suicide", (), "South"),  # the plan's order decides
        ("Hackney", "suicide", (), "Harm"),
        ("Hackney", "violence", (), "Rest"),
        (None, None, (), "Rest"),  # what is not known yet
        (None, "suicide", (), "Harm"),
        ("Lambeth", "suicide", (-1,), "Harm"),
        ("Lambeth", "violence", (-1,), "Rest"),
        ("Hackney", "violence", (-3,), "Harm"),  # the wrong group rather than none
        ("Hackney", "violence", (-3, -2), "South"),
        ("Lambeth", None, (-1, -2, -3), None),
    ],
)
def test_the_first_that_fits_and_can_be_reached(
    borough: str | None, kind: str | None, shut: tuple[int, ...], name: str | None
) -> None:
    found = route(GROUPS, borough, kind, shut)
    assert (found.name if found else None) == name


def test_a_group_with_both_takes_only_what_fits_both() -> None:
    assert takes(SOUTH_HURT, "Lambeth", "suicide")
    assert not takes(SOUTH_HURT, "Lambeth", "violence")
    assert not takes(SOUTH_HURT, "Hackney", "suicide")


def test_a_plan_whose_last_group_is_narrow_takes_all_the_same() -> None:
    assert route((HURT, SOUTH), "Hackney", None) == SOUTH
    assert route((), "Hackney", None) is None
