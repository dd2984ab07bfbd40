"""An import, worked out whole before a single file is touched: what would change, what is wrong.

The files as they would be are laid out beside the real ones and loaded as the bot loads them. Only
where that finds no error, and reads back exactly what was asked for, can they be written.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.content.directory_files import load_directory
from bot.content.located import Key, Located, read_yaml
from bot.content.problems import Problem, Severity
from bot.content.shelf import BOROUGH_FILE, Shelf, read_sheet, read_shelf
from bot.content.validate import validate
from bot.content.writing import line_for_editors, organisation_text
from bot.content.yaml_edit import CannotEditError, Edit, edited
from directory.exchange.columns import (
    ID,
    ORGANISATION,
    WHERE,
    Row,
    by_name,
    columns,
    entry_of,
    row_of,
)
from directory.exchange.ids import slug
from directory.exchange.incoming import Incoming, Slip
from directory.exchange.merge import Wanted, merge, organisations
from directory.schema import ServiceEntry


@dataclass(frozen=True, slots=True)
class Change:
    """One service that the import adds or changes."""

    file: str
    id: str
    old: Row | None  # None: a new one
    new: Row

    @property
    def names(self) -> list[str]:
        """The columns that differ."""
        old = self.old or {}
        return [one.name for one in columns() if old.get(one.name) != self.new.get(one.name)]


@dataclass
class Outcome:
    """What an import would do."""

    slips: list[Slip] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    absent: list[str] = field(default_factory=list)  # in the directory, not in the file
    texts: dict[str, str] = field(default_factory=dict)  # file -> what it would say
    found: dict[str, bytes] = field(default_factory=dict)  # file -> what it says now


class DirectoryError(Exception):
    """The directory has errors of its own, or has changed meanwhile; nothing can be put into it."""


def prepare(root: Path, found: Iterable[Incoming], slips: Iterable[Slip] = ()) -> Outcome:
    """Work out what an import would do to the directory below the project's folder.

    Raises DirectoryError where the directory itself has errors: what is in such a file is not
    known, and would be added a second time.
    """
    _, problems = load_directory(root)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        raise DirectoryError("\n".join(map(str, errors)))
    shelf, _ = read_shelf(root)
    return _Import(shelf, problems, Outcome(slips=list(slips))).work_out(found)


@dataclass
class _Import:
    shelf: Shelf
    before: list[Problem]
    outcome: Outcome
    places: dict[str, list[Wanted]] = field(default_factory=dict)  # file -> services, good ones
    homes: dict[tuple[str, str], str] = field(default_factory=dict)  # where, whose -> file

    def work_out(self, found: Iterable[Incoming]) -> Outcome:
        kept = self.shelf.kept()
        wishes = merge(found, kept, list(self.shelf.folders))
        bad = {slip.row for slip in (*self.outcome.slips, *wishes.slips)}
        self.outcome.slips += wishes.slips
        good = [one for wanted in wishes.wanted if (one := self._checked(wanted))]
        good = [one for one in good if one.incoming.row not in bad]
        named = {one.row[ID] for one in wishes.wanted if ID in one.row}
        self.outcome.absent = sorted(one.row[ID] for one in kept if one.row[ID] not in named)
        renamed = {file: names.pop() for file, names in organisations(good, kept).items()
                   if len(names) == 1}  # fmt: skip
        self.homes = {
            (sheet.where, renamed.get(sheet.file, sheet.content.organisation)): sheet.file
            for sheet in self.shelf.sheets.values()
        }
        for wanted in good:
            self.places.setdefault(self._file(wanted), []).append(wanted)
        for file, below in self.places.items():
            self._write(file, below, renamed.get(file))
        self._try_out(good)
        self.outcome.slips = sorted(set(self.outcome.slips))
        return self.outcome

    def _checked(self, wanted: Wanted) -> Wanted | None:
        """Return the service as the YAML would have it; None where it cannot be one."""
        entry, wrong = checked(wanted.row)
        self.outcome.slips += [
            wanted.incoming.slip(name, one.what, one.found, one.instead) for name, one in wrong
        ]
        if entry is None:
            # Nothing will be written; without its wrong cells the rest is looked at all the same,
            # so that every mistake is named in one go.
            there = wanted.kept.row if wanted.kept else {}
            cells = {name: there.get(name) for name, _ in wrong}
            rest = {name: value for name, value in (wanted.row | cells).items() if value}
            entry, _ = checked(rest)
        if entry is None or not wanted.row.get(WHERE) or not wanted.row.get(ORGANISATION):
            return None
        row = row_of(wanted.row[WHERE], wanted.row[ORGANISATION], entry)
        return Wanted(wanted.incoming, row, wanted.kept)

    def _file(self, wanted: Wanted) -> str:
        """Return the file of a service: its own, its organisation's, or a new one."""
        where, organisation = wanted.row[WHERE], wanted.row[ORGANISATION]
        if wanted.kept is not None:
            return wanted.kept.file
        home = self.homes.get((where, organisation))
        if home is None:
            home = self.homes[where, organisation] = self._new_file(where, organisation)
        return home

    def _new_file(self, where: str, organisation: str) -> str:
        folder, name, number = self.shelf.folders[where], slug(organisation) or "organisation", 1
        taken = {f"{folder}/{BOROUGH_FILE}"}
        file = f"{folder}/{name}.yaml"
        while file in taken or file in self.shelf.sheets or file in self.places:
            number += 1
            file = f"{folder}/{name}-{number}.yaml"
        return file

    def _write(self, file: str, below: list[Wanted], organisation: str | None) -> None:
        changed = [one for one in below if one.kept is None or one.kept.row != one.row]
        self.outcome.same += len(below) - len(changed)
        if not changed:
            return
        sheet = self.shelf.sheets.get(file)
        if sheet is None:
            entries = [entry_of(one.row) for one in changed]
            text = line_for_editors((self.shelf.root / file).parent)
            text += organisation_text(changed[0].row[ORGANISATION], entries)
        else:
            numbers = {entry.id: number for number, entry in enumerate(sheet.content.services)}
            edit = Edit(
                organisation if organisation != sheet.content.organisation else None,
                {numbers[one.row[ID]]: (entry_of(one.kept.row), entry_of(one.row))
                 for one in changed if one.kept},
                [entry_of(one.row) for one in changed if one.kept is None],
            )  # fmt: skip
            self.outcome.found[file] = (self.shelf.root / file).read_bytes()
            try:
                text = edited(self.outcome.found[file].decode("utf-8"), edit)
            except CannotEditError as error:
                for one in changed:
                    what, instead = f"{file} cannot be changed: {error}", "change it by hand"
                    self.outcome.slips.append(one.incoming.slip("", what, "", instead))
                return
        self.outcome.texts[file] = text
        self.outcome.changes += [
            Change(file, one.row[ID], one.kept.row if one.kept else None, one.row)
            for one in changed
        ]  # fmt: skip

    def _try_out(self, good: Sequence[Wanted]) -> None:
        """Load the directory as it would be, and read each changed file back."""
        if not self.outcome.texts:
            return
        rows = {one.row[ID]: one for one in good}
        with tempfile.TemporaryDirectory(prefix="import-") as folder:
            root = Path(folder)
            _lay_out(self.shelf.root, root, self.outcome.texts)
            for file in self.outcome.texts:
                self.outcome.slips += self._differences(root, file)
            _, problems = load_directory(root)
            known = Counter(_words(problem) for problem in self.before)
            for problem in problems:
                if known[_words(problem)] > 0:
                    known[_words(problem)] -= 1
                elif problem.severity is Severity.WARNING:
                    self.outcome.warnings.append(str(problem))
                else:
                    self.outcome.slips.append(_traced(problem, root, rows))

    def _differences(self, root: Path, file: str) -> Iterator[Slip]:
        """Whatever is not read back as it was asked for: a fault of ours, never written."""
        sheet, problems = read_sheet(root / file, root, "")
        wanted = {one.row[ID]: one for one in self.places[file]}
        before = self.shelf.sheets.get(file)
        expected = {entry.id: entry_of(row_of("", "", entry)) for entry in before.content.services
                    } if before else {}  # fmt: skip
        expected |= {name: entry_of(one.row) for name, one in wanted.items()}
        read = {entry.id: entry_of(row_of("", "", entry)) for entry in sheet.content.services
                } if sheet else {}  # fmt: skip
        for name in {*expected, *read}:
            if expected.get(name) != read.get(name):
                why = str(problems[0]) if problems else "it would read differently"
                what = f"`{name}` cannot be written into {file}: {why}"
                instead = "change it by hand"
                if name in wanted:
                    yield wanted[name].incoming.slip("", what, "", instead)
                else:
                    yield Slip(1, "", what, "", instead)


