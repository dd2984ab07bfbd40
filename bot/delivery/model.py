"""The values of the durable core: updates that came in, calls to be made, timers that fall due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any


class Priority(IntEnum):
    """Most urgent first."""

    ALERT = 0  # a danger, to staff
    DANGER = 1  # the safety step, to the young person
    RELAY = 2  # words between a young person and a worker
    REPLY = 3  # ordinary answers
    HOUSEKEEPING = 4  # reactions, edits, clean-up


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something to be handled once: an update of Telegram's, or a timer that fell due."""

    key: str  # "u:<update_id>" or "t:<timer key>@<due>"; unique, so that a repeat is dropped
    lane: str  # handled in order within a lane: "c:<chat_id>"
    source: str  # "update" or "timer"
    payload: dict[
        str, Any
    ]  # the raw update, or {"kind": ..., "data": {...}, "due": ISO} of a timer


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An incoming thing as stored."""

    id: int
    item: Incoming
    received_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Bot API to be made."""

    method: str  # "sendMessage"
    params: dict[
        str, Any
    ]  # JSON values; {"$topic": 7} and the like stand for what is not known yet
    chat_id: int  # whose limit it counts against
    priority: Priority = Priority.REPLY
    case_id: int | None = None
    role: str = ""  # what the message is to us: "card", "relay-in", "relay-out", "answer", ...
    data: dict[str, Any] = field(default_factory=dict)  # what the callbacks after sending need
    merge: str | None = None  # unsent texts with the same key are joined into one message
    not_before: datetime | None = None
    expires: datetime | None = None  # after this it is dropped without a word (callback answers)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A call as stored."""

    id: int
    cause: str
    call: Call
    attempts: int = 0
    created_at: datetime | None = None
    together: bool = False  # no room for one each: it may speak for all that wait with it


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that is due at a time, once; setting the same key again replaces it."""

    key: str
    due: datetime  # UTC
    lane: str
    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """Telegram took it."""

    result: Any  # the Bot API's result, as JSON values


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: try again."""

    reason: str
    retry_after_s: float | None = None  # None: our own back-off
    whole_bot: bool = False  # every chat waits, not only this one


@dataclass(frozen=True, slots=True)
class Never:
    """It will never work."""

    reason: str  # "blocked", "chat-not-found", "bad-request: ...", short and without content


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has a new id; send it there."""

    new_chat_id: int


Outcome = Sent | Later | Never | Moved


@dataclass(frozen=True, slots=True)
class Gates:
    """What `take` has to leave alone for the moment, beside chats with a call in flight."""

    # by chat: of what counts, only calls at least so urgent may go; -1: none
    ceilings: Mapping[int, int] = field(default_factory=dict)
    # (chat, role) of alerts that wait until they may go, alone or together; no ceiling is for them
    held: frozenset[tuple[int, str]] = frozenset()
    skip: frozenset[int] = frozenset()  # rows looked at already


OPEN = Gates()


@dataclass(frozen=True, slots=True)
class Ready:
    """The placeholders are filled; send this."""

    params: dict[str, Any]
    role: str | None = None  # in place of the call's own, where it became another message
    data: dict[str, Any] | None = None  # likewise


@dataclass(frozen=True, slots=True)
class Wait:
    """A placeholder's value is on its way (a topic being made); ask again soon."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Not needed any more."""


Resolution = Ready | Wait | Drop
