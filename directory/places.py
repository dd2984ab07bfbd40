"""What a typed place means: postcodes, boroughs, areas, estates, stations, shared locations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from rapidfuzz import fuzz, process

from directory import postcode
from directory.cells import OUTSIDE, Cell, Postcodes, load_cells
from directory.model import Area, Point
from directory.postcode import Found

# Below this share a cell's borough is asked for: where one borough has it, it was never wrong.
SURE = 0.97
MIN_CHOICE = 0.02
MAX_CHOICES = 4
MAX_TEXT = 1_500  # characters of a message that are looked at
NEAREST_M = 1_500  # a shared location further than this from every postcode is not in London
FUZZY = 84.0  # of 100; names under five letters must be exact
_BEFORE = {"in", "near", "from", "at", "around", "round", "to", "by", "live", "im", "postcode",
           "area", "is", "its", "nr", "outside", "towards"}  # fmt: skip
# Shaped like a postcode district, and in text-speak a word: wait, later, before, mate.
_TEXT_SPEAK = {"W8", "L8", "B4", "M8", "GR8", "H8", "B8", "G2", "L8R", "K9"}
# After these the name of a town far away is a place, and not a team or a film. An ordinary word
# ("reading") needs more of them.
_TOWN_LEADS = ("in", "near", "from", "around", "round", "outside")
_COMMON_LEADS = ("live in", "living in", "am in", "im in", "based in", "from", "near")
_LONDON = {"london", "ldn", "greater london"}


@dataclass(frozen=True)
class AreaName:
    """One entry of intents/words/areas.yaml."""

    name: str
    boroughs: tuple[str, ...]
    near: str  # a cell "SW9 8J" or a sector "SW9 8"; empty for a borough
    aliases: tuple[str, ...] = ()
    common: bool = False  # also an ordinary word: inside a sentence only after "in", "near", ...


@dataclass(frozen=True)
class Areas:
    """All of intents/words/areas.yaml."""

    areas: tuple[AreaName, ...] = ()
    boroughs: tuple[AreaName, ...] = ()
    served: frozenset[str] = frozenset()
    towns: tuple[str, ...] = ()  # outside London
    common_towns: tuple[str, ...] = ()  # those that are ordinary words too

    @property
    def phrases(self) -> dict[str, str]:
        """Every name and alias, plain and in lower case, with the name it stands for.

        A town outside London stands with the word before it: "in birmingham".
        """
        leads = {lead: town for lead, town in self.towns_led.items() if not lead.startswith("im ")}
        return leads | {
            plain(word): entry.name
            for entry in (*self.boroughs, *self.areas)
            for word in (entry.name, *entry.aliases)
        }

    @property
    def towns_led(self) -> dict[str, str]:
        """Every town outside London with the words before it that make it a place, plain."""
        return {
            f"{lead} {plain(town)}": town
            for leads, towns in (
                (_TOWN_LEADS, self.towns), (_COMMON_LEADS, self.common_towns),
            )
            for lead in leads
            for town in towns
        }  # fmt: skip


def plain(text: str) -> str:
    """Return a name as it is compared: lower case letters and digits, single spaces."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower().replace("'", "").replace("’", ""))
                    .replace(" & ", " and ").split())  # fmt: skip


