"""What falls due: a check-in that nobody answered, a case that nobody took."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.cases import chain
from bot.cases.model import Case
from bot.conversation.cards import helpline_lines
from bot.conversation.events import CheckInSilent
from bot.delivery.model import Call, Priority, Timer
from bot.telegram import desk
from bot.telegram.card import CardView, card_text, kind_name, level, waited
from bot.telegram.office import Job
from bot.telegram.private import handle_private
from bot.telegram.render import message
from intents.wording import Markup

ALERTS = {
    "again": "staff.alert-again",
    "on-call": "staff.alert-on-call",
    "lead": "staff.alert-lead",
}
TOLD = {"on-call": "danger.waiting", "lead": "danger.waiting-lead"}


def handle_due(job: Job, payload: dict[str, Any]) -> None:
    """A timer fired; the kinds are those that this side sets."""
    data = payload.get("data", {})
    if payload.get("kind") == "check-in":
        handle_private(job, CheckInSilent(int(data["chat"]), job.now), None)
    elif payload.get("kind") == "chain":
        due = datetime.fromisoformat(payload["due"])
        _chain(job, int(data["case"]), str(data["step"]), due)
    elif payload.get("kind") == "erase":
        # The record of what was decided stays, without the words.
        job.unit.erase_lines(int(data["case"]))
        job.unit.log(int(data["case"]), "words-erased", {}, job.now)


def _chain(job: Job, case_id: int, step: str, due: datetime) -> None:
    """Nobody has the case: alert again, the next in the chain, and tell the person the truth."""
    case = job.unit.load_case(case_id)
    if case is None or not chain.still_needed(case):
        return
    wording = job.world.wording
    shown = {
        "level": wording.label(f"staff.level-{level(case).value}"),
        "kind": kind_name(case, wording),
        "waited": waited(case.opened_at, job.now, wording),
    }
    desk.note(job, case, ALERTS[step], priority=Priority.ALERT, **shown)
    _to_next(job, case, step, shown)
    if step in TOLD and not case.asked_for_person:
        ids = wording.label(f"danger.{case.kind or 'any'}.helplines")
        lines = Markup("\n".join(helpline_lines(ids, job.world, sure_only=True)))
        desk.to_person(job, case, job.text(TOLD[step], helplines=lines))
    job.unit.log(case.id, f"alerted-{step}", {"due": due.isoformat()}, job.now)
    again = chain.repeats_after(step, job.office.chain)
    if again is not None:
        key = chain.timer_key(case.id, step)
        data = {"case": case.id, "step": step}
        job.unit.set_timer(Timer(key, job.now + again, f"k:{case.id}", "chain", data))


def _to_next(job: Job, case: Case, step: str, shown: dict[str, str]) -> None:
    """The on-call worker and the lead get the whole card in their own chat, where one is set."""
    chat_id = {"on-call": job.office.on_call, "lead": job.office.lead}.get(step)
    if chat_id is None:
        return
    alert = job.text(ALERTS[step], case=case.id, **shown)
    card = card_text(CardView(case, job.unit.lines(case.id), job.now), job.world)
    params = message(chat_id, f"{alert}\n\n{card}")
    job.calls.append(Call("sendMessage", params, chat_id, Priority.ALERT, case.id, role="alert"))
