"""A new entry before it is written: tried out by the same check as everything else."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.content.directory_files import load_directory
from bot.content.located import read_yaml
from bot.content.problems import Problem, Severity
from bot.content.validate import validate
from bot.content.writing import line_for_editors, organisation_text, service_text
from directory.schema import OrganisationFile

_BESIDE = ("intents/words", "directory/postcodes")
_SERVICES = re.compile(r"^services:", re.MULTILINE)
_ITEM = re.compile(r"^( *)- ", re.MULTILINE)

Seen = frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Target:
    """The file that is to be written."""

    root: Path  # the project's folder
    file: str  # relative to it
    organisation: str
    before: str = ""  # the text that is there already, where a service is added to it

    def text(self, service: Mapping[str, Any]) -> str:
        """Return what the file will be."""
        if not self.before:
            first = line_for_editors((self.root / self.file).parent)
            return first + organisation_text(self.organisation, [service])
        services = _SERVICES.search(self.before)
        item = _ITEM.search(self.before, services.end() if services else 0)
        block = service_text(service, indent=len(item[1]) if item else 2)
        line = "\r\n" if "\r\n" in self.before else "\n"
        return f"{self.before.rstrip()}{line * 2}{block.replace(chr(10), line)}"


def tried(target: Target, text: str, today: date, *, whole: bool) -> list[Problem]:
    """Check a text as if it stood in its file; with `whole` beside all the others.

    Nothing is written where others could see it.
    """
    with TemporaryDirectory(prefix="new-entry-") as scratch:
        stage = Path(scratch)
        for name in _BESIDE:
            _link(stage / name, target.root / name)
        if whole:
            for folder in ("boroughs/*", "london", "national"):
                for path in (target.root / "directory").glob(f"{folder}/*.yaml"):
                    _link(stage / path.relative_to(target.root), path)
        place = stage / target.file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.write_bytes(text.encode("utf-8"))
        _, problems = load_directory(stage, today)
        if not any(one.severity is Severity.ERROR for one in problems if one.file == target.file):
            problems += _lost(target, place, stage)
        return [one for one in problems if one.file == target.file]


def _lost(target: Target, place: Path, stage: Path) -> list[Problem]:
    """What stood in the file before must stand there still, as it was."""
    if not target.before:
        return []
    old, _ = _services(target.before, stage / "before.yaml", stage)
    new, _ = _services(place.read_text(encoding="utf-8"), stage / "after.yaml", stage)
    if old is not None and new is not None and len(new) == len(old) + 1 and new[:-1] == old:
        return []
    what = "a service cannot be added below the others here"
    return [Problem(target.file, 1, what, instead="add it by hand, where `services` ends")]


def _services(text: str, path: Path, stage: Path) -> tuple[Sequence[Any] | None, list[Problem]]:
    path.write_bytes(text.encode("utf-8"))
    located, problems = read_yaml(path, stage)
    content, more = validate(OrganisationFile, located) if located else (None, [])
    return (content.services if content else None), problems + more


def _link(place: Path, to: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(to.resolve())


def news(problems: Sequence[Problem], before: Seen) -> list[Problem]:
    """Return the problems that were not there before, wherever their lines are now."""
    return [one for one in problems if _key(one) not in before]


def as_seen(problems: Sequence[Problem]) -> Seen:
    """Return problems as they are compared."""
    return frozenset(_key(one) for one in problems)


def _key(problem: Problem) -> tuple[str, str, str]:
    return problem.what, problem.found, problem.instead


def write(target: Target, text: str) -> Path:
    """Write the file: a new one never over another, an old one whole or not at all.

    Raises FileExistsError where somebody was quicker, OSError where it cannot be written.
    """
    path = target.root / target.file
    path.parent.mkdir(parents=True, exist_ok=True)
    if not target.before:
        with path.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
        return path
    if path.read_bytes() != target.before.encode("utf-8"):
        raise FileExistsError(0, "it was changed by somebody else meanwhile", str(path))
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(text.encode("utf-8"))
    os.replace(fresh, path)
    return path
