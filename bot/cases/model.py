"""A case: one escalation, from the first word to closed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

TIMES = (
    "opened_at", "claimed_at", "first_answer_at", "waiting_since", "closed_at", "reopened_at",
    "person_wrote_at", "worker_wrote_at", "offered_at",
)  # fmt: skip
WORKERS = ("worker", "priority_by", "reopened_by", "offered_to", "before")


class Status(StrEnum):
    """Where a case stands."""

    OPEN = "open"  # nobody has it
    CLAIMED = "claimed"  # a worker has it
    CLOSED = "closed"


class TopicState(StrEnum):
    """Whether the case has a forum topic."""

    NONE = "none"
    PENDING = "pending"  # asked for, not made yet
    MADE = "made"
    IMPOSSIBLE = "impossible"  # the group has no topics, or we may not make them


@dataclass(frozen=True, slots=True)
class Worker:
    """A member of staff as the bot knows them: the id to recognise, the first name to show."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """Something said in a case."""

    author: str  # "person", "worker", "bot", "note": a note is staff's own and never sent
    text: str
    at: datetime
    message_id: int | None = None
    by: str = ""  # the first name of the worker whose line it is


@dataclass(frozen=True, slots=True)
class Link:
    """What one Telegram message is to a case."""

    chat_id: int
    message_id: int
    case_id: int
    role: str  # "card", "relay-in", "relay-out", "staff-reply", "note", "person"
    peer_chat_id: int | None = None  # the message that it mirrors, in the other chat
    peer_message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided when a case was closed; no names, no words of the person."""

    told: tuple[str, ...] = ()  # who was told, by key: "parents", "childrens-services", "police"
    consent: str | None = None  # "yes", "no", "not-asked": whether the person agreed to it
    why: str = ""  # the worker's own words; erased with the lines
    step: str = "told"  # what is asked next: "told", "consent", "why"; "done": nothing


@dataclass(frozen=True, slots=True)
class Case:
    """One escalation."""

    id: int  # 0 until stored
    chat_id: int  # the young person; 0 once unlinked
    group_id: int  # the staff group whose case it is
    urgency: str
    kind: str | None
    reason: str  # why it was raised, with the words that said so; erased with the lines
    opened_at: datetime
    status: Status = Status.OPEN
    worker: Worker | None = None
    claimed_at: datetime | None = None
    first_answer_at: datetime | None = None
    waiting_since: datetime | None = None  # the person's first line that nobody has answered
    closed_at: datetime | None = None
    outcome: str | None = None
    card_message_id: int | None = None
    topic_id: int | None = None
    topic_state: TopicState = TopicState.NONE
    alerts: int = 1  # how often the chain has alerted
    borough: str | None = None
    area: str | None = None
    age: int | None = None
    reachable: bool = True  # False: they blocked the bot or deleted the account
    asked_for_person: bool = False  # no danger: they asked to talk to somebody
    drill: bool = False
    said: tuple[str, ...] = field(default=())  # what the bot told them, by reply key
    priority: str | None = None  # a level set by hand; without one the urgency holds
    priority_by: Worker | None = None  # who set it
    tags: tuple[str, ...] = ()
    decision: Decision | None = None
    merged_into: int | None = None  # the case that goes on in place of this one
    reopened_at: datetime | None = None
    reopened_by: Worker | None = None  # None: the person wrote again
    offered_to: Worker | None = None  # who is asked to take it over; until they do, nothing changes
    before: Worker | None = None  # who had it last, besides `worker`
    erased: bool = False  # its words are gone: nothing that is written is kept with it any more
    person_wrote_at: datetime | None = None
    worker_wrote_at: datetime | None = None
    patience_min: float = 5  # how long the person may wait before others are asked to step in
    offered_at: datetime | None = None  # the worker went off: anybody may take it over
    judged: str | None = None  # what a worker said of the alarm: "not-a-danger", "was-a-danger"
    suggestion: str | None = None  # the example that a worker is looking at; gone once decided

    def to_dict(self) -> dict[str, Any]:
        """JSON values, for storage."""
        row = asdict(self)
        for name, value in row.items():
            if isinstance(value, datetime):
                row[name] = value.isoformat()
        return row

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Case:
        """The case that `to_dict` wrote; unknown keys of a newer version are left out."""
        known = {f.name for f in fields(cls)}
        row = {name: value for name, value in row.items() if name in known}
        for name in TIMES:
            if row.get(name):
                row[name] = datetime.fromisoformat(row[name])
        row["status"] = Status(row.get("status", Status.OPEN))
        row["topic_state"] = TopicState(row.get("topic_state", TopicState.NONE))
        for name in ("said", "tags"):
            row[name] = tuple(row.get(name, ()))
        for name in WORKERS:
            if row.get(name):
                row[name] = Worker(**row[name])
        if row.get("decision"):
            decision = row["decision"]
            row["decision"] = Decision(**decision | {"told": tuple(decision["told"])})
        return cls(**row)
