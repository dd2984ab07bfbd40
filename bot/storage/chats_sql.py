"""Private chats, facts, counts and the staff log in SQL."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from bot.storage.database import SqlUnit, from_micros, to_micros

BACKLOG_NAMES = ("inbox", "quarantined", "outbox", "timers")
SUGGESTIONS = 1_000_000  # numbers of suggestions to draw from: short enough to be typed


def suggestion_number() -> int:
    """A number for a suggestion, by chance."""
    return 1 + secrets.randbelow(SUGGESTIONS)


class SqlChats(SqlUnit):
    """Implements bot.conversation.ports.ChatUnit."""

    def load_chat(self, chat_id: int) -> dict[str, Any] | None:
        """The stored state, or None for a new person."""
        row = self._db.first("load_chat", chat_id=chat_id)
        if row is None:
            return None
        state: dict[str, Any] = self._sealer.open(row[0])
        return state

    def save_chat(self, chat_id: int, state: dict[str, Any], now: datetime) -> None:
        """Store the state, sealed."""
        sealed = self._sealer.seal(state)
        self._db.do("save_chat", chat_id=chat_id, sealed=sealed, now=to_micros(now))

    def forget_chat(self, chat_id: int) -> None:
        """Erase state and message ids of a person."""
        self._db.do("forget_chat", chat_id=chat_id)
        self._db.do("forget_messages", chat_id=chat_id)

    def remember_message(self, chat_id: int, message_id: int, role: str, now: datetime) -> None:
        """Note one of our messages in a chat."""
        self._db.do(
            "remember_message",
            chat_id=chat_id,
            message_id=message_id,
            role=role,
            now=to_micros(now),
        )

    def recent_messages(self, chat_id: int, since: datetime) -> list[int]:
        """Ids of our messages in a chat since a time, oldest first."""
        rows = self._db.all("recent_messages", chat_id=chat_id, since=to_micros(since))
        return [row[0] for row in rows]

    def forget_messages_before(self, before: datetime) -> None:
        """Drop message ids that are too old to delete anything with."""
        self._db.do("forget_messages_before", before=to_micros(before))

    def chats_idle_since(self, before: datetime, limit: int) -> list[int]:
        """Chats whose state has not changed since `before`."""
        rows = self._db.all("idle_chats", before=to_micros(before), limit=limit)
        return [row[0] for row in rows]


class SqlMeta(SqlUnit):
    """Implements bot.delivery.ports.MetaUnit."""

    def get_meta(self, key: str) -> str | None:
        """A stored fact."""
        row = self._db.first("get_meta", key=key)
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Store a fact."""
        self._db.do("set_meta", key=key, value=value)

    def count(self, what: str, label: str, day: str, by: int = 1) -> None:
        """Add to an anonymous daily count."""
        self._db.do("add_count", what=what, label=label, day=day, by=by)

    def counts(self, what: str, since_day: str) -> list[tuple[str, str, int]]:
        """(day, label, number), oldest first."""
        rows = self._db.all("counts", what=what, since_day=since_day)
        return [(row[0], row[1], row[2]) for row in rows]

    def give_words(self, text: str, day: str) -> None:
        """Keep words that somebody gave for learning; nothing says who it was."""
        self._db.do("give_words", id=secrets.randbits(62), day=day, sealed=self._sealer.seal(text))

    def given_words(self, since_day: str) -> list[tuple[str, str]]:
        """(day, text) of the words given, oldest day first; within a day by chance."""
        rows = self._db.all("given_words", since_day=since_day)
        return [(day, self._sealer.open(sealed)) for day, sealed in rows]

    def forget_words_before(self, day: str) -> None:
        """Erase words that were given before a day."""
        self._db.do("forget_words_before", day=day)

    def suggest(self, data: dict[str, Any], day: str) -> None:
        """Keep an example that a worker gave for learning; nothing says whose words they were."""
        sealed = self._sealer.seal(data)
        while not self._db.do("suggest", id=suggestion_number(), day=day, sealed=sealed):
            pass  # that number is taken

    def suggestions(self, since_day: str) -> list[tuple[int, str, dict[str, Any]]]:
        """(number, day, example) of what workers gave, oldest day first; within a day by chance."""
        rows = self._db.all("suggestions", since_day=since_day)
        return [(number, day, self._sealer.open(sealed)) for number, day, sealed in rows]

    def forget_suggestions_before(self, day: str) -> None:
        """Erase examples that were given before a day."""
        self._db.do("forget_suggestions_before", day=day)

    def audit(self, kind: str, data: dict[str, Any], now: datetime) -> None:
        """Append to the log of what staff decided; no message text."""
        self._db.do("add_audit", kind=kind, sealed=self._sealer.seal(data), now=to_micros(now))

    def audited(self, since: datetime) -> list[tuple[datetime, str, dict[str, Any]]]:
        """The log of what staff decided since a time, oldest first."""
        rows = self._db.all("audited", since=to_micros(since))
        return [(from_micros(at), kind, self._sealer.open(sealed)) for at, kind, sealed in rows]

    def backlog(self) -> dict[str, int]:
        """How many rows wait."""
        row = self._db.first("backlog")
        return dict(zip(BACKLOG_NAMES, row or (), strict=True))
