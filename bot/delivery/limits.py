"""Telegram's limits, as far as they are known, and which calls count against them.

Sources: the Bots FAQ and tdlib/td issue 2592: in a group 20 a minute, edits and topics included.
"""

from __future__ import annotations

from datetime import timedelta

COUNTED_METHODS = frozenset(
    {
        "sendMessage",
        "sendVenue",
        "sendLocation",
        "sendDocument",
        "sendPhoto",
        "copyMessage",
        "editMessageText",
        "editMessageReplyMarkup",
        # each of these leaves a service message in the group
        "createForumTopic",
        "editForumTopic",
        "closeForumTopic",
        "reopenForumTopic",
        "pinChatMessage",
    }
)

CALLBACK_ANSWER = "answerCallbackQuery"

GROUP_LIMIT = 20
GROUP_RESERVE = 3  # of the limit, kept back for alerts
GROUP_WINDOW = timedelta(seconds=61)  # a minute, and a second for clocks that differ

PRIVATE_BURST = 4
PRIVATE_PER_SECOND = 1.0

MERGE_LIMIT = 3500  # UTF-16 units; Telegram takes 4096, the rest is for what rendering adds


def utf16_length(text: str) -> int:
    """The length as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
