"""Forum topics: places, service messages, rights."""

import pytest
from telegram import Bot
from telegram.error import BadRequest

from bot.demo.api import ActError, LocalBotApi
from tests.demo.conftest import STAFF
from tests.support.actors import worker

LEAD = 9003


async def test_topic_messages_carry_their_topic(api: LocalBotApi, bot: Bot) -> None:
    topic = await bot.create_forum_topic(STAFF, "Case 7")
    thread = topic.message_thread_id
    sent = await bot.send_message(STAFF, "card", message_thread_id=thread)
    assert (sent.message_thread_id, sent.is_topic_message) == (thread, True)
    # Telegram tells a bot of its own service messages, and of nothing else that it sends.
    own = [u.message.forum_topic_created.name for u in await bot.get_updates()]
    assert own == ["Case 7"]
    assert sent.reply_to_message.forum_topic_created.name == "Case 7"
    reply = worker(api).say("hello", reply_to=sent.message_id)
    assert (reply["message_thread_id"], reply["is_topic_message"]) == (thread, True)
    assert reply["reply_to_message"]["text"] == "card"
    assert "reply_to_message" not in reply["reply_to_message"]


async def test_general_has_no_thread(api: LocalBotApi, bot: Bot) -> None:
    sent = await bot.send_message(STAFF, "hello")
    assert (sent.message_thread_id, sent.is_topic_message) == (None, None)
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(STAFF, "hello", message_thread_id=1)


async def test_thread_of_a_plain_supergroup_is_none_to_send_to(api: LocalBotApi, bot: Bot) -> None:
    group = api.act(LEAD, "create_group", title="Plain")["id"]
    api.act(LEAD, "add_bot", chat_id=group, admin=True)
    sent = await bot.send_message(group, "one")
    reply = worker(api, LEAD, group).say("two", reply_to=sent.message_id)
    assert reply["message_thread_id"] == sent.message_id
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(group, "three", message_thread_id=sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)the chat is not a forum"):
        await bot.create_forum_topic(group, "Case")


async def test_closed_topic_is_closed_to_those_who_may_not_manage_it(
    api: LocalBotApi, bot: Bot
) -> None:
    thread = (await bot.create_forum_topic(STAFF, "Case 7")).message_thread_id
    assert await bot.close_forum_topic(STAFF, thread)
    with pytest.raises(BadRequest, match=r"(?i)TOPIC_NOT_MODIFIED"):
        await bot.close_forum_topic(STAFF, thread)
    with pytest.raises(ActError, match="closed"):
        worker(api).say("too late", topic=thread)
    await bot.send_message(STAFF, "as an administrator", message_thread_id=thread)
    api.act(LEAD, "set_bot_rights", chat_id=STAFF, can_manage_topics=False)
    with pytest.raises(BadRequest, match=r"(?i)TOPIC_CLOSED"):
        await bot.send_message(STAFF, "as a member", message_thread_id=thread)
    with pytest.raises(BadRequest, match=r"(?i)not enough rights to create a topic"):
        await bot.create_forum_topic(STAFF, "Case 8")
    api.act(LEAD, "reopen_topic", chat_id=STAFF, message_thread_id=thread)
    await bot.send_message(STAFF, "again", message_thread_id=thread)


async def test_deleted_topic_is_gone_with_its_messages(api: LocalBotApi, bot: Bot) -> None:
    thread = (await bot.create_forum_topic(STAFF, "Case 7")).message_thread_id
    await bot.send_message(STAFF, "card", message_thread_id=thread)
    assert await bot.delete_forum_topic(STAFF, thread)
    assert api.world.chats[STAFF].messages == {}
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(STAFF, "card", message_thread_id=thread)
    with pytest.raises(BadRequest, match=r"(?i)topic_id_invalid"):
        await bot.edit_forum_topic(STAFF, thread, name="x")


async def test_rename_reopen_pin(api: LocalBotApi, bot: Bot) -> None:
    thread = (await bot.create_forum_topic(STAFF, "Case 7")).message_thread_id
    assert await bot.edit_forum_topic(STAFF, thread, name="Case 7, closed")
    assert worker(api).topics() == {thread: "Case 7, closed"}
    sent = await bot.send_message(STAFF, "card", message_thread_id=thread)
    assert await bot.pin_chat_message(STAFF, sent.message_id)
    assert (await bot.get_chat(STAFF)).pinned_message.text == "card"
    assert await bot.unpin_all_forum_topic_messages(STAFF, thread)
    assert (await bot.get_chat(STAFF)).pinned_message is None
    with pytest.raises(BadRequest, match=r"(?i)message to unpin not found"):
        await bot.unpin_chat_message(STAFF, sent.message_id)
    with pytest.raises(BadRequest, match=r"(?i)message to pin not found"):
        await bot.pin_chat_message(STAFF, 99999)


async def test_person_opens_a_topic_and_the_bot_hears_of_it(api: LocalBotApi, bot: Bot) -> None:
    thread = api.act(9001, "create_topic", chat_id=STAFF, name="Tea")["message_thread_id"]
    update = (await bot.get_updates())[0]
    assert update.message.forum_topic_created.name == "Tea"
    assert update.message.message_thread_id == thread
    api.act(9001, "delete_topic", chat_id=STAFF, message_thread_id=thread)
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await bot.send_message(STAFF, "x", message_thread_id=thread)
