"""The demo's own routes, as the page uses them."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from telegram import Bot

from bot.demo.api import LocalBotApi, default_cast
from bot.demo.api.world import FILES_KEPT, Stored
from tests.demo.conftest import STAFF
from tests.support.actors import young_person
from tests.support.pictures import png


@pytest.fixture
async def page(api: LocalBotApi) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(api.root_url) as session:
        yield session


async def post_act(page: aiohttp.ClientSession, **body: object) -> tuple[int, dict]:
    async with page.post("/demo/act", json=body) as answer:
        return answer.status, await answer.json()


async def test_state_has_all_that_the_contract_names(
    api: LocalBotApi, page: aiohttp.ClientSession
) -> None:
    young_person(api).start()
    async with page.get("/demo/state") as answer:
        state = await answer.json()
    assert set(state) >= {
        *("version", "now", "bot", "people", "chats"),
        *("reactions", "answers", "why", "limits", "faults"),
    }
    assert state["limits"][str(STAFF)] == {"used": 0, "of": 20, "window_s": 60}
    assert [p["first_name"] for p in state["people"]] == [
        p.first_name for p in default_cast().people
    ]
    chat = state["chats"]["5001"]
    assert chat["messages"][0]["text"] == "/start"
    assert chat["messages"][0]["entities"][0]["type"] == "bot_command"


async def test_acts_over_http(api: LocalBotApi, page: aiohttp.ClientSession) -> None:
    status, body = await post_act(page, **{"as": 5001}, do="send_text", chat_id=5001, text="hi")
    assert (status, body["ok"], body["result"]["text"]) == (200, True, "hi")
    status, body = await post_act(page, **{"as": 5001}, do="dance")
    assert status == 400
    assert "unknown verb 'dance'" in body["error"]
    status, body = await post_act(page, **{"as": 5001}, do="press", message_id=1, data="x")
    assert (status, body["ok"]) == (400, False)
    status, body = await post_act(page, **{"as": 5001}, do="send_text", chat_id=STAFF, text="hi")
    assert "not in the chat" in body["error"]
    status, body = await post_act(
        page, **{"as": 0}, do="add_person", first_name="Jo", role="worker"
    )
    assert body["result"]["id"] not in (9001, 9002, 9003)
    async with page.post("/demo/act", data=b"{}") as answer:
        assert answer.status == 400


async def test_events_announce_changes(api: LocalBotApi, page: aiohttp.ClientSession) -> None:
    async with page.get("/demo/events", timeout=aiohttp.ClientTimeout(total=10)) as stream:
        assert stream.content_type == "text/event-stream"
        assert await next_version(stream) == api.world.version
        young_person(api).say("one")
        assert await next_version(stream) == api.world.version


async def next_version(stream: aiohttp.ClientResponse) -> int:
    async for line in stream.content:
        if line.startswith(b"data: "):
            return json.loads(line.removeprefix(b"data: "))["version"]
    raise AssertionError("the stream of events ended")


async def test_why_the_bot_answered(api: LocalBotApi, page: aiohttp.ClientSession) -> None:
    for number in range(501):
        api.explain(5001, number, {"intent": number})
    async with page.get("/demo/why?chat_id=5001&message_id=500") as answer:
        assert await answer.json() == {"intent": 500}
    async with page.get("/demo/why?chat_id=5001&message_id=0") as answer:
        assert answer.status == 404


async def test_reset_keeps_the_bots_settings_and_goes_on_counting(
    api: LocalBotApi, bot: Bot, page: aiohttp.ClientSession
) -> None:
    await bot.set_my_short_description("Short")
    before = young_person(api).start()
    sent = await bot.send_message(STAFF, "card")
    version = api.world.version
    status, _ = await post_act(page, **{"as": 0}, do="reset")
    assert (status, api.world.version > version) == (200, True)
    assert await bot.get_updates() == ()
    assert (await bot.get_my_short_description()).short_description == "Short"
    assert young_person(api).start()["message_id"] > before["message_id"]
    assert (await bot.send_message(STAFF, "card")).message_id > sent.message_id


async def test_page_is_served_or_named_as_missing(page: aiohttp.ClientSession) -> None:
    async with page.get("/") as answer:
        text = await answer.text()
    assert answer.status == 200 or "bot/demo/page/index.html is missing" in text


async def test_a_picture_is_shown_and_a_file_only_downloaded(
    api: LocalBotApi, bot: Bot, page: aiohttp.ClientSession
) -> None:
    person = young_person(api)
    person.start()
    photo = await bot.send_photo(person.chat_id, png())
    file = await bot.send_document(person.chat_id, b"<script>", filename="n\u00f6 te.html")
    assert file.document is not None
    async with page.get("/demo/file", params={"id": photo.photo[-1].file_id}) as answer:
        assert await answer.read() == png()
        assert answer.content_type == "image/png"
        assert answer.headers["Content-Disposition"].startswith("inline")
    async with page.get("/demo/file", params={"id": file.document.file_id}) as answer:
        assert await answer.read() == b"<script>"
        assert answer.content_type == "application/octet-stream"
        way = answer.headers["Content-Disposition"]
        assert way == "attachment; filename*=UTF-8''n%C3%B6%20te.html"
    for wrong in ({"id": "x"}, {}):
        async with page.get("/demo/file", params=wrong) as answer:
            assert answer.status == 404


async def test_only_the_last_files_are_kept(api: LocalBotApi, bot: Bot) -> None:
    person = young_person(api)
    person.start()
    first = await bot.send_document(person.chat_id, b"one", filename="one")
    for n in range(FILES_KEPT):
        api.world.keep_file(str(n), Stored("x", "text/plain", b"x"))
    assert first.document is not None
    assert first.document.file_id not in api.world.files
    assert len(api.world.files) == FILES_KEPT
