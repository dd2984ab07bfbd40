"""The flood limits: 20 a minute in a group, bursts in private."""

import contextlib

import pytest
from telegram import Bot
from telegram.error import RetryAfter

from bot.demo.api import LimitSettings, LocalBotApi
from bot.demo.api.errors import ApiError
from tests.demo.conftest import STAFF, HandClock
from tests.support.actors import worker, young_person


async def test_a_group_takes_twenty_in_any_minute(
    api: LocalBotApi, bot: Bot, clock: HandClock
) -> None:
    for number in range(20):
        await bot.send_message(STAFF, f"{number}")
        clock.forward(1)
    with pytest.raises(RetryAfter) as error:
        await bot.send_message(STAFF, "too many")
    assert api.calls[-1].answer["parameters"] == {"retry_after": 40}
    assert api.calls[-1].answer["description"] == "Too Many Requests: retry after 40"
    assert error.value.retry_after.total_seconds() == 40
    clock.forward(39)
    with pytest.raises(RetryAfter):
        await bot.send_message(STAFF, "still too many")
    clock.forward(1)
    await bot.send_message(STAFF, "in time")
    with pytest.raises(RetryAfter):
        await bot.send_message(STAFF, "only one place was free")


async def test_edits_and_topics_count_and_reactions_do_not(api: LocalBotApi, bot: Bot) -> None:
    said = worker(api).say("hi")["message_id"]
    sent = await bot.send_message(STAFF, "card")
    await bot.create_forum_topic(STAFF, "Case 1")
    for number in range(18):
        await sent.edit_text(f"card {number}")
    assert api.backend.limits.used(STAFF) == 20
    with pytest.raises(RetryAfter):
        await sent.edit_text("card at last")
    with pytest.raises(RetryAfter):
        await bot.create_forum_topic(STAFF, "Case 2")
    assert await bot.set_message_reaction(STAFF, said, "👍")
    assert await bot.delete_message(STAFF, said)
    assert (await bot.get_chat(STAFF)).title == "MyEnds staff"


async def test_refused_calls_do_not_count(api: LocalBotApi, bot: Bot) -> None:
    for _ in range(25):
        with pytest.raises(Exception, match=r"(?i)thread not found"):
            await bot.send_message(STAFF, "x", message_thread_id=999)
    assert api.backend.limits.used(STAFF) == 0


async def test_full_group_stops_no_private_chat(api: LocalBotApi, bot: Bot) -> None:
    young_person(api).start()
    for number in range(20):
        await bot.send_message(STAFF, f"{number}")
    assert (await bot.send_message(5001, "unhindered")).text == "unhindered"


async def test_private_chats_take_a_burst_then_one_a_second(clock: HandClock) -> None:
    limits = LimitSettings(private_burst=3, private_rate=0.5)
    api = LocalBotApi(clock=clock, limits=limits)
    await api.start()
    young_person(api).start()
    async with Bot(api.token, base_url=api.base_url) as bot:
        for number in range(3):
            await bot.send_message(5001, f"{number}")
        with pytest.raises(RetryAfter):
            await bot.send_message(5001, "too fast")
        assert api.calls[-1].answer["parameters"] == {"retry_after": 2}
        clock.forward(2)
        await bot.send_message(5001, "in time")
    await api.stop()


async def test_a_flood_never_gets_more_than_twenty_into_a_minute(clock: HandClock) -> None:
    api = LocalBotApi(clock=clock)
    granted: list[float] = []
    chat = api.world.chats[STAFF]
    for tick in range(2000):
        clock.forward(0.25)
        with contextlib.suppress(ApiError):
            api.backend.limits.take(chat)
            granted.append(tick * 0.25)
    assert all(later - first >= 60 for first, later in zip(granted, granted[20:], strict=False))
    assert len(granted) == 20 * 9
