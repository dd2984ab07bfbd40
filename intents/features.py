"""Words and character n-grams of a message, as the linear model counts them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

VERSION = 3  # raise it when the features change: cached models are made anew
SHORTEST, LONGEST = 2, 5
KEPT_WORDS = 20_000  # single words whose reading is remembered
LONGEST_WORD = 24  # letters of one word that are looked at

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]


def word_terms(words: Sequence[str]) -> list[str]:
    """Single words and pairs of neighbours; "w:" sets them apart from n-grams."""
    pairs = [f"w:{a} {b}" for a, b in pairwise(words)]
    return [*(f"w:{w}" for w in words), *pairs]


@lru_cache(maxsize=KEPT_WORDS)
def char_terms(word: str) -> tuple[str, ...]:
    """Every run of 2 to 5 characters of one word, its ends marked by a space."""
    padded = f" {word[:LONGEST_WORD]} "
    return tuple(
        padded[i : i + n]
        for n in range(SHORTEST, LONGEST + 1)
        for i in range(max(len(padded) - n + 1, 0))
    )


def count_terms(words: Sequence[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each word term and each character term stands in a message."""
    chars: Counter[str] = Counter()
    for word in words:
        chars.update(char_terms(word))
    return Counter(word_terms(words)), chars


class Vectoriser:
    """Turns words into a sparse vector: sublinear counts by rarity, each block of length one."""

    def __init__(self, terms: Mapping[str, int], rarity: Floats) -> None:
        self.terms = terms
        self.rarity = rarity
        self._word_columns = lru_cache(maxsize=KEPT_WORDS)(self._columns_of)

    @classmethod
    def fit(cls, documents: Iterable[Sequence[str]], at_least: int = 2) -> Vectoriser:
        """Learn which terms count (those of at least so many messages) and how rare each is."""
        seen: Counter[str] = Counter()
        n = 0
        for words in documents:
            n += 1
            for block in count_terms(words):
                seen.update(block.keys())
        kept = sorted(term for term, count in seen.items() if count >= at_least)
        rarity = [math.log((1 + n) / (1 + seen[term])) + 1 for term in kept]
        return cls({t: i for i, t in enumerate(kept)}, np.asarray(rarity, dtype=np.float32))

    def _columns_of(self, word: str) -> Indices:
        found = (self.terms.get(term) for term in char_terms(word))
        return np.asarray([c for c in found if c is not None], dtype=np.int32)

    def __call__(self, words: Sequence[str]) -> tuple[Indices, Floats]:
        """Columns and values of one message."""
        found = map(self.terms.get, word_terms(words))
        in_words = np.asarray([c for c in found if c is not None], dtype=np.int32)
        of_chars = [self._word_columns(word) for word in words]
        in_chars = np.concatenate(of_chars) if of_chars else np.zeros(0, dtype=np.int32)
        word_columns, word_values = self._block(in_words)
        char_columns, char_values = self._block(in_chars)
        columns = np.concatenate((word_columns, char_columns))
        return columns, np.concatenate((word_values, char_values))

    def _block(self, columns: Indices) -> tuple[Indices, Floats]:
        if not len(columns):
            return columns, np.zeros(0, dtype=np.float32)
        unique, counts = _counted(columns)
        values = (1 + np.log(counts)) * self.rarity.take(unique)
        return unique, values / np.sqrt(values @ values)


def _counted(columns: Indices) -> tuple[Indices, Floats]:
    """Each column once, in order, and how often it stands there; np.unique, but for a few."""
    ordered = columns.copy()
    ordered.sort()
    new = np.empty(len(ordered), dtype=np.bool_)
    new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    starts = new.nonzero()[0]
    counts = np.empty(len(starts), dtype=np.float32)
    np.subtract(starts[1:], starts[:-1], out=counts[:-1], casting="unsafe")
    counts[-1] = len(ordered) - starts[-1]
    return ordered.take(starts), counts
