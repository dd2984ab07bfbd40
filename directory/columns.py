"""The facts of all services as arrays, one row a service in the order of their ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from directory.access import read_access
from directory.model import Confidence, Service, Venue
from directory.timetable import Timetable

Mask = NDArray[np.bool_]

UNKNOWN_AGE = (0, 127)

# Tags of the sources that say whom a service welcomes, beside the names of the groups themselves.
_WELCOMES = {"refugee": "refugees", "migrant": "refugees", "autism": "send", "blind": "send"}
_HOLIDAY_TAGS = frozenset(("holiday", "summer"))


class Columns:
    """What a search compares, one array a fact; nothing here knows a query."""

    def __init__(self, services: Sequence[Service]) -> None:
        self.services = tuple(services)
        self.row_of = {one.id: row for row, one in enumerate(self.services)}
        self.accesses = tuple(read_access(one.access) for one in self.services)
        self.nobody = np.zeros(len(self.services), dtype=bool)
        self._places()
        self._ages()
        self._facts()
        self._boroughs()
        self._groups()

    def __len__(self) -> int:
        return len(self.services)

    def welcoming(self, group: str) -> Mask:
        """Return which services are for a group, or say that they have something for it."""
        return self._for_group.get(group, self.nobody)

    def in_boroughs(self, names: Iterable[str]) -> Mask:
        """Return which services belong to one of these boroughs, in any case of letters."""
        found = self.nobody.copy()
        for name in names:
            found |= self._in_borough.get(name.lower(), self.nobody)
        return found

    def _places(self) -> None:
        services = self.services
        self.lat = np.array([one.point.lat if one.point else np.nan for one in services])
        self.lon = np.array([one.point.lon if one.point else np.nan for one in services])
        self.at_place = _flags(one.venue is Venue.PLACE for one in services)
        self.online = _flags(one.venue is Venue.ONLINE for one in services)
        self.residents = _flags(_for_residents(one) for one in services)

    def _ages(self) -> None:
        services, (low, high) = self.services, UNKNOWN_AGE
        self.age_min = np.array([_or(one.age_min, low) for one in services], dtype=np.int16)
        self.age_max = np.array([_or(one.age_max, high) for one in services], dtype=np.int16)
        self.age_known = _flags(
            one.age_min is not None or one.age_max is not None for one in services
        )
        # "Up to 25 with SEND": older than the rest may be, for somebody of that group.
        self.age_max_for: dict[str, NDArray[np.int16]] = {}
        for row, access in enumerate(self.accesses):
            for group, age in access.up_to:
                column = self.age_max_for.setdefault(group, self.age_max.copy())
                column[row] = max(age, column[row])

    def _facts(self) -> None:
        services = self.services
        self.free = np.array([{None: 0, True: 1, False: -1}[one.free] for one in services])
        self.low = _flags(one.assurance.confidence is Confidence.LOW for one in services)
        self.high = _flags(one.assurance.confidence is Confidence.HIGH for one in services)
        self.day = np.array(
            [one.assurance.seen_on.toordinal() if one.assurance.seen_on else 0 for one in services]
        )
        self.callable = _flags(bool(one.contact.phone or one.contact.text) for one in services)
        self.all_day = _flags("24/7" in (one.contact.hours or "") for one in services)
        self.timed = _flags(bool(one.sessions) for one in services)
        self.emergency = _flags("emergency-number" in one.tags for one in services)
        self.holiday = _flags(
            "holiday-scheme" in one.activities or not _HOLIDAY_TAGS.isdisjoint(one.tags)
            for one in services
        )
        self.step_free = _flags(one.step_free is True for one in self.accesses)
        self.has_steps = _flags(one.step_free is False for one in self.accesses)
        self.timetable = Timetable(services)
        organisations: dict[str, int] = {}
        self.organisation = np.array(
            [organisations.setdefault(one.organisation, len(organisations)) for one in services],
            dtype=np.intp,
        )

    def _boroughs(self) -> None:
        services = self.services
        self.wide = _flags(one.borough is None for one in services)
        self.london_only = _flags(
            one.borough is None and one.coverage.lower().startswith(("london", "most of london"))
            for one in services
        )
        names = {one.borough for one in services if one.borough}
        self._in_borough = {
            name.lower(): _flags(one.borough == name for one in services) for name in names
        }

    def _groups(self) -> None:
        self._for_group: dict[str, Mask] = {}
        for row, (one, access) in enumerate(zip(self.services, self.accesses, strict=True)):
            said = {*one.groups, *(_WELCOMES.get(tag, tag) for tag in one.tags)}
            for group in said | ({"send"} if access.send else set()):
                self._for_group.setdefault(group, self.nobody.copy())[row] = True
        groups = [frozenset(one.groups) for one in self.services]
        self.group_sets = tuple(dict.fromkeys(groups))
        codes_of = {found: code for code, found in enumerate(self.group_sets)}
        self.group_set_of = np.array([codes_of[found] for found in groups], dtype=np.intp)


def _flags(values: Iterable[bool]) -> Mask:
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
