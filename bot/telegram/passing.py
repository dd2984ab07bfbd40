"""A case goes to another staff group: one group has it, and the other sees where it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.cases import chain, flow
from bot.cases.flow import Refused
from bot.cases.model import Case, Status, TopicState, Worker
from bot.cases.plan import StaffGroup
from bot.conversation.state import Button
from bot.delivery.model import Call, Priority
from bot.telegram import clocks, desk
from bot.telegram.answers import change_buttons, refuse, toast
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job
from bot.telegram.render import message

PASSED = "passed"  # in a case's history: which group it came from, and which it went to
LIVE = tuple(status for status in Status if status is not Status.CLOSED)


def elsewhere(job: Job, group_id: int, case: Case) -> str | None:
    """The name of the group that has a case, where it is not this one."""
    if job.current(group_id) == job.current(case.group_id):
        return None
    group = job.group(case.group_id)
    return group.name if group else job.world.wording.label("desk-groups.no-group")


def aimed_at(job: Job, event: StaffSaid) -> Case | None:
    """The case of the message that a worker answers, or of their own reply that they changed."""
    for number in (event.reply_to, event.message_id if event.edited else None):
        link = job.unit.find_link(event.group_id, number) if number is not None else None
        if link is not None:
            case = job.unit.load_case(link.case_id)
            return case and desk.goes_on_as(job, case)
    return None


def by_group(job: Job, cases: Iterable[Case], group_id: int) -> tuple[list[Case], Counter[str]]:
    """The cases of one group, and how many each other group has, by name."""
    here: list[Case] = []
    others: Counter[str] = Counter()
    for case in cases:
        name = elsewhere(job, group_id, case)
        if name is None:
            here.append(case)
        else:
            others[name] += 1
    return here, others


def counts_of(job: Job, others: Counter[str]) -> str:
    """One line that says how many cases the other groups have; empty where they have none."""
    if not others:
        return ""
    counts = ", ".join(f"{name} {number}" for name, number in others.most_common())
    return job.text("desk-groups.others", counts=counts)


def move(job: Job, case: Case, target: StaffGroup, *, worker: Worker | None = None,
         reachable: bool = True) -> Case:  # fmt: skip
    """Close a case in its group and open it in another; the person notices nothing of it.

    It is open there, with its chain running: nobody of that group has it yet.
    """
    source = job.group(case.group_id)
    had = case.worker if case.status is not Status.OPEN else None
    fresh = _opened(case)
    state = job.unit.load_chat(case.chat_id) or {}
    fresh = replace(
        fresh, group_id=target.chat_id, card_message_id=None, topic_id=None,
        topic_state=TopicState.NONE, borough=state.get("borough") or case.borough,
    )  # fmt: skip
    job.unit.save_case(fresh)
    places = {"from": case.group_id, "to": target.chat_id, "worker": worker.id if worker else 0}
    job.unit.log(case.id, PASSED, places, job.now)
    job.unit.audit("case-passed", {"case": case.id, **places}, job.now)
    if reachable:
        _point(job, case, target.name, worker)
    if had is not None:
        job.unit.cancel_timers(chain.timer_prefix(case.id))
        clocks.set_chain(job, fresh)
    desk.send_card(job, fresh)
    if reachable:  # else one note for all of a group's cases says it, so that the cards go first
        by = worker.name if worker else job.world.wording.label("desk-groups.the-bot")
        name = source.name if source else job.world.wording.label("desk-groups.no-group")
        desk.note(job, fresh, "desk-groups.arrived", priority=Priority.ALERT, worker=by, group=name)
    return fresh


def _opened(case: Case) -> Case:
    """Nobody has it: whoever had it belongs to the group that it leaves."""
    if case.worker is None:
        return case
    given = flow.release(case, case.worker)
    return given if isinstance(given, Case) else replace(case, status=Status.OPEN, worker=None)


def _point(job: Job, case: Case, name: str, worker: Worker | None) -> None:
    """In the group that it leaves: the card loses its words and its buttons, the topic closes."""
    by = worker.name if worker else job.world.wording.label("desk-groups.the-bot")
    text = job.text("desk-groups.went", case=case.id, worker=by, group=name)
    group_id = case.group_id
    if case.card_message_id is not None:
        params = message(group_id, text, message_id=case.card_message_id)
        job.calls.append(Call("editMessageText", params, group_id, Priority.RELAY, role="pointer"))
    if case.topic_state is not TopicState.MADE or case.topic_id is None:
        return
    params = message(group_id, text, message_thread_id=case.topic_id)
    job.calls.append(Call("sendMessage", params, group_id, Priority.RELAY, role="pointer"))
    close_topic(job, group_id, case.topic_id)


def close_topic(job: Job, group_id: int, topic_id: int) -> None:
    """Close a topic that no case has any more."""
    params = {"chat_id": group_id, "message_thread_id": topic_id}
    job.calls.append(Call("closeForumTopic", params, group_id, Priority.HOUSEKEEPING))


def _ask(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    """The card's buttons become the names of the other groups."""
    why = _refused(job, event, case)
    if why is not None:
        refuse(job, event, case, why)
        return
    choices = [
        (Button(group.name[:40], f"passto:{case.id}:{group.chat_id}"),)
        for group in job.others(case.group_id)
    ]
    if not choices:
        toast(job, event, job.world.wording.label("desk-groups.nowhere"), alert=True)
        return
    toast(job, event, job.world.wording.label("desk-groups.pass-ask", case=case.id))
    back = Button(job.world.wording.label("desk-groups.pass-back"), f"back:{case.id}")
    change_buttons(job, event, case, (*choices, (back,)))


def _refused(job: Job, event: StaffPressed, case: Case) -> Refused | None:
    """Whoever has a case passes it on, or a lead; one that nobody has may be passed by anybody."""
    if case.status is Status.CLOSED:
        return Refused("desk-case.closed-by", case.worker)
    mine = case.worker is None or case.worker.id == event.worker.id
    if not mine and not job.is_lead(event.group_id, event.worker.id):
        return Refused("staff.not-yours", case.worker)
    return None


def _to(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    why = _refused(job, event, case)
    if why is not None:
        refuse(job, event, case, why)
        return
    digits = argument.removeprefix("-")
    number = int(argument) if digits.isascii() and digits.isdigit() else 0
    target = job.group(number)
    if target is None or target not in job.others(case.group_id):
        toast(job, event, job.world.wording.label("desk-groups.nowhere"), alert=True)
        return
    said = job.world.wording.label("desk-groups.passed-toast", case=case.id, group=target.name)
    toast(job, event, said)
    move(job, case, target, worker=event.worker)


PRESSES: dict[str, Callable[[Job, StaffPressed, Case, str], None]] = {"pass": _ask, "passto": _to}
