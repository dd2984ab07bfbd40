"""Administrators deciding who may do what in a group; and a group that is deleted."""

from types import MappingProxyType

from bot.demo.api.acts.arguments import Arguments, chat_of, person_of
from bot.demo.api.backend import Backend
from bot.demo.api.errors import ActError
from bot.demo.api.methods.chats import membership
from bot.demo.api.objects import person_member, user_object
from bot.demo.api.posting import post, tell_bot, tell_bot_of_message
from bot.demo.api.world import Chat

STANDINGS = ("administrator", "member", "restricted", "kicked")


def set_member(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Promote, restrict or remove another member; `status` says which."""
    chat = _owned(backend, user_id, arguments)
    member = person_of(backend, arguments.integer("member"))
    status = arguments.text("status")
    if status not in STANDINGS:
        raise ActError(f"status is {status!r}, use one of {list(STANDINGS)}")
    if member.id == chat.owner:
        raise ActError(f"{member.first_name} owns the chat {chat.id}")
    old, was_in = person_member(chat, member), member.id in chat.members
    chat.standings.pop(member.id, None)
    if status != "member":
        chat.standings[member.id] = status
    if status == "kicked" and was_in:
        chat.members.remove(member.id)
    elif status in ("administrator", "member") and not was_in:
        chat.members.append(member.id)
    by = user_object(person_of(backend, user_id))
    if chat.bot_is_admin:
        update = membership(backend, chat, by, old, person_member(chat, member))
        tell_bot(backend, "chat_member", update, chat.id)
    if status == "kicked" and was_in:
        left = post(backend.world, chat, by, {"left_chat_member": user_object(member)})
        tell_bot_of_message(backend, chat, "message", left)
    backend.world.touch()
    return True


def set_writing(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Let plain members write, or only administrators; Telegram does not tell the bot."""
    chat = _owned(backend, user_id, arguments)
    chat.members_write = bool(arguments.get("allowed"))
    backend.world.touch()
    return True


def set_topics(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Switch topics on or off; Telegram does not tell the bot."""
    chat = _owned(backend, user_id, arguments)
    if chat.type != "supergroup":
        raise ActError(f"the chat {chat.id} is a {chat.type}; only supergroups have topics")
    chat.is_forum = bool(arguments.get("on"))
    backend.world.touch()
    return True


def delete_group(backend: Backend, user_id: int, arguments: Arguments) -> bool:
    """Delete a group for everybody; Telegram does not tell the bot."""
    _owned(backend, user_id, arguments).deleted = True
    backend.world.touch()
    return True


def _owned(backend: Backend, user_id: int, arguments: Arguments) -> Chat:
    chat = chat_of(backend, user_id, arguments)
    if not chat.is_group:
        raise ActError(f"the chat {chat.id} is a {chat.type}, not a group")
    if user_id != chat.owner and chat.standings.get(user_id) != "administrator":
        raise ActError("only the owner or an administrator can do that")
    return chat


VERBS = MappingProxyType(
    {
        "set_member": set_member,
        "set_writing": set_writing,
        "set_topics": set_topics,
        "delete_group": delete_group,
    }
)
