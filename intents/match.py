"""Layer 2: the examples whose words are most like the message's, words matched with rapidfuzz."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from intents.documents import Documents, Words

Shares = list[tuple[int, float]]  # numbers of known words, and what each adds
ALIKE = 74.0  # rapidfuzz ratio, 0 to 100, from which two words count as the same one misspelt
CANDIDATES = 3  # vocabulary words that an unknown word may stand for
SHORTEST = 4  # letters from which an unknown word is compared; shorter ones are alike by chance
NEAREST = 10
KEPT_WORDS = 20_000  # single words whose reading is remembered
COMMON = 12  # a word that more than one in so many examples holds is common
GROUP = 64  # examples, of which only the best is looked at first
ANY = 1e-30  # a score that is any
ROUNDED = 0.9999  # of a score, so that no rounding leaves an example out
MOST_APART = 255  # letters in which two words are compared to differ
NO_LETTERS: NDArray[np.uint64] = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Near:
    """One example that is like the message."""

    index: int  # into the examples
    likeness: float  # 0 to 1


class Speller:
    """Finds the known words that an unknown one may stand for."""

    def __init__(self, known: Sequence[str]) -> None:
        self._known = frozenset(known)
        # In the order of their lengths, so that the words about as long as another are a slice.
        self._ordered = sorted(self._known, key=lambda word: (len(word), word))
        lengths = np.asarray([len(word) for word in self._ordered], dtype=np.intp)
        longest = int(lengths[-1]) if len(lengths) else 0
        self._begins = lengths.searchsorted(np.arange(longest + 2)).tolist()
        self._lengths = lengths
        self._about = lru_cache(maxsize=64)(self._about_as_long)
        self._letters = _letters_of_all(self._ordered, self._begins)
        self.mended = lru_cache(maxsize=KEPT_WORDS)(self._mended)

    def near(self, word: str) -> tuple[tuple[str, float], ...]:
        """Known words with their likeness, 0 to 1, best first; the word itself if it is known."""
        if word in self._known:
            return ((word, 1.0),)
        if len(word) < SHORTEST or any(c.isdigit() for c in word):
            return ()
        found = process.extract(
            word, self._candidates(word), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=CANDIDATES
        )
        return tuple((other, score / 100) for other, score, _ in found)

    def _candidates(self, word: str) -> list[str]:
        """Words about as long that have enough letters in common to be alike at all."""
        first, end, most = self._about(len(word))
        apart = np.bitwise_count(self._letters[first:end] ^ np.uint64(_letters(word)))
        near = (apart <= most).nonzero()[0] + first
        return [self._ordered[i] for i in near.tolist()]

    def _about_as_long(self, length: int) -> tuple[int, int, NDArray[np.uint8]]:
        """Where the words about as long begin and end, and how many letters each may differ in.

        Each letter that only one of two words has is one letter to take out of it, and the ratio is
        one less the share of such letters: more of them than this, and it is too low.
        """
        reach = 1 if length < 8 else 2
        last = len(self._begins) - 1
        first = self._begins[min(length - reach, last)]
        end = self._begins[min(length + reach + 1, last)]
        most = (self._lengths[first:end] + length) * ((100 - ALIKE) / 100) + 1e-6
        return first, end, np.minimum(most, MOST_APART).astype(np.uint8)

    def _mended(self, word: str) -> str:
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

    def __init__(self, documents: Iterable[Sequence[str]]) -> None:
        self._documents = Documents.of(documents)
        self._held, self._starts = self._documents.holders
        n = max(len(self._documents), 1)
        often = np.diff(self._starts)
        rarity = np.log1p(n / np.maximum(often, 1))
        self._rarity: list[float] = rarity.tolist()
        lengths = np.bincount(self._held, np.repeat(rarity**2, often), minlength=n)
        self._by_length = 1 / np.sqrt(np.maximum(lengths, 1e-6)).astype(np.float32)
        # What words that very many examples hold can add at most, by its length.
        common = np.flatnonzero(often * COMMON > n)
        self._common = {number: i for i, number in enumerate(common.tolist())}
        self._holds = np.zeros((n, len(common)), dtype=np.uint8)
        for number, i in self._common.items():
            self._holds[self._holders(number), i] = 1
        self._limits = rarity[common] ** 2
        most = sum(self._holds[:, i] * limit for i, limit in enumerate(self._limits))
        self._most = np.asarray(most * self._by_length, dtype=np.float32)
        used = np.flatnonzero(often).tolist()
        self._number = {self._documents.vocabulary[i]: i for i in used}
        self.speller = Speller(list(self._number))
        self._unknown = math.log(1 + n)
        self._share = lru_cache(maxsize=KEPT_WORDS)(self._share_of)
        # A message is asked about more than once: for its intent, its danger, and why.
        self._nearest = lru_cache(maxsize=32)(self._nearest_of)

    def _holders(self, number: int) -> NDArray[np.int32]:
        """The texts that hold a word."""
        return self._held[self._starts[number] : self._starts[number + 1]]

    def nearest(self, words: Sequence[str]) -> tuple[Near, ...]:
        """The NEAREST examples most like the message, best first."""
        return self._nearest(tuple(words))

    def _nearest_of(self, words: Words) -> tuple[Near, ...]:
        shares, length = self._shares(words)
        if not shares:
            return ()
        return tuple(Near(i, min(score / length, 1.0)) for i, score in self._best(shares))

    def shared(self, words: Sequence[str], index: int) -> Words:
        """The words of a text that stand in this example, misspelt ones too, rarest first."""
        stands_for = {o: w for w in dict.fromkeys(words) for o, _ in self.speller.near(w)}
        rarest = sorted(stands_for, key=lambda w: self._rarity[self._number[w]], reverse=True)
        document = self._documents[index]
        return tuple(dict.fromkeys(stands_for[w] for w in rarest if w in document))

    def _shares(self, words: Sequence[str]) -> tuple[Shares, float]:
        """What each known word adds to the examples that hold it, and the text's own length."""
        found = [self._share(word) for word in dict.fromkeys(words)]
        shares = [share for each, _ in found for share in each]
        return shares, math.sqrt(sum(weight for _, weight in found))

    def _share_of(self, word: str) -> tuple[tuple[tuple[int, float], ...], float]:
        """The same for one word, and what it adds to the square of the text's length."""
        known = [(self._number[o], alike) for o, alike in self.speller.near(word)]
        weight = self._rarity[known[0][0]] if known else self._unknown
        rarities = [(number, self._rarity[number], alike) for number, alike in known]
        shares = tuple((n, rarity * min(rarity, weight) * a**2) for n, rarity, a in rarities)
        return shares, weight**2

    def _best(self, shares: Shares) -> list[tuple[int, float]]:
        """The NEAREST examples by the shares of the words that they hold, by their length.

        Few can be among them: those that have, by their rare words and all that common ones can
        add, as much as the tenth has by its rare words alone. Only they are looked at.
        """
        common = np.zeros(len(self._limits))
        rare: Shares = []
        for number, share in shares:
            if (i := self._common.get(number)) is None:
                rare.append((number, share))
            else:
                common[i] += share
        total = self._sums(rare)
        scores = self._by_lengths(total)
        least = _least(scores, NEAREST)
        if len(rare) == len(shares):
            return _ranked(scores, least)
        # Two slips for one word add more than the word itself can.
        scores += self._most * np.float32(max(1.0, (common / self._limits).max()))
        near = (scores >= least * ROUNDED).nonzero()[0]
        if len(near) * GROUP > len(scores):  # the rare words say too little
            scores = self._by_lengths(self._sums(shares))
            return _ranked(scores, _least(scores, NEAREST))
        of_common = np.add.reduce(self._holds.take(near, axis=0) * common, axis=1)
        found = (total.take(near) + of_common).astype(np.float32)
        return _first(near, found * self._by_length.take(near))

    def _by_lengths(self, total: NDArray[np.float64]) -> NDArray[np.float32]:
        scores = total.astype(np.float32)
        scores *= self._by_length
        return scores

    def _sums(self, shares: Shares) -> NDArray[np.float64]:
        """For each example the shares of the words that it holds."""
        if not shares:
            return np.zeros(len(self._by_length))
        held = [self._holders(number) for number, _ in shares]
        rows = np.concatenate(held, dtype=np.intp)
        each = np.repeat([share for _, share in shares], [len(some) for some in held])
        total = np.bincount(rows, each, minlength=len(self._by_length))
        return np.asarray(total, dtype=np.float64)


