"""What a conversation needs from storage."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol


class ChatUnit(Protocol):
    """Private chats: their state, and which of our messages stand in them."""

    def load_chat(self, chat_id: int) -> dict[str, Any] | None:
        """The stored state, or None for a new person."""

    def save_chat(self, chat_id: int, state: dict[str, Any], now: datetime) -> None:
        """Store the state, sealed."""

    def forget_chat(self, chat_id: int) -> None:
        """Erase state and message ids of a person (cases are dealt with apart)."""

    def remember_message(self, chat_id: int, message_id: int, role: str, now: datetime) -> None:
        """Note one of our messages in a chat, for quick exit and for old buttons."""

    def recent_messages(self, chat_id: int, since: datetime) -> list[int]:
        """Ids of our messages in a chat since a time, oldest first."""

    def forget_messages_before(self, before: datetime) -> None:
        """Drop message ids that are too old to delete anything with."""

    def chats_idle_since(self, before: datetime, limit: int) -> list[int]:
        """Chats whose state has not changed since `before`."""
