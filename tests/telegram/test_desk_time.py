"""A desk with a plan: chains by level, out of hours, at night, and people who cannot be reached."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.cases.chain import Chain, Chains
from bot.cases.plan import Clocks, DeskPlan, Levels, Member, Opening, Quiet, Shift
from bot.delivery.model import Never
from intents.model import Danger, Decision, Kind, Understanding, Urgency
from tests.conversation.small_world import meant, paged, small_world
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench

KAY, SAM, ALI, JO, BEA, GROUP = 5001, 9001, 9002, 9003, 9004, raw.GROUP
WEEK, ALWAYS = frozenset(range(5)), frozenset(range(7))
PEOPLE = (
    Member(SAM, "Sam"), Member(ALI, "Ali", on_call=True), Member(BEA, "Bea", on_call=True),
    Member(JO, "Jo", lead=True),
)  # fmt: skip
PLAN = DeskPlan(
    members=PEOPLE,
    shifts=(Shift((ALI,), time(18), time(10), ALWAYS, role="on-call"),),
    hours=(Opening(WEEK, time(10), time(18)),),
    quiet=Quiet(time(22), time(8)),
    chains=Chains(Chain(1, 3, 5, 5), Chain(10, 20, 30, 30), Chain(60, 120, 180, 180)),
    clocks=Clocks(Levels(2, 4, 8), Levels(3, 6, 9), closing_hours=5),
)
FRIDAY = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 27, 23, 0, tzinfo=UTC)
DANGERS = {"knife": paged(), "hit": paged(Kind.ABUSE, Urgency.URGENT)}


def understand(text: str) -> Understanding:
    danger = next((found for word, found in DANGERS.items() if word in text), Danger())
    return meant(text, "out-of-scope", decision=Decision.FALLBACK, danger=danger)


def bench_at(now: datetime, plan: DeskPlan = PLAN, **values: object) -> Bench:
    world = replace(small_world(), understand=understand, plan=lambda: plan)
    return Bench(world, now=now, **values)  # type: ignore[arg-type]


@pytest.fixture
async def day() -> AsyncIterator[Bench]:
    bench = bench_at(FRIDAY)
    await bench.start()
    yield bench
    await bench.stop()


@pytest.fixture
async def night() -> AsyncIterator[Bench]:
    bench = bench_at(NIGHT)
    await bench.start()
    yield bench
    await bench.stop()


async def test_by_day_the_group_is_called_first_and_each_level_at_its_own_time(day: Bench) -> None:
    await day.says(KAY, "he hit me")
    assert day.texts(ALI) == []
    await day.wait(590)
    day.texts(GROUP)
    await day.wait(10)
    assert "Nobody has it after 10 min" in day.texts(GROUP)[0]
    await day.says(KAY, "he has a knife")  # after 10 minutes an emergency's every step is due
    assert any("Safeguarding lead" in text for text in day.texts(JO))
    assert sum("Still no answer" in text for text in day.texts(KAY)) == 1


async def test_by_day_with_nobody_on_call_the_lead_is_called_at_once(day: Bench) -> None:
    await day.says(KAY, "he has a knife")
    await day.wait(181)
    assert day.texts(ALI) == []
    assert "he has a knife" in day.texts(JO)[0]
    assert any("Nobody is on call now, so Jo is called at once" in text
               for text in day.texts(GROUP))  # fmt: skip


async def test_at_night_the_one_on_call_is_called_at_once(night: Bench) -> None:
    await night.says(KAY, "he has a knife")
    (alert,) = night.texts(ALI)
    assert "you are called first" in alert
    assert "he has a knife" in alert
    assert night.texts(BEA) == []
    told = "\n".join(night.texts(KAY))
    assert "Nobody from the team is usually there before Monday 10:00" in told
    assert "trying to reach the person on call" in told
    await night.wait(60)
    assert night.texts(ALI) == []
    await night.wait(120)
    (again,) = night.texts(ALI)
    assert "t.me/c/" in again
    assert "nobody from the team has answered yet" in night.texts(KAY)[0]


async def test_at_night_a_calm_case_is_silent_and_waits_for_the_hours(night: Bench) -> None:
    await night.says(KAY, "/person")
    (card,) = night.calls(GROUP, "sendMessage")
    assert card.params["disable_notification"] is True
    assert "before Monday 10:00" in night.texts(KAY)[0]
    await night.wait(3 * 3600)
    assert night.texts(ALI) == []
    assert len(night.calls(GROUP, "sendMessage")) == 1
    await night.says(KAY, "he has a knife")
    assert "he has a knife" in night.texts(ALI)[0]
    (raised,) = night.calls(GROUP, "sendMessage")[1:2]
    assert "disable_notification" not in raised.params


async def test_danger_at_night_makes_a_sound(night: Bench) -> None:
    await night.says(KAY, "he has a knife")
    assert all("disable_notification" not in call.params
               for call in night.calls(GROUP, "sendMessage"))  # fmt: skip


async def test_by_day_people_are_told_the_hours_that_run(day: Bench) -> None:
    await day.says(KAY, "he has a knife")
    told = day.texts(KAY)[0]
    assert "usually there until" in told
    assert "18:00" in told
    assert "on call" not in told


@pytest.mark.parametrize(
    ("reason", "why"), [("not-started", "never pressed Start"), ("blocked", "have blocked me")]
)
async def test_who_cannot_be_reached_is_named_and_the_next_is_called_at_once(
    night: Bench, reason: str, why: str
) -> None:
    night.refuse = lambda call: Never(reason) if call.chat_id == ALI else None
    await night.says(KAY, "he has a knife")
    assert "he has a knife" in night.texts(JO)[0]
    named = [text for text in night.texts(GROUP) if "Ali could not be called" in text]
    assert len(named) == 1
    assert why in named[0]
    await night.wait(200)
    assert not any("could not be called" in text for text in night.texts(GROUP))  # once a case
    night.refuse = lambda call: None
    await night.staff(SAM, "/duty")
    assert any(why in text for text in night.texts(GROUP))
    await night.says(ALI, "/start", name="Ali")
    night.texts(GROUP)
    await night.staff(SAM, "/duty")
    assert why not in "\n".join(night.texts(GROUP))


async def test_where_nobody_at_all_is_reached_the_group_hears_it(night: Bench) -> None:
    night.refuse = lambda call: Never("blocked") if call.chat_id in (ALI, JO) else None
    await night.says(KAY, "he has a knife")
    assert any("could be reached" in text and "🚨" in text for text in night.texts(GROUP))


async def test_a_claim_stops_what_is_to_come(night: Bench) -> None:
    await night.says(KAY, "he has a knife")
    await night.presses(ALI, "claim:1", name="Ali")
    night.texts(ALI)
    await night.wait(110)
    assert night.texts(JO) == []
    assert night.texts(ALI) == []


async def test_a_worker_who_does_not_answer_is_noticed_by_level(day: Bench) -> None:
    await day.says(KAY, "he has a knife")
    await day.presses(SAM, "claim:1")
    day.texts(GROUP)
    await day.wait(115)
    assert day.texts(GROUP) == []
    await day.wait(10)
    assert "has waited 2 min for an answer from Sam" in day.texts(GROUP)[0]
    day.texts(KAY)
    await day.wait(120)
    (alert,) = day.texts(JO)  # nobody is on call by day
    assert "for an answer from Sam" in alert
    assert "has not answered for a while" in day.texts(KAY)[0]
    await day.presses(ALI, "claim:1", name="Ali")
    day.texts(JO)
    await day.wait(100)
    assert day.texts(JO) == []


async def test_the_next_answer_has_a_clock_of_its_own(day: Bench) -> None:
    await day.says(KAY, "he has a knife")
    card = day.id_of(day.new(GROUP)[0])
    await day.staff(SAM, "i am here", reply_to=card)
    await day.says(KAY, "are you there")
    day.texts(GROUP)
    await day.wait(170)
    assert day.texts(GROUP) == []
    await day.wait(15)
    assert "has waited 3 min" in day.texts(GROUP)[0]


async def test_when_the_bot_was_down_the_last_step_says_it_all() -> None:
    bench = bench_at(FRIDAY, replace(PLAN, shifts=()))
    await bench.start()
    await bench.says(KAY, "he has a knife")
    bench.texts(GROUP)
    bench.texts(KAY)
    await bench.stop()
    bench.clock._now += timedelta(hours=1)
    await bench.start()
    await bench.wait(5)
    assert [text.partition(":")[0] for text in bench.texts(GROUP)] == ["🚨 <b>Safeguarding lead"]
    assert len(bench.texts(ALI)) == len(bench.texts(BEA)) == len(bench.texts(JO)) == 1
    (told,) = bench.texts(KAY)
    assert "Still no answer" in told
    await bench.stop()


@pytest.mark.parametrize(
    "before",
    [datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 10, 25, 0, 59, tzinfo=UTC)],
)
async def test_clock_changes_neither_move_nor_double_a_step(before: datetime) -> None:
    bench = bench_at(before)
    await bench.start()
    await bench.says(KAY, "he has a knife")
    bench.texts(JO)
    bench.texts(ALI)
    await bench.wait(295)
    assert len(bench.texts(ALI)) == 1
    assert bench.texts(JO) == []
    await bench.wait(8)
    assert len(bench.texts(JO)) == 1
    await bench.wait(280)
    assert bench.texts(JO) == []
    await bench.stop()
