"""Laws of reading postcodes that need no facts: any text, and any postcode of a shipped cell."""

from __future__ import annotations

import csv

from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.places_data import NOISE
from directory import postcode
from directory.places import load_places
from tests.support.postcodes import LETTERS, POSTCODES, areas

PLACES = load_places(POSTCODES, areas())
KNOWN = PLACES.lookup.known
with (POSTCODES / "cells.csv").open(encoding="utf-8") as _file:
    CELLS = [row["cell"] for row in csv.DictReader(_file)]

written = st.builds(
    lambda cell, last: cell + last, st.sampled_from(CELLS), st.sampled_from(LETTERS)
)
shapeless = st.text(alphabet="SEWNC0123456789OIL B8Z2 -.uhaq", max_size=12)


@settings(max_examples=400, deadline=None)
@given(written, st.sampled_from(list(NOISE)))
def test_any_spelling_gives_the_same_sector(typed: str, kind: str) -> None:
    found = postcode.whole(NOISE[kind](typed), KNOWN)
    assert found is not None
    assert found.sector == typed[:-2]


@settings(max_examples=400, deadline=None)
@given(st.one_of(written, shapeless, st.text(max_size=20)))
@example("CRO")
@example("SW9 5")
@example("E16 9ZZ")
def test_normalising_twice_changes_nothing(typed: str) -> None:
    once = postcode.whole(typed, KNOWN)
    if once is not None:
        twice = postcode.whole(once.text, KNOWN)
        assert twice is not None
        assert (twice.outward, twice.inward, twice.repaired) == (once.outward, once.inward, False)


@settings(max_examples=400, deadline=None)
@given(st.one_of(shapeless, st.text(max_size=60)))
def test_no_text_at_all_breaks_it(typed: str) -> None:
    area = PLACES.locate(typed)
    assert area.outcome in ("found", "choose", "outside-boroughs", "outside-london", "not-a-place")
    assert area.certain or area.choices or area.outcome == "not-a-place"


@settings(max_examples=200, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_no_position_breaks_it(lat: float, lon: float) -> None:
    assert PLACES.nearest(lat, lon).outcome in ("found", "choose", "outside-boroughs",
                                                "outside-london")  # fmt: skip
