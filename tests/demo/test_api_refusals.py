"""What Telegram refuses is refused here, in the same words."""

import json

import aiohttp
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    ReplyKeyboardMarkup,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken
from telegram.request import HTTPXRequest

from bot.demo.api import LocalBotApi
from tests.demo.conftest import STAFF, HandClock
from tests.support.actors import worker, young_person
from tests.support.pictures import png

YOUNG, WORKER = 5001, 9001
HALF_A_PAIR = {"inline_keyboard": [[{"text": "\ud800", "callback_data": "x"}]]}


def words(error: pytest.ExceptionInfo) -> str:
    return str(error.value).lower()


async def test_wrong_token_is_unauthorised(api: LocalBotApi) -> None:
    async with HTTPXRequest() as request:
        stranger = Bot("1:wrong", base_url=api.base_url, request=request)
        with pytest.raises(InvalidToken, match=r"Unauthorized|rejected"):
            await stranger.get_me()


async def raw(api: LocalBotApi, method: str, **body: object) -> tuple[int, dict]:
    async with aiohttp.ClientSession() as session:
        url = f"{api.base_url}{api.token}/{method}"
        async with session.post(url, json=body) as answer:
            return answer.status, await answer.json()


async def test_unknown_method_is_404(api: LocalBotApi) -> None:
    status, body = await raw(api, "sendMesage")
    assert (status, body["description"]) == (404, "Not Found: method not found")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, "message text is empty"),
        ({"text": "hi"}, "chat_id is empty"),
        ({"text": "hi", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "hi", "chat_id": 4242}, "chat not found"),
        ({"text": 5, "chat_id": YOUNG}, "invalid text specified"),
        ({"text": "hi", "chat_id": [1]}, "invalid chat_id specified"),
        ({"text": "hi", "chat_id": YOUNG, "message_thread_id": "x"}, "invalid message_thread_id"),
        ({"text": "hi", "chat_id": YOUNG, "disable_notification": "maybe"}, "invalid disable_"),
        ({"text": "hi", "chat_id": YOUNG, "reply_markup": "{"}, "can't parse reply_markup json"),
        ({"text": "hi", "chat_id": YOUNG, "reply_markup": {"x": 1}}, "object expected as reply"),
        ({"text": "hi", "chat_id": YOUNG, "parse_mode": "Wiki"}, "unsupported parse_mode"),
        ({"text": "\ud800", "chat_id": YOUNG}, "strings must be encoded in utf-8"),
        ({"text": "x", "chat_id": YOUNG, "reply_markup": HALF_A_PAIR}, "encoded in utf-8"),
        ({"text": "x", "chat_id": YOUNG, "entities": [{"type": []}]}, "unsupported type"),
        ({"text": " \n ", "chat_id": YOUNG}, "text must be non-empty"),
    ],
)
async def test_bad_sends(api: LocalBotApi, body: dict, expected: str) -> None:
    young_person(api).start()
    status, answer = await raw(api, "sendMessage", **body)
    assert (status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert expected in answer["description"].lower()
    assert [m["text"] for m in api.world.chats[YOUNG].messages.values()] == ["/start"]


async def test_unknown_parameters_are_accepted(api: LocalBotApi) -> None:
    young_person(api).start()
    status, _ = await raw(api, "sendMessage", chat_id=YOUNG, text="hi", a_new_thing=True)
    api.calls.clear()
    assert status == 200


async def test_text_is_counted_in_utf16_units_after_parsing(api: LocalBotApi, bot: Bot) -> None:
    young_person(api).start()
    await bot.send_message(YOUNG, "<b>" + "😀" * 2048 + "</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"(?i)message is too long"):
        await bot.send_message(YOUNG, "😀" * 2048 + "a")


async def test_captions_end_at_1024(api: LocalBotApi, bot: Bot) -> None:
    young_person(api).start()
    sent = await bot.send_document(YOUNG, b"abc", filename="list.csv", caption="c" * 1024)
    assert (sent.document.file_name, sent.document.file_size) == ("list.csv", 3)
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_photo(YOUNG, b"abc", caption="c" * 1025)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"abc", "IMAGE_PROCESS_FAILED"), (png(0, 10), "IMAGE_PROCESS_FAILED"),
     (png(100, 2001), "PHOTO_INVALID_DIMENSIONS"), (png(5001, 5000), "PHOTO_INVALID_DIMENSIONS"),
     (b"", "file must be non-empty")],
)  # fmt: skip
async def test_what_is_no_picture_is_no_photo(
    api: LocalBotApi, bot: Bot, content: bytes, why: str
) -> None:
    young_person(api).start()
    with pytest.raises(BadRequest, match=f"(?i){why}"):
        await bot.send_photo(YOUNG, InputFile(content, filename="x.png"))
    assert api.world.files == {}


