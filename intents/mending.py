"""Layer 1, last step: a typing slip put right by the words around it, before any layer reads on.

Known are the words of the examples, the word lists, the names in the directory, and an English
dictionary, so that a good word which no example happens to use is left alone. Messages in another
language are left as they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from intents.documents import Documents, pair_key
from intents.normalise import KEPT_WORDS, STOPS

DICTIONARY = ("symspellpy", "frequency_dictionary_en_82_765.txt")  # package and file: word, count
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST, LONGEST = 4, 24  # letters of a word that is mended; a shorter one is often an acronym
SURE = 2  # examples that use a word before another one is taken for it
UNSEEN = 0.05  # what a word of the dictionary alone counts against one occurrence in the examples
TOGETHER = 20.0  # how much more a pair of neighbours counts than one word
EVERYDAY = 0.01  # share of the examples that use a word which shows that a message is English
ENGLISH = 0.2  # share of such words in a message that is mended
FEW = 3  # words; a message of so few is taken for English
MOST_OTHERS = 24  # other readings of a message that are looked at
AROUND = 40  # words on each side of a slip that show how grave each reading of it is
SAME = 70.0  # rapidfuzz ratio from which "cant" is "can not" written short, and no slang for it


@dataclass(frozen=True, slots=True)
class Pairs:
    """How often one word stands before another, in two arrays: as texts they would take 30 MB."""

    number: Mapping[str, int]  # of each word
    keys: NDArray[np.int64]  # in ascending order
    often: NDArray[np.int32]

    def __call__(self, first: str, second: str) -> int:
        """How often; "" is the start or the end of a text."""
        none = len(self.number)
        a, b = (self.number.get(word) if word else none for word in (first, second))
        if a is None or b is None:
            return 0
        key = pair_key(a, b, none)
        at = int(self.keys.searchsorted(key))
        return int(self.often[at]) if at < len(self.keys) and self.keys[at] == key else 0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that are no slips, and how those that people use here stand together."""

    counts: Mapping[str, int]
    pairs: Pairs
    lexicons: tuple[Set[str], ...] = ()  # good words besides
    slang: frozenset[str] = frozenset()  # no slips either, but never what a slip is taken for
    short_for: Mapping[str, str] = field(default_factory=dict)  # "cant": "can not"
    everyday: frozenset[str] = frozenset()
    sure: frozenset[str] = frozenset()  # what a slip is taken for first

    @classmethod
    def of(
        cls,
        texts: Iterable[Sequence[str]],
        *lexicons: Set[str],
        stands_for: Mapping[str, str] | None = None,
    ) -> Vocabulary:
        """Count what the examples say, in plain words."""
        documents = Documents.of(texts)
        words = zip(documents.vocabulary, documents.counts().tolist(), strict=True)
        counts = {word: n for word, n in words if n}
        often = EVERYDAY * len(documents)
        everyday = frozenset(word for word, n in counts.items() if n > often)
        short = {k: v for k, v in (stands_for or {}).items() if _is_short_for(k, v)}
        slang = frozenset(stands_for or ()) - short.keys()
        pairs = Pairs(documents.number, *documents.neighbours())
        sure = frozenset(word for word, n in counts.items() if n >= SURE) | short.keys()
        return cls(counts, pairs, lexicons, slang, short, everyday, sure)

    def knows(self, word: str) -> bool:
        """Whether a word is no slip."""
        if word in self.counts or word in self.short_for or word in self.slang:
            return True
        return any(word in lexicon for lexicon in self.lexicons)


