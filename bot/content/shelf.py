"""The directory's files as they lie there: each with its organisation, its place and its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.content.located import read_yaml
from bot.content.problems import Problem
from bot.content.validate import validate
from directory.exchange.columns import LONDON, NATIONAL, Row, row_of
from directory.exchange.merge import Kept
from directory.schema import BoroughFile, OrganisationFile

BOROUGH_FILE = "borough.yaml"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One organisation's file."""

    file: str  # relative to the project's folder
    where: str
    content: OrganisationFile


@dataclass
class Shelf:
    """Every organisation's file, and the folders in which there can be one."""

    root: Path
    folders: dict[str, str] = field(default_factory=dict)  # where -> folder
    sheets: dict[str, Sheet] = field(default_factory=dict)  # file -> what stands in it

    def kept(self) -> list[Kept]:
        """Return every service as a row, with its file."""
        return [
            Kept(sheet.file, row_of(sheet.where, sheet.content.organisation, entry))
            for sheet in self.sheets.values()
            for entry in sheet.content.services
        ]

    def rows(self) -> list[Row]:
        """Return every service as a row."""
        return [one.row for one in self.kept()]


def read_shelf(root: Path) -> tuple[Shelf, list[Problem]]:
    """Read every organisation's file below the project's folder; one with an error is left out."""
    shelf, problems = Shelf(root), []
    for where, folder in _folders(root):
        shelf.folders[where] = folder.relative_to(root).as_posix()
        for path in sorted(folder.glob("*.yaml")):
            if path.name == BOROUGH_FILE:
                continue
            sheet, found = read_sheet(path, root, where)
            problems += found
            if sheet is not None:
                shelf.sheets[sheet.file] = sheet
    return shelf, problems


def read_sheet(path: Path, root: Path, where: str) -> tuple[Sheet | None, list[Problem]]:
    """Read one organisation's file."""
    located, problems = read_yaml(path, root)
    content, more = validate(OrganisationFile, located) if located else (None, [])
    file = path.relative_to(root).as_posix()
    return (Sheet(file, where, content) if content else None), problems + more


def _folders(root: Path) -> Iterator[tuple[str, Path]]:
    for folder in sorted((root / "directory/boroughs").glob("*")):
        if folder.is_dir():
            located, _ = read_yaml(folder / BOROUGH_FILE, root)
            content, _ = validate(BoroughFile, located) if located else (None, [])
            # As bot/content/directory_files.py has it: without the file, the folder names it.
            name = content.borough if content else folder.name.replace("-", " ").title()
            yield name, folder
    yield LONDON, root / "directory/london"
    yield NATIONAL, root / "directory/national"
