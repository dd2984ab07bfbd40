"""Whole journeys through the real parts: a young person and a worker, and what goes wrong."""

import asyncio
import logging
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.demo.api import LocalBotApi
from tests.support.actors import Actor, text_of, worker, young_person
from tests.support.running import GROUP, RunningBot

FAR_BACK = datetime(2020, 1, 1, tzinfo=UTC)
DANGER = "theres a man outside my door with a knife"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def everything_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def case_of(api: LocalBotApi, person: Actor, text: str = DANGER) -> tuple[Actor, dict]:
    """A person in danger, the worker who claimed their case, and their words in its topic."""
    sam = worker(api)
    person.say(text)
    await person.wait_for("I've told the team")
    card = await sam.wait_for("Nobody has this yet")
    sam.press("I have this", card)
    await person.wait_for("Sam from the team")
    relayed = await sam.wait_for(text, old=False)
    return sam, relayed


async def test_a_reply_reaches_the_person_and_their_answer_the_topic(
    api: LocalBotApi, bot: RunningBot
) -> None:
    ayo = young_person(api)
    sam, relayed = await case_of(api, ayo)
    assert [name for name in sam.topics().values() if "#1 violence" in name]

    reply = sam.say("are you <b>safe</b> & well_?", topic=relayed["message_thread_id"],
                    reply_to=relayed["message_id"])  # fmt: skip
    arrived = await ayo.wait_for("Sam from the team:")
    assert "are you <b>safe</b> & well_?" in text_of(arrived)
    await sam.wait_until(lambda: "👍" in sam.reactions(reply["message_id"]), "a thumbs up")

    ayo.say("yes im upstairs")
    heard = await sam.wait_for("yes im upstairs")
    assert heard["message_thread_id"] == relayed["message_thread_id"]
    await ayo.expect_silence()


async def test_talk_among_staff_stays_among_staff(api: LocalBotApi, bot: RunningBot) -> None:
    ayo = young_person(api)
    sam, relayed = await case_of(api, ayo)
    sam.say("has anyone rung the school?", topic=relayed["message_thread_id"])
    sam.say("general chatter")
    await ayo.expect_silence(0.6)


async def test_two_workers_press_at_once_and_the_second_is_told_who(
    api: LocalBotApi, bot: RunningBot
) -> None:
    ayo, sam, maya = young_person(api), worker(api), worker(api, 9002)
    ayo.say(DANGER)
    card = await sam.wait_for("Nobody has this yet")
    sam.press("I have this", card)
    maya.press("I have this", card)
    await sam.wait_toast("You have #1")
    await maya.wait_toast("Sam already has #1")


async def test_a_blocked_bot_is_shown_on_the_workers_own_message(
    api: LocalBotApi, bot: RunningBot
) -> None:
    ayo = young_person(api)
    sam, relayed = await case_of(api, ayo)
    api.act(5001, "block")
    await sam.wait_for("they blocked the bot")
    reply = sam.say("you there?", topic=relayed["message_thread_id"],
                    reply_to=relayed["message_id"])  # fmt: skip
    await sam.wait_until(lambda: "💔" in sam.reactions(reply["message_id"]), "a broken heart")
    await sam.expect_silence()  # the reason was said already


async def test_closing_tells_the_person_and_a_late_reply_is_not_sent(
    api: LocalBotApi, bot: RunningBot
) -> None:
    ayo = young_person(api)
    sam, relayed = await case_of(api, ayo)
    sam.press("Close")
    await sam.wait_toast("How did it end")
    await sam.wait_until(lambda: "Safe, talked" in sam.transcript(), "the outcomes")
    sam.press("Safe, talked")
    await ayo.wait_for("closed for now")
    sam.say("one more thing", topic=relayed["message_thread_id"], reply_to=relayed["message_id"])
    await sam.wait_for("was not sent")
    ayo.say("hello")
    await ayo.wait_for("What's up?")


async def test_nobody_answers_and_the_chain_goes_on_after_a_restart(
    api: LocalBotApi, tmp_path: Path
) -> None:
    quick = {"alert_again_minutes": 0.02, "alert_on_call_minutes": 0.04, "alert_lead_minutes": 0.05,
             "safeguarding_lead_chat_id": 9003}  # fmt: skip
    bot = RunningBot(api, tmp_path, **quick)
    await bot.start()
    ayo, sam, ruth = young_person(api), worker(api), young_person(api, 9003)
    ruth.start()
    await ruth.wait_for("Alerts come to you here")
    ayo.say(DANGER)
    card = await sam.wait_for("Nobody has this yet")
    await bot.stop()
    await asyncio.sleep(1.3)
    await bot.start()
    again = await sam.wait_for("Nobody has it after")
    assert again["reply_to_message"]["message_id"] == card["message_id"]
    await ayo.wait_for("nobody from the team has answered yet")
    await sam.wait_for("Safeguarding lead")
    await ruth.wait_for("Safeguarding lead")
    await ayo.wait_for("Still no answer")
    await bot.stop()


