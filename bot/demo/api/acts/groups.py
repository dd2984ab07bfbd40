"""People running groups: members, topics, the bot's place in them."""

from types import MappingProxyType

from bot.demo.api.acts.arguments import Arguments, any_chat, chat_of, person_of, topic_of
from bot.demo.api.backend import Backend
from bot.demo.api.cast import FULL_RIGHTS
from bot.demo.api.errors import ActError
from bot.demo.api.methods.chats import ICON_COLORS, membership
from bot.demo.api.objects import bot_member, bot_object, person_member, user_object
from bot.demo.api.posting import (
    create_topic,
    drop_topic,
    post,
    tell_bot,
    tell_bot_of_message,
)
from bot.demo.api.world import Chat, Json

TYPES = ("group", "supergroup", "channel")


def join(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Join a group, with its service message."""
    chat, person = any_chat(backend, arguments.integer("chat_id")), person_of(backend, user_id)
    if user_id in chat.members:
        raise ActError(f"{person.first_name} is in the chat {chat.id} already")
    if chat.standings.get(user_id) == "kicked":
        raise ActError(f"{person.first_name} was removed from the chat {chat.id}")
    old = person_member(chat, person)
    chat.members.append(user_id)
    _membership_changed(backend, chat, user_id, old)
    _announce(backend, chat, user_id, {"new_chat_members": [user_object(person)]})
    return True


def leave(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Leave a group, with its service message."""
    chat, person = chat_of(backend, user_id, arguments), person_of(backend, user_id)
    if chat.type == "private":
        raise ActError("a private chat cannot be left")
    old = person_member(chat, person)
    chat.members.remove(user_id)
    _membership_changed(backend, chat, user_id, old)
    _announce(backend, chat, user_id, {"left_chat_member": user_object(person)})
    return True


def _membership_changed(backend: Backend, chat: Chat, user_id: int, old: Json) -> None:
    if chat.bot_is_admin:
        person = person_of(backend, user_id)
        new = person_member(chat, person)
        update = membership(backend, chat, user_object(person), old, new)
        tell_bot(backend, "chat_member", update, chat.id)


def _announce(
    backend: Backend, chat: Chat, user_id: int, content: Json, thread_id: int | None = None
) -> None:
    if chat.type == "channel":
        return
    sender = user_object(person_of(backend, user_id))
    message = post(backend.world, chat, sender, content, thread_id=thread_id)
    tell_bot_of_message(backend, chat, "message", message)


def open_topic(backend: Backend, user_id: int, arguments: Arguments) -> Json:
    """Open a topic in a forum."""
    chat = _forum(backend, user_id, arguments)
    sender = user_object(person_of(backend, user_id))
    topic = create_topic(backend.world, chat, arguments.text("name"), sender, ICON_COLORS[0])
    tell_bot_of_message(backend, chat, "message", chat.messages[topic.id])
    return {"message_thread_id": topic.id}


def close_topic(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Close a topic."""
    return _set_closed(backend, user_id, arguments, True)


def reopen_topic(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Open a closed topic again."""
    return _set_closed(backend, user_id, arguments, False)


def _set_closed(backend: Backend, user_id: int, arguments: Arguments, closed: bool) -> bool:
    chat = _forum(backend, user_id, arguments)
    topic = topic_of(chat, arguments)
    if topic.closed == closed:
        raise ActError(f"the topic {topic.name!r} is {'closed' if closed else 'open'} already")
    topic.closed = closed
    content: Json = {f"forum_topic_{'closed' if closed else 'reopened'}": {}}
    _announce(backend, chat, user_id, content, topic.id)
    return True


def delete_topic(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Delete a topic with its messages; Telegram does not tell the bot."""
    chat = _forum(backend, user_id, arguments)
    drop_topic(backend.world, chat, topic_of(chat, arguments))
    return True


def _forum(backend: Backend, user_id: int, arguments: Arguments) -> Chat:
    chat = chat_of(backend, user_id, arguments)
    if not chat.is_forum:
        raise ActError(f"the chat {chat.id} has no topics")
    return chat


def create_group(backend: Backend, user_id: int, arguments: Arguments) -> Json:
    """Make a group, supergroup or channel; the bot is not in it yet."""
    person_of(backend, user_id)
    kind = arguments.optional_text("type") or "supergroup"
    if kind not in TYPES:
        raise ActError(f"type is {kind!r}, use one of {list(TYPES)}")
    members = arguments.get("members") or []
    if not isinstance(members, list) or not all(isinstance(m, int) for m in members):
        raise ActError(f"members is {members!r}, give a list of user ids")
    others = [person_of(backend, m).id for m in members if m != user_id]
    forum = bool(arguments.get("is_forum")) and kind == "supergroup"
    title = arguments.text("title")
    chat = Chat(
        _new_chat_id(backend, kind), kind, title, forum, members=[user_id, *others], owner=user_id
    )
    backend.world.chats[chat.id] = chat
    backend.world.touch()
    return {"id": chat.id}


def _new_chat_id(backend: Backend, kind: str) -> int:
    base = -4_000_000_001 if kind == "group" else -1_002_000_000_001
    while base in backend.world.chats:
        base -= 1
    return base


def add_bot(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Bring the bot into a group, as a member or, with rights, as an administrator."""
    chat = chat_of(backend, user_id, arguments)
    rights = _rights(arguments)
    admin = bool(rights or arguments.get("admin") or chat.type == "channel")
    _set_bot(backend, user_id, chat, "administrator" if admin else "member", rights)
    _announce(backend, chat, user_id, {"new_chat_members": [bot_object(backend.world)]})
    return True


def remove_bot(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Throw the bot out of a group."""
    chat = chat_of(backend, user_id, arguments)
    _announce(backend, chat, user_id, {"left_chat_member": bot_object(backend.world)})
    _set_bot(backend, user_id, chat, "kicked", {})
    return True


def set_bot_rights(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Change single rights of the bot's; `admin: false` makes it a plain member."""
    chat = chat_of(backend, user_id, arguments)
    if arguments.get("admin") is False:
        _set_bot(backend, user_id, chat, "member", {})
    else:
        rights = chat.bot_rights | _rights(arguments)
        _set_bot(backend, user_id, chat, "administrator", rights)
    return True


def _rights(arguments: Arguments) -> dict[str, bool]:
    given = {k: v for k, v in arguments.given.items() if k.startswith("can_")}
    for name, value in given.items():
        if name not in FULL_RIGHTS or not isinstance(value, bool):
            raise ActError(f"{name}={value!r}: use true or false with {list(FULL_RIGHTS)}")
    return given


def _set_bot(
    backend: Backend, user_id: int, chat: Chat, status: str, rights: dict[str, bool]
) -> None:
    if chat.type == "private":
        raise ActError("use block and unblock in a private chat")
    before = bot_member(backend.world, chat)
    chat.bot_status, chat.bot_rights = status, dict(rights)
    after = bot_member(backend.world, chat)
    by = user_object(person_of(backend, user_id))
    update = membership(backend, chat, by, before, after)
    tell_bot(backend, "my_chat_member", update, chat.id)
    backend.world.touch()


def migrate(backend: Backend, user_id: int, arguments: Arguments) -> Json:
    """Turn a basic group into a supergroup, which has a new id."""
    old = chat_of(backend, user_id, arguments)
    if old.type != "group":
        raise ActError(f"the chat {old.id} is a {old.type}; only a basic group can migrate")
    world = backend.world
    new = Chat(
        _new_chat_id(backend, "supergroup"),
        "supergroup",
        old.title,
        members=list(old.members),
        owner=old.owner,
        bot_status=old.bot_status,
        bot_rights=dict(old.bot_rights),
    )
    world.chats[new.id] = new
    sender = user_object(person_of(backend, user_id))
    left = post(world, old, sender, {"migrate_to_chat_id": new.id})
    arrived = post(world, new, sender, {"migrate_from_chat_id": old.id})
    tell_bot_of_message(backend, old, "message", left)
    tell_bot_of_message(backend, new, "message", arrived)
    old.migrated_to = new.id
    return {"id": new.id}


VERBS = MappingProxyType(
    {
        "join": join,
        "leave": leave,
        "create_topic": open_topic,
        "close_topic": close_topic,
        "reopen_topic": reopen_topic,
        "delete_topic": delete_topic,
        "create_group": create_group,
        "add_bot": add_bot,
        "remove_bot": remove_bot,
        "set_bot_rights": set_bot_rights,
        "migrate": migrate,
    }
)
