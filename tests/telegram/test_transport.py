"""The aiohttp transport under the library, against the local Bot API."""

from __future__ import annotations

import logging
import traceback

import pytest
from telegram import Bot, InputFile
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut

from bot.demo.api import LocalBotApi
from bot.telegram.transport import AiohttpRequest
from tests.support.actors import young_person


async def test_a_text_with_anything_in_it_arrives_as_it_was(api: LocalBotApi, bot: Bot) -> None:
    person = young_person(api)
    person.start()
    text = "quotes \" ' \\ 👩‍👩‍👧 <b> & = % +\nnew line"
    message = await bot.send_message(person.chat_id, text)
    assert message.text == text


async def test_a_file_is_uploaded(api: LocalBotApi, bot: Bot) -> None:
    person = young_person(api)
    person.start()
    document = InputFile(b"a,b\n1,2\n", filename="mydata.csv")
    message = await bot.send_document(person.chat_id, document, caption="yours: 100 %")
    assert message.caption == "yours: 100 %"
    assert message.document is not None
    assert message.document.file_name == "mydata.csv"


async def test_a_hanging_call_times_out(api: LocalBotApi, bot: Bot) -> None:
    api.faults.add(method="getMe", do="hang")
    with pytest.raises(TimedOut):
        await bot.get_me()


@pytest.mark.parametrize("do", ["drop_before", "drop_after"])
async def test_a_lost_connection_is_a_network_error(api: LocalBotApi, bot: Bot, do: str) -> None:
    api.faults.add(method="getMe", do=do)
    with pytest.raises(NetworkError):
        await bot.get_me()
    # The fault is used up: the transport did not try again by itself, which would send twice.
    assert (await bot.get_me()).is_bot


async def test_a_429_keeps_its_seconds(api: LocalBotApi, bot: Bot) -> None:
    api.faults.add(method="getMe", do="error", code=429, description="Too Many", retry_after=9)
    with pytest.raises(RetryAfter) as caught:
        await bot.get_me()
    assert "9" in str(caught.value) or "0:00:09" in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/botSECRET/x", "nonsense://botSECRET", "SECRET"]
)
async def test_the_token_stands_in_no_error_and_no_log(
    request_: AiohttpRequest, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NetworkError) as caught:
        await request_.do_request(url, "POST")
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    assert "SECRET" not in caplog.text


async def test_an_answer_that_is_no_json_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TelegramError, match="Invalid server response"):
        AiohttpRequest.parse_json_payload(b"<html>words</html>")
    with pytest.raises(TelegramError, match="Invalid server response"):
        AiohttpRequest.parse_json_payload(b"[1]")
    assert caplog.text == ""


async def test_it_must_be_initialised_and_can_be_shut_down_twice() -> None:
    request = AiohttpRequest()
    with pytest.raises(RuntimeError, match="initialize"):
        await request.do_request("http://127.0.0.1:9/", "GET")
    await request.initialize()
    await request.initialize()
    await request.shutdown()
    await request.shutdown()
