"""Chats, their members and their topics."""

from types import MappingProxyType
from typing import Any

from bot.demo.api.backend import Backend
from bot.demo.api.errors import bad_request
from bot.demo.api.objects import (
    bot_member,
    bot_object,
    full_chat_object,
    person_member,
    plain_member,
    utf16_length,
)
from bot.demo.api.params import Params
from bot.demo.api.posting import create_topic, drop_topic, post_as_bot, tell_bot
from bot.demo.api.sending import find_chat
from bot.demo.api.world import Chat, Json, Topic

ICON_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
LONGEST_NAME = 128


def get_chat(backend: Backend, params: Params) -> Json:
    """Return what is known of a chat."""
    return full_chat_object(backend.world, find_chat(backend, params))


def get_chat_member(backend: Backend, params: Params) -> Json:
    """Return the standing of one user in a chat."""
    chat = find_chat(backend, params)
    user_id = params.integer("user_id")
    if user_id is None:
        raise bad_request("invalid user_id specified")
    if user_id == backend.world.bot["id"]:
        return bot_member(backend.world, chat)
    person = backend.world.people.get(user_id)
    if person is None:
        raise bad_request("user not found")
    return person_member(chat, person)


def get_chat_administrators(backend: Backend, params: Params) -> list[Json]:
    """Return the owner, the other administrators and, where it is one, the bot."""
    chat = find_chat(backend, params)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    people = backend.world.people
    admins = [user for user, standing in chat.standings.items() if standing == "administrator"]
    members = [person_member(chat, people[n]) for n in (chat.owner, *admins) if n in people]
    return members + ([bot_member(backend.world, chat)] if chat.bot_is_admin else [])


def get_chat_member_count(backend: Backend, params: Params) -> int:
    """Return how many are in a chat, the bot included."""
    return len(find_chat(backend, params).members) + 1


def leave_chat(backend: Backend, params: Params) -> bool:
    """Take the bot out of a group."""
    chat = find_chat(backend, params)
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    before = bot_member(backend.world, chat)
    chat.bot_status, chat.bot_rights = "left", {}
    after = plain_member(bot_object(backend.world), "left")
    update = membership(backend, chat, bot_object(backend.world), before, after)
    tell_bot(backend, "my_chat_member", update, chat.id)
    backend.world.touch()
    return True


def membership(backend: Backend, chat: Chat, by: Json, old: Json, new: Json) -> Json:
    """Return a ChatMemberUpdated."""
    short = {k: v for k, v in full_chat_object(backend.world, chat).items() if k in _CHAT_FIELDS}
    return {
        "chat": short,
        "from": by,
        "date": backend.world.unix_now(),
        "old_chat_member": old,
        "new_chat_member": new,
    }


_CHAT_FIELDS = ("id", "type", "title", "username", "first_name", "last_name", "is_forum")


def create_forum_topic(backend: Backend, params: Params) -> Json:
    """Open a topic; it counts as a message in the group's limit."""
    name = _topic_name(params)
    color = params.integer("icon_color") or ICON_COLORS[0]
    chat = _forum(backend, params)
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    if color not in ICON_COLORS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    _need_right(chat, "create a topic")
    backend.limits.take(chat)
    topic = create_topic(backend.world, chat, name, bot_object(backend.world), color)
    tell_bot(backend, "message", chat.messages[topic.id], chat.id)
    return {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.icon_color}


def edit_forum_topic(backend: Backend, params: Params) -> bool:
    """Rename a topic; it counts as a message in the group's limit."""
    name = _topic_name(params)
    chat, topic = _topic(backend, params, "edit the topic")
    if not name or name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    backend.limits.take(chat)
    topic.name = name
    _service(backend, chat, topic, {"forum_topic_edited": {"name": name}})
    return True


def close_forum_topic(backend: Backend, params: Params) -> bool:
    """Close a topic to those who may not manage topics."""
    return _set_closed(backend, params, True)


def reopen_forum_topic(backend: Backend, params: Params) -> bool:
    """Open a closed topic again."""
    return _set_closed(backend, params, False)


def _set_closed(backend: Backend, params: Params, closed: bool) -> bool:
    chat, topic = _topic(backend, params, "close or open the topic")
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    backend.limits.take(chat)
    topic.closed = closed
    _service(backend, chat, topic, {f"forum_topic_{'closed' if closed else 'reopened'}": {}})
    return True


def delete_forum_topic(backend: Backend, params: Params) -> bool:
    """Delete a topic with all its messages."""
    chat = _forum(backend, params)
    if not chat.bot_may("can_delete_messages"):
        raise bad_request("not enough rights to delete the topic")
    drop_topic(backend.world, chat, _existing(chat, params))
    return True


def unpin_all_forum_topic_messages(backend: Backend, params: Params) -> bool:
    """Unpin everything in a topic."""
    chat = _forum(backend, params)
    topic = _existing(chat, params)
    if not chat.bot_may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    chat.pinned = [p for p in chat.pinned if not _is_in(chat.messages[p], topic)]
    backend.world.touch()
    return True


def _is_in(message: Json, topic: Topic) -> bool:
    return bool(message.get("message_thread_id") == topic.id)


def _service(backend: Backend, chat: Chat, topic: Topic, content: Json) -> None:
    message = post_as_bot(backend.world, chat, content, thread_id=topic.id)
    tell_bot(backend, "message", message, chat.id)


def _topic_name(params: Params) -> str:
    name = (params.text("name") or "").strip()
    if utf16_length(name) > LONGEST_NAME:
        raise bad_request("TOPIC_TITLE_TOO_LONG")
    return name


def _forum(backend: Backend, params: Params) -> Chat:
    chat = find_chat(backend, params)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    return chat


def _need_right(chat: Chat, purpose: str) -> None:
    if not chat.bot_may("can_manage_topics"):
        raise bad_request(f"not enough rights to {purpose}")


def _existing(chat: Chat, params: Params) -> Topic:
    topic: Any = chat.topics.get(params.integer("message_thread_id") or 0)
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    assert isinstance(topic, Topic)
    return topic


def _topic(backend: Backend, params: Params, purpose: str) -> tuple[Chat, Topic]:
    chat = _forum(backend, params)
    _need_right(chat, purpose)
    return chat, _existing(chat, params)


METHODS = MappingProxyType(
    {
        "getChat": get_chat,
        "getChatMember": get_chat_member,
        "getChatAdministrators": get_chat_administrators,
        "getChatMemberCount": get_chat_member_count,
        "leaveChat": leave_chat,
        "createForumTopic": create_forum_topic,
        "editForumTopic": edit_forum_topic,
        "closeForumTopic": close_forum_topic,
        "reopenForumTopic": reopen_forum_topic,
        "deleteForumTopic": delete_forum_topic,
        "unpinAllForumTopicMessages": unpin_all_forum_topic_messages,
    }
)
