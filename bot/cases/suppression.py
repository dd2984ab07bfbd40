"""What of small numbers may be shown: nothing that leads to fewer than five people.

Counts are rounded to the nearest five, so that no difference of two shown numbers is a small one,
also between two reports. Groups of one to four are joined with others until there are five.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

SMALLEST = 5  # a smaller number could point at a person
ROUNDED_TO = 5
FROM = 10  # shares and times are told of at least so many
CANDIDATES = 3  # labels that may stand behind the rest
REST = "rest"  # the group of all that is too rare to stand alone

Shown = int | None  # a rounded number; None stands for one to four
K = TypeVar("K", bound=Hashable)


def shown(number: int) -> Shown:
    """A count as it may be shown."""
    if 0 < number < SMALLEST:
        return None
    return ROUNDED_TO * math.floor(number / ROUNDED_TO + 0.5)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, in words where a number would tell of fewer than five."""

    word: str  # "unknown", "none", "few", "about", "most", "all"
    percent: int | None = None  # to the nearest five, where the word is "about"


def share(hits: int, of: int) -> Share:
    """A share as it may be shown; both sides count, for the rest is found by subtraction."""
    if of < FROM:
        return Share("unknown")
    if hits in (0, of):
        return Share("all" if hits else "none")
    if hits < SMALLEST:
        return Share("few")
    if of - hits < SMALLEST:
        return Share("most")
    percent = ROUNDED_TO * math.floor(100 * hits / of / ROUNDED_TO + 0.5)
    return Share("about", min(max(percent, ROUNDED_TO), 100 - ROUNDED_TO))


def grouping(counts: Mapping[str, int], most: int = 99) -> dict[str, str] | None:
    """In which group each label is shown: its own, or the rest; None where only one would be left.

    `counts` names every label there is, also those that did not occur. The rest takes the smallest
    groups until it is no small number itself. Labels with the same number go together, and the rest
    may be any of three: else who knows this rule could work out one of them.
    """
    present = sorted((n, label) for label, n in counts.items() if n > 0)
    absent = len(counts) - len(present)
    joined = [label for n, label in present if n < SMALLEST]
    while joined or len(present) > most:
        total = sum(counts[label] for label in joined)
        hidden = len(joined) > 1 and len(joined) + absent >= CANDIDATES and total >= SMALLEST
        if hidden and len(present) - len(joined) < most:
            break
        if len(joined) == len(present):
            return None
        least = present[len(joined)][0]
        joined += [label for n, label in present[len(joined) :] if n == least]
    if len(present) - len(joined) + bool(joined) < 2:
        return None
    return {label: REST if label in joined else label for _, label in present}


def safe(counts: Sequence[int]) -> bool:
    """Whether every group of a division may be shown as it is."""
    return sum(counts) >= SMALLEST and all(n == 0 or n >= SMALLEST for n in counts)


def finest(divisions: Mapping[K, Sequence[int]]) -> K | None:
    """The first division, in the order given, of which every group may be shown."""
    return next((name for name, counts in divisions.items() if safe(counts)), None)
