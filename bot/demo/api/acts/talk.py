"""People talking: texts, files, buttons, edits, reactions."""

from types import MappingProxyType

from bot.demo.api.acts.arguments import Arguments, chat_of, message_of, person_of, topic_of
from bot.demo.api.backend import Backend
from bot.demo.api.entities import clean, finish
from bot.demo.api.errors import ActError
from bot.demo.api.media import stand_in
from bot.demo.api.methods.messages import LONGEST_TEXT
from bot.demo.api.objects import chat_object, user_object, utf16_length
from bot.demo.api.posting import forget_message, post, tell_bot, tell_bot_of_message
from bot.demo.api.world import Chat, Json, Query


def send_text(backend: Backend, user_id: int, arguments: Arguments) -> Json:
    """Write a message; commands and links get their entities."""
    text, entities = finish(clean(arguments.text("text")), [])
    if not text:
        raise ActError("an empty message cannot be sent")
    if utf16_length(text) > LONGEST_TEXT:
        raise ActError(f"the message is longer than {LONGEST_TEXT}: Telegram's apps split it")
    content: Json = {"text": text} | ({"entities": entities} if entities else {})
    return _say(backend, user_id, arguments, content)


def send_media(backend: Backend, user_id: int, arguments: Arguments) -> Json:
    """Send a stand-in for a photo, voice note, sticker or the like."""
    content = stand_in(backend.world, arguments.text("kind"))
    caption, entities = finish(clean(arguments.optional_text("caption") or ""), [])
    if caption:
        content["caption"] = caption
    if entities:
        content["caption_entities"] = entities
    return _say(backend, user_id, arguments, content)


def share_location(backend: Backend, user_id: int, arguments: Arguments) -> Json:
    """Share a point on the map."""
    latitude, longitude = arguments.number("latitude"), arguments.number("longitude")
    location = {"latitude": latitude, "longitude": longitude}
    return _say(backend, user_id, arguments, {"location": location})


def start(backend: Backend, user_id: int, arguments: Arguments) -> Json:
    """Press Start, with the payload of the link that led here."""
    payload = arguments.optional_text("payload")
    text = f"/start {payload}" if payload else "/start"
    return send_text(backend, user_id, Arguments({"text": text}))


def _say(backend: Backend, user_id: int, arguments: Arguments, content: Json) -> Json:
    chat = chat_of(backend, user_id, arguments)
    person = person_of(backend, user_id)
    if chat.type == "private":
        if person.blocked:
            raise ActError(f"{person.first_name} has blocked the bot, unblock it first")
        person.started = True
    reply_to = None
    if arguments.optional_integer("reply_to_message_id") is not None:
        reply_to = message_of(chat, arguments, "reply_to_message_id")
    thread_id = _thread(chat, user_id, arguments, reply_to)
    sender = user_object(person)
    message = post(backend.world, chat, sender, content, thread_id=thread_id, reply_to=reply_to)
    tell_bot_of_message(backend, chat, "message", message)
    return message


def _thread(chat: Chat, user_id: int, arguments: Arguments, reply_to: Json | None) -> int | None:
    thread_id = arguments.optional_integer("message_thread_id")
    if thread_id is None and reply_to is not None and reply_to.get("is_topic_message"):
        thread_id = reply_to["message_thread_id"]
    if thread_id is None or not chat.is_forum:
        return None
    topic = topic_of(chat, Arguments({"message_thread_id": thread_id}))
    if topic.closed and user_id != chat.owner:
        raise ActError(f"the topic {topic.name!r} is closed")
    return thread_id


