"""Which service a text calls by its name: "marcus lipton", "the blue hut", "pedro club hackney"."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from directory.model import Directory
from directory.words import Vocabulary, plain_words

Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]

_LITTLE = frozenset(("the", "of", "and", "at", "for", "from", "in", "to", "a", "an", "s", "on",
                     "with"))  # fmt: skip
# What many names have; none of these words alone calls a service.
_COMMON = """
academy advice amateur apprenticeships association boys centre center charity children childrens
club clubs college community council councils counselling disabled drop east for foundation free
girls group groups hall help helpline holiday home homeless house housing hub hubs job jobs juniors
line local london men mentoring national new north online only open park people peoples person place
programme project projects road school schools service services session sessions south space
street support team trust uk west women work workers works young your youth youths zone
"""
# What people put around a name: "is spotlight open tonight".
_TALK = """
about address after again all am any anyone are be been but by call called can contact could day
days did do does doing down find friday get getting go going good got had has have he hear heard
her here him his how i if is it its just keep know life like look me monday more much my need new
no none not now number off okay one open opening or other our out phone please said saturday say
see she show so some someone still stop sunday talk tell than that their them then there they this
thursday time times today told tomorrow tonight tuesday two up us want was way we wednesday well
went what whats when where which who will work would yes you your
"""
COMMON, TALK = frozenset(_COMMON.split()), frozenset(_TALK.split())
_PARTS = re.compile(r"\s*[:(,]")  # "Alford House: music production" is Alford House too
_MOST, _HALF = 0.7, 0.4  # of a name, each word weighed by how few names have it
_SAYS_LITTLE = 0.2  # what a common word or an activity weighs beside others
_RARE = 0.01  # a word that more than one in a hundred names have does not tell them apart
_LOOKED_AT = 40  # words of a text
_MENDED = 8  # of them that may be misspelt
_SQUASHED = (5, 40)  # letters of a text that is compared without its spaces
_SAME = 91.0  # of 100, for a whole name without its spaces
_BETWEEN = 1  # other words between the words of a name
_WHOLE, _PART = 1.0, 0.9


@dataclass(frozen=True)
class _Hits:
    """How far each name is in a text."""

    share: NDArray[np.float64]  # of the name, by weight
    words: NDArray[np.int16]  # of the name
    telling: NDArray[np.int16]  # of these, words that few names have


class Names:
    """Every name that a service goes by, ready to be recognised in a text."""

    def __init__(
        self,
        names: Iterable[tuple[int, str, str]],
        rows: int,
        is_activity: Callable[[str], bool],
        tells_nothing: Callable[[str], bool],
    ) -> None:
        """Take rows, names and organisations.

        A name of activities and common words alone calls nobody; places, and whatever else people
        say about activities, tell no names apart.
        """
        variants = {one: whose for row, name, whose in names for one in _variants(row, name)}
        kept = list(variants)
        # Several services of one organisation bear its name: that makes it no less telling.
        counts = Counter(word for word, _ in {
            (word, whose) for (_, words), whose in variants.items() for word in words
        })  # fmt: skip
        self._count = rows
        self._names = [words for _, words in kept]
        self._rows = np.array([row for row, _ in kept], dtype=np.intp)
        own = {word for word in counts if word not in COMMON and not is_activity(word)}
        often = max(3.0, _RARE * len(kept))
        self._telling = {
            word
            for word in own
            if counts[word] <= often and word not in TALK and not tells_nothing(word)
        }
        self._weights = {
            word: math.log(1 + len(kept) / n) * (1.0 if word in own else _SAYS_LITTLE)
            for word, n in counts.items()
        }
        self._vocabulary = Vocabulary(counts)
        self._postings = _numbers((word, n) for n, (_, words) in enumerate(kept) for word in words)
        self._total = np.array([sum(self._weights[word] for word in words) for _, words in kept])
        self._length = np.array([len(words) for _, words in kept], dtype=np.int16)
        self._has_own = np.array([len(words) > 1 and bool(own & {*words}) for _, words in kept])
        self._whole = _numbers(
            (squashed, row) for row, name, _ in names for part in _parts(name)
            if len(plain_words(part)) > 2 or own & {*plain_words(part)}
            for squashed in _squashed(part)
        )  # fmt: skip
        self._squashed = Vocabulary(self._whole)

    def called(self, text: str) -> Floats | None:
        """Return for each row how surely a text calls it by its name; None where it calls none.

        1 is for the whole name and hardly anything else, less for most of a name in a sentence.

        That needs a word that few other names have: an activity, a borough and "youth club" alone
        call nobody.
        """
        found = np.zeros(self._count, dtype=np.float32)
        for row in self._written_as(text):
            found[row] = 1.0
        words = _words(text)[:_LOOKED_AT]
        meant = self._meant(words)
        hits = self._hits(meant)
        if hits is not None:
            others = sum(word not in TALK for word in words)
            part = (hits.telling > 0) & (hits.share >= _MOST) & ((hits.words > 1) | (others <= 1))
            alone = (hits.telling > 0) & (hits.share >= _HALF) & (hits.words >= len(words))
            whole = self._has_own & (hits.words >= self._length) & (hits.words >= others - 1)
            for number in np.flatnonzero(part | alone | whole).tolist():
                if self._close(number, meant):
                    row, sure = self._rows[number], _WHOLE if whole[number] else _PART
                    found[row] = max(found[row], sure)
        return found if found.any() else None

    def _close(self, number: int, meant: list[list[str]]) -> bool:
        """Tell whether enough of a name stands together in a text, and not all over it."""
        name = self._names[number]
        places = [(place, near) for place, words in enumerate(meant)
                  for near in words[:1] if near in name]  # fmt: skip
        room = len(name) + _BETWEEN
        enough = min(_MOST, _HALF if len(meant) <= len(name) else _MOST) * self._total[number]
        for start, _ in places:
            inside = {word for place, word in places if start <= place < start + room}
            if sum(self._weights[word] for word in inside) >= enough:
                return True
        return False

    def _written_as(self, text: str) -> Iterator[int]:
        """Give the rows whose name is the whole text but for spaces and a slip: "child line"."""
        for squashed in _squashed(text):
            if _SQUASHED[0] <= len(squashed) <= _SQUASHED[1]:
                for name in self._squashed.near(squashed, cutoff=_SAME):
                    yield from self._whole[name].tolist()

    def _hits(self, meant: list[list[str]]) -> _Hits | None:
        if not any(meant):
            return None
        weight = np.zeros(len(self._rows))
        hits, telling = (np.zeros(len(self._rows), dtype=np.int16) for _ in range(2))
        for choices in meant:
            for numbers, word in self._each_once(choices):
                weight[numbers] += self._weights[word]
                hits[numbers] += 1
                telling[numbers] += word in self._telling
        return _Hits(np.minimum(1.0, weight / self._total), hits, telling)

    def _meant(self, words: list[str]) -> list[list[str]]:
        """Return for each word of a text the words of names that it may mean."""
        unknown = [word for word in words if word not in self._vocabulary][:_MENDED]
        meant: list[list[str]] = []
        said: set[str] = set()  # "im in peckam, peckham" says it in two ways, and only once
        for word in words:
            near = [word] if word in self._vocabulary else []
            if word in unknown:
                near = self._slips(word)
            meant.append([other for other in near if other not in said])
            said.update(near)
        return meant

    def _slips(self, word: str) -> list[str]:
        # "places" is a word of its own, not a slip in the name of Play Place.
        return [near for near in self._vocabulary.near(word) if f"{near}s" != word]

    def _each_once(self, choices: list[str]) -> Iterator[tuple[Numbers, str]]:
        """Give the names that have one of these words, the best word first, each name once."""
        if len(choices) == 1:
            yield self._postings[choices[0]], choices[0]
            return
        taken = np.zeros(len(self._rows), dtype=bool)
        for word in choices:
            numbers = self._postings[word]
            numbers = numbers[~taken[numbers]]
            taken[numbers] = True
            yield numbers, word


def all_names(directory: Directory) -> Iterator[str]:
    """Give what the directory calls its organisations and services, and their keywords."""
    for service in directory.services.values():
        yield from (service.organisation, service.name, *service.tags, *service.activities)
    for door in directory.front_doors.values():
        yield door.name
    for one in directory.myends.values():
        yield from (one.consortium or "", one.lead or "", *one.partners)


def _variants(row: int, name: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give the names of one row, each as its words."""
    for part in _parts(name):
        if words := tuple(_words(part)):
            yield row, words


def _parts(name: str) -> tuple[str, str]:
    """Return a name, and its first part where a colon, comma or bracket ends that."""
    return name, _PARTS.split(name, maxsplit=1)[0]


def _squashed(name: str) -> set[str]:
    """Return a name without spaces, with and without its little words."""
    return {"".join(plain_words(name)), "".join(_words(name))}


def _words(name: str) -> list[str]:
    return [word for word in dict.fromkeys(plain_words(name)) if word not in _LITTLE]


def _numbers(pairs: Iterable[tuple[str, int]]) -> dict[str, Numbers]:
    found: dict[str, list[int]] = {}
    for key, number in pairs:
        found.setdefault(key, []).append(number)
    return {key: np.array(numbers, dtype=np.intp) for key, numbers in found.items()}
