"""Words of the directory, and which of them a typed word may mean."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

CUTOFF = 84.0  # of 100: "taekwando" is "taekwondo"
_SHORTEST = 4  # a shorter word must be exact: "hat" is not "hut"

# Words that say nothing about what is wanted.
_COMMON = """
a an and any are at can do for from have help how i im in is it me my near need of on or some
something somewhere that the there thing things this to want what where who with you young
people free
"""
STOP = frozenset(_COMMON.split())


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without any other signs."""
    text = text.lower().replace("’", "").replace("'", "")
    return "".join(sign if sign.isalnum() else " " for sign in text).split()


def telling_words(text: str) -> list[str]:
    """Return the words of a text that may say what is wanted, each once, in their order."""
    words = (word for word in plain_words(text) if len(word) > 2 and word not in STOP)
    return list(dict.fromkeys(words))


class Vocabulary:
    """A set of words, or of phrases, that finds what a misspelt one may mean.

    Most words are ruled out by their length and by which letters they have, a whole array at once;
    only the few that are left are compared letter by letter.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = sorted(set(words))
        self._known = frozenset(self.words)
        self._lengths = np.array([len(word) for word in self.words], dtype=np.int16)
        self._letters = np.array([_letters(word) for word in self.words], dtype=np.uint64)

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def near(self, word: str, limit: int = 3, cutoff: float = CUTOFF) -> list[str]:
        """Return the words most like one that is typed; a known one, and its plural or singular."""
        if word in self._known:
            other = word[:-1] if word.endswith("s") else f"{word}s"
            return [word, other] if other in self._known else [word]
        if len(word) < _SHORTEST or not self.words:
            return []
        apart = np.abs(self._lengths - len(word))
        # So many letters may be missing or too many before the score falls under the cutoff.
        allowed = (self._lengths + len(word)) * (1 - cutoff / 100)
        strange = np.bitwise_count(self._letters ^ np.uint64(_letters(word)))
        rows: NDArray[np.intp] = np.flatnonzero((apart <= allowed) & (strange <= allowed))
        choices = {int(row): self.words[row] for row in rows}
        found = process.extract(
            word, choices, scorer=fuzz.ratio, score_cutoff=cutoff, limit=limit
        )  # fmt: skip
        found.sort(key=lambda one: (-one[1], one[0]))
        return [one for one, _, _ in found]


def _letters(word: str) -> int:
    """Return which letters a word has, one bit each; signs that are no letters share a few."""
    bits = 0
    for sign in word:
        place = ord(sign) - ord("a")
        bits |= 1 << (place if 0 <= place < 26 else 26 + ord(sign) % 38)
    return bits
