"""The typical questions of directory/queries.yaml, as searches that can be asked again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.content.located import Located, read_yaml
from bot.content.problems import Problem
from bot.content.validate import one_of, validate
from bot.conversation.finding import topic_of, with_details
from bot.conversation.state import ChatState, Search
from directory.model import Area, Query
from intents.model import Understanding

QUERIES = "directory/queries.yaml"
DAYS = (
    "today", "tonight", "tomorrow", "weekend", "weekday", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday",
)  # fmt: skip

Text = Annotated[str, Field(min_length=1, max_length=200)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class QueryEntry(_Entry):
    """One question."""

    wish: Text
    area: Text | None = None
    age: Annotated[int, Field(ge=5, le=99)] | None = None
    day: Text | None = None


class QueriesFile(_Entry):
    """directory/queries.yaml."""

    queries: tuple[QueryEntry, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is replayed."""

    words: str  # how the list names it
    query: Query


def load_queries(
    root: Path, locate: Callable[[str], Area]
) -> tuple[list[QueryEntry], list[Problem]]:
    """Read the typical questions, each checked; those with a mistake are left out."""
    located, problems = read_yaml(root / QUERIES, root)
    content, more = validate(QueriesFile, located) if located else (None, [])
    if content is None or located is None:
        return [], problems + more
    kept = []
    for number, entry in enumerate(content.queries):
        faults = _faults(entry, located, ("queries", number), locate)
        problems += faults
        if not faults:
            kept.append(entry)
    return kept, problems


def _faults(
    entry: QueryEntry, located: Located, at: tuple[str | int, ...], locate: Callable[[str], Area]
) -> list[Problem]:
    faults = []
    if entry.day is not None and entry.day not in DAYS:
        fix = one_of(entry.day, DAYS)
        line = located.line(*at, "day")
        faults.append(Problem(located.file, line, "`day` is no day", f"`{entry.day}`", fix))
    if entry.area is not None and locate(entry.area).outcome == "not-a-place":
        fix = "write it like SW9, Brixton or Lambeth"
        line = located.line(*at, "area")
        faults.append(Problem(located.file, line, "`area` is no place", f"`{entry.area}`", fix))
    return faults


def asked(
    entry: QueryEntry, understand: Callable[[str], Understanding], locate: Callable[[str], Area]
) -> Asked:
    """Turn a typical question into the search that the bot would make of it."""
    understood = understand(entry.wish)
    topic = topic_of(understood)
    search = with_details(Search(kinds=(topic,)), understood.details)
    search = replace(
        search,
        age=entry.age if entry.age is not None else search.age,
        days=(entry.day,) if entry.day else search.days,
    )
    doing = search.activities and topic == "find-activities"
    query = replace(
        search.query(ChatState()),
        area=locate(entry.area) if entry.area else None,
        text="" if doing else understood.normal,
    )
    return Asked(", ".join(_said(entry)), query)


def _said(entry: QueryEntry) -> list[str]:
    age = f"age {entry.age}" if entry.age is not None else ""
    return [part for part in (f"“{entry.wish}”", age, entry.area, entry.day) if part]


def counted(label: str, number: int, locate: Callable[[str], Area]) -> Asked:
    """Turn a label of the anonymous counts ("find-work/Lambeth") into a search."""
    needs, _, where = label.partition("/")
    kinds = tuple(need for need in needs.split("+") if need != "any")
    area = locate(where) if where not in ("", "anywhere") else None
    place = where if area else "no area given"
    words = f"{', '.join(kinds) or 'anything'}, {place} (asked {number} times)"
    return Asked(words, Query(kinds=kinds, area=area))
