"""What the fake store holds, as plain Python values."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.cases.model import Case, Line, Link
from bot.delivery.model import Call, Incoming, Timer


@dataclass
class InboxEntry:
    """One row of the inbox; without an item once handled."""

    id: int
    item: Incoming | None
    received_at: datetime
    attempts: int = 0
    status: str = "new"
    closed_at: datetime | None = None


@dataclass
class OutboxEntry:
    """One row of the outbox."""

    id: int
    cause: str
    call: Call
    created_at: datetime
    not_before: datetime | None
    attempts: int = 0
    status: str = "new"


@dataclass
class Tables:
    """Everything; copied before each transaction, so that it can be undone."""

    inbox: dict[str, InboxEntry] = field(default_factory=dict)
    causes: set[str] = field(default_factory=set)
    outbox: dict[int, OutboxEntry] = field(default_factory=dict)
    holds: dict[int, datetime] = field(default_factory=dict)
    sent: list[tuple[int, datetime]] = field(default_factory=list)
    timers: dict[str, Timer] = field(default_factory=dict)
    chats: dict[int, tuple[dict[str, Any], datetime]] = field(default_factory=dict)
    messages: dict[tuple[int, int], datetime] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    lines: dict[int, list[Line]] = field(default_factory=dict)
    links: dict[tuple[int, int], Link] = field(default_factory=dict)
    history: dict[int, list[tuple[datetime, str, dict[str, Any]]]] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    given_words: list[tuple[str, str]] = field(default_factory=list)
    suggestions: dict[int, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    audit: list[tuple[datetime, str, dict[str, Any]]] = field(default_factory=list)
    last_id: Counter[str] = field(default_factory=Counter)

    def next_id(self, table: str) -> int:
        """A number that this table never gave before."""
        self.last_id[table] += 1
        return self.last_id[table]


class MemoryPart:
    """What the parts of the fake unit share."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables


def as_json(value: Any) -> Any:
    """The value as it comes back from a store: TypeError where it is no JSON."""
    return json.loads(json.dumps(value))
