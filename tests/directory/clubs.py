"""Small directories for tests of the search: a club in Lambeth, changed where a test needs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from directory.activities import Activities
from directory.model import (
    Area,
    Assurance,
    Confidence,
    Contact,
    Directory,
    Point,
    Query,
    Results,
    Service,
    Venue,
)
from directory.search import Index

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday in term
HERE = Area("Here, Lambeth", "Lambeth", "SW9 7", Point(51.47, -0.11), certain=True, served=True)
FRESH = Assurance(("https://x.org",), "2026-10", date(2026, 10, 1), Confidence.HIGH)
FUN = ("find-activities",)


def club(key: str, km: float = 1.0, /, **changes: object) -> Service:
    """A club in Lambeth, so many kilometres north of HERE."""
    base = Service(
        id=key, name=key, organisation=key, what="A club.", kinds=FUN, activities=(), tags=(),
        borough="Lambeth", coverage="Lambeth", venue=Venue.PLACE, contact=Contact(),
        assurance=FRESH, point=Point(51.47 + km / 111.2, -0.11), point_from="postcode",
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def helpline(key: str, **changes: object) -> Service:
    """A service for the whole country, by phone."""
    return club(key, borough=None, coverage="UK", venue=Venue.ONLINE, point=None, **changes)


def index_of(words: Activities, *services: Service) -> Index:
    """The services made ready for searching."""
    return Index(Directory({one.id: one for one in services}), words)


def find(
    words: Activities, services: list[Service], query: Query | None = None, /, **asked: object
) -> Results:
    """What a search from HERE for something to do finds; `asked` changes the query."""
    wanted = replace(query or Query(kinds=FUN, area=HERE, limit=10), **asked)  # type: ignore[arg-type]
    return index_of(words, *services).search(wanted, NOW)


def ids(results: Results) -> list[str]:
    """Which services were found, in their order."""
    return [match.service.id for match in results.matches]


def why(results: Results, key: str) -> tuple[str, ...]:
    """The reasons of one service."""
    return next(match.why for match in results.matches if match.service.id == key)
