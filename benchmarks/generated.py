"""Invents a directory of any size for measuring, and marks every entry of it as invented.

Kinds, activities, ages, hours and texts are drawn from the real entries, so that their mix is as it
is; names are made of random words, and places are drawn from the postcode cells of the boroughs in
the shares of the real entries. Nothing of it is ever written into the project's own folder.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
MARK = "invented for a benchmark"
NATIONAL = 94  # as many as there are: what grows is the number of local services
SERVICES_A_FILE = 1.35  # as in the real folders
_WORDS = """
amber anchor ash aspen beacon birch blue bridge bright brook canal cedar chapel cherry circle clay
cloud coral corner cross dawn delta dragon eagle echo elm ember falcon fern field first flint
forge fox garden gate golden granite green grove harbour hazel heron hill holly horizon iron ivy
jade jet juniper kestrel kite lantern larch laurel lime linden lion lock lotus maple market meadow
mill mint moon moss north oak ocean olive orbit orchard otter palm pearl phoenix pier pine poplar
prism quarry quay raven red reed ridge river robin rose rowan ruby sage sail salt scarlet silver
sky slate south spark spring spruce star stone storm summit sun swan swift sycamore thistle thorn
tide tiger tower union valley vine violet walnut water west wharf wild willow wind wren yarrow yew
zenith
"""
NAMES = tuple(_WORDS.split())
_ENDS = ("", "", "bank", "bridge", "croft", "dale", "field", "ford", "gate", "hurst", "ley", "mead",
         "side", "stead", "ton", "wick", "worth")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_KEPT = ("what", "kinds", "activities", "tags", "groups", "venue", "coverage", "ages", "free",
         "cost", "access", "seen", "confidence", "confidentiality")  # fmt: skip

Entry = dict[str, Any]


def write_directory(folder: Path, services: int, seed: int = 4) -> None:
    """Write a project folder with so many invented services, and the words and tables it needs."""
    (folder / "directory").mkdir(parents=True)
    (folder / "directory/postcodes").symlink_to(ROOT / "directory/postcodes")
    (folder / "intents").mkdir()
    (folder / "intents/words").symlink_to(ROOT / "intents/words")
    for path in sorted((ROOT / "directory/boroughs").glob("*/borough.yaml")):
        below = folder / "directory/boroughs" / path.parent.name
        below.mkdir(parents=True)
        shutil.copy(path, below / path.name)
    (folder / "directory/national").mkdir()
    drawn = random.Random(seed)
    made = _entries(services, drawn)
    for number, (below, entries) in enumerate(_files(made, drawn)):
        name = f"Organisation {number} ({MARK})"
        text = yaml.dump({"organisation": name, "services": entries}, Dumper=yaml.CSafeDumper,
                         sort_keys=False, allow_unicode=True, width=100)  # fmt: skip
        path = folder / "directory" / below / f"organisation-{number}.yaml"
        path.write_text(f"# {MARK}\n{text}", encoding="utf-8")


def _files(made: Iterator[tuple[str, Entry]], drawn: random.Random) -> Iterator[
    tuple[str, list[Entry]]
]:  # fmt: skip
    waiting: dict[str, list[Entry]] = {}
    for below, entry in made:
        waiting.setdefault(below, []).append(entry)
        if drawn.random() < 1 / SERVICES_A_FILE:
            yield below, waiting.pop(below)
    yield from waiting.items()


def _entries(services: int, drawn: random.Random) -> Iterator[tuple[str, Entry]]:
    local, wide = _templates()
    cells, areas = _cells(), _areas()
    nationals = min(NATIONAL, services * 3 // 10)
    for number in range(services):
        if number < nationals:
            yield "national", _entry(number, drawn.choice(wide), drawn)
            continue
        borough, template = drawn.choice(local)
        entry = _entry(number, template, drawn)
        if "postcode" in template or "near" in template:
            if "near" in template and areas.get(borough):
                entry["near"] = drawn.choice(areas[borough])
            else:
                entry["postcode"] = drawn.choice(cells[borough]) + drawn.choice("ABDEFGHJLN")
            entry["address"] = f"{drawn.randint(1, 300)} {_words(drawn, 1)} Road, London"
        yield f"boroughs/{borough}", entry


def _entry(number: int, template: Entry, drawn: random.Random) -> Entry:
    entry = {"id": f"generated-{number}", "name": _name(template, drawn)}
    entry |= {key: deepcopy(template[key]) for key in _KEPT if key in template}
    ages = entry.get("ages")
    if ages and ages.get("min") and ages.get("max"):
        entry["ages"] = {"min": max(5, ages["min"] + drawn.randint(-2, 2)), "max": ages["max"]}
    if drawn.random() < 0.4 and entry.get("venue", "place") == "place":
        days = drawn.sample(_DAYS, drawn.randint(1, 3))
        start = drawn.randint(15, 19)
        entry["when"] = [f"{day} {start}:00-{start + 2}:00" for day in days]
    entry["contact"] = {"phone": f"020 7946 {drawn.randint(0, 999):04}",
                        "website": f"https://example.org/generated/{number}"}  # fmt: skip
    return entry | {"source": [f"https://example.org/generated/{number}"], "reason": MARK}


def _name(template: Entry, drawn: random.Random) -> str:
    """Two words of our own and the last two of a real name: "Amber Heron Boxing Club"."""
    return f"{_words(drawn, 2)} {' '.join(template['name'].split()[-2:])}"


def _words(drawn: random.Random, count: int) -> str:
    """Return words such as "Amber" and "Heronfield": a vocabulary that grows with the directory."""
    return " ".join((drawn.choice(NAMES) + drawn.choice(_ENDS)).title() for _ in range(count))


def _templates() -> tuple[list[tuple[str, Entry]], list[Entry]]:
    local: list[tuple[str, Entry]] = []
    wide: list[Entry] = []
    for path in sorted((ROOT / "directory").glob("**/*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry in content.get("services", ()):
            if entry.get("closed"):
                continue
            entry = {**entry, "seen": str(entry["seen"])}
            if path.parent.parent.name == "boroughs":
                local.append((path.parent.name, entry))
            else:
                wide.append(entry)
    return local, wide


def _cells() -> dict[str, list[str]]:
    """Every postcode cell that lies in one borough, each as often as it has postcodes."""
    found: dict[str, list[str]] = {}
    text = (ROOT / "directory/postcodes/cells.csv").read_text(encoding="utf-8")
    for line in text.splitlines()[1:]:
        cell, count, _, _, shares = line.split(",", 4)
        borough, _, share = shares.split(";")[0].partition("=")
        if float(share) == 1.0:
            found.setdefault(borough.lower().replace(" ", "-"), []).extend([cell] * int(count))
    return found


def _areas() -> dict[str, list[str]]:
    content = yaml.safe_load((ROOT / "intents/words/areas.yaml").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {}
    for entry in content["areas"]:
        if isinstance(entry["borough"], str):
            found.setdefault(entry["borough"].lower().replace(" ", "-"), []).append(entry["name"])
    return found
