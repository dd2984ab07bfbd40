"""A record of Open Referral UK (HSDS 3) as a row: ours exactly, a stranger's as far as it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

from directory.exchange import phones, schedules, venues
from directory.exchange.as_written import is_ours, restored
from directory.exchange.columns import ORGANISATION, WHERE, Row, by_name
from directory.exchange.ids import KnownIds
from directory.exchange.incoming import Incoming, Slip
from directory.exchange.records import Json, objects, plain_text, text_of, whole_number
from directory.exchange.terms import foreign_terms, row_from
from directory.schema import Kind

_LONGEST = 300  # characters of a description that are taken for `what`: one plain sentence
_SENTENCE = re.compile(r"(?<=[.!?])\s+")

# What a record may say that a row has no column for; an import names what it leaves out.
_NOT_TAKEN = (
    "alternate_name", "interpretation_services", "application_process", "accreditations",
    "licenses", "wait_time", "alert", "languages", "funding", "program", "required_documents",
    "additional_urls", "capacities",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stranger:
    """What we say of a service that comes from somebody else's feed, as whoever imports it says."""

    confidence: str = "low"  # until somebody has checked it
    where: str | None = None
    kinds: tuple[str, ...] = ()
    source: str | None = None
    feed: str = "an Open Referral feed"


@dataclass(frozen=True, slots=True)
class Import:
    """What is needed to read a feed beside the feed itself."""

    known: KnownIds
    stranger: Stranger
    activity: Callable[[str], str | None]  # a word -> our name of that activity
    borough: Callable[[str], str | None]  # a postcode -> one of our boroughs


def read_records(records: Iterable[Any], given: Import) -> tuple[list[Incoming], list[Slip]]:
    """Return the services of a feed as rows, and every record that cannot be one."""
    found, slips = [], []
    for number, record in enumerate(records, 1):
        wrong = list(_wrong(number, record))
        slips += wrong
        if not wrong:
            found.append(_incoming(number, record, given))
    return found, slips


def _wrong(number: int, record: Any) -> Iterable[Slip]:
    if not isinstance(record, dict):
        yield Slip(number, "", "not a service", f"`{str(record)[:60]}`", "a service is an object")
        return
    try:
        UUID(str(record.get("id")))
    except ValueError:
        yield Slip(number, "id", "`id` is not a UUID", f"`{str(record.get('id'))[:60]}`",
                   "the standard asks for one")  # fmt: skip
    if not text_of(record, "name"):
        yield Slip(number, "name", "`name` is missing")
    organization = record.get("organization")
    if not isinstance(organization, dict) or not text_of(organization, "name"):
        yield Slip(number, "organization", "`organization` with a `name` is missing", "",
                   "take the full record of the service (/services/{id})")  # fmt: skip


def _incoming(number: int, record: Json, given: Import) -> Incoming:
    attributes = objects(record, "attributes")
    read = read_standard(record)
    if is_ours(attributes):
        row = restored(read, attributes)
        return Incoming(number, row, frozenset(row))
    said = _said_by_stranger(record, read, given)
    # What we only suppose is for a new service; it never changes one that somebody has checked.
    return Incoming(number, _supposed(record, said, given) | said, frozenset(said))


def read_standard(record: Json) -> Row:
    """Return what the fields of the standard, and terms in our own words, say to anybody."""
    organization = record.get("organization")
    costs = objects(record, "cost_options")
    row = {
        ORGANISATION: text_of(organization, "name") if isinstance(organization, dict) else "",
        "name": text_of(record, "name"), "what": plain_text(record, "description"),
        "ages.min": whole_number(record, "minimum_age"),
        "ages.max": whole_number(record, "maximum_age"),
        "ages_note": text_of(record, "eligibility_description"),
        "free": _is_free(costs), "cost": _cost(record, costs),
        "when": schedules.back(_schedules(record)),
        "contact.email": text_of(record, "email") or _email(record),
        "contact.website": text_of(record, "url"), **_numbers(record),
        "seen": text_of(record, "assured_date")[:10],
        "closed": "yes" if text_of(record, "status") not in ("active", "") else None,
        **venues.back(record), **row_from(objects(record, "attributes")),
    }  # fmt: skip
    return {name: value for name, value in row.items() if value not in (None, "", [])}


