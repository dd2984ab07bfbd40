"""Faults on purpose, and the record of calls."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter, TimedOut

from bot.demo.api import ActError, LocalBotApi
from tests.demo.conftest import STAFF, until
from tests.support.actors import young_person


async def test_answer_lost_after_delivery(api: LocalBotApi, bot: Bot) -> None:
    ayo = young_person(api)
    ayo.start()
    api.faults.add(method="sendMessage", do="drop_after")
    with pytest.raises(NetworkError):
        await bot.send_message(5001, "delivered")
    assert (await ayo.wait_for("delivered"))["text"] == "delivered"
    assert (await bot.send_message(5001, "again")).text == "again"


async def test_request_lost_before_delivery(api: LocalBotApi, bot: Bot) -> None:
    ayo = young_person(api)
    ayo.start()
    api.faults.add(method="sendMessage", do="drop_before")
    with pytest.raises(NetworkError):
        await bot.send_message(5001, "lost")
    await ayo.expect_silence(0.05)


async def test_errors_hit_only_what_they_name(api: LocalBotApi, bot: Bot) -> None:
    young_person(api).start()
    api.faults.add(
        method="sendMessage", chat_id=STAFF, code=502, description="Bad Gateway", times=2
    )
    api.faults.add(method="sendMessage", code=429, description="Too Many Requests", retry_after=7)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Bad Gateway"):
            await bot.send_message(STAFF, "x")
    with pytest.raises(RetryAfter, match=r"0:00:07|7 seconds"):
        await bot.send_message(5001, "x")
    assert (await bot.send_message(STAFF, "x")).text == "x"
    assert api.faults.snapshot() == []


async def test_hanging_call_runs_into_the_clients_timeout(api: LocalBotApi, bot: Bot) -> None:
    young_person(api).start()
    api.faults.add(method="*", do="hang", seconds=1)
    with pytest.raises(TimedOut):
        await bot.send_message(5001, "x", read_timeout=0.2)
    api.faults.add(method="sendMessage", do="delay", seconds=0.05)
    assert (await bot.send_message(5001, "late")).text == "late"


async def test_probability_is_seeded(api: LocalBotApi) -> None:
    api.faults.add(method="getMe", probability=0.5, times=1000)
    hits = [api.faults.take("getMe", None) is not None for _ in range(200)]
    assert 60 < sum(hits) < 140


def test_unknown_faults_are_named() -> None:
    api = LocalBotApi()
    with pytest.raises(ActError, match="explode"):
        api.faults.add(do="explode")
    with pytest.raises(ActError, match="methode"):
        api.faults.add(methode="getMe")


async def test_calls_are_recorded(api: LocalBotApi, bot: Bot) -> None:
    young_person(api).start()
    await bot.send_message(5001, "hello")
    call = api.calls[-1]
    assert (call.method, call.params["text"], call.ok) == ("sendMessage", "hello", True)
    assert call.answer["result"]["text"] == "hello"


async def test_stopping_ends_waiting_calls(bot: Bot) -> None:
    api = LocalBotApi()
    await api.start()
    async with Bot(api.token, base_url=api.base_url) as other:
        poll = asyncio.create_task(other.get_updates(timeout=30))
        await until(lambda: api.backend.updates._poller is not None)
        async with asyncio.timeout(5):
            await api.stop()
            assert await poll == ()
