"""/stats and the Monday report: asked for, on time, with and without its picture."""

from __future__ import annotations

import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from PIL import Image

from bot.cases.figures import KINDS, OUTCOMES, Past, figures
from bot.cases.model import Case, Status
from bot.delivery.model import Never
from bot.delivery.ports import Unit
from bot.telegram import drawing, reporter
from bot.telegram.digest import next_monday
from bot.telegram.render import LONGEST, units
from bot.telegram.report import NEXT, plan_report, weeks_of
from bot.telegram.reporter import DrawingError, drawn_aside
from bot.telegram.sheet import CAPTION, Sheet, make_sheet, sheet_text
from tests.conversation.small_world import small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench

SAM, GROUP = 9001, raw.GROUP
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
WORDING = small_world().wording
WEEKS = timedelta(weeks=4)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(small_world())
    await bench.start()
    yield bench
    await bench.stop()


def pasts(number: int, seed: int = 1, now: datetime = NOW) -> list[Past]:
    """Cases of the last weeks, as they may be."""
    chance, found = Random(seed), []
    for n in range(number):
        opened = now - WEEKS * chance.random()
        closed = chance.random() < 0.9
        kind = chance.choice(KINDS[: 1 + seed % len(KINDS)])
        found.append(Past(Case(
            n + 1, chance.randrange(1, number + 1), GROUP, "urgent",
            None if kind in ("none", "any") else kind, "", opened,
            Status.CLOSED if closed else Status.OPEN,
            claimed_at=opened + timedelta(minutes=chance.randrange(20)),
            first_answer_at=opened + timedelta(minutes=chance.randrange(1, 90)),
            outcome=chance.choice(OUTCOMES[:-2]) if closed else None,
            asked_for_person=kind == "none",
        )))  # fmt: skip
    return found


def sheet_of(found: list[Past]) -> Sheet:
    still = [past.case for past in found if past.case.status is not Status.CLOSED]
    return make_sheet(figures(found, still, NOW - WEEKS, NOW), 4, WORDING)


async def fill(bench: Bench, number: int) -> None:
    now = bench.clock.now()

    def work(unit: Unit) -> None:
        for past in sorted(pasts(number, now=now), key=lambda past: past.case.opened_at):
            unit.add_case(past.case)

    await bench.look(work)


async def test_stats_come_as_a_picture_with_its_text(bench: Bench) -> None:
    await fill(bench, 120)
    number = await bench.staff(SAM, "/stats", topic=44)
    (sent,) = bench.calls(GROUP, "sendPhoto")
    assert sent.params["photo"]["filename"] == "report.png"
    assert "last 4 weeks" in sent.params["caption"]
    assert "about 120</b> cases opened" in sent.params["caption"]
    assert sent.params["message_thread_id"] == 44
    assert sent.params["reply_parameters"]["message_id"] == number
    assert len(bench.drawn) == 1


async def test_a_figure_is_of_the_time_asked_for(bench: Bench) -> None:
    await fill(bench, 120)
    await bench.staff(SAM, "/stats 1 week")
    caption = bench.calls(GROUP, "sendPhoto")[0].params["caption"]
    assert "last 7 days" in caption
    assert "about 120" not in caption


@pytest.mark.parametrize(
    ("typed", "weeks"),
    [("", 4), ("1", 1), ("12 weeks", 12), ("3w", 3), ("52", 52), ("53", None), ("0", None),
     ("-1", None), ("٣", None), ("all", None), ("4.5", None), ("9999", None)],
)  # fmt: skip
def test_how_many_weeks(typed: str, weeks: int | None) -> None:
    assert weeks_of(typed) == weeks


async def test_what_is_no_number_of_weeks_is_explained(bench: Bench) -> None:
    await bench.staff(SAM, "/stats for ever")
    assert "from 1 to 52" in bench.texts(GROUP)[0]
    assert bench.calls(GROUP, "sendPhoto") == []


async def test_a_drawing_that_fails_sends_the_text_alone(bench: Bench) -> None:
    async def broken(_sheet: Sheet) -> bytes:
        raise DrawingError("no room")

    bench.reporter._draw = broken
    await fill(bench, 400)
    await bench.staff(SAM, "/stats")
    (text,) = bench.texts(GROUP)
    assert "cases opened" in text
    assert "How it ended" in text
    assert "could not be drawn" in text
    assert bench.calls(GROUP, "sendPhoto") == []


