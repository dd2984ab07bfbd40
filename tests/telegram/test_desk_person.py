"""What a young person may do in mid-case: write a flood, send pictures, edit, answer, react, go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.model import Never
from tests.conversation.small_world import small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench, knife_is_danger
from tests.telegram.test_desk_cases import GROUP, KAY, SAM
from tests.telegram.test_desk_relay import claimed


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(replace(small_world(), understand=knife_is_danger))
    await bench.start()
    yield bench
    await bench.stop()


async def test_sixty_messages_in_a_minute_are_folded_in_order_and_none_is_lost(
    bench: Bench,
) -> None:
    await claimed(bench)
    start = bench.clock.now()
    for n in range(60):
        text = f"line {n:02}." if n != 41 else "line 41. he has a knife too"
        await bench.says(KAY, text, seconds=1)
    await bench.wait(70)
    relays = [str(call.params["text"]) for call in bench.calls(GROUP, role="relay-in")]
    got = [word for text in relays for word in text.split() if word.rstrip(".").isdigit()]
    assert [int(word.rstrip(".")) for word in got] == list(range(60))
    assert 5 < len(relays) < 20
    assert any("knife too" in text for text in relays)
    sent = await bench.look(lambda unit: unit.sent_since(GROUP, start))
    for at in sent:
        assert len([one for one in sent if at <= one < at + timedelta(minutes=1)]) <= 20


async def test_pictures_are_never_copied_and_are_said_once_a_burst(bench: Bench) -> None:
    await claimed(bench)
    for kind in ("picture", "voice", "file", "picture"):
        await bench.says(KAY, "", **raw.CONTENTS[kind])
    (note,) = bench.texts(GROUP)
    assert "a picture" in note
    assert "not copied" in note
    (told,) = bench.texts(KAY)
    assert "can't pass on pictures" in told
    await bench.wait(70)
    await bench.says(KAY, "", photo=raw.PHOTO, caption="this is him")
    texts = bench.texts(GROUP)
    assert any("this is him" in text for text in texts)
    assert any("a picture" in text for text in texts)
    assert "can't pass on pictures" in bench.texts(KAY)[0]
    assert not any(call.method in ("copyMessage", "forwardMessage") for call in bench.made)


async def test_staff_hear_about_where_they_are_and_the_point_is_kept_nowhere(
    bench: Bench,
) -> None:
    await claimed(bench)
    case_id = (await bench.look(lambda unit: unit.latest_case_of(KAY))).id
    await bench.says(KAY, "", location={"latitude": 51.461316, "longitude": -0.115624})
    (note,) = bench.texts(GROUP)
    place = bench.handler._office.world().nearest(0, 0).label
    assert f"about {place}" in note
    (told,) = bench.texts(KAY)
    assert place in told
    assert "999" in told
    lines = await bench.look(lambda unit: [one.text for one in unit.lines(case_id)])
    assert place in lines[-1]
    assert not any("51.46131" in str(call.params) for call in bench.made)


async def test_an_edit_is_relayed_as_a_change_and_read_for_danger(bench: Bench) -> None:
    await bench.says(KAY, "/start lambeth")
    await claimed(bench)
    number = await bench.says(KAY, "hes gone")
    bench.texts(GROUP)
    await bench.says(KAY, "hes back", edit=number)
    assert "changed to: hes back" in bench.texts(GROUP)[0]


async def test_a_danger_in_an_edit_pages(bench: Bench) -> None:
    number = await bench.says(KAY, "hello")
    bench.texts(KAY)
    await bench.says(KAY, "he has a knife", edit=number)
    assert any("#1 EMERGENCY" in text for text in bench.texts(GROUP))


async def test_an_answer_to_one_message_shows_which(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    mine = await bench.says(KAY, "my mum is here")
    words = "are you hurt, or is <anybody> else there with you who could be hurt now?"
    await bench.staff(SAM, words, reply_to=relay)
    sent = bench.id_of(bench.calls(KAY, role="relay-out")[0])
    bench.texts(GROUP)
    for target, shown in ((sent, "answers our “are you hurt, or is &lt;anybody&gt;"),
                          (mine, "answers their own “my mum is here”"),
                          (7, "answers a message of the bot's")):  # fmt: skip
        answered = raw.message(raw.private_chat(KAY), raw.BOT, bench.date, target, text="x")
        await bench.says(KAY, "no", reply_to_message=answered)
        (text,) = bench.texts(GROUP)
        assert shown in text
        assert text.endswith("no")


async def test_a_reaction_is_shown_to_staff(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    await bench.staff(SAM, "well done", reply_to=relay)
    sent = bench.id_of(bench.calls(KAY, role="relay-out")[0])
    await bench.reacts(KAY, sent, "\N{BLACK HEART SUIT}")
    assert "reacted to “well done”" in bench.texts(GROUP)[0]
    await bench.reacts(KAY, sent)
    assert "took the reaction to “well done” away" in bench.texts(GROUP)[0]
    await bench.reacts(KAY, 7, "\N{THUMBS UP SIGN}")
    assert "a message of the bot's" in bench.texts(GROUP)[0]
    await bench.reacts(5002, 7, "\N{THUMBS UP SIGN}")
    assert bench.texts(GROUP) == []


async def test_blocking_is_said_once_however_it_is_noticed(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    bench.refuse = lambda call: Never("blocked") if call.chat_id == KAY else None
    kicked = raw.membership(
        raw.private_chat(KAY), raw.user(KAY), bench.date, "kicked", until_date=0
    )
    await bench.receives(kicked, f"c:{KAY}")
    await bench.staff(SAM, "hello?", reply_to=relay)
    texts = [text for text in bench.texts(GROUP) if "blocked the bot" in text]
    assert len(texts) == 1
    card = bench.calls(GROUP, "editMessageText")[-1].params["text"]
    assert "replies do not arrive" in card


async def test_a_deleted_account_is_noticed_by_whatever_does_not_arrive(bench: Bench) -> None:
    await claimed(bench)
    bench.refuse = lambda call: Never("deactivated") if call.chat_id == KAY else None
    await bench.presses(SAM, "release:1")
    assert any("account is deleted" in text for text in bench.texts(GROUP))
