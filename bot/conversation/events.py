"""What can happen in a private chat, free of Telegram's own objects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Media(StrEnum):
    """What came instead of words; its content is never fetched."""

    PICTURE = "picture"
    VIDEO = "video"
    VOICE = "voice"
    STICKER = "sticker"
    CONTACT = "contact"
    FILE = "file"
    POLL = "poll"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Said:
    """A person wrote something, or changed what they had written."""

    chat_id: int
    message_id: int
    text: str  # words or caption; empty where there are none
    at: datetime
    edited: bool = False
    media: Media | None = None
    reply_to: int | None = None
    is_bot: bool = False
    album: str | None = None  # several pictures sent as one carry the same


@dataclass(frozen=True, slots=True)
class Tapped:
    """A person pressed one of our buttons."""

    chat_id: int
    message_id: int
    action: str
    query_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SharedLocation:
    """A person shared where they are; used at once, never stored."""

    chat_id: int
    message_id: int
    lat: float
    lon: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Reachability:
    """A person blocked the bot or let it back in."""

    chat_id: int
    blocked: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class CheckInSilent:
    """A check-in question stood unanswered for its time."""

    chat_id: int
    at: datetime


PrivateEvent = Said | Tapped | SharedLocation | Reachability | CheckInSilent
