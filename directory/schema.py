"""The YAML files of the directory: one organisation a file, its services within.

The names follow Open Referral UK (HSDS 3) where that has one; directory/README.md shows a file.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from directory.model import Confidence, Venue

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

Line = Annotated[str, Field(min_length=1, max_length=2000)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Age = Annotated[int, Field(ge=0, le=120)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Ages(_Entry):
    """Who may come, in years, both ends included; a missing end is not stated."""

    min: Age | None = None
    max: Age | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"the youngest age ({self.min}) is above the oldest ({self.max})")
        return self


class ContactEntry(_Entry):
    """Ways to reach a service, each as the source writes it."""

    phone: Line | None = None
    text: Line | None = None
    whatsapp: Line | None = None
    webchat: Line | None = None
    email: Line | None = None
    website: Line | None = None
    instagram: Line | None = None
    hours: Line | None = None


class Assured(_Entry):
    """Where a fact comes from, when it was seen, and how sure it is."""

    source: tuple[Line, ...] = ()
    corroboration: tuple[Line, ...] = ()  # weaker evidence without a web address
    seen: Line
    confidence: Confidence
    reason: Line | None = None

    @model_validator(mode="after")
    def _has_evidence(self) -> Self:
        if not self.source and not self.corroboration:
            raise ValueError("no source is given: add where this was seen")
        return self


class ServiceEntry(Assured):
    """One service of an organisation."""

    id: Slug
    name: Line
    what: Line
    kinds: tuple[Kind, ...] = Field(min_length=1)
    activities: tuple[Line, ...] = ()
    tags: tuple[Line, ...] = ()
    groups: tuple[Group, ...] = ()
    coverage: Line | None = None
    venue: Venue = Venue.PLACE
    address: Line | None = None
    postcode: Line | None = None
    near: Line | None = None  # a name out of intents/words/areas.yaml, where no postcode is known
    ages: Ages = Ages()
    ages_note: Line | None = None
    free: bool | None = None
    cost: Line | None = None
    when: tuple[Line, ...] = ()
    contact: ContactEntry = ContactEntry()
    access: Line | None = None
    confidentiality: Line | None = None
    caution: Line | None = None
    note: Line | None = None
    myends: bool = False
    closed: bool = False

    @model_validator(mode="after")
    def _place_is_somewhere(self) -> Self:
        if self.venue is not Venue.PLACE and self.near is not None:
            raise ValueError("`near` is for services with a place of their own")
        return self


class OrganisationFile(_Entry):
    """One organisation and its services."""

    organisation: Line
    services: tuple[ServiceEntry, ...] = Field(min_length=1)


class FrontDoorEntry(Assured):
    """The borough's children's-services front door."""

    name: Line
    phone_day: Line | None = None
    hours_day: Line | None = None
    phone_out_of_hours: Line | None = None
    hours_out_of_hours: Line | None = None
    note: Line | None = None


class MyEndsEntry(_Entry):
    """What is known of MyEnds in the borough; `status` is said as it stands."""

    neighbourhoods: tuple[Line, ...] = ()
    consortium: Line | None = None
    lead: Line | None = None
    partners: tuple[Line, ...] = ()
    status: Line
    contact: Line | None = None
    figures: dict[str, str | None] = Field(default_factory=dict)
    source: tuple[Line, ...] = ()


class YouthOffer(_Entry):
    """Who runs youth work in the borough."""

    name: Line | None = None
    website: Line | None = None
    phone: Line | None = None
    note: Line | None = None
    source: tuple[Line, ...] = ()


class BoroughFile(_Entry):
    """A borough: directory/boroughs/<borough>/borough.yaml."""

    borough: Line
    myends: MyEndsEntry
    front_door: FrontDoorEntry
    youth_offer: YouthOffer = YouthOffer()
