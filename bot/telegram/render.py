"""Our replies as calls of the Bot API; the one place that knows its limits on text and buttons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from bot.conversation.state import LOCATION, Button, Reply
from bot.delivery.model import Call, Priority

LONGEST = 4096  # UTF-16 units in one message
ANSWER_WITHIN = timedelta(seconds=12)  # Telegram forgets a button press soon after


def units(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, longest: int = LONGEST) -> list[str]:
    """Pieces that each fit into a message, cut at paragraphs, lines, then words; nothing is lost.

    Counts tags too, so a piece is never too long. A tag that would be cut in two is closed by
    keeping formatted texts below the limit: only people's own plain words are ever this long.
    """
    pieces: list[str] = []
    rest = text
    while units(rest) > longest:
        cut = cut_at(rest, longest)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip("\n ")
    return [piece for piece in (*pieces, rest) if piece.strip()]


def cut_at(text: str, longest: int) -> int:
    """Where to cut a text that is too long: at a paragraph, a line, a word, else anywhere."""
    head = text.encode("utf-16-le")[: longest * 2].decode("utf-16-le", "ignore")
    for mark in ("\n\n", "\n", " "):
        at = head.rfind(mark)
        if at > longest // 2:
            return at
    at = head.rfind("&")  # not in the middle of an escaped sign
    return at if at > len(head) - 8 and ";" not in head[at:] else len(head)


def message(chat_id: int, text: str, **params: Any) -> dict[str, Any]:
    """The parameters of sendMessage for HTML without link previews."""
    return {
        "chat_id": chat_id,
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        **params,
    }


def keyboard(rows: Iterable[Iterable[Button]]) -> dict[str, Any]:
    """An inline keyboard."""
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows]}


def _button(button: Button) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": button.label}
    if button.url:
        shown["url"] = button.url
    else:
        shown["callback_data"] = button.action
    if button.style:
        shown["style"] = button.style
    return shown


def reply_keyboard(rows: Iterable[Iterable[str]]) -> dict[str, Any]:
    """A keyboard that types for the person and goes away after one tap."""
    return {
        "keyboard": [
            [
                {
                    "text": label,
                    **({"request_location": True} if label.startswith(LOCATION) else {}),
                }
                for label in row
            ]
            for row in rows
        ],
        "one_time_keyboard": True,
        "resize_keyboard": True,
    }


def reply_calls(chat_id: int, reply: Reply) -> list[Call]:
    """One reply as calls: long text in pieces, the buttons under the last."""
    priority = Priority.DANGER if reply.urgent else Priority.REPLY
    markup = None
    if reply.buttons:
        markup = keyboard(reply.buttons)
    elif reply.keyboard:
        markup = reply_keyboard(reply.keyboard)
    elif reply.no_keyboard:
        markup = {"remove_keyboard": True}
    pieces = split(reply.text)
    calls = []
    for n, piece in enumerate(pieces, 1):
        extra = {"reply_markup": markup} if markup and n == len(pieces) else {}
        calls.append(
            Call("sendMessage", message(chat_id, piece, **extra), chat_id, priority, role="answer")
        )
    if reply.venue is not None:
        calls.append(Call("sendVenue", _venue(chat_id, reply), chat_id, priority, role="answer"))
    return calls


def _venue(chat_id: int, reply: Reply) -> dict[str, Any]:
    point = reply.venue
    assert point is not None  # the caller has looked
    return {
        "chat_id": chat_id,
        "latitude": point.lat,
        "longitude": point.lon,
        "title": reply.venue_name[:100],
        "address": reply.venue_address[:200],
    }


def answer_press(query_id: str, chat_id: int, now: datetime, text: str | None = None,
                 alert: bool = False) -> Call:  # fmt: skip
    """The answer to a button press: it costs no message, and is worthless when late."""
    params: dict[str, Any] = {"callback_query_id": query_id}
    if text:
        params |= {"text": text[:200], "show_alert": alert}
    return Call(
        "answerCallbackQuery", params, chat_id, Priority.DANGER, expires=now + ANSWER_WITHIN
    )
