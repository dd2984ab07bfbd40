"""The weekly digest: one quiet message on Mondays, within the limit, and off when unwanted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.conversation.world import World
from bot.delivery.ports import Unit
from bot.storage.memory import MemoryStore
from bot.telegram.digest import NEXT, digest_text, next_monday, plan_digest, send_digest
from bot.telegram.office import Job, Office
from bot.telegram.render import LONGEST, units
from directory.model import Confidence, FrontDoor
from tests.conversation.small_world import SURE, helpline, service, small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)  # a Friday
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
OLD = replace(SURE, seen="2020-01", seen_on=date(2020, 1, 1))


def world_of(*services: object, doors: tuple[FrontDoor, ...] = ()) -> World:
    return replace(
        small_world(),
        services={one.id: one for one in services},  # type: ignore[attr-defined]
        front_doors={door.borough: door for door in doors},
    )


async def text_of(
    world: World, *counts: tuple[str, str, str, int], done: dict[str, int] | None = None
) -> str:
    store = MemoryStore()
    office = Office(lambda: world, raw.GROUP, None, digest=True, wrong_done=lambda: done or {})  # type: ignore[arg-type]

    def work(unit: Unit) -> str:
        for row in counts:
            unit.count(*row)
        return digest_text(Job(office, world, unit, NOW))

    return await store.transact(work)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (NOW, MONDAY),
        (MONDAY, MONDAY + timedelta(days=7)),
        (MONDAY - timedelta(minutes=1), MONDAY),
        # Nine in London is eight in UTC before the clocks go back, and nine after.
        (datetime(2026, 10, 19, 8, 1, tzinfo=UTC), datetime(2026, 10, 26, 9, 0, tzinfo=UTC)),
        (datetime(2026, 10, 18, 23, 30, tzinfo=UTC), datetime(2026, 10, 19, 8, 0, tzinfo=UTC)),
    ],
)
def test_the_next_monday_at_nine_in_london(now: datetime, due: datetime) -> None:
    assert next_monday(now) == due


async def test_stale_entries_are_counted_by_place_the_front_doors_first() -> None:
    door = FrontDoor("Lambeth", "MASH & more", "020 7946 0001", None, None, None, OLD)
    world = world_of(service("old-club", assurance=OLD), service("fresh"), doors=(door,))
    text = await text_of(world)
    assert "Past their check date: 2 of 3</b> (Lambeth 2)" in text
    rows = [line for line in text.splitlines() if "last seen" in line]
    assert rows == [
        "• MASH &amp; more (Lambeth), last seen 2020-01: 020 7946 0001",
        "• Old Club (Lambeth), last seen 2020-01: 020 7946 0000",
    ]


async def test_gaps_and_what_is_only_unsure_are_named() -> None:
    unsure = replace(SURE, confidence=Confidence.LOW)
    shaky = service("shaky", kinds=("eating",), borough=None, coverage="London", assurance=unsure)
    text = await text_of(world_of(shaky))
    assert "<b>Nothing that fits</b>" in text
    assert "all eight boroughs" in text
    assert "• and 16 more" in text
    assert "<b>Only what may not be running</b>\n• Eating and body image, age 11 to 25" in text


async def test_what_nobody_could_answer_hides_small_numbers_and_old_ones() -> None:
    world = world_of(helpline("line", "eating", phone="116 123"))
    text = await text_of(
        world,
        ("unmet", "find-activities+find-mentor/Lambeth", "2026-11-25", 7),
        ("unmet", "housing/Barnet", "2026-11-26", 3), ("unmet", "family/Brent", "2026-11-26", 2),
        ("unmet", "housing/anywhere", "2026-11-20", 50), ("not-understood", "all", "2026-11-27", 9),
    )  # fmt: skip
    assert "• Things to do, A mentor, Lambeth: 7 times" in text
    assert "• others: 5" in text
    assert "• messages that were not understood: 9" in text
    assert "Barnet" not in text
    assert "50" not in text


async def test_wrong_entries_come_until_they_are_done() -> None:
    world = world_of(service("spark"), service("seen-to"))
    day = "2026-10-01"
    numbers = (("spark", 2), ("seen-to", 1), ("not-in-the-directory", 9))
    counts = [("wrong-entry", name, day, number) for name, number in numbers]
    text = await text_of(world, *counts, done={"seen-to": 1})
    assert "• Spark: 2 (last 2026-10-01)" in text
    assert "Seen To" not in text
    text = await text_of(world, *counts, done={"seen-to": 1, "spark": 2})
    assert "Reported as wrong:</b> nothing that waits." in text


async def test_it_is_one_message_however_long_the_names_are() -> None:
    aged = replace(OLD, seen="é" * 900)
    boroughs = ("Brent", "Lambeth", "Hackney")
    many = [
        replace(service(f"s{n}", assurance=aged, borough=boroughs[n % 3]), name="&<>" * 60)
        for n in range(400)
    ]
    reports = [("wrong-entry", f"s{n}", "2026-11-25", n + 1) for n in range(400)]
    unmet = [("unmet", f"housing/{'x' * 300}{n}", "2026-11-25", 9) for n in range(60)]
    text = await text_of(world_of(*many), *reports, *unmet)
    assert 1000 < units(text) <= LONGEST
    assert "run_bot.py stale" in text


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(world_of(service("old-club", assurance=OLD)))
    await bench.start()
    yield bench
    await bench.stop()


def wanted(bench: Bench, on: bool) -> None:
    bench.handler._office = replace(bench.handler._office, digest=on)


async def begin(bench: Bench) -> None:
    await bench.store.transact(lambda unit: plan_digest(bench.handler.job(unit)))
    bench.wakers.wake_all()


async def test_it_comes_each_monday_and_quietly(bench: Bench) -> None:
    wanted(bench, True)
    await begin(bench)
    due = next_monday(bench.clock.now())
    await bench.clock.advance((due - bench.clock.now()).total_seconds() - 60)
    assert bench.texts(raw.GROUP) == []
    await bench.wait(70)
    (text,) = bench.texts(raw.GROUP)
    assert "The directory this week" in text
    assert bench.made[-1].params["disable_notification"] is True
    await bench.clock.advance(timedelta(days=7).total_seconds())
    await bench.wait(10)
    assert len(bench.texts(raw.GROUP)) == 1


async def test_one_that_fell_due_while_the_bot_was_down_comes_once_at_the_start(
    bench: Bench,
) -> None:
    wanted(bench, True)
    late = (bench.clock.now() - timedelta(days=16)).isoformat()
    await bench.store.transact(lambda unit: unit.set_meta(NEXT, late))
    await begin(bench)
    await bench.wait(5)
    assert len(bench.texts(raw.GROUP)) == 1
    await begin(bench)
    await bench.wait(5)
    assert bench.texts(raw.GROUP) == []


async def test_switched_off_it_never_comes(bench: Bench) -> None:
    wanted(bench, True)
    await begin(bench)
    wanted(bench, False)
    await begin(bench)
    assert await bench.store.transact(lambda unit: unit.next_timer()) is None
    calls = await bench.store.transact(lambda unit: _sent(bench, unit))
    assert calls == 0


def _sent(bench: Bench, unit: Unit) -> int:
    job = bench.handler.job(unit)
    send_digest(job)
    return len(job.calls)
