"""The directory laid out for searching: built once, then read by every search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from directory.activities import Activities
from directory.model import Confidence, Directory, Point, Service, Venue

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

UNKNOWN_AGE = (0, 127)

# How well a service answers a need, by where the need stands in its list.
_KIND_WEIGHT = (1.0, 0.8, 0.65, 0.55)
_EXACT, _BELOW, _SISTER = 1.0, 0.9, 0.4
_NAME, _ABOUT = 1.0, 0.6  # a word found in the name, in the rest
_WORD_CUTOFF = 84.0  # of 100: "taekwando" finds "taekwondo"
# Words that say nothing about what is wanted.
_COMMON = """
a an and any are at can do for from have help how i im in is it me my near need of on or some
something somewhere that the there thing things this to want what where who with you young
people free
"""
_STOP = frozenset(_COMMON.split())


class Layout:
    """Arrays over the services in the order of their ids, so that file order cannot matter.

    `point_of` gives the point of a named area, for leaving out what is near an avoided one.
    """

    def __init__(
        self,
        directory: Directory,
        activities: Activities | None = None,
        point_of: Callable[[str], Point | None] | None = None,
    ) -> None:
        open_ones = (service for service in directory.services.values() if not service.closed)
        self.services: tuple[Service, ...] = tuple(sorted(open_ones, key=lambda one: one.id))
        self.activities = activities or Activities()
        self.point_of = point_of or (lambda _: None)
        self._lay_out()
        self._kinds = _postings(
            (kind, row, _KIND_WEIGHT[min(place, 3)])
            for row, service in enumerate(self.services)
            for place, kind in enumerate(service.kinds)
        )
        self._activities = _postings(self._activity_rows())
        self._words = _postings(
            (word, row, weight)
            for row, service in enumerate(self.services)
            for word, weight in self._words_of(service).items()
        )
        self._vocabulary = sorted(self._words)
        self._tags = _postings((tag, row, 1.0) for row, one in enumerate(self.services)
                               for tag in one.tags)  # fmt: skip
        self._place_texts = [place_text(one) for one in self.services]
        self._place_words = _postings((word, row, 1.0) for row, text in enumerate(self._place_texts)
                                      for word in text.split())  # fmt: skip
        self.row_of = {one.id: row for row, one in enumerate(self.services)}

    def __len__(self) -> int:
        return len(self.services)

    def kinds(self, wanted: Sequence[str]) -> Floats:
        """Return how well each service answers the first of these needs, and less so the rest."""
        found = np.zeros(len(self), dtype=np.float32)
        for place, kind in enumerate(wanted):
            self._raise(found, self._kinds.get(kind), 1.0 if place == 0 else 0.8)
        return found

    def doing(self, wanted: Sequence[str], *, similar: bool) -> Floats:
        """Return how well each service fits one of these activities; with its sisters, or not."""
        found = np.zeros(len(self), dtype=np.float32)
        for typed in wanted:
            name = self.activities.canonical(typed) or typed
            self._raise(found, self._activities.get(name), 1.0)
            if similar:
                for family in self.activities.family(name)[:1]:
                    self._raise(found, self._activities.get(family), _SISTER)
        return found

    def saying(self, text: str) -> Floats:
        """Return the share of a text's telling words that each service's own words have."""
        found = np.zeros(len(self), dtype=np.float32)
        words = _words(text)[:8]
        for word in words:
            near = process.extract(
                word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_WORD_CUTOFF, limit=3
            ) if word not in self._words else [(word, 100.0, 0)]  # fmt: skip
            hit = np.zeros(len(self), dtype=np.float32)
            for other, _, _ in near:
                self._raise(hit, self._words[other], 1.0)
            found += hit
        return (found / max(1, len(words))).astype(np.float32)

    def activities_in(self, text: str) -> tuple[str, ...]:
        """Return the activities that a text names, misspelt or not."""
        found = []
        for word in _words(text)[:8]:
            name = self.activities.canonical(word)
            if name is None and len(word) >= 5:
                near = process.extractOne(
                    word, self.activities.words.keys(), scorer=fuzz.ratio, score_cutoff=_WORD_CUTOFF
                )
                name = self.activities.words[near[0]] if near else None
            if name is not None:
                found.append(name)
        return tuple(dict.fromkeys(found))

    def tagged(self, wanted: Iterable[str]) -> NDArray[np.bool_]:
        """Return which services have one of these tags."""
        found = np.zeros(len(self), dtype=bool)
        for tag in wanted:
            if tag in self._tags:
                found[self._tags[tag][0]] = True
        return found

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

    def in_boroughs(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """Return which services belong to one of these boroughs, in any case of letters."""
        wanted = {name.lower() for name in names}
        codes = [code for code, name in enumerate(self.boroughs) if name.lower() in wanted]
        return np.isin(self.borough_of, codes)

    def _raise(self, found: Floats, posting: tuple[Rows, Floats] | None, weight: float) -> None:
        if posting is not None:
            rows, values = posting
            found[rows] = np.maximum(found[rows], values * weight)

    def _activity_rows(self) -> Iterable[tuple[str, int, float]]:
        for row, service in enumerate(self.services):
            for name in service.activities:
                yield name, row, _EXACT
                for family in self.activities.family(name):
                    yield family, row, _BELOW

    def _words_of(self, service: Service) -> dict[str, float]:
        about = (service.what, *service.tags, *service.activities, service.organisation,
                 service.address or "")  # fmt: skip
        words = dict.fromkeys(_words(" ".join(about)), _ABOUT)
        return words | dict.fromkeys(_words(service.name), _NAME)

    def _lay_out(self) -> None:
        services = self.services
        self.lat = np.array([one.point.lat if one.point else np.nan for one in services])
        self.lon = np.array([one.point.lon if one.point else np.nan for one in services])
        low, high = UNKNOWN_AGE
        self.age_min = np.array([_or(one.age_min, low) for one in services], dtype=np.int16)
        self.age_max = np.array([_or(one.age_max, high) for one in services], dtype=np.int16)
        self.age_known = np.array(
            [one.age_min is not None or one.age_max is not None for one in services], dtype=bool
        )
        self.free = np.array([{None: 0, True: 1, False: -1}[one.free] for one in services])
        self.low = _flags(one.assurance.confidence is Confidence.LOW for one in services)
        self.high = _flags(one.assurance.confidence is Confidence.HIGH for one in services)
        self.day = np.array(
            [one.assurance.seen_on.toordinal() if one.assurance.seen_on else 0 for one in services]
        )
        self.at_place = _flags(one.venue is Venue.PLACE for one in services)
        self.online = _flags(one.venue is Venue.ONLINE for one in services)
        self.wide = _flags(one.borough is None for one in services)
        self.london_only = _flags(
            one.borough is None and one.coverage.lower().startswith(("london", "most of london"))
            for one in services
        )
        self.residents = _flags(_for_residents(one) for one in services)
        self.callable = _flags(bool(one.contact.phone or one.contact.text) for one in services)
        self.all_day = _flags("24/7" in (one.contact.hours or "") for one in services)
        self.timed = _flags(bool(one.sessions) for one in services)
        self.emergency = _flags("emergency-number" in one.tags for one in services)
        self.boroughs = tuple(sorted({one.borough or "" for one in services}))
        codes = {name: code for code, name in enumerate(self.boroughs)}
        self.borough_of = np.array([codes[one.borough or ""] for one in services])
        groups = [frozenset(one.groups) for one in services]
        self.group_sets = tuple(dict.fromkeys(groups))
        codes_of = {found: code for code, found in enumerate(self.group_sets)}
        self.group_set_of = np.array([codes_of[found] for found in groups], dtype=np.intp)
        self.starts = np.array([_starts(one) for one in services], dtype=np.uint32).reshape(-1, 7)


def _starts(service: Service) -> list[int]:
    """Return for each weekday the hours in which a session starts, one bit an hour."""
    hours = [0] * 7
    for session in service.sessions:
        for day in session.days:
            hours[day] |= 1 << session.start.hour
    return hours


def _flags(values: Iterable[bool]) -> NDArray[np.bool_]:
    return np.fromiter(values, dtype=bool)


def _or(value: int | None, other: int) -> int:
    return other if value is None else value


def _for_residents(service: Service) -> bool:
    """Tell whether it is for people of its borough: without a place, said so, or the council's."""
    if service.borough is None:
        return False
    said = (service.access or "").lower()
    council = "council" in service.organisation.lower() and "find-activities" not in service.kinds
    return (
        service.venue is not Venue.PLACE
        or (council and service.kinds[0] in ("housing", "find-work", "get-involved"))
        or "people who live in" in said
        or "residents" in said
    )


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without any other signs."""
    return "".join(sign if sign.isalnum() else " " for sign in text.lower()).split()


def place_text(service: Service) -> str:
    """Return the words that say where a service is, with a space around each."""
    if service.venue is Venue.ONLINE:
        return ""
    outward, _, inward = (service.postcode or "").partition(" ")
    parts = (service.name, service.address, service.point_from, outward, inward[:1])
    return f" {' '.join(plain_words(' '.join(part or '|' for part in parts)))} "


def _words(text: str) -> list[str]:
    kept = "".join(sign if sign.isalnum() else " " for sign in text.lower().replace("’", ""))
    words = (word for word in kept.split() if len(word) > 2 and word not in _STOP)
    return list(dict.fromkeys(words))


def _postings(rows: Iterable[tuple[str, int, float]]) -> dict[str, tuple[Rows, Floats]]:
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
