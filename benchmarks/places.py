"""How well places are told, with the shipped table and with an imported one.

Run: python -m benchmarks.places [--number N] [--seed N]. It needs ../shared/facts/postcodes, makes
a file like Code-Point Open's out of the exact list there, imports it into a temporary folder with
the real importer, and prints what both tables answer.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.places_data import (
    FACTS,
    NOISE,
    ROOT,
    SEED,
    Postcode,
    drawn,
    fringe,
    known,
    london,
    noisy,
    write_code_point,
)
from bot.commands.postcodes import Imported, build
from bot.content.word_files import load_areas
from bot.storage.units import UnitTable
from directory.areas import Areas
from directory.model import Area
from directory.places import Places, load_places
from directory.units import Unit

POSTCODES = ROOT / "directory/postcodes"
BARS = {"as written": 0.995, "one slip each": 0.98}


@dataclass(frozen=True)
class Figure:
    """How often one way of asking was answered how, and how long it took."""

    right: int
    asked: int
    wrong: int
    micros: float

    @property
    def good(self) -> float:
        """The share that was right or asked for."""
        return (self.right + self.asked) / max(1, self.right + self.asked + self.wrong)


class WithoutItself:
    """A table in which nothing lies at the very place that is asked for."""

    def __init__(self, table: UnitTable) -> None:
        self._table = table
        self.edition = table.edition
        self.get, self.below = table.get, table.below

    def near(self, lat: float, lon: float, metres: float) -> list[tuple[float, Unit]]:
        """The postcodes around a point, further than rounding from it."""
        return [pair for pair in self._table.near(lat, lon, metres) if pair[0] > 1.5]


def measure(asked: Iterable[tuple[Callable[[], Area], str]]) -> Figure:
    """Ask, and hold each answer against the true borough."""
    counts: Counter[str] = Counter()
    began, number = time.perf_counter(), 0
    for ask, borough in asked:
        area = ask()
        number += 1
        if area.borough == borough:
            counts["right"] += 1
        else:
            counts["asked" if borough in area.choices else "wrong"] += 1
    micros = (time.perf_counter() - began) / max(1, number) * 1e6
    return Figure(counts["right"], counts["asked"], counts["wrong"], micros)


def figures(places: Places, sample: tuple[Postcode, ...], seed: int) -> dict[str, Figure]:
    """Every figure for one table."""
    chance = random.Random(seed)

    def typed(slip: Callable[[str], str]) -> Figure:
        texts = [(slip(one.written), one.borough) for one in sample]
        return measure((partial(places.locate, text), borough) for text, borough in texts)

    found = {"as written": typed(str), "one slip each": typed(lambda text: noisy(text, chance))}
    found |= {f"  {kind}": typed(slip) for kind, slip in NOISE.items()}
    found["known_points.csv"] = measure(
        (partial(places.locate, postcode), borough) for postcode, borough in known()
    )
    found["shared location"] = measure(
        (partial(places.nearest, one.lat, one.lon), one.borough) for one in sample
    )
    return found


def imported(folder: Path, areas: Areas) -> Imported:
    """Make the file and import it, as a maintainer would."""
    path = folder / "codepo_gb.zip"
    write_code_point(path, itertools.chain(london(), fringe()))
    size = path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
    done = build(path, folder / "postcodes.sqlite3", areas, datetime.now(UTC), lambda _: None)
    print(f"import: {done.tally.read:,} rows of {size / 1e6:.1f} MB ({unpacked / 1e6:.1f} "
          f"unpacked) in {done.seconds:.1f} s, {done.tally.read / done.seconds:,.0f} rows/s; "
          f"table {done.size / 1e6:.1f} MB with {done.kept:,} postcodes")  # fmt: skip
    return done


def lookups(table: UnitTable, sample: tuple[Postcode, ...]) -> None:
    """How long the table itself takes, without reading what was typed."""
    keys = [one.written.replace(" ", "") for one in sample]
    began = time.perf_counter()
    hits = sum(table.get(key) is not None for key in keys)
    micros = (time.perf_counter() - began) / len(keys) * 1e6
    print(f"lookup in the table: {micros:.1f} microseconds, {hits} of {len(keys)} found")


def show(title: str, found: dict[str, Figure]) -> None:
    """Print one table of figures."""
    print(f"\n{title}")
    print(f"{'':24} {'right':>6} {'asked':>6} {'wrong':>6} {'right or asked':>15} {'µs':>6}")
    for name, one in found.items():
        bar = f"  (bar {BARS[name]:.1%})" if name in BARS else ""
        print(f"{name:24} {one.right:6} {one.asked:6} {one.wrong:6} {one.good:15.2%} "
              f"{one.micros:6.0f}{bar}")  # fmt: skip


def main() -> int:
    """Print all figures; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.places", description=__doc__)
    parser.add_argument("--number", type=int, default=2_000, help="postcodes drawn (default 2000)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the draw (default {SEED})")
    given = parser.parse_args()
    if not FACTS.is_dir():
        print(f"{FACTS} is not there: nothing to measure with", file=sys.stderr)
        return 2
    areas, _ = load_areas(ROOT)
    sample = drawn(given.number, given.seed)
    print(f"{len(sample)} postcodes of London, seed {given.seed}")
    coarse = figures(load_places(POSTCODES, areas), sample, given.seed)
    show("shipped table (cells)", coarse)
    print()
    with tempfile.TemporaryDirectory() as name:
        target = imported(Path(name), areas).target
        table = UnitTable.open(target)
        assert table is not None
        lookups(table, sample)
        exact = figures(load_places(POSTCODES, areas, table), sample, given.seed)
        alone = load_places(POSTCODES, areas, WithoutItself(table))
        exact["  own postcode left out"] = measure(
            (partial(alone.nearest, one.lat, one.lon), one.borough) for one in sample
        )
        show(f"imported table ({table.edition.name})", exact)
        table.close()
    good = all(found[name].good >= bar for found in (coarse, exact) for name, bar in BARS.items())
    whole = all(found["known_points.csv"].wrong == 0 for found in (coarse, exact))
    print(f"\nbars: {'met' if good and whole else 'MISSED'}")
    return 0 if good and whole else 1


if __name__ == "__main__":
    sys.exit(main())
