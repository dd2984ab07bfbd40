"""What fits comes before what is near, safe before both, and nothing is widened in silence."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from directory.activities import Activities
from directory.lines import parse_lines
from directory.model import (
    Area,
    Confidence,
    Directory,
    Query,
    Results,
    Service,
    Venue,
)
from directory.search import Index, search
from tests.directory.clubs import FRESH, FUN, HERE, NOW, club, find, helpline, ids


def test_fits_before_near(activities: Activities) -> None:
    near = club("near", 0.2, kinds=("find-work", "find-mentor", "find-activities"))
    fits = club("fits", 2.0)
    assert ids(find(activities, [near, fits])) == ["fits", "near"]


def test_nearer_before_further(activities: Activities) -> None:
    assert ids(find(activities, [club("b", 2), club("a", 3), club("c", 1)])) == [
        "c", "b", "a",
    ]  # fmt: skip


def test_own_borough_before_across_the_border(activities: Activities) -> None:
    across = club("across", 0.5, borough="Southwark")
    assert ids(find(activities, [across, club("own", 1.5)])) == ["own", "across"]


def test_what_another_borough_does_for_its_own_is_never_shown(activities: Activities) -> None:
    wide = club("wide", borough="Southwark", venue=Venue.BOROUGH_WIDE, point=None)
    said = club("said", borough="Southwark", access="For people who live in Southwark")
    results = find(activities, [wide, said])
    assert results.matches == ()


def test_age_is_never_widened(activities: Activities) -> None:
    found = club("club", age_min=11, age_max=16)
    assert ids(find(activities, [found], age=16)) == ["club"]
    assert ids(find(activities, [found], age=11)) == ["club"]
    assert ids(find(activities, [found], age=17)) == []


def test_closed_is_never_shown(activities: Activities) -> None:
    assert ids(find(activities, [club("a", closed=True)])) == []


@pytest.mark.parametrize("avoid", ["Southwark", "Peckham, Southwark", "SE15"])
def test_nothing_in_an_avoided_area(activities: Activities, avoid: str) -> None:
    there = club("there", borough="Southwark", address="1 Rye Lane, Peckham",
                    postcode="SE15 4ST")  # fmt: skip
    neutral = helpline("neutral")
    results = find(activities, [there, neutral], avoid=frozenset({avoid}))
    assert ids(results) == ["neutral"]


def test_nothing_within_the_middle_of_an_avoided_area(activities: Activities) -> None:
    index = Index(
        Directory({"a": club("a", 1.0)}), activities, {"Brixton": club("x", 1.1).point}.get
    )
    query = Query(kinds=FUN, area=HERE, avoid=frozenset({"Brixton, Lambeth"}))
    assert index.search(query, NOW).matches == ()


def test_unsure_facts_say_ring_first(activities: Activities) -> None:
    old = club("old", assurance=replace(FRESH, seen="2022", seen_on=date(2022, 1, 1)))
    undated = club("undated", assurance=replace(FRESH, seen="undated", seen_on=None))
    low = club("low", 0.1, assurance=replace(FRESH, confidence=Confidence.LOW))
    results = find(activities, [old, undated, low, club("fresh")])
    assert {m.service.id: m.check_first for m in results.matches} == {
        "fresh": False, "old": True, "undated": True, "low": True,
    }  # fmt: skip
    assert ids(results)[0] == "fresh"
    assert ids(results)[-1] == "low"


def test_a_sure_helpline_needs_no_ring_first(activities: Activities) -> None:
    line = helpline("line", assurance=replace(FRESH, seen="undated", seen_on=None))
    unsure = helpline("unsure", assurance=replace(FRESH, seen="2019", seen_on=date(2019, 1, 1),
                                                confidence=Confidence.MEDIUM))  # fmt: skip
    results = find(activities, [line, unsure])
    assert {m.service.id: m.check_first for m in results.matches} == {
        "line": False, "unsure": True,
    }  # fmt: skip


def test_families_of_activities(activities: Activities) -> None:
    services = [club("box", activities=("boxing",)), club("ball", activities=("football",))]
    sport = find(activities, services, activities=("sport",))
    assert (set(ids(sport)), sport.widened) == ({"box", "ball"}, ())
    boxing = find(activities, services, activities=("boxing",))
    assert ids(boxing) == ["box"]
    judo = find(activities, [club("k", activities=("karate",))], activities=("judo",))
    assert (ids(judo), judo.widened) == (["k"], ("further", "similar"))
    assert "similar: karate" in judo.matches[0].why


def test_a_misspelt_activity_in_free_words(activities: Activities) -> None:
    services = [club("t", activities=("taekwondo",)), club("f", activities=("football",))]
    query = Query(text="taekwando")
    assert ids(find(activities, services, query)) == ["t"]


def test_free_words_find_a_name(activities: Activities) -> None:
    services = [club("a", name="Marcus Lipton Centre"), club("b", name="Oval House")]
    assert ids(find(activities, services, Query(text="markus lipton"))) == ["a"]


def test_widening_is_said(activities: Activities) -> None:
    far = find(activities, [club("far", 9)])
    assert (ids(far), far.widened) == (["far"], ("further",))
    paid = find(activities, [club("paid", free=False, cost="5 a week")], free=True)
    assert (ids(paid), paid.widened[-1]) == (["paid"], "cost")
    assert "not free: 5 a week" in paid.matches[0].why
    sunday = club("sunday", sessions=parse_lines(["Sunday 10:00-12:00"]))
    today = find(activities, [sunday], days=("today",))
    assert (ids(today), today.widened[-1]) == (["sunday"], "other-days")
    mixed = find(activities, [club("mixed")], groups=("girls",))
    assert (ids(mixed), mixed.widened[-1]) == (["mixed"], "groups")
    assert find(activities, [club("near")]).widened == ()


def test_unknown_is_kept_and_said(activities: Activities) -> None:
    results = find(activities, [club("a")], free=True, days=("today",), age=14)
    assert results.widened == ("cost", "times-unknown")
    assert {"cost not known", "times not known", "ages not stated"} <= set(results.matches[0].why)


def test_days_and_part_of_day(activities: Activities) -> None:
    monday = club("monday", 3, sessions=parse_lines(["Monday 18:00-20:00"]))
    morning = club("morning", 1, sessions=parse_lines(["Monday 09:00-10:00"]))
    results = find(activities, [monday, morning], days=("today",), part_of_day="evening")
    assert ids(results) == ["monday"]
    assert results.matches[0].next_session is not None
    assert results.matches[0].next_session.hour == 18


def test_girls_only(activities: Activities) -> None:
    girls, mixed = club("girls", 0.1, groups=("girls",)), club("mixed", 2)
    unknown = find(activities, [girls, mixed])
    assert ids(unknown) == ["mixed", "girls"]
    assert "girls only" in unknown.matches[1].why
    assert ids(find(activities, [girls, mixed], groups=("girls",))) == ["girls"]
    assert ids(find(activities, [girls, mixed], groups=("boys",))) == ["mixed"]


def test_helplines_come_late_for_fun_and_early_for_support(activities: Activities) -> None:
    kinds = ("find-activities", "mental-health")
    place, line = club("place", 3, kinds=kinds), helpline("line", kinds=kinds[::-1])
    assert ids(find(activities, [place, line])) == ["place", "line"]
    assert ids(find(activities, [place, line], kinds=("mental-health",))) == ["line", "place"]


def test_outside_london_only_what_works_there(activities: Activities) -> None:
    away = Area("Manchester", None, None, None, certain=True, outcome="outside-london")
    london = helpline("london")
    london = replace(london, coverage="London")
    results = find(activities, [club("a"), london, helpline("uk")], area=away)
    assert ids(results) == ["uk"]


def test_shown_ones_are_left_out_for_more(activities: Activities) -> None:
    services = [club("a", 1), club("b", 2)]
    assert ids(find(activities, services, exclude=frozenset({"a", "gone"}))) == ["b"]


def test_order_of_files_does_not_matter(activities: Activities) -> None:
    services = [club(f"s{n}", (n % 5) + 1, free=bool(n % 2)) for n in range(40)]
    expected = ids(find(activities, services))
    for seed in range(5):
        random.Random(seed).shuffle(services)
        assert ids(find(activities, services)) == expected


def test_an_empty_directory_and_a_bare_query(activities: Activities) -> None:
    assert search(Directory(), Query(kinds=FUN), NOW).matches == ()
    assert ids(search_all([club("a")])) == ["a"]


def search_all(services: list[Service]) -> Results:
    return search(Directory({one.id: one for one in services}), Query(), NOW)
