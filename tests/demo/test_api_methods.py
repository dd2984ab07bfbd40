"""The remaining methods, through python-telegram-bot."""

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest

from bot.demo.api import LocalBotApi
from bot.demo.api.state import snapshot
from tests.demo.conftest import STAFF
from tests.support.actors import worker, young_person


async def test_who_am_i(api: LocalBotApi, bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (700000001, "myends_demo_bot", True)
    assert await bot.log_out()
    assert await bot.close()


async def test_members_of_the_staff_group(api: LocalBotApi, bot: Bot) -> None:
    me = await bot.get_chat_member(STAFF, 700000001)
    assert (me.status, me.can_manage_topics, me.can_pin_messages) == ("administrator", True, True)
    api.act(9003, "set_bot_rights", chat_id=STAFF, can_manage_topics=False)
    assert not (await bot.get_chat_member(STAFF, 700000001)).can_manage_topics
    standings = [(await bot.get_chat_member(STAFF, u)).status for u in (9003, 9001, 5001)]
    assert standings == ["creator", "member", "left"]
    with pytest.raises(BadRequest, match=r"(?i)user not found"):
        await bot.get_chat_member(STAFF, 1)
    assert len(await bot.get_chat_administrators(STAFF)) == 2
    assert await bot.get_chat_member_count(STAFF) == 4
    assert (await bot.get_chat(STAFF)).is_forum
    assert (await bot.get_chat(5001)).first_name == "Ayo"


async def test_commands_by_scope_and_language(api: LocalBotApi, bot: Bot) -> None:
    private, staff = BotCommandScopeAllPrivateChats(), BotCommandScopeChat(STAFF)
    await bot.set_my_commands([BotCommand("start", "Begin")], scope=private)
    await bot.set_my_commands([BotCommand("open", "Open cases")], scope=staff)
    await bot.set_my_commands([BotCommand("start", "Commencer")], scope=private, language_code="fr")
    assert (await bot.get_my_commands(scope=private))[0].description == "Begin"
    french = await bot.get_my_commands(scope=private, language_code="fr")
    assert french[0].description == "Commencer"
    assert await bot.get_my_commands() == ()
    shown = snapshot(api.backend)["bot"]["commands"]
    assert [c["command"] for c in shown["private"] + shown["staff"]] == ["start", "open"]
    await bot.delete_my_commands(scope=private)
    assert await bot.get_my_commands(scope=private) == ()
    with pytest.raises(BadRequest, match=r"(?i)BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand("Über", "x")])
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.set_my_commands([], scope=BotCommandScopeChat(77))


async def test_names_and_descriptions(api: LocalBotApi, bot: Bot) -> None:
    await bot.set_my_name("Ends")
    await bot.set_my_description("What it does")
    await bot.set_my_short_description("Short")
    assert (await bot.get_my_name()).name == "Ends"
    assert (await bot.get_my_description(language_code="fr")).description == "What it does"
    assert (await bot.get_my_short_description()).short_description == "Short"
    assert await bot.set_chat_menu_button()
    with pytest.raises(BadRequest, match=r"(?i)description is too long"):
        await bot.set_my_description("x" * 513)


async def test_places_copies_and_forwards(api: LocalBotApi, bot: Bot) -> None:
    ayo, sam = young_person(api), worker(api)
    said = ayo.start()["message_id"]
    assert (await bot.send_location(5001, 51.46, -0.11)).location.latitude == 51.46
    venue = await bot.send_venue(5001, 51.46, -0.11, "Centre", "1 Road")
    assert venue.venue.title == "Centre"
    with pytest.raises(BadRequest, match=r"(?i)wrong latitude or longitude"):
        await bot.send_location(5001, 91, 0)
    copied = await bot.copy_message(STAFF, 5001, said)
    assert sam.messages_by_id()[copied.message_id]["text"] == "/start"
    forwarded = await bot.forward_message(STAFF, 5001, said)
    assert forwarded.forward_origin.sender_user.id == 5001
    with pytest.raises(BadRequest, match=r"(?i)message to copy not found"):
        await bot.copy_message(STAFF, 5001, 99999)
    with pytest.raises(BadRequest, match=r"(?i)message to forward not found"):
        await bot.forward_message(STAFF, 5001, 99999)


async def test_typing_and_reply_keyboards(api: LocalBotApi, bot: Bot) -> None:
    young_person(api).start()
    await bot.send_chat_action(5001, "typing")
    assert snapshot(api.backend)["chats"]["5001"]["typing"]
    with pytest.raises(BadRequest, match=r"(?i)wrong parameter action in request"):
        await bot.send_chat_action(5001, "dancing")
    await bot.send_message(5001, "x", reply_markup=ReplyKeyboardMarkup([["Near me"]]))
    chat = snapshot(api.backend)["chats"]["5001"]
    assert chat["reply_keyboard"]["keyboard"] == [[{"text": "Near me"}]]
    assert not chat["typing"]
    assert chat["notifications"] == 1
    await bot.send_message(5001, "y", reply_markup=ReplyKeyboardRemove(), disable_notification=True)
    chat = snapshot(api.backend)["chats"]["5001"]
    assert (chat["reply_keyboard"], chat["notifications"]) == (None, 1)
