"""What the anonymous daily counts say, and what of them may be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SMALLEST = 5  # a smaller number could point at a person
RARER = "(rarer ones together)"
WRONG = "wrong-entry"


def summed(rows: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """Numbers by label, over all days."""
    total: Counter[str] = Counter()
    for _, label, number in rows:
        total[label] += number
    return dict(total)


def visible(counts: Mapping[str, int]) -> dict[str, int | str]:
    """Labels with their numbers, the most first; what is under 5 is summed up without its label."""
    shown: dict[str, int | str] = {
        label: number
        for label, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if number >= SMALLEST
    }
    rare = sum(number for number in counts.values() if 0 < number < SMALLEST)
    if rare:
        shown[RARER] = rare if rare >= SMALLEST else f"fewer than {SMALLEST}"
    return shown


@dataclass(frozen=True, slots=True)
class Reported:
    """An entry that people said is wrong. It is about a public listing, so one report counts."""

    id: str
    reports: int
    last: str  # the day of the last one
    dealt_with: int = 0  # how many of them a maintainer has seen to

    @property
    def waiting(self) -> int:
        """How many came since a maintainer last saw to it."""
        return max(0, self.reports - self.dealt_with)


def reported(rows: Iterable[tuple[str, str, int]], done: Mapping[str, int]) -> list[Reported]:
    """Every entry that people said is wrong: what waits first, the most often and latest first."""
    numbers: Counter[str] = Counter()
    last: dict[str, str] = {}
    for day, label, number in rows:
        numbers[label] += number
        last[label] = max(day, last.get(label, ""))
    found = [Reported(one, count, last[one], done.get(one, 0)) for one, count in numbers.items()]
    found.sort(key=lambda one: one.id)
    found.sort(key=lambda one: (one.waiting, one.last), reverse=True)
    return found
