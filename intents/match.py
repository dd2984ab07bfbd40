"""Layer 2: the examples whose words are most like the message's, words matched with rapidfuzz."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from intents.documents import Documents, Words
from intents.examples import Examples

Shares = list[tuple[int, float]]  # numbers of known words, and what each adds
ALIKE = 74.0  # rapidfuzz ratio, 0 to 100, from which two words count as the same one misspelt
CANDIDATES = 3  # vocabulary words that an unknown word may stand for
SHORTEST = 4  # letters from which an unknown word is compared; shorter ones are alike by chance
NEAREST = 10
KEPT_WORDS = 20_000  # single words whose reading is remembered
WHOLE = 16  # a word that more than one in so many examples holds is kept as a whole row
BLOCK = 64  # examples
LEAST = 1e-30  # a score that is any
NO_LETTERS: NDArray[np.uint32] = np.zeros(0, dtype=np.uint32)
NO_ROWS: NDArray[np.intp] = np.zeros(0, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Near:
    """One example that is like the message."""

    index: int  # into the examples
    likeness: float  # 0 to 1


class Speller:
    """Finds the known words that an unknown one may stand for."""

    def __init__(self, known: Sequence[str]) -> None:
        self._known = frozenset(known)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            self._by_length[len(word)].append(word)
        self._about = lru_cache(maxsize=64)(self._about_as_long)
        self._letters = {n: _letters_of_all(group) for n, group in self._by_length.items()}
        self.near = lru_cache(maxsize=KEPT_WORDS)(self._near)
        self.mended = lru_cache(maxsize=KEPT_WORDS)(self._mended)

    def _near(self, word: str) -> tuple[tuple[str, float], ...]:
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
        words, letters, lengths = self._about(len(word))
        if not words:
            return []
        # Each letter that only one of two words has is one letter to take out of it, and the
        # ratio is one less the share of such letters: more of them than this, and it is too low.
        alone = np.bitwise_count(letters ^ np.uint32(_letters(word)))
        most = (lengths + len(word)) * ((100 - ALIKE) / 100) + 1e-6
        return [words[i] for i in np.flatnonzero(alone <= most).tolist()]

    def _about_as_long(
        self, length: int
    ) -> tuple[list[str], NDArray[np.uint32], NDArray[np.float32]]:
        reach = 1 if length < 8 else 2
        around = range(length - reach, length + reach + 1)
        there = [n for n in around if n in self._by_length]
        words = [word for n in there for word in self._by_length[n]]
        letters = np.concatenate([NO_LETTERS, *(self._letters[n] for n in there)])
        lengths = np.asarray([len(word) for word in words], dtype=np.float32)
        return words, letters, lengths

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
        self._lengths = np.sqrt(np.maximum(lengths, 1e-6)).astype(np.float32)
        self._by_length = 1 / self._lengths
        # For words that very many examples hold, a whole row is added faster than it is indexed.
        common = np.flatnonzero(often * WHOLE > n).tolist()
        self._whole = {number: _as_row(self._holders(number), n) for number in common}
        used = np.flatnonzero(often).tolist()
        self._number = {self._documents.vocabulary[i]: i for i in used}
        self.speller = Speller(list(self._number))
        self._unknown = math.log(1 + n)
        # A message is asked about more than once: for its intent, its danger, and why.
        self._nearest = lru_cache(maxsize=32)(lambda words: self.nearest_all([words])[0])

    def _holders(self, number: int) -> NDArray[np.int32]:
        """The texts that hold a word."""
        return self._held[self._starts[number] : self._starts[number + 1]]

    def nearest(self, words: Sequence[str]) -> tuple[Near, ...]:
        """The NEAREST examples most like the message, best first."""
        return self._nearest(tuple(words))

    def nearest_all(self, texts: Sequence[Sequence[str]]) -> list[tuple[Near, ...]]:
        """The same for several texts at once, which is quicker than one by one."""
        shares = [self._shares(words) for words in texts]
        found = zip(self._scores([said for said, _ in shares]), shares, strict=True)
        return [_nearest(scores, length) if said else () for scores, (said, length) in found]

    def shared(self, words: Sequence[str], index: int) -> Words:
        """The words of a text that stand in this example, misspelt ones too, rarest first."""
        stands_for = {o: w for w in dict.fromkeys(words) for o, _ in self.speller.near(w)}
        rarest = sorted(stands_for, key=lambda w: self._rarity[self._number[w]], reverse=True)
        document = self._documents[index]
        return tuple(dict.fromkeys(stands_for[w] for w in rarest if w in document))

    def _shares(self, words: Sequence[str]) -> tuple[Shares, float]:
        """What each known word adds to the examples that hold it, and the text's own length."""
        length = 0.0
        shares: Shares = []
        for word in dict.fromkeys(words):
            known = [(self._number[o], alike) for o, alike in self.speller.near(word)]
            weight = self._rarity[known[0][0]] if known else self._unknown
            length += weight**2
            for number, alike in known:
                rarity = self._rarity[number]
                shares.append((number, rarity * min(rarity, weight) * alike**2))
        return shares, math.sqrt(length)

    def _scores(self, texts: Sequence[Shares]) -> NDArray[np.float32]:
        """For each text and example the shares of the words that it holds, by its length."""
        n = len(self._lengths)
        some = [
            (self._holders(number), i, share)
            for i, shares in enumerate(texts)
            for number, share in shares
            if number not in self._whole
        ]
        sizes = [len(rows) for rows, _, _ in some]
        rows = np.concatenate([NO_ROWS, *(rows for rows, _, _ in some)])
        if len(texts) > 1:
            rows += np.repeat(np.asarray([i * n for _, i, _ in some], dtype=np.intp), sizes)
        each = np.repeat([share for _, _, share in some], sizes)
        total = np.bincount(rows, each, minlength=n * len(texts)).astype(np.float32)
        scores = total.reshape(len(texts), n)
        for row, shares in zip(scores, texts, strict=True):
            for number, share in shares:
                if (whole := self._whole.get(number)) is not None:
                    row += whole * np.float32(share)
        scores *= self._by_length
        return scores


