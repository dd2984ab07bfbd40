"""Updates: long polling, confirmation by offset, kinds, webhooks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict

from bot.demo.api import LocalBotApi
from tests.demo.conftest import STAFF, HandClock, until
from tests.support import spec
from tests.support.actors import worker, young_person


async def test_only_the_offset_confirms(api: LocalBotApi, bot: Bot) -> None:
    ayo = young_person(api)
    for text in ("one", "two", "three"):
        ayo.say(text)
    first = await bot.get_updates()
    assert [u.message.text for u in first] == ["one", "two", "three"]
    assert [u.update_id - first[0].update_id for u in first] == [0, 1, 2]
    assert len(await bot.get_updates(limit=2)) == 2
    again = await bot.get_updates(offset=first[1].update_id)
    assert [u.message.text for u in again] == ["two", "three"]
    assert [u.message.text for u in await bot.get_updates()] == ["two", "three"]
    assert [u.message.text for u in await bot.get_updates(offset=-1)] == ["three"]
    assert await bot.get_updates(offset=first[2].update_id + 1) == ()


async def test_updates_are_kept_for_a_day(api: LocalBotApi, bot: Bot, clock: HandClock) -> None:
    young_person(api).say("old")
    clock.forward(24 * 3600 - 1)
    young_person(api).say("new")
    assert [u.message.text for u in await bot.get_updates()] == ["old", "new"]
    clock.forward(2)
    assert [u.message.text for u in await bot.get_updates()] == ["new"]


async def test_long_poll_answers_when_something_happens(api: LocalBotApi, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await until(lambda: api.backend.updates._poller is not None)
    young_person(api).say("hello")
    async with asyncio.timeout(5):
        assert (await poll)[0].message.text == "hello"
    assert await bot.get_updates(offset=-1, timeout=0) != ()


async def test_second_poller_ends_the_first(api: LocalBotApi, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await until(lambda: api.backend.updates._poller is not None)
    async with Bot(api.token, base_url=api.base_url) as second:
        assert await second.get_updates(timeout=0) == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await poll


async def test_reactions_and_members_come_only_when_asked_for(api: LocalBotApi, bot: Bot) -> None:
    said = worker(api).say("hi")["message_id"]
    await bot.get_updates(offset=-1)
    worker(api).act("react", message_id=said, emoji="👍")
    assert len(await bot.get_updates(allowed_updates=["message_reaction", "message"])) == 1
    worker(api).act("react", message_id=said, emoji="🔥")
    update = (await bot.get_updates())[-1]
    assert update.message_reaction.new_reaction[0].emoji == "🔥"
    assert update.message_reaction.old_reaction[0].emoji == "👍"
    young_person(api).start()
    assert (await bot.get_updates(allowed_updates=[]))[-1].message.text == "/start"
    worker(api).act("react", message_id=said, emoji=None)
    assert (await bot.get_updates())[-1].message is not None


async def test_privacy_mode_hides_talk_from_a_plain_member(api: LocalBotApi, bot: Bot) -> None:
    api.act(9003, "set_bot_rights", chat_id=STAFF, admin=False)
    sent = await bot.send_message(STAFF, "card")
    sam = worker(api)
    sam.say("not for the bot")
    sam.say("/open")
    sam.say("for the bot", reply_to=sent.message_id)
    texts = [u.message.text for u in await bot.get_updates() if u.message]
    assert texts == ["/open", "for the bot"]


async def test_everything_that_people_do_fits_the_description(api: LocalBotApi, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=list(Update.ALL_TYPES))
    ayo, sam = young_person(api), worker(api)
    said = ayo.start("lambeth")
    for kind in ("photo", "voice", "video", "video_note", "sticker", "document", "contact"):
        ayo.send(kind)
    for kind in ("poll", "animation"):
        ayo.send(kind, caption="see https://example.org" if kind == "animation" else None)
    ayo.act("share_location", latitude=51.46, longitude=-0.11)
    ayo.act("edit_text", message_id=said["message_id"], text="/start brixton")
    ayo.act("delete", message_id=said["message_id"])
    ayo.act("press", message_id=said["message_id"], data="old", force=True)
    api.act(5001, "block")
    api.act(5001, "unblock")
    api.act(5002, "join", chat_id=STAFF)
    api.act(5002, "leave", chat_id=STAFF)
    thread = api.act(9001, "create_topic", chat_id=STAFF, name="Tea")["message_thread_id"]
    sam.say("in it", topic=thread)
    sam.act("close_topic", message_thread_id=thread)
    sam.act("reopen_topic", message_thread_id=thread)
    group = api.act(9001, "create_group", title="G", type="group")["id"]
    api.act(9001, "add_bot", chat_id=group)
    api.act(9001, "migrate", chat_id=group)
    channel = api.act(9001, "create_group", title="C", type="channel")["id"]
    api.act(9001, "add_bot", chat_id=channel)
    api.act(9001, "channel_post", chat_id=channel, text="news")
    seen = [p.update for p in api.backend.updates.pending]
    assert [p for u in seen for p in spec.object_problems(u, "Update")] == []
    kinds = {k for u in seen for k in u if k != "update_id"}
    assert kinds >= {"message", "edited_message", "callback_query", "my_chat_member", "chat_member"}
    assert all(Update.de_json(u, bot) for u in seen)
    assert "channel_post" in kinds


async def test_press_of_a_button(api: LocalBotApi, bot: Bot) -> None:
    ayo = young_person(api)
    ayo.start()
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Free only", callback_data="f:1")]])
    sent = await bot.send_message(5001, "cards", reply_markup=markup)
    ayo.press("free")
    query = (await bot.get_updates())[-1].callback_query
    assert (query.data, query.message.message_id) == ("f:1", sent.message_id)


class Hook:
    """A webhook that first fails as often as told, then takes everything."""

    def __init__(self) -> None:
        self.failures = 0
        self.texts: list[str] = []
        self.secrets: set[str | None] = set()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if self.failures:
            self.failures -= 1
            return web.Response(status=503)
        self.texts.append((await request.json())["message"]["text"])
        return web.Response()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_webhook_in_order_again_and_with_its_secret(
    api: LocalBotApi, bot: Bot, hook: Hook
) -> None:
    hook.failures = 3
    await bot.set_webhook(hook.url, secret_token="a-Secret_1", max_connections=3)
    ayo, kai = young_person(api), young_person(api, 5002)
    for number in range(5):
        ayo.say(f"a{number}")
        kai.say(f"k{number}")
    await until(lambda: len(hook.texts) == 10)
    assert [t for t in hook.texts if t[0] == "a"] == [f"a{n}" for n in range(5)]
    assert [t for t in hook.texts if t[0] == "k"] == [f"k{n}" for n in range(5)]
    assert hook.secrets == {"a-Secret_1"}
    await until(lambda: not api.backend.updates.pending)
    info = await bot.get_webhook_info()
    assert (info.pending_update_count, info.max_connections) == (0, 3)
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"


async def test_webhook_and_polling_exclude_each_other(
    api: LocalBotApi, bot: Bot, hook: Hook
) -> None:
    poll: Awaitable[object] = asyncio.create_task(bot.get_updates(timeout=20))
    await until(lambda: api.backend.updates._poller is not None)
    await bot.set_webhook(hook.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    hook.failures = 10**6
    young_person(api).say("waits")
    await until(lambda: hook.failures < 10**6)
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook()
    assert [u.message.text for u in await bot.get_updates()] == ["waits"]
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("url", "secret", "expected"),
    [
        ("http://example.org/x", None, "An HTTPS URL must be provided for webhook"),
        ("https://example.org:8000/x", None, "only on ports 80, 88, 443 or 8443"),
        ("https://example.org/x", "no spaces", "unallowed characters"),
    ],
)
async def test_webhooks_that_are_refused(
    bot: Bot, url: str, secret: str | None, expected: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){expected}"):
        await bot.set_webhook(url, secret_token=secret)
