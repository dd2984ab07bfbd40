"""Words and character n-grams of a message, as the linear model counts them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
    return [*(f"w:{word}" for word in words), *pair_terms(words)]


def pair_terms(words: Sequence[str]) -> list[str]:
    """The pairs of neighbours alone."""
    return [f"w:{a} {b}" for a, b in pairwise(words)]


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
        self._kept: dict[str, tuple[Indices, Indices]] = {}

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
        return self._columns_of_each([terms])[0]

    def _columns_of_each(self, groups: Sequence[Sequence[str]]) -> list[Indices]:
        columns, known = self._places(hashed([term for terms in groups for term in terms]))
        ends = known.nonzero()[0].searchsorted(np.cumsum([len(terms) for terms in groups])).tolist()
        return [columns[i:j] for i, j in pairwise([0, *ends])]

    def _columns_of_words(self, words: Iterable[str]) -> Mapping[str, tuple[Indices, Indices]]:
        """Of each word itself, and of its runs of letters; new words are looked up at once."""
        found: dict[str, tuple[Indices, Indices]] = {}
        new: list[str] = []
        for word in dict.fromkeys(words):
            if (kept := self._kept.get(word)) is not None:
                found[word] = kept
            else:
                new.append(word)
        if new:
            terms = [terms for word in new for terms in ([f"w:{word}"], char_terms(word))]
            each = iter(self._columns_of_each(terms))
            fresh = dict(zip(new, zip(each, each, strict=True), strict=True))
            if len(self._kept) + len(new) > KEPT_WORDS:
                self._kept.clear()
            self._kept.update(fresh)
            found |= fresh
        return found

    def _places(self, hashes: Hashes) -> tuple[Indices, NDArray[np.bool_]]:
        """The columns of what counts, and which ones of the hashes those are."""
        at = self.terms.searchsorted(hashes)
        at[at == len(self.terms)] = 0
        known = self.terms.take(at) == hashes if len(self.terms) else np.zeros(len(at), np.bool_)
        return at[known].astype(np.int32), known

    def all(self, texts: Sequence[Sequence[str]]) -> list[tuple[Indices, Floats]]:
        """Columns and values of each text."""
        pairs = self._columns_of_each([pair_terms(text) for text in texts])
        known = self._columns_of_words(word for text in texts for word in text)
        blocks: list[Indices] = []
        for text, two in zip(texts, pairs, strict=True):
            words = [known[word] for word in text]
            blocks.append(np.concatenate([*(word for word, _ in words), two]))
            blocks.append(np.concatenate([NONE, *(runs for _, runs in words)]))
        return self._weighed(blocks)

    def _weighed(self, blocks: Sequence[Indices]) -> list[tuple[Indices, Floats]]:
        """Each block's columns once, in order, with its values, which together have length one.

        Two blocks are one text: its words, and its runs of letters.
        """
        n = len(self.rarity)
        keys = np.concatenate([columns + i * n for i, columns in enumerate(blocks)])
        if not len(keys):
            return [(NONE, NO_VALUES)] * (len(blocks) // 2)
        unique, counts = _counted(keys)
        columns = unique % n
        values = (1 + np.log(counts)) * self.rarity.take(columns)
        ends = unique.searchsorted([i * n for i in range(len(blocks) + 1)]).tolist()
        for i, j in pairwise(ends):
            if j > i:
                block = values[i:j]
                block /= np.sqrt(block @ block)
        return [(columns[i:j], values[i:j]) for i, j in pairwise(ends[::2])]


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
