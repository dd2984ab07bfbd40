"""Coverage counts what a search finds, and names what is missing or only unsure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.conversation.world import SERVED, SUPPORT_INTENTS
from directory.activities import make_activities
from directory.coverage import BANDS, Gap, coverage, families, gaps, only_wide, spoken_ages
from directory.model import Confidence, Directory, Query, Service
from directory.places import Places
from directory.search import Index
from tests.conversation.small_world import SURE, helpline, service

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
NEEDS = sorted(SUPPORT_INTENTS)


def counted(*services: Service, need: str = "eating") -> list[tuple[str, int, int, int]]:
    cells = coverage(services, [need], ["Lambeth"], TODAY)
    return [(cell.band, cell.own, cell.wide, cell.sure) for cell in cells]


def test_own_and_wide_services_are_counted_for_each_band_of_ages() -> None:
    found = counted(
        service("young", kinds=("eating",), age_max=17),
        service("old", kinds=("eating",), age_min=18),
        service("elsewhere", kinds=("eating",), borough="Brent"),
        service("other-need", kinds=("housing",)),
        helpline("line", "eating", phone="116 123"),
    )
    assert found == [("under 18", 1, 1, 2), ("18 to 25", 1, 1, 2)]


def test_what_is_closed_or_for_a_group_alone_does_not_count() -> None:
    club = service("club", kinds=("eating", "lgbtq"))
    assert counted(replace(club, closed=True)) == [("under 18", 0, 0, 0), ("18 to 25", 0, 0, 0)]
    group = replace(club, groups=("lgbtq",))
    assert counted(group) == [("under 18", 0, 0, 0), ("18 to 25", 0, 0, 0)]
    assert counted(group, need="lgbtq") == [("under 18", 1, 0, 1), ("18 to 25", 1, 0, 1)]


def test_gaps_name_the_ages_and_put_the_same_ones_together() -> None:
    unsure = replace(SURE, confidence=Confidence.LOW)
    services = [
        service("young", kinds=("eating",), age_min=14, age_max=17, borough=None),
        service("shaky", kinds=("eating",), age_min=18, borough="Brent", assurance=unsure),
        service("old", kinds=("eating",), age_min=18, borough="Lambeth"),
    ]
    found = gaps(coverage(services, ["eating"], ["Brent", "Lambeth"], TODAY))
    assert found == [
        Gap("eating", (11, 12, 13), ("Brent", "Lambeth"), missing=True),
        Gap("eating", tuple(BANDS["18 to 25"]), ("Brent",), missing=False),
    ]


def test_needs_without_a_service_of_the_borough_are_named() -> None:
    cells = coverage(
        [service("a", kinds=("eating",)), helpline("b", "housing", phone="116 123")],
        ["eating", "housing"], ["Lambeth", "Brent"], TODAY,
    )  # fmt: skip
    assert only_wide(cells) == {"Lambeth": ["housing"], "Brent": ["eating", "housing"]}


def test_activities_are_counted_once_a_family() -> None:
    names = make_activities([("sport", None, ()), ("boxing", "sport", ()), ("judo", "sport", ())])
    both = service("both", activities=("boxing", "judo"))
    assert families([both, replace(both, id="x", borough=None)], names, ["Lambeth", "Brent"]) == {
        "sport": {"Lambeth": 1, "Brent": 0}
    }


@pytest.mark.parametrize(
    ("ages", "spoken"),
    [((11,), "11"), ((11, 12, 13), "11 to 13"), ((11, 13, 14), "11, 13 to 14"), ((), "")],
)
def test_ages_as_people_write_them(ages: tuple[int, ...], spoken: str) -> None:
    assert spoken_ages(ages) == spoken


@pytest.mark.parametrize("need", NEEDS)
def test_what_counts_as_covered_is_what_a_search_finds(
    index: Index, places: Places, directory: Directory, need: str
) -> None:
    cells = coverage(directory.services.values(), [need], SERVED, TODAY)
    for cell in cells:
        area = places.locate(cell.borough)
        for age in BANDS[cell.band]:
            query = Query(kinds=(need,), area=area, age=age, limit=1)
            matches = index.search(query, NOW).matches
            first = matches[0] if matches else None
            answered = first is not None and (age not in cell.unsure or first.check_first)
            assert answered == (age not in cell.without), (cell.borough, age)


def test_every_need_has_an_answer_in_every_borough_for_the_young_and_the_older(
    directory: Directory,
) -> None:
    cells = coverage(directory.services.values(), NEEDS, SERVED, TODAY)
    assert len(cells) == len(NEEDS) * 8 * 2
    assert [cell for cell in cells if not cell.total] == []
