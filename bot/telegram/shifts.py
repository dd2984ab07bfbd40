"""A shift ends: the cases of those who go off are listed, and each asks who takes it on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.cases import flow, rota, watch
from bot.cases.model import Case, Status
from bot.conversation.state import Button
from bot.delivery.model import Call, Priority, Timer
from bot.telegram import people
from bot.telegram.answers import answer, toast
from bot.telegram.card import kind_name, level, waited
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job
from bot.telegram.presses import Press
from bot.telegram.render import keyboard, message
from intents.wording import Markup

SHIFT_END = "shift-end"  # a kind of timer; there is one, for the next end
FROM = "shift-end-from"  # meta: up to when ends of shifts were looked at
AT_ONCE = 20  # cases in one message


def plan_shift_end(job: Job) -> None:
    """See to it that the next end of a shift is noticed; ends while the bot was down are, too."""
    looked = job.unit.get_meta(FROM)
    since = datetime.fromisoformat(looked) if looked else job.now
    job.unit.set_meta(FROM, since.isoformat())
    due = rota.next_end(job.plan, since)
    if due is None:
        job.unit.cancel_timer(SHIFT_END)
        return
    job.unit.set_timer(Timer(SHIFT_END, due, f"k:{SHIFT_END}", SHIFT_END))


def shift_ended(job: Job, _payload: dict[str, Any]) -> None:
    """One or more shifts ended: who went off and is not on again hands over."""
    since = datetime.fromisoformat(job.unit.get_meta(FROM) or job.now.isoformat())
    since = max(since, job.now - rota.AHEAD)
    hand_over(job, rota.gone_off(job.plan, people.by_hand(job), since, job.now))
    job.unit.set_meta(FROM, job.now.isoformat())
    plan_shift_end(job)


def _handover(job: Job, event: StaffSaid, _argument: str) -> None:
    if not hand_over(job, [event.worker.id]):
        answer(job, event, "desk-time.handover-none", name=event.worker.name)


def hand_over(job: Job, workers: Sequence[int]) -> bool:
    """List the cases of workers who go off, and offer each; whether there was one."""
    held = flow.riskiest_first(
        [
            case
            for case in job.unit.cases_in((Status.CLAIMED,))
            if case.worker is not None and case.worker.id in workers and not case.drill
        ]
    )
    for case in held:
        job.unit.save_case(replace(case, offered_at=job.now))
        job.unit.log(case.id, "offered", {"worker": _owner(case)}, job.now)
    for group_id in dict.fromkeys(case.group_id for case in held):
        here = [case for case in held if case.group_id == group_id]
        for start in range(0, len(here), AT_ONCE):
            _summary(job, group_id, here[start : start + AT_ONCE])
    for case in held:
        if case.topic_id is not None:
            _ask(job, case, "desk-time.handover-ask", _take(job, case), worker=_name(case))
    return bool(held)


def _owner(case: Case) -> int:
    return case.worker.id if case.worker else 0


def _name(case: Case) -> str:
    return case.worker.name if case.worker else ""


def _summary(job: Job, group_id: int, cases: Sequence[Case]) -> None:
    names = ", ".join(dict.fromkeys(_name(case) for case in cases))
    lines = [job.text("desk-time.handover-title", names=names)]
    lines += [_row(job, case) for case in cases]
    rows = [_take(job, case) for case in cases]
    params = message(group_id, "\n".join(lines), reply_markup=keyboard(rows))
    job.calls.append(Call("sendMessage", params, group_id, Priority.RELAY, role="note"))


def _row(job: Job, case: Case) -> Markup:
    wording = job.world.wording
    since = case.waiting_since
    standing = (
        wording.label("desk-time.standing-waits", waited=waited(since, job.now, wording))
        if since else wording.label("desk-time.standing-answered")
    )  # fmt: skip
    return wording.text(
        "desk-time.handover-row",
        mark=wording.label(f"staff.mark-{level(case)}"),
        case=case.id,
        kind=kind_name(case, wording),
        worker=_name(case),
        standing=standing,
        age=waited(case.opened_at, job.now, wording),
    )


def _take(job: Job, case: Case) -> tuple[Button, Button]:
    label = job.world.wording.label
    return (
        Button(label("desk-time.take", case=case.id), f"claim:{case.id}", style="primary"),
        Button(label("desk-time.stay"), f"stay:{case.id}"),
    )


def _ask(job: Job, case: Case, key: str, row: Iterable[Button], **values: object) -> None:
    """A question where the case is, with buttons."""
    text = job.text(key, case=case.id, **values)
    params = message(case.group_id, text, reply_markup=keyboard([row]))
    job.calls.append(
        Call("sendMessage", params, case.group_id, Priority.RELAY, case.id, "note",
             {"place": case.id})
    )  # fmt: skip


def _stay(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    """The worker keeps a case that was offered."""
    label = job.world.wording.label
    if case.status is not Status.CLAIMED or _owner(case) != event.worker.id:
        toast(job, event, label("desk-time.not-yours", worker=_name(case)), alert=True)
        return
    job.unit.save_case(replace(case, offered_at=None))
    toast(job, event, label("desk-time.stayed", case=case.id))


def ask_end(job: Job, payload: dict[str, Any]) -> None:
    """Nobody has written in a case for long: the worker is asked whether it is over."""
    case = job.unit.load_case(int(payload["data"]["case"]))
    if case is None or case.drill or case.status is not Status.CLAIMED:
        return
    lines = job.unit.lines(case.id)
    asleep = watch.asleep_since(case, lines[-1].at if lines else None)
    hours = timedelta(hours=job.plan.clocks.closing_hours)
    if job.now < asleep + hours:
        _watch_end(job, case, asleep + hours)
        return
    label = job.world.wording.label
    buttons = (
        Button(label("staff.close"), f"close:{case.id}"),
        Button(label("desk-time.go-on"), f"go-on:{case.id}"),
    )
    shown = waited(asleep, job.now, job.world.wording)
    _ask(job, case, "desk-time.ask-end", buttons, worker=_name(case), silence=shown)
    _watch_end(job, case, job.now + hours)


def _watch_end(job: Job, case: Case, due: datetime) -> None:
    job.unit.set_timer(Timer(f"end:{case.id}", due, f"k:{case.id}", "end", {"case": case.id}))


def _go_on(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    toast(job, event, job.world.wording.label("desk-time.goes-on", case=case.id))


PRESSES: dict[str, Press] = {"stay": _stay, "go-on": _go_on}
COMMANDS: dict[str, Callable[[Job, StaffSaid, str], None]] = {"handover": _handover}
