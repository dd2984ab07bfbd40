"""What decides before any score: open to them, on when they asked, and near when looking far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from directory.activities import Activities
from directory.hours import LONDON
from directory.lines import parse_lines
from directory.model import (
    Area,
    Assurance,
    Confidence,
    Contact,
    Directory,
    Point,
    Query,
    Results,
    Service,
    Venue,
)
from directory.places import Places
from directory.search import Index
from directory.when import asked, surely

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)  # a Monday in term, 19:00 in London
HERE = Area("Here, Lambeth", "Lambeth", "SW9 7", Point(51.47, -0.11), certain=True, served=True)
FRESH = Assurance(("https://x.org",), "2026-10", date(2026, 10, 1), Confidence.HIGH)
OLD = replace(FRESH, seen="2022", seen_on=date(2022, 1, 1), confidence=Confidence.MEDIUM)


def service(key: str, km: float = 1.0, /, **changes: object) -> Service:
    """A service in Southwark, so many kilometres north of HERE."""
    base = Service(
        id=key, name=key, organisation=key, what="A club.", kinds=("find-activities",),
        activities=(), tags=(), borough="Southwark", coverage="Southwark", venue=Venue.PLACE,
        contact=Contact(), assurance=FRESH, point=Point(51.47 + km / 111.2, -0.11),
        point_from="postcode",
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.fixture
def find(activities: Activities) -> Callable[..., Results]:
    def finding(services: list[Service], **changes: object) -> Results:
        query = Query(kinds=("find-activities",), area=HERE, limit=10)
        wanted = replace(query, **changes)  # type: ignore[arg-type]
        index = Index(Directory({one.id: one for one in services}), activities)
        return index.search(wanted, NOW)

    return finding


def ids(results: Results) -> list[str]:
    return [match.service.id for match in results.matches]


def test_looking_further_goes_by_distance(find: Callable[..., Results]) -> None:
    far = service("far", 11.7, borough="Lambeth", free=True, age_min=11, age_max=19)
    results = find([far, service("near", 7.5, assurance=OLD)], age=15)
    assert (ids(results), results.widened) == (["near", "far"], ("further",))


def test_looking_further_the_fresher_of_two_at_one_distance(find: Callable[..., Results]) -> None:
    results = find([service("old", 7.2, assurance=OLD), service("fresh", 7.8)])
    assert ids(results) == ["fresh", "old"]


@pytest.mark.parametrize("group", ["girls", "muslim", "send"])
def test_what_is_open_to_all_comes_first(find: Callable[..., Results], group: str) -> None:
    only = service("only", 0.1, borough="Lambeth", groups=(group,), free=True)
    unsure = replace(FRESH, confidence=Confidence.LOW)
    assert ids(find([only, service("open", 4.5, assurance=unsure)])) == ["open", "only"]


def test_who_they_are_hides_the_opposite_and_asks_for_no_more(
    find: Callable[..., Results],
) -> None:
    services = [service("girls", 0.1, groups=("girls",)), service("mixed", 2)]
    boy, girl = find(services, groups=("boy",)), find(services, groups=("girl",))
    assert (ids(boy), boy.widened) == (["mixed"], ())
    assert (ids(girl), girl.widened) == (["girls", "mixed"], ())
    only = find(services[:1], groups=("boy",))
    assert only.matches == ()


def test_a_mother_hit_by_her_son_still_finds_help_for_women(find: Callable[..., Results]) -> None:
    line = service("line", groups=("women",), kinds=("domestic-abuse",), venue=Venue.ONLINE,
                   borough=None, point=None)  # fmt: skip
    assert ids(find([line], kinds=("domestic-abuse",), groups=("boy",))) == ["line"]


def test_no_place_only_for_that_group_anywhere(find: Callable[..., Results]) -> None:
    results = find([service("mixed", 2)], groups=("boys",))
    assert (ids(results), results.widened) == (["mixed"], ("groups",))


def test_sport_beside_boxing_is_boxing(find: Callable[..., Results]) -> None:
    services = [service("ball", 0.1, activities=("football",)), service("box", 3,
                activities=("boxing",))]  # fmt: skip
    assert ids(find(services, activities=("sport", "boxing"))) == ["box"]


def test_similar_is_said_for_each_that_has_not_what_was_asked(
    find: Callable[..., Results],
) -> None:
    stage = service("stage", activities=("theatre",), kinds=("find-mentor",))
    results = find([stage], kinds=("find-mentor",), activities=("gym",))
    assert (ids(results), results.widened) == (["stage"], ("similar",))
    assert find([replace(stage, activities=("gym",))], kinds=("find-mentor",),
                activities=("fitness",)).widened == ()  # fmt: skip


def test_today_what_surely_runs_comes_first(find: Callable[..., Results]) -> None:
    on = service("on", 4, sessions=parse_lines(["Monday 19:30-21:00"]), assurance=OLD)
    unknown = service("unknown", 0.1, borough="Lambeth", free=True)
    over = service("over", 0.1, sessions=parse_lines(["Monday 16:00-18:00"]))
    results = find([on, unknown, over], days=("today",))
    assert (ids(results), results.widened) == (["on", "unknown"], ())
    none = find([unknown, over], days=("today",))
    assert (ids(none), none.widened) == (["unknown"], ("times-unknown",))
    assert find([over], days=("today",)).widened[-1] == "other-days"
    assert ids(find([over], days=("mon",))) == ["over"]


@pytest.mark.parametrize(
    ("line", "days", "hours", "runs"),
    [
        ("Monday 18:00-20:00", ("today",), (16, 24), True),
        ("Monday 18:00-19:00", ("today",), (16, 24), False),  # just over
        ("Tuesday 18:00-19:00", ("tomorrow",), (0, 24), True),
        ("Tuesday 15:30-18:30", ("tomorrow",), (16, 24), True),  # most of it
        ("Tuesday 14:00-16:30", ("tomorrow",), (16, 24), False),
        ("Tuesday 18:00-19:00", ("weekend",), (0, 24), False),
        ("Friday 18:00-19:00", ("weekday",), (0, 24), True),
        ("Sunday 18:00-19:00", (), (0, 24), True),
        ("After school", ("today",), (0, 24), None),
    ],
)
def test_surely(
    line: str, days: tuple[str, ...], hours: tuple[int, int], runs: bool | None
) -> None:
    now = NOW.astimezone(LONDON)
    club = service("club", sessions=parse_lines([line]))
    wanted = replace(asked(days, None, now), begin=hours[0] * 60, end=hours[1] * 60)
    assert surely(club, wanted, now) is runs


def test_a_bank_holiday_and_a_doubtful_week_of_term() -> None:
    club = service("club", sessions=parse_lines(["Monday 18:00-19:00 (term time)"]))
    for month, day, runs in ((11, 23, True), (10, 26, None), (8, 31, False), (8, 10, False)):
        now = datetime(2026, month, day, 9, tzinfo=LONDON)
        assert surely(club, asked(("today",), None, now), now) is runs


def test_the_real_directory_for_a_boy_in_brixton(index: Index, places: Places) -> None:
    query = Query(kinds=("find-activities",), activities=("football",), age=15, groups=("boy",),
                  area=places.locate("SW9"), limit=50)  # fmt: skip
    found = index.search(query, NOW).matches
    assert found
    assert not any("girls" in match.service.groups for match in found)
    boxing = replace(query, activities=("boxing",), area=places.locate("brixton"))
    away = [match.distance_m or 0 for match in index.search(boxing, NOW).matches]
    assert [metres // 1000 for metres in away] == sorted(metres // 1000 for metres in away)
