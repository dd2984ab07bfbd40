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
# What somebody may have meant for a postcode: it begins like one and ends like one.
_ATTEMPT = re.compile(r"[A-Z][A-Z0-9]{1,3}[0-9][A-Z]{2}")

# Words before a place.
BEFORE = frozenset((
    "in", "near", "from", "at", "around", "round", "to", "by", "live", "im", "postcode", "area",
    "is", "its", "nr", "outside", "towards",
))  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class Known:
    """What the caller's tables have. All are asked for without spaces: "SW97UH", "SW97", "SW9"."""

    sector: Exists
    district: Exists
    unit: Exists | None = None  # where there is an exact table


def words(text: str) -> list[str]:
    """Return the runs of letters and digits of a text, in upper case."""
    return [word.upper() for word in _WORD.findall(text)]


def whole(text: str, known: Known) -> Found | None:
    """Read a text that is nothing but a postcode or a part of one, in any spelling.

    Typing slips are mended only where exactly one mended sector exists. A full postcode whose
    sector is not known is given for its district's sake: it may be new.
    """
    parts = words(text)
    joined = "".join(parts)
    if not 2 <= len(joined) <= 7:
        return None
    return _exact(parts, joined, known) or _mend(joined, known) or _new(parts, joined, known)


def _exact(parts: list[str], joined: str, known: Known) -> Found | None:
    for shape, length in ((_UNIT, 3), (_CELL, 2)):
        if shape.fullmatch(joined) and known.sector(joined[: 1 - length]):
            return Found(joined[:-length], joined[-length:])
    # "E17" is a district, "E1 7" is a sector of another: the space decides.
    if len(parts) > 1 and len(parts[-1]) == 1 and parts[-1].isdigit():
        if known.sector(joined):
            return Found(joined[:-1], joined[-1])
        if len(parts) == 2 and known.district(parts[0]):
            return Found(parts[0], parts[1])
    if known.district(joined):
        return Found(joined)
    if joined[-1].isdigit() and known.sector(joined):
        return Found(joined[:-1], joined[-1])
    return None


def _mend(joined: str, known: Known) -> Found | None:
    if len(joined) >= 5:
        found = [
            Found(outward, inward, repaired=True)
            for outward in _outwards(joined[:-3])
            for inward in _readings(joined[-3:], "DLL")
            if known.sector(outward + inward[0])
        ]
        if known.unit is not None:
            exact = [one for one in found if known.unit(one.outward + one.inward)]
            found = exact or found
    elif any(sign.isdigit() for sign in joined) or joined == "CRO":  # "el" and "seb" are words
        found = [
            Found(outward, repaired=True)
            for outward in _outwards(joined)
            if known.district(outward)
        ]
    else:
        return None
    return found[0] if len({(one.outward, one.inward[:1]) for one in found}) == 1 else None


def _new(parts: list[str], joined: str, known: Known) -> Found | None:
    """A full postcode of a district that is known, cut as people cut."""
    cut = len(parts) == 1 or [len(part) for part in parts] == [len(joined) - 3, 3]
    if cut and _UNIT.fullmatch(joined) and known.district(joined[:-3]):
        return Found(joined[:-3], joined[-3:])
    return None


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


def meant_for_one(text: str) -> bool:
    """Tell whether somebody who wrote nothing else meant a postcode, right or wrong."""
    parts = words(text)
    return len(parts) <= 3 and _ATTEMPT.fullmatch("".join(parts)) is not None


def inside(text: str, known: Known) -> Iterator[tuple[int, int, Found]]:
    """Find postcodes in a sentence: (first word, words, what), longest readings first.

    Only full postcodes are mended here: shorter ones would turn ordinary words into places.
    """
    raw = _WORD.findall(text)
    parts = [word.upper() for word in raw]
    shouted = text.upper() == text
    yield from _spelt_out(parts, known)
    for length in (3, 2, 1):
        for start in range(len(parts) - length + 1):
            led = start > 0 and raw[start - 1].lower() in BEFORE
            found = _in_window(raw[start : start + length], known, led, shouted)
            if found is not None:
                yield start, length, found
    for start, word in enumerate(parts):
        if len(word) <= 4 and _DISTRICT.fullmatch(word) and known.district(word):
            last = start + 2 == len(parts) and parts[-1].isdigit()
            if last and len(parts[-1]) == 1 and known.sector(word + parts[-1]):
                yield start, 2, Found(word, parts[-1])
            else:
                yield start, 1, Found(word)


def _spelt_out(parts: list[str], known: Known) -> Iterator[tuple[int, int, Found]]:
    """Find "S W 9 7 U H" and "S W 9": letters and digits with a space between each.

    The short ones are only likely: "u n 1 more". The caller looks at the word before.
    """
    start = 0
    while start < len(parts):
        end = start
        while end < len(parts) and len(parts[end]) == 1:
            end += 1
        for length in range(min(7, end - start), 1, -1):
            for first in range(start, end - length + 1):
                joined = "".join(parts[first : first + length])
                full = _UNIT.fullmatch(joined) and known.sector(joined[:-2])
                short = _DISTRICT.fullmatch(joined) and known.district(joined)
                if full:
                    yield first, length, Found(joined[:-3], joined[-3:])
                elif short and not _goes_on(parts, first, first + length):
                    yield first, length, Found(joined)
        start = max(end, start + 1)


def _goes_on(parts: list[str], first: int, after: int) -> bool:
    """Tell whether single letters stand right before or after: then it is a part of more."""
    return any(
        0 <= at < len(parts) and len(parts[at]) == 1 and parts[at] not in ("I", "U", "A", "N")
        for at in (first - 1, after)
    )


def _in_window(raw: list[str], known: Known, led: bool, shouted: bool) -> Found | None:
    joined = "".join(raw).upper()
    if not 5 <= len(joined) <= 7:
        return None
    # Cut as people cut: "SW97UH", "SW9 7UH", "SW9 7 UH". Not "e17 or".
    if [len(word) for word in raw[1:]] not in ([], [3], [1, 2]):
        return None
    if _UNIT.fullmatch(joined):
        if known.sector(joined[:-2]):
            return Found(joined[:-3], joined[-3:])
        return _new([word.upper() for word in raw], joined, known)
    return _mend(joined, known) if _mendable("".join(raw), known, led, shouted) else None


def _mendable(joined: str, known: Known, led: bool, shouted: bool) -> bool:
    """Whether a slip is likelier than ordinary words: "SEI 8LZ", and not "has 1st" or "se5 but"."""
    outward, inward = joined[:-3], joined[-3:]
    if not inward[1:].isalpha() or not any(sign.isdigit() for sign in joined):
        return False

    def telling(part: str) -> bool:
        return any(sign.isdigit() for sign in part) or (part.isupper() and not shouted)

    # After "near" a half that has no digit is likely one too, unless the other is a whole district.
    return (telling(outward) or led) and (
        telling(inward) or (led and not known.district(outward.upper()))
    )
