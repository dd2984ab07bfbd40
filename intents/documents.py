"""The examples in plain words as arrays of numbers: megabytes where tuples of texts take fifty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

Words = tuple[str, ...]
Numbers = NDArray[np.int32]
N = TypeVar("N", int, NDArray[np.int64])


@dataclass(frozen=True, eq=False)
class Documents(Sequence[Words]):
    """Texts in words, one after the other; each word is the number of its place in `vocabulary`."""

    vocabulary: Words
    numbers: Numbers  # of every word of every text
    starts: Numbers  # where each text begins, and the end

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]]) -> Documents:
        """Take in texts; what is already so stays."""
        if isinstance(texts, Documents):
            return texts
        number: dict[str, int] = {}
        numbers: list[int] = []
        starts = [0]
        for words in texts:
            numbers += [number.setdefault(word, len(number)) for word in words]
            starts.append(len(numbers))
        return cls(
            tuple(number), np.asarray(numbers, dtype=np.int32), np.asarray(starts, dtype=np.int32)
        )

    @classmethod
    def checked(cls, vocabulary: Sequence[str], numbers: Numbers, starts: Numbers) -> Documents:
        """The same out of a file. Raises ValueError where the parts do not fit together."""
        ends = len(starts) > 0 and starts[0] == 0 and starts[-1] == len(numbers)
        known = not len(numbers) or 0 <= numbers.min() <= numbers.max() < len(vocabulary)
        if not (ends and known and (np.diff(starts) >= 0).all()):
            raise ValueError("the words of the examples do not fit together")
        return cls(tuple(vocabulary), numbers, starts)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, at: int) -> Words: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Words]: ...
    def __getitem__(self, at: int | slice) -> Words | Sequence[Words]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        i = at + len(self) if at < 0 else at
        if not 0 <= i < len(self):
            raise IndexError(at)
        numbers = self.numbers[self.starts[i] : self.starts[i + 1]].tolist()
        return tuple(map(self.vocabulary.__getitem__, numbers))

    def __iter__(self) -> Iterator[Words]:
        return (self[i] for i in range(len(self)))

    def where(self, use: Sequence[bool] | NDArray[np.bool_]) -> Documents:
        """Those that are to be used, with the same vocabulary."""
        use = np.asarray(use, dtype=np.bool_)
        lengths = np.diff(self.starts)
        starts = np.concatenate(([0], np.cumsum(lengths[use]))).astype(np.int32)
        return Documents(self.vocabulary, self.numbers[np.repeat(use, lengths)], starts)

    @cached_property
    def number(self) -> Mapping[str, int]:
        """The place of each word in the vocabulary."""
        return {word: i for i, word in enumerate(self.vocabulary)}

    def counts(self) -> NDArray[np.int64]:
        """How often each word of the vocabulary is used."""
        return np.bincount(self.numbers, minlength=len(self.vocabulary))

    @cached_property
    def holders(self) -> tuple[Numbers, Numbers]:
        """The texts that hold each word, in order, word after word; and where each word begins."""
        n = max(len(self), 1)
        of = np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.starts))
        keys, _ = _counted(self.numbers.astype(np.int64) * n + of)
        words, texts = np.divmod(keys, n)
        starts = np.searchsorted(words, np.arange(len(self.vocabulary) + 1))
        return texts.astype(np.int32), starts.astype(np.int32)

    def neighbours(self) -> tuple[NDArray[np.int64], Numbers]:
        """Pairs of words that stand together as `pair_key` gives them, in order, and how often.

        Before the first and after the last word of a text stands no word, numbered as the end of
        the vocabulary.
        """
        none = len(self.vocabulary)
        numbers = self.numbers.astype(np.int64)
        full = np.diff(self.starts) > 0
        first, last = self.starts[:-1][full], self.starts[1:][full] - 1
        inside = np.ones(len(numbers), dtype=np.bool_)
        inside[last] = False  # after it stands none, and not the next text's first word
        before = numbers[:-1][inside[:-1]]
        after = numbers[1:][inside[:-1]]
        ends = np.full(len(self) - len(first), none, dtype=np.int64)  # of empty texts
        nothing = np.full(len(first), none, dtype=np.int64)
        keys = (
            pair_key(before, after, none),
            pair_key(nothing, numbers[first], none),
            pair_key(numbers[last], nothing, none),
            pair_key(ends, ends, none),
        )
        return _counted(np.concatenate(keys))


def pair_key(first: N, second: N, words: int) -> N:
    """One number for a pair of words out of so many."""
    return first * (words + 1) + second


def _counted(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], Numbers]:
    """Each key once, in order, and how often it is there: five times as fast as np.unique."""
    keys.sort()
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[starts], np.diff(starts, append=len(keys)).astype(np.int32)
