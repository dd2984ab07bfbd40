"""A row holds all that a service of the YAML says, and nothing else."""

from __future__ import annotations

from typing import Any

from directory.exchange.columns import by_name, columns, entry_of, row_of
from directory.schema import ContactEntry, ServiceEntry

ENTRY: dict[str, Any] = {
    "id": "the-club",
    "name": "The  Club",
    "what": "Boxing\nfor all.",
    "kinds": ["find-activities"],
    "ages": {"min": "11"},
    "free": "no",
    "venue": "place",
    "contact": {"phone": "999"},
    "closed": "no",
    "when": ["Monday 16:00-18:00"],
    "source": ["https://example.org"],
    "seen": "2026-11",
    "confidence": "high",
}


def test_every_key_of_the_schema_has_its_column() -> None:
    tops = {column.path[0] for column in columns() if column.path}
    assert tops == set(ServiceEntry.model_fields)
    ways = {name for name in by_name() if name.startswith("contact.")}
    assert ways == {f"contact.{name}" for name in ContactEntry.model_fields}


def test_a_service_as_a_row() -> None:
    row = row_of("Lambeth", "The Club", ServiceEntry.model_validate(ENTRY))
    assert row == {
        "where": "Lambeth", "organisation": "The Club", "id": "the-club", "name": "The Club",
        "what": "Boxing for all.", "kinds": ["find-activities"], "ages.min": "11", "free": "no",
        "contact.phone": "999", "when": ["Monday 16:00-18:00"], "source": ["https://example.org"],
        "seen": "2026-11", "confidence": "high",
    }  # fmt: skip


def test_a_row_is_the_same_service_again() -> None:
    row = row_of("Lambeth", "The Club", ServiceEntry.model_validate(ENTRY))
    again = ServiceEntry.model_validate(entry_of(row))
    assert row_of("Lambeth", "The Club", again) == row


def test_the_order_of_the_columns_is_fixed() -> None:
    names = list(by_name())
    assert names[:5] == ["where", "organisation", "id", "name", "what"]
    assert names[-5:] == ["source", "corroboration", "seen", "confidence", "reason"]
