"""The directory laid out for searching: built once, then read by every search."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from directory.activities import Activities, plain
from directory.columns import Columns
from directory.model import Directory, Point, Service, Venue
from directory.names import Names
from directory.words import Vocabulary, plain_words, telling_words

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]
Posting = tuple[Rows, Floats]

# How well a service answers a need, by where the need stands in its list.
_KIND_WEIGHT = (1.0, 0.7, 0.55, 0.45)
_EXACT, _BELOW, _SISTER, _COUSIN = 1.0, 0.9, 0.4, 0.2
_NAME, _ABOUT = 1.0, 0.6  # a word found in the name, in the rest
_WORDS = 8  # of a text that are looked at
# So many services, and more than half of them, make an activity a matter of a need.
_BELONGS_FROM, _BELONGS_SHARE = 3, 0.5


class Layout(Columns):
    """Everything about the services in the order of their ids, so that file order cannot matter.

    `point_of` gives the point of a named area, for leaving out what is near an avoided one.
    """

    def __init__(
        self,
        directory: Directory,
        activities: Activities | None = None,
        point_of: Callable[[str], Point | None] | None = None,
    ) -> None:
        open_ones = (service for service in directory.services.values() if not service.closed)
        super().__init__(sorted(open_ones, key=lambda one: one.id))
        self.activities = activities or Activities()
        self.point_of = point_of or (lambda _: None)
        self._kinds = _postings(
            (kind, row, _KIND_WEIGHT[min(place, 3)])
            for row, service in enumerate(self.services)
            for place, kind in enumerate(service.kinds)
        )
        self._activities = _postings(self._activity_rows())
        self._list_words()

    def kinds(self, wanted: Sequence[str]) -> Floats:
        """Return how well each service answers the first of these needs, and less so the rest."""
        found = np.zeros(len(self), dtype=np.float32)
        for place, kind in enumerate(wanted):
            _raise(found, self._kinds.get(kind), 1.0 if place == 0 else 0.8)
        return found

    def doing(self, wanted: Sequence[str], *, similar: int) -> Floats:
        """Return how well each service fits one of these activities, or so near a relative."""
        found = np.zeros(len(self), dtype=np.float32)
        for typed in wanted:
            name = self.activities.canonical(typed) or typed
            _raise(found, self._activities.get(name), 1.0)
            for place, family in enumerate(self.activities.family(name)[:similar]):
                _raise(found, self._activities.get(family), _COUSIN if place else _SISTER)
        return found

    def belongs(self, activity: str, kind: str) -> bool:
        """Tell whether an activity is a matter of a need: volunteering is one of getting involved.

        Where it is not ("a job in a gym"), it says something about the wish, not about the place.
        """
        doing = self._activities.get(self.activities.canonical(activity) or activity)
        answering = self._kinds.get(kind)
        if doing is None or answering is None or len(doing[0]) < _BELONGS_FROM:
            return False
        both = np.isin(doing[0], answering[0], assume_unique=True).sum()
        return bool(both > _BELONGS_SHARE * len(doing[0]))

    def saying(self, text: str, leave_out: Callable[[str], bool] | None = None) -> Floats:
        """Return the share of a text's telling words that each service's own words have.

        A word counts by how few services have it; one that none has counts as the rarest.
        """
        found = np.zeros(len(self), dtype=np.float32)
        words = [w for w in telling_words(text) if leave_out is None or not leave_out(w)][:_WORDS]
        total = 0.0
        for word in words:
            near = self._vocabulary.near(word)
            weight = max((self._weight(other) for other in near), default=self._rarest)
            total += weight
            hit = np.zeros(len(self), dtype=np.float32)
            for other in near:
                _raise(hit, self._words[other], weight)
            found += hit
        return found / np.float32(total) if total else found

    def said_by(self, row: int, text: str) -> list[str]:
        """Return the words of a service that a text names, for saying why it was found."""
        own = self.services[row]
        words = self._words_of(own)
        return [near for word in telling_words(text)[:_WORDS]
                for near in self._vocabulary.near(word)[:1] if near in words]  # fmt: skip

    def called(self, text: str) -> Floats | None:
        """Return how surely a text calls each service by its name; None where it calls none."""
        return self._names.called(text)

    def activities_in(self, text: str) -> tuple[str, ...]:
        """Return the activities that a text names, misspelt or not, the longest names first."""
        words = plain(" ".join(plain_words(text))).split()[: 2 * _WORDS]
        found: list[str] = []
        for length in (3, 2, 1):
            for start in range(len(words) - length + 1):
                part = words[start : start + length]
                name = self._activity(" ".join(part)) if all(part) else None
                if name is not None:
                    found.append(name)
                    words[start : start + length] = [""] * length
        return tuple(dict.fromkeys(found))

    def is_activity_word(self, word: str) -> bool:
        """Tell whether a word is, or is part of, what activities are called."""
        return word in self._activity_words

    def is_place_word(self, word: str) -> bool:
        """Tell whether a word is, or is part of, the name of a place."""
        return word in self._place_names or self.point_of(word) is not None

    def standing_in(self, name: str) -> list[int]:
        """Return the rows whose address, name or postcode names an area or a district."""
        words = plain_words(name)
        postings = [self._place_words.get(word) for word in words]
        found: set[int] | None = None
        for posting in postings:
            rows = set(map(int, posting[0])) if posting is not None else set()
            found = rows if found is None else found & rows
        wanted = f" {' '.join(words)} "
        return [row for row in sorted(found or ()) if wanted in self._place_texts[row]]

    def _activity(self, words: str) -> str | None:
        name = self.activities.canonical(words)
        if name is None and len(words) >= 5 and not (" " not in words and words in self._words):
            near = self._phrases.near(words, 1)
            name = self.activities.words[near[0]] if near else None
        return name

    def _weight(self, word: str) -> float:
        return math.log(1 + len(self) / len(self._words[word][0]))

    def _activity_rows(self) -> Iterable[tuple[str, int, float]]:
        for row, service in enumerate(self.services):
            for name in service.activities:
                yield name, row, _EXACT
                for family in self.activities.family(name):
                    yield family, row, _BELOW

    def _list_words(self) -> None:
        services = self.services
        self._words = _postings(
            (word, row, weight)
            for row, service in enumerate(services)
            for word, weight in self._words_of(service).items()
        )
        self._vocabulary = Vocabulary(self._words)
        self._rarest = math.log(1 + len(services))
        self._phrases = Vocabulary(self.activities.words)
        self._activity_words = {word for words in self.activities.words for word in words.split()}
        self._place_texts = [place_text(one) for one in services]
        self._place_words = _postings(
            (word, row, 1.0) for row, text in enumerate(self._place_texts) for word in text.split()
        )
        self._place_names = set(self._words_of_places())
        single = {word for word in self.activities.words if " " not in word}
        single |= {word for name in self.activities.names for word in name.split("-")}
        self._names = Names(self._all_names(), len(self), single.__contains__, self._tells_nothing)

    def _words_of_places(self) -> Iterable[str]:
        """Give the words of boroughs and of places, also where a place stands in a name."""
        for part in {part for one in self.services for part in (one.borough, one.point_from)}:
            yield from plain_words(part or "")
        for one in self.services:
            words = plain_words(one.name)
            for start in range(len(words)):
                for length in (1, 2, 3):
                    run = words[start : start + length]
                    if self.point_of(" ".join(run)) is not None:
                        yield from run

    def _all_names(self) -> list[tuple[int, str, str]]:
        """List what services are called; "newham council" calls none of a council's services."""
        return [
            (row, name, one.organisation)
            for row, one in enumerate(self.services)
            for name in dict.fromkeys((one.name, one.organisation))
            if name == one.name or "council" not in name.lower()
        ]

    def _tells_nothing(self, word: str) -> bool:
        return self.is_activity_word(word) or self.is_place_word(word)

    def _words_of(self, service: Service) -> dict[str, float]:
        # "money-food" is a topic and no word: it would make every debt line one about food.
        plain_tags = (tag for tag in service.tags if "-" not in tag)
        about = (service.what, *plain_tags, *service.activities, service.organisation,
                 service.address or "")  # fmt: skip
        words = dict.fromkeys(telling_words(" ".join(about)), _ABOUT)
        return words | dict.fromkeys(telling_words(service.name), _NAME)


def place_text(service: Service) -> str:
    """Return the words that say where a service is, with a space around each."""
    if service.venue is Venue.ONLINE:
        return ""
    outward, _, inward = (service.postcode or "").partition(" ")
    parts = (service.name, service.address, service.point_from, outward, inward[:1])
    return f" {' '.join(plain_words(' '.join(part or '|' for part in parts)))} "


def _raise(found: Floats, posting: Posting | None, weight: float) -> None:
    if posting is not None:
        rows, values = posting
        found[rows] = np.maximum(found[rows], values * np.float32(weight))


def _postings(rows: Iterable[tuple[str, int, float]]) -> dict[str, Posting]:
    best: dict[str, dict[int, float]] = {}
    for key, row, weight in rows:
        below = best.setdefault(key, {})
        below[row] = max(weight, below.get(row, 0.0))
    return {
        key: (
            np.fromiter(below.keys(), dtype=np.intp),
            np.fromiter(below.values(), dtype=np.float32),
        )
        for key, below in best.items()
    }
