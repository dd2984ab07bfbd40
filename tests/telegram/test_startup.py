"""What is verified on Telegram before the bot begins, against the local Bot API."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
from telegram import Bot

from bot.cases.chain import Chain
from bot.cases.plan import StaffGroup
from bot.delivery.ports import Unit
from bot.demo.api import LocalBotApi
from bot.storage.memory import MemoryStore
from bot.telegram.office import HOME, TOPICS, Job, Office, fact
from bot.telegram.startup import (
    GroupStanding,
    Standing,
    StartError,
    introduce,
    note_layers,
    note_standing,
    verify,
)
from bot.telegram.transport import AiohttpRequest
from tests.conversation.small_world import small_world
from tests.support.clock import HandClock

GROUP = -1001000000001  # the default cast's staff group
NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


async def test_in_the_staff_group_with_topics(api: LocalBotApi, bot: Bot) -> None:
    standing = await verify(bot, (StaffGroup(HOME, GROUP),), HandClock())
    assert standing.bot_id == api.world.bot["id"]
    assert standing.username == api.world.bot["username"]


@pytest.mark.parametrize("group", [-100999, 5001])
async def test_not_in_the_group_is_one_clear_sentence(
    api: LocalBotApi, bot: Bot, group: int
) -> None:
    with pytest.raises(StartError, match="STAFF_CHAT_ID"):
        await verify(bot, (StaffGroup(HOME, group),), HandClock())


async def test_a_wrong_token_is_one_clear_sentence(api: LocalBotApi) -> None:
    async with AsyncExitStack() as stack:
        transports = [AiohttpRequest(read_timeout_s=2), AiohttpRequest(read_timeout_s=2)]
        for transport in transports:
            await transport.initialize()
            stack.push_async_callback(transport.shutdown)
        wrong = Bot("123456789:" + "x" * 35, base_url=api.base_url, request=transports[0],
                    get_updates_request=transports[1])  # fmt: skip
        with pytest.raises(StartError, match="TELEGRAM_BOT_TOKEN"):
            await verify(wrong, (StaffGroup(HOME, GROUP),), HandClock())


async def test_the_command_menus_are_set_for_each_kind_of_chat(api: LocalBotApi, bot: Bot) -> None:
    world = small_world()
    await introduce(bot, world.wording, "A Trust", [GROUP])
    names = [command.command for command in await bot.get_my_commands(
        scope={"type": "all_private_chats"})]  # fmt: skip
    assert names[0] == "start"
    assert {"forget", "hide", "person"} <= set(names)
    assert "A Trust" in (await bot.get_my_description()).description


async def test_staff_are_told_once_where_topics_cannot_be_made() -> None:
    store = MemoryStore()
    office = Office(small_world, -1, Chain())

    def told(unit: Unit, topics: bool) -> int:
        (group,) = office.groups()
        standing = Standing(1, "b", (GroupStanding(group, -1, topics),))
        note_standing(Job(office, small_world(), unit, NOW), standing)
        assert unit.get_meta(fact(TOPICS, -1)) == ("yes" if topics else "no")
        return unit.backlog()["outbox"]

    assert await store.transact(lambda unit: told(unit, False)) == 1
    assert await store.transact(lambda unit: told(unit, False)) == 1
    assert await store.transact(lambda unit: told(unit, True)) == 1


async def test_staff_are_told_at_every_start_what_understanding_does_without() -> None:
    store = MemoryStore()
    office = Office(small_world, -1, Chain())

    def told(unit: Unit, *missing: str) -> str:
        job = Job(office, small_world(), unit, NOW)
        note_layers(job, missing)
        rows = unit.take(NOW, 10, frozenset())
        return str(rows[0].call.params["text"]) if rows else ""

    assert await store.transact(lambda unit: told(unit)) == ""
    text = await store.transact(lambda unit: told(unit, "words", "encoder"))
    assert "encoder, words" in text