def _schedules(record: Json) -> list[Json]:
    found = objects(record, "schedules")
    return found or [one for link in objects(record, "service_at_locations")
                     for one in objects(link, "schedules")]  # fmt: skip


def _amount(option: Mapping[str, Any]) -> float | None:
    amount = option.get("amount")
    return amount if isinstance(amount, (int, float)) and not isinstance(amount, bool) else None


def _is_free(options: list[Json]) -> str | None:
    amounts = [amount for one in options if (amount := _amount(one)) is not None]
    if not amounts or (any(amounts) and not all(amounts)):
        return None  # some pay and some do not
    return "no" if any(amounts) else "yes"


def _cost(record: Json, options: list[Json]) -> str:
    if told := plain_text(record, "fees_description") or plain_text(record, "fees"):
        return told
    return "; ".join(filter(None, (_priced(one) for one in options)))


def _priced(option: Json) -> str:
    amount = _amount(option)
    price = f"GBP {amount:g}" if amount else ""
    told = [price, text_of(option, "amount_description"), text_of(option, "option")]
    return " ".join(part for part in told if part)


def _email(record: Json) -> str:
    return next(filter(None, (text_of(one, "email") for one in objects(record, "contacts"))), "")


def _numbers(record: Json) -> Row:
    """Return the first number of each kind: to ring, to text, WhatsApp."""
    found: Row = {}
    owners = [*objects(record, "contacts"), record]
    for phone in (one for owner in owners for one in objects(owner, "phones")):
        way = {"text": "text", "sms": "text"}.get(text_of(phone, "type"), "phone")
        if "whatsapp" in text_of(phone, "description").lower():
            way = "whatsapp"
        if text_of(phone, "type") not in ("fax", "pager") and (number := text_of(phone, "number")):
            found.setdefault(f"contact.{way}", phones.back(number))
    return found


def _said_by_stranger(record: Json, read: Row, given: Import) -> Row:
    terms = foreign_terms(objects(record, "attributes"))
    activities = list(dict.fromkeys(filter(None, map(given.activity, terms))))
    kinds = [kind for word in terms if (kind := "-".join(word.lower().split())) in get_args(Kind)]
    kinds += ["find-activities"] if activities else []
    row: Row = {"kinds": list(dict.fromkeys(kinds)), "activities": activities} | read
    row |= {"id": given.known.find(UUID(record["id"]), read["name"])}
    row |= {"what": short(read.get("what", ""))}
    return {name: value for name, value in row.items() if value not in ("", [])}


def _supposed(record: Json, said: Row, given: Import) -> Row:
    stranger = given.stranger
    evidence = f"{stranger.feed}, service {record['id']}"
    borough = given.borough(said["postcode"]) if "postcode" in said else None
    row: Row = {
        WHERE: borough or stranger.where, "kinds": list(stranger.kinds), "seen": "undated",
        "confidence": stranger.confidence, "reason": f"from {stranger.feed}; not checked by us",
    }  # fmt: skip
    row |= {"source": [stranger.source]} if stranger.source else {"corroboration": [evidence]}
    return {name: value for name, value in row.items() if value not in (None, [])}


def short(description: str) -> str:
    """Return a description, or as many of its first sentences as make a plain line."""
    if len(description) <= _LONGEST:
        return description
    taken = ""
    for sentence in _SENTENCE.split(description):
        longer = f"{taken} {sentence}".strip()
        if taken and len(longer) > _LONGEST:
            break
        taken = longer
    return taken


def left_out(record: Json) -> list[str]:
    """Return what a stranger's record says that an import does not take over."""
    if is_ours(objects(record, "attributes")):
        return []
    known = [name for name in _NOT_TAKEN if record.get(name) not in (None, "", [], {})]
    return [name for name in known if name not in by_name()]
