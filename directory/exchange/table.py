"""The directory as a spreadsheet: one row a service, UTF-8 with a byte-order mark for Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from directory.exchange.cells import read_cell, write_cell
from directory.exchange.columns import ID, ORGANISATION, WHERE, Column, Row, by_name, columns
from directory.exchange.incoming import Incoming, Slip

MARK = "\ufeff"  # tells Excel that the file is UTF-8
DELIMITERS = (",", ";", "\t")  # Excel writes `;` where the comma is the decimal sign
_LONGEST_CELL = 1_000_000  # a forgotten quotation mark swallows the rest of the file


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Return rows in their fixed order, whatever the order of the files was."""
    return sorted(rows, key=lambda row: (row[WHERE], row[ORGANISATION].casefold(), row[ID]))


def write_table(rows: Iterable[Row]) -> str:
    """Return the text of a CSV file."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([column.name for column in columns()])
    for row in in_order(rows):
        writer.writerow([write_cell(column, row.get(column.name)) for column in columns()])
    return MARK + target.getvalue()


def read_table(text: str) -> tuple[list[Incoming], list[Slip]]:
    """Return the rows of a CSV file, and every mistake in them."""
    reader = _Reader()
    reader.read(text.removeprefix(MARK))
    return reader.found, sorted(reader.slips)


def letter(index: int) -> str:
    """Return what a spreadsheet calls a column: 0 is A, 26 is AA."""
    head, tail = divmod(index, 26)
    return (letter(head - 1) if head else "") + chr(ord("A") + tail)


@dataclass
class _Reader:
    found: list[Incoming] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    heads: list[Column | None] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)

    def read(self, text: str) -> None:
        csv.field_size_limit(_LONGEST_CELL)
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        number = 0
        try:
            for number, cells in enumerate(lines, 1):
                if number == 1:
                    self._head(cells)
                elif any(cell.strip() for cell in cells):
                    self._row(number, cells)
        except csv.Error as error:
            instead = 'put a text with a " in it into quotes, and double its own: ""'
            self.slips.append(Slip(number + 1, "", f"not CSV from here on ({error})", "", instead))
        if number == 0:
            what, instead = "the file is empty", "begin with the line of column names"
            self.slips.append(Slip(1, "", what, "", instead))

    def _head(self, cells: Sequence[str]) -> None:
        for index, cell in enumerate(cells):
            name = cell.strip().lower()
            column = by_name().get(name)
            if name and column is None:
                self._add_head(index, "not the name of a column", cell, _nearest(name))
            elif name in self.letters:
                what = f"the first `{name}` is column {self.letters[name]}"
                self.slips.append(Slip(1, letter(index), what, "", "keep one of them"))
                column = None
            elif column is not None:
                self.letters[name] = letter(index)
            self.heads.append(column)
        if ID not in self.letters:
            what = f"the column `{ID}` is missing"
            self.slips.append(Slip(1, "", what, "", "the first row has the names"))

    def _add_head(self, index: int, what: str, found: str, instead: str) -> None:
        self.slips.append(Slip(1, letter(index), what, f"`{found[:60]}`", instead))

    def _row(self, number: int, cells: Sequence[str]) -> None:
        values: Row = {}
        for index, cell in enumerate(cells):
            column = self.heads[index] if index < len(self.heads) else None
            if column is None:
                self._homeless(number, index, cell)
                continue
            try:
                value = read_cell(column, cell)
            except ValueError:
                what, instead = f"`{column.name}` cannot be read", "leave it as it was exported"
                self.slips.append(Slip(number, letter(index), what, f"`{cell[:60]}`", instead))
                continue
            if value is not None:
                values[column.name] = value
        self.found.append(Incoming(number, values, frozenset(self.letters), self.letters))

    def _homeless(self, number: int, index: int, cell: str) -> None:
        # Below a heading that is wrong, the heading is named, once.
        named = index < len(self.heads) and any(
            slip.row == 1 and slip.column == letter(index) for slip in self.slips
        )
        if cell.strip() and not named:
            what, instead = "a cell without a heading", "remove or move it"
            self.slips.append(Slip(number, letter(index), what, f"`{cell[:60]}`", instead))


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(DELIMITERS, key=lambda sign: sum(
        name.strip(' "\r').lower() in by_name() for name in head.split(sign)
    ))  # fmt: skip


def _nearest(name: str) -> str:
    found = process.extractOne(name, list(by_name()), scorer=fuzz.ratio, score_cutoff=60)
    return f"did you mean `{found[0]}`?" if found else "remove it"
