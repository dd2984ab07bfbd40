"""Examples that workers gave out of closed cases: what was said, and where it would go.

None becomes an example by itself: a maintainer reads it, writes it into the file, and says so.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rapidfuzz import fuzz, process

from bot.cases.learning import NOT_A_DANGER
from bot.commands.content import ROOT
from bot.commands.report import CANNOT_START
from bot.commands.stored import read_database
from bot.content.intent_files import load_urgent
from bot.delivery.errors import StorageError
from bot.settings import SettingsError, read_settings
from bot.upkeep.done import SUGGESTIONS, read_done, write_done
from intents.schema import UrgentFile

URGENT = "intents/urgent"
UNKNOWN_KIND = "KIND"  # for a maintainer to fill in
SECTIONS = {True: "twins", False: "urgent: plain"}  # where it goes in a file: harmless, or a danger

Row = tuple[int, str, Mapping[str, Any]]  # number, day, what was given


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One example as a maintainer sees it."""

    number: int
    day: str
    judged: str
    text: str
    file: str
    section: str
    yaml: str  # ready for the file, as far as it can be known


def suggestions(given: argparse.Namespace) -> int:
    """List what waits; --done takes one off the list."""
    try:
        settings = read_settings()
        done = read_done(settings.data_dir, SUGGESTIONS)
        rows: Sequence[Row] = read_database(settings, lambda unit: unit.suggestions(""))
    except (SettingsError, StorageError, ValueError) as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    if given.done is not None:
        if given.done not in [number for number, _, _ in rows]:
            print(f"--done {given.done}: there is no suggestion with that number", file=sys.stderr)
            return 2
        # Numbers of those that are erased by now are of no more use.
        there = {str(number) for number, _, _ in rows}
        done = {name: n for name, n in done.items() if name in there} | {str(given.done): 1}
        write_done(settings.data_dir, done, SUGGESTIONS)
    found = waiting(rows, done, load_urgent(ROOT))
    if given.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    else:
        print("\n".join(suggestion_lines(found)))
    return 0


def waiting(
    rows: Sequence[Row], done: Collection[str], files: Mapping[str, UrgentFile]
) -> list[Suggestion]:
    """What no maintainer has seen to yet, oldest first."""
    return [_suggestion(row, files) for row in rows if str(row[0]) not in done]


def _suggestion(row: Row, files: Mapping[str, UrgentFile]) -> Suggestion:
    number, day, given = row
    harmless = given["judged"] == NOT_A_DANGER
    kind = given.get("kind") or UNKNOWN_KIND
    text = str(given["text"])
    ready = _twin(text, files.get(kind)) if harmless else f"    - {_quoted(text)}"
    return Suggestion(
        number, day, str(given["judged"]), text, f"{URGENT}/{kind}.yaml", SECTIONS[harmless], ready
    )


def _twin(text: str, file: UrgentFile | None) -> str:
    """A harmless twin, beside the danger of its file that it is most alike."""
    danger, level = _most_alike(text, file)
    return "\n".join(
        (
            f"  - danger: {_quoted(danger)}",
            f"    level: {level}",
            f"    harmless: {_quoted(text)}",
            "    intent: out-of-scope  # or what it is about",
            "    urgency: none  # or concern",
        )
    )


def _most_alike(text: str, file: UrgentFile | None) -> tuple[str, str]:
    dangers = [
        (line, level)
        for level, groups in (("emergency", file.emergency), ("urgent", file.urgent))
        for _, line in groups.lines()
    ] if file else []  # fmt: skip
    alike = process.extractOne(text, [line for line, _ in dangers], scorer=fuzz.token_set_ratio)
    return dangers[alike[2]] if alike else ("the danger that it looks like", "urgent")


def _quoted(text: str) -> str:
    """As YAML writes it in double quotes; JSON is a part of YAML."""
    return json.dumps(text, ensure_ascii=False)


def suggestion_lines(found: Sequence[Suggestion]) -> list[str]:
    """The list as text."""
    lines = [f"{len(found)} suggestions wait. Nothing is taken up by itself."]
    for one in found:
        where = f"  {one.file}, under {one.section}:"
        lines += ["", f"{one.number}  {one.day}  {one.judged}", where, one.yaml]
    if found:
        lines += ["", "Read it, leave out what could tell who it was, write it into the file, "
                  f"then: python run_bot.py suggestions --done {found[0].number}"]  # fmt: skip
    return lines
