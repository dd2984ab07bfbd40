"""A spreadsheet of the directory: read back it is the same, and edited by hand it is forgiving."""

from __future__ import annotations

import csv
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.exchange.cells import read_cell, write_cell
from directory.exchange.columns import Column, Kind, Row, by_name, tidy
from directory.exchange.table import MARK, in_order, letter, read_table, write_table
from tests.directory.exchange.made_up import TRAPS, rows, steady

TEXT, LIST = Column("note", ("note",)), Column("tags", ("tags",), Kind.LIST)
HEAD = "id,where,organisation,name,tags,seen\r\n"


def values(text: str) -> list[Row]:
    found, slips = read_table(text)
    assert slips == []
    return [one.values for one in found]


@given(rows())
@steady
def test_out_and_in_is_the_same(some: list[Row]) -> None:
    assert values(write_table(some)) == in_order(some)


def test_out_and_in_is_the_same_for_the_real_directory(real_rows: list[Row]) -> None:
    assert len(real_rows) > 250
    assert values(write_table(real_rows)) == in_order(real_rows)


def test_the_order_does_not_come_from_the_files(real_rows: list[Row]) -> None:
    shuffled = random.Random(7).sample(real_rows, len(real_rows))
    assert write_table(shuffled) == write_table(real_rows)


def test_excel_can_open_it(real_rows: list[Row]) -> None:
    text = write_table(real_rows)
    assert text.startswith(MARK)
    lines = list(csv.reader(io.StringIO(text.removeprefix(MARK), newline="")))
    assert {len(line) for line in lines} == {len(by_name())}
    assert lines[0] == list(by_name())
    assert text.count("\n") == text.count("\r\n") == len(real_rows) + 1


@given(st.text(max_size=30) | st.sampled_from(TRAPS))
def test_no_cell_is_a_formula_and_each_is_read_back(text: str) -> None:
    cell = write_cell(TEXT, tidy(text))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "|", "%"))
    assert (read_cell(TEXT, cell) or "") == tidy(text)


@given(st.lists(st.text(max_size=12).map(tidy).filter(bool), min_size=1, max_size=5))
def test_lists_are_read_back(items: list[str]) -> None:
    assert read_cell(LIST, write_cell(LIST, items)) == items


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20",
        "-5",
        "@a",
        "2026-11",
        "2026-11-22",
        "24/7",
        "22:15",
        "1-2",
        "Nov-26",
        "May 2026",
        "1 May",
        "01234567",
        "123456789012",
        "1.50",
        "1e5",
        "50%",
        "true",
        "＝1",
    ],
)
def test_what_a_spreadsheet_would_change_is_guarded(text: str) -> None:
    assert write_cell(TEXT, text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        "116 123",
        "020 7926 5555",
        "999",
        "11",
        "SW9 7UH",
        "Free",
        "Monday 16:00-18:00",
        "yes",
        "mayor's mentors",
        "Mayhem",
        "'quoted'",
        "2019 to 2023",
        "undated",
    ],
)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert write_cell(TEXT, text) == text


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        ("Nov-26", "2026-11"),
        ("nov-26", "2026-11"),
        ("22/11/2026", "2026-11-22"),
        ("'2026-11", "2026-11"),
        ("2026-11", "2026-11"),
        ("'Nov-26", "Nov-26"),
        ("about 2024", "about 2024"),
    ],
)
def test_dates_that_excel_has_changed_are_put_right(cell: str, seen: str) -> None:
    assert read_cell(by_name()["seen"], cell) == seen


@pytest.mark.parametrize(
    ("cell", "items"),
    [("a; b", ["a", "b"]), ("a;b;", ["a", "b"]), (" a ;; b ", ["a", "b"]), ("a\\; b", ["a; b"]),
     ("C:\\new", ["C:\\new"]), ("end\\", ["end\\"]), (";", None), ("'=1; b", ["=1", "b"])],
)  # fmt: skip
def test_lists_as_people_type_them(cell: str, items: list[str] | None) -> None:
    assert read_cell(LIST, cell) == items


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_other_delimiters(sign: str) -> None:
    head, line = (
        HEAD.replace(",", sign),
        sign.join(["x", "Lambeth", "The Club", "Boxing", '"a; b"', ""]),
    )
    assert values(f"{head}{line}\r\n")[0]["tags"] == ["a", "b"]


def test_empty_cells_are_unknown_and_empty_rows_nothing() -> None:
    (incoming,) = read_table(f"{HEAD},,,,,\r\nx,,,The Club,,\r\n\r\n")[0]
    assert incoming.values == {"id": "x", "name": "The Club"}
    assert incoming.row == 3
    assert incoming.given == {"id", "where", "organisation", "name", "tags", "seen"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "f:1: the file is empty, begin with the line of column names"),
        ("name\r\nx\r\n", "f:1: the column `id` is missing, the first row has the names"),
        (
            "id,nmae\r\nx,y\r\n",
            "f:1:B: not the name of a column, found `nmae`, did you mean `name`?",
        ),
        ("id,my own\r\nx,y\r\n", "f:1:B: not the name of a column, found `my own`, remove it"),
        ("id,what,id\r\nx,y,z\r\n", "f:1:C: the first `id` is column A, keep one of them"),
        ("id,name\r\nx,y,z\r\n", "f:2:C: a cell without a heading, found `z`, remove or move it"),
        (
            'id,name\r\nx,"y\r\n',
            "f:2: not CSV from here on (unexpected end of data), put a text "
            'with a " in it into quotes, and double its own: ""',
        ),
    ],
)
def test_mistakes_say_where(text: str, told: str) -> None:
    assert [slip.told("f") for slip in read_table(text)[1]] == [told]


def test_all_mistakes_at_once() -> None:
    slips = read_table("id,nmae,id\r\nx,y,z,\r\n\r\na,b,c,d\r\n")[1]
    assert [(slip.row, slip.column) for slip in slips] == [(1, "B"), (1, "C"), (4, "D")]


def test_letters_of_columns() -> None:
    assert [letter(index) for index in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip
