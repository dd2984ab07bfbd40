"""Postcodes as people type them: found in a message, mended where a sign was mistaken.

Nothing here knows places. Whether a candidate exists is for the caller's table to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

_WORD = re.compile(r"[A-Za-z0-9]+")
_UNIT = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_CELL = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]")
_DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?")

# Signs that are mistaken for each other, by what should stand there.
_AS_DIGIT = {"O": "0", "Q": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2", "G": "6"}
_AS_LETTERS = {"0": "OQ", "1": "IL", "5": "S", "8": "B", "2": "Z", "6": "G"}
_OUTWARD_SHAPES = {2: ("LD",), 3: ("LDD", "LLD", "LDL"), 4: ("LLDD", "LLDL")}


@dataclass(frozen=True)
class Found:
    """A postcode or a part of one: outward "SW9", inward "7UH", "7U", "7" or nothing."""

    outward: str
    inward: str = ""
    repaired: bool = False

    @property
    def sector(self) -> str | None:
        """The sector as it is written, "SW9 7"; None for a district alone."""
        return f"{self.outward} {self.inward[0]}" if self.inward else None

    @property
    def text(self) -> str:
        """The postcode as it is written, as far as it is given."""
        return f"{self.outward} {self.inward}".strip()


Exists = Callable[[str], bool]


def words(text: str) -> list[str]:
    """Return the runs of letters and digits of a text, in upper case."""
    return [word.upper() for word in _WORD.findall(text)]


def whole(text: str, sector_exists: Exists, district_exists: Exists) -> Found | None:
    """Read a text that is nothing but a postcode or a part of one, in any spelling.

    `sector_exists` and `district_exists` get them without spaces. Typing slips are mended only
    where exactly one mended sector exists.
    """
    parts = words(text)
    joined = "".join(parts)
    if not 2 <= len(joined) <= 7:
        return None
    exact = _exact(parts, joined, sector_exists, district_exists)
    return exact or _mend(joined, sector_exists, district_exists)


def _exact(
    parts: list[str], joined: str, sector_exists: Exists, district_exists: Exists
) -> Found | None:
    for shape, length in ((_UNIT, 3), (_CELL, 2)):
        if shape.fullmatch(joined) and sector_exists(joined[: 1 - length]):
            return Found(joined[:-length], joined[-length:])
    # "E17" is a district, "E1 7" is a sector of another: the space decides.
    if len(parts) > 1 and len(parts[-1]) == 1 and parts[-1].isdigit() and sector_exists(joined):
        return Found(joined[:-1], joined[-1])
    if district_exists(joined):
        return Found(joined)
    if joined[-1].isdigit() and sector_exists(joined):
        return Found(joined[:-1], joined[-1])
    return None


def _mend(joined: str, sector_exists: Exists, district_exists: Exists) -> Found | None:
    if len(joined) >= 5:
        inward = list(_readings(joined[-3:], "DLL"))
        found = {
            (outward, part[0]): Found(outward, part, repaired=True)
            for outward in _outwards(joined[:-3])
            for part in inward
            if sector_exists(outward + part[0])
        }
    elif any(sign.isdigit() for sign in joined) or joined == "CRO":  # "el" and "seb" are words
        found = {
            (outward, ""): Found(outward, repaired=True)
            for outward in _outwards(joined)
            if district_exists(outward)
        }
    else:
        return None
    return next(iter(found.values())) if len(found) == 1 else None


def _outwards(typed: str) -> Iterator[str]:
    for shape in _OUTWARD_SHAPES.get(len(typed), ()):
        yield from _readings(typed, shape)


def _readings(typed: str, shape: str) -> Iterator[str]:
    """Give every reading of what was typed with a letter (L) or digit (D) in each position."""
    options = []
    for sign, kind in zip(typed, shape, strict=True):
        if kind == "D":
            options.append(sign if sign.isdigit() else _AS_DIGIT.get(sign, ""))
        else:
            options.append(sign if sign.isalpha() else _AS_LETTERS.get(sign, ""))
    return ("".join(choice) for choice in product(*options))


def looks_like(text: str) -> Found | None:
    """Read a text that has the shape of a postcode or a district, whether or not it exists."""
    joined = "".join(words(text))
    if _UNIT.fullmatch(joined):
        return Found(joined[:-3], joined[-3:])
    if _DISTRICT.fullmatch(joined):
        return Found(joined)
    return None


def inside(
    text: str, sector_exists: Exists, district_exists: Exists
) -> Iterator[tuple[int, int, Found]]:
    """Find postcodes in a sentence: (first word, words, what), longest readings first.

    Only full postcodes are mended here: shorter ones would turn ordinary words into places.
    """
    parts = words(text)
    for length in (3, 2, 1):
        for start in range(len(parts) - length + 1):
            window = parts[start : start + length]
            found = _in_window(window, sector_exists)
            if found is not None:
                yield start, length, found
    for start, word in enumerate(parts):
        if len(word) <= 4 and _DISTRICT.fullmatch(word) and district_exists(word):
            last = start + 2 == len(parts) and parts[-1].isdigit()
            if last and len(parts[-1]) == 1 and sector_exists(word + parts[-1]):
                yield start, 2, Found(word, parts[-1])
            else:
                yield start, 1, Found(word)


def _in_window(window: list[str], sector_exists: Exists) -> Found | None:
    joined = "".join(window)
    if not 5 <= len(joined) <= 7 or not any(sign.isdigit() for sign in joined):
        return None
    if _UNIT.fullmatch(joined):
        return Found(joined[:-3], joined[-3:]) if sector_exists(joined[:-2]) else None
    # A mended one must be cut where people cut: "SW9 7UH" or in one piece.
    if len(window) == 2 and len(window[1]) != 3:
        return None
    return _mend(joined, sector_exists, lambda _: False)
