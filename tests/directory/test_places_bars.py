"""The bars of issue 4, on postcodes drawn by chance: with the coarse table alone.

`python -m benchmarks.places` prints the figures, also with an imported table.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.places_data import FACTS, NOISE, drawn, known, noisy
from directory import postcode
from directory.places import Places, load_places
from tests.support.postcodes import POSTCODES, areas

pytestmark = pytest.mark.skipif(not FACTS.is_dir(), reason="../shared/facts is not there")
DRAWN = 2_000


def share_right(places: Places, typed: list[tuple[str, str]]) -> float:
    """How often the borough is right or among those that are asked for."""
    found = [(places.locate(text), borough) for text, borough in typed]
    return sum(b in (area.borough, *area.choices) for area, b in found) / len(found)


def test_the_borough_is_right_or_asked_for(places: Places) -> None:
    assert share_right(places, [(one.written, one.borough) for one in drawn(DRAWN)]) >= 0.995


def test_with_one_typing_slip_each(places: Places) -> None:
    chance = random.Random(1)
    typed = [(noisy(one.written, chance), one.borough) for one in drawn(DRAWN)]
    assert share_right(places, typed) >= 0.98


@pytest.mark.parametrize("kind", list(NOISE))
def test_with_each_kind_of_slip(places: Places, kind: str) -> None:
    slip = NOISE[kind]
    typed = [(slip(one.written), one.borough) for one in drawn(DRAWN) if slip(one.written)
             != one.written]  # fmt: skip
    assert len(typed) >= 15
    assert share_right(places, typed) >= 0.98


def test_known_points(places: Places) -> None:
    found = known()
    assert len(found) == 22
    assert [p for p, b in found if b not in (places.locate(p).borough,
            *places.locate(p).choices)] == []  # fmt: skip


def test_a_shared_location_is_right_or_asked_about(places: Places) -> None:
    found = [(places.nearest(one.lat, one.lon), one.borough) for one in drawn(DRAWN)]
    right = sum(b in (area.borough, *area.choices) for area, b in found)
    assert right / len(found) >= 0.995


PLACES = load_places(POSTCODES, areas())


@settings(max_examples=150, deadline=None)
@given(index=st.integers(0, DRAWN - 1), kind=st.sampled_from(list(NOISE)))
def test_any_spelling_gives_the_same(index: int, kind: str) -> None:
    written = drawn(DRAWN)[index].written
    plain, slipped = PLACES.locate(written), PLACES.locate(NOISE[kind](written))
    assert (slipped.borough, slipped.choices, slipped.sector) == (
        plain.borough, plain.choices, plain.sector,
    )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(index=st.integers(0, DRAWN - 1), kind=st.sampled_from(list(NOISE)))
def test_normalising_twice_changes_nothing(index: int, kind: str) -> None:
    known_ones = PLACES.lookup.known
    once = postcode.whole(NOISE[kind](drawn(DRAWN)[index].written), known_ones)
    assert once is not None
    twice = postcode.whole(once.text, known_ones)
    assert twice is not None
    assert (twice.text, twice.repaired) == (once.text, False)
