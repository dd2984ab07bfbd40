"""After a heavy case: the worker is asked privately, once, whether they are all right.

It goes to their own chat with the bot or nowhere. What they answer is not kept, only how often
which answer was given. Their chat stays an ordinary private chat besides: only a press under a
question that was really asked there is taken here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.cases import care, flow
from bot.cases.flow import Refused
from bot.cases.model import Case, Link, Status, Worker
from bot.conversation.events import PrivateEvent, Tapped
from bot.conversation.state import Button
from bot.delivery.model import Call, OutboxRow, Priority, Timer
from bot.telegram import desk
from bot.telegram.leads import leads
from bot.telegram.office import Job
from bot.telegram.render import answer_press, keyboard, message

ROLE, TO_LEAD = "care", "care-lead"
DUE = "care"
COUNT = "care"
PREFIX = "care:"
OPEN, DONE = "open", "done"  # in meta, with when somebody was asked last


def after_close(job: Job, case: Case) -> None:
    """Plan to ask whoever closed a heavy case; the newest case moves the question on."""
    if case.worker is None or not care.heavy(case):
        return
    data = {"worker": case.worker.id, "case": case.id, "closed": job.now.isoformat()}
    _look_at(job, care.by_day(job.now + care.PAUSE), data)


def _look_at(job: Job, due: datetime, data: dict[str, Any]) -> None:
    key = f"{DUE}:{data['worker']}"
    job.unit.set_timer(Timer(key, due, f"k:{key}", DUE, data))


def due(job: Job, payload: dict[str, Any]) -> None:
    """Ask, unless it is a bad moment, or they were asked within a day."""
    data = payload["data"]
    worker, case_id = int(data["worker"]), int(data["case"])
    busy = bool(care.held_by(job.unit.cases_in((Status.CLAIMED,)), worker))
    asked, _ = _asked(job, worker)
    at = care.ask_again_at(asked, datetime.fromisoformat(data["closed"]), busy, job.now)
    if at is None or job.unit.open_case_of(worker) is not None:
        return  # in their own chat somebody is being helped: it is no place for this now
    if at > job.now:
        _look_at(job, at, data)
        return
    job.unit.set_meta(f"care:{worker}", f"{job.now.isoformat()} {OPEN}")
    params = message(worker, job.text("desk-care.ask"), reply_markup=keyboard(_buttons(job)))
    job.calls.append(Call("sendMessage", params, worker, Priority.REPLY, case_id, role=ROLE))


def _asked(job: Job, worker: int) -> tuple[datetime | None, str]:
    """When a worker was asked last, and whether that question still stands."""
    at, _, state = (job.unit.get_meta(f"care:{worker}") or "").partition(" ")
    return (datetime.fromisoformat(at) if at else None), state


def _buttons(job: Job) -> tuple[tuple[Button, ...], ...]:
    label = job.world.wording.label
    return tuple(
        (Button(label(f"desk-care.button-{name}"), f"{PREFIX}{name}"),)
        for name in ("ok", "talk", "pass")
    )


def sent(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    """The question arrived: a press under it is known by it, and "hide" finds it."""
    if "message_id" not in result or row.call.case_id is None:
        return
    job.unit.link(Link(row.call.chat_id, result["message_id"], row.call.case_id, ROLE))
    job.unit.remember_message(row.call.chat_id, result["message_id"], "bot", job.now)
    _count(job, "asked")


def is_answer(event: PrivateEvent) -> bool:
    """Whether a press in a private chat looks like an answer to this question."""
    return isinstance(event, Tapped) and event.action.startswith(PREFIX)


def pressed(job: Job, event: Tapped) -> None:
    """A worker answered; once, and only where they were asked."""
    link = job.unit.find_link(event.chat_id, event.message_id)
    case = job.unit.load_case(link.case_id) if link and link.role == ROLE else None
    asked, state = _asked(job, event.chat_id)
    name = event.action.removeprefix(PREFIX)
    if case is None or asked is None or state != OPEN or name not in ANSWERS:
        over = job.world.wording.label("desk-care.over")
        job.calls.append(answer_press(event.query_id, event.chat_id, job.now, over))
        return
    job.unit.set_meta(f"care:{event.chat_id}", f"{asked.isoformat()} {DONE}")
    _count(job, name)
    job.calls.append(answer_press(event.query_id, event.chat_id, job.now))
    text = ANSWERS[name](job, _worker(job, event.chat_id, case))
    params = message(event.chat_id, text, message_id=event.message_id)
    job.calls.append(Call("editMessageText", params, event.chat_id, Priority.REPLY))


def _worker(job: Job, chat_id: int, case: Case) -> Worker:
    """Who was asked: by the case that it was about, else by the plan."""
    if case.worker is not None and case.worker.id == chat_id:
        return case.worker
    member = job.plan.member(chat_id)  # one of the settings has no name
    return Worker(chat_id, (member.name if member else "") or str(chat_id))


def _count(job: Job, what: str) -> None:
    job.unit.count(COUNT, what, f"{job.now:%Y-%m-%d}")


def _ok(job: Job, _worker: Worker) -> str:
    return job.text("desk-care.ok")


def _talk(job: Job, worker: Worker) -> str:
    """The leads are told that somebody would like a word, and nothing else."""
    told = leads(job, but=worker.id)
    text = job.text("desk-care.lead", worker=worker.name, id=worker.id)
    for lead in told:
        job.calls.append(
            Call("sendMessage", message(lead, text), lead, Priority.REPLY, role=TO_LEAD,
                 data={"worker": worker.id})
        )  # fmt: skip
    return job.text("desk-care.talk" if told else "desk-care.talk-nobody")


def not_told(job: Job, row: OutboxRow) -> None:
    """A lead did not get it: the worker must not wait for somebody who knows nothing."""
    worker = int(row.call.data["worker"])
    params = message(worker, job.text("desk-care.talk-failed"))
    job.calls.append(Call("sendMessage", params, worker, Priority.REPLY, role="line"))


def _pass_on(job: Job, worker: Worker) -> str:
    """Their cases are given back, as with the button on the card."""
    given = []
    for case in care.held_by(job.unit.cases_in((Status.CLAIMED,)), worker.id):
        released = flow.release(case, worker)
        if not isinstance(released, Refused):
            desk.released(job, released, worker)
            given.append(f"#{case.id}")
    if not given:
        return job.text("desk-care.pass-none")
    return job.text("desk-care.pass", cases=", ".join(given))


ANSWERS = {"ok": _ok, "talk": _talk, "pass": _pass_on}
