"""Words and character n-grams of a message, as the linear model counts them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

VERSION = 4  # raise it when the features change: cached models are made anew
SHORTEST, LONGEST = 2, 5
KEPT_WORDS = 20_000  # single words whose reading is remembered
LONGEST_WORD = 24  # letters of one word that are looked at

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]
NONE: Indices = np.zeros(0, dtype=np.int32)
NO_VALUES: Floats = np.zeros(0, dtype=np.float32)


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
        return self._columns(map(self.terms.get, char_terms(word)))

    def all(self, texts: Sequence[Sequence[str]]) -> list[tuple[Indices, Floats]]:
        """Columns and values of each text."""
        words = [self._columns(map(self.terms.get, word_terms(text))) for text in texts]
        chars = [
            np.concatenate([self._word_columns(word) for word in text]) if text else NONE
            for text in texts
        ]
        pairs = zip(self._block(words), self._block(chars), strict=True)
        return [(np.concatenate((a, c)), np.concatenate((b, d))) for (a, b), (c, d) in pairs]

    @staticmethod
    def _columns(found: Iterable[int | None]) -> Indices:
        return np.asarray([c for c in found if c is not None], dtype=np.int32)

    def _block(self, texts: Sequence[Indices]) -> list[tuple[Indices, Floats]]:
        """Each text's columns once, in order, with its values; together they have length one."""
        n = len(self.rarity)
        keys = np.concatenate([cols + i * n for i, cols in enumerate(texts)])
        if not len(keys):
            return [(NONE, NO_VALUES)] * len(texts)
        unique, counts = _counted(keys)
        columns = unique % n if len(texts) > 1 else unique
        values = (1 + np.log(counts)) * self.rarity.take(columns)
        ends = np.searchsorted(unique, [i * n for i in range(1, len(texts))]).tolist()
        parts = zip([0, *ends], [*ends, len(unique)], strict=True)
        return [(columns[i:j], _of_length_one(values[i:j])) for i, j in parts]


def _of_length_one(values: Floats) -> Floats:
    return values / np.sqrt(values @ values) if len(values) else values


def _counted(columns: Indices) -> tuple[Indices, Floats]:
    """Each column once, in order, and how often it stands there; np.unique, but for a few."""
    ordered = np.sort(columns)
    new = np.empty(len(ordered), dtype=np.bool_)
    new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    starts = new.nonzero()[0]
    counts = np.empty(len(starts), dtype=np.float32)
    np.subtract(starts[1:], starts[:-1], out=counts[:-1], casting="unsafe")
    counts[-1] = len(ordered) - starts[-1]
    return ordered.take(starts), counts