def _nearest(scores: NDArray[np.float32], length: float) -> tuple[Near, ...]:
    return tuple(Near(i, min(score / length, 1.0)) for i, score in _best(scores, NEAREST))


def _letters(word: str) -> int:
    """The letters of a word as bits; two letters may share one, so none differ more than is so."""
    bits = 0
    for char in word:
        bits |= 1 << (ord(char) & 31)
    return bits


def _letters_of_all(words: Sequence[str]) -> NDArray[np.uint32]:
    """The same for words of one length, at once."""
    codes = np.asarray(words).view(np.uint32).reshape(len(words), -1)
    bits = np.left_shift(np.uint32(1), codes & np.uint32(31))
    return np.asarray(np.bitwise_or.reduce(bits, axis=1), dtype=np.uint32)


def _as_row(rows: NDArray[np.int32], n: int) -> NDArray[np.float32]:
    row = np.zeros(n, dtype=np.float32)
    row[rows] = 1.0
    return row


def _best(scores: NDArray[np.float32], n: int) -> list[tuple[int, float]]:
    """The highest scores above 0 with their indices; equal ones in the order of the examples."""
    if len(scores) > n * BLOCK:
        # The best of n blocks are n scores: none below the least of them is among the best n.
        whole = len(scores) // BLOCK * BLOCK
        blocks = np.maximum.reduce(scores[:whole].reshape(-1, BLOCK), axis=1)
        blocks.sort()
        top = (scores >= max(blocks[-n], LEAST)).nonzero()[0]
    else:
        top = scores.nonzero()[0]
    found = scores[top]
    order = np.argsort(-found, kind="stable")[:n]
    return list(zip(top[order].tolist(), found[order].tolist(), strict=True))


def votes(near: Sequence[Near], examples: Examples, power: float) -> dict[str, float]:
    """The share of the vote for each intent; the more alike, the more weight."""
    weights: dict[str, float] = defaultdict(float)
    for one in near:
        weights[examples.intent(one.index)] += one.likeness**power
    total = sum(weights.values()) or 1.0
    return {intent: weight / total for intent, weight in weights.items()}
