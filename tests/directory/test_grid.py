"""The grid becomes degrees as exactly as a short formula can."""

from __future__ import annotations

from itertools import islice
from math import hypot

import pytest

from benchmarks.places_data import FACTS, london
from directory.grid import to_degrees

needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="../shared/facts is not there")


def test_a_point_that_is_known_everywhere() -> None:
    # SW1A 1AA, by the postcode's grid position; within two metres of the exact transformation.
    lat, lon = to_degrees(529090, 179645)
    assert (lat, lon) == (pytest.approx(51.50101, abs=3e-5), pytest.approx(-0.14156, abs=3e-5))


@needs_facts
def test_all_over_london_it_is_within_two_and_a_half_metres() -> None:
    worst = 0.0
    for row in islice(london(), 0, None, 20):
        lat, lon = to_degrees(float(row["easting"]), float(row["northing"]))
        north = (lat - float(row["lat"])) * 111_200
        worst = max(worst, hypot(north, (lon - float(row["lon"])) * 69_200))
    # 2.0 m, and half a metre for the five decimals that the facts are rounded to.
    assert worst < 2.5
