"""Raw updates as Telegram sends them, read into our own events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.conversation.events import Media, Reachability, Said, SharedLocation, Tapped
from bot.telegram.events import (
    GroupChanged,
    Ignored,
    Migrated,
    StaffPressed,
    StaffSaid,
    StrangeGroup,
    StrangePress,
)
from bot.telegram.read import parse, read
from tests.telegram import updates as raw

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
DATE = int(NOW.timestamp())
KAY = raw.user(5001)
SAM = raw.user(9001, "Sam")
PRIVATE = raw.private_chat(5001)


def event(payload: dict[str, Any]) -> Any:
    return read(parse(payload), {raw.GROUP}, NOW)


def private(name: str = "message", **content: Any) -> Any:
    return event(raw.update(name, raw.message(PRIVATE, KAY, DATE, 7, **content)))


def group(chat: dict[str, Any] | None = None, sender: Any = SAM, name: str = "message",
          **content: Any) -> Any:  # fmt: skip
    value = raw.message(chat or raw.group_chat(), sender, DATE, 7, **content)
    return event(raw.update(name, value))


def test_words_in_private() -> None:
    assert private(text="hi <b>") == Said(5001, 7, "hi <b>", NOW)


def test_an_edit_carries_its_own_time() -> None:
    said = private("edited_message", text="hi", edit_date=DATE + 60)
    assert (said.edited, said.at.timestamp()) == (True, DATE + 60)


@pytest.mark.parametrize("kind", raw.CONTENTS)
def test_each_kind_of_media_and_its_caption(kind: str) -> None:
    assert private(**raw.CONTENTS[kind]).media == Media(kind)
    if kind in ("picture", "video", "voice", "file"):
        said = private(**raw.CONTENTS[kind], caption="help")
        assert (said.media, said.text) == (Media(kind), "help")


MORE: list[tuple[dict[str, Any], Media]] = [
    ({"animation": raw.FILE | {"width": 9, "height": 9, "duration": 1}, "document": raw.FILE},
     Media.VIDEO),
    ({"video_note": raw.FILE | {"length": 9, "duration": 1}}, Media.VIDEO),
    ({"audio": raw.FILE | {"duration": 1}}, Media.FILE),
    ({"story": {"chat": PRIVATE, "id": 1}}, Media.OTHER),
    ({"something_of_next_year": {"a": 1}}, Media.OTHER),
]  # fmt: skip


@pytest.mark.parametrize(("content", "media"), MORE)
def test_unusual_media(content: dict[str, Any], media: Media) -> None:
    assert private(**content).media is media


def test_an_empty_text_is_no_media() -> None:
    said = private(text="")
    assert (said.text, said.media) == ("", None)


def test_a_shared_location_and_a_venue() -> None:
    spot = {"latitude": 51.4, "longitude": -0.1}
    shared = private(location=spot)
    assert isinstance(shared, SharedLocation)
    assert (shared.lat, shared.lon) == (51.4, -0.1)
    venue = {"location": spot, "title": "x", "address": "y"}
    assert isinstance(private(location=spot, venue=venue), SharedLocation)


def test_a_live_location_that_moves_is_no_message() -> None:
    said = private("edited_message", location={"latitude": 51.4, "longitude": -0.1}, edit_date=DATE)
    assert isinstance(said, Said)
    assert (said.edited, said.text) == (True, "")


@pytest.mark.parametrize(
    "notice",
    [{"pinned_message": raw.message(PRIVATE, KAY, DATE, 1, text="x")},
     {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
     {"write_access_allowed": {}}],
)  # fmt: skip
def test_telegrams_own_notices_are_nobodys_words(notice: dict[str, Any]) -> None:
    assert isinstance(private(**notice), Ignored)


def test_a_bot_is_known_as_one() -> None:
    sender = raw.user(1) | {"is_bot": True}
    said = event(raw.update("message", raw.message(PRIVATE, sender, DATE, 7, text="hi")))
    assert said.is_bot


def test_a_press_in_private() -> None:
    shown = raw.message(PRIVATE, raw.BOT, DATE, 3, text="x")
    assert event(raw.press(KAY, shown, "more")) == Tapped(5001, 3, "more", "q", NOW)


def test_a_press_on_a_message_that_is_too_old_to_be_shown() -> None:
    shown = {"chat": PRIVATE, "message_id": 3, "date": 0}
    assert event(raw.press(KAY, shown, "more")) == Tapped(5001, 3, "more", "q", NOW)


@pytest.mark.parametrize(("shown", "data"), [(None, "x"), ({"chat": PRIVATE, "message_id": 3,
                                                            "date": 0}, None)])  # fmt: skip
def test_a_press_without_message_or_data_is_only_acknowledged(shown: Any, data: Any) -> None:
    assert event(raw.press(KAY, shown, data)) == StrangePress("q", 5001, NOW)


def test_presses_in_groups() -> None:
    card = raw.message(raw.group_chat(), raw.BOT, DATE, 3, text="x")
    pressed = event(raw.press(SAM, card, "claim:1"))
    assert isinstance(pressed, StaffPressed)
    assert (pressed.worker.id, pressed.worker.name) == (9001, "Sam")
    strange = raw.message(raw.group_chat(-5), raw.BOT, DATE, 3, text="x")
    assert event(raw.press(SAM, strange, "claim:1")) == StrangePress("q", -5, NOW)


@pytest.mark.parametrize(("status", "blocked"), [("kicked", True), ("member", False)])
def test_blocking_and_coming_back(status: str, blocked: bool) -> None:
    more = {"until_date": 0} if blocked else {}
    payload = raw.membership(PRIVATE, KAY, DATE, status, **more)
    assert event(payload) == Reachability(5001, blocked, NOW)


def test_being_added_promoted_and_removed() -> None:
    chat = raw.group_chat()
    added = event(raw.membership(chat, SAM, DATE, "member"))
    assert added == GroupChanged(raw.GROUP, True, False, NOW)
    rights = raw.ADMIN | {"can_manage_topics": True}
    assert event(raw.membership(chat, SAM, DATE, "administrator", **rights)).may_manage_topics
    assert not event(raw.membership(chat, SAM, DATE, "left")).present


@pytest.mark.parametrize("name", ["channel_post", "edited_channel_post"])
def test_a_channels_posts_are_ignored(name: str) -> None:
    channel = {"id": -1009, "type": "channel", "title": "News"}
    more = {"edit_date": DATE} if name.startswith("edited") else {}
    value = raw.message(channel, None, DATE, 1, text="x", **more)
    assert isinstance(event(raw.update(name, value)), Ignored)


def test_updates_that_nobody_asked_for_are_ignored() -> None:
    poll = raw.CONTENTS["poll"]["poll"]
    assert isinstance(event(raw.update("poll", poll)), Ignored)
    assert isinstance(event({"update_id": 1}), Ignored)
    assert isinstance(event({"update_id": 1, "something_new": {"a": 1}}), Ignored)


def test_a_group_that_gets_a_new_id_says_so_in_both() -> None:
    old, new = -400, -100400
    plain = {"id": old, "type": "group", "title": "Staff"}
    assert group(plain, migrate_to_chat_id=new) == Migrated(old, new)
    assert group(raw.group_chat(new), migrate_from_chat_id=old) == Migrated(old, new)


def test_a_strange_group() -> None:
    assert group(raw.group_chat(-5), text="hi") == StrangeGroup(-5, NOW)
    assert isinstance(group(raw.group_chat(-5), name="edited_message", text="hi",
                            edit_date=DATE), Ignored)  # fmt: skip
    assert isinstance(group(raw.group_chat(-5), new_chat_title="x"), Ignored)


def test_staff_words_keep_their_formatting_and_are_escaped() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 4}]
    said = group(text="stay <home>", entities=entities)
    assert isinstance(said, StaffSaid)
    assert (said.html, said.text) == ("<b>stay</b> &lt;home&gt;", "stay <home>")


def test_a_name_is_a_name_whatever_it_imitates() -> None:
    said = group(sender=raw.user(9001, " <b>Bot</b> #1 EMERGENCY " + "x" * 99), text="hi")
    assert said.worker.name == "<b>Bot</b> #1 EMERGENCY xxxxxxxxxx"[:30]


def test_in_a_topic_everything_answers_its_first_message() -> None:
    root = raw.message(raw.group_chat(), raw.BOT, DATE, 50, forum_topic_created={
        "name": "x", "icon_color": 1}, message_thread_id=50, is_topic_message=True)  # fmt: skip
    topic = {"message_thread_id": 50, "is_topic_message": True}
    said = group(text="hi", reply_to_message=root, **topic)
    assert (said.topic_id, said.reply_to) == (50, None)
    bare = raw.message(raw.group_chat(), raw.BOT, DATE, 50)
    assert group(text="hi", reply_to_message=bare, **topic).reply_to is None
    real = raw.message(raw.group_chat(), raw.BOT, DATE, 51, text="words")
    assert group(text="hi", reply_to_message=real, **topic).reply_to == 51


def test_a_reply_thread_outside_of_topics_is_a_reply() -> None:
    card = raw.message(raw.group_chat(), raw.BOT, DATE, 50, text="card")
    said = group(text="hi", reply_to_message=card, message_thread_id=49)
    assert (said.topic_id, said.reply_to) == (None, 50)


def test_the_first_message_of_a_reply_thread_is_a_target() -> None:
    # In a group without topics the thread's id is the id of the message that began it: the card.
    plain = raw.group_chat()
    del plain["is_forum"]
    card = raw.message(plain, raw.BOT, DATE, 50, text="card")
    assert group(plain, text="hi", reply_to_message=card, message_thread_id=50).reply_to == 50


def test_who_writes_as_the_group_is_anonymous_and_channels_are_nobody() -> None:
    bot = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    said = group(sender=bot, text="hi", sender_chat=raw.group_chat())
    assert said.anonymous
    channel = {"id": -1009, "type": "channel", "title": "News"}
    assert isinstance(group(sender=raw.user(777000), text="hi", sender_chat=channel), Ignored)
    assert isinstance(group(sender=bot, text="hi"), Ignored)


def test_staff_media_and_notices() -> None:
    said = group(photo=raw.PHOTO, caption="look")
    assert (said.has_media, said.html) == (True, "look")
    assert group(**raw.CONTENTS["sticker"]).html == ""
    assert isinstance(group(new_chat_title="Team"), Ignored)
    assert isinstance(group(forum_topic_closed={}), Ignored)
