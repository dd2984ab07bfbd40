"""What an error of the Bot API means for a call: done, later, never, or elsewhere."""

from __future__ import annotations

from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.model import Later, Moved, Never, Outcome, Sent

TOKEN_PAUSE_S = 30.0

# What was wanted is already so.
_DONE = ("message is not modified", "message to delete not found", "topic_not_modified")

# Reasons never quote Telegram: some descriptions repeat what somebody wrote.
_BAD_REQUESTS = (
    ("message to be replied not found", "reply-target-gone"),
    ("message to reply not found", "reply-target-gone"),
    ("replied message not found", "reply-target-gone"),
    ("message to edit not found", "edit-target-gone"),
    ("message can't be edited", "edit-target-gone"),
    ("message to react not found", "reaction-target-gone"),
    ("message_id_invalid", "message-gone"),
    ("message to copy not found", "message-gone"),
    ("message to pin not found", "message-gone"),
    ("message can't be deleted", "cannot-delete"),
    ("message thread not found", "topic-gone"),
    ("topic_deleted", "topic-gone"),
    ("topic_id_invalid", "topic-gone"),
    ("topic_closed", "topic-closed"),
    ("the chat is not a forum", "not-a-forum"),
    ("query is too old", "query-too-old"),
    ("query id is invalid", "query-too-old"),
    ("chat not found", "chat-not-found"),
    ("user not found", "chat-not-found"),
    ("peer_id_invalid", "chat-not-found"),
    ("not enough rights", "not-enough-rights"),
    ("need administrator rights", "not-enough-rights"),
    ("chat_write_forbidden", "not-enough-rights"),
    ("have no rights to send", "not-enough-rights"),
    ("group chat was deleted", "group-deleted"),
    ("group chat was deactivated", "group-deleted"),
    ("message text is empty", "bad-request: text-empty"),
    ("message is too long", "bad-request: text-too-long"),
    ("button_data_invalid", "bad-request: button-data"),
    ("can't parse entities", "bad-request: markup"),
    ("reaction_invalid", "bad-request: reaction"),
)

_FORBIDDEN = (
    ("bot was blocked", "blocked"),
    ("user is deactivated", "deactivated"),
    ("bot was kicked", "kicked"),
    ("group chat was deleted", "group-deleted"),
    ("bot is not a member", "kicked"),
    ("can't initiate conversation", "not-started"),
    ("can't send messages to bots", "is-a-bot"),
)


def outcome_of(error: Exception) -> Outcome:
    """Decide what becomes of a call that raised this.

    The order matters: BadRequest and TimedOut are NetworkErrors to the library.
    """
    if isinstance(error, RetryAfter):
        return Later("flood", retry_after_s=_seconds(error.retry_after))
    if isinstance(error, ChatMigrated):
        return Moved(error.new_chat_id)
    if isinstance(error, BadRequest):
        return _bad_request(error.message.lower())
    if isinstance(error, Forbidden):
        return Never(_reason(error.message.lower(), _FORBIDDEN, "forbidden"))
    if isinstance(error, EndPointNotFound):
        return Never("unknown-method")
    if isinstance(error, InvalidToken):
        # Nobody can be written to with this token: nothing is given up for it.
        return Later("token-refused", retry_after_s=TOKEN_PAUSE_S, whole_bot=True)
    if isinstance(error, TimedOut):
        return Later("timeout")
    if isinstance(error, NetworkError):
        too_large = "entity too large" in error.message.lower()
        return Never("too-large") if too_large else Later("network")
    if isinstance(error, Conflict):
        return Later("conflict")
    if isinstance(error, TelegramError):
        return Later("bad-answer")
    return Never(f"bad-call: {type(error).__name__}")


def _bad_request(description: str) -> Outcome:
    if any(words in description for words in _DONE):
        return Sent(True)
    return Never(_reason(description, _BAD_REQUESTS, "bad-request"))


def _reason(description: str, known: tuple[tuple[str, str], ...], otherwise: str) -> str:
    return next((reason for words, reason in known if words in description), otherwise)


def _seconds(value: int | float | timedelta) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else float(value)
