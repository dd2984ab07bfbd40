"""What can happen beside the talk of private chats: in the staff group, in groups not ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.cases.model import Worker
from bot.conversation.events import Media


@dataclass(frozen=True, slots=True)
class StaffSaid:
    """A worker wrote in the staff group."""

    group_id: int
    message_id: int
    worker: Worker
    html: str  # the words with their formatting; empty where there are none
    text: str
    at: datetime
    topic_id: int | None = None
    reply_to: int | None = None  # None also where it only answers the topic's first message
    edited: bool = False
    media: Media | None = None
    album: str | None = None  # several pictures sent as one carry the same
    anonymous: bool = False  # an admin who writes as the group: nobody knows who it is

    @property
    def has_media(self) -> bool:
        """Whether it is more than words."""
        return self.media is not None


@dataclass(frozen=True, slots=True)
class StaffPressed:
    """A worker pressed a button in the staff group."""

    group_id: int
    message_id: int
    worker: Worker
    action: str
    query_id: str
    at: datetime
    quoted: StaffSaid | None = None  # the worker's message under which the button stands


@dataclass(frozen=True, slots=True)
class Reacted:
    """A young person put an emoji on a message, or took it away."""

    chat_id: int
    message_id: int
    emoji: str  # empty: it was taken away
    at: datetime


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """The bot was added to or removed from a group, or its rights there changed."""

    group_id: int
    present: bool
    may_manage_topics: bool
    at: datetime
    may_write: bool = True


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """Somebody came into a staff group or left it, or their rights there changed."""

    group_id: int
    worker: Worker
    gone: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Migrated:
    """A group has a new id."""

    old_id: int
    new_id: int


@dataclass(frozen=True, slots=True)
class StrangeGroup:
    """Something was said in a group that is not the staff group."""

    group_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class StrangePress:
    """A button was pressed where none of ours belongs; the press is only acknowledged."""

    query_id: str
    chat_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing that we answer, with the reason for the silence."""

    why: str


GroupEvent = (
    StaffSaid
    | StaffPressed
    | Reacted
    | GroupChanged
    | MemberChanged
    | Migrated
    | StrangeGroup
    | StrangePress
    | Ignored
)
