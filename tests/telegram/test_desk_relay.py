"""Replies on their way: told once, changed, taken back, and what became of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.cases.model import Status, TopicState
from bot.delivery.model import Call, Later, Never, Outcome
from bot.demo.api.reactions import is_free_reaction
from bot.demo.api.telegram_html import parse_html
from bot.telegram import marks
from tests.conversation.small_world import small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench, knife_is_danger
from tests.telegram.test_desk_cases import ALI, GROUP, KAY, KNIFE, SAM

BOLD = [{"type": "bold", "offset": 0, "length": 4}]


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(replace(small_world(), understand=knife_is_danger))
    await bench.start()
    yield bench
    await bench.stop()


async def claimed(bench: Bench, person: int = KAY) -> tuple[int, int]:
    """A case of Sam's: its relayed words, and its topic."""
    await bench.says(person, KNIFE)
    number = (await bench.look(lambda unit: unit.latest_case_of(person))).id
    await bench.presses(SAM, f"claim:{number}")
    relay = [call for call in bench.calls(GROUP, role="relay-in") if call.case_id == number][-1]
    case = await bench.look(lambda unit: unit.load_case(number))
    bench.texts(person)
    bench.texts(GROUP)
    return bench.id_of(relay), case.topic_id


async def test_words_that_reply_to_nothing_stay_inside_and_that_is_said_once(bench: Bench) -> None:
    _, topic = await claimed(bench)
    await bench.staff(SAM, "im here", topic=topic, root=True)
    (told,) = bench.new(GROUP)
    assert "stays between staff" in told.params["text"]
    assert told.params["reply_markup"]["inline_keyboard"][0][0]["text"] == "Send it to them"
    await bench.staff(SAM, "again", topic=topic, root=True)
    await bench.staff(ALI, "not my case", topic=topic, root=True, name="Ali")
    assert bench.texts(GROUP) == []
    assert bench.texts(KAY) == []


async def test_what_was_meant_for_them_can_be_sent_at_a_press(bench: Bench) -> None:
    _, topic = await claimed(bench)
    number = await bench.staff(SAM, "im here", topic=topic, root=True)
    assert "Only whoever wrote it" in await bench.presses(ALI, "send-it:1", "Ali")
    assert bench.texts(KAY) == []
    await bench.presses(SAM, "send-it:1")
    assert bench.texts(KAY) == ["<b>Sam from the team:</b>\nim here"]
    assert bench.mark(number) == marks.DELIVERED
    assert "gone already" in await bench.presses(SAM, "send-it:1")
    assert bench.texts(KAY) == []


async def test_sending_it_is_refused_as_a_reply_would_be(bench: Bench) -> None:
    _, topic = await claimed(bench)
    await bench.staff(SAM, "im here", topic=topic, root=True)
    await bench.presses(SAM, "end:1:safe")
    bench.texts(KAY)
    answer = await bench.presses(SAM, "send-it:1")
    assert "not sent" in answer
    assert "<b>" not in answer
    assert bench.texts(KAY) == []


