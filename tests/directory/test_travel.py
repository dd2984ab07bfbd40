"""Distances are straight lines and are called so; a walk is only ever "about"."""

from __future__ import annotations

from dataclasses import replace

import pytest

from directory.activities import Activities
from directory.model import Directory, Query
from directory.places import Places
from directory.search import Index
from directory.travel import walk_minutes
from tests.directory.clubs import HERE, NOW, club, find, ids, why


@pytest.mark.parametrize(
    ("metres", "minutes"),
    [(0, 5), (300, 5), (320, 10), (1_000, 20), (2_500, 45), (2_501, None), (None, None)],
)
def test_a_walk_is_rounded_up(metres: float | None, minutes: int | None) -> None:
    assert walk_minutes(metres) == minutes


def test_how_far_is_said_as_it_is_known(activities: Activities) -> None:
    exact = club("exact", 1.0)
    area = club("area", 1.0, point_from="Brixton")
    far, nowhere = club("far", 4.0), club("nowhere", point=None, point_from=None)
    found = find(activities, [exact, area, far, nowhere])
    assert why(found, "exact")[1:3] == (
        "1.0 km away in a straight line",
        "about 20 minutes on foot",
    )
    assert "about 1.0 km away in a straight line, to Brixton" in why(found, "area")
    assert not any("on foot" in reason for reason in why(found, "area") + why(found, "far"))
    assert not any("km" in reason for reason in why(found, "nowhere"))


@pytest.mark.parametrize("sector", ["SW9", None])
def test_from_a_wide_area_no_walk_is_promised(activities: Activities, sector: str | None) -> None:
    found = find(activities, [club("a")], area=replace(HERE, sector=sector))
    assert found.matches[0].walk_min is None
    assert find(activities, [club("a")]).matches[0].walk_min == 20


def test_nobody_but_the_straight_line_and_about_speaks_of_distance(
    index: Index, places: Places
) -> None:
    for place in ("SW9", "Croydon", "E8 1EA"):
        for match in index.search(Query(area=places.locate(place), limit=400), NOW).matches:
            for reason in match.why:
                if "km" in reason:
                    assert "straight line" in reason
                if "on foot" in reason:
                    assert reason.startswith("about ")


def test_a_place_without_a_postcode_is_ranked_from_its_named_place(
    activities: Activities, index: Index, places: Places, directory: Directory
) -> None:
    near = club("near", 2.0, point_from="Kennington", postcode=None)
    assert ids(find(activities, [club("further", 3.0), near, club("nearer", 1.0)])) == [
        "nearer", "near", "further",
    ]  # fmt: skip
    named = [one for one in directory.services.values()
             if one.point_from not in (None, "postcode") and not one.closed]  # fmt: skip
    assert len(named) > 30
    for service in named:
        area = places.locate(service.borough or "SW9")
        query = Query(kinds=service.kinds, typed=service.name, area=area, groups=service.groups)
        here = places.locate(service.point_from or "")
        assert here.point is not None, service.id
        match = index.one(service.id, Query(area=here), NOW)
        assert match is not None
        assert match.distance_m is not None
        assert match.distance_m < 100, service.id  # from where it stands
        assert f"in a straight line, to {service.point_from}" in " ".join(match.why)
        assert query.area is not None