async def test_a_group_that_takes_no_pictures_gets_the_text(bench: Bench) -> None:
    bench.refuse = lambda call: Never("not-enough-rights") if call.method == "sendPhoto" else None
    await bench.staff(SAM, "/stats")
    (text,) = bench.texts(GROUP)
    assert "none</b> cases opened" in text
    assert "All is well" not in text
    assert "does not prove that all is well" in text
    assert bench.handler.reachable == {"staff": True}  # words get in, so it is not given up


def wanted(bench: Bench, yes: bool) -> None:
    bench.handler._office = replace(bench.handler._office, report=yes)


async def test_it_comes_each_monday_quietly_and_survives_a_restart(bench: Bench) -> None:
    wanted(bench, True)
    await bench.look(lambda unit: plan_report(bench.handler.job(unit)))
    due = next_monday(bench.clock.now())
    await bench.look(lambda unit: plan_report(bench.handler.job(unit)))  # started again
    await bench.clock.advance((due - bench.clock.now()).total_seconds() - 60)
    assert bench.calls(GROUP, "sendPhoto") == []
    await bench.wait(70)
    (sent,) = bench.calls(GROUP, "sendPhoto")
    assert sent.params["disable_notification"] is True
    assert await bench.look(lambda unit: unit.get_meta(NEXT)) == (
        next_monday(bench.clock.now()).isoformat()
    )


async def test_it_can_be_switched_off(bench: Bench) -> None:
    wanted(bench, True)
    await bench.look(lambda unit: plan_report(bench.handler.job(unit)))
    wanted(bench, False)
    await bench.look(lambda unit: plan_report(bench.handler.job(unit)))
    assert await bench.look(lambda unit: unit.next_timer()) is None


SMALL = re.compile(r"(?<![\d:–-])[1-4](?![\d:–-])(?! (?:min|h|days|weeks|October|November))")


@pytest.mark.parametrize("number", [0, 1, 4, 5, 9, 10, 23, 40, 77, 400])
@pytest.mark.parametrize("seed", [1, 6, 14])
def test_no_small_number_stands_anywhere(number: int, seed: int) -> None:
    sheet = sheet_of(pasts(number, seed))
    words = " ".join(
        [sheet.first.value, *(t.value for t in sheet.tiles), *sheet.lines]
        + [bar.value for chart in sheet.charts for bar in chart.bars]
    )
    assert SMALL.findall(words) == [], words
    text = sheet_text(sheet, WORDING, CAPTION)
    assert units(text) <= CAPTION
    assert units(sheet_text(sheet, WORDING, LONGEST)) <= LONGEST


@pytest.mark.parametrize("number", [0, 3, 40, 400])
async def test_the_picture_is_drawn_aside_and_is_upright(number: int) -> None:
    sheet = sheet_of(pasts(number, 14))
    picture = Image.open(io.BytesIO(await drawn_aside(sheet)))
    width, height = picture.size
    assert width == 1080
    assert height < 2.4 * width
    assert (height > width) == (number >= 40)


async def test_a_drawing_that_hangs_or_breaks_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporter, "DRAWN_WITHIN_S", 0.0)
    with pytest.raises(DrawingError, match="not drawn within"):
        await drawn_aside(sheet_of([]))
    monkeypatch.setattr(reporter, "DRAWN_WITHIN_S", 60.0)
    broken = replace(sheet_of([]), first=None)  # type: ignore[arg-type]
    with pytest.raises(DrawingError, match="ended with 1"):
        await drawn_aside(broken)
    monkeypatch.setattr(reporter.sys, "executable", "/no/such/python")
    with pytest.raises(DrawingError, match="no process"):
        await drawn_aside(sheet_of([]))


def test_odd_and_long_words_do_not_break_the_picture() -> None:
    sheet = json.loads(json.dumps(sheet_of(pasts(400, 14)).to_dict()))
    for chart in sheet["charts"]:
        for bar in chart["bars"]:
            bar["label"], bar["value"] = "🗡️ word" * 40, "123456"
    sheet["title"] = "x" * 400
    assert drawing.draw(sheet)[:4] == b"\x89PNG"
    assert drawing.drawable("a–b 🗡 é") == "a-b  e"
