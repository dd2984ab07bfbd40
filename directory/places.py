"""What a typed place means: postcodes, boroughs, areas, estates, stations, shared locations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from rapidfuzz import fuzz, process

from directory import postcode
from directory.areas import AreaName, Areas, load_wards, plain
from directory.cells import Cell, Postcodes, load_cells
from directory.lookup import Lookup, load_districts, nowhere, outside
from directory.model import Area, Point
from directory.units import Unit, Units

__all__ = ["AreaName", "Areas", "Places", "load_places", "plain"]

MAX_TEXT = 1_500  # characters of a message that are looked at
FUZZY = 84.0  # of 100; names under five letters must be exact
# A common word is a place before these too: "poplar station", "lee ward".
_AFTER = {"station", "tube", "overground", "dlr", "estate", "ward"}
# Shaped like a postcode district, and in text-speak a word: wait, later, before, mate.
_TEXT_SPEAK = {"W8", "L8", "B4", "M8", "GR8", "H8", "B8", "G2", "L8R", "K9"}
_LONDON = {"london", "ldn", "greater london"}


@dataclass(frozen=True)
class Places:
    """The offline gazetteer. Build it once with `load_places`."""

    lookup: Lookup
    areas: Areas
    names: dict[str, AreaName] = field(default_factory=dict)  # every plain name and alias
    wards: dict[str, AreaName] = field(default_factory=dict)  # every plain name of a ward
    towns: dict[str, str] = field(default_factory=dict)  # plain name of a town -> as it is written
    led: dict[str, str] = field(default_factory=dict)  # "in birmingham" -> "Birmingham"

    @property
    def postcodes(self) -> Postcodes:
        """The coarse tables: cells, sectors, districts."""
        return self.lookup.postcodes

    def locate(self, text: str) -> Area:
        """Say what a place means that stands alone or in a sentence; never raises."""
        text = text.strip()[:MAX_TEXT]
        return (
            self._alone(text)
            or next(self._inside(text), None)
            or self._elsewhere(text)
            or self._similar(text)
            or nowhere("no-such-postcode" if postcode.meant_for_one(text) else "")
        )

    def nearest(self, lat: float, lon: float) -> Area:
        """Say what a shared location means; the position itself is not kept."""
        return self.lookup.nearest(lat, lon)

    def choose(self, area: Area, borough: str) -> Area:
        """Settle an undecided area on the borough that the person named."""
        served = borough in self.areas.served
        return replace(
            area, label=f"{area.label.split(',')[0]}, {borough}", borough=borough, certain=True,
            choices=(), served=served, outcome="found" if served else "outside-boroughs",
        )  # fmt: skip

    def point_of(self, name: str) -> Point | None:
        """Return the point that stands for a named area; None for an unknown name."""
        name = plain(name)
        entry = self.names.get(name) or self.wards.get(name)
        return self._point(entry) if entry else None

    def cell_of(self, typed: str) -> Cell | None:
        """Return the cell of a full postcode or cell; None where it is not in the table."""
        return self.postcodes.cells.get("".join(postcode.words(typed))[:-1])

    def unit_of(self, typed: str) -> Unit | None:
        """Return a full postcode of the exact table; None without it."""
        return self.lookup.unit("".join(postcode.words(typed)))

    def _alone(self, text: str) -> Area | None:
        name = plain(text)
        if name in _LONDON:
            choices = tuple(sorted(self.areas.served))
            return Area("London", None, None, None, False, choices, outcome="choose")
        if name == "outside london":
            return outside("outside London")
        if name in self.names:
            return self._named(self.names[name])
        if name in self.towns:
            return outside(self.towns[name])
        if found := postcode.whole(text, self.lookup.known):
            return self.lookup.of_postcode(found)
        return self._named(self.wards[name]) if name in self.wards else None

    def _inside(self, text: str) -> Iterator[Area]:
        parts = postcode.words(text)
        weak: list[Area] = []
        for start, length, found in postcode.inside(text, self.lookup.known):
            led = _led(parts, start)
            if length > 1 and not found.inward and not led:
                continue  # "S W 9" without a word before it
            if found.inward or not (found.outward in _TEXT_SPEAK and not led):
                area = self.lookup.of_postcode(found)
                # A district beside a name ("n1 hoxton") says less than the name does.
                if found.inward:
                    yield area
                else:
                    weak.append(area)
        yield from self._names_inside(text)
        yield from weak

    def _names_inside(self, text: str) -> Iterator[Area]:
        parts = plain(text).split()
        for names in (self.names, self.wards):
            for length in range(min(5, len(parts)), 0, -1):
                for start in range(len(parts) - length + 1):
                    entry = names.get(" ".join(parts[start : start + length]))
                    if entry and self._meant(entry, parts, start, length):
                        yield self._named(entry)
        for length in range(min(6, len(parts)), 1, -1):
            for start in range(len(parts) - length + 1):
                if town := self.led.get(" ".join(parts[start : start + length])):
                    yield outside(town)
        for start in range(1, len(parts)):
            if _led(parts, start) and len(parts[start]) >= 6:
                for length in (3, 2, 1):
                    entry = self._fuzzy(" ".join(parts[start : start + length]), 88.0)
                    if entry:
                        yield replace(self._named(entry), repaired=True)

    def _meant(self, entry: AreaName, parts: list[str], start: int, length: int) -> bool:
        """Whether words of a sentence are this place, and not ordinary words."""
        after = parts[start + length] if start + length < len(parts) else ""
        if entry.point is not None and length == 1:  # "in town", "the park": wards are called so
            return after == "ward"
        return not entry.common or _led(parts, start) or after in _AFTER

    def _similar(self, text: str) -> Area | None:
        name = plain(text)
        entry = self._fuzzy(name, FUZZY) if len(name.split()) <= 4 else None
        return replace(self._named(entry), repaired=True) if entry else None

    def _fuzzy(self, name: str, cutoff: float) -> AreaName | None:
        if len(name) < 5 or name.isdigit():
            return None
        found = process.extractOne(name, self.names.keys(), scorer=fuzz.ratio, score_cutoff=cutoff)
        return self.names[found[0]] if found and len(found[0]) >= 5 else None

    def _elsewhere(self, text: str) -> Area | None:
        """Tell a place outside London from something that is no place."""
        parts = postcode.words(text)
        found = postcode.looks_like(text)
        for start, word in enumerate(parts):
            if found is None and _led(parts, start) and len(parts) > 1:
                window = "".join(parts[start : start + 2])
                found = postcode.looks_like(word) or postcode.looks_like(window)
        if found and (area := self.lookup.elsewhere(found)):
            return area
        text = f" {plain(text)} "
        for place in self.lookup.letters.values():
            common = place in self.areas.common_towns  # "help with reading"
            if f" {plain(place)} " in text and not common and "london" not in place.lower():
                return outside(place)
        return None

    def _named(self, entry: AreaName) -> Area:
        point = self._point(entry)
        if len(entry.boroughs) == 1:
            return self.lookup.found(entry.name, None, point, entry.boroughs[0])
        return Area(entry.name, None, None, point, False, entry.boroughs, outcome="choose")

    def _point(self, entry: AreaName) -> Point | None:
        if entry.point is not None:
            return entry.point
        if entry.near:
            cell = self.lookup.cell(entry.near.replace(" ", ""))
            return Point(cell.lat, cell.lon) if cell else None
        return None if entry.name in self.areas.served else self._middle(entry.name)

    def _middle(self, borough: str) -> Point | None:
        """Return the middle of a borough outside the eight: theirs are ranked by borough."""
        return self.postcodes.cells.middle(borough)


def _led(parts: list[str], start: int) -> bool:
    before = parts[start - 1].lower() if start > 0 else ""
    return before in postcode.BEFORE or len(parts) == 1


def load_places(folder: Path, areas: Areas, units: Units | None = None) -> Places:
    """Build the gazetteer from the tables of directory/postcodes and the names.

    `units` is the exact table that somebody imported; without it the cells answer.
    """
    lines = (folder / "areas_gb.csv").read_text(encoding="utf-8").splitlines()[1:]
    lookup = Lookup(
        postcodes=load_cells(folder / "cells.csv"),
        served=areas.served,
        boroughs=frozenset(entry.name for entry in areas.boroughs),
        districts=load_districts(folder / "districts_gb.csv"),
        letters=dict(line.split(",", 1) for line in lines if line),
        units=units,
    )
    towns = {plain(town): town for town in (*areas.towns, *areas.common_towns)}
    wards = load_wards(folder / "wards.csv")
    return Places(lookup, areas, areas.names, wards, towns, areas.towns_led)
