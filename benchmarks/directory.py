"""Measures the directory at 100, 1,000 and 10,000 invented services.

Run: python -m benchmarks.directory [--sizes N ...] [--write-docs] [--profile]. Each size is made in
a temporary folder and measured in a process of its own, held to one core: load and check, building
the index, memory, and searches as people make them. Bars: a search takes at most 5 ms at p99, and
load and check at most 10 s, both at 10,000. `--write-docs` writes docs/directory.md and the plot.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.generated import write_directory  # noqa: E402
from benchmarks.plot import Panel, Series, plot  # noqa: E402
from benchmarks.wishes import read_table  # noqa: E402
from directory.model import Query  # noqa: E402

SIZES = (100, 1_000, 10_000)
SEARCHES = 2_000
SEARCH_BAR_MS, LOAD_BAR_S, AT = 5.0, 10.0, 10_000
PLOT = ROOT / "docs/pictures/directory-growth.svg"
PAGE = ROOT / "docs/directory.md"
BEGIN, END = "<!-- benchmark -->", "<!-- /benchmark -->"
DAYS = ("today", "tomorrow", "weekend", "mon", "wed", "fri", "sat")
PARTS = (None, None, "evening", "afternoon")
GROUPS = ("girls", "send", "lgbtq", "girl", "boy", "care-leavers", "refugees")


@dataclass(frozen=True)
class Figures:
    """What was measured at one size."""

    services: int
    load_s: float  # reading and checking every file
    index_s: float
    start_mb: float  # resident memory with the program and the postcode table, without services
    loaded_mb: float  # with all services and the index
    p50_ms: float  # of one core's own time, so that a busy machine changes nothing
    p99_ms: float
    worst_ms: float
    wall_p99_ms: float  # as a clock on the wall sees it, with whatever else ran meanwhile
    found: float  # share of searches that found something

    @property
    def kilobytes_each(self) -> float:
        """Memory that one more service takes."""
        return (self.loaded_mb - self.start_mb) * 1024 / self.services


def queries(index: Any, locate: Callable[[str], Any], count: int) -> list[Query]:
    """Return searches as people make them: wishes, filters, names with and without a slip."""
    drawn = random.Random(7)
    table = read_table()
    areas = [locate(postcode) for postcode in table.postcodes.values()]
    areas += [locate(name) for name in ("SW9", "Croydon", "peckham", "tottenham", "stratford")]
    made = []
    for _ in range(count):
        if drawn.random() < 0.15:
            made.append(_by_name(index, drawn, drawn.choice(areas)))
            continue
        query = drawn.choice(table.wishes).asked(drawn.choice(areas))
        made.append(_filtered(query, index, drawn))
    return made


def _by_name(index: Any, drawn: random.Random, area: Any) -> Query:
    name = drawn.choice(index.services).name.lower()
    if drawn.random() < 0.5 and len(name) > 6:
        at = drawn.randrange(len(name) - 1)
        name = name[:at] + name[at + 1 :]
    return Query(text=name, area=area, limit=3)


def _filtered(query: Query, index: Any, drawn: random.Random) -> Query:
    changes: dict[str, Any] = {}
    if drawn.random() < 0.7:
        changes["age"] = drawn.randint(10, 25)
    if drawn.random() < 0.2:
        changes["free"] = True
    if drawn.random() < 0.3:
        changes |= {"days": (drawn.choice(DAYS),), "part_of_day": drawn.choice(PARTS)}
    if drawn.random() < 0.15:
        changes["groups"] = (drawn.choice(GROUPS),)
    if drawn.random() < 0.1:
        changes["avoid"] = frozenset({"Peckham, Southwark"})
    if drawn.random() < 0.2:
        shown = drawn.sample(range(len(index.services)), min(6, len(index.services)))
        changes["exclude"] = frozenset(index.services[row].id for row in shown)
    return replace(query, **changes)


def measure(folder: Path, services: int, *, profile: bool = False) -> Figures:
    """Measure one size in this process."""
    from bot.content.directory_files import load_directory
    from bot.content.problems import Severity
    from bot.content.word_files import load_activities, load_areas
    from directory.places import load_places
    from directory.search import Index

    places = load_places(folder / "directory/postcodes", load_areas(folder)[0])
    activities = load_activities(folder)[0]
    now = read_table().now
    before = resident_mb()
    start = time.process_time()
    directory, problems = load_directory(folder, now.date())
    load = time.process_time() - start
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors or len(directory.services) != services:
        raise SystemExit(f"{len(directory.services)} of {services} loaded: {errors[:3]}")
    del problems, errors
    start = time.process_time()
    index = Index(directory, activities, places.point_of)
    built = time.process_time() - start
    loaded = resident_mb()
    asked = queries(index, places.locate, SEARCHES)
    for query in asked[:50]:
        index.search(query, now)
    if profile:
        _profile(lambda: [index.search(query, now) for query in asked])
    took, wall, found = _timed(lambda query: index.search(query, now), asked)
    return Figures(services, load, built, before, loaded, _share(took, 0.5), _share(took, 0.99),
                   max(took), _share(wall, 0.99), found)  # fmt: skip


def _timed(
    search: Callable[[Query], Any], asked: list[Query]
) -> tuple[list[float], list[float], float]:
    """Return what each search takes of a core and by the clock, and the share that find some."""
    took, wall, found = [], [], 0
    for query in asked:
        start, clock = time.thread_time(), time.perf_counter()
        results = search(query)
        took.append((time.thread_time() - start) * 1000)
        wall.append((time.perf_counter() - clock) * 1000)
        found += bool(results.matches)
    return took, wall, found / len(asked)


def _share(values: list[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)]


def _profile(work: Callable[[], object]) -> None:
    profiler = cProfile.Profile()
    profiler.runcall(work)
    pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(25)


def resident_mb() -> float:
    """The memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def table_of(rows: list[Figures]) -> str:
    """The figures as a table of Markdown."""
    lines = [
        "| services | load and check | index | search p50 | search p99 | slowest | memory |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one.services:,} | {one.load_s:.2f} s | {one.index_s:.2f} s | {one.p50_ms:.2f} ms "
        f"| {one.p99_ms:.2f} ms | {one.worst_ms:.2f} ms | {one.loaded_mb:.0f} MB |"
        for one in rows
    ]
    return "\n".join(lines)


