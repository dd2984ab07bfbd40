"""Bot API objects made from the world's state."""

import copy
from typing import Any

from bot.demo.api.world import Chat, Json, Person, World

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_send_welcome_messages",
)
RESTRICTED_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
ALWAYS_WITH_ADMIN = ("can_manage_chat",)


def user_object(person: Person) -> Json:
    """Return the User for a person."""
    user: Json = {"id": person.id, "is_bot": False, "first_name": person.first_name}
    if person.username:
        user["username"] = person.username
    user["language_code"] = person.language_code
    return user


def bot_object(world: World) -> Json:
    """Return the User for the bot as it stands in messages."""
    return {k: world.bot[k] for k in ("id", "is_bot", "first_name", "username")}


def chat_object(world: World, chat: Chat) -> Json:
    """Return the short Chat as it stands in messages."""
    if chat.type == "private":
        person = world.people[chat.id]
        short: Json = {"id": chat.id, "type": "private", "first_name": person.first_name}
        if person.username:
            short["username"] = person.username
        return short
    short = {"id": chat.id, "type": chat.type, "title": chat.title or ""}
    if chat.is_forum:
        short["is_forum"] = True
    return short


def full_chat_object(world: World, chat: Chat) -> Json:
    """Return the ChatFullInfo that getChat answers with."""
    full = chat_object(world, chat) | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }
    if chat.pinned:
        full["pinned_message"] = as_quoted(chat.messages[chat.pinned[-1]])
    if chat.is_group:
        full["permissions"] = _default_permissions(chat)
    return full


def _default_permissions(chat: Chat) -> Json:
    granted = (
        "can_send_messages",
        "can_send_photos",
        "can_send_documents",
        "can_send_other_messages",
        "can_add_web_page_previews",
        "can_invite_users",
    )
    refused = ("can_change_info", "can_pin_messages", "can_manage_topics")
    return dict.fromkeys(granted, chat.members_write) | dict.fromkeys(refused, False)


def bot_member(world: World, chat: Chat) -> Json:
    """Return the ChatMember that stands for the bot itself."""
    user = bot_object(world)
    if chat.bot_is_admin:
        rights = {r: r in ALWAYS_WITH_ADMIN or chat.bot_may(r) for r in ADMIN_RIGHTS}
        return _admin(user, rights)
    return plain_member(user, chat.bot_status)


def _admin(user: Json, rights: dict[str, bool]) -> Json:
    return {
        "status": "administrator",
        "user": user,
        "can_be_edited": False,
        "is_anonymous": False,
        **rights,
    }


def person_member(chat: Chat, person: Person) -> Json:
    """Return the ChatMember that stands for a person."""
    user = user_object(person)
    if person.id == chat.owner:
        return {"status": "creator", "user": user, "is_anonymous": False}
    standing = chat.standings.get(person.id)
    if standing == "administrator":
        return _admin(user, dict.fromkeys(ADMIN_RIGHTS, False) | {"can_manage_chat": True})
    if standing == "restricted":
        inside = person.id in chat.members
        return {"status": "restricted", "user": user, "is_member": inside, "until_date": 0,
                **dict.fromkeys(RESTRICTED_RIGHTS, False)}  # fmt: skip
    if standing == "kicked":
        return plain_member(user, "kicked")
    return plain_member(user, "member" if person.id in chat.members else "left")


def plain_member(user: Json, status: str) -> Json:
    """Return a ChatMember without rights: member, left or kicked (for ever)."""
    member: Json = {"status": status, "user": user}
    if status == "kicked":
        member["until_date"] = 0
    return member


def as_quoted(message: Json) -> Json:
    """Return a copy that may stand inside another message (one level of replies only)."""
    return copy.deepcopy({k: v for k, v in message.items() if k != "reply_to_message"})


def utf16_length(text: str) -> int:
    """Return the length in the units in which Telegram counts text."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def without_none(fields: dict[str, Any]) -> Json:
    """Return the fields that have a value."""
    return {k: v for k, v in fields.items() if v is not None}
