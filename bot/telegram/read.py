"""Updates as Telegram sends them, read into our own events; nothing is decided here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberUpdated,
    Message,
    MessageReactionUpdated,
    ReactionTypeEmoji,
    Update,
    User,
)

from bot.cases.model import Worker
from bot.conversation.events import (
    Media,
    PrivateEvent,
    Reachability,
    Said,
    SharedLocation,
    Tapped,
)
from bot.telegram.events import (
    GroupChanged,
    GroupEvent,
    Ignored,
    MemberChanged,
    Migrated,
    Reacted,
    StaffPressed,
    StaffSaid,
    StrangeGroup,
    StrangePress,
)
from bot.telegram.members import seat_of

MEDIA = {
    "photo": Media.PICTURE,
    "video": Media.VIDEO,
    "video_note": Media.VIDEO,
    "animation": Media.VIDEO,
    "voice": Media.VOICE,
    "audio": Media.FILE,
    "sticker": Media.STICKER,
    "contact": Media.CONTACT,
    "document": Media.FILE,
    "poll": Media.POLL,
}
# What Telegram itself writes into a chat: nobody said anything.
NOTICES = (
    "pinned_message", "message_auto_delete_timer_changed", "chat_background_set",
    "write_access_allowed", "connected_website", "boost_added", "new_chat_members",
    "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
    "group_chat_created", "supergroup_chat_created", "forum_topic_created", "forum_topic_edited",
    "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden",
    "general_forum_topic_unhidden", "video_chat_scheduled", "video_chat_started",
    "video_chat_ended", "video_chat_participants_invited", "proximity_alert_triggered",
)  # fmt: skip


def parse(payload: dict[str, Any]) -> Update:
    """The raw update as python-telegram-bot's object; raises what its parser raises."""
    return Update.de_json(payload, None)


def read(update: Update, staff_groups: Collection[int], now: datetime) -> PrivateEvent | GroupEvent:
    """What happened. Presses carry no time of their own, so they get `now`."""
    message = update.message or update.edited_message
    if message is not None:
        edited = update.edited_message is not None
        if message.chat.type == Chat.PRIVATE:
            return _private(message, edited)
        return _group(message, edited, staff_groups)
    if update.callback_query is not None:
        return _pressed(update.callback_query, staff_groups, now)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    if update.message_reaction is not None:
        return _reacted(update.message_reaction)
    if update.chat_member is not None:
        return _member(update.chat_member, staff_groups)
    if update.channel_post is not None or update.edited_channel_post is not None:
        return Ignored("a channel's post")
    return Ignored("nothing that we asked for")


def _private(message: Message, edited: bool) -> PrivateEvent | Ignored:
    at = _time(message)
    if message.location is not None and not edited:
        spot = message.location
        return SharedLocation(
            message.chat.id, message.message_id, spot.latitude, spot.longitude, at
        )
    if _is_notice(message):
        return Ignored("a notice of Telegram's")
    sender = message.from_user
    return Said(
        chat_id=message.chat.id,
        message_id=message.message_id,
        text=message.text or message.caption or "",
        at=at,
        edited=edited,
        media=_media(message),
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
        is_bot=bool(sender and sender.is_bot),
        album=message.media_group_id,
    )


def _media(message: Message) -> Media | None:
    for name, kind in MEDIA.items():
        if getattr(message, name):
            return kind
    # A dice, a game, a story, or what Telegram invents next.
    return None if message.text is not None or message.caption else Media.OTHER


def _is_notice(message: Message) -> bool:
    # Empty lists stand for "none"; empty objects such as "topic closed" are true.
    return any(getattr(message, name) not in (None, (), False) for name in NOTICES)


