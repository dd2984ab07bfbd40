"""Reply markup: what Telegram takes, and its words where it does not."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.demo.api.errors import ApiError, bad_request
from bot.demo.api.params import Params
from bot.demo.api.world import Chat, Json

MOST_BUTTONS = 100
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
STYLES = ("danger", "success", "primary")
_SCHEMES = ("http", "https", "tg", "ton", "tonsite")


@dataclass(frozen=True)
class Markup:
    """A checked reply markup: `inline`, `keyboard`, `remove`, `force` or `none`."""

    kind: str
    value: Json

    @property
    def shown(self) -> Json | None:
        """Return what stands in the Message: only inline keyboards do."""
        return self.value if self.kind == "inline" else None


NO_MARKUP = Markup("none", {})


def read_markup(params: Params) -> Markup:
    """Return the reply markup of a call; raises 400 in Telegram's words."""
    markup = params.fields("reply_markup")
    if not markup:
        return NO_MARKUP
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    if "keyboard" in markup:
        return Markup("keyboard", markup | {"keyboard": _plain_rows(markup["keyboard"])})
    if markup.get("remove_keyboard") is True:
        return Markup("remove", markup)
    if markup.get("force_reply") is True:
        return Markup("force", markup)
    raise bad_request("object expected as reply markup")


def read_inline_markup(params: Params) -> Markup:
    """Return the reply markup of an edit, which may only be an inline keyboard."""
    markup = read_markup(params)
    if markup.kind not in ("inline", "none"):
        raise bad_request("inline keyboard expected")
    return markup


def check_place(markup: Markup, chat: Chat) -> None:
    """Refuse buttons that only a private chat may have."""
    if markup.kind != "keyboard" or chat.type == "private":
        return
    for row in markup.value["keyboard"]:
        for button in row:
            if button.get("request_contact"):
                raise bad_request("phone number can be requested in private chats only")
            if button.get("request_location"):
                raise bad_request("location can be requested in private chats only")


def _rows(value: Any, error: str) -> list[list[Any]]:
    if not isinstance(value, list):
        raise bad_request(f"{error}: Field must be of type Array")
    for row in value:
        if not isinstance(row, list):
            raise bad_request(f"{error}: Expected an Array of Array")
    rows = [row for row in value if row]
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return rows


def _inline(value: Any) -> Markup:
    rows = [[_button(b) for b in row] for row in _rows(value, "can't parse inline keyboard")]
    return Markup("inline", {"inline_keyboard": rows}) if rows else NO_MARKUP


def _parse_error(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def _button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _parse_error("Expected an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _parse_error('Field "text" must be of type String')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    actions = [a for a in ACTIONS if a in button]
    if not actions:
        raise _parse_error("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        # Telegram takes the first it knows; two actions are always a mistake of the bot's.
        raise _parse_error(f"Exactly one action is allowed, found {', '.join(actions)}")
    if button.get("style", "primary") not in STYLES:
        raise _parse_error("Invalid button style specified")
    _check_action(actions[0], button[actions[0]])
    return button


def _check_action(action: str, value: Any) -> None:
    if action == "callback_data":
        if not isinstance(value, str):
            raise _parse_error('Field "callback_data" must be of type String')
        if not 1 <= len(value.encode()) <= 64:
            raise bad_request("BUTTON_DATA_INVALID")
    elif action == "url":
        _check_url(value)
    elif action == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= 256:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_url(value: Any) -> None:
    if not isinstance(value, str):
        raise _parse_error('Field "url" must be of type String')
    parts = urlsplit(value if "://" in value else f"http://{value}")
    host = parts.hostname or ""
    dotted = "." in host or parts.scheme in ("tg", "ton")
    if parts.scheme not in _SCHEMES or not dotted or any(c.isspace() for c in value):
        raise bad_request(
            f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL"
            if value
            else "inline keyboard button URL '' is invalid: URL must be non-empty"
        )


def _plain_rows(value: Any) -> list[list[Json]]:
    error = "can't parse keyboard"
    return [[_plain_button(b) for b in row] for row in _rows(value, error)]


def _plain_button(button: Any) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    return button
