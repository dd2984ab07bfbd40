"""Words and character n-grams of a message, as the linear model counts them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

VERSION = 5  # raise it when the features change: cached models are made anew
SHORTEST, LONGEST = 2, 5
KEPT_WORDS = 20_000  # single words whose columns are remembered
LONGEST_WORD = 24  # letters of one word that are looked at

Floats = NDArray[np.float32]
Indices = NDArray[np.int32]
Hashes = NDArray[np.uint32]
NONE: Indices = np.zeros(0, dtype=np.int32)
NO_VALUES: Floats = np.zeros(0, dtype=np.float32)


def word_terms(words: Sequence[str]) -> list[str]:
    """Single words and pairs of neighbours; "w:" sets them apart from n-grams."""
    pairs = [f"w:{a} {b}" for a, b in pairwise(words)]
    return [*(f"w:{w}" for w in words), *pairs]


def char_terms(word: str) -> list[str]:
    """Every run of 2 to 5 characters of one word, its ends marked by a space."""
    padded = f" {word[:LONGEST_WORD]} "
    return [
        padded[i : i + n]
        for n in range(SHORTEST, LONGEST + 1)
        for i in range(max(len(padded) - n + 1, 0))
    ]


def hashed(terms: Sequence[str]) -> Hashes:
    """The 32-bit CRC of each term: what a model knows a term by.

    Among 140,000 terms two or three share a number and count as one; kept as texts they would take
    16 MB.
    """
    return np.asarray([crc32(term.encode("utf-8", "surrogatepass")) for term in terms], np.uint32)


class Vectoriser:
    """Turns words into a sparse vector: sublinear counts by rarity, each block of length one."""

    def __init__(self, terms: Hashes, rarity: Floats) -> None:
        self.terms = terms  # in ascending order
        self.rarity = rarity
        self._word_columns = lru_cache(maxsize=KEPT_WORDS)(self._columns_of_word)

    @classmethod
    def fit(cls, documents: Iterable[Sequence[str]], at_least: int = 2) -> Vectoriser:
        """Learn which terms count (those of at least so many messages) and how rare each is."""
        of_word = lru_cache(maxsize=None)(lambda word: set(hashed(char_terms(word)).tolist()))
        seen: Counter[int] = Counter()
        n = 0
        for words in documents:
            n += 1
            seen.update(set(hashed(word_terms(words)).tolist()))
            seen.update(set[int]().union(*map(of_word, words)))
        kept = sorted(term for term, count in seen.items() if count >= at_least)
        rarity = [math.log((1 + n) / (1 + seen[term])) + 1 for term in kept]
        return cls(np.asarray(kept, dtype=np.uint32), np.asarray(rarity, dtype=np.float32))

    def columns(self, terms: Sequence[str]) -> Indices:
        """The columns of those of the terms that count."""
        return self._places(hashed(terms))[0]

    def _columns_of_word(self, word: str) -> Indices:
        return self.columns(char_terms(word))

    def _places(self, hashes: Hashes) -> tuple[Indices, NDArray[np.bool_]]:
        """The columns of what counts, and which ones of the hashes those are."""
        at = self.terms.searchsorted(hashes)
        at[at == len(self.terms)] = 0
        known = self.terms.take(at) == hashes if len(self.terms) else np.zeros(len(at), np.bool_)
        return at[known].astype(np.int32), known

    def all(self, texts: Sequence[Sequence[str]]) -> list[tuple[Indices, Floats]]:
        """Columns and values of each text."""
        terms = [word_terms(text) for text in texts]
        columns, known = self._places(hashed([term for said in terms for term in said]))
        of = np.repeat(np.arange(len(texts)), [len(said) for said in terms])[known]
        words = [columns] if len(texts) == 1 else [columns[of == i] for i in range(len(texts))]
        chars = [
            np.concatenate([self._word_columns(word) for word in text]) if text else NONE
            for text in texts
        ]
        pairs = zip(self._block(words), self._block(chars), strict=True)
        return [(np.concatenate((a, c)), np.concatenate((b, d))) for (a, b), (c, d) in pairs]

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
