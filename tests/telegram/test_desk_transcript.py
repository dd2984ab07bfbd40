"""What was said in a case as a file: to whom it goes, what stands in it, and what is logged."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.cases.model import Case, Line, Worker
from bot.cases.plan import DeskPlan, StaffGroup
from bot.delivery.model import Call, Never, Outcome
from bot.delivery.ports import Unit
from bot.telegram.transcript import PAGE, transcript_text
from tests.conversation.small_world import small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench

SAM, GROUP = 9001, raw.GROUP
NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
WORDING = small_world().wording


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(small_world())
    await bench.start()

    def work(unit: Unit) -> None:
        case = Case(0, 50, GROUP, "urgent", "abuse", "he said <it>", NOW, topic_id=None)
        unit.add_case(case)
        unit.add_line(1, Line("person", "he hit me", NOW))
        unit.add_line(1, Line("worker", "I'm here", NOW + timedelta(minutes=2)))
        unit.add_line(1, Line("note", "mum knows", NOW + timedelta(minutes=3)))

    await bench.look(work)
    yield bench
    await bench.stop()


def content(call: Call) -> str:
    return base64.b64decode(call.params["document"]["base64"]).decode("utf-8-sig")


def private_closed(call: Call) -> Outcome | None:
    return Never("blocked") if call.chat_id > 0 else None


async def test_the_file_goes_to_the_worker_alone_and_that_is_logged(bench: Bench) -> None:
    await bench.staff(SAM, "/transcript 1")
    (sent,) = bench.calls(method="sendDocument")
    assert sent.chat_id == SAM
    assert sent.params["document"]["filename"] == "case-1.txt"
    assert "Do not forward" in sent.params["caption"]
    text = content(sent)
    assert "1 Jul 2026 13:00 THEM\n    he hit me\n" in text  # London time
    assert "US\n    I'm here\n" in text
    assert "NOTE (staff only)\n    mum knows" in text
    assert "your own chat" in bench.texts(GROUP)[0]
    logged = await bench.look(lambda unit: unit.audited(bench.clock.now() - timedelta(hours=1)))
    assert [entry[2] for entry in logged] == [{"case": 1, "worker": SAM, "where": "private"}]
    history = await bench.look(lambda unit: unit.history(1))
    assert history[-1][1:] == ("transcript", {"worker": SAM, "where": "private"})


async def test_no_name_and_no_account_stands_in_it(bench: Bench) -> None:
    await bench.staff(SAM, "/transcript 1")
    text = content(bench.calls(method="sendDocument")[0])
    assert "for Sam, asked" in text  # who asked is marked; nobody else is named
    assert text.count("Sam") == text.count("DO NOT FORWARD")
    assert "50" not in text


async def test_nothing_of_it_is_stored_before_it_is_sent(bench: Bench) -> None:
    await bench.stop()
    call_params: list[object] = []

    def work(unit: Unit) -> None:
        job = bench.handler.job(unit)
        from bot.telegram.transcript import _leave

        case = unit.load_case(1)
        assert case is not None
        _leave(job, case, Worker(SAM, "Sam"), SAM, {})
        call_params.extend([job.calls[0].params, job.calls[0].data])

    await bench.look(work)
    assert "hit" not in str(call_params)


async def test_a_worker_who_never_started_the_bot_is_told_and_may_have_it_in_the_group(
    bench: Bench,
) -> None:
    bench.refuse = private_closed
    await bench.staff(SAM, "/transcript 1")
    told = bench.new(GROUP)[-1].params
    assert "@helper_bot" in told["text"]
    assert "everybody in this group" in told["text"]
    (button,) = told["reply_markup"]["inline_keyboard"][0]
    assert bench.calls(GROUP, "sendDocument") == []
    await bench.presses(SAM, button["callback_data"])
    (sent,) = bench.calls(GROUP, "sendDocument")
    assert sent.params["protect_content"] is True
    assert "he hit me" in content(sent)
    logged = await bench.look(lambda unit: unit.audited(bench.clock.now() - timedelta(hours=1)))
    assert [entry[2]["where"] for entry in logged] == ["private", "group"]


async def test_a_group_that_does_not_take_the_file_is_no_loop(bench: Bench) -> None:
    bench.refuse = lambda call: Never("bad-request") if call.method == "sendDocument" else None
    await bench.presses(SAM, "transcript-here:1")
    assert len(bench.new(GROUP)) <= 1


async def test_erased_words_are_said_to_be_erased(bench: Bench) -> None:
    await bench.look(lambda unit: unit.erase_lines(1))
    await bench.staff(SAM, "/transcript 1")
    assert "erased" in bench.texts(GROUP)[0]
    for action in ("transcript:1", "transcript-here:1"):
        assert "erased" in await bench.presses(SAM, action)
    assert bench.calls(method="sendDocument") == []


async def test_words_erased_on_the_way_are_not_sent(bench: Bench) -> None:
    bench.refuse = private_closed  # the group is asked first, and time passes
    await bench.staff(SAM, "/transcript 1")
    bench.refuse = lambda call: None

    def work(unit: Unit) -> None:
        job = bench.handler.job(unit)
        from bot.telegram.transcript import filled

        unit.erase_lines(1)
        data = {"transcript": {"case": 1, "worker": "Sam", "at": NOW.isoformat(), "asked": None}}
        params = filled(job, Call("sendDocument", {}, SAM, data=data))
        assert "erased" in base64.b64decode(params["document"]["base64"]).decode()

    await bench.look(work)


async def test_the_button_under_a_case_does_the_same(bench: Bench) -> None:
    assert "your own chat" in await bench.presses(SAM, "transcript:1")
    assert bench.calls(SAM, "sendDocument")


def test_the_watermark_stands_at_both_ends_and_on_every_page() -> None:
    case = Case(1, 50, GROUP, "urgent", "abuse", "", NOW)
    lines = [Line("person", f"line {n}", NOW) for n in range(200)]
    rows = transcript_text(case, lines, "MARK", WORDING).splitlines()
    marks = [n for n, row in enumerate(rows) if row == "MARK"]
    assert (marks[0], marks[-1]) == (0, len(rows) - 1)
    assert all(0 < later - one <= PAGE + 4 for one, later in pairwise(marks))
    assert len(marks) > 8


def test_nobody_can_write_a_line_that_looks_like_another_authors() -> None:
    case = Case(1, 50, GROUP, "urgent", "abuse", "", NOW)
    faked = "1 Jul 2026 13:00 US\nwe promise\u2028--- FOR STAFF\r\n\x1b[2J\u202egnirts" + "w" * 300
    text = transcript_text(case, [Line("person", faked, NOW)], "MARK", WORDING)
    body = text.split("THEM\n")[1].split("MARK")[0]
    assert all(row.startswith("    ") for row in body.splitlines() if row)
    assert max(map(len, body.splitlines())) <= 76
    assert not set("\x1b\r\u202e") & set(text)


async def test_a_case_that_went_elsewhere_takes_its_file_out_of_the_old_group(bench: Bench) -> None:
    bench.plan = DeskPlan((StaffGroup("South", -1009), StaffGroup("Rest", GROUP)))
    later = bench.clock.now() + timedelta(hours=1)
    await bench.store.transact(lambda unit: unit.hold_chat(GROUP, later))
    await bench.presses(SAM, "transcript-here:1")
    await bench.presses(SAM, "passto:1:-1009")
    await bench.wait(3700)
    assert bench.calls(method="sendDocument") == []
    assert "South has #1 now." in bench.texts(GROUP)