def checked(row: Row) -> tuple[ServiceEntry | None, list[tuple[str, Problem]]]:
    """Check one service against the schema; each problem comes with the column it stands in."""
    names = {index: column.name for index, column in enumerate(columns(), 1)}
    lines: dict[Key, int] = {column.path: index for index, column in enumerate(columns(), 1)}
    entry, problems = validate(ServiceEntry, Located("", entry_of(row), lines | {(): 0}))
    return entry, [(names.get(problem.line, ""), problem) for problem in problems]


def _words(problem: Problem) -> tuple[Any, ...]:
    return problem.file, problem.what, problem.found, problem.severity


def _traced(problem: Problem, root: Path, rows: dict[str, Wanted]) -> Slip:
    """Return a problem of the directory as it would be, at the cell that it comes from."""
    located, _ = read_yaml(root / problem.file, root)
    paths = [path for path, line in located.lines.items()
             if line == problem.line and path[:1] == ("services",)] if located else []  # fmt: skip
    for path in sorted(paths, key=len, reverse=True):
        if located is None or len(path) < 2:
            continue
        wanted = rows.get(str(located.data["services"][path[1]].get("id")))
        if wanted is not None:
            keys = [str(step) for step in path[2:] if isinstance(step, str)]
            name = next((".".join(keys[:n]) for n in range(len(keys), 0, -1)
                         if ".".join(keys[:n]) in by_name()), "")  # fmt: skip
            return wanted.incoming.slip(name, problem.what, problem.found, problem.instead)
    return Slip(1, "", str(problem))


