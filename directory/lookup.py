"""Postcodes and positions looked up: the exact table where there is one, then coarser and coarser.

In order: the postcode itself, its cell, its sector, its district; then districts of the rest of
Great Britain; then the letters of Northern Ireland and the islands.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from directory.cells import OUTSIDE, Cell, Postcodes
from directory.model import Area, Point
from directory.postcode import Found, Known
from directory.postcode_layouts import NOT_GB, area_of
from directory.units import Unit, Units

# Below this share a cell's borough is asked for: where one borough has it, it was never wrong.
SURE = 0.97
MIN_CHOICE = 0.02
MAX_CHOICES = 4
NEAREST_M = 1_500  # a shared location further than this from every postcode is not in London
AROUND_M = (150.0, 500.0)  # how far the exact table is looked at around a shared location
# A postcode of another borough that is no more than so many times as far: ask. Measured by leaving
# out the postcode at the very place: none of 2,000 wrong, 1.3 % asked.
BORDER = 2.0
# The same for the middles of cells: 5 of 2,000 wrong instead of 10, and 10.3 % asked, not 8.7 %.
CELL_BORDER = 1.5


@dataclass(frozen=True, slots=True)
class District:
    """A postcode district of Great Britain."""

    authority: str  # where most of it lies; empty where it has no position
    boxes: bool  # nothing but post office boxes


@dataclass(frozen=True)
class Lookup:
    """Everything that says where a postcode or a position lies."""

    postcodes: Postcodes
    served: frozenset[str] = frozenset()
    boroughs: frozenset[str] = frozenset()
    districts: Mapping[str, District] = field(default_factory=dict)  # of Great Britain
    letters: Mapping[str, str] = field(default_factory=dict)  # postcode area -> where it is
    units: Units | None = None

    @property
    def known(self) -> Known:
        """What reading a typed postcode may ask."""
        units = self.units
        unit = None if units is None else lambda key: units.get(key) is not None
        return Known(lambda key: self._sector(key) is not None,
                     lambda key: self._district(key) is not None, unit)  # fmt: skip

    def unit(self, typed: str) -> Unit | None:
        """Return a postcode of the exact table; None where it or the table is missing."""
        return self.units.get(typed) if self.units is not None else None

    def cell(self, key: str) -> Cell | None:
        """Return a cell "SW97U" or a sector "SW97"."""
        return self.postcodes.cells.get(key) or self._sector(key)

    def of_postcode(self, found: Found) -> Area:
        """Say where a postcode or a part of one lies."""
        label = found.sector or found.outward
        unit = self.unit(found.outward + found.inward) if len(found.inward) == 3 else None
        if unit is not None:
            area = self._of_unit(label, unit)
        else:
            cell, whole = self._cell_of(found)
            area = outside(label) if cell is None else self.decide(label, label, cell)
            missing = self.units is not None or not whole
            if len(found.inward) == 3 and missing and area.outcome != "outside-london":
                area = replace(area, note="approximate")
        if area.outcome == "outside-london" and area.label == label:
            area = outside(self._with_authority(found, label))
        district = self.districts.get(found.outward)
        if district is not None and district.boxes:
            area = replace(area, note="boxes")
        return replace(area, repaired=found.repaired)

    def nearest(self, lat: float, lon: float) -> Area:
        """Say what a shared location means; the position itself is not kept."""
        if (around := self._around(lat, lon)) is not None:
            return self._among(around, Point(lat, lon))
        cells, metres = self.postcodes.cells.nearest(lat, lon, CELL_BORDER)
        if metres > NEAREST_M:
            return outside("outside London")
        label = Found(cells[0].key[:-2], cells[0].key[-2]).text
        area = self.decide(label, label, cells[0], Point(lat, lon))
        likeliest = [cell.shares[0][0] for cell in cells]
        names = tuple(dict.fromkeys((*(area.choices or likeliest[:1]), *likeliest)))
        if len(names) == 1:
            return area
        return Area(label, None, label, area.point, False, names[:MAX_CHOICES], outcome="choose")

    def elsewhere(self, found: Found) -> Area | None:
        """Say what a postcode is that is not of London; None where it says nothing."""
        letters = area_of(found.outward)
        district = self.districts.get(found.outward)
        if district is not None and not district.authority:
            return nowhere("boxes")
        if district is not None and district.authority not in self.boroughs:
            return outside(f"{found.outward} ({district.authority})")
        if letters in NOT_GB:
            return outside(f"{found.outward} ({self.letters[letters]})")
        ours = letters in self._letters_of_london
        if letters in self.letters and district is None and not ours:
            return outside(f"{found.outward} ({self.letters[letters]})")
        return None

    @property
    def _letters_of_london(self) -> set[str]:
        return {area_of(key.decode()) for key in self.postcodes.districts.keys}

    def decide(
        self, label: str, sector: str | None, cell: Cell, point: Point | None = None
    ) -> Area:
        """Say in which borough a cell lies, or between which to choose."""
        point = point or Point(cell.lat, cell.lon)
        likeliest, share = cell.shares[0]
        if likeliest == OUTSIDE and share >= SURE:
            return outside(label)
        if share >= SURE:
            return self.found(label, sector, point, likeliest)
        choices = tuple(name for name, part in cell.shares if part >= MIN_CHOICE)[:MAX_CHOICES]
        return Area(label, None, sector, point, False, choices, outcome="choose")

    def found(self, name: str, sector: str | None, point: Point | None, borough: str) -> Area:
        """Say that a place lies in one borough for sure."""
        served = borough in self.served
        outcome = "found" if served else "outside-boroughs"
        label = name if name == borough else f"{name}, {borough}"
        return Area(label, borough, sector, point, True, (), served, outcome)

    def _of_unit(self, label: str, unit: Unit) -> Area:
        if not unit.london:
            return outside(f"{label} ({unit.authority})" if unit.authority else label)
        # The borough is exact; the point is that of the cell, so that no address can be told
        # from what is stored about a person.
        key = unit.postcode
        middle = self.cell(key[:-1]) or self.cell(key[:-2])
        point = Point(middle.lat, middle.lon) if middle else None
        return self.found(label, label, point, unit.authority)

    def _cell_of(self, found: Found) -> tuple[Cell | None, bool]:
        """The smallest known part of a postcode, and whether it is its own cell."""
        if found.inward[1:]:
            cell = self.postcodes.cells.get(found.outward + found.inward[:2])
            if cell is not None:
                return cell, True
        sector = self._sector(found.outward + found.inward[0]) if found.inward else None
        return sector or self._district(found.outward), False

    def _with_authority(self, found: Found, label: str) -> str:
        district = self.districts.get(found.outward)
        name = district.authority if district else ""
        return label if not name or name in self.boroughs else f"{label} ({name})"

    def _around(self, lat: float, lon: float) -> list[tuple[float, Unit]] | None:
        """The postcodes around a position, far enough to see all that are nearly as near."""
        around: list[tuple[float, Unit]] = []
        for metres in AROUND_M if self.units is not None else ():
            assert self.units is not None
            around = self.units.near(lat, lon, metres)
            if around and _limit(around[0][0]) <= metres:
                break
        return around or None

    def _among(self, around: list[tuple[float, Unit]], point: Point) -> Area:
        """Say where a position lies by the postcodes around it; near a border the person says."""
        metres, first = around[0]
        found = Found(first.postcode[:-3], first.postcode[-3:])
        label = found.sector or found.outward
        limit = _limit(metres)
        names = dict.fromkeys(
            unit.authority if unit.london else OUTSIDE for at, unit in around if at <= limit
        )
        if len(names) > 1:
            choices = tuple(names)[:MAX_CHOICES]
            return Area(label, None, label, point, False, choices, outcome="choose")
        if not first.london:
            return outside(first.authority or "outside London")
        return self.found(label, label, point, first.authority)

    def _sector(self, key: str) -> Cell | None:
        found = self.postcodes.sectors.get(key)
        if found is None and self.units is not None and key[-1:].isdigit():
            found = self.units.below(key[:-1], key[-1])
        return found

    def _district(self, key: str) -> Cell | None:
        found = self.postcodes.districts.get(key)
        return self.units.below(key) if found is None and self.units is not None else found


def _limit(metres: float) -> float:
    return metres * BORDER + 10.0


def outside(label: str) -> Area:
    """Say that a place is outside London."""
    return Area(label, None, None, None, certain=True, outcome="outside-london")


def nowhere(note: str = "") -> Area:
    """Say that a text is no place that is known, and why where that is known."""
    return Area("", None, None, None, certain=False, outcome="not-a-place", note=note)


def load_districts(path: Path) -> dict[str, District]:
    """Read districts_gb.csv."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["district"]: District(row["authority"], row["boxes"] == "1")
            for row in csv.DictReader(file)
        }
