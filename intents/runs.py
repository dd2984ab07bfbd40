"""Known runs of words in a text, the longest first: "young carer" before "young"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
Words = tuple[str, ...]


class Runs(Generic[T]):
    """Finds known runs of words; each stands for a value."""

    def __init__(self, values: Mapping[Words, T]) -> None:
        self._values = {run: value for run, value in values.items() if run}
        self._lengths: dict[str, list[int]] = {}  # by the first word, longest first
        # Many words of a text begin some run; its longest word tells sooner that it is not there.
        self._offsets: dict[str, set[int]] = {}
        for run in sorted(self._values, key=len, reverse=True):
            lengths = self._lengths.setdefault(run[0], [])
            if len(run) not in lengths:
                lengths.append(len(run))
            sign = max(run, key=len)
            self._offsets.setdefault(sign, set()).add(run.index(sign))

    def may_be_in(self, words: Iterable[str]) -> bool:
        """Whether any of the words is the longest one of a run: without it there is none."""
        return not self._offsets.keys().isdisjoint(words)

    def found(self, words: Sequence[str]) -> Iterator[tuple[int, int, T]]:
        """Where each run begins and ends, and its value; from left to right."""
        if not self.may_be_in(words):
            return
        signs = [(i, word) for i, word in enumerate(words) if word in self._offsets]
        starts = {i - offset for i, word in signs for offset in self._offsets[word]}
        end = 0
        for i in sorted(starts):
            if i < end:
                continue
            for n in self._lengths.get(words[i], ()):
                run = tuple(words[i : i + n])  # shorter at the end
                value = self._values.get(run)
                if value is not None:
                    end = i + len(run)
                    yield i, end, value
                    break
