"""A worker's words, pictures and ready replies over the strict local Bot API."""

from __future__ import annotations

from bot.demo.api import LocalBotApi
from bot.telegram import marks
from tests.e2e.test_journeys import case_of
from tests.support.actors import Actor, text_of, young_person
from tests.support.running import RunningBot


async def marked(sam: Actor, message_id: int, mark: str) -> None:
    await sam.wait_until(lambda: mark in sam.reactions(message_id), f"the mark {mark}")


async def test_words_are_sent_at_a_press_changed_and_taken_back(
    api: LocalBotApi, bot: RunningBot
) -> None:
    ayo = young_person(api)
    sam, relayed = await case_of(api, ayo)
    said = sam.say("im with you", topic=relayed["message_thread_id"])
    await sam.wait_for("stays between staff")
    sam.press("Send it to them")
    sent = await ayo.wait_for("im with you")
    await marked(sam, said["message_id"], marks.DELIVERED)
    sam.act("edit_text", message_id=said["message_id"], text="im right with you")
    await marked(sam, said["message_id"], marks.CHANGED)
    assert "right with you" in text_of(ayo.messages_by_id()[sent["message_id"]])
    sam.say("/unsend", reply_to=said["message_id"])
    await marked(sam, said["message_id"], marks.TAKEN_BACK)
    assert sent["message_id"] not in ayo.messages_by_id()


async def test_a_picture_goes_by_copy_and_its_words_can_change(
    api: LocalBotApi, bot: RunningBot
) -> None:
    ayo = young_person(api)
    sam, relayed = await case_of(api, ayo)
    picture = sam.send("photo", caption="the way", reply_to_message_id=relayed["message_id"])
    await sam.wait_for("Send this to them?")
    sam.press("Send")
    copy = await ayo.wait_for("Sam from the team:")
    assert "photo" in copy
    assert text_of(copy).endswith("the way")
    await marked(sam, picture["message_id"], marks.DELIVERED)
    sam.act("edit_text", message_id=picture["message_id"], text="the back way")
    await marked(sam, picture["message_id"], marks.CHANGED)
    assert text_of(ayo.messages_by_id()[copy["message_id"]]).endswith("the back way")


async def test_a_ready_reply_is_found_shown_and_sent_with_its_numbers(
    api: LocalBotApi, bot: RunningBot
) -> None:
    ayo = young_person(api)
    sam, relayed = await case_of(api, ayo)
    sam.say("/name Samira")
    await sam.wait_for("Samira from the team")
    sam.say("/r somebody to ring", reply_to=relayed["message_id"])
    preview = await sam.wait_for("0800 1111")
    sam.press("Send", preview)
    await ayo.wait_for("Samira from the team:")
    await marked(sam, preview["message_id"], marks.DELIVERED)
    await sam.wait_until(
        lambda: "Samira sent" in text_of(sam.messages_by_id()[preview["message_id"]]), "the note"
    )
    ayo.act("react", message_id=max(ayo.messages_by_id()), emoji="❤")
    await sam.wait_for("reacted to")
