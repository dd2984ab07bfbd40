"""Raw updates, shaped as Telegram sends them."""

from __future__ import annotations

import itertools
from typing import Any

Json = dict[str, Any]
BOT = {"id": 42, "is_bot": True, "first_name": "Helper", "username": "helper_bot"}
GROUP = -1001000000001
NUMBERS = itertools.count(1000)


def user(number: int, name: str = "Kay") -> Json:
    return {"id": number, "is_bot": False, "first_name": name, "language_code": "en"}


def private_chat(number: int, name: str = "Kay") -> Json:
    return {"id": number, "type": "private", "first_name": name}


def group_chat(number: int = GROUP, **more: Any) -> Json:
    return {"id": number, "type": "supergroup", "title": "Staff", "is_forum": True, **more}


def message(chat: Json, sender: Json | None, date: int, message_id: int, **content: Any) -> Json:
    found: Json = {"message_id": message_id, "date": date, "chat": chat, **content}
    if sender is not None:
        found["from"] = sender
    return found


def update(name: str, value: Json) -> Json:
    return {"update_id": next(NUMBERS), name: value}


def press(sender: Json, shown: Json | None, data: str | None, query_id: str = "q") -> Json:
    query: Json = {"id": query_id, "from": sender, "chat_instance": "1"}
    if shown is not None:
        query["message"] = shown
    if data is not None:
        query["data"] = data
    return update("callback_query", query)


def membership(chat: Json, sender: Json, date: int, status: str, **rights: Any) -> Json:
    old = {"user": BOT, "status": "member"}
    new = {"user": BOT, "status": status, **rights}
    value = {"chat": chat, "from": sender, "date": date,
             "old_chat_member": old, "new_chat_member": new}  # fmt: skip
    return update("my_chat_member", value)


ADMIN: Json = {
    "can_be_edited": False, "is_anonymous": False, "can_manage_chat": True,
    "can_delete_messages": True, "can_manage_video_chats": False, "can_restrict_members": False,
    "can_promote_members": False, "can_change_info": False, "can_invite_users": False,
    "can_post_stories": False, "can_edit_stories": False, "can_delete_stories": False,
}  # fmt: skip

PHOTO = [{"file_id": "a", "file_unique_id": "b", "width": 90, "height": 90}]
FILE = {"file_id": "a", "file_unique_id": "b"}
CONTENTS: dict[str, Json] = {
    "picture": {"photo": PHOTO},
    "video": {"video": FILE | {"width": 9, "height": 9, "duration": 1}},
    "voice": {"voice": FILE | {"duration": 3}},
    "sticker": {"sticker": FILE | {"type": "regular", "width": 9, "height": 9,
                                   "is_animated": False, "is_video": False}},
    "contact": {"contact": {"phone_number": "+447700900000", "first_name": "Ann"}},
    "file": {"document": FILE},
    "poll": {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0,
                      "is_closed": False, "is_anonymous": True, "type": "regular",
                      "allows_multiple_answers": False, "allows_revoting": False,
                      "members_only": False}},
    "other": {"dice": {"emoji": "🎲", "value": 3}},
}  # fmt: skip