class Mender:
    """Puts a known word, one slip away, for every unknown one; of several the likeliest here."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        names: frozenset[str] = frozenset(),
        gravity: Callable[[Sequence[str]], int] | None = None,
    ) -> None:
        self._v = vocabulary
        self._names = names
        self._gravity = gravity
        self._candidates = lru_cache(maxsize=KEPT_WORDS)(self._find)

    def sparing(self, names: Collection[str]) -> Mender:
        """The same, but these words are no slips; nor is a slip ever taken for one of them."""
        return Mender(self._v, frozenset(names), self._gravity)

    def seeing(self, gravity: Callable[[Sequence[str]], int]) -> Mender:
        """The same, but of several readings one that these words make graver is taken.

        "kell myself" is nearer to "tell myself" by what people usually say.
        """
        return Mender(self._v, self._names, gravity)

    def __call__(self, tokens: Sequence[str]) -> list[str]:
        """Words and stops, mended from left to right; what has no near word stays."""
        v = self._v
        unknown = [not (t in STOPS or t in self._names or v.knows(t)) for t in tokens]
        if not any(unknown) or not self._is_english(tokens):
            return list(tokens)
        pieces: list[list[str]] = []
        others: list[tuple[int, str]] = []  # what else a slip may stand for, and where
        for token, slipped, after in zip(tokens, unknown, [*tokens[1:], ""], strict=True):
            found = self._candidates(token) if slipped else ()
            if not found:
                pieces.append([token])
                continue
            before = pieces[-1][-1] if pieces else ""
            weights = [self._weight(before, word, after) for word in found]
            best = found[weights.index(max(weights))]
            others += [(len(pieces), word) for word in found if word != best]
            pieces.append(v.short_for.get(best, best).split())
        return self._gravest(pieces, others[:MOST_OTHERS])

    def _gravest(self, pieces: list[list[str]], others: Sequence[tuple[int, str]]) -> list[str]:
        """The likeliest reading, or another one where a danger would be lost by it."""
        flat = _flat(pieces)
        gravity = self._gravity
        if gravity is None or not others:
            return flat
        worst = -1
        for place, word in others:
            first, end = max(place - AROUND, 0), place + AROUND + 1
            said = self._v.short_for.get(word, word).split()
            tried = [*pieces[:place], said, *pieces[place + 1 :]]
            graver = gravity(_flat(tried[first:end]))
            if graver > worst and graver > gravity(_flat(pieces[first:end])):
                flat, worst = _flat(tried), graver
        return flat

    def _is_english(self, tokens: Sequence[str]) -> bool:
        words = [token for token in tokens if token not in STOPS]
        everyday = sum(word in self._v.everyday for word in words)
        return len(words) <= FEW or everyday >= ENGLISH * len(words)

    def _find(self, word: str) -> tuple[str, ...]:
        if not (word.isascii() and word.isalpha() and SHORTEST <= len(word) <= LONGEST):
            return ()
        v = self._v
        near = set(one_slip(word))
        if seen := near & v.sure:
            return tuple(sorted(seen))
        listed = set[str]().union(*(near & lexicon for lexicon in v.lexicons)) - v.slang
        return tuple(sorted(w for w in listed if len(w) >= SHORTEST))

    def _weight(self, before: str, word: str, after: str) -> float:
        said = self._v.short_for.get(word, word).split()
        first, last = said[0], said[-1]
        counts, pairs = self._v.counts, self._v.pairs
        alone = min(counts.get(first, 0), counts.get(last, 0)) + UNSEEN
        around = pairs(before, first), pairs(last, after)
        return math.log(alone) + sum(math.log(1 + TOGETHER * n / alone) for n in around)


def _flat(pieces: Iterable[Sequence[str]]) -> list[str]:
    return [word for piece in pieces for word in piece]


def _is_short_for(key: str, value: str) -> bool:
    plain = key.isascii() and key.isalpha() and len(key) >= SHORTEST
    return plain and key[0] == value[0] and fuzz.ratio(key, value) >= SAME


def one_slip(word: str) -> Iterator[str]:
    """Every string that is one letter swapped, dropped, put in or put in another's place away."""
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        yield from (head + letter + tail for letter in LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """The words of an English dictionary, out of a package of which no code is run.

    Raises FileNotFoundError where it is not installed.
    """
    package, name = DICTIONARY
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"{package} is not installed")
    path = Path(spec.submodule_search_locations[0]) / name
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return frozenset(line.split(" ", 1)[0] for line in lines)