def press(backend: Backend, user_id: int, arguments: Arguments) -> str:
    """Press an inline button; returns the id of the query."""
    chat = chat_of(backend, user_id, arguments)
    message_id, data = arguments.integer("message_id"), arguments.text("data")
    message = chat.messages.get(message_id)
    if not arguments.get("force") and data not in _button_data(message):
        raise ActError(f"the message {message_id} has no button with the data {data!r}")
    query_id = str(backend.world.rng.randrange(10**17, 10**18))
    backend.world.queries[query_id] = Query(user_id, backend.world.now())
    query = {
        "id": query_id,
        "from": user_object(person_of(backend, user_id)),
        "message": message or _gone(backend, chat, message_id),
        "chat_instance": str(abs(chat.id) * 7919),
        "data": data,
    }
    tell_bot(backend, "callback_query", query, chat.id)
    backend.world.touch()
    return query_id


def _button_data(message: Json | None) -> list[str]:
    rows = (message or {}).get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def _gone(backend: Backend, chat: Chat, message_id: int) -> Json:
    return {"chat": chat_object(backend.world, chat), "message_id": message_id, "date": 0}


def edit_text(backend: Backend, user_id: int, arguments: Arguments) -> Json:
    """Edit one's own message."""
    chat = chat_of(backend, user_id, arguments)
    message = _own(chat, user_id, arguments)
    field, marks = ("text", "entities") if "text" in message else ("caption", "caption_entities")
    text, entities = finish(clean(arguments.text("text")), [])
    if not text:
        raise ActError("an empty message cannot be sent")
    message.pop(marks, None)
    message |= {field: text, "edit_date": backend.world.unix_now()}
    if entities:
        message[marks] = entities
    tell_bot_of_message(backend, chat, "edited_message", message)
    backend.world.touch()
    return message


def delete(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Delete a message; Telegram does not tell the bot."""
    chat = chat_of(backend, user_id, arguments)
    message = message_of(chat, arguments)
    if chat.type != "private" and user_id != chat.owner:
        _own(chat, user_id, arguments)
    forget_message(chat, message["message_id"])
    backend.world.touch()
    return True


def _own(chat: Chat, user_id: int, arguments: Arguments) -> Json:
    message = message_of(chat, arguments)
    if message.get("from", {}).get("id") != user_id:
        raise ActError(f"the message {message['message_id']} is somebody else's")
    return message


def react(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Set or (with null) remove one's reaction on a message."""
    chat = chat_of(backend, user_id, arguments)
    message = message_of(chat, arguments)
    by = chat.reactions.setdefault(message["message_id"], {})
    old, new = by.get(user_id), arguments.optional_text("emoji")
    if new is None:
        by.pop(user_id, None)
    else:
        by[user_id] = new
    # In groups Telegram tells only administrators about reactions.
    if chat.type == "private" or chat.bot_is_admin:
        tell_bot(
            backend,
            "message_reaction",
            {
                "chat": chat_object(backend.world, chat),
                "message_id": message["message_id"],
                "user": user_object(person_of(backend, user_id)),
                "date": backend.world.unix_now(),
                "old_reaction": _reactions(old),
                "new_reaction": _reactions(new),
            },
            chat.id,
        )
    backend.world.touch()
    return True


def _reactions(emoji: str | None) -> list[Json]:
    return [{"type": "emoji", "emoji": emoji}] if emoji else []


def channel_post(backend: Backend, user_id: int, arguments: Arguments) -> Json:
    """Post in a channel as the channel."""
    chat = chat_of(backend, user_id, arguments)
    if chat.type != "channel":
        raise ActError(f"the chat {chat.id} is no channel")
    text, entities = finish(clean(arguments.text("text")), [])
    content: Json = {"text": text} | ({"entities": entities} if entities else {})
    message = post(backend.world, chat, None, content)
    if chat.bot_is_admin:
        tell_bot(backend, "channel_post", message, chat.id)
    return message


VERBS = MappingProxyType(
    {
        "send_text": send_text,
        "send_media": send_media,
        "share_location": share_location,
        "start": start,
        "press": press,
        "edit_text": edit_text,
        "delete": delete,
        "react": react,
        "channel_post": channel_post,
    }
)
