"""What comes in from a file: services as rows, and what is wrong with them, by its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from directory.exchange.columns import Row


@dataclass(frozen=True, slots=True, order=True)
class Slip:
    """One mistake in a file that is imported: `file:row:column: what, found, instead`."""

    row: int  # as people count, from 1; in a feed the number of the service
    column: str  # a spreadsheet's letter, or the name of a column; empty for the whole row
    what: str
    found: str = ""
    instead: str = ""

    def told(self, file: str) -> str:
        """Return the mistake as a line that names the file."""
        place = f"{file}:{self.row}:{self.column}" if self.column else f"{file}:{self.row}"
        parts = [self.what]
        if self.found:
            parts.append(f"found {self.found}")
        if self.instead:
            parts.append(self.instead)
        return f"{place}: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One service of a file, as far as the file states it."""

    row: int
    values: Row
    given: frozenset[str]  # the columns that the file speaks about; a given one may be empty
    letters: Mapping[str, str] = field(default_factory=dict)  # column -> its letter

    def slip(self, column: str, what: str, found: str = "", instead: str = "") -> Slip:
        """Return a mistake in one cell of this row."""
        return Slip(self.row, self.letters.get(column, column), what, found, instead)
