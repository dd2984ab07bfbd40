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
        "editMessageCaption",
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
GROUP_WINDOW = timedelta(seconds=61)  # a minute, and a second for clocks that differ

# Roles of alerts that one message can tell together where there is no room for one each.
TOGETHER_ROLES = frozenset({"card", "alarm", "alert"})
# A group always keeps room for a message that tells what waits together, as often as this: whoever
# is in danger is named within ten seconds, however much else goes on.
TOGETHER_EVERY = timedelta(seconds=8.8)
# So many alerts of a role in a window may go each on its own, beside those; then they wait for it.
# A card every ten seconds is always one of them.
ALONE = {"card": 7, "alarm": 2, "alert": 2}
ALONE_SOON = 4  # of them within half a window: relays shall have the rest when a storm begins
# While new cases are told together, all are: relays shall have what is left over.
STORM = timedelta(seconds=20)
PILE = 3  # when more than this wait for a chat, they go together even where there is room
CROWD = 12  # and when more than this wait, they go together without waiting for the next turn

# How much must be left over, beside the room that is kept, for a call to go.
SPARE_ALONE = 4
SPARE_RELAY = 2
SPARE_REPLY = 3
SPARE_REST = 6  # housekeeping, and cards that follow: relays must not wait for them

PRIVATE_BURST = 4
PRIVATE_PER_SECOND = 1.0

MERGE_LIMIT = 3500  # UTF-16 units; Telegram takes 4096, the rest is for what rendering adds


def utf16_length(text: str) -> int:
    """The length as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
