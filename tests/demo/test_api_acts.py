"""What people cannot do in Telegram's apps, they cannot do here; each refusal says why."""

import pytest
from telegram import Bot

from bot.demo.api import ActError, LocalBotApi
from tests.demo.conftest import STAFF
from tests.support.actors import worker, young_person


@pytest.mark.parametrize(
    ("who", "verb", "arguments", "expected"),
    [
        (1, "send_text", {"text": "x"}, "nobody has the id 1"),
        (5001, "send_text", {}, "text is None, give a text"),
        (5001, "send_text", {"text": " "}, "empty message"),
        (5001, "send_text", {"text": "x" * 4097}, "longer than 4096"),
        (5001, "send_text", {"text": "x", "chat_id": 77}, "no chat 77"),
        (5001, "send_text", {"text": "x", "chat_id": "x"}, "give a whole number"),
        (5001, "send_text", {"text": "x", "reply_to_message_id": 9}, "no message 9"),
        (9001, "send_text", {"text": "x", "chat_id": STAFF, "message_thread_id": 9}, "no topic 9"),
        (5001, "send_media", {"kind": "hologram"}, "unknown kind 'hologram'"),
        (5001, "send_media", {"kind": "photo", "caption": 3}, "caption is 3"),
        (5001, "share_location", {"latitude": "x"}, "latitude is 'x'"),
        (5001, "edit_text", {"message_id": 99, "text": "x"}, "no message 99"),
        (5001, "react", {"message_id": 99, "emoji": "👍"}, "no message 99"),
        (5001, "unblock", {}, "Ayo has not blocked"),
        (9001, "join", {"chat_id": STAFF}, "already"),
        (5001, "leave", {}, "cannot be left"),
        (9001, "migrate", {"chat_id": STAFF}, "only a basic group"),
        (9001, "add_bot", {"chat_id": STAFF, "can_fly": True}, "can_fly"),
        (5001, "add_bot", {"admin": True}, "private chat"),
        (9001, "create_group", {"title": "x", "type": "club"}, "type is 'club'"),
        (9001, "create_group", {"title": "x", "members": "all"}, "members is 'all'"),
        (9001, "channel_post", {"chat_id": STAFF, "text": "x"}, "no channel"),
        (5001, "create_topic", {"name": "x"}, "has no topics"),
        (0, "add_person", {"first_name": " "}, "1 to 64 characters"),
        (0, "add_person", {"first_name": "Jo", "role": "king"}, "role is 'king'"),
        (0, "fault", {}, "fault is missing"),
        (0, "fault", {"fault": {"times": "x"}}, "times is 'x'"),
    ],
)
def test_impossible_acts(who: int, verb: str, arguments: dict, expected: str) -> None:
    with pytest.raises(ActError) as error:
        LocalBotApi().act(who, verb, **arguments)
    assert expected in str(error.value)


async def test_blocked_bots_and_messages_of_others(api: LocalBotApi, bot: Bot) -> None:
    ayo, sam = young_person(api), worker(api)
    ayo.start()
    sent = await bot.send_message(5001, "hello")
    with pytest.raises(ActError, match="somebody else's"):
        ayo.act("edit_text", message_id=sent.message_id, text="mine")
    ayo.act("delete", message_id=sent.message_id)
    assert sent.message_id not in ayo.messages_by_id()
    said = sam.say("mine")["message_id"]
    with pytest.raises(ActError, match="somebody else's"):
        worker(api, 9002).act("delete", message_id=said)
    ayo.act("block")
    with pytest.raises(ActError, match="has blocked the bot"):
        ayo.say("anybody")
    with pytest.raises(ActError, match="no button"):
        sam.act("press", message_id=said, data="x")


async def test_new_people_are_reachable_once_they_start(api: LocalBotApi, bot: Bot) -> None:
    new = api.act(0, "add_person", first_name="Jo", role="worker", username="jo_w")["id"]
    api.act(new, "join", chat_id=STAFF)
    worker(api, new).say("hello all")
    update = (await bot.get_updates())[-1]
    assert (update.message.from_user.username, update.message.chat_id) == ("jo_w", STAFF)
    api.act(new, "start", payload="x")
    assert (await bot.send_message(new, "hi")).chat.username == "jo_w"
