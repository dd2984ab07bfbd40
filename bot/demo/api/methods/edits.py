"""Editing, deleting, pinning, reacting, and answering button presses."""

from datetime import timedelta
from types import MappingProxyType
from typing import Any

from bot.demo.api.backend import Backend
from bot.demo.api.errors import bad_request
from bot.demo.api.keyboards import read_inline_markup
from bot.demo.api.methods.messages import read_caption, read_text
from bot.demo.api.objects import as_quoted, utf16_length
from bot.demo.api.params import Params
from bot.demo.api.posting import forget_message, post_as_bot, tell_bot
from bot.demo.api.reactions import is_free_reaction
from bot.demo.api.sending import find_chat, find_message, writable_chat
from bot.demo.api.world import Chat, Json

ERROR_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
LONGEST_ANSWER = 200
MOST_DELETED = 100
_SERVICE = ("forum_topic_created", "supergroup_chat_created", "channel_chat_created")
_CAPTION_FIELDS = ("caption", "caption_entities", "reply_markup")
_CAPTIONED = ("photo", "video", "animation", "audio", "document", "voice")
_TEXT_FIELDS = ("text", "entities", "link_preview_options", "reply_markup")


def edit_message_text(backend: Backend, params: Params) -> Json:
    """Exchange the text and the inline keyboard of a message of the bot's."""
    content = read_text(params, "MESSAGE_TOO_LONG")
    markup = read_inline_markup(params)
    chat, message = _editable(backend, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    if markup.shown:
        content["reply_markup"] = markup.shown
    kept = {k: v for k, v in message.items() if k not in _TEXT_FIELDS}
    return _exchange(backend, chat, message, kept | content)


def edit_message_caption(backend: Backend, params: Params) -> Json:
    """Exchange the words under a file of the bot's, and the inline keyboard."""
    content = read_caption(params)
    markup = read_inline_markup(params)
    chat, message = _editable(backend, params)
    if not any(kind in message for kind in _CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    if markup.shown:
        content["reply_markup"] = markup.shown
    kept = {k: v for k, v in message.items() if k not in _CAPTION_FIELDS}
    return _exchange(backend, chat, message, kept | content)


def edit_message_reply_markup(backend: Backend, params: Params) -> Json:
    """Exchange or remove the inline keyboard of a message of the bot's."""
    markup = read_inline_markup(params)
    chat, message = _editable(backend, params)
    kept = {k: v for k, v in message.items() if k != "reply_markup"}
    if markup.shown:
        kept["reply_markup"] = markup.shown
    return _exchange(backend, chat, message, kept)


def _editable(backend: Backend, params: Params) -> tuple[Chat, Json]:
    if params.text("inline_message_id") and not params.values.get("chat_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = writable_chat(backend, params)
    message = find_message(chat, params.integer("message_id"), "to edit")
    sender = message.get("from", {}).get("id", backend.world.bot["id"])
    if sender != backend.world.bot["id"] or message["message_id"] in chat.fixed_markup:
        raise bad_request("message can't be edited")
    if "forward_origin" in message or any(k in message for k in _SERVICE):
        raise bad_request("message can't be edited")
    return chat, message


def _exchange(backend: Backend, chat: Chat, old: Json, new: Json) -> Json:
    if {k: v for k, v in old.items() if k != "edit_date"} == {
        k: v for k, v in new.items() if k != "edit_date"
    }:
        raise bad_request(ERROR_NOT_MODIFIED)
    backend.limits.take(chat)
    new["edit_date"] = backend.world.unix_now()
    chat.messages[old["message_id"]] = new
    backend.world.touch()
    return new


def delete_message(backend: Backend, params: Params) -> bool:
    """Delete one message, within the limits of time and rights."""
    chat = find_chat(backend, params)
    message = find_message(chat, params.integer("message_id"), "to delete")
    _check_deletable(backend, chat, message)
    forget_message(chat, message["message_id"])
    backend.world.touch()
    return True


def delete_messages(backend: Backend, params: Params) -> bool:
    """Delete up to a hundred messages; those already gone are skipped."""
    chat = find_chat(backend, params)
    wanted = params.items("message_ids")
    if not wanted:
        raise bad_request("message identifiers are not specified")
    if len(wanted) > MOST_DELETED:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(w, int) and not isinstance(w, bool) for w in wanted):
        raise bad_request("invalid message identifier specified")
    messages = [chat.messages[w] for w in wanted if w in chat.messages]
    for message in messages:
        _check_deletable(backend, chat, message)
    for message in messages:
        forget_message(chat, message["message_id"])
    backend.world.touch()
    return True


def _check_deletable(backend: Backend, chat: Chat, message: Json) -> None:
    own = message.get("from", {}).get("id") == backend.world.bot["id"]
    allowed = own or chat.type == "private" or chat.bot_may("can_delete_messages")
    if not allowed or any(k in message for k in _SERVICE):
        raise bad_request("message can't be deleted")
    age_s = backend.world.unix_now() - message["date"]
    if age_s > backend.rules.deletable_s:
        raise bad_request("message can't be deleted for everyone")


def pin_chat_message(backend: Backend, params: Params) -> bool:
    """Pin a message, with the service message that says so."""
    chat = _pinnable(backend, params)
    message = find_message(chat, params.integer("message_id"), "to pin")
    if message["message_id"] in chat.pinned:
        return True
    chat.pinned.append(message["message_id"])
    thread_id = message["message_thread_id"] if message.get("is_topic_message") else None
    service = post_as_bot(
        backend.world, chat, {"pinned_message": as_quoted(message)}, thread_id=thread_id
    )
    if chat.type != "channel":
        tell_bot(backend, "message", service, chat.id)
    return True


def unpin_chat_message(backend: Backend, params: Params) -> bool:
    """Unpin a message, or the one pinned last."""
    chat = _pinnable(backend, params)
    wanted = params.integer("message_id") or (chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    backend.world.touch()
    return True


def _pinnable(backend: Backend, params: Params) -> Chat:
    chat = writable_chat(backend, params)
    if chat.is_group and not chat.bot_may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


def set_message_reaction(backend: Backend, params: Params) -> bool:
    """Set or remove the bot's one reaction on a message."""
    reactions = params.items("reaction") or []
    chat = writable_chat(backend, params)
    message = find_message(chat, params.integer("message_id"), "to react")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = _reaction(reactions[0]) if reactions else None
    by = chat.reactions.setdefault(message["message_id"], {})
    if emoji is None:
        by.pop(backend.world.bot["id"], None)
    else:
        by[backend.world.bot["id"]] = emoji
    backend.world.touch()
    return True


def _reaction(value: Any) -> str:
    if not isinstance(value, dict) or value.get("type") not in ("emoji", "custom_emoji", "paid"):
        raise bad_request("can't parse reaction type")
    emoji = value.get("emoji")
    if value["type"] != "emoji" or not isinstance(emoji, str) or not is_free_reaction(emoji):
        raise bad_request("REACTION_INVALID")
    return emoji


def answer_callback_query(backend: Backend, params: Params) -> bool:
    """End the waiting of a pressed button; the text shows to the person who pressed."""
    text = params.text("text") or ""
    query = backend.world.queries.get(params.text("callback_query_id") or "")
    lifetime = timedelta(seconds=backend.rules.query_lifetime_s)
    if query is None or backend.world.now() - query.at > lifetime:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if utf16_length(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if not query.answered:
        query.answered = True
        backend.world.toast(query.user_id, text, params.flag("show_alert"))
        backend.world.touch()
    return True


METHODS = MappingProxyType(
    {
        "editMessageText": edit_message_text,
        "editMessageCaption": edit_message_caption,
        "editMessageReplyMarkup": edit_message_reply_markup,
        "deleteMessage": delete_message,
        "deleteMessages": delete_messages,
        "pinChatMessage": pin_chat_message,
        "unpinChatMessage": unpin_chat_message,
        "setMessageReaction": set_message_reaction,
        "answerCallbackQuery": answer_callback_query,
    }
)