def _group(message: Message, edited: bool, staff_groups: Collection[int]) -> GroupEvent:
    if message.migrate_to_chat_id:
        return Migrated(message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id:
        return Migrated(message.migrate_from_chat_id, message.chat.id)
    if message.chat.id not in staff_groups:
        silent = edited or not (message.text or message.caption)
        return Ignored("a notice") if silent else StrangeGroup(message.chat.id, _time(message))
    if message.left_chat_member is not None and not message.left_chat_member.is_bot:
        # Also where the bot is no administrator and is told nothing else of who leaves.
        worker = _worker(message.left_chat_member)
        return MemberChanged(message.chat.id, worker, True, _time(message))
    return _staff_said(message, edited) or Ignored("not a worker's own message, or a notice")


def _staff_said(message: Message, edited: bool) -> StaffSaid | None:
    sender = message.from_user
    as_group = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    if sender is None or (not as_group and (sender.is_bot or message.sender_chat is not None)):
        return None
    words = message.text_html if message.text else message.caption_html
    media = _media(message)
    if _is_notice(message) or not (words or media):
        return None
    return StaffSaid(
        group_id=message.chat.id,
        message_id=message.message_id,
        worker=_worker(sender),
        html=words or "",
        text=message.text or message.caption or "",
        at=_time(message),
        topic_id=message.message_thread_id if message.is_topic_message else None,
        reply_to=_reply_target(message),
        edited=edited,
        media=media,
        album=message.media_group_id,
        anonymous=as_group,
    )


def _reply_target(message: Message) -> int | None:
    """The message that is answered; in a topic everything "answers" the topic's creation."""
    target, elsewhere = message.reply_to_message, message.external_reply
    if elsewhere is not None and elsewhere.chat and elsewhere.chat.id == message.chat.id:
        return elsewhere.message_id  # a message of another topic is answered in this one
    if target is None or target.forum_topic_created is not None:
        return None
    # Outside of topics the thread is named after the message that began it: often the card.
    in_topic = bool(message.is_topic_message)
    root = in_topic and target.message_id == message.message_thread_id
    return None if root else target.message_id


def _pressed(
    query: CallbackQuery, staff_groups: Collection[int], now: datetime
) -> PrivateEvent | GroupEvent:
    if query.message is None or query.data is None:
        return StrangePress(query.id, query.from_user.id, now)
    chat = query.message.chat
    if chat.type == Chat.PRIVATE:
        return Tapped(chat.id, query.message.message_id, query.data, query.id, now)
    if chat.id in staff_groups:
        under = getattr(query.message, "reply_to_message", None)  # an old message has no content
        return StaffPressed(
            chat.id, query.message.message_id, _worker(query.from_user), query.data, query.id, now,
            quoted=_staff_said(under, edited=False) if under is not None else None,
        )  # fmt: skip
    return StrangePress(query.id, chat.id, now)


def _membership(change: ChatMemberUpdated) -> PrivateEvent | GroupEvent:
    me, at = change.new_chat_member, change.date
    inside = seat_of(me).inside
    if change.chat.type == Chat.PRIVATE:
        return Reachability(change.chat.id, not inside, at)
    topics = bool(change.chat.is_forum and getattr(me, "can_manage_topics", False))
    muted = me.status == ChatMember.RESTRICTED and not getattr(me, "can_send_messages", False)
    return GroupChanged(change.chat.id, inside, topics, at, may_write=not muted)


def _member(change: ChatMemberUpdated, staff_groups: Collection[int]) -> GroupEvent:
    member = change.new_chat_member
    if change.chat.id not in staff_groups or member.user.is_bot:
        return Ignored("a member of no concern to us")
    gone = not seat_of(member).inside
    return MemberChanged(change.chat.id, _worker(member.user), gone, change.date)


def _reacted(change: MessageReactionUpdated) -> GroupEvent:
    if change.chat.type != Chat.PRIVATE:
        return Ignored("a reaction among staff")
    emoji = [one.emoji for one in change.new_reaction if isinstance(one, ReactionTypeEmoji)]
    if change.new_reaction and not emoji:
        return Ignored("a reaction that is no plain emoji")
    return Reacted(change.chat.id, change.message_id, emoji[0] if emoji else "", change.date)


def _worker(user: User) -> Worker:
    """A first name only, and not more of it than a line takes."""
    return Worker(user.id, user.first_name.strip()[:30] or "?")


def _time(message: Message) -> datetime:
    return message.edit_date or message.date