@dataclass(frozen=True)
class Places:
    """The offline gazetteer. Build it once with `load_places`."""

    postcodes: Postcodes
    areas: Areas
    outside: dict[str, str] = field(default_factory=dict)  # postcode area -> where it is
    names: dict[str, AreaName] = field(default_factory=dict)  # every plain name and alias
    towns: dict[str, str] = field(default_factory=dict)  # plain name of a town -> as it is written
    led: dict[str, str] = field(default_factory=dict)  # "in birmingham" -> "Birmingham"

    def locate(self, text: str) -> Area:
        """Say what a place means that stands alone or in a sentence; never raises."""
        text = text.strip()[:MAX_TEXT]
        given = (
            self._alone(text)
            or next(self._inside(text), None)
            or self._elsewhere(text)
            or self._similar(text)
        )
        return given or Area("", None, None, None, certain=False, outcome="not-a-place")

    def nearest(self, lat: float, lon: float) -> Area:
        """Say what a shared location means; the position itself is not kept."""
        cell, metres = self.postcodes.cells.nearest(lat, lon)
        if metres > NEAREST_M:
            return _outside("outside London")
        found = Found(cell.key[:-2], cell.key[-2])
        return self._decide(found.text, found.sector, cell, Point(lat, lon))

    def choose(self, area: Area, borough: str) -> Area:
        """Settle an undecided area on the borough that the person named."""
        served = borough in self.areas.served
        return replace(
            area, label=f"{area.label.split(',')[0]}, {borough}", borough=borough, certain=True,
            choices=(), served=served, outcome="found" if served else "outside-boroughs",
        )  # fmt: skip

    def point_of(self, name: str) -> Point | None:
        """Return the point that stands for a named area; None for an unknown name."""
        entry = self.names.get(plain(name))
        cell = self._cell_near(entry.near) if entry else None
        return Point(cell.lat, cell.lon) if cell else None

    def cell_of(self, typed: str) -> Cell | None:
        """Return the cell of a full postcode or cell; None where it is not in the table."""
        return self.postcodes.cells.get("".join(postcode.words(typed))[:-1])

    def _alone(self, text: str) -> Area | None:
        name = plain(text)
        if name in _LONDON:
            choices = tuple(sorted(self.areas.served))
            return Area("London", None, None, None, False, choices, outcome="choose")
        if name in self.names:
            return self._named(self.names[name])
        if name in self.towns:
            return _outside(self.towns[name])
        found = postcode.whole(text, self._is_sector, self._is_district)
        return self._of_postcode(found) if found else None

    def _inside(self, text: str) -> Iterator[Area]:
        parts = postcode.words(text)
        weak: list[Area] = []
        for start, _, found in postcode.inside(text, self._is_sector, self._is_district):
            if found.inward or not (found.outward in _TEXT_SPEAK and not _led(parts, start)):
                area = self._of_postcode(found)
                # A district beside a name ("n1 hoxton") says less than the name does.
                if found.inward:
                    yield area
                else:
                    weak.append(area)
        yield from self._names_inside(text)
        yield from weak

    def _names_inside(self, text: str) -> Iterator[Area]:
        parts = plain(text).split()
        for length in range(min(5, len(parts)), 0, -1):
            for start in range(len(parts) - length + 1):
                entry = self.names.get(" ".join(parts[start : start + length]))
                if entry and not (entry.common and not _led(parts, start)):
                    yield self._named(entry)
        for length in range(min(6, len(parts)), 1, -1):
            for start in range(len(parts) - length + 1):
                if town := self.led.get(" ".join(parts[start : start + length])):
                    yield _outside(town)
        for start in range(1, len(parts)):
            if _led(parts, start) and len(parts[start]) >= 6:
                for length in (3, 2, 1):
                    entry = self._fuzzy(" ".join(parts[start : start + length]), 88.0)
                    if entry:
                        yield replace(self._named(entry), repaired=True)

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
        if found and (letters := re.match(r"[A-Z]+", found.outward)):
            place = self.outside.get(letters.group())
            return _outside(f"{found.outward} ({place})") if place else None
        text = f" {plain(text)} "
        for place in self.outside.values():
            common = place in self.areas.common_towns  # "help with reading"
            if f" {plain(place)} " in text and not common and "london" not in place.lower():
                return _outside(place)
        return None

    def _is_sector(self, key: str) -> bool:
        return key in self.postcodes.sectors

    def _is_district(self, key: str) -> bool:
        return key in self.postcodes.districts

    def _of_postcode(self, found: Found) -> Area:
        cell = None
        if found.inward:
            tables = self.postcodes
            cell = tables.cells.get(found.outward + found.inward[:2])
            cell = cell or tables.sectors.get(found.outward + found.inward[0])
        cell = cell or self.postcodes.districts.get(found.outward)
        if cell is None:  # the caller has seen that the sector or the district exists
            return _outside(found.text)
        area = self._decide(found.sector or found.outward, found.sector or found.outward, cell)
        return replace(area, repaired=found.repaired)

    def _decide(
        self, label: str, sector: str | None, cell: Cell, point: Point | None = None
    ) -> Area:
        point = point or Point(cell.lat, cell.lon)
        likeliest, share = cell.shares[0]
        if likeliest == OUTSIDE and share >= SURE:
            return _outside(label)
        if share >= SURE:
            return self._found(label, sector, point, likeliest)
        choices = tuple(name for name, part in cell.shares if part >= MIN_CHOICE)[:MAX_CHOICES]
        return Area(label, None, sector, point, False, choices, outcome="choose")

    def _named(self, entry: AreaName) -> Area:
        cell = self._cell_near(entry.near)
        point = Point(cell.lat, cell.lon) if cell else self._middle(entry)
        if len(entry.boroughs) == 1:
            return self._found(entry.name, None, point, entry.boroughs[0])
        return Area(entry.name, None, None, point, False, entry.boroughs, outcome="choose")

    def _middle(self, entry: AreaName) -> Point | None:
        """Return the middle of a borough outside the eight: theirs are ranked by borough."""
        if entry.near or entry.name in self.areas.served:
            return None
        return self.postcodes.cells.middle(entry.name)

    def _found(self, name: str, sector: str | None, point: Point | None, borough: str) -> Area:
        served = borough in self.areas.served
        outcome = "found" if served else "outside-boroughs"
        label = name if name == borough else f"{name}, {borough}"
        return Area(label, borough, sector, point, True, (), served, outcome)

    def _cell_near(self, near: str) -> Cell | None:
        key = near.replace(" ", "")
        return self.postcodes.cells.get(key) or self.postcodes.sectors.get(key)


def _led(parts: list[str], start: int) -> bool:
    return (start == 0 and len(parts) == 1) or (start > 0 and parts[start - 1].lower() in _BEFORE)


def _outside(label: str) -> Area:
    return Area(label, None, None, None, certain=True, outcome="outside-london")


def load_places(folder: Path, areas: Areas) -> Places:
    """Build the gazetteer from directory/postcodes (cells.csv, areas_gb.csv) and the names."""
    lines = (folder / "areas_gb.csv").read_text(encoding="utf-8").splitlines()[1:]
    outside = dict(line.split(",", 1) for line in lines if line)
    towns = {plain(town): town for town in (*areas.towns, *areas.common_towns)}
    cells = load_cells(folder / "cells.csv")
    return Places(cells, areas, outside, _names(areas), towns, areas.towns_led)


def _names(areas: Areas) -> dict[str, AreaName]:
    names: dict[str, AreaName] = {}
    entries: Iterable[AreaName] = (*areas.boroughs, *areas.areas)
    for entry in entries:
        for word in (entry.name, *entry.aliases):
            names.setdefault(plain(word), entry)
    return names
