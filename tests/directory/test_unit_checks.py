"""A new table is refused where it cannot be right, and every reason is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from directory.unit_checks import authorities, faults, known_points, shipped_counts
from directory.units import Unit
from tests.support.postcodes import POSTCODES, areas

KNOWN = known_points(POSTCODES)
BOROUGHS = [entry.name for entry in areas().boroughs]
SERVED = sorted(areas().served)
COUNTS = shipped_counts(POSTCODES)
UNITS = {
    point.postcode.replace(" ", ""): Unit(point.postcode, point.lat, point.lon, point.borough, True)
    for point in KNOWN
}


def found(
    counts: Mapping[str, int] = COUNTS, get: Callable[[str], Unit | None] = UNITS.get
) -> list[str]:
    return faults(counts, COUNTS, BOROUGHS, SERVED, KNOWN, get)


def test_a_table_like_the_shipped_one_is_fine() -> None:
    assert found() == []
    assert len(KNOWN) == 22
    assert {name for name in authorities(POSTCODES).values() if name in BOROUGHS} == set(BOROUGHS)


def test_too_few_postcodes() -> None:
    half = {name: number // 2 for name, number in COUNTS.items()}
    said = found(half)
    assert said[0].startswith("90,")
    assert "expected at least 170,000" in said[0]
    assert len(said) == 1 + len(SERVED)


def test_a_missing_borough_is_named() -> None:
    assert found({**COUNTS, "Sutton": 0}) == ["no postcode of Sutton"]


def test_a_served_borough_may_not_lose_a_twentieth() -> None:
    number = COUNTS["Newham"]
    assert found({**COUNTS, "Newham": round(number * 0.96)}) == []
    (said,) = found({**COUNTS, "Newham": round(number * 0.94)})
    assert said.startswith("Newham: 4,")
    assert "more than 5 % fewer" in said
    # A borough outside the eight may be cut as it likes, and growth is no fault.
    assert found({**COUNTS, "Barnet": COUNTS["Barnet"] // 2 + 4_000}) == []
    assert found({**COUNTS, "Newham": number * 2}) == []


def changed(**values: object) -> Callable[[str], Unit | None]:
    def get(postcode: str) -> Unit | None:
        unit = UNITS.get(postcode)
        return replace(unit, **values) if unit and postcode == "SW97UH" else unit  # type: ignore[arg-type]

    return get


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"authority": "Southwark"}, "SW9 7UH lies in Southwark, expected Lambeth"),
        ({"authority": ""}, "SW9 7UH lies in an unknown authority, expected Lambeth"),
        ({"lat": 51.48}, "SW9 7UH lies 1,358 m from where it is known to be"),
        ({"lon": -0.108}, "SW9 7UH lies 29"),
    ],
)
def test_a_known_point_elsewhere(values: dict[str, object], said: str) -> None:
    (one,) = found(get=changed(**values))
    assert one.startswith(said)


def test_some_known_postcodes_may_have_gone_and_not_many() -> None:
    gone = list(UNITS)[:3]
    assert found(get=lambda p: None if p in gone else UNITS.get(p)) == []
    (said,) = found(get=lambda _: None)
    assert said.startswith("22 known postcodes are missing: HA9 0FJ")
