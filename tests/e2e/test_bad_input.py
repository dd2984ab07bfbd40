"""Everything odd that can arrive, over real HTTP: answered or met with a reasoned silence."""

import asyncio
from typing import Any

import pytest

from bot.demo.api import LocalBotApi
from tests.support.actors import Actor, text_of, young_person
from tests.support.running import GROUP, RunningBot

ZALGO = "h̷̢̛͔e̸͇͝l̵̰̈́l̴̯̔o̷͉͐"
TEXTS = {
    "one letter": "a",
    "4096 characters": "boxing " * 585,
    "4000 of one letter": "a" * 4000,
    "only emoji": "😀😀😀",
    "right to left": "أحتاج شخصا أتحدث معه",
    "zalgo": ZALGO,
    "look-alike letters": "аny bохing nеаr brіxtоn",
    "markup": "<b>hi</b> & <script>alert(1)</script> *bold* _under_ [x](y) {area}",
    "control characters": "he\x01llo\x07",
    "bidi override": "\u202etxen gnixob\u202c",
    "braces": "{operator} {0} {}",
    "command with arguments": "/find boxing in brixton please",
    "command of another bot": "/start@other_bot",
    "unknown command": "/frobnicate now",
    "a bare slash": "/",
    "start with rubbish": "/start ../../etc/passwd",
    "a number": "12",
    "sql": "'; DROP TABLE chats; --",
}


@pytest.mark.parametrize("name", TEXTS)
async def test_every_text_is_answered(api: LocalBotApi, bot: RunningBot, name: str) -> None:
    ayo = young_person(api)
    ayo.say(TEXTS[name])
    answer = await ayo.wait_for()
    assert text_of(answer)
    await nothing_is_stuck(bot)


async def nothing_is_stuck(bot: RunningBot) -> None:
    for _ in range(40):
        left = await bot.stored(lambda unit: unit.backlog())
        assert left["quarantined"] == 0
        if left["inbox"] == 0:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(left)


KINDS = ["photo", "voice", "video", "video_note", "sticker", "document", "contact", "poll",
         "animation"]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_no_text_is_answered_and_not_kept(
    api: LocalBotApi, bot: RunningBot, kind: str
) -> None:
    ayo = young_person(api)
    ayo.send(kind)
    answer = await ayo.wait_for()
    assert text_of(answer)
    assert not any(
        call.method in ("copyMessage", "forwardMessage", "getFile") for call in api.calls
    )


async def test_danger_in_a_caption_and_in_an_edit_is_seen(
    api: LocalBotApi, bot: RunningBot
) -> None:
    ayo, kai = young_person(api), young_person(api, 5002)
    ayo.send("photo", caption="he is outside with a knife")
    await ayo.wait_for("call 999")
    harmless = kai.say("any football near SW9")
    await kai.wait_for("Here's what I found")
    kai.act("edit_text", message_id=harmless["message_id"], text="someone is stabbing my brother")
    await kai.wait_for("999")


async def test_an_edit_without_danger_and_a_deletion_are_met_with_silence(
    api: LocalBotApi, bot: RunningBot
) -> None:
    ayo = young_person(api)
    message = ayo.say("hello")
    await ayo.wait_for("What's up?")
    ayo.act("edit_text", message_id=message["message_id"], text="hello there")
    ayo.act("delete", message_id=message["message_id"])
    await ayo.expect_silence(0.5)


async def test_old_and_forged_buttons_do_no_harm(api: LocalBotApi, bot: RunningBot) -> None:
    ayo = young_person(api)
    ayo.start()
    shown = await ayo.wait_for("Hi.")
    for data in ("see:no-such-place", "claim:1", "end:1:safe", "", "x" * 64, "borough:Atlantis"):
        if data:
            ayo.act("press", message_id=shown["message_id"], data=data, force=True)
    await nothing_is_stuck(bot)
    assert not [m for m in group_messages(api) if m.get("reply_markup")]


def group_messages(api: LocalBotApi, group: int = GROUP) -> list[dict[str, Any]]:
    return list(api.world.chats[group].messages.values())


async def test_staff_buttons_are_checked_when_they_are_pressed(
    api: LocalBotApi, bot: RunningBot
) -> None:
    sam = Actor(api, 9001, GROUP)
    message = sam.say("/open")
    shown = await sam.wait_for("No open cases")
    for data in ("claim:99", "end:1:nonsense", "close:", "claim:x", "nonsense"):
        sam.act("press", message_id=shown["message_id"], data=data, force=True)
        await sam.wait_toast("no longer exists")
    assert message


async def test_a_strange_group_gets_one_line_and_then_silence(
    api: LocalBotApi, bot: RunningBot
) -> None:
    group = api.act(5001, "create_group", title="mandem", is_forum=False, members=[5001, 5002])
    group_id = group["id"] if isinstance(group, dict) else group
    api.act(5001, "add_bot", chat_id=group_id)
    ayo = Actor(api, 5001, group_id)
    await ayo.wait_for("I only work in the staff group", old=True)
    ayo.say("/start")
    ayo.say("theres a man outside my door with a knife")
    await ayo.expect_silence(0.6)


async def test_a_name_that_imitates_markup_stays_a_name(api: LocalBotApi, bot: RunningBot) -> None:
    person = api.act(5001, "add_person", first_name="<b>Sam</b> from the team", role="worker")
    number = person["id"] if isinstance(person, dict) else person
    api.act(number, "join", chat_id=GROUP)
    fake = Actor(api, number, GROUP)
    ayo = young_person(api)
    ayo.say("theres a man outside my door with a knife")
    card = await fake.wait_for("Nobody has this yet")
    fake.press("I have this", card)
    seen = await ayo.wait_for("has read this")
    assert text_of(seen).startswith("b from the team has read this")
    sent = [call.params["text"] for call in api.calls if "has read this" in str(call.params)]
    assert "<b>b from the team</b>" in sent[0]  # the only markup is ours


async def test_an_update_that_cannot_be_read_reaches_staff_and_stops_nobody(
    api: LocalBotApi, bot: RunningBot
) -> None:
    ayo, kai, sam = young_person(api), young_person(api, 5002), Actor(api, 9001, GROUP)
    ayo.start()
    await ayo.wait_for("Hi.")
    broken = {"message_id": 999, "date": 10**17, "chat": {"id": 5001, "type": "private"},
              "text": "help"}  # fmt: skip
    api.backend.updates.put("message", broken, 5001)
    kai.say("hello")
    await kai.wait_for("What's up?")
    await sam.wait_for("could not be read", timeout_s=20)
    await ayo.wait_for("I've asked the team", timeout_s=20)
