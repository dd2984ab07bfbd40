"""Membership and the standing of groups, asked of the strict local Bot API."""

from __future__ import annotations

import pytest
from telegram import Bot

from bot.cases.chain import Chain
from bot.cases.model import Case
from bot.cases.plan import DeskPlan, StaffGroup
from bot.delivery.model import Never
from bot.delivery.ports import Unit
from bot.demo.api import LocalBotApi
from bot.storage.memory import MemoryStore
from bot.telegram.members import AskTelegram, Seat
from bot.telegram.office import SHUT, Job, Office, fact
from bot.telegram.reach import NO_WRITING
from bot.telegram.sender import Sender
from bot.telegram.startup import StartError, note_standing, verify
from tests.conversation.small_world import small_world
from tests.support.clock import START, HandClock

GROUP, OWNER, SAM, MAYA = -1001000000001, 9003, 9001, 9002


async def test_every_status_is_read_right(api: LocalBotApi, bot: Bot) -> None:
    asked = AskTelegram(bot)
    assert await asked.seat(GROUP, OWNER) is Seat.ADMIN
    assert await asked.seat(GROUP, SAM) is Seat.MEMBER
    assert await asked.seat(GROUP, 5001) is Seat.OUTSIDE  # never was there
    assert await asked.seat(GROUP, 4) is Seat.OUTSIDE  # nobody has that id
    for status, seat in [("administrator", Seat.ADMIN), ("restricted", Seat.MEMBER),
                         ("member", Seat.MEMBER), ("kicked", Seat.OUTSIDE)]:  # fmt: skip
        api.act(OWNER, "set_member", chat_id=GROUP, member=SAM, status=status)
        assert await asked.seat(GROUP, SAM) is seat
    api.act(OWNER, "set_member", chat_id=GROUP, member=MAYA, status="restricted")
    api.act(MAYA, "leave", chat_id=GROUP)
    assert await asked.seat(GROUP, MAYA) is Seat.OUTSIDE  # restricted, and not inside


async def test_what_cannot_be_told_is_no_answer(api: LocalBotApi, bot: Bot) -> None:
    asked = AskTelegram(bot)
    api.faults.add(method="getChatMember", do="drop_before", times=1)
    assert await asked.seat(GROUP, SAM) is None
    api.faults.add(method="getChatMember", do="error", code=429, retry_after=5, times=1)
    assert await asked.seat(GROUP, SAM) is None
    api.act(OWNER, "remove_bot", chat_id=GROUP)
    assert await asked.seat(GROUP, SAM) is None
    assert await asked.seat(-100999, SAM) is None


async def test_a_group_that_moved_is_asked_by_its_new_id(api: LocalBotApi, bot: Bot) -> None:
    old = api.act(OWNER, "create_group", title="Small", type="group", members=[SAM])["id"]
    api.act(OWNER, "add_bot", chat_id=old, admin=True)
    new = api.act(OWNER, "migrate", chat_id=old)["id"]
    assert await AskTelegram(bot).seat(old, SAM) is Seat.MEMBER
    standing = await verify(bot, (StaffGroup("Small", old),), HandClock())
    assert [one.chat_id for one in standing.groups] == [new]


async def test_one_of_several_groups_may_be_away_at_the_start(api: LocalBotApi, bot: Bot) -> None:
    groups = (StaffGroup("Gone", -100999), StaffGroup("Here", GROUP))
    standing = await verify(bot, groups, HandClock())
    assert [one.why for one in standing.groups] == ["removed", ""]
    office = Office(small_world, GROUP, Chain(), plan=lambda: DeskPlan(groups))
    store = MemoryStore()

    def begin(unit: Unit) -> list[str]:
        unit.add_case(Case(0, 5001, -100999, "emergency", None, "", START))
        note_standing(Job(office, small_world(), unit, START), standing)
        assert unit.get_meta(fact(SHUT, -100999)) == "removed"
        case = unit.load_case(1)
        assert case is not None
        assert case.group_id == GROUP
        return [row.call.role for row in unit.take(START, 1, frozenset())]

    assert await store.transact(begin) == ["card"]  # before anything is said about it


async def test_no_group_at_all_is_refused_with_a_sentence_for_each(
    api: LocalBotApi, bot: Bot
) -> None:
    api.act(OWNER, "remove_bot", chat_id=GROUP)
    groups = (StaffGroup("Gone", -100999), StaffGroup("Here", GROUP))
    with pytest.raises(StartError, match=r"'Gone' -100999.*\n.*'Here' -1001000000001"):
        await verify(bot, groups, HandClock())


async def test_a_group_where_the_bot_may_not_write(api: LocalBotApi, bot: Bot) -> None:
    api.act(OWNER, "set_bot_rights", chat_id=GROUP, admin=False)
    api.act(OWNER, "set_writing", chat_id=GROUP, allowed=False)
    refused = await Sender(bot).send("sendMessage", {"chat_id": GROUP, "text": "x"})
    assert refused == Never(NO_WRITING)
    with pytest.raises(StartError, match="may not write in the staff group"):
        await verify(bot, (StaffGroup("Here", GROUP),), HandClock())


async def test_a_group_that_was_deleted(api: LocalBotApi, bot: Bot) -> None:
    api.act(OWNER, "delete_group", chat_id=GROUP)
    refused = await Sender(bot).send("sendMessage", {"chat_id": GROUP, "text": "x"})
    assert refused == Never("group-deleted")
    with pytest.raises(StartError, match="not in the staff group"):
        await verify(bot, (StaffGroup("Here", GROUP),), HandClock())


async def test_topics_switched_off(api: LocalBotApi, bot: Bot) -> None:
    api.act(OWNER, "set_topics", chat_id=GROUP, on=False)
    refused = await Sender(bot).send("createForumTopic", {"chat_id": GROUP, "name": "x"})
    assert refused == Never("not-a-forum")
    assert not (await verify(bot, (StaffGroup("Here", GROUP),), HandClock())).topics


async def test_an_account_is_asked_for_at_the_moment_it_is_shown(
    api: LocalBotApi, bot: Bot
) -> None:
    found = await Sender(bot).send("getChat", {"chat_id": 5001})
    assert found.result["first_name"] == "Ayo"
