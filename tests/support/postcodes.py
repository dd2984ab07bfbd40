"""A made-up file of postcodes, as many as London has, out of the shipped cells."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from bot.content.word_files import load_areas
from directory.areas import Areas
from directory.grid import to_degrees
from directory.postcode_layouts import Row
from directory.unit_checks import authorities, known_points

ROOT = Path(__file__).parents[2]
POSTCODES = ROOT / "directory/postcodes"
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # with which a postcode can end
EPPING = "E07000072"

LAMBETH = Row("SW97UH", 51.46779, -0.10372, "E09000022")
SOUTHWARK = Row("SE155JR", 51.47438, -0.06935, "E09000028")
OUTSIDE = Row("IG75AA", 51.61, 0.09, EPPING)
HAINAULT = Row("IG74AA", 51.61, 0.1, "E09000026")


def areas() -> Areas:
    """The real names."""
    return load_areas(ROOT)[0]


def made_up() -> Iterator[dict[str, str]]:
    """Postcodes at the middle of their cells, shared out among the boroughs as the cells say.

    The known points are where they are; all others are invented.
    """
    codes = {name: code for code, name in authorities(POSTCODES).items()}
    known = {point.postcode: point for point in known_points(POSTCODES)}
    for point in known.values():
        yield row(point.postcode, codes[point.borough], point.lat, point.lon)
    with (POSTCODES / "cells.csv").open(encoding="utf-8") as file:
        for cell in csv.DictReader(file):
            number = int(cell["postcodes"])
            names: list[str] = []
            for part in cell["boroughs"].split(";"):
                name, _, share = part.rpartition("=")
                names += [name] * max(1, round(float(share) * number))
            for letter, name in zip(LETTERS, names, strict=False):
                written = f"{cell['cell']}{letter}"
                if written not in known:
                    code = codes.get(name, EPPING)
                    yield row(written, code, float(cell["lat"]), float(cell["lon"]))


def row(written: str, code: str, lat: float, lon: float, doterm: str = "") -> dict[str, str]:
    """One postcode as benchmarks.places_data takes it."""
    return {"postcode": written, "borough_code": code, "lat": f"{lat:.5f}", "lon": f"{lon:.5f}",
            "easting": "", "northing": "", "doterm": doterm}  # fmt: skip


def on_grid(written: str, code: str, easting: int, northing: int) -> dict[str, str]:
    """One postcode by its grid position."""
    lat, lon = to_degrees(easting, northing)
    made = row(written, code, lat, lon)
    return made | {"easting": str(easting), "northing": str(northing)}