async def test_people_who_cannot_be_reached(api: LocalBotApi, bot: Bot) -> None:
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(YOUNG, "hello")
    ayo = young_person(api)
    ayo.start()
    api.act(YOUNG, "block")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(YOUNG, "hello")
    api.act(YOUNG, "unblock")
    assert (await bot.send_message(YOUNG, "hello")).text == "hello"
    api.act(YOUNG, "deactivate")
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(YOUNG, "hello")


async def test_bot_thrown_out_of_the_group(api: LocalBotApi, bot: Bot) -> None:
    api.act(WORKER, "remove_bot", chat_id=STAFF)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(STAFF, "hello")
    api.act(WORKER, "add_bot", chat_id=STAFF, can_manage_topics=True)
    await bot.leave_chat(STAFF)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(STAFF, "hello")


async def test_upgraded_group_names_its_new_id(api: LocalBotApi, bot: Bot) -> None:
    group = api.act(WORKER, "create_group", title="Old", type="group", members=[9002])["id"]
    api.act(WORKER, "add_bot", chat_id=group)
    await bot.send_message(group, "before")
    new = api.act(WORKER, "migrate", chat_id=group)["id"]
    with pytest.raises(ChatMigrated) as error:
        await bot.send_message(group, "after")
    assert error.value.new_chat_id == new
    assert "Group migrated to supergroup" in str(error.value)
    assert "upgraded to a supergroup chat" in api.calls[-1].answer["description"]
    assert (await bot.send_message(new, "after")).chat.type == "supergroup"


async def test_edits_that_are_refused(api: LocalBotApi, bot: Bot) -> None:
    theirs = young_person(api).start()["message_id"]
    sent = await bot.send_message(YOUNG, "one ", reply_markup=keyboard("Yes", "y"))
    with pytest.raises(BadRequest, match=r"(?i)message is not modified: specified new message"):
        await sent.edit_text("one", reply_markup=keyboard("Yes", "y"))
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await sent.edit_reply_markup(keyboard("Yes", "y"))
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("x", YOUNG, 99999)
    with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
        await bot.edit_message_text("x", YOUNG, theirs)
    with pytest.raises(BadRequest, match=r"(?i)MESSAGE_TOO_LONG"):
        await sent.edit_text("x" * 4097)
    photo = await bot.send_photo(YOUNG, png())
    with pytest.raises(BadRequest, match=r"(?i)there is no text in the message to edit"):
        await bot.edit_message_text("x", YOUNG, photo.message_id)
    typed = await bot.send_message(YOUNG, "type", reply_markup=ReplyKeyboardMarkup([["Stop"]]))
    with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
        await typed.edit_text("other")
    edited = await sent.edit_text("two")
    assert (edited.text, edited.reply_markup) == ("two", None)
    assert edited.edit_date is not None


