"""Pictures and files from staff, and what a worker is called."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.delivery.model import Never
from bot.telegram import marks, names
from tests.conversation.small_world import small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench, knife_is_danger
from tests.telegram.test_desk_cases import ALI, GROUP, KAY, KNIFE, SAM
from tests.telegram.test_desk_relay import claimed


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(replace(small_world(), understand=knife_is_danger))
    await bench.start()
    yield bench
    await bench.stop()


@pytest.mark.parametrize("kind", ["picture", "video", "voice", "file"])
async def test_a_picture_goes_only_after_a_second_thought(bench: Bench, kind: str) -> None:
    relay, _ = await claimed(bench)
    number = await bench.staff(SAM, reply_to=relay, caption="the <map>", **raw.CONTENTS[kind])
    (asked,) = bench.texts(GROUP)
    assert "Send this to them?" in asked
    assert bench.calls(KAY, "copyMessage") == []
    assert "Only whoever wrote it" in await bench.presses(ALI, "pic-yes:1", "Ali")
    await bench.presses(SAM, "pic-yes:1")
    (copy,) = bench.calls(KAY, "copyMessage")
    assert (copy.params["from_chat_id"], copy.params["message_id"]) == (GROUP, number)
    assert copy.params["caption"] == "<b>Sam from the team:</b>\nthe &lt;map&gt;"
    assert bench.mark(number) == marks.DELIVERED
    assert "On its way" in bench.calls(GROUP, "editMessageText")[-1].params["text"]
    assert "decided already" in await bench.presses(SAM, "pic-no:1")
    lines = await bench.look(lambda unit: unit.lines(1))
    assert lines[-1].text == "(picture or file) the <map>"


async def test_a_picture_that_is_not_to_go_stays(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    number = await bench.staff(SAM, reply_to=relay, photo=raw.PHOTO)
    await bench.presses(SAM, "pic-no:1")
    assert "decided already" in await bench.presses(SAM, "pic-yes:1")
    assert bench.calls(KAY, "copyMessage") == []
    bench.texts(GROUP)
    await bench.staff(ALI, "good choice", reply_to=number, name="Ali")
    assert "your own team" in bench.texts(GROUP)[0]


async def test_an_album_is_asked_about_once_and_goes_in_order(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    numbers = [
        await bench.staff(SAM, reply_to=relay, photo=raw.PHOTO, media_group_id="9")
        for _ in range(3)
    ]
    (asked,) = bench.texts(GROUP)
    assert "all of these" in asked
    await bench.presses(SAM, "pic-yes:1")
    await bench.wait(5)
    copies = bench.calls(KAY, "copyMessage")
    assert [copy.params["message_id"] for copy in copies] == numbers
    assert all(bench.mark(number) == marks.DELIVERED for number in numbers)


@pytest.mark.parametrize("kind", ["sticker", "contact", "poll", "other"])
async def test_what_cannot_go_is_refused_with_a_word(bench: Bench, kind: str) -> None:
    relay, _ = await claimed(bench)
    await bench.staff(SAM, reply_to=relay, **raw.CONTENTS[kind])
    assert "not sent" in bench.texts(GROUP)[0]
    assert bench.texts(KAY) == []


async def test_a_caption_that_is_too_long_is_refused_and_one_that_is_edited_follows(
    bench: Bench,
) -> None:
    relay, _ = await claimed(bench)
    await bench.staff(SAM, reply_to=relay, photo=raw.PHOTO, caption="x" * 1020)
    assert "too long" in bench.texts(GROUP)[0]
    number = await bench.staff(SAM, reply_to=relay, photo=raw.PHOTO, caption="here")
    await bench.presses(SAM, "pic-yes:1")
    await bench.staff(SAM, reply_to=relay, photo=raw.PHOTO, caption="there", edit=number)
    (edit,) = bench.calls(KAY, "editMessageCaption")
    assert "there" in edit.params["caption"]
    assert bench.mark(number) == marks.CHANGED


async def test_a_picture_is_checked_again_when_it_is_sent(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    number = await bench.staff(SAM, reply_to=relay, photo=raw.PHOTO)
    await bench.presses(SAM, "end:1:safe")
    assert "not sent" in await bench.presses(SAM, "pic-yes:1")
    assert bench.calls(KAY, "copyMessage") == []
    await bench.staff(SAM, "a reply to it", reply_to=number)
    assert "your own team" in bench.texts(GROUP)[-1]


async def test_a_picture_that_does_not_arrive_says_why(bench: Bench) -> None:
    relay, _ = await claimed(bench)
    number = await bench.staff(SAM, reply_to=relay, photo=raw.PHOTO)
    bench.refuse = lambda c: Never("message-gone") if c.method == "copyMessage" else None
    await bench.presses(SAM, "pic-yes:1")
    assert bench.mark(number) == marks.NOT_DELIVERED
    assert "not there any more" in bench.texts(GROUP)[-1]


async def test_a_chosen_name_is_what_young_people_read(bench: Bench) -> None:
    await bench.staff(SAM, "/name", name="Samantha 07700 900123 🔥")
    assert "<b>Samantha from the team</b>" in bench.texts(GROUP)[0]
    await bench.staff(SAM, "/name zoë", name="Samantha")
    assert "<b>Zoë from the team</b>" in bench.texts(GROUP)[0]
    await bench.says(KAY, KNIFE)
    bench.texts(KAY)
    await bench.presses(SAM, "claim:1", "Samantha")
    assert "<b>Zoë from the team</b> has read this" in bench.texts(KAY)[0]
    await bench.staff(SAM, "/name Mo", name="Samantha")
    case = await bench.look(lambda unit: unit.load_case(1))
    assert case.worker.name == "Mo"
    assert "Mo has this" in bench.calls(GROUP, "editMessageText")[-1].params["text"]


@pytest.mark.parametrize("name", ["@sam_k", "Sam Khan", "S4m", "x" * 21, "sam.k", "<b>"])
async def test_a_name_that_is_no_first_name_is_refused(bench: Bench, name: str) -> None:
    await bench.staff(SAM, f"/name {name}")
    assert "letters only" in bench.texts(GROUP)[0]
    assert await bench.look(lambda unit: unit.get_meta(f"worker-name:{SAM}")) is None


@pytest.mark.parametrize(
    ("account", "shown"),
    [("Sam", "Sam"), ("Mary Jane", "Mary Jane"), ("@sam_khan", "sam"), ("0770090", ""),
     ("🔥Ali🔥", "Ali"), ("<i>Al</i>", "i"), ("Anne-Marie O'Neil", "Anne-Marie O'Neil"),
     ("x" * 40, "x" * 20)],
)  # fmt: skip
def test_an_accounts_first_name_is_shown_by_its_letters(account: str, shown: str) -> None:
    assert names.shown(account) == shown
