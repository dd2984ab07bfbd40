"""Joining an unsent text with the next one of the same kind, and moving calls to a new chat."""

from __future__ import annotations

from typing import Any

from bot.delivery.limits import MERGE_LIMIT, utf16_length

Body = dict[str, Any]  # {"params": ..., "data": ...} of a stored call


def merged(old: Body, new: Body) -> Body | None:
    """The old call with the new one's text added, or None when they cannot be one message.

    The data of what was added is kept in order under `data["merged"]`.
    """
    if "text" not in old["params"] and old == new:
        return old  # what is drawn when it is sent, as a card is, need not be drawn twice
    texts = old["params"].get("text"), new["params"].get("text")
    if not all(isinstance(text, str) for text in texts):
        return None
    # Entities count characters from the start of the text: joined, they would mark other words.
    if "entities" in old["params"] or _but_text(old) != _but_text(new):
        return None
    text = "\n".join(texts)
    if utf16_length(text) > MERGE_LIMIT:
        return None
    data = {**old["data"], "merged": [*old["data"].get("merged", ()), new["data"]]}
    return {"params": {**old["params"], "text": text}, "data": data}


def _but_text(body: Body) -> dict[str, Any]:
    return {name: value for name, value in body["params"].items() if name != "text"}


def moved(body: Body, old: int, new: int) -> Body | None:
    """A call as it must be after its chat's id changed, or None when it makes no sense there.

    A migrated group numbers its messages afresh: an old message id would hit another message.
    """
    params = body["params"]
    if "message_id" in params or "message_ids" in params:
        return None
    kept = {name: value for name, value in params.items() if name != "reply_parameters"}
    return {"params": replace_id(kept, old, new), "data": replace_id(body["data"], old, new)}


def replace_id(value: Any, old: int, new: int) -> Any:
    """The same JSON value with one number in the place of another, however deep."""
    if isinstance(value, dict):
        return {name: replace_id(inner, old, new) for name, inner in value.items()}
    if isinstance(value, list):
        return [replace_id(inner, old, new) for inner in value]
    return new if type(value) is int and value == old else value
