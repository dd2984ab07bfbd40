"""What a new postcode table must satisfy before it replaces the one in use."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from pathlib import Path

from directory.units import Unit

FEWEST = 170_000  # living postcodes of London; there were 180,792 in October 2025
SHRUNK = 0.05  # no served borough may lose more than this share
FAR_M = 250.0  # from where a known point lies
MOST_GONE = 3  # known points whose postcode may have ended since


@dataclass(frozen=True, slots=True)
class KnownPoint:
    """A postcode of which borough and position are known for sure."""

    postcode: str
    borough: str
    lat: float
    lon: float


def known_points(folder: Path) -> list[KnownPoint]:
    """Read known_points.csv."""
    with (folder / "known_points.csv").open(encoding="utf-8", newline="") as file:
        return [
            KnownPoint(row["postcode"], row["borough"], float(row["lat"]), float(row["lon"]))
            for row in csv.DictReader(file)
        ]


def authorities(folder: Path) -> dict[str, str]:
    """Read authorities.csv: the name of each code."""
    with (folder / "authorities.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def shipped_counts(folder: Path) -> dict[str, int]:
    """Add up how many postcodes of each borough cells.csv stands for."""
    found: dict[str, float] = defaultdict(float)
    with (folder / "cells.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for part in row["boroughs"].split(";"):
                name, _, share = part.rpartition("=")
                found[name] += float(share) * int(row["postcodes"])
    return {name: round(number) for name, number in found.items()}


def faults(
    counts: Mapping[str, int],
    before: Mapping[str, int],
    boroughs: Sequence[str],
    served: Sequence[str],
    known: Sequence[KnownPoint],
    get: Callable[[str], Unit | None],
) -> list[str]:
    """Name everything that speaks against a new table; `counts` are living postcodes by borough."""
    found = []
    total = sum(counts.get(name, 0) for name in boroughs)
    if total < FEWEST:
        found.append(f"{total:,} postcodes of London, expected at least {FEWEST:,}")
    if missing := [name for name in boroughs if not counts.get(name)]:
        found.append(f"no postcode of {', '.join(missing)}")
    for name in served:
        was, now = before.get(name, 0), counts.get(name, 0)
        if now and now < was * (1 - SHRUNK):
            found.append(f"{name}: {now:,} postcodes, {was:,} before: more than 5 % fewer")
    return found + _unknown(known, get)


def _unknown(known: Sequence[KnownPoint], get: Callable[[str], Unit | None]) -> list[str]:
    found, gone = [], []
    for point in known:
        unit = get(point.postcode.replace(" ", ""))
        if unit is None:
            gone.append(point.postcode)
        elif unit.authority != point.borough:
            where = unit.authority or "an unknown authority"
            found.append(f"{point.postcode} lies in {where}, expected {point.borough}")
        elif (metres := _metres(unit, point)) > FAR_M:
            found.append(f"{point.postcode} lies {metres:,.0f} m from where it is known to be")
    if len(gone) > MOST_GONE:
        found.append(f"{len(gone)} known postcodes are missing: {', '.join(gone[:8])}")
    return found


def _metres(unit: Unit, point: KnownPoint) -> float:
    north = (unit.lat - point.lat) * 111_200
    return hypot(north, (unit.lon - point.lon) * 111_200 * cos(radians(point.lat)))
