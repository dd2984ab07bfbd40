"""A service as a record of Open Referral UK (HSDS 3.0); docs/exchange.md says what goes where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from directory.exchange import phones, schedules, venues
from directory.exchange.as_written import carried
from directory.exchange.columns import ORGANISATION, Row
from directory.exchange.feed_in import read_standard
from directory.exchange.ids import stable_id
from directory.exchange.terms import Json, attributes_of
from directory.freshness import seen_on
from directory.model import Confidence, Point

STAFF_ONLY = ("caution", "note")  # for staff and maintainers

_URI = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Export:
    """What an export needs to know beside the rows."""

    points: Mapping[str, Point] = field(default_factory=dict)  # service id -> where it lies
    check_first: str = ""  # said of what may no longer run
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # organisation -> services


def for_others(rows: Iterable[Row]) -> list[Row]:
    """Return rows as they may be published: nothing closed, nothing meant for staff."""
    return [
        {name: value for name, value in row.items() if name not in STAFF_ONLY}
        for row in rows
        if row.get("closed") != "yes"
    ]


def names_of(rows: Iterable[Row]) -> dict[str, tuple[str, ...]]:
    """Return the names of the services of each organisation."""
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row[ORGANISATION], set()).add(row["name"])
    return {organisation: tuple(sorted(names)) for organisation, names in found.items()}


def record_of(row: Row, export: Export) -> Json:
    """Return the record of one service, with all that is needed to read it back exactly."""
    owner, contact = row["id"], _contact(row)
    record: Json = {
        "id": stable_id("service", owner), "name": row["name"], "description": row["what"],
        "url": _matching(_URI, row.get("contact.website")),
        "email": _matching(_EMAIL, row.get("contact.email")),
        "status": "defunct" if row.get("closed") == "yes" else "active",
        "fees_description": row.get("cost"),
        "eligibility_description": row.get("ages_note"),
        "minimum_age": _number(row.get("ages.min")), "maximum_age": _number(row.get("ages.max")),
        "assured_date": _day(row["seen"]),
        "alert": export.check_first if row["confidence"] == Confidence.LOW else None,
        "schedules": _schedules(row),
        **venues.out(row, export.points.get(owner)),
        "languages": _languages(row),
        "organization": organization_of(row[ORGANISATION], export.names),
        "cost_options": _costs(row),
        "contacts": [contact] if contact else None,
        "attributes": attributes_of(row),
    }  # fmt: skip
    record = {key: value for key, value in record.items() if value not in (None, "", [])}
    record["attributes"] += carried(row, read_standard(record))
    return record


def _schedules(row: Row) -> list[Json]:
    """Return when it is on; what is known exactly goes before the source's lines."""
    if entries := row.get("schedule"):
        return schedules.planned(row["id"], entries)
    return schedules.out(row["id"], row.get("when", ()))


def organization_of(name: str, names: Mapping[str, tuple[str, ...]]) -> Json:
    """Return the record of an organisation; what it is, is said by its services."""
    about = "; ".join(names.get(name, ())) or name
    identifier = stable_id("organization", name)
    return {"id": identifier, "name": name, "description": f"Services: {about}"}


def _contact(row: Row) -> Json | None:
    owner, numbers = row["id"], []
    for way, kind in (("phone", "voice"), ("text", "text"), ("whatsapp", "cell")):
        found = phones.out(row.get(f"contact.{way}", ""))
        if found is None:
            continue
        hours = row.get("contact.hours") if way == "phone" else None
        notes = [found.words, hours, phones.SHORT if found.short else None]
        notes += ["WhatsApp"] if way == "whatsapp" else []
        numbers.append({
            "id": stable_id("phone", owner, way), "number": found.number, "type": kind,
            **({"description": "; ".join(note for note in notes if note)} if any(notes) else {}),
        })  # fmt: skip
    return {"id": stable_id("contact", owner), "phones": numbers} if numbers else None


def _costs(row: Row) -> list[Json]:
    if "free" not in row and "cost" not in row:
        return []
    option: Json = {"id": stable_id("cost", row["id"])}
    if row.get("free") == "yes":
        option |= {"currency": "GBP", "amount": 0}
    return [option | ({"amount_description": row["cost"]} if "cost" in row else {})]


def _languages(row: Row) -> list[Json]:
    # The YAML has no key for languages yet; a row that names some keeps them.
    return [{"id": stable_id("language", row["id"], name), "name": name}
            for name in row.get("languages", ())]  # fmt: skip


def _matching(pattern: re.Pattern[str], text: str | None) -> str | None:
    return text if text and pattern.fullmatch(text) else None


def _number(text: Any) -> int | None:
    return int(text) if text is not None else None


def _day(seen: str) -> str | None:
    day = seen_on(seen)
    return day.isoformat() if day else None
