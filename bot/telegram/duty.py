"""`/duty`: who is on now and who comes next; a worker goes on or off by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.cases import rota
from bot.cases.plan import LEAD, ON_CALL, ROLES, WORKER
from bot.cases.rota import ByHand, Span
from bot.conversation.times import spoken
from bot.delivery.model import Call, OutboxRow, Priority, Timer
from bot.telegram import people, shifts
from bot.telegram.answers import answer, plain
from bot.telegram.events import StaffSaid
from bot.telegram.office import Job
from bot.telegram.render import message, split
from intents.wording import Markup

ENDS = "duty-ends"  # a kind of timer
HELLO = "duty-hello"  # a message's role: it shows whether the bot can write to them
HOURS = re.compile(r"(\d{1,2}(?:[.,]\d)?) ?(?:h|hours?)?")
MOST_HOURS = 24


def _duty(job: Job, event: StaffSaid, argument: str) -> None:
    word, _, rest = argument.strip().lower().partition(" ")
    hours = _hours(rest)
    if not word:
        for piece in split(duty_text(job)):
            plain(job, event, piece)
    elif word == "on" and (hours is not None or not rest):
        _on(job, event, hours)
    elif word == "off" and not rest:
        _off(job, event)
    else:
        answer(job, event, "desk-time.duty-usage", most=MOST_HOURS)


def _hours(text: str) -> float | None:
    match = HOURS.fullmatch(text.strip())
    hours = float(match[1].replace(",", ".")) if match else 0
    return hours if 0 < hours <= MOST_HOURS else None


def _on(job: Job, event: StaffSaid, hours: float | None) -> None:
    held = _put(job, event, on=True, hours=hours)
    answer(job, event, "desk-time.duty-on", name=event.worker.name, until=_when(job, held.until))
    params = message(event.worker.id, job.text("desk-time.duty-hello",
                                               until=_when(job, held.until)))  # fmt: skip
    data = {"group": event.group_id, "name": event.worker.name}
    job.calls.append(
        Call("sendMessage", params, event.worker.id, Priority.RELAY, role=HELLO, data=data)
    )


def _off(job: Job, event: StaffSaid) -> None:
    """Off duty: for the rest of a shift of theirs, or out of what they set by hand."""
    worker = event.worker.id
    shift = rota.shift_end(job.plan, worker, job.now)
    held = [one for one in people.by_hand(job) if one.worker_id == worker and one.on]
    if shift is None and not held:
        answer(job, event, "desk-time.duty-not-on", name=event.worker.name)
        return
    if shift is None:
        people.keep_by_hand(job, rota.ended(people.by_hand(job), worker))
        job.unit.cancel_timer(_key(worker))
    else:
        _put(job, event, on=False, hours=None)
    answer(job, event, "desk-time.duty-off", name=event.worker.name)
    _warn_if_nobody(job, event.group_id)
    shifts.hand_over(job, [worker])


def _put(job: Job, event: StaffSaid, *, on: bool, hours: float | None) -> ByHand:
    entry = ByHand(event.worker.id, event.worker.name, job.now, job.now, on)
    entries = rota.put(job.plan, people.by_hand(job), entry, hours)
    people.keep_by_hand(job, entries)
    held = entries[-1]
    data = {"worker": held.worker_id}
    job.unit.set_timer(Timer(_key(held.worker_id), held.until, "k:duty", ENDS, data))
    job.unit.audit("duty", {"worker": held.worker_id, "on": on}, job.now)
    return held


def _key(worker_id: int) -> str:
    return f"{ENDS}:{worker_id}"


def ended(job: Job, payload: dict[str, Any]) -> None:
    """What was set by hand is over: the group is told, and open cases are handed over."""
    worker = int(payload["data"]["worker"])
    rows = people.stored(job)
    held = next((one for one in rows if one.worker_id == worker and one.until <= job.now), None)
    people.keep_by_hand(job, [one for one in rows if one is not held])
    if held is None or not held.on:
        return
    if any(
        span.worker_id == worker for span in rota.on_now(job.plan, people.by_hand(job), job.now)
    ):
        return  # their shift goes on
    _to_group(job, job.staff_group, job.text("desk-time.duty-over", name=held.name))
    _warn_if_nobody(job, job.staff_group)
    shifts.hand_over(job, [worker])


def not_started(job: Job, row: OutboxRow, reason: str) -> None:
    """Whoever went on duty cannot be written to: the group is told while there is time."""
    why = people.lost(job, row.call.chat_id, reason)
    text = job.world.wording.label(f"desk-time.why-{why}", username=job.office.bot_username)
    group = int(row.call.data.get("group", job.staff_group))
    name = str(row.call.data.get("name", ""))
    _to_group(job, group, job.text("desk-time.duty-unreachable", name=name, why=text))


def _to_group(job: Job, group_id: int, text: str) -> None:
    params = message(group_id, text)
    job.calls.append(Call("sendMessage", params, group_id, Priority.RELAY, role="note"))


def _warn_if_nobody(job: Job, group_id: int) -> None:
    if not rota.on_now(job.plan, people.by_hand(job), job.now):
        _to_group(job, group_id, job.text("desk-time.duty-nobody", next=_next_line(job)))


def _next_line(job: Job) -> str:
    span = rota.next_on(job.plan, job.now)
    if span is None:
        return job.world.wording.label("desk-time.next-nobody")
    return job.world.wording.label(
        "desk-time.next-on", name=people.name_of(job, span.worker_id), when=_when(job, span.start)
    )


def _when(job: Job, at: datetime) -> str:
    return spoken(at, job.now, job.world.wording)


def duty_text(job: Job) -> Markup:
    """Who is on now, until when; who is called; who comes next; who cannot be reached."""
    on = rota.on_now(job.plan, people.by_hand(job), job.now)
    lines = [job.text("desk-time.duty-title")]
    lines += [_line(job, span) for role in ROLES for span in on if span.role == role]
    if not on:
        lines.append(job.text("desk-time.duty-none"))
    lines += [line for role in (ON_CALL, LEAD) for line in _called(job, role)]
    coming = [rota.next_on(job.plan, job.now, role=role) for role in ROLES]
    for span in sorted((one for one in coming if one), key=lambda one: one.start):
        lines.append(
            job.text("desk-time.duty-next", name=people.name_of(job, span.worker_id),
                     role=_role(job, span), when=_when(job, span.start))
        )  # fmt: skip
    for worker_id, why in people.unreachable(job).items():
        text = job.world.wording.label(f"desk-time.why-{why}", username=job.office.bot_username)
        name = people.name_of(job, worker_id)
        lines.append(job.text("desk-time.duty-unreachable", name=name, why=text))
    return Markup("\n".join(lines))


def _line(job: Job, span: Span) -> str:
    where = ", ".join(sorted(span.boroughs)) or job.world.wording.label("desk-time.everywhere")
    key = "desk-time.duty-row-by-hand" if span.by_hand else "desk-time.duty-row"
    return job.text(
        key, name=people.name_of(job, span.worker_id), role=_role(job, span), where=where,
        until=_when(job, span.end),
    )  # fmt: skip


def _role(job: Job, span: Span) -> str:
    role = span.role if span.role in ROLES else WORKER
    return job.world.wording.label(f"desk-time.role-{role}")


def _called(job: Job, role: str) -> list[str]:
    """Who would be called now at a step of the chain, whatever the borough."""
    whom = rota.to_call(job.plan, people.by_hand(job), role, None, job.now)
    if not whom:
        return [job.text(f"desk-time.calls-nobody-{role}")]
    return [job.text(f"desk-time.calls-{role}", names=people.names(job, whom))]


COMMANDS: dict[str, Callable[[Job, StaffSaid, str], None]] = {"duty": _duty}
