"""Measures the search against thirty everyday wishes in each borough.

Run: python -m benchmarks.wishes [--misses] [--all] [--structured]. Each wish of wishes.yaml is
asked from one postcode in each borough, once as a query (what a tap on the buttons asks: the search
alone) and once in words (through the understanding, as `find` does). Counted is how often the first
answer is right by the table; the exit status is 1 where the search alone misses the bar of 90 %.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from directory.activities import Activities  # noqa: E402
from directory.hours import LONDON  # noqa: E402
from directory.model import Area, Match, Query, Results  # noqa: E402

TABLE = ROOT / "benchmarks/wishes.yaml"
BAR = 0.90
Ask = Callable[["Wish", Area], Results]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Right(_Part):
    """One way to be right; all that stands in it must hold."""

    kind: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    activity: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    for_group: tuple[str, ...] = Field((), alias="for")
    today: bool = False
    said: tuple[str, ...] = ()


class Wish(_Part):
    """One wish, the query that it means, and what is a right first answer."""

    say: str
    query: dict[str, Any]
    judged: str
    right: tuple[Right, ...] = Field(min_length=1)

    def asked(self, area: Area) -> Query:
        """Return the wish as a query, without our understanding in between."""
        values = {k: tuple(v) if isinstance(v, list) else v for k, v in self.query.items()}
        return Query(**values, area=area)


class Table(_Part):
    """The whole of benchmarks/wishes.yaml."""

    postcodes: dict[str, str]
    at: datetime
    wishes: tuple[Wish, ...]

    @property
    def now(self) -> datetime:
        """When it is asked, in London."""
        return self.at.replace(tzinfo=LONDON)


@dataclass(frozen=True)
class Answer:
    """What came first for one wish in one borough, and whether that is right."""

    borough: str
    wish: Wish
    first: Match | None
    widened: tuple[str, ...]
    right: bool

    def __str__(self) -> str:
        found = "nothing"
        if self.first is not None:
            found = f"{self.first.service.id} ({', '.join(self.first.why)})"
        said = f" [{', '.join(self.widened)}]" if self.widened else ""
        return f"{self.borough:13} {self.wish.say!r}: {found}{said}"


def read_table(path: Path = TABLE) -> Table:
    """Read the table of wishes."""
    return Table.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def is_right(results: Results, wish: Wish, activities: Activities, now: datetime) -> bool:
    """Tell whether the first result is right by the table."""
    if not results.matches:
        return False
    first = results.matches[0]
    return any(_holds(one, first, results.widened, activities, now) for one in wish.right)


def _holds(
    right: Right, match: Match, widened: tuple[str, ...], activities: Activities, now: datetime
) -> bool:
    service = match.service
    text = " ".join((service.name, service.what, *service.tags)).lower()
    groups = {*service.groups, *service.tags}
    upcoming = match.next_session
    done = [activities.is_a(one, other) for one in service.activities for other in right.activity]
    checks = (
        not right.kind or service.kinds[0] in right.kind,
        not right.kinds or bool(set(right.kinds) & set(service.kinds)),
        not right.activity or any(done),
        not right.has or bool(set(right.has) & set(service.activities)),
        not right.words or any(word in text for word in right.words),
        bool(groups & set(right.for_group)) if right.for_group else not service.groups,
        not right.today or (upcoming is not None and upcoming.date() == now.date()),
        not right.said or bool(set(right.said) & set(widened)),
    )
    return all(checks)


def answers(
    table: Table, ask: Ask, locate: Callable[[str], Area], activities: Activities
) -> Iterator[Answer]:
    """Ask every wish from every postcode."""
    for borough, postcode in table.postcodes.items():
        area = locate(postcode)
        if borough not in (area.borough, *area.choices):
            raise ValueError(f"{postcode} is in {area.label}, not in {borough}")
        for wish in table.wishes:
            results = ask(wish, area)
            right = is_right(results, wish, activities, table.now)
            first = results.matches[0] if results.matches else None
            yield Answer(borough, wish, first, results.widened, right)


def summary(given: list[Answer]) -> str:
    """Say how many first answers are right, in all, by borough and by wish."""
    right = sum(one.right for one in given)
    lines = [f"right first: {right} of {len(given)} = {right / len(given):.1%}"]
    boroughs = dict.fromkeys(one.borough for one in given)
    counts = [(name, [one for one in given if one.borough == name]) for name in boroughs]
    lines.append("  " + ", ".join(
        f"{name} {sum(a.right for a in found)}/{len(found)}" for name, found in counts
    ))  # fmt: skip
    return "\n".join(lines)


def main() -> int:
    """Print both measurements; 1 where the search alone misses the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="name each first answer not right")
    parser.add_argument("--all", action="store_true", help="name each first answer")
    parser.add_argument(
        "--structured", action="store_true", help="only the queries: needs no fitted model"
    )
    given = parser.parse_args()
    table = read_table()
    status = 0
    for name, ask, locate, activities in _ways(table, words=not given.structured):
        found = list(answers(table, ask, locate, activities))
        print(f"{name}: {summary(found)}")
        for one in found:
            if given.all or (given.misses and not one.right):
                print(f"  {'' if one.right else 'NOT '}right: {one}")
        if name == "as queries" and sum(one.right for one in found) < BAR * len(found):
            status = 1
    return status


def _ways(
    table: Table, *, words: bool
) -> Iterator[tuple[str, Ask, Callable[[str], Area], Activities]]:
    from bot.content.directory_files import load_directory
    from bot.content.word_files import load_activities, load_areas
    from directory.places import load_places
    from directory.search import Index

    activities = load_activities(ROOT)[0]
    places = load_places(ROOT / "directory/postcodes", load_areas(ROOT)[0])
    index = Index(load_directory(ROOT)[0], activities, places.point_of)

    def as_query(wish: Wish, area: Area) -> Results:
        return index.search(wish.asked(area), table.now)

    yield "as queries", as_query, places.locate, activities
    if words:
        from bot.commands.content import search_for, usable

        world = usable().world

        def in_words(wish: Wish, area: Area) -> Results:
            return search_for(world, wish.say, area, table.now)

        yield "in words", in_words, places.locate, activities


if __name__ == "__main__":
    sys.exit(main())
