"""The small language of the danger rules, compiled to regular expressions over plain words.

"<self> want to die"     words and <concepts>, in this order, next to each other
"stab* ... me"           * is any ending; ... is up to four words between
"die/death/dead"         either word
"[just/really] want"     words in brackets may be missing
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from intents.letters import plain_letters

CONCEPT = re.compile(r"<([a-z0-9-]+)>")
ELEMENT = re.compile(r"\.\.\.|\[[^\]]+\]|\S+")
GAP = r"(?:\S+ ){0,4}?"
Entry = tuple[str, ...]  # words that stand next to each other; each may end in *


@dataclass(frozen=True, slots=True)
class Pattern:
    """One compiled pattern and the words of which at least one must be there."""

    source: str
    regex: re.Pattern[str]
    triggers: frozenset[str]  # exact words, or beginnings that end in *

    def find(self, padded: str) -> re.Match[str] | None:
        """The first place where it fits, in words that are padded with one space at each end."""
        return self.regex.search(padded)


@dataclass(frozen=True, slots=True)
class Concepts:
    """The lists of words, and how a word of them looks once a message is in plain words."""

    lists: Mapping[str, tuple[str, ...]]
    plain: Callable[[str], Sequence[str]] = str.split

    def entry(self, text: str) -> Entry:
        """One word or phrase of a list as it stands in a normalised message."""
        text = plain_letters(text)
        return tuple(text.split() if "*" in text else self.plain(text))


def named_concepts(pattern: str) -> Iterator[str]:
    """The names of the concepts that a pattern uses."""
    return iter(CONCEPT.findall(pattern))


def compile_pattern(source: str, concepts: Concepts) -> Pattern:
    """Compile one pattern. Raises KeyError for a concept that is not there."""
    parts: list[str] = []
    triggers: frozenset[str] | None = None
    for element in ELEMENT.findall(plain_letters(source)):
        if element == "...":
            parts.append(GAP)
            continue
        optional = element.startswith("[")
        entries = _entries(element.strip("[]"), concepts)
        alternatives = "|".join(_regex(entry) for entry in sorted(entries, key=_longest_first))
        parts.append(f"(?:{alternatives}){'?' if optional else ''}")
        if not optional:
            first = frozenset(min(entry, key=_commonness) for entry in entries)
            if triggers is None or _breadth(first) < _breadth(triggers):
                triggers = first
    regex = re.compile(r"(?<= )(?P<said>" + "".join(parts) + ")")
    return Pattern(source, regex, triggers or frozenset())


def compile_all(sources: Iterable[str], concepts: Concepts) -> tuple[Pattern, ...]:
    """Compile several patterns."""
    return tuple(compile_pattern(source, concepts) for source in sources)


def words_of(sources: Iterable[str], concepts: Concepts) -> set[str]:
    """Every whole word that the patterns can name, for mending typing slips."""
    found: set[str] = set()
    for source in sources:
        for element in ELEMENT.findall(plain_letters(source)):
            if element != "...":
                for entry in _entries(element.strip("[]"), concepts):
                    found.update(word for word in entry if not word.endswith("*"))
    return found


def _entries(element: str, concepts: Concepts) -> list[Entry]:
    entries: list[Entry] = []
    for part in element.split("/"):
        named = CONCEPT.fullmatch(part)
        texts = concepts.lists[named.group(1)] if named else (part.replace("_", " "),)
        entries += [concepts.entry(text) for text in texts]
    return [entry for entry in entries if entry]


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