def _letters(word: str) -> int:
    """The letters of a word as bits, and above them those that it has twice.

    Two letters may share a bit, so words differ in as many letters as bits, or in more.
    """
    once = twice = 0
    for char in word:
        bit = 1 << (ord(char) & 31)
        twice |= once & bit
        once |= bit
    return once | twice << 32


def _letters_of_all(ordered: Sequence[str], begins: Sequence[int]) -> NDArray[np.uint64]:
    """The same for many words at once, in the order of their lengths."""
    found = [NO_LETTERS]
    for length, (first, end) in enumerate(pairwise(begins)):
        if length and end > first:
            codes = np.asarray(ordered[first:end]).view(np.uint32).reshape(end - first, length)
            bits = np.left_shift(np.uint64(1), codes.astype(np.uint64) & np.uint64(31))
            once = np.zeros(end - first, dtype=np.uint64)
            twice = np.zeros(end - first, dtype=np.uint64)
            for bit in bits.T:
                twice |= once & bit
                once |= bit
            found.append(once | twice << np.uint64(32))
    return np.concatenate(found)


def _least(scores: NDArray[np.float32], n: int) -> float:
    """What the n best scores have at least; 0 where they are too few to tell."""
    if len(scores) <= n * GROUP:
        return 0.0
    # The best of n groups are n scores: none below the least of them is among the best n.
    # A group is every so-many-th example: the greatest of each is found a row at a time.
    whole = len(scores) // GROUP * GROUP
    best = np.maximum.reduce(scores[:whole].reshape(GROUP, -1), axis=0)
    best.partition(len(best) - n)
    return float(best[-n])


def _ranked(scores: NDArray[np.float32], least: float) -> list[tuple[int, float]]:
    near = (scores >= max(least, ANY)).nonzero()[0]
    return _first(near, scores.take(near))


def _first(near: NDArray[np.intp], scores: NDArray[np.float32]) -> list[tuple[int, float]]:
    """The NEAREST highest scores; equal ones in the order of the examples."""
    order = np.argsort(-scores, kind="stable")[:NEAREST]
    return list(zip(near[order].tolist(), scores[order].tolist(), strict=True))
