"""`/duty`, the end of a shift, and cases that fall asleep."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.cases.plan import DeskPlan, Shift
from bot.delivery.model import Never
from bot.telegram.shifts import plan_shift_end
from tests.telegram import updates as raw
from tests.telegram.desk_bench import ON_CALL, Bench
from tests.telegram.test_desk_time import ALI, BEA, FRIDAY, JO, KAY, NIGHT, PLAN, SAM, bench_at

LEE, GROUP = 5002, raw.GROUP
DAY = Shift((SAM, ALI), time(10), time(14), frozenset(range(5)))
ROTA = replace(PLAN, shifts=(*PLAN.shifts, DAY, Shift((BEA,), time(14), time(18), DAY.days)))


async def started(now: datetime, plan: DeskPlan) -> Bench:
    bench = bench_at(now, plan)
    await bench.start()
    await bench.look(lambda unit: plan_shift_end(bench.handler.job(unit)))
    bench.wakers.wake_all()
    return bench


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = await started(FRIDAY, ROTA)
    yield bench
    await bench.stop()


@pytest.fixture
async def bare() -> AsyncIterator[Bench]:
    """No plan: two numbers in the settings."""
    bench = await started(NIGHT, DeskPlan())
    yield bench
    await bench.stop()


async def test_duty_says_who_is_on_who_is_called_and_who_comes_next(bench: Bench) -> None:
    await bench.staff(SAM, "/duty")
    (shown,) = bench.texts(GROUP)
    assert "<b>Sam</b>, worker, everywhere, until" in shown
    assert "Next: <b>Bea</b>, worker" in shown
    assert "Next: <b>Ali</b>, on call, tonight 18:00" in shown
    assert "When nobody in the group takes a case: Sam, Ali" in shown
    assert "After that: Jo" in shown


async def test_without_a_plan_duty_names_who_is_called(bare: Bench) -> None:
    await bare.staff(SAM, "/duty")
    (shown,) = bare.texts(GROUP)
    assert "nobody has put themselves on" in shown
    assert "takes a case: the on-call worker" in shown
    assert "After that: the safeguarding lead" in shown


async def test_on_duty_by_hand_without_a_rota_until_the_hours_are_over(bare: Bench) -> None:
    await bare.staff(SAM, "/duty on 2")
    assert "is on duty until tomorrow 01:00" in bare.texts(GROUP)[0]
    assert "You are on duty until" in bare.texts(SAM)[0]
    await bare.says(KAY, "he has a knife")
    await bare.wait(301)
    assert "he has a knife" in bare.texts(SAM)[0]
    assert "he has a knife" in bare.texts(ON_CALL)[0]
    await bare.presses(ALI, "claim:1", name="Ali")
    await bare.says(SAM, "on my way")
    assert "goes to nobody" in bare.texts(SAM)[0]
    bare.texts(GROUP)
    await bare.wait(2 * 3600)
    over = [text for text in bare.texts(GROUP) if "duty" in text]
    assert "The duty of <b>Sam</b> is over." in over[0]
    assert "Nobody is on duty now. Nobody is on the rota" in over[1]


async def test_a_worker_on_duty_who_never_pressed_start_is_told_at_once(bare: Bench) -> None:
    bare.refuse = lambda call: Never("not-started") if call.chat_id == SAM else None
    await bare.staff(SAM, "/duty on")
    assert any("I can't write to <b>Sam</b>" in text and "@helper_bot" in text
               for text in bare.texts(GROUP))  # fmt: skip


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("/duty on 25", "24 at most"), ("/duty on zero", "24 at most"), ("/duty maybe", "at most"),
        ("/duty on 0", "24 at most"), ("/duty off now", "24 at most"), ("/duty on -3", "at most"),
        ("/duty off", "you are not on duty"), ("/duty ON 1.5h", "until tomorrow 00:30"),
        ("/duty on 1 hour", "until tomorrow 00:00"), ("/duty on", "until tomorrow 07:00"),
    ],
)  # fmt: skip
async def test_what_may_be_written_after_duty(bare: Bench, said: str, answered: str) -> None:
    await bare.staff(SAM, said)
    assert answered in bare.texts(GROUP)[0]


async def test_on_again_replaces_and_off_ends_what_was_set_by_hand(bare: Bench) -> None:
    await bare.staff(SAM, "/duty on 1")
    await bare.staff(SAM, "/duty on 3")
    bare.texts(GROUP)
    await bare.wait(3700)
    assert bare.texts(GROUP) == []
    await bare.staff(SAM, "/duty off")
    assert "<b>Sam</b> is off duty." in bare.texts(GROUP)[0]
    await bare.wait(3 * 3600)
    assert bare.texts(GROUP) == []


async def test_off_in_a_shift_holds_to_its_end_and_nobody_of_that_name_is_called() -> None:
    bench = await started(NIGHT, ROTA)
    await bench.staff(ALI, "/duty off", name="Ali")
    texts = bench.texts(GROUP)
    assert "Nobody is on duty now. Next on: Ali" in texts[1]
    await bench.says(KAY, "he has a knife")
    assert bench.texts(ALI) == []
    assert "he has a knife" in bench.texts(JO)[0]
    await bench.staff(ALI, "/duty on", name="Ali")
    assert "until tomorrow 10:00" in bench.texts(GROUP)[-1]
    await bench.stop()


async def test_at_the_end_of_a_shift_the_cases_of_those_who_go_are_offered(bench: Bench) -> None:
    await bench.says(KAY, "he hit me")
    await bench.says(LEE, "he has a knife")
    await bench.presses(SAM, "claim:1")
    await bench.presses(BEA, "claim:2", name="Bea")
    bench.texts(GROUP)
    await bench.wait(2 * 3600 - 60)
    assert not any("Hand-over" in text for text in bench.texts(GROUP))
    await bench.wait(60)
    texts = bench.texts(GROUP)
    (summary,) = [text for text in texts if "Hand-over" in text]
    assert "Hand-over: Sam" in summary
    assert "#1" in summary
    assert "#2" not in summary
    assert "open for 2 h" in summary or "open for 1 h" in summary
    assert any("Sam goes off. Who takes it?" in text for text in texts)
    assert await bench.presses(BEA, "claim:1", name="Bea") == "You have #1."
    case = await bench.look(lambda unit: unit.load_case(1))
    assert (case.worker.id, case.offered_at) == (BEA, None)
    assert "is taking over" in bench.texts(KAY)[-1]


async def test_a_case_that_was_offered_is_not_taken_from_the_one_who_keeps_it(
    bench: Bench,
) -> None:
    await bench.says(KAY, "he hit me")
    card = bench.id_of(bench.new(GROUP)[0])
    await bench.staff(SAM, "i am here", reply_to=card)
    await bench.staff(SAM, "/handover")
    assert "Hand-over: Sam" in bench.texts(GROUP)[-2]
    assert "already" in await bench.presses(SAM, "claim:1")
    assert "Only Sam" in await bench.presses(BEA, "stay:1", name="Bea")
    assert await bench.presses(SAM, "stay:1") == "You keep #1."
    assert "already has" in await bench.presses(BEA, "claim:1", name="Bea")


async def test_handover_with_nothing_to_hand_over(bench: Bench) -> None:
    await bench.staff(SAM, "/handover")
    assert "Sam, you have no open cases." in bench.texts(GROUP)[0]
    await bench.wait(2 * 3600 + 5)
    assert bench.texts(GROUP) == []


async def test_ends_of_shifts_while_the_bot_was_down_are_caught_up_once() -> None:
    bench = await started(FRIDAY, ROTA)
    await bench.says(KAY, "he hit me")
    await bench.presses(SAM, "claim:1")
    await bench.stop()
    bench.clock._now += timedelta(hours=5)
    await bench.look(lambda unit: plan_shift_end(bench.handler.job(unit)))
    await bench.start()
    await bench.wait(10)
    assert sum("Hand-over" in text for text in bench.texts(GROUP)) == 1
    await bench.wait(3600)
    assert not any("Hand-over" in text for text in bench.texts(GROUP))
    await bench.stop()


@pytest.mark.parametrize("press", ["go-on:1", "close:1"])
async def test_a_case_in_which_nobody_writes_is_asked_about(bench: Bench, press: str) -> None:
    await bench.says(KAY, "he hit me")
    card = bench.id_of(bench.new(GROUP)[0])
    await bench.staff(SAM, "i am here", reply_to=card)
    await bench.wait(4 * 3600)
    await bench.says(KAY, "thank you")
    await bench.staff(SAM, "take care", reply_to=card)
    bench.texts(GROUP)
    await bench.wait(4 * 3600)
    assert not any("is it over" in text for text in bench.texts(GROUP))
    await bench.wait(3600 + 60)
    (asked,) = [text for text in bench.texts(GROUP) if "is it over" in text]
    assert "Nobody has written for 5 h. Sam" in asked
    answer = await bench.presses(SAM, press)
    assert ("stays open" if press == "go-on:1" else "How did it end") in answer


async def test_a_case_that_was_closed_is_not_asked_about() -> None:
    bench = await started(FRIDAY.astimezone(UTC), ROTA)
    await bench.says(KAY, "he hit me")
    await bench.presses(SAM, "claim:1")
    await bench.presses(SAM, "end:1:safe")
    bench.texts(GROUP)
    await bench.wait(6 * 3600)
    assert not any("is it over" in text for text in bench.texts(GROUP))
    await bench.stop()
