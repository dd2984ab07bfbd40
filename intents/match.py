"""Layer 2: the examples whose words are most like the message's, words matched with rapidfuzz."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from intents.content import Example

Words = tuple[str, ...]
ALIKE = 74.0  # rapidfuzz ratio, 0 to 100, from which two words count as the same one misspelt
CANDIDATES = 3  # vocabulary words that an unknown word may stand for
SHORTEST = 4  # letters from which an unknown word is compared; shorter ones are alike by chance
NEAREST = 10


@dataclass(frozen=True, slots=True)
class Near:
    """One example that is like the message."""

    index: int  # into the examples
    likeness: float  # 0 to 1
    words: Words  # of the message, that it shares


class Speller:
    """Finds the known words that an unknown one may stand for."""

    def __init__(self, known: Sequence[str]) -> None:
        self._known = frozenset(known)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            self._by_length[len(word)].append(word)
        self.near = lru_cache(maxsize=20_000)(self._near)

    def _near(self, word: str) -> tuple[tuple[str, float], ...]:
        """Known words with their likeness, 0 to 1, best first; the word itself if it is known."""
        if word in self._known:
            return ((word, 1.0),)
        if len(word) < SHORTEST or any(c.isdigit() for c in word):
            return ()
        reach = 1 if len(word) < 8 else 2
        around = range(len(word) - reach, len(word) + reach + 1)
        candidates = [w for n in around for w in self._by_length.get(n, ())]
        found = process.extract(
            word, candidates, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=CANDIDATES
        )
        return tuple((other, score / 100) for other, score, _ in found)

    def mended(self, word: str) -> str:
        """The one known word that is a slip of one or two letters away; else the word itself."""
        if word in self._known or len(word) <= SHORTEST or self._is_form(word):
            return word
        reach = 1 if len(word) < 9 else 2
        best, least = word, reach + 1
        for other, _ in self.near(word):
            slips = OSA.distance(word, other, score_cutoff=reach)
            if slips < least and word[0] == other[0]:
                best, least = other, slips
        return best

    def _is_form(self, word: str) -> bool:
        """Whether it is a known word with another ending, or no word at all."""
        if not word.isalpha():
            return True
        for ending in ("ing", "ed", "er", "s", "es", "ly", "y"):
            stem = word.removesuffix(ending)
            if stem != word and len(stem) > 2:
                undoubled = stem[:-1] if stem[-1] == stem[-2] else stem
                if not self._known.isdisjoint((stem, undoubled, stem + "e")):
                    return True
        return False


class Matcher:
    """Compares a message with every example at once by an inverted index."""

    def __init__(self, examples: Sequence[Example], documents: Sequence[Words]) -> None:
        self._examples = examples
        holders: dict[str, Counter[int]] = defaultdict(Counter)
        for i, words in enumerate(documents):
            for word in words:
                holders[word][i] += 1
        n = max(len(documents), 1)
        self._rarity = {w: math.log(1 + n / len(found)) for w, found in holders.items()}
        lengths = np.zeros(n, dtype=np.float32)
        for word, found in holders.items():
            lengths[list(found)] += self._rarity[word] ** 2
        self._lengths = np.sqrt(np.maximum(lengths, 1e-6))
        self._holders = {
            w: np.fromiter(found, dtype=np.int32, count=len(found)) for w, found in holders.items()
        }
        self._documents = [frozenset(words) for words in documents]
        self.speller = Speller(list(holders))
        self._unknown = math.log(1 + n)
        # A message is asked about more than once: for its intent, its danger, and why.
        self._nearest = lru_cache(maxsize=256)(self._find)

    def nearest(self, words: Sequence[str], n: int = NEAREST) -> tuple[Near, ...]:
        """The `n` examples most like the message, best first."""
        return self._nearest(tuple(words), n)

    def _find(self, words: Words, n: int) -> tuple[Near, ...]:
        scores = np.zeros(len(self._lengths), dtype=np.float32)
        length = 0.0
        stands_for: dict[str, str] = {}
        for word in dict.fromkeys(words):
            known = self.speller.near(word)
            weight = self._rarity[known[0][0]] if known else self._unknown
            length += weight**2
            for other, alike in known:
                stands_for.setdefault(other, word)
                rarity = self._rarity[other]
                scores[self._holders[other]] += rarity * min(rarity, weight) * alike**2
        if not stands_for:
            return ()
        scores /= self._lengths * math.sqrt(length)
        return tuple(
            Near(i, min(float(scores[i]), 1.0), self._shared(i, stands_for))
            for i in _best(scores, n)
            if scores[i] > 0
        )

    def _shared(self, index: int, stands_for: dict[str, str]) -> Words:
        document = self._documents[index]
        shared = [other for other in stands_for if other in document]
        shared.sort(key=lambda w: -self._rarity[w])
        return tuple(dict.fromkeys(stands_for[w] for w in shared))


def _best(scores: NDArray[np.float32], n: int) -> list[int]:
    """Indices of the highest scores; equal ones in the order of the examples."""
    if len(scores) > n:
        floor = scores[np.argpartition(-scores, n - 1)[:n]].min()
        top = np.flatnonzero(scores >= floor)
    else:
        top = np.arange(len(scores))
    order = np.lexsort((top, -scores[top]))
    return [int(i) for i in top[order][:n]]


def votes(near: Sequence[Near], examples: Sequence[Example], power: float) -> dict[str, float]:
    """The share of the vote for each intent; the more alike, the more weight."""
    weights: dict[str, float] = defaultdict(float)
    for one in near:
        weights[examples[one.index].intent] += one.likeness**power
    total = sum(weights.values()) or 1.0
    return {intent: weight / total for intent, weight in weights.items()}
