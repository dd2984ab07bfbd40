"""The small language of the danger rules, compiled to regular expressions over plain words.

"<self> want to die"     words and <concepts>, in this order, next to each other
"stab* ... me"           * is any ending; ... is up to four words between
"die/death/dead"         either word
"[just/really] want"     words in brackets may be missing
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from intents.letters import plain_letters

CONCEPT = re.compile(r"<([a-z0-9-]+)>")
ELEMENT = re.compile(r"\.\.\.|\[[^\]]+\]|\S+")
GAP_WORDS = 4
GAP = rf"(?:\S+ ){{0,{GAP_WORDS}}}?"
Entry = tuple[str, ...]  # words that stand next to each other; each may end in *


@dataclass(frozen=True)
class Element:
    """One place of a pattern, where any of its entries may stand."""

    name: str
    entries: tuple[Entry, ...]

    @cached_property
    def signs(self) -> frozenset[str]:
        """The rarest word of each entry: without any of them the element is not there."""
        return frozenset(min(entry, key=_commonness) for entry in self.entries)

    @cached_property
    def longest(self) -> int:
        """How many words the longest entry has."""
        return max(map(len, self.entries), default=0)

    @cached_property
    def regex(self) -> str:
        """All entries as one group, the longest first."""
        return f"(?:{'|'.join(map(_regex, sorted(self.entries, key=_longest_first)))})"


@dataclass(frozen=True)
class Pattern:
    """One pattern, and the elements that must all be in a message that it fits."""

    source: str
    places: tuple[tuple[Element, bool] | None, ...]  # elements, and whether optional; None: a gap
    needs: frozenset[str]  # names of elements
    first: Element | None  # the one of them that lets the least through

    @property
    def longest(self) -> int:
        """How many words it spans at most."""
        return sum(GAP_WORDS if place is None else place[0].longest for place in self.places)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled when it is first needed: who only asks for words needs none."""
        parts = [
            GAP if place is None else place[0].regex + ("?" if place[1] else "")
            for place in self.places
        ]
        return re.compile(r"(?<= )(?P<said>" + "".join(parts) + ")")

    def find(self, padded: str) -> re.Match[str] | None:
        """The first place where it fits, in words that are padded with one space at each end."""
        return self.regex.search(padded)


@dataclass(frozen=True, slots=True)
class Concepts:
    """The lists of words, and how a word of them looks once a message is in plain words."""

    lists: Mapping[str, tuple[str, ...]]
    plain: Callable[[str], Sequence[str]] = str.split
    _elements: dict[str, Element] = field(default_factory=dict, compare=False, repr=False)

    def element(self, text: str) -> Element:
        """What stands between two spaces of a pattern; the same one for the same text.

        Raises KeyError for a concept that is not there.
        """
        if (known := self._elements.get(text)) is not None:
            return known
        entries: list[Entry] = []
        for part in text.split("/"):
            named = CONCEPT.fullmatch(part)
            if named and text != part:
                entries += self.element(part).entries
            else:
                said = self.lists[named.group(1)] if named else (part.replace("_", " "),)
                entries += map(self.entry, said)
        return self._elements.setdefault(text, Element(text, tuple(filter(None, entries))))

    def entry(self, text: str) -> Entry:
        """One word or phrase of a list as it stands in a normalised message."""
        text = plain_letters(text)
        return tuple(text.split() if "*" in text else self.plain(text))


def named_concepts(pattern: str) -> Iterator[str]:
    """The names of the concepts that a pattern uses."""
    return iter(CONCEPT.findall(pattern))


def compile_pattern(source: str, concepts: Concepts) -> Pattern:
    """Read one pattern. Raises KeyError for a concept that is not there."""
    places: list[tuple[Element, bool] | None] = []
    first: Element | None = None
    for text in ELEMENT.findall(plain_letters(source)):
        if text == "...":
            places.append(None)
            continue
        element, optional = concepts.element(text.strip("[]")), text.startswith("[")
        places.append((element, optional))
        if not optional and (first is None or _breadth(element.signs) < _breadth(first.signs)):
            first = element
    needs = frozenset(place[0].name for place in places if place is not None and not place[1])
    return Pattern(source, tuple(places), needs, first)


def compile_all(sources: Iterable[str], concepts: Concepts) -> tuple[Pattern, ...]:
    """Read several patterns."""
    return tuple(compile_pattern(source, concepts) for source in sources)


def elements_of(patterns: Iterable[Pattern]) -> dict[str, Element]:
    """Every element of the patterns by its name."""
    places = (place for pattern in patterns for place in pattern.places)
    return {place[0].name: place[0] for place in places if place is not None}


def words_of(patterns: Iterable[Pattern]) -> set[str]:
    """Every whole word that the patterns can name, for mending typing slips."""
    entries = (entry for one in elements_of(patterns).values() for entry in one.entries)
    return {word for entry in entries for word in entry if not word.endswith("*")}


def _regex(entry: Entry) -> str:
    words = [re.escape(w[:-1]) + r"\S*" if w.endswith("*") else re.escape(w) for w in entry]
    return " ".join(words) + " "


def _longest_first(entry: Entry) -> tuple[int, str]:
    return (-len(" ".join(entry)), " ".join(entry))


_COMMON = (
    "i you he she it we they me him her them my your his our their a an the to of in on at "
    "for and or but is am are was were be been do not did does will would can could have has "
    "had get got go going with that this there what so no up out just if all now want someone"
)
COMMON = frozenset(_COMMON.split())


def _commonness(word: str) -> tuple[bool, int]:
    return (word in COMMON, -len(word))


def _breadth(words: frozenset[str]) -> tuple[int, int]:
    """How much a set of trigger words lets through: common words first, then their number."""
    return (sum(w in COMMON for w in words), len(words))
