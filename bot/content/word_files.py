"""Loads the vocabularies of intents/words: areas.yaml and activities.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from bot.content.located import Located, read_yaml
from bot.content.problems import Problem
from bot.content.validate import one_of, validate
from directory import activities, places
from directory.activities import Activities, make_activities
from directory.places import AreaName, Areas

AREAS = "intents/words/areas.yaml"
ACTIVITIES = "intents/words/activities.yaml"

Word = Annotated[str, Field(min_length=1, max_length=80)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class BoroughEntry(_Entry):
    """A borough of London."""

    name: Word
    served: bool = False
    aliases: tuple[Word, ...] = ()


class AreaEntry(_Entry):
    """A named place."""

    name: Word
    borough: Word | tuple[Word, ...]
    near: Annotated[str, Field(pattern=r"^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]?$")]
    aliases: tuple[Word, ...] = ()
    common: bool = False


class AreasFile(_Entry):
    """areas.yaml."""

    boroughs: tuple[BoroughEntry, ...] = Field(min_length=1)
    areas: tuple[AreaEntry, ...] = ()
    towns: tuple[Word, ...] = ()  # outside London
    common_towns: tuple[Word, ...] = Field((), alias="common-towns")


class ActivityEntry(_Entry):
    """An activity."""

    family: Word | None = None
    aliases: tuple[Word, ...] = ()


class ActivitiesFile(RootModel[dict[str, ActivityEntry]]):
    """activities.yaml."""


def load_areas(root: Path) -> tuple[Areas, list[Problem]]:
    """Read areas.yaml; empty where it has problems.

    Whether `near` lies in the borough is checked with the directory, which has the cells.
    """
    located, problems = read_yaml(root / AREAS, root)
    if located is None:
        return Areas(), problems
    content, problems = validate(AreasFile, located)
    if content is None:
        return Areas(), problems
    boroughs = {entry.name for entry in content.boroughs}
    areas = []
    for number, entry in enumerate(content.areas):
        names = (entry.borough,) if isinstance(entry.borough, str) else entry.borough
        line = located.line("areas", number, "borough")
        for name in set(names) - boroughs:
            what = "`borough` is not one of the boroughs above"
            problems.append(Problem(AREAS, line, what, f"`{name}`", one_of(name, boroughs)))
        areas.append(AreaName(entry.name, names, entry.near, entry.aliases, entry.common))
    words = [
        (places.plain(word), located.line(section, number))
        for section in ("boroughs", "areas")
        for number, entry in enumerate(getattr(content, section))
        for word in (entry.name, *entry.aliases)
    ]
    for section, towns in (("towns", content.towns), ("common-towns", content.common_towns)):
        words += [(places.plain(t), located.line(section, n)) for n, t in enumerate(towns)]
    problems += _twice(located, words)
    if problems:
        return Areas(), problems
    found = tuple(AreaName(e.name, (e.name,), "", e.aliases) for e in content.boroughs)
    served = frozenset(entry.name for entry in content.boroughs if entry.served)
    return Areas(tuple(areas), found, served, content.towns, content.common_towns), []


def load_activities(root: Path) -> tuple[Activities, list[Problem]]:
    """Read activities.yaml; empty where it has problems."""
    located, problems = read_yaml(root / ACTIVITIES, root)
    if located is None:
        return Activities(), problems
    content, problems = validate(ActivitiesFile, located)
    if content is None:
        return Activities(), problems
    entries = content.root
    for name, entry in entries.items():
        if entry.family is not None and entry.family not in entries:
            line = located.line(name, "family")
            what = "`family` is not an activity of this file"
            instead = one_of(entry.family, entries)
            problems.append(Problem(ACTIVITIES, line, what, f"`{entry.family}`", instead))
    words = [
        (word, located.line(name))
        for name, entry in entries.items()
        for word in dict.fromkeys(map(activities.plain, (name, *entry.aliases)))
    ]
    problems += _twice(located, words)
    if problems:
        return Activities(), problems
    return make_activities((name, e.family, e.aliases) for name, e in entries.items()), []


def _twice(located: Located, words: Iterable[tuple[str, int]]) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for word, line in words:
        if first.setdefault(word, line) != line:
            what = f"this name stands twice (the first is at {located.file}:{first[word]})"
            problems.append(Problem(located.file, line, what, f"`{word}`", "keep one of them"))
    return problems
