"""The desk's plan: the example is good, every mistake is named with its line, all at once."""

from __future__ import annotations

import asyncio
from datetime import date, time
from pathlib import Path

import pytest

from bot.cases.plan import DeskPlan, DrillPlan
from bot.content.catalogue import ContentError
from bot.content.desk_file import LivePlan, load_desk
from bot.content.problems import Problem

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "desk.example.yaml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 27)
SMALL = """\
groups:
  - name: Staff
    chat: -1001
people:
  - name: Jo
    id: 7
    roles: lead, worker
"""


def read(tmp_path: Path, text: str) -> tuple[DeskPlan | None, list[Problem]]:
    path = tmp_path / "desk.yaml"
    path.write_text(text, encoding="utf-8")
    return load_desk(path, ROOT, TODAY)


def test_the_example_is_good() -> None:
    plan, problems = load_desk(ROOT / "desk.example.yaml", ROOT, TODAY)
    assert plan is not None
    assert [str(problem) for problem in problems] == []
    assert plan.groups[0].boroughs == {"Lambeth", "Southwark", "Croydon"}
    assert plan.is_lead(333333333)
    assert plan.chain("emergency").on_call_min == 5
    assert plan.clocks.next_answer.of("concern") == 15
    assert plan.drill == DrillPlan(4, frozenset(range(5)), time(11), time(16), 30)


def test_a_small_plan_is_enough_and_keeps_the_usual_clocks(tmp_path: Path) -> None:
    plan, problems = read(tmp_path, SMALL)
    assert (problems, plan is not None) == ([], True)
    assert plan is not None
    assert (plan.chain("urgent").again_min, plan.chain("concern").lead_min) == (2, 50)
    assert plan.clocks.first_answer.of("urgent") == 5


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  - who: Sam, Ali\n", "  - who: Samm, Ali\n", "found `Samm`, did you mean `Sam`?"),
        ("boroughs: Lambeth, Southwark, Croydon", "boroughs: Lambeht", "did you mean `Lambeth`?"),
        ("    days: saturday", "    days: saterday", "did you mean `saturday`?"),
        ("quiet:\n  from: 22:00", "quiet:\n  form: 22:00", "did you mean `from`?"),
        ("to: 08:00", "to: 25:00", "no clock shows this"),
        ("to: 08:00", "to: eight", "write it as 18:30"),
        ("chat: -1001111111111", "chat: 1001111111111", "`chat` should be less than 0"),
        ("{again: 2, on-call: 5, lead: 10, repeat: 10}", "{again: 9, on-call: 5, lead: 10}",
         "the steps of a chain come one after the other"),
        ("dates: 2026-12-24, 2026-12-31", "dates: 24.12.2026", "write it as 2026-12-24"),
        ("dates: 2027-02-15 to 2027-02-19", "dates: 2027-02-19 to 2027-02-15",
         "write the earlier date first"),
        ("    roles: worker, on-call\n    boroughs: Lambeth, S", "    roles: boss\n    boroughs: S",
         "is not one of the words allowed"),
        ("    id: 222222222", "    id: 111111111", "`id` stands twice in `people`"),
        ("    boroughs: Lambeth, Southwark, Croydon\n", "", "so the groups after it get none"),
        ("    role: on-call\n    boroughs: Lambeth\n", "    role: lead\n",
         "`Sam` has not the role of this shift"),
        ("    dates: 2026-12-24, 2026-12-31\n    from: 20", "    from: 20",
         "a shift has either `days` or `dates`, found neither"),
        ("  from: 11:00\n  to: 16:00", "  from: 16:00\n  to: 16:00",
         "a drill has no hours in which it could begin, found from 16:00 to 16:00"),
        ("  from: 11:00\n  to: 16:00", "  from: 11:00\n  to: 24:00", "later on the same day"),
        ("days: monday to friday\n  from: 11:00", 'days: ""\n  from: 11:00', "no day is given"),
        ("every-weeks: 4", "every-weeks: 0", "`every-weeks` should be"),
        ("calm: waits", "calm: sleeps", "`calm` is not one of the words allowed"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in EXAMPLE
    plan, problems = read(tmp_path, EXAMPLE.replace(old, new, 1))
    assert plan is None
    (shown,) = {str(problem) for problem in problems if said in str(problem)}
    line = int(shown.removeprefix(f"{tmp_path}/desk.yaml:").partition(":")[0])
    assert 1 < line <= EXAMPLE.count("\n")


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    text = EXAMPLE.replace("who: Sam, Ali", "who: Samm, Ali")
    text = text.replace("again: 2", "again: 0", 1).replace("days: saturday", "days: satday")
    plan, problems = read(tmp_path, text)
    assert plan is None
    assert len(problems) == 4  # two shifts are on a satday
    assert problems == sorted(problems)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALL.replace("    roles: lead, worker\n", ""), "nobody could be called"),
        (SMALL.partition("people")[0], "`people` is missing"),
        ("people: []\ngroups: []\n", "should have at least 1"),
        ("", "the file is empty"),
        ("groups: [", "desk.yaml:1: "),
        ("- a list\n", "should be a block"),
    ],
)
def test_a_plan_by_which_nobody_could_be_reached_is_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    plan, problems = read(tmp_path, text)
    assert plan is None
    assert any(said in str(problem) for problem in problems)


def test_a_shift_that_is_over_is_only_to_be_looked_at(tmp_path: Path) -> None:
    shift = "rota:\n  - who: Jo\n    dates: 2026-01-02\n    from: 8:00\n    to: 24:00\n"
    plan, (problem,) = read(tmp_path, SMALL + shift)
    assert plan is not None
    assert "warning: a shift that is over" in str(problem)


async def test_a_bad_edit_keeps_the_last_good_plan(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(SMALL, encoding="utf-8")
    live = LivePlan(path, ROOT)
    assert live.load().groups[0].name == "Staff"
    told: asyncio.Queue[list[Problem] | DeskPlan] = asyncio.Queue()
    watching = asyncio.create_task(live.watch(told.put, told.put))
    await asyncio.sleep(0.3)  # until the folder is watched
    path.write_text(SMALL.replace("-1001", "1001"), encoding="utf-8")
    problems = await asyncio.wait_for(told.get(), 20)
    assert isinstance(problems, list)
    assert live.plan().groups[0].chat_id == -1001
    path.write_text(SMALL.replace("-1001", "-1002"), encoding="utf-8")
    plan = await asyncio.wait_for(told.get(), 20)
    assert isinstance(plan, DeskPlan)
    assert live.plan().groups[0].chat_id == -1002
    watching.cancel()


def test_a_bad_plan_does_not_start(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text("groups: 5\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"desk\.yaml:1: "):
        LivePlan(path, ROOT).load()
    path.unlink()
    with pytest.raises(ContentError, match="cannot be read"):
        LivePlan(path, ROOT).load()
