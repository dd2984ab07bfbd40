"""What somebody typed into the terminal, as a value of the directory or as advice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.content.validate import nearest

Entry = dict[str, Any]  # one service as the file has it, with "contact" as a block of its own

_YES, _NO = {"y", "yes"}, {"n", "no"}
_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
_AGES = (
    (re.compile(r"(\d+)\s*(?:-|–|to|until)\s*(\d+)"), ("min", "max")),
    (re.compile(r"(?:from |over )?(\d+)\s*(?:\+|and (?:over|up|older))"), ("min",)),
    (re.compile(r"from (\d+)"), ("min",)),
    (re.compile(r"(?:up to|to|under or equal) (\d+)"), ("max",)),
)


class UnfitError(Exception):
    """An answer that cannot be used; the text says what to write instead."""


class Shape(StrEnum):
    """What an answer looks like."""

    TEXT = "text"
    LINES = "lines"  # one at a time, until Enter
    WORDS = "words"  # several with commas between
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes or no"
    AGES = "ages"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the dialogue."""

    key: str  # "name", "contact.phone"
    ask: str
    more: str  # what `?` shows
    shape: Shape = Shape.TEXT
    needed: bool = False
    choices: tuple[tuple[str, str], ...] = ()  # value, and what it means
    applies: Callable[[Entry], bool] = lambda entry: True
    default: Callable[[Entry], str] = lambda entry: ""
    tidy: Callable[[str], str] = str.strip
    fits: Callable[[str], str] = lambda typed: ""  # advice on a text that does not
    note: Callable[[str], str] = lambda typed: ""  # what to know about an answer that is good


def value_of(question: Question, typed: str) -> Any:
    """Return the value that was meant; raises UnfitError with what to write instead."""
    typed = question.tidy(typed.strip())
    match question.shape:
        case Shape.YES_NO:
            return _yes_no(typed)
        case Shape.AGES:
            return _ages(typed)
        case Shape.CHOICE:
            return _chosen(typed, question.choices)
        case Shape.CHOICES:
            parts = [part for part in re.split(r"[,;\s]+", typed) if part]
            return list(dict.fromkeys(_chosen(part, question.choices) for part in parts))
        case Shape.WORDS:
            parts = [part.strip().lower().replace(" ", "-") for part in typed.split(",")]
            return list(dict.fromkeys(part for part in parts if part))
        case _:
            if advice := question.fits(typed):
                raise UnfitError(f"found `{typed}`: {advice}")
            return typed


def put(entry: Entry, key: str, value: Any) -> Entry:
    """Return the entry with one answer in it; None takes it out."""
    block, _, name = key.rpartition(".")
    if block:
        below = put(entry.get(block, {}), name, value)
        return put(entry, block, below or None)
    changed = {other: kept for other, kept in entry.items() if other != key}
    return changed if value is None else changed | {key: value}


def get(entry: Mapping[str, Any], key: str) -> Any:
    """Return what was answered, or None."""
    block, _, name = key.rpartition(".")
    return entry.get(block, {}).get(name) if block else entry.get(key)


def _yes_no(typed: str) -> bool:
    if typed.lower() in _YES:
        return True
    if typed.lower() in _NO:
        return False
    raise UnfitError(f"found `{typed}`: write yes or no, or press Enter if you do not know")


def _ages(typed: str) -> dict[str, int]:
    for pattern, names in _AGES:
        if match := pattern.fullmatch(typed.lower()):
            return dict(zip(names, map(int, match.groups()), strict=True))
    raise UnfitError(f"found `{typed}`: write 11-16, or 11+ for 11 and over, or up to 16")


def _chosen(typed: str, choices: Sequence[tuple[str, str]]) -> str:
    values = [value for value, _ in choices]
    if typed.isdigit() and 1 <= int(typed) <= len(values):
        return values[int(typed) - 1]
    if typed.lower() in values:
        return typed.lower()
    guess = nearest(typed, values)
    fix = f"did you mean `{guess}`?" if guess else f"write a number from 1 to {len(values)}"
    raise UnfitError(f"found `{typed}`: {fix}")


def tidy_postcode(typed: str) -> str:
    """Return a postcode as the files have it: SW9 7UH; anything else as it is."""
    match = _POSTCODE.fullmatch(re.sub(r"\s+", "", typed).upper())
    return f"{match[1]} {match[2]}" if match else typed


def tidy_address(typed: str) -> str:
    """Return a web address with its beginning, which people leave out."""
    bare = re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", typed)
    return f"https://{typed}" if bare else typed


def web_fits(typed: str) -> str:
    """Return advice on what is no web address."""
    good = re.fullmatch(r"https?://[\w-]+(\.[\w-]+)+(:\d+)?([/?#]\S*)?", typed)
    return "" if good else "write it like https://example.org/boxing"


def email_fits(typed: str) -> str:
    """Return advice on what is no email address."""
    good = re.fullmatch(r"[^\s@]+@[\w-]+(\.[\w-]+)+", typed)
    return "" if good else "write it like hello@example.org"


def slug(name: str, longest: int = 60) -> str:
    """Return a name as files and ids have it: small letters, digits and hyphens."""
    plain = name.lower().replace("’", "").replace("'", "").replace("&", "and")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")
