"""What stands in a cell: lists, and text that a spreadsheet program must not take for more.

A spreadsheet runs a cell that begins with `=` and turns `2026-11` or `24/7` into a date when it
opens a CSV file. An apostrophe before the text keeps both from happening; it is taken off again.
"""

from __future__ import annotations

import json
import re
from typing import Any

from directory.exchange.columns import Column, Kind, as_typed, tidy

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENDINGS = "uary|ruary|ch|il|e|y|ust|t(?:ember)?|ober|ember"
_MONTH = rf"(?:{'|'.join(_MONTHS)})(?:{_ENDINGS})?\.?"
_FORMULA = r"[=+\-@|%\t\r\n＝＋－＠]"
_NUMBER = r"0\d+|\d{12,}|\d+[.,]\d+|\d+(?:\.\d+)?e[+-]?\d+|\d+%"
_DATE = (
    r"\d{1,4}[-/.: ]\d{1,2}(?:[-/.: ]\d{1,4})?(?:\s?[ap]m)?"
    rf"|(?:\d{{1,4}}[-/. ])?{_MONTH}(?:[-/., ]{{1,2}}\d{{1,4}}){{0,2}}"
)
_GUARDED = re.compile(
    rf"'*(?:{_FORMULA}.*|(?:{_NUMBER}|{_DATE}|true|false))", re.IGNORECASE | re.DOTALL
)
# A month and a day as Excel saves them after it has taken "2026-11" and "2026-11-22" for dates.
_EXCEL_MONTH = re.compile(rf"({'|'.join(_MONTHS)})-(\d\d)", re.IGNORECASE)
_EXCEL_DAY = re.compile(r"(\d\d)/(\d\d)/((?:19|20)\d\d)")


def write_cell(column: Column, value: Any) -> str:
    """Return the text of a cell; what is unknown is an empty one."""
    if value is None:
        return ""
    if not isinstance(value, str) and column.kind is Kind.DATA:
        return json.dumps(value, ensure_ascii=False)
    if column.kind is Kind.LIST:
        return _guard("; ".join(_escape(item) for item in value))
    return _guard(value)


def read_cell(column: Column, cell: str) -> Any:
    """Return what a cell says; None for an empty one.

    Raises ValueError where it should be JSON and is not.
    """
    cell = tidy(cell)
    text = _unguard(cell)
    if not text:
        return None
    if column.kind is Kind.DATA and text.startswith(("[", "{")):
        return as_typed(json.loads(text))
    if column.kind is Kind.LIST:
        return _split(text) or None
    # With its apostrophe it is as we wrote it; without, a spreadsheet may have changed it.
    return _from_excel(text) if column.name == "seen" and text == cell else text


def _guard(text: str) -> str:
    return f"'{text}" if _GUARDED.fullmatch(text) else text


def _unguard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _GUARDED.fullmatch(cell) else cell


def _escape(item: str) -> str:
    return item.replace("\\", "\\\\").replace(";", "\\;")


def _split(text: str) -> list[str]:
    """Split a list at its semicolons; `\\;` is a semicolon within an item."""
    items, item, letters = [], "", iter(text)
    for letter in letters:
        if letter == "\\":
            following = next(letters, "")
            # A backslash that somebody typed for its own sake stays one.
            item += following if following in ("\\", ";") and following else letter + following
        elif letter == ";":
            items.append(item)
            item = ""
        else:
            item += letter
    return [tidy(found) for found in (*items, item) if found.strip()]


def _from_excel(text: str) -> str:
    if month := _EXCEL_MONTH.fullmatch(text):
        return f"20{month[2]}-{_MONTHS.index(month[1].lower()) + 1:02}"
    if day := _EXCEL_DAY.fullmatch(text):
        return f"{day[3]}-{day[2]}-{day[1]}"
    return text
