"""A service as a printed page shows it: plain facts with their labels, links as they are tapped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bot.conversation.cards import ALWAYS, ages, checked, sure_hours
from bot.conversation.times import closed_for_now, schedule_lines
from directory.freshness import check_first
from directory.model import Service, Venue
from intents.wording import Wording

LONGEST_ADDRESS = 46  # a longer web address is shown by its host; the link keeps the whole
_TAG = re.compile(r"<[^>]+>")
_NUMBER = re.compile(r"\+?\d[\d \-]*\d|\d+")


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of text, with where it leads."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is known."""

    label: str
    parts: tuple[Part, ...]
    between: str = ", "


@dataclass(frozen=True, slots=True)
class Card:
    """One service."""

    id: str
    name: str
    what: str
    unsure: bool
    facts: tuple[Fact, ...]
    ways: tuple[Part, ...]  # how to reach it at once
    note: str  # hours that are sure, and the ages
    checked: str


def card_of(service: Service, wording: Wording, today: date) -> Card:
    """Return everything that a page shows of a service."""
    facts = [
        Fact(wording.label("pages.when"), _texts(_when(service, wording, today)), "; "),
        Fact(wording.label("pages.where"), _texts([_where(service, wording)])),
        Fact(wording.label("pages.who"), _texts(_who(service, wording))),
        Fact(wording.label("pages.cost"), _texts([_cost(service, wording)])),
        Fact(wording.label("pages.contact"), _contact(service, wording), " · "),
        Fact(wording.label("pages.know"), _texts([service.access, service.confidentiality]), ". "),
    ]
    hours = sure_hours(service.contact.hours)
    said = [wording.label("pages.always") if hours == ALWAYS else hours, *_who(service, wording)]
    return Card(
        service.id, service.name, service.what, check_first(service, today),
        tuple(fact for fact in facts if fact.parts), ways_of(service, wording),
        " · ".join(part for part in said if part), plain(checked(service, wording)),
    )  # fmt: skip


def ways_of(service: Service, wording: Wording) -> tuple[Part, ...]:
    """Return the quickest ways to reach a service: by phone, by text, on the web."""
    contact = service.contact
    parts = [phone_part(contact.phone)] if contact.phone else []
    if contact.text:
        parts.append(Part(f"{wording.label('pages.text')} {contact.text}"))
    site = contact.website or contact.webchat
    if site:
        parts.append(web_part(site, short=True))
    return tuple(parts) or (Part(wording.label("pages.contact-unknown")),)


def phone_part(phone: str) -> Part:
    """Return a number as it is written, to be rung by tapping."""
    number = _NUMBER.search(phone)
    digits = re.sub(r"[ \-]", "", number.group()) if number else ""
    return Part(phone, f"tel:{digits}" if digits else "")


def web_part(address: str, *, short: bool = False) -> Part:
    """Return a web address without what nobody types; only http leads anywhere."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return Part(address)
    host = parts.netloc.removeprefix("www.")
    whole = address.partition("://")[2].removeprefix("www.").rstrip("/")
    return Part(host if short or len(whole) > LONGEST_ADDRESS else whole, address)


def plain(text: str) -> str:
    """Return a wording without its tags and escapes: the page escapes for itself."""
    return html.unescape(_TAG.sub("", text))


def _texts(values: Iterable[str | None]) -> tuple[Part, ...]:
    return tuple(Part(value) for value in values if value)


def _when(service: Service, wording: Wording, today: date) -> list[str]:
    if service.scheduled:
        planned = schedule_lines(service, today, wording)
        return [*planned, plain(closed_for_now(service, today, wording))]
    if service.when:
        return list(service.when)
    if service.contact.hours:
        return [service.contact.hours]
    return [wording.label("pages.times-unknown")] if service.venue is Venue.PLACE else []


def _where(service: Service, wording: Wording) -> str:
    if service.venue is Venue.ONLINE:
        return wording.label("pages.online")
    if service.venue is Venue.BOROUGH_WIDE and not service.address:
        borough = service.borough or service.coverage
        return wording.label("pages.wide-whole", borough=borough)
    parts = [service.address, service.postcode]
    place = service.point_from
    if not service.postcode and place and place.lower() not in (service.address or "").lower():
        parts.append(wording.label("pages.near", place=place))
    return ", ".join(part for part in parts if part)


def _who(service: Service, wording: Wording) -> list[str]:
    groups = [wording.label(f"pages.group-{group}") for group in service.groups
              if wording.has(f"pages.group-{group}")]  # fmt: skip
    return [text for text in (plain(ages(service, wording)), *groups) if text]


def _cost(service: Service, wording: Wording) -> str:
    if service.free:
        return wording.label("results.free")
    if service.cost:
        return service.cost
    unknown = service.venue is Venue.PLACE
    return wording.label("pages.times-unknown") if unknown else ""


def _contact(service: Service, wording: Wording) -> tuple[Part, ...]:
    contact = service.contact
    parts = [phone_part(contact.phone)] if contact.phone else []
    for way in ("text", "whatsapp"):
        if value := getattr(contact, way):
            parts.append(Part(f"{wording.label(f'pages.{way}')}: {value}"))
    if contact.email:
        parts.append(Part(contact.email, f"mailto:{contact.email}"))
    for site in dict.fromkeys(one for one in (contact.website, contact.webchat) if one):
        parts.append(web_part(site))
    if contact.instagram:
        parts.append(Part(f"{wording.label('pages.instagram')}: {contact.instagram}"))
    return tuple(parts) or (Part(wording.label("pages.contact-unknown")),)
