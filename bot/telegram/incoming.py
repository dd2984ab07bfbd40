"""From a raw update to a row of the inbox; nothing of it is parsed but the chat's id."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bot.delivery.model import Incoming

NO_LANE = "c:0"


def incoming(update: dict[str, Any]) -> Incoming:
    """The row for a raw update: its key makes a repeat known, its lane keeps a chat's order."""
    number = update.get("update_id")
    if isinstance(number, int):
        key = f"u:{number}"
    else:
        digest = hashlib.sha256(json.dumps(update, sort_keys=True).encode()).hexdigest()
        key = f"u:?{digest}"
    return Incoming(key, lane_of(update), "update", update)


def lane_of(update: dict[str, Any]) -> str:
    """The chat that an update is about, whatever kind it is; "c:0" where there is none."""
    for value in update.values():
        if isinstance(value, dict) and (chat_id := _chat_id(value)) is not None:
            return f"c:{chat_id}"
    return NO_LANE


def _chat_id(value: dict[str, Any]) -> int | None:
    message = value.get("message")
    holders = [value.get("chat"), message.get("chat") if isinstance(message, dict) else None]
    # Inline queries and the like have no chat: the person's private one stands for it.
    holders += [value.get("user"), value.get("from")]
    for holder in holders:
        if isinstance(holder, dict) and type(holder.get("id")) is int:
            return int(holder["id"])
    return None
