"""Putting messages into chats and telling the bot about those of others."""

import copy

from bot.demo.api.backend import Backend
from bot.demo.api.objects import as_quoted, bot_object, chat_object
from bot.demo.api.world import Chat, Json, Topic, World

SERVICE_FIELDS = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "pinned_message",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
    }
)


def post(
    world: World,
    chat: Chat,
    sender: Json | None,
    content: Json,
    *,
    thread_id: int | None = None,
    reply_to: Json | None = None,
) -> Json:
    """Store a message and return it; without a sender it is the chat's own."""
    message: Json = {"message_id": world.new_message_id(chat)}
    message |= _place(chat, thread_id, reply_to)
    if sender is None:
        message["sender_chat"] = chat_object(world, chat)
    else:
        message["from"] = sender
    message |= {"chat": chat_object(world, chat), "date": world.unix_now()} | content
    chat.messages[message["message_id"]] = message
    world.touch()
    return message


def post_as_bot(
    world: World,
    chat: Chat,
    content: Json,
    *,
    thread_id: int | None = None,
    reply_to: Json | None = None,
) -> Json:
    """Store a message of the bot's; in a channel it is the channel's."""
    sender = None if chat.type == "channel" else bot_object(world)
    return post(world, chat, sender, content, thread_id=thread_id, reply_to=reply_to)


def _place(chat: Chat, thread_id: int | None, reply_to: Json | None) -> Json:
    """Return the fields that say where in the chat a message stands."""
    fields: Json = {}
    if chat.is_forum:
        if thread_id is None and reply_to is not None and reply_to.get("is_topic_message"):
            thread_id = reply_to["message_thread_id"]
        if thread_id is not None:
            fields = {"message_thread_id": thread_id, "is_topic_message": True}
            reply_to = reply_to or chat.messages.get(thread_id)
    elif chat.type == "supergroup" and reply_to is not None:
        # Outside of forums the root of a chain of replies is its thread: not one to send to.
        root = reply_to.get("message_thread_id", reply_to["message_id"])
        fields = {"message_thread_id": root}
    if reply_to is not None:
        fields["reply_to_message"] = as_quoted(reply_to)
    return fields


def tell_bot(backend: Backend, kind: str, payload: Json, chat_id: int) -> None:
    """Put an update for the bot, with a copy of its own."""
    backend.updates.put(kind, copy.deepcopy(payload), chat_id)


def tell_bot_of_message(backend: Backend, chat: Chat, kind: str, message: Json) -> None:
    """Put a message update, if the bot sees this message at all."""
    if bot_sees(backend.world, chat, message):
        tell_bot(backend, kind, message, chat.id)


def bot_sees(world: World, chat: Chat, message: Json) -> bool:
    """Whether privacy mode lets a message through to the bot."""
    if not chat.bot_present:
        return False
    if not chat.is_group or chat.bot_is_admin or world.bot["can_read_all_group_messages"]:
        return True
    replied = message.get("reply_to_message", {}).get("from", {}).get("id")
    text = message.get("text") or message.get("caption") or ""
    named = f"@{world.bot['username']}" in text
    is_service = not SERVICE_FIELDS.isdisjoint(message)
    return named or is_service or text.startswith("/") or replied == world.bot["id"]


def create_topic(
    world: World, chat: Chat, name: str, sender: Json, icon_color: int, **extra: str
) -> Topic:
    """Open a topic in a forum with the service message that starts it."""
    created = {"forum_topic_created": {"name": name, "icon_color": icon_color} | extra}
    message = post(world, chat, sender, created)
    topic = Topic(message["message_id"], name, icon_color)
    message |= {"message_thread_id": topic.id, "is_topic_message": True}
    chat.topics[topic.id] = topic
    return topic


def drop_topic(world: World, chat: Chat, topic: Topic) -> None:
    """Delete a topic with all its messages."""
    del chat.topics[topic.id]
    for message_id, message in list(chat.messages.items()):
        if message.get("message_thread_id") == topic.id:
            forget_message(chat, message_id)
    world.touch()


def forget_message(chat: Chat, message_id: int) -> None:
    """Remove a message and what hangs on it."""
    del chat.messages[message_id]
    chat.reactions.pop(message_id, None)
    chat.fixed_markup.discard(message_id)
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
