"""The YAML files of the directory: one organisation a file, its services within.

The names follow Open Referral UK (HSDS 3) where that has one; directory/README.md shows a file.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from directory.entries import Ages, Entry, Line, Slug
from directory.model import Confidence, Venue
from directory.schedule import ClosedEntry, ScheduleEntry

Kind = Literal[
    "find-activities", "find-mentor", "find-work", "education-help", "get-involved",
    "mental-health", "eating", "bereavement", "violence-worry", "exploitation", "report-crime",
    "victim-support", "police-rights", "domestic-abuse", "sexual-violence",
    "stalking-harassment", "hate-crime", "bullying", "online-safety", "housing", "money-food",
    "drugs-alcohol", "sexual-health", "family", "lgbtq", "immigration", "worried-about-someone",
    "about-myends", "about-bot", "talk-to-human", "set-area", "delete-data", "feedback", "stop",
    "greeting", "thanks", "goodbye", "help",
]  # fmt: skip
Group = Literal[
    "girls", "boys", "send", "lgbtq", "care-leavers", "refugees", "young-parents", "young-carers",
    "parents", "muslim", "black", "women", "men", "in-care",
]  # fmt: skip


class ContactEntry(Entry):
    """Ways to reach a service, each as the source writes it."""

    phone: Line | None = None
    """The number that people ring: 020 7926 5555."""
    text: Line | None = None
    """How to text: SHOUT to 85258."""
    whatsapp: Line | None = None
    """The number for WhatsApp."""
    webchat: Line | None = None
    """The web address of the chat."""
    email: Line | None = None
    website: Line | None = None
    instagram: Line | None = None
    hours: Line | None = None
    """When somebody answers: 24/7, or Mon-Fri 09:00-17:00."""


class Assured(Entry):
    """Where a fact comes from, when it was seen, and how sure it is."""

    source: tuple[Line, ...] = ()
    """The web addresses where this was seen."""
    corroboration: tuple[Line, ...] = ()
    """Weaker evidence without a web address."""
    seen: Line
    """When it was seen: 2026-11, 2026, about 2024, undated."""
    confidence: Confidence
    """high, medium, or low: shown only as "may be running, ring first"."""
    reason: Line | None = None
    """Why it is as sure as that."""

    @model_validator(mode="after")
    def _has_evidence(self) -> Self:
        if not self.source and not self.corroboration:
            raise ValueError("no source is given: add where this was seen")
        return self


def _closed_or_when(value: Any) -> str:
    return "periods" if isinstance(value, list | tuple) else "always"


Closed = Annotated[
    Annotated[bool, Tag("always")] | Annotated[tuple[ClosedEntry, ...], Tag("periods")],
    Discriminator(_closed_or_when),
]


class ServiceEntry(Assured):
    """One service of an organisation."""

    id: Slug
    """Its own short name: lambeth-the-club-boxing. It never changes and stands nowhere else."""
    name: Line
    """What people call it."""
    what: Line
    """What it is, in one plain sentence."""
    kinds: tuple[Kind, ...] = Field(min_length=1)
    """The needs that it answers, the best first."""
    activities: tuple[Line, ...] = ()
    """What one does there: names out of intents/words/activities.yaml."""
    tags: tuple[Line, ...] = ()
    """Other words by which it can be found."""
    groups: tuple[Group, ...] = ()
    """Only where it is for them alone."""
    coverage: Line | None = None
    """For which area it is, where that is not the borough of the folder."""
    venue: Venue = Venue.PLACE
    """place, borough-wide (outreach, several sites), or online (by phone or online)."""
    address: Line | None = None
    postcode: Line | None = None
    """Written in full: SW9 7UH."""
    near: Line | None = None
    """Where no postcode is known: a name out of intents/words/areas.yaml."""
    ages: Ages = Ages()
    """Who may come: {min: 11, max: 16}, both ends included."""
    ages_note: Line | None = None
    """What the source says about ages, where that is more than two numbers."""
    free: bool | None = None
    """yes or no; left out where it is not known."""
    cost: Line | None = None
    when: tuple[Line, ...] = ()
    """When it is on, as the source writes it: Monday and Wednesday 17:00-19:00 (term time)."""
    schedule: tuple[ScheduleEntry, ...] = ()
    """When it is on, where that is known exactly: days, start, end."""
    contact: ContactEntry = ContactEntry()
    access: Line | None = None
    """Steps, lifts, who is welcome; shown as it stands."""
    confidentiality: Line | None = None
    """What they keep to themselves; shown as it stands."""
    caution: Line | None = None
    """For staff and maintainers, never shown."""
    note: Line | None = None
    """For staff and maintainers, never shown."""
    myends: bool = False
    """Whether it is part of MyEnds."""
    closed: Closed = False
    """yes: it has closed for good and is never shown. Or the times at which nobody is there:
    [{from: 2026-12-21, to: 2027-01-03, why: Christmas}]."""

    @model_validator(mode="after")
    def _place_is_somewhere(self) -> Self:
        if self.venue is not Venue.PLACE and self.near is not None:
            raise ValueError("`near` is for services with a place of their own")
        return self

    @property
    def gone(self) -> bool:
        """Whether it has closed for good."""
        return self.closed is True

    @property
    def closed_periods(self) -> tuple[ClosedEntry, ...]:
        """The times at which nobody is there."""
        return self.closed if isinstance(self.closed, tuple) else ()


class OrganisationFile(Entry):
    """One organisation and its services."""

    organisation: Line
    """The name of the organisation."""
    services: tuple[ServiceEntry, ...] = Field(min_length=1)


class FrontDoorEntry(Assured):
    """The borough's children's-services front door."""

    name: Line
    phone_day: Line | None = None
    """The number in office hours."""
    hours_day: Line | None = None
    """The office hours: Monday to Friday 09:00-17:00."""
    phone_out_of_hours: Line | None = None
    """The number in the evening, at night and at weekends."""
    hours_out_of_hours: Line | None = None
    note: Line | None = None
    """For staff and maintainers, never shown."""


class MyEndsEntry(Entry):
    """What is known of MyEnds in the borough; `status` is said as it stands."""

    neighbourhoods: tuple[Line, ...] = ()
    consortium: Line | None = None
    lead: Line | None = None
    partners: tuple[Line, ...] = ()
    status: Line
    """Whether it runs, as honestly as it is known."""
    contact: Line | None = None
    figures: dict[str, str | None] = Field(default_factory=dict)
    source: tuple[Line, ...] = ()


class YouthOffer(Entry):
    """Who runs youth work in the borough."""

    name: Line | None = None
    website: Line | None = None
    phone: Line | None = None
    note: Line | None = None
    source: tuple[Line, ...] = ()


class BoroughFile(Entry):
    """A borough: directory/boroughs/<borough>/borough.yaml."""

    borough: Line
    """The name of the borough: Tower Hamlets."""
    myends: MyEndsEntry
    front_door: FrontDoorEntry
    youth_offer: YouthOffer = YouthOffer()