async def test_a_group_without_topics_uses_reply_threads(api: LocalBotApi, tmp_path: Path) -> None:
    api.act(9003, "set_bot_rights", chat_id=GROUP, can_manage_topics=False)
    bot = RunningBot(api, tmp_path)
    await bot.start()
    sam, ayo = worker(api), young_person(api)
    await sam.wait_for("I may not make topics", old=True)
    ayo.say(DANGER)
    card = await sam.wait_for("Nobody has this yet")
    sam.press("I have this", card)
    intro = await sam.wait_for("This group has no topics")
    assert intro["reply_to_message"]["message_id"] == card["message_id"]
    sam.say("here", reply_to=card["message_id"])
    await ayo.wait_for("here")
    await bot.stop()


async def test_an_answer_lost_on_the_way_is_sent_again_and_a_failing_topic_falls_back(
    api: LocalBotApi, bot: RunningBot
) -> None:
    api.faults.add(method="sendMessage", do="drop_before", chat_id=GROUP)
    api.faults.add(method="createForumTopic", do="error", code=400,
                   description="Bad Request: not enough rights to create a topic")  # fmt: skip
    ayo = young_person(api)
    sam = worker(api)
    ayo.say(DANGER)
    card = await sam.wait_for("Nobody has this yet", timeout_s=20)
    sam.press("I have this", card)
    fallen_back = await sam.wait_for("Case #1.")
    assert fallen_back["reply_to_message"]["message_id"] == card["message_id"]


async def test_a_429_in_one_chat_does_not_stop_the_others(
    api: LocalBotApi, bot: RunningBot
) -> None:
    api.faults.add(method="sendMessage", do="error", chat_id=5001, code=429, retry_after=3,
                   description="Too Many Requests: retry after 3")  # fmt: skip
    ayo, kai = young_person(api), young_person(api, 5002)
    ayo.say("hello")
    await asyncio.sleep(0.2)
    kai.say("hello")
    await kai.wait_for("What's up?", timeout_s=2)
    await ayo.wait_for("What's up?", timeout_s=10)


async def test_hide_removes_both_sides_of_the_chat(api: LocalBotApi, bot: RunningBot) -> None:
    ayo = young_person(api)
    ayo.start()
    await ayo.wait_for("Hi.")
    ayo.say("im scared of my ex, he follows me")
    await ayo.wait_for()
    ayo.say("hide")
    await ayo.wait_for("Removed what I could")
    left = await ayo.wait_until(
        lambda: len(ayo.messages_by_id()) <= 1 and ayo.messages_by_id(), "a clean chat"
    )
    assert "follows" not in str(left)


async def test_forget_leaves_nothing_of_the_person(api: LocalBotApi, bot: RunningBot) -> None:
    ayo = young_person(api)
    ayo.say("any football near SW9, im 15")
    await ayo.wait_for("Here's what I found")
    assert await bot.stored(lambda unit: unit.load_chat(5001))
    ayo.say("/forget")
    ask = await ayo.wait_for("Delete everything")
    ayo.press("Yes, delete", ask)
    await ayo.wait_for("Done.")
    assert await bot.stored(lambda unit: unit.load_chat(5001)) is None
    assert await bot.stored(lambda unit: unit.recent_messages(5001, FAR_BACK)) == []


async def test_what_people_write_is_in_no_log_and_not_plain_in_the_file(
    api: LocalBotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, logger="bot")
    bot = RunningBot(api, tmp_path)
    await bot.start()
    ayo = young_person(api)
    await case_of(api, ayo, "my uncle zebedee hits me every night")
    await bot.stop()
    logged = "\n".join(record.getMessage() for record in caplog.records
                       if not record.name.startswith("aiosqlite"))  # fmt: skip
    assert "zebedee" not in logged
    assert api.token not in caplog.text
    kept = everything_under(tmp_path)
    assert b"zebedee" not in kept
    assert b"Sam" not in kept


async def test_webhooks_bring_updates_as_polling_does(api: LocalBotApi, tmp_path: Path) -> None:
    port = free_port()
    bot = RunningBot(
        api, tmp_path, webhook_url=f"http://127.0.0.1:{port}/telegram", listen_port=port,
        webhook_secret="a-long-random-word-1234",
    )  # fmt: skip
    await bot.start()
    ayo = young_person(api)
    ayo.say("hello")
    await ayo.wait_for("What's up?")
    await bot.stop()