def picture(rows: list[Figures]) -> str:
    """The growth as a picture."""
    sizes = [one.services for one in rows]
    search = Panel("One search, one core", "ms", (
        Series("p99", [one.p99_ms for one in rows]), Series("p50", [one.p50_ms for one in rows]),
    ), bar=SEARCH_BAR_MS)  # fmt: skip
    load = Panel("Load and check", "s", (Series("all files", [one.load_s for one in rows]),),
                 bar=LOAD_BAR_S)  # fmt: skip
    memory = Panel("Memory of the process", "MB", (
        Series("in all", [one.loaded_mb for one in rows]),
    ))  # fmt: skip
    return plot("services, invented for the purpose", sizes, (search, load, memory))


def write_docs(rows: list[Figures]) -> None:
    """Write the table into docs/directory.md and the picture beside it."""
    PLOT.write_text(picture(rows), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{BEGIN}\n{table_of(rows)}\n{END}{tail}", encoding="utf-8")


def _apart(services: int, *, profile: bool) -> Figures:
    with tempfile.TemporaryDirectory(prefix="myends-invented-") as folder:
        root = Path(folder) / "project"
        write_directory(root, services)
        command = [sys.executable, "-m", "benchmarks.directory", "--one", str(services), str(root)]
        done = subprocess.run(
            command + ["--profile"] * profile,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return Figures(**json.loads(done.stdout))


def main() -> int:
    """Measure every size; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many services")
    parser.add_argument("--write-docs", action="store_true", help="into docs/directory.md")
    parser.add_argument("--profile", action="store_true", help="where the time of a search goes")
    parser.add_argument("--one", nargs=2, metavar=("N", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        print(json.dumps(asdict(measure(Path(given.one[1]), int(given.one[0]),
                                        profile=given.profile))))  # fmt: skip
        return 0
    rows = [_apart(size, profile=given.profile) for size in given.sizes]
    print(table_of(rows))
    for one in rows:
        print(f"{one.services}: {one.kilobytes_each:.1f} kB a service, {one.found:.1%} found some, "
              f"p99 by the clock {one.wall_p99_ms:.2f} ms")  # fmt: skip
    if given.write_docs:
        write_docs(rows)
    at = next((one for one in rows if one.services == AT), None)
    missed = at is not None and (at.p99_ms > SEARCH_BAR_MS or at.load_s > LOAD_BAR_S)
    print("a bar is missed" if missed else "within the bars")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
