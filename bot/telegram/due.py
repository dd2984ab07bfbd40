"""What falls due: a check-in that nobody answered, a case that nobody took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.cases import chain, flow
from bot.cases.model import Case
from bot.conversation.cards import helpline_lines
from bot.conversation.events import CheckInSilent
from bot.delivery.model import Call, Priority, Timer
from bot.telegram import care, desk, drill, learning
from bot.telegram.aftermath import after_close
from bot.telegram.card import CardView, card_text, kind_name, level, waited
from bot.telegram.digest import DIGEST, send_digest
from bot.telegram.office import Job
from bot.telegram.private import handle_private
from bot.telegram.render import message
from intents.wording import Markup

HOUSEKEEPING = "housekeeping"
NEXT = "housekeeping-next"  # meta: when it is due next, so that a restart does not put it off
MESSAGES_KEPT = timedelta(hours=49)  # Telegram deletes nothing older than 48 hours for a bot
CHATS_AT_ONCE = 1000
ALERTS = {
    "again": "staff.alert-again",
    "on-call": "staff.alert-on-call",
    "lead": "staff.alert-lead",
}
TOLD = {"on-call": "danger.waiting", "lead": "danger.waiting-lead"}


def handle_due(job: Job, payload: dict[str, Any]) -> None:
    """A timer fired; the kinds are those that this side sets."""
    handler = DUE.get(str(payload.get("kind")))
    if handler is not None:
        handler(job, payload)


def _check_in(job: Job, payload: dict[str, Any]) -> None:
    handle_private(job, CheckInSilent(int(payload["data"]["chat"]), job.now), None)


def _chain_step(job: Job, payload: dict[str, Any]) -> None:
    data, due = payload["data"], datetime.fromisoformat(payload["due"])
    _chain(job, int(data["case"]), str(data["step"]), due, again=bool(data.get("again")))


def _erase(job: Job, payload: dict[str, Any]) -> None:
    """The record of what was decided stays, without the words."""
    number = int(payload["data"]["case"])
    case = job.unit.load_case(number)
    if case is not None:
        job.unit.save_case(replace(case, reason=""))
    job.unit.erase_lines(number)
    job.unit.log(number, "words-erased", {}, job.now)


def plan_housekeeping(job: Job) -> None:
    """See to it that old data goes once a day, however often the bot is started."""
    kept = job.unit.get_meta(NEXT)
    # What is overdue gets a new time: its old one may be known as done, and dropped.
    _set_housekeeping(job, max(datetime.fromisoformat(kept), job.now) if kept else _tomorrow(job))


def _tomorrow(job: Job) -> datetime:
    return job.now + timedelta(days=1)


def _set_housekeeping(job: Job, due: datetime) -> None:
    job.unit.set_meta(NEXT, due.isoformat())
    job.unit.set_timer(Timer(HOUSEKEEPING, due, f"k:{HOUSEKEEPING}", HOUSEKEEPING))


def _housekeeping(job: Job, _payload: dict[str, Any]) -> None:
    """Forget chats that nobody used for the retention time, and what is past use or its time."""
    job.unit.forget_messages_before(job.now - MESSAGES_KEPT)
    idle = job.now - timedelta(days=job.world.retention_days)
    for chat_id in job.unit.chats_idle_since(idle, CHATS_AT_ONCE):
        if job.unit.open_case_of(chat_id) is None:
            job.unit.forget_chat(chat_id)
    job.unit.forget_words_before(f"{idle:%Y-%m-%d}")
    job.unit.forget_suggestions_before(f"{idle:%Y-%m-%d}")
    drill.plan_drill(job)  # the plan may have changed
    _set_housekeeping(job, _tomorrow(job))


def _chain(job: Job, case_id: int, step: str, due: datetime, *, again: bool) -> None:
    """Nobody has the case: alert again, the next in the chain, and tell the person the truth."""
    case = job.unit.load_case(case_id)
    if case is not None and step == chain.UNANSWERED:
        _unanswered(job, case)
    if case is None or step == chain.UNANSWERED or not chain.still_needed(case):
        return
    wording = job.world.wording
    shown = {
        "level": wording.label(f"staff.level-{level(case).value}"),
        "kind": kind_name(case, wording),
        "waited": waited(case.opened_at, job.now, wording),
    }
    desk.note(job, case, ALERTS[step], priority=Priority.ALERT, **shown)
    _to_next(job, case, step, shown)
    if step in TOLD and not case.asked_for_person and not again:
        ids = wording.label(f"danger.{case.kind or 'any'}.helplines")
        lines = Markup("\n".join(helpline_lines(ids, job.world, job.now, sure_only=True)))
        desk.to_person(job, case, job.text(TOLD[step], helplines=lines))
    job.unit.log(case.id, f"alerted-{step}", {"due": due.isoformat()}, job.now)
    pause = chain.repeats_after(case, step, job.office.chain)
    if pause is not None:
        key = chain.timer_key(case.id, step)
        repeated = {"case": case.id, "step": step, "again": True}
        job.unit.set_timer(Timer(key, job.now + pause, f"k:{case.id}", "chain", repeated))


def _unanswered(job: Job, case: Case) -> None:
    """A worker has the case and does not answer: the others are asked to step in."""
    if not flow.left_waiting(case, job.now) or case.waiting_since is None:
        return
    shown = waited(case.waiting_since, job.now, job.world.wording)
    worker = case.worker.name if case.worker else ""
    desk.note(job, case, "staff.alert-unanswered", priority=Priority.ALERT,
              worker=worker, waited=shown)  # fmt: skip
    desk.refresh_card(job, case)
    desk.watch_answer(job, case)


def _to_next(job: Job, case: Case, step: str, shown: dict[str, str]) -> None:
    """The on-call worker and the lead get the whole card in their own chat, where one is set."""
    chat_id = {"on-call": job.office.on_call, "lead": job.office.lead}.get(step)
    if chat_id is None:
        return
    alert = job.text(ALERTS[step], case=case.id, **shown)
    card = card_text(CardView(case, job.unit.lines(case.id), job.now), job.world)
    params = message(chat_id, f"{alert}\n\n{card}")
    urgency = desk.urgency(case, Priority.ALERT)
    job.calls.append(Call("sendMessage", params, chat_id, urgency, case.id, role="alert"))


# One line a kind of timer.
DUE: dict[str, Callable[[Job, dict[str, Any]], None]] = {
    "check-in": _check_in,
    "chain": _chain_step,
    "erase": _erase,
    HOUSEKEEPING: _housekeeping,
    desk.AFTER_CLOSE: after_close,
    learning.DUE: learning.overdue,
    care.DUE: care.due,
    drill.START: drill.due,
    drill.END: drill.ended,
    desk.DRILL_OFF: drill.called_off,
    DIGEST: lambda job, _payload: send_digest(job),
}
