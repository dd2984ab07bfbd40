"""Calls from their names and JSON params, against the local Bot API."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from telegram import Bot

from bot.delivery.model import Later, Never, Sent
from bot.demo.api import LocalBotApi
from bot.telegram.sender import METHODS, Sender
from tests.support.actors import Actor, young_person
from tests.support.pictures import png

KEYBOARD = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y:1"}]]}


@pytest.fixture
def person(api: LocalBotApi) -> Actor:
    person = young_person(api)
    person.start()
    return person


@pytest.fixture
def sender(bot: Bot) -> Sender:
    return Sender(bot)


async def sent(sender: Sender, method: str, **params: Any) -> Any:
    outcome = await sender.send(method, params)
    assert isinstance(outcome, Sent), outcome
    return outcome.result


def test_every_method_is_one_of_the_library() -> None:
    assert [name for name in METHODS.values() if not callable(getattr(Bot, name, None))] == []


async def test_a_message_with_all_that_we_use(sender: Sender, person: Actor) -> None:
    first = await sent(sender, "sendMessage", chat_id=person.chat_id, text="one")
    message = await sent(
        sender,
        "sendMessage",
        chat_id=person.chat_id,
        text="<b>two</b>",
        parse_mode="HTML",
        reply_markup=KEYBOARD,
        link_preview_options={"is_disabled": True},
        reply_parameters={"message_id": first["message_id"]},
        protect_content=True,
    )
    assert (message["text"], message["reply_markup"]) == ("two", KEYBOARD)
    assert message["reply_to_message"]["message_id"] == first["message_id"]
    assert message["entities"][0]["type"] == "bold"


@pytest.mark.parametrize(
    "markup",
    [
        {"keyboard": [[{"text": "Here", "request_location": True}]], "resize_keyboard": True},
        {"remove_keyboard": True},
        {"force_reply": True},
    ],
)
async def test_other_keyboards_pass(sender: Sender, person: Actor, markup: Any) -> None:
    await sent(sender, "sendMessage", chat_id=person.chat_id, text="x", reply_markup=markup)


async def test_edits_reactions_and_deletions(sender: Sender, person: Actor) -> None:
    at = {"chat_id": person.chat_id}
    number = (await sent(sender, "sendMessage", text="one", **at))["message_id"]
    edited = await sent(sender, "editMessageText", text="two", message_id=number, **at)
    assert edited["text"] == "two"
    same = await sender.send("editMessageText", {"text": "two", "message_id": number, **at})
    assert same == Sent(True)
    await sent(sender, "editMessageReplyMarkup", message_id=number, reply_markup=KEYBOARD, **at)
    heart = [{"type": "emoji", "emoji": "👍"}]
    assert await sent(sender, "setMessageReaction", message_id=number, reaction=heart, **at) is True
    assert await sent(sender, "deleteMessage", message_id=number, **at) is True
    again = await sender.send("deleteMessage", {"message_id": number, **at})
    assert again == Sent(True)


async def test_places_files_and_actions(sender: Sender, person: Actor) -> None:
    at = {"chat_id": person.chat_id}
    place = {"latitude": 51.46, "longitude": -0.11}
    await sent(sender, "sendLocation", **place, **at)
    await sent(sender, "sendVenue", title="Marcus Lipton", address="SW9", **place, **at)
    content = base64.b64encode(b"{}").decode()
    document = {"filename": "mydata.json", "base64": content}
    message = await sent(sender, "sendDocument", document=document, **at)
    assert message["document"]["file_name"] == "mydata.json"
    await sent(sender, "sendDocument", document=message["document"]["file_id"], **at)
    assert await sent(sender, "sendChatAction", action="typing", **at) is True


async def test_a_picture_goes_with_its_caption(
    api: LocalBotApi, sender: Sender, person: Actor
) -> None:
    photo = {"filename": "report.png", "base64": base64.b64encode(png(1080, 2400)).decode()}
    message = await sent(sender, "sendPhoto", chat_id=person.chat_id, photo=photo,
                         caption="<b>75%</b> &lt;5", parse_mode="HTML")  # fmt: skip
    assert message["caption"] == "75% <5"
    largest = message["photo"][-1]
    assert (largest["width"], largest["height"]) == (576, 1280)
    assert api.world.files[largest["file_id"]].content == png(1080, 2400)


async def test_a_topic_is_made_and_used(api: LocalBotApi, sender: Sender) -> None:
    group = {"chat_id": api.cast.groups[0].id}
    topic = await sent(sender, "createForumTopic", name="Case 7", **group)
    thread = {"message_thread_id": topic["message_thread_id"], **group}
    message = await sent(sender, "sendMessage", text="in it", **thread)
    assert message["message_thread_id"] == topic["message_thread_id"]
    assert await sent(sender, "closeForumTopic", **thread) is True
    assert await sent(sender, "reopenForumTopic", **thread) is True
    assert await sent(sender, "editForumTopic", name="Case 7, closed", **thread) is True
    pin = {"message_id": message["message_id"], "disable_notification": True, **group}
    assert await sent(sender, "pinChatMessage", **pin) is True


async def test_what_goes_wrong_comes_back_as_an_outcome(
    api: LocalBotApi, sender: Sender, person: Actor
) -> None:
    call = {"chat_id": person.chat_id, "text": "x"}
    assert await sender.send("banChatMember", call) == Never("method-not-allowed")
    assert await sender.send("sendMessage", {**call, "textt": 1}) == Never("bad-call: TypeError")
    assert await sender.send("sendMessage", {**call, "chat_id": 404}) == Never("chat-not-found")
    api.faults.add(method="sendMessage", do="error", code=502, description="Bad Gateway")
    assert await sender.send("sendMessage", call) == Later("network")
    api.faults.add(method="sendMessage", do="hang")
    assert await sender.send("sendMessage", call) == Later("timeout")
    person.act("block")
    assert await sender.send("sendMessage", call) == Never("blocked")
