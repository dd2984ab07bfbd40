"""A trial: unknown words mended by the words around them, before any layer reads the message.

Known are the words of the examples and the whole words of the encoder's vocabulary, so that a good
word which no example happens to use is left alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST, LONGEST = 2, 24  # letters of a word that is mended
UNSEEN = 0.05  # what a word of the vocabulary alone counts against one occurrence in the examples
TOGETHER = 20.0  # how much more a pair of neighbours counts than one word


class Mender:
    """Puts a known word, one slip away, for every unknown one; of several the likeliest here."""

    def __init__(self, documents: Sequence[Sequence[str]], lexicon: Collection[str]) -> None:
        self._counts = Counter(word for words in documents for word in words)
        self._pairs = Counter(pair for words in documents for pair in pairwise(("", *words, "")))
        self._lexicon = frozenset(lexicon)
        self._candidates = lru_cache(maxsize=20_000)(self._find)

    def __call__(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words, mended from left to right."""
        out = [""]
        for word, after in pairwise((*words, "")):
            before = out[-1]
            found = {w: self._weight(before, w, after) for w in self._candidates(word)}
            out.append(max(found, key=found.__getitem__, default=word))
        return tuple(out[1:])

    def _find(self, word: str) -> tuple[str, ...]:
        known = word in self._counts or word in self._lexicon
        plain = word.isascii() and word.isalpha()
        if known or not plain or not SHORTEST <= len(word) <= LONGEST:
            return ()
        near = sorted(set(one_slip(word)))
        seen = [w for w in near if w in self._counts]
        return tuple(seen or [w for w in near if w in self._lexicon and len(w) > 2])

    def _weight(self, before: str, word: str, after: str) -> float:
        alone = self._counts[word] + UNSEEN
        around = self._pairs[before, word], self._pairs[word, after]
        return math.log(alone) + sum(math.log(1 + TOGETHER * n / alone) for n in around)


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


def lexicon_of(vocabulary: Path) -> frozenset[str]:
    """The whole words of a WordPiece vocabulary."""
    lines = vocabulary.read_text(encoding="utf-8").split("\n")
    return frozenset(w for w in lines if w.isascii() and w.isalpha() and len(w) > 1)
