"""What is past its check date, or soon will be: the list that a maintainer works through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from directory.freshness import CHECK_AFTER, reached_at_once
from directory.model import Assurance, Contact, Directory, FrontDoor, Service

LONDON, NATION = "London", "the whole country"


@dataclass(frozen=True, slots=True)
class Due:
    """One entry whose facts must be checked again."""

    id: str  # empty for a front door
    name: str
    place: str  # a borough, "London" or "the whole country"
    assurance: Assurance
    contact: Contact
    due: date | None  # None: no date is known, so it is due now
    still_sure: bool  # a helpline that is shown as sure, because ringing it is the check

    @property
    def front_door(self) -> bool:
        """Tell whether it is a borough's children's services, whose number is given in danger."""
        return not self.id


def to_check(directory: Directory, today: date, days: int = 0) -> list[Due]:
    """List what is past its check date, or will be within some days.

    By borough, then London, then the nation; in each the front door first, then the oldest.
    """
    until = today + timedelta(days=days)
    found = [_of_door(door) for door in directory.front_doors.values()]
    found += [_of(service) for service in directory.services.values() if not service.closed]
    late = [one for one in found if one.due is None or one.due < until]
    return sorted(late, key=lambda one: (_rank(one.place), one.place, not one.front_door,
                                         one.due or date.min, one.id))  # fmt: skip


def is_past(one: Due, today: date) -> bool:
    """Tell whether the check date has come already."""
    return one.due is None or one.due < today


def places_of(found: Iterable[Due]) -> dict[str, list[Due]]:
    """Sort a list into its places, in its order."""
    places: dict[str, list[Due]] = {}
    for one in found:
        places.setdefault(one.place, []).append(one)
    return places


def _rank(place: str) -> int:
    return {LONDON: 1, NATION: 2}.get(place, 0)


def _of(service: Service) -> Due:
    wide = LONDON if service.coverage.startswith(LONDON) else NATION
    return Due(
        service.id, service.name, service.borough or wide, service.assurance, service.contact,
        _due(service.assurance), reached_at_once(service),
    )  # fmt: skip


def _of_door(door: FrontDoor) -> Due:
    phones = dict.fromkeys(one for one in (door.phone_day, door.phone_out_of_hours) if one)
    contact = Contact(phone=" and ".join(phones) or None)
    return Due("", door.name, door.borough, door.assurance, contact, _due(door.assurance), False)


def _due(assurance: Assurance) -> date | None:
    # `is_stale` asks for more than CHECK_AFTER, so the last good day is that one.
    return assurance.seen_on + CHECK_AFTER if assurance.seen_on else None
