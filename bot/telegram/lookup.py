"""Finding the case that a worker means, and how times, people and cases are written in lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.cases.model import Case, Status, TopicState
from bot.telegram.answers import answer
from bot.telegram.card import kind_name, level, waited
from bot.telegram.events import StaffSaid
from bot.telegram.office import Job
from bot.telegram.passing import elsewhere
from directory.hours import LONDON
from intents.wording import Markup, Wording

MOST_AREA = 40  # characters; a full page of rows stays within one message
SUPERGROUP = "-100"  # what the ids of groups with links begin with


def number_in(argument: str) -> int | None:
    """The case number that a worker typed: "12" or "#12"."""
    digits = argument.strip().removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else None


def case_for(job: Job, event: StaffSaid, argument: str, command: str) -> Case | None:
    """The case that a worker asks for; where there is none, they are told why."""
    number = number_in(argument) if argument else _of_topic(job, event)
    if number is None:
        answer(job, event, "desk-overview.usage", command=command)
        return None
    case = job.unit.load_case(number)
    if case is None:
        answer(job, event, "staff.case-unknown")
        return None
    if (group := elsewhere(job, event.group_id, case)) is not None:
        answer(job, event, "desk-groups.press-elsewhere", case=case.id, group=group)
        return None
    return case


def _of_topic(job: Job, event: StaffSaid) -> int | None:
    """In a case's own topic its number need not be typed."""
    if event.topic_id is None:
        return None
    case = job.unit.case_of_topic(event.group_id, event.topic_id)
    return case.id if case else None


def london(at: datetime) -> str:
    """A time as people in London write it."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%b %Y %H:%M}"


def worker_name(job: Job, case: Case, worker_id: object) -> str:
    """The first name of a worker in a case's history, as far as it is known."""
    if case.worker is not None and case.worker.id == worker_id:
        return case.worker.name
    member = job.office.plan().member(worker_id) if isinstance(worker_id, int) else None
    return member.name if member else job.world.wording.label("desk-overview.somebody")


def card_link(case: Case) -> str | None:
    """The address of a case's card, where the group is one that has addresses."""
    return _link(case, case.card_message_id)


def topic_link(case: Case) -> str | None:
    """The address of a case's topic, where it has one."""
    return _link(case, case.topic_id if case.topic_state is TopicState.MADE else None)


def _link(case: Case, message_id: int | None) -> str | None:
    group = str(case.group_id)
    if message_id is None or not group.startswith(SUPERGROUP):
        return None
    return f"https://t.me/c/{group.removeprefix(SUPERGROUP)}/{message_id}"


def row(job: Job, case: Case, link: str | None) -> Markup:
    """One case in a list: number and kind (pressing them leads there), area, standing, age."""
    wording = job.world.wording
    named = wording.text("desk-overview.named", case=case.id, kind=kind_name(case, wording))
    return wording.text(
        "desk-overview.row",
        mark=wording.label(f"staff.mark-{level(case)}"),
        named=named if link is None else Markup(f'<a href="{link}">{named}</a>'),
        area=(case.area or case.borough or wording.label("staff.card-unknown"))[:MOST_AREA],
        standing=standing(case, job.now, wording),
        age=waited(case.opened_at, job.now, wording),
    )


def standing(case: Case, now: datetime, wording: Wording) -> str:
    """Who has a case, and who waits for whom."""
    worker = case.worker.name if case.worker else ""
    if case.status is Status.CLOSED:
        key = f"staff.outcome-{case.outcome}"
        ended = wording.label(key) if wording.has(key) else wording.label("desk-overview.closed")
        return wording.label("desk-overview.standing-closed", outcome=ended)
    if case.status is Status.OPEN or not worker:
        text = wording.label("staff.open-unclaimed")
    elif case.waiting_since is not None:
        since = waited(case.waiting_since, now, wording)
        text = wording.label("desk-overview.standing-waits", worker=worker, waited=since)
    else:
        text = wording.label("desk-overview.standing-answered", worker=worker)
    if not case.reachable:
        text = wording.label("desk-overview.standing-unreachable", standing=text)
    return text


def by_level(job: Job, cases: list[Case]) -> Iterator[Markup]:
    """Rows under a heading for each level of danger, in the order given."""
    wording, before = job.world.wording, None
    for case in cases:
        if level(case) != before:
            before = level(case)
            yield wording.text("desk-overview.level", level=wording.label(f"staff.level-{before}"))
        yield row(job, case, card_link(case))
