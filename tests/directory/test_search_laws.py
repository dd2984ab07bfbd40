"""Laws of the search, on the real directory, for any query."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.directory_files import load_directory
from bot.content.word_files import load_activities, load_areas
from directory.access import read_access
from directory.model import Area, Directory, Query, Results, Service
from directory.places import load_places
from directory.search import Index
from directory.when import asked, surely
from tests.directory.clubs import NOW
from tests.directory.conftest import ROOT

ACTIVITIES = load_activities(ROOT)[0]
PLACES = load_places(ROOT / "directory/postcodes", load_areas(ROOT)[0])
DIRECTORY = load_directory(ROOT)[0]
INDEX = Index(DIRECTORY, ACTIVITIES, PLACES.point_of)
KINDS = tuple(sorted({kind for one in DIRECTORY.services.values() for kind in one.kinds}))
GROUPS = ("girls", "boys", "girl", "boy", "send", "lgbtq", "muslim", "refugees", "care-leavers")
WHERE = ("SW9", "Croydon", "E8 1EA", "HA9 0FJ", "peckham", "SE27", "Manchester", "Ealing", "E14")
WORDS = ("boxing", "the nest", "help with exclusion", "taekwando", "pedro club", "zzz", "food")
STATED = (
    "now", "today", "tonight", "tomorrow", "weekend", "next-week", "half-term", "summer-holidays",
    "bank-holiday", "sun", "12-05", "2026-12-26",
)  # fmt: skip
SAID = frozenset((
    "further", "other-days", "other-times", "cost", "groups", "similar", "times-unknown",
    "steps-unknown",
))  # fmt: skip


def shuffled(seed: int) -> Index:
    """The same services as another order of the files would give them."""
    services = list(DIRECTORY.services.values())
    random.Random(seed).shuffle(services)
    mixed = Directory({one.id: one for one in services}, DIRECTORY.front_doors, DIRECTORY.myends)
    return Index(mixed, ACTIVITIES, PLACES.point_of)


OTHERS = [shuffled(seed) for seed in (1, 2, 3)]

queries = st.builds(
    Query,
    kinds=st.lists(st.sampled_from(KINDS), max_size=2, unique=True).map(tuple),
    activities=st.lists(st.sampled_from(ACTIVITIES.names), max_size=2, unique=True).map(tuple),
    text=st.sampled_from(("", *WORDS)),
    area=st.sampled_from((None, *(PLACES.locate(name) for name in WHERE))),
    age=st.none() | st.integers(5, 30),
    free=st.booleans(),
    days=st.sampled_from(((), (), ("fri", "sat"), *((said,) for said in STATED))),
    part_of_day=st.sampled_from((None, None, "evening", "morning")),
    groups=st.lists(st.sampled_from(GROUPS), max_size=2, unique=True).map(tuple),
    step_free=st.booleans(),
    avoid=st.sampled_from((frozenset(), frozenset({"Brixton, Lambeth"}), frozenset({"Hackney"}))),
    exclude=st.sampled_from((frozenset(), frozenset(sorted(DIRECTORY.services)[::3]))),
    limit=st.integers(1, 12),
)


@settings(max_examples=300, deadline=None)
@given(queries)
def test_the_order_of_the_files_changes_nothing(query: Query) -> None:
    found = INDEX.search(query, NOW)
    for other in OTHERS:
        assert other.search(query, NOW) == found


@settings(max_examples=300, deadline=None)
@given(queries)
def test_no_limit_is_ever_passed_and_every_result_has_its_reasons(query: Query) -> None:
    found = INDEX.search(query, NOW)
    assert len(found.matches) == len({match.service.id for match in found.matches})
    assert len(found.matches) <= min(query.limit, found.total)
    assert set(found.widened) <= SAID
    for match in found.matches:
        service = match.service
        assert match.why
        assert not service.closed
        assert service.id not in query.exclude
        assert service.borough not in query.avoid
        assert of_age(service, query), (service.id, query.age)
        if query.step_free:
            assert read_access(service.access).step_free is not False


def of_age(service: Service, query: Query) -> bool:
    """Whether somebody may come, as the entry says it."""
    if query.age is None:
        return True
    older = [age for group, age in read_access(service.access).up_to if group in query.groups]
    oldest = max([service.age_max if service.age_max is not None else 127, *older])
    return (service.age_min or 0) <= query.age <= oldest


@settings(max_examples=300, deadline=None)
@given(queries)
def test_nothing_that_was_asked_for_is_given_up_in_silence(query: Query) -> None:
    found = INDEX.search(query, NOW)
    shown = [match.service for match in found.matches]
    if not shown:
        return
    if query.free and "cost" not in found.widened:
        assert any(service.free for service in shown)
    if query.step_free and "steps-unknown" not in found.widened:
        assert any(read_access(service.access).step_free for service in shown)
    if query.days or query.part_of_day:
        keeps_the_time(query, found)
    groups = [group for group in query.groups if group not in ("girl", "boy")]
    if groups and "groups" not in found.widened:
        assert any(
            all(INDEX.welcoming(group)[INDEX.row_of[one.id]] for group in groups) for one in shown
        )
    fun = not query.kinds or query.kinds[0] == "find-activities"
    if query.activities and fun and "similar" not in found.widened:
        wanted = ACTIVITIES.narrowest(query.activities)
        for match in found.matches:
            doing = match.service.activities
            assert match.called or any(ACTIVITIES.is_a(a, w) for a in doing for w in wanted)


def keeps_the_time(query: Query, found: Results) -> None:
    """Hold that a stated time is kept, or that it is said that it was not."""
    wanted = asked(query.days, query.part_of_day, NOW)
    answers = [surely(match.service, wanted, NOW, query.age) for match in found.matches]
    if "other-times" in found.widened or "other-days" in found.widened:
        assert ("other-times" in found.widened) is ("now" in query.days)
        return
    assert False not in answers
    assert (True in answers) is not ("times-unknown" in found.widened)


def area_of(service: Service) -> Area | None:
    """Where a service is, as somebody next door would type it."""
    named = service.point_from if service.point_from not in (None, "postcode") else None
    return PLACES.locate(service.postcode or named or service.borough or "SW9")


def pages(query: Query, most: int) -> Results:
    """What tapping "more" shows, page after page."""
    seen: list = []
    for _ in range(most):
        page = INDEX.search(
            Query(**{**fields(query), "exclude": frozenset(m.service.id for m in seen)}), NOW
        )
        if not page.matches:
            break
        seen += page.matches
    return Results(tuple(seen), len(seen))


def fields(query: Query) -> dict[str, object]:
    return {name: getattr(query, name) for name in query.__dataclass_fields__}


SHOWN = sorted(one.id for one in DIRECTORY.services.values() if not one.closed)


@pytest.mark.parametrize("key", SHOWN)
def test_every_service_is_found_by_its_name(key: str) -> None:
    service = DIRECTORY.services[key]
    for kinds in ((), service.kinds[:1]):
        query = Query(kinds=kinds, text=service.name, area=area_of(service), limit=10)
        found = [match.service.id for match in INDEX.search(query, NOW).matches]
        # Four clubs are called "Premier League Kicks".
        assert key in found[:3], (kinds, found[:5])


@pytest.mark.parametrize("key", SHOWN)
def test_every_service_is_found_by_its_kind_at_its_place(key: str) -> None:
    service = DIRECTORY.services[key]
    query = Query(kinds=service.kinds[:1], area=area_of(service), limit=10)
    near = [match.service.id for match in INDEX.search(query, NOW).matches]
    if key in near:
        return
    query = Query(kinds=service.kinds[:1], area=area_of(service), limit=3)
    assert key in [match.service.id for match in pages(query, 60).matches]


def test_more_ends_and_shows_nothing_twice() -> None:
    found = pages(Query(kinds=("find-activities",), area=PLACES.locate("SW9")), 200)
    shown = [match.service.id for match in found.matches]
    assert len(shown) == len(set(shown)) > 100
