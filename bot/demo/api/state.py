"""The snapshot of everything that the demo page shows."""

from typing import Any

from bot.demo.api.backend import Backend
from bot.demo.api.world import Chat, Json, Person, World

PRIVATE_SCOPES = ("all_private_chats", "default")


def snapshot(backend: Backend) -> Json:
    """Return the whole state as JSON for GET /demo/state."""
    world, limits = backend.world, backend.limits
    return {
        "version": world.version,
        "now": world.now().isoformat(),
        "bot": _bot(world),
        "people": [_person(p) for p in world.people.values()],
        "chats": {str(c.id): _chat(world, c) for c in world.chats.values()},
        "reactions": {
            f"{chat.id}:{message_id}": [{"emoji": e, "by": who} for who, e in by.items()]
            for chat in world.chats.values()
            for message_id, by in chat.reactions.items()
            if by
        },
        "answers": list(world.toasts),
        "why": list(world.explanations),
        "limits": {
            str(chat.id): {
                "used": limits.used(chat.id),
                "of": limits.settings.group_messages,
                "window_s": limits.settings.group_window_s,
            }
            for chat in world.chats.values()
            if chat.is_group
        },
        "faults": backend.faults.snapshot(),
    }


def _bot(world: World) -> Json:
    profile = world.profile
    return {
        "id": world.bot["id"],
        "first_name": world.bot["first_name"],
        "username": world.bot["username"],
        "commands": {"private": _private_commands(world), "staff": _staff_commands(world)},
        "description": profile.descriptions.get("", ""),
        "short_description": profile.short_descriptions.get("", ""),
    }


def _private_commands(world: World) -> list[Json]:
    for scope in PRIVATE_SCOPES:
        commands = world.profile.commands.get((scope, 0, 0, ""))
        if commands:
            return commands
    return []


def _staff_commands(world: World) -> list[Json]:
    """Return the commands of the first group with its own, or those of all groups."""
    scopes = [("chat", chat.id) for chat in world.chats.values() if chat.is_group]
    for scope, chat_id in [*scopes, ("all_group_chats", 0), ("default", 0)]:
        commands = world.profile.commands.get((scope, chat_id, 0, ""))
        if commands:
            return commands
    return []


def _person(person: Person) -> Json:
    return {
        "id": person.id,
        "first_name": person.first_name,
        "username": person.username,
        "role": person.role,
        "blocked": person.blocked,
        "started": person.started,
    }


def _chat(world: World, chat: Chat) -> dict[str, Any]:
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "is_forum": chat.is_forum,
        "members": chat.members,
        "topics": [
            {
                "message_thread_id": topic.id,
                "name": topic.name,
                "closed": topic.closed,
                "icon_color": topic.icon_color,
            }
            for topic in chat.topics.values()
        ],
        "typing": world.is_typing(chat),
        "messages": list(chat.messages.values()),
        "pinned": chat.pinned,
        "notifications": chat.notifications,
        "reply_keyboard": chat.reply_keyboard,
        "bot_status": chat.bot_status,
        "bot_rights": chat.bot_rights,
    }