async def test_deletions_that_are_refused(api: LocalBotApi, bot: Bot, clock: HandClock) -> None:
    said = worker(api).say("between us")["message_id"]
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await bot.delete_message(STAFF, 99999)
    api.act(9003, "set_bot_rights", chat_id=STAFF, can_delete_messages=False)
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await bot.delete_message(STAFF, said)
    topic = await bot.create_forum_topic(STAFF, "Case 1")
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
        await bot.delete_message(STAFF, topic.message_thread_id)
    own = await bot.send_message(STAFF, "mine")
    clock.forward(48 * 3600 + 1)
    with pytest.raises(BadRequest, match=r"(?i)message can't be deleted for everyone"):
        await bot.delete_message(STAFF, own.message_id)
    new = await bot.send_message(STAFF, "mine")
    assert await bot.delete_messages(STAFF, [new.message_id, 99999])


def keyboard(text: str, data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data)]])


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": "ü" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "", "callback_data": "x"}, "button text must be non-empty"),
        ({"text": "a"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": "a", "url": "no url"}, "Wrong HTTP URL"),
        ({"text": "a", "url": "https://a.uk", "callback_data": "x"}, "Exactly one action"),
        ({"text": "a", "callback_data": "x", "style": "pink"}, "Invalid button style"),
        ("a", "Expected an Object"),
    ],
)
async def test_bad_buttons(api: LocalBotApi, button: object, expected: str) -> None:
    young_person(api).start()
    markup = json.dumps({"inline_keyboard": [[button]]})
    status, answer = await raw(api, "sendMessage", chat_id=YOUNG, text="x", reply_markup=markup)
    assert status == 400
    assert expected in answer["description"]


async def test_longest_callback_data_is_taken(api: LocalBotApi, bot: Bot) -> None:
    young_person(api).start()
    sent = await bot.send_message(YOUNG, "x", reply_markup=keyboard("a", "ü" * 32))
    assert sent.reply_markup.inline_keyboard[0][0].callback_data == "ü" * 32


async def test_replies_need_their_message(api: LocalBotApi, bot: Bot) -> None:
    young_person(api).start()
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(YOUNG, "x", reply_to_message_id=99999)
    sent = await bot.send_message(
        YOUNG, "x", reply_to_message_id=99999, allow_sending_without_reply=True
    )
    assert sent.reply_to_message is None


async def test_reactions_are_from_the_free_list(api: LocalBotApi, bot: Bot) -> None:
    said = worker(api).say("done?")["message_id"]
    assert await bot.set_message_reaction(STAFF, said, "❤")
    assert await bot.set_message_reaction(STAFF, said, "👍")
    assert worker(api).reactions(said) == ["👍"]
    with pytest.raises(BadRequest, match=r"(?i)REACTION_INVALID"):
        await bot.set_message_reaction(STAFF, said, "✅")
    with pytest.raises(BadRequest, match=r"(?i)message to react not found"):
        await bot.set_message_reaction(STAFF, 99999, "👍")
    assert await bot.set_message_reaction(STAFF, said)
    assert worker(api).reactions(said) == []


async def test_old_queries_cannot_be_answered(api: LocalBotApi, bot: Bot, clock: HandClock) -> None:
    ayo = young_person(api)
    ayo.start()
    await bot.send_message(YOUNG, "well?", reply_markup=keyboard("Yes", "y"))
    query = ayo.press("yes")
    assert await bot.answer_callback_query(query, "Thanks")
    assert api.world.toasts[-1]["text"] == "Thanks"
    clock.forward(3600)
    for dead in (query, "12345"):
        with pytest.raises(BadRequest, match=r"(?i)query is too old and response timeout expired"):
            await bot.answer_callback_query(dead)


async def test_buttons_that_only_private_chats_have(api: LocalBotApi) -> None:
    markup = {"keyboard": [[{"text": "Where", "request_location": True}]]}
    _, answer = await raw(api, "sendMessage", chat_id=STAFF, text="x", reply_markup=markup)
    assert "location can be requested in private chats only" in answer["description"]