async def test_formatting_goes_through_and_markup_cannot_get_in(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    entities = [*BOLD, {"type": "italic", "offset": 5, "length": 3},
                {"type": "text_link", "offset": 9, "length": 4, "url": 'https://e.org/?a="><b>'},
                {"type": "text_mention", "offset": 14, "length": 3, "user": raw.user(SAM, "Sam")},
                {"type": "blockquote", "offset": 18, "length": 3}]  # fmt: skip
    await bench.staff(SAM, "lock the door Sam <b> &amp; </b>", reply_to=relay, entities=entities)
    (sent,) = bench.texts(KAY)
    assert "<b>lock</b> <i>the</i>" in sent
    assert "tg://" not in sent
    assert parse_html(sent)[0].endswith(" <b> &amp; </b>")


async def test_a_long_reply_keeps_its_formatting_in_every_part(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    words = ("word " * 819).strip()
    everything = [{"type": "bold", "offset": 0, "length": len(words)}]
    await bench.staff(SAM, words, reply_to=relay, entities=everything)
    await bench.wait(4)
    parts = bench.texts(KAY)
    assert len(parts) == 2
    assert all(part.endswith("</b>") for part in parts)
    assert parts[1].startswith("<b>word")


async def test_what_an_app_cut_in_two_is_one_reply(bench: Bench) -> None:
    relay, topic = await claimed(bench)
    whole = ("five thousand " * 358).strip()
    first, rest = whole[:4088].rstrip(), whole[4088:]
    number = bench.new_id()
    answered = raw.message(raw.group_chat(), raw.BOT, bench.date, relay)
    place = {"message_thread_id": topic, "is_topic_message": True}
    for more, text, reply in ((0, first, {"reply_to_message": answered}), (1, rest, {})):
        value = raw.message(raw.group_chat(), raw.user(SAM, "Sam"), bench.date, number + more,
                            text=text, **place, **reply)  # fmt: skip
        await bench.receives(raw.update("message", value), f"c:{GROUP}", seconds=0)
    await bench.wait(8)
    got = " ".join(parse_html(text)[0] for text in bench.texts(KAY))
    assert got.replace("Sam from the team:", "").split() == whole.split()
    await bench.staff(SAM, "poor thing", topic=topic, root=True)
    assert bench.texts(KAY) == []


async def test_an_edit_reaches_every_part_and_its_mark_changes(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    long = ("word " * 819).strip()
    number = await bench.staff(SAM, long, reply_to=relay)
    await bench.wait(5)
    first, second = (bench.id_of(call) for call in bench.calls(KAY, role="relay-out"))
    await bench.staff(SAM, "short", reply_to=relay, edit=number)
    await bench.wait(5)
    (edit,) = bench.calls(KAY, "editMessageText")
    assert (edit.params["message_id"], "(changed)" in edit.params["text"]) == (first, True)
    (cut,) = bench.calls(KAY, "deleteMessages")
    assert cut.params["message_ids"] == [second]
    assert bench.mark(number) == marks.CHANGED
    await bench.staff(SAM, long, reply_to=relay, edit=number)
    await bench.wait(5)
    assert len(bench.calls(KAY, role="relay-out")) == 3
    assert bench.calls(KAY, "editMessageText")[-1].params["message_id"] == first


async def test_an_edit_of_words_on_their_way_follows_them(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    bench.refuse = lambda call: Later("network") if call.role == "relay-out" else None
    number = await bench.staff(SAM, "go to the shop", reply_to=relay)
    await bench.wait(9)
    assert bench.mark(number) == marks.WAITING
    await bench.staff(SAM, "go to the station", reply_to=relay, edit=number)
    bench.refuse = lambda call: None
    await bench.wait(70)
    assert "shop" in bench.texts(KAY)[-1]
    assert "station" in bench.calls(KAY, "editMessageText")[-1].params["text"]
    assert bench.mark(number) == marks.CHANGED


async def test_unsend_deletes_it_on_the_phone_and_says_so_on_the_message(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    number = await bench.staff(SAM, "oops", reply_to=relay)
    sent = bench.id_of(bench.calls(KAY, role="relay-out")[0])
    await bench.staff(ALI, "/unsend", reply_to=number, name="Ali")
    assert "Only whoever wrote it" in bench.texts(GROUP)[-1]
    await bench.staff(SAM, "/unsend", reply_to=number)
    (gone,) = bench.calls(KAY, "deleteMessages")
    assert gone.params["message_ids"] == [sent]
    assert bench.mark(number) == marks.TAKEN_BACK
    await bench.staff(SAM, "/unsend", reply_to=number)
    assert "already" in bench.texts(GROUP)[-1]
    await bench.staff(SAM, "other words", reply_to=relay, edit=number)
    assert "taken back" in bench.texts(GROUP)[-1]
    await bench.staff(SAM, "/unsend")
    assert "your own" in bench.texts(GROUP)[-1]


async def test_unsend_of_words_on_their_way_stops_them(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    bench.refuse = lambda call: Later("network") if call.role == "relay-out" else None
    number = await bench.staff(SAM, "oops", reply_to=relay)
    await bench.staff(SAM, "/unsend", reply_to=number)
    bench.refuse = lambda call: None
    await bench.wait(70)
    assert bench.texts(KAY) == []
    assert bench.mark(number) == marks.TAKEN_BACK


async def test_unsend_after_two_days_says_that_it_still_stands(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    number = await bench.staff(SAM, "oops", reply_to=relay)
    bench.refuse = lambda c: Never("cannot-delete") if c.method == "deleteMessages" else None
    bench.texts(GROUP)
    await bench.staff(SAM, "/unsend", reply_to=number)
    assert "still stands" in bench.texts(GROUP)[-1]
    assert bench.mark(number) == marks.DELIVERED


def test_every_mark_is_one_that_bots_may_set() -> None:
    shown = (marks.DELIVERED, marks.NOT_DELIVERED, marks.WAITING, marks.CHANGED, marks.TAKEN_BACK)
    assert all(map(is_free_reaction, shown))
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize("reason", sorted(marks.AWAY))
async def test_the_reason_is_said_once_and_back_again_too(bench: Bench, reason: str) -> None:
    relay, _ = await claimed(bench)

    def refuse(call: Call) -> Outcome | None:
        return Never(reason) if call.chat_id == KAY else None

    bench.refuse = refuse
    numbers = [await bench.staff(SAM, f"hello {n}", reply_to=relay) for n in range(3)]
    assert [bench.mark(number) for number in numbers] == [marks.NOT_DELIVERED] * 3
    assert len([text for text in bench.texts(GROUP) if "Not delivered" in text]) == 1
    bench.refuse = lambda call: None
    await bench.says(KAY, "im back")
    assert any("can be reached again" in text for text in bench.texts(GROUP))
    number = await bench.staff(SAM, "good", reply_to=relay)
    assert bench.mark(number) == marks.DELIVERED
    assert "do not arrive" not in bench.calls(GROUP, "editMessageText")[-1].params["text"]


async def test_a_reply_to_a_long_text_that_fails_says_so_once(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    bench.refuse = lambda c: Never("bad-request") if c.role == "relay-out" else None
    await bench.staff(SAM, ("word " * 819).strip(), reply_to=relay)
    await bench.wait(5)
    assert len([text for text in bench.texts(GROUP) if "Not delivered" in text]) == 1


async def test_in_the_topic_of_another_case_nothing_goes(bench: Bench) -> None:
    _, topic = await claimed(bench)
    other, _ = await claimed(bench, 5002)
    await bench.staff(SAM, "for kay only", reply_to=other, topic=topic)
    assert bench.texts(KAY) == bench.texts(5002) == []
    (told,) = bench.texts(GROUP)
    assert "the topic of #1" in told
    assert "not sent" in told
    # Telegram itself names a message of another topic in another field.
    chat = raw.group_chat()
    origin = {"type": "user", "sender_user": raw.BOT, "date": bench.date}
    elsewhere = {"origin": origin, "chat": chat, "message_id": other}
    await bench.staff(SAM, "for kay only", topic=topic, external_reply=elsewhere)
    assert bench.texts(KAY) == bench.texts(5002) == []
    assert "not sent" in bench.texts(GROUP)[0]


async def test_after_a_merge_old_messages_lead_to_the_case_that_goes_on(bench: Bench) -> None:
    relay, topic = await claimed(bench)

    def merge(unit: object) -> None:
        old = unit.load_case(1)  # type: ignore[attr-defined]
        new = unit.add_case(replace(old, id=0, topic_id=None, topic_state=TopicState.IMPOSSIBLE))  # type: ignore[attr-defined]
        unit.save_case(replace(old, status=Status.CLOSED, merged_into=new.id))  # type: ignore[attr-defined]

    await bench.look(merge)
    await bench.staff(SAM, "still me", reply_to=relay, topic=topic)
    assert bench.texts(KAY) == ["<b>Sam from the team:</b>\nstill me"]
    lines = await bench.look(lambda unit: unit.lines(2))
    assert [line.text for line in lines] == ["still me"]


async def test_a_reply_to_a_colleague_stays_inside_and_that_is_said(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    number = await bench.staff(SAM, "with you", reply_to=relay)
    bench.texts(KAY)
    await bench.staff(ALI, "well said", reply_to=number, name="Ali")
    assert bench.texts(KAY) == []
    assert "your own team" in bench.texts(GROUP)[0]
    hint = bench.calls(GROUP, role="note")[-1]
    await bench.staff(ALI, "ok", reply_to=bench.id_of(hint), name="Ali")
    assert "bot's own note" in bench.texts(GROUP)[0]


async def test_words_that_look_like_a_command_are_not_lost_in_silence(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    await bench.staff(SAM, "/safe place is the library", reply_to=relay)
    assert bench.texts(KAY) == []
    assert "no command /safe" in bench.texts(GROUP)[0]


async def test_a_topic_that_was_deleted_is_said_and_the_case_goes_on(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    bench.refuse = lambda c: Never("topic-gone") if "message_thread_id" in c.params else None
    await bench.says(KAY, "you there")
    texts = bench.texts(GROUP)
    assert any("topic of #1 was deleted" in text for text in texts)
    assert any("you there" in text for text in texts)
    await bench.staff(SAM, "yes", reply_to=bench.id_of(bench.calls(GROUP, role="relay-in")[-1]))
    assert "yes" in bench.texts(KAY)[0]
    assert relay
