"""Clubs are found by their names, as people remember and type them."""

from __future__ import annotations

import pytest

from directory.activities import Activities
from directory.model import Query
from directory.search import Index
from tests.directory.clubs import HERE, NOW, club, find, helpline, ids, index_of, why

HUT = club("hut", 3, name="The Blue Hut")


@pytest.mark.parametrize(
    "typed", ["the blue hut", "blue hut", "is the blue hut open tonight", "Blue  Hutt!", "bluehut"]
)
def test_the_blue_hut(activities: Activities, typed: str) -> None:
    others = [club("a", 0.1, name="Ocean Club"), club("b", 0.2, name="Blue Ocean Waves")]
    for kinds in ((), ("find-activities",)):
        found = find(activities, [*others, HUT], kinds=kinds, text=typed)
        assert ids(found)[0] == "hut"
        assert why(found, "hut")[0] == "called by its name"
        assert found.matches[0].called


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("marcus lipton", "lambeth-ml-community-marcus-lipton"),
        ("markus lipton centre", "lambeth-ml-community-marcus-lipton"),
        ("pedro club", "hackney-pedro-club"),
        ("osmani", "tower-hamlets-osmani-youth-space"),
        ("kinetika", "lambeth-kinetika-bloco"), ("the nest", "southwark-the-nest"),
        ("fight for peace", "newham-fight-for-peace"), ("child line", "childline"),
        ("samaritens", "samaritans"), ("off the record", "croydon-off-the-record"),
        ("repton boxing", "tower-hamlets-repton-boxing"), ("sufra", "brent-sufra"),
        ("is spotlight open on friday", "tower-hamlets-spotlight"),
        ("stratford youth zone", "newham-stratford-youth-zone"),
        ("damilola taylor", "southwark-damilola-taylor-centre"),
    ],
)  # fmt: skip
def test_the_names_of_real_clubs(index: Index, typed: str, key: str) -> None:
    called = index.called(typed)
    assert called is not None
    assert called[index.row_of[key]] > 0


@pytest.mark.parametrize(
    "typed",
    [
        "youth club", "boxing in brixton", "girls football", "music studio", "somewhere to go",
        "young people", "free food", "drama club", "brixton youth club", "i feel on edge",
        "places to go", "i want to fight", "newham council", "job", "mentoring", "climbing wall",
        "hackney", "youth council in newham", "",
    ],
)  # fmt: skip
def test_an_activity_a_place_and_common_words_call_nobody(index: Index, typed: str) -> None:
    assert index.called(typed) is None


def test_a_club_that_is_called_is_shown_however_far_it_is(activities: Activities) -> None:
    far = club("far", 14, name="Zebra Boxing", borough="Brent", activities=("boxing",))
    near = club("near", 0.5, name="Boxing", activities=("boxing",))
    found = find(activities, [near, far], activities=("boxing",), text="zebra boxing")
    assert (ids(found)[0], found.widened) == ("far", ())
    assert ids(find(activities, [near, far], activities=("boxing",), text="boxing")) == ["near"]


def test_a_name_opens_no_door_that_is_closed_to_them(activities: Activities) -> None:
    young = club("hut", name="The Blue Hut", age_min=8, age_max=12)
    assert ids(find(activities, [young], text="the blue hut", age=17)) == []
    avoided = frozenset({"Lambeth"})
    assert ids(find(activities, [HUT], text="the blue hut", avoid=avoided)) == []


def test_a_worry_is_answered_by_who_helps_and_not_by_part_of_a_name(
    activities: Activities,
) -> None:
    kinds = ("domestic-abuse",)
    named = helpline("named", name="National Domestic Abuse Helpline", kinds=("housing", *kinds))
    other = helpline("other", name="Somebody Else", kinds=kinds)
    found = find(activities, [named, other], kinds=kinds, text="is this domestic abuse")
    assert not any(match.called for match in found.matches)
    whole = find(activities, [named, other], kinds=kinds, text="national domestic abuse helpline")
    assert ids(whole)[0] == "named"


def test_the_words_as_typed_name_a_club_that_mending_would_change(activities: Activities) -> None:
    index = index_of(activities, club("sufra", name="Sufra"), club("other", 0.1))
    query = Query(kinds=("find-activities",), text="supra", typed="sufra", area=HERE)
    assert index.search(query, NOW).matches[0].service.id == "sufra"


def test_names_of_no_services() -> None:
    assert index_of(Activities()).called("anything") is None