def _lay_out(real: Path, root: Path, texts: dict[str, str]) -> None:
    """Lay out the directory as it would be; what an import never touches is only linked."""
    (root / "intents").symlink_to(real / "intents")
    for one in (real / "directory").iterdir():
        if one.name in ("boroughs", "london", "national"):
            shutil.copytree(one, root / "directory" / one.name)
    (root / "directory").mkdir(exist_ok=True)
    (root / "directory/postcodes").symlink_to(real / "directory/postcodes")
    for file, text in texts.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_bytes(text.encode("utf-8"))


def write(root: Path, outcome: Outcome) -> None:
    """Write what was worked out, each file whole or not at all.

    Raises ValueError where there is a mistake: then nothing may be written; DirectoryError where
    somebody has changed one of the files meanwhile.
    """
    if outcome.slips:
        raise ValueError("an import with mistakes is not written")
    for file in outcome.texts:
        now = (root / file).read_bytes() if (root / file).exists() else None
        if now != outcome.found.get(file):
            raise DirectoryError(f"{file} has changed meanwhile: run the import again")
    aside: list[tuple[Path, Path]] = []
    try:
        for file, text in outcome.texts.items():
            target = root / file
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f".{target.name}.new")
            beside.write_bytes(text.encode("utf-8"))
            aside.append((beside, target))
    except OSError:
        for beside, _ in aside:
            beside.unlink(missing_ok=True)
        raise
    for beside, target in aside:
        os.replace(beside, target)
