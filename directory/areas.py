"""Named places: boroughs, areas, estates, stations, wards, and towns far away."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from directory.model import Point

# After these the name of a town far away is a place, and not a team or a film. An ordinary word
# ("reading") needs more of them.
_TOWN_LEADS = ("in", "near", "from", "around", "round", "outside")
_COMMON_LEADS = ("live in", "living in", "am in", "im in", "based in", "from", "near")


@dataclass(frozen=True)
class AreaName:
    """One entry of intents/words/areas.yaml, or a ward."""

    name: str
    boroughs: tuple[str, ...]
    near: str  # a cell "SW9 8J" or a sector "SW9 8"; empty for a borough or a ward
    aliases: tuple[str, ...] = ()
    common: bool = False  # also an ordinary word: inside a sentence only after "in", "near", ...
    point: Point | None = None  # of a ward


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

    @property
    def names(self) -> dict[str, AreaName]:
        """Every name and alias, plain, with its entry; "and" may be left out."""
        entries: Iterable[AreaName] = (*self.boroughs, *self.areas)
        return _by_name((word, entry) for entry in entries for word in (entry.name, *entry.aliases))


def plain(text: str) -> str:
    """Return a name as it is compared: lower case letters and digits, single spaces."""
    return " ".join(
        re.sub(r"[^a-z0-9]+", " ", text.lower().replace("'", "").replace("’", "")).split()
    )


def load_wards(path: Path) -> dict[str, AreaName]:
    """Read wards.csv: every plain name, and each part of "Blackwall & Cubitt Town"."""
    found: dict[str, AreaName] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            point = Point(float(row["lat"]), float(row["lon"]))
            ward = AreaName(row["ward"], (row["borough"],), "", common=True, point=point)
            parts = re.split(r" & |, ", row["ward"])
            for key in _by_name((word, ward) for word in dict.fromkeys((row["ward"], *parts))):
                other = found.get(key)
                if other is not None and other.boroughs != ward.boroughs:
                    boroughs = tuple(dict.fromkeys((*other.boroughs, row["borough"])))
                    found[key] = AreaName(row["ward"], boroughs, "", common=True)
                else:
                    found.setdefault(key, ward)
    return found


def _by_name(words: Iterable[tuple[str, AreaName]]) -> dict[str, AreaName]:
    names: dict[str, AreaName] = {}
    bare: dict[str, AreaName] = {}
    for word, entry in words:
        name = plain(word.replace("&", " and "))
        names.setdefault(name, entry)
        names.setdefault(plain(word), entry)
        bare.setdefault(" ".join(part for part in name.split() if part != "and"), entry)
    return bare | names
