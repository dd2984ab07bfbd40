"""A typed place becomes a borough, or a question, or a plain "that is not in London"."""

from __future__ import annotations

import pytest

from directory.places import Places


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
        ("s w 9", "Lambeth", "SW9, Lambeth"),
        ("S.W.9", "Lambeth", "SW9, Lambeth"),
        ("im in s w 9", "Lambeth", "SW9, Lambeth"),
        ("any boxing near S W 9 7 U H", "Lambeth", "SW9 7, Lambeth"),
        ("any boxing near SEI5 5JR", "Southwark", "SE15 5, Southwark"),
        ("SW9 7", "Lambeth", "SW9 7, Lambeth"),
        ("SW9 7U", "Lambeth", "SW9 7, Lambeth"),
        ("London Borough of Hackney", "Hackney", "Hackney"),
        ("hackney council", "Hackney", "Hackney"),
        ("brixton tube", "Lambeth", "Brixton, Lambeth"),
        ("poplar station", "Tower Hamlets", "Poplar, Tower Hamlets"),
        ("chalkhill est", "Brent", "Chalkhill, Brent"),
        ("Bow East", "Tower Hamlets", "Bow East, Tower Hamlets"),
        ("brixton acre lane", "Lambeth", "Brixton Acre Lane, Lambeth"),
        (
            "spitalfields and banglatown",
            "Tower Hamlets",
            "Spitalfields & Banglatown, Tower Hamlets",
        ),
        ("elephant castle", "Southwark", "Elephant and Castle, Southwark"),
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
        ("JE2 3AB", "outside-london"),
        ("im in BT1", "outside-london"),
        ("WD17 1AA", "outside-london"),
        ("outside London", "outside-london"),
        ("im in town", "not-a-place"),
        ("in the village", "not-a-place"),
        ("u n 1 more", "not-a-place"),
        ("my son has 1st place", "not-a-place"),
        ("the gas card has 1.20 and the boy has bath tonight", "not-a-place"),
        ("E21 5AA", "not-a-place"),
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


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("M14 5TL", "M14 (Manchester)"),
        ("DA1 1AA", "DA1 1 (Dartford)"),
        ("IG10", "IG10 (Epping Forest)"),
        ("WD17", "WD17 (Watford)"),
        ("BT1 1AA", "BT1 (Northern Ireland)"),
        ("IM1 1AA", "IM1 (Isle of Man)"),
        ("M99 1AA", "M99 (Manchester)"),
    ],
)
def test_outside_london_names_where(places: Places, typed: str, label: str) -> None:
    assert places.locate(typed).label == label


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("ZZ9 9ZZ", "no-such-postcode"),
        ("E21 5AA", "no-such-postcode"),
        ("SW29 1AA", "no-such-postcode"),
        ("EN77 8AA", "boxes"),
        ("TW98", "boxes"),
        ("N1P 2AB", "boxes"),
        ("SW9 0ZZ", "approximate"),
        ("SW9 7UH", ""),
        ("boxing", ""),
    ],
)
def test_what_else_is_to_be_said(places: Places, typed: str, note: str) -> None:
    assert places.locate(typed).note == note


def test_a_new_sector_is_told_by_its_district(places: Places) -> None:
    area = places.locate("E14 1ZZ")
    assert (area.borough, area.sector, area.note) == ("Tower Hamlets", "E14 1", "approximate")


@pytest.mark.parametrize(
    "typed", ["e17 or e5", "NW10 but the Brent side", "on the n29 rn", "se5 but not oval"]
)
def test_a_district_and_a_word_make_no_postcode(places: Places, typed: str) -> None:
    area = places.locate(typed)
    assert " " not in (area.sector or "")


def test_a_ward_has_a_point_to_rank_from(places: Places) -> None:
    point = places.point_of("Bow East")
    assert point is not None
    assert (round(point.lat, 1), round(point.lon, 1)) == (51.5, -0.0)
    assert len(places.wards) > 650


def test_a_position_near_a_border_is_asked_about(places: Places) -> None:
    area = places.nearest(51.5032, -0.1073)  # SE1 8L, of which Lambeth has two thirds
    assert area.outcome == "choose"
    assert {"Lambeth", "Southwark"} <= set(area.choices)
