"""The whole of python-telegram-bot against the local Bot API, and the tests' actors."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.demo.api import LocalBotApi
from tests.support.actors import young_person

MORE = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])


async def hello(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    await update.message.reply_text(f"Hello {context.args}", reply_markup=MORE)


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    await update.message.reply_html(f"<b>{update.message.text}</b>", do_quote=True)


async def more(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    await update.callback_query.answer("Here is more", show_alert=True)
    await update.callback_query.edit_message_text("More of it")


@pytest.fixture
async def application(api: LocalBotApi) -> AsyncIterator[Application]:
    application = Application.builder().token(api.token).base_url(api.base_url).build()
    application.add_handler(CommandHandler("start", hello))
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(more))
    async with application:
        await application.start()
        await application.updater.start_polling()
        yield application
        await application.updater.stop()
        await application.stop()


async def test_a_conversation(api: LocalBotApi, application: Application) -> None:
    ayo = young_person(api)
    ayo.start("lambeth")
    greeting = await ayo.wait_for("hello ['lambeth']")
    ayo.press("more")
    toast = await ayo.wait_toast("here is more")
    assert toast["show_alert"]
    edited = await ayo.wait_for("more of it", old=True)
    assert edited["message_id"] == greeting["message_id"]
    said = ayo.say("anything near brixton")
    answer = await ayo.wait_for("brixton")
    assert answer["reply_to_message"]["message_id"] == said["message_id"]
    await ayo.expect_silence(0.05)


async def test_waiting_in_vain_shows_the_transcript(api: LocalBotApi) -> None:
    ayo = young_person(api)
    ayo.say("is anybody there")
    ayo.send("voice")
    with pytest.raises(AssertionError) as error:
        await ayo.wait_for("yes", timeout_s=0.02)
    assert "Ayo: is anybody there" in str(error.value)
    assert "<voice>" in str(error.value)
    with pytest.raises(AssertionError, match="no button 'more'"):
        ayo.press("more")


async def test_breaking_silence_is_noticed(api: LocalBotApi, application: Application) -> None:
    ayo = young_person(api)
    ayo.say("hello")
    with pytest.raises(AssertionError, match="should keep quiet"):
        await asyncio.wait_for(ayo.expect_silence(5), 10)
