"""The values of the directory: services as people search for them, areas, queries and matches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


class Confidence(StrEnum):
    """How sure the source is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Venue(StrEnum):
    """Where a service happens."""

    PLACE = "place"  # has a place of its own
    BOROUGH_WIDE = "borough-wide"
    ONLINE = "online"  # by phone or online


@dataclass(frozen=True, slots=True)
class Point:
    """A position, WGS84 degrees."""

    lat: float
    lon: float


class Season(StrEnum):
    """What a day is in the year of a school."""

    TERM = "term"
    HALF_TERM = "half-term"
    EASTER = "easter"
    SUMMER = "summer"
    CHRISTMAS = "christmas"


class Only(StrEnum):
    """At which times of the school year a session is on, where it is not on always."""

    TERM_TIME = "term-time"
    SCHOOL_HOLIDAYS = "school-holidays"
    HALF_TERMS = "half-terms"
    EASTER_HOLIDAYS = "easter-holidays"
    SUMMER_HOLIDAYS = "summer-holidays"
    CHRISTMAS_HOLIDAYS = "christmas-holidays"


@dataclass(frozen=True, slots=True)
class Session:
    """One recurring session, as far as the source says it; local time of Europe/London."""

    days: frozenset[int]  # 0 is Monday; every day that it can fall on
    start: time
    end: time | None  # at or before `start`: on the next day; None: not known
    only: Only | None = None
    note: str = ""  # the source's line, as written
    loose: bool = False  # a source's line: what it does not limit may still not be on in holidays
    weeks: tuple[int, ...] = ()  # of the month: 1 to 4, and -1 for the last; empty for all
    every: int = 1  # 2 is every second week, counted from the week of `since`
    rule: str | None = None  # an RRULE (RFC 5545) in place of the days
    dates: frozenset[date] = frozenset()  # single days in place of the weekdays
    since: date | None = None
    until: date | None = None  # the last day
    bank_holidays: bool | None = None  # on at bank holidays, too; None: not known
    age_min: int | None = None
    age_max: int | None = None

    @property
    def term_time_only(self) -> bool:
        """Whether it is on in term time alone."""
        return self.only is Only.TERM_TIME


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which a service is closed, the first and the last included."""

    first: date
    last: date
    why: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a session takes place; aware, Europe/London."""

    start: datetime
    end: datetime | None  # None: not known
    session: Session


@dataclass(frozen=True, slots=True)
class Contact:
    """Ways to reach a service; None is unknown."""

    phone: str | None = None
    text: str | None = None
    whatsapp: str | None = None
    webchat: str | None = None
    email: str | None = None
    website: str | None = None
    instagram: str | None = None
    hours: str | None = None


@dataclass(frozen=True, slots=True)
class Assurance:
    """Where a fact comes from and how sure it is (HSDS calls the date `assured`)."""

    source: tuple[str, ...]
    seen: str  # as given: a year, a month, "undated"
    seen_on: date | None  # the earliest day that `seen` can mean; None for undated
    confidence: Confidence
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """One service, flattened from its organisation's file for searching and showing."""

    id: str
    name: str
    organisation: str
    what: str  # one plain sentence
    kinds: tuple[str, ...]  # intents that it answers, of LABELS.md
    activities: tuple[str, ...]  # canonical names out of intents/words/activities.yaml
    tags: tuple[str, ...]
    borough: str | None  # None: London-wide or national
    coverage: str  # "Lambeth", "London", "UK", ...
    venue: Venue
    contact: Contact
    assurance: Assurance
    address: str | None = None
    postcode: str | None = None
    point: Point | None = None  # None where no place is known
    point_from: str | None = None  # "postcode", or the named place that stands for it
    age_min: int | None = None
    age_max: int | None = None
    free: bool | None = None  # None: unknown
    cost: str | None = None
    when: tuple[str, ...] = ()  # the source's lines
    sessions: tuple[Session, ...] = ()
    more_times: bool = False  # there are others, that are not known as sessions
    scheduled: bool = False  # the sessions come from `schedule`, not from the lines of `when`
    closures: tuple[Closure, ...] = ()
    open_hours: tuple[Session, ...] = ()  # what `contact.hours` states plainly; empty: not known
    groups: tuple[str, ...] = ()  # "girls", "boys", "send", "lgbtq", "care-leavers", ...
    access: str | None = None
    confidentiality: str | None = None
    caution: str | None = None  # for staff and maintainers; never shown as it stands
    myends: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """A borough's children's-services front door."""

    borough: str
    name: str
    phone_day: str | None
    phone_out_of_hours: str | None
    hours_day: str | None
    note: str | None
    assurance: Assurance
    open_day: tuple[Session, ...] = ()  # what `hours_day` states plainly; empty: not known


@dataclass(frozen=True, slots=True)
class MyEnds:
    """What is known of MyEnds in one borough, with its honest status."""

    borough: str
    neighbourhoods: tuple[str, ...]
    consortium: str | None
    lead: str | None
    partners: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Area:
    """What a typed place means. Only `borough` and `sector` are ever stored about a person."""

    label: str  # to read back: "Brixton, Lambeth", "SW9 7, Lambeth"
    borough: str | None  # None: undecided among `choices`, or outside London
    sector: str | None  # "SW9 7", where a postcode was given; a district "SW9" where only that was
    point: Point | None
    certain: bool  # False: ask before relying on the borough
    choices: tuple[str, ...] = ()  # boroughs to choose from, likeliest first
    served: bool = False  # one of the eight boroughs
    outcome: str = "found"  # found | choose | outside-boroughs | outside-london | not-a-place
    repaired: bool = False  # a typing slip was mended, so read it back with a question
    # What else is to be said: "approximate" (the postcode is not known, what is around it is),
    # "boxes" (a postcode of post office boxes), "no-such-postcode".
    note: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. Stated filters are never dropped silently."""

    kinds: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    text: str = ""  # free words, matched fuzzily against names and descriptions
    typed: str = ""  # the same as somebody typed it: only there are names as they were meant
    area: Area | None = None
    age: int | None = None
    free: bool = False
    days: tuple[str, ...] = ()  # as in intents.model.Details.days
    part_of_day: str | None = None
    groups: tuple[str, ...] = ()  # "girls": only for them; "girl": who they are, open ones fit
    step_free: bool = False  # without steps; where it is not known, that is said
    avoid: frozenset[str] = frozenset()  # boroughs or area labels that are not safe for them
    exclude: frozenset[str] = frozenset()  # service ids, e.g. those already shown
    limit: int = 3


@dataclass(frozen=True, slots=True)
class Match:
    """One service that fits, with the reasons for its place."""

    service: Service
    score: float
    distance_m: int | None = None  # straight line
    next_session: datetime | None = None  # aware, Europe/London
    check_first: bool = False  # "may be running, ring first"
    why: tuple[str, ...] = ()
    called: bool = False  # they named it
    walk_min: int | None = None  # about; only where both ends are known well enough
    session_end: datetime | None = None  # of the next session; None: not known


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found, and what was widened to find it."""

    matches: tuple[Match, ...]
    total: int
    # "further", "other-days", "other-times", "cost", "groups", "similar": given up, step by step;
    # "times-unknown", "steps-unknown": nothing that is shown surely fits. All is said to the person
    widened: tuple[str, ...] = ()


@dataclass(frozen=True)
class Directory:
    """The whole directory as loaded: every service by id, front doors and MyEnds by borough."""

    services: dict[str, Service] = field(default_factory=dict)
    front_doors: dict[str, FrontDoor] = field(default_factory=dict)
    myends: dict[str, MyEnds] = field(default_factory=dict)
