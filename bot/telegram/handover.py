"""Handing a case to a named worker: they are called, and it is theirs once they act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.cases import chain, flow
from bot.cases.flow import Actor, Refused
from bot.cases.model import Case, Status, Worker
from bot.conversation.state import Button
from bot.delivery.model import Call, Priority, Timer
from bot.telegram import desk, workers
from bot.telegram.answers import change_buttons, refuse, toast
from bot.telegram.buttons import worker_buttons
from bot.telegram.card import mention
from bot.telegram.events import StaffPressed
from bot.telegram.office import Job
from bot.telegram.presses import Press
from bot.telegram.render import keyboard, message

LAPSES = "offer"  # the kind of timer
LAPSES_AFTER = timedelta(minutes=5)
_SOMEBODY = Worker(0, "?")


def _ask_whom(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    """The card's buttons become the names of the others."""
    possible = flow.offer(case, workers.actor(job, event), _SOMEBODY)
    if isinstance(possible, Refused):
        refuse(job, event, case, possible)
        return
    holder = case.worker.id if case.worker else 0
    others = [one for one in workers.known(job) if one.id != holder]
    wording = job.world.wording
    if not others:
        toast(job, event, wording.label("desk-case.hand-nobody"), alert=True)
        return
    toast(job, event, wording.label("desk-case.hand-ask", case=case.id))
    change_buttons(job, event, case, worker_buttons(case, others, wording))


def _give(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    """A worker is asked to take it over; who has it now keeps it until they do."""
    wording = job.world.wording
    to = next((one for one in workers.known(job) if str(one.id) == argument), None)
    if to is None:
        toast(job, event, wording.label("desk-case.hand-gone"), alert=True)
        return
    offered = flow.offer(case, workers.actor(job, event), to)
    if isinstance(offered, Refused):
        refuse(job, event, case, offered)
        return
    text = wording.label("desk-case.hand-asked", worker=to.name, case=case.id)
    toast(job, event, text)
    job.unit.save_case(offered)
    job.unit.log(case.id, "offered", {"worker": event.worker.id, "to": to.id}, job.now)
    key = chain.timer_key(case.id, LAPSES)  # with the chain: a claim or an end takes it away
    data = {"case": case.id, "to": to.id}
    job.unit.set_timer(Timer(key, job.now + LAPSES_AFTER, f"k:{case.id}", LAPSES, data))
    _call_them(job, offered, to)
    desk.refresh_card(job, offered)


def _call_them(job: Job, case: Case, to: Worker) -> None:
    giver = case.worker.name if case.worker else ""
    wording = job.world.wording
    take = Button(wording.label("desk-case.take", worker=to.name), f"claim:{case.id}",
                  style="primary")  # fmt: skip
    decline = Button(wording.label("desk-case.decline"), f"decline:{case.id}")
    text = job.text("desk-case.hand-note", worker=mention(to), giver=giver, case=case.id)
    params = message(case.group_id, text, reply_markup=keyboard(((take, decline),)))
    job.calls.append(
        Call("sendMessage", params, case.group_id, Priority.RELAY, case.id, role="note",
             data={"place": case.id})
    )  # fmt: skip


def _decline(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    """Who was asked says no, or who asked takes it back."""
    kept = flow.decline(case, workers.actor(job, event))
    if isinstance(kept, Refused):
        refuse(job, event, case, kept)
        return
    toast(job, event, job.world.wording.label("desk-case.hand-off"))
    job.unit.cancel_timer(chain.timer_key(case.id, LAPSES))
    job.unit.save_case(kept)
    job.unit.log(case.id, "offer-off", {"worker": event.worker.id}, job.now)
    to = case.offered_to.name if case.offered_to else ""
    desk.note(job, kept, "desk-case.hand-declined", worker=mention(case.worker), to=to)
    desk.refresh_card(job, kept)


def lapsed(job: Job, payload: dict[str, Any]) -> None:
    """Who was asked did nothing: who has the case is told so."""
    data = payload["data"]
    case = job.unit.load_case(int(data["case"]))
    if case is None or case.status is not Status.CLAIMED or case.worker is None:
        return
    if case.offered_to is None or case.offered_to.id != data["to"]:
        return
    to = case.offered_to.name
    kept = flow.decline(case, Actor(case.worker))
    assert isinstance(kept, Case)  # who has a case can always take an offer back
    job.unit.save_case(kept)
    job.unit.log(case.id, "offer-lapsed", {"to": data["to"]}, job.now)
    minutes = int(LAPSES_AFTER / timedelta(minutes=1))
    desk.note(job, kept, "desk-case.hand-lapsed", priority=Priority.ALERT,
              worker=mention(case.worker), to=to, minutes=minutes)  # fmt: skip
    desk.refresh_card(job, kept)


PRESSES: dict[str, Press] = {
    "hand": _ask_whom,
    "give": _give,
    "decline": _decline,
}
