"""Why a service was found, in short words that a card or a maintainer can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from directory.access import Access, read_access
from directory.activities import Activities
from directory.model import Confidence, Query, Service, Venue

_ONLY = {
    "girls": "girls only", "boys": "boys only", "women": "for women", "men": "for men",
    "send": "for young people with SEND", "lgbtq": "for LGBTQ+ people",
    "care-leavers": "for care leavers", "in-care": "for young people in care",
    "refugees": "for refugees and migrants", "young-parents": "for young parents",
    "young-carers": "for young carers", "parents": "for parents and other adults",
    "muslim": "for Muslims", "black": "for Black people",
}  # fmt: skip
_WELCOME = {"girls": "for girls", "boys": "for boys"}


def reasons(
    service: Service,
    query: Query,
    activities: Activities,
    distance_m: int | None,
    homes: frozenset[str],
    *,
    access: Access | None = None,
    called: bool = False,
    walk_min: int | None = None,
    words: Iterable[str] = (),
    welcomes: Iterable[str] = (),
) -> tuple[str, ...]:
    """List why a service was found and what to know, the most telling first; never nothing.

    `called`: the message names it; `words`: words of the message that stand in its entry;
    `welcomes`: groups that were asked for, for which it says that it has something.
    """
    access = access or read_access(service.access)
    found = (
        *(("called by its name",) if called else ()),
        *_fit(service, query, activities), *(f"says {word}" for word in words),
        *_place(service, distance_m, walk_min, homes), *_people(service, query, access, welcomes),
        *_cost(service, query), *_steps(query, access), *_times(service, query),
    )  # fmt: skip
    return tuple(dict.fromkeys(found)) or (f"for {service.borough or service.coverage}",)


def _fit(service: Service, query: Query, activities: Activities) -> Iterator[str]:
    exact = False
    for typed in query.activities:
        name = activities.canonical(typed) or typed
        for other in service.activities:
            if activities.is_a(other, name):
                exact = True
                yield other.replace("-", " ")
    if query.activities and not exact:
        family = {
            parent
            for typed in query.activities
            for parent in activities.family(activities.canonical(typed) or typed)[:1]
        }
        for other in service.activities:
            if family & {other, *activities.family(other)}:
                yield f"similar: {other.replace('-', ' ')}"
    for kind in query.kinds:
        if kind in service.kinds:
            yield kind


def _place(
    service: Service, distance_m: int | None, walk_min: int | None, homes: frozenset[str]
) -> Iterator[str]:
    if service.venue is Venue.ONLINE:
        yield "by phone or online"
    elif distance_m is not None:
        kilometres = f"{distance_m / 1000:.1f} km away in a straight line"
        if service.point_from not in (None, "postcode"):
            yield f"about {kilometres}, to {service.point_from}"
        else:
            yield kilometres
            if walk_min is not None:
                yield f"about {walk_min} minutes on foot"
    elif service.venue is Venue.BOROUGH_WIDE and service.borough:
        yield f"across {service.borough}"
    if service.borough in homes:
        yield "in your borough"


def _people(
    service: Service, query: Query, access: Access, welcomes: Iterable[str]
) -> Iterator[str]:
    low, high = service.age_min, service.age_max
    if low is not None and high is not None:
        yield f"for ages {low}-{high}"
    elif low is not None:
        yield f"for ages {low} and over"
    elif high is not None:
        yield f"for ages up to {high}"
    elif query.age is not None:
        yield "ages not stated"
    for group, oldest in access.up_to:
        if group in query.groups:
            yield f"up to {oldest} {_ONLY.get(group, group)}"
    for group in service.groups:
        yield _ONLY.get(group, group)
    for group in welcomes:
        yield f"has something {_WELCOME.get(group, _ONLY.get(group, group))}"


def _cost(service: Service, query: Query) -> Iterator[str]:
    if service.free:
        yield "free"
    elif query.free:
        yield "cost not known" if service.free is None else f"not free: {service.cost}"


def _steps(query: Query, access: Access) -> Iterator[str]:
    if query.step_free:
        yield "step-free" if access.step_free else "step-free access not known"


def _times(service: Service, query: Query) -> Iterator[str]:
    if (query.days or query.part_of_day) and not (service.sessions or service.open_hours):
        yield "times not known"
    if service.assurance.confidence is Confidence.LOW:
        yield "may not be running"
