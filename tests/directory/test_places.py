"""A typed place becomes a borough, or a question, or a plain "that is not in London"."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from directory.places import Places

FACTS = Path(__file__).parents[2] / "../shared/facts/postcodes"
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="../shared/facts is not there")


@pytest.mark.parametrize(
    ("typed", "borough", "label"),
    [
        ("SW9 7UH", "Lambeth", "SW9 7, Lambeth"),
        ("sw9", "Lambeth", "SW9, Lambeth"),
        ("e17", "Waltham Forest", "E17, Waltham Forest"),
        ("CRO 1EA", "Croydon", "CR0 1, Croydon"),
        ("brixton", "Lambeth", "Brixton, Lambeth"),
        ("peckz", "Southwark", "Peckham, Southwark"),
        ("totty", "Haringey", "Tottenham, Haringey"),
        ("ldn fields", "Hackney", "London Fields, Hackney"),
        ("stokey", "Hackney", "Stoke Newington, Hackney"),
        ("Angell Town", "Lambeth", "Angell Town, Lambeth"),
        ("brixtn", "Lambeth", "Brixton, Lambeth"),
        ("any boxing near brixton for my brother", "Lambeth", "Brixton, Lambeth"),
        ("im in tottenham hale rn", "Haringey", "Tottenham Hale, Haringey"),
        ("i go to school in elephant & castle", "Southwark", "Elephant and Castle, Southwark"),
        ("croydon", "Croydon", "Croydon"),
        ("Lewisham", "Lewisham", "Lewisham"),
    ],
)
def test_what_people_type(places: Places, typed: str, borough: str, label: str) -> None:
    area = places.locate(typed)
    assert (area.borough, area.label) == (borough, label)
    assert area.certain


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [
        ("E17", "outside-boroughs"),
        ("lewisham", "outside-boroughs"),
        ("M14 5TL", "outside-london"),
        ("i live in manchester", "outside-london"),
        ("watford", "outside-london"),
        ("im in birmingham any youth clubs", "outside-london"),
        ("any boxing in slough", "outside-london"),
        ("youth club in manchester", "outside-london"),
        ("i live in reading", "outside-london"),
        ("help with reading", "not-a-place"),
        ("im from leeds but live in brixton", "found"),
        ("im near liverpool street", "outside-boroughs"),
        ("BT1 1AA", "outside-london"),
        ("zz9 9zz", "not-a-place"),
        ("boxing", "not-a-place"),
        ("my mate lee", "not-a-place"),
        ("m8 wys", "not-a-place"),
        ("w8 what", "not-a-place"),
        ("", "not-a-place"),
        ("😀", "not-a-place"),
        ("x" * 4096, "not-a-place"),
        ("CR0", "choose"),
        ("camberwell", "choose"),
        ("London", "choose"),
    ],
)
def test_outcomes_are_told_apart(places: Places, typed: str, outcome: str) -> None:
    assert places.locate(typed).outcome == outcome


def test_a_town_far_away_is_named(places: Places) -> None:
    assert places.locate("any boxing in slough").label == "Slough"
    assert places.locate("Stoke-on-Trent").label == "Stoke on Trent"
    assert {"in birmingham", "live in reading"} <= places.areas.phrases.keys()
    assert not {"birmingham", "reading", "in reading"} & places.areas.phrases.keys()
    assert len(places.towns) >= 150


def test_an_unsure_borough_is_asked_for_and_settled(places: Places) -> None:
    area = places.locate("camberwell")
    assert (area.borough, area.certain) == (None, False)
    assert set(area.choices) == {"Southwark", "Lambeth"}
    settled = places.choose(area, "Lambeth")
    assert (settled.borough, settled.label) == ("Lambeth", "Camberwell, Lambeth")
    assert settled.certain
    assert settled.served


def test_a_mended_place_says_so(places: Places) -> None:
    assert places.locate("CRO 1EA").repaired
    assert places.locate("stoke newinton").repaired
    assert not places.locate("stoke newington").repaired


def test_a_shared_location(places: Places) -> None:
    assert places.nearest(51.4613, -0.1156).borough == "Lambeth"
    assert places.nearest(53.48, -2.24).outcome == "outside-london"


def test_only_the_sector_is_kept_of_a_postcode(places: Places) -> None:
    area = places.locate("SW9 7UH")
    assert area.sector == "SW9 7"
    assert "7UH" not in area.label


@needs_facts
def test_known_points(places: Places) -> None:
    with (FACTS / "known_points.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wrong = [row for row in rows if places.locate(row["postcode"]).borough
             not in (row["expected_borough"], None)]  # fmt: skip
    assert wrong == []
    assert len(rows) > 20


def noisy(typed: str) -> str:
    slips = (
        typed.lower(), typed.replace(" ", ""), typed.replace(" ", "-"), " ".join(typed),
        typed.replace("0", "O"), typed.replace("1", "I"), typed.replace("5", "S"),
    )  # fmt: skip
    return slips[sum(map(ord, typed)) % len(slips)]


@needs_facts
@pytest.mark.parametrize(("spelling", "bar"), [(str, 0.995), (noisy, 0.98)])
def test_the_borough_is_right_or_asked_for(
    places: Places, spelling: Callable[[str], str], bar: float
) -> None:
    with (FACTS / "boroughs.csv").open(encoding="utf-8") as file:
        names = {row["code"]: row["name"] for row in csv.DictReader(file)}
    with gzip.open(FACTS / "postcodes_london.csv.gz", "rt", encoding="utf-8") as file:
        rows = random.Random(7).sample(list(csv.DictReader(file)), 1000)
    right = 0
    for row in rows:
        area = places.locate(spelling(row["postcode"]))
        right += names[row["borough_code"]] in (area.borough, *area.choices)
    assert right / len(rows) >= bar
