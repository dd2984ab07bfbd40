"""The record of an ended case, asked for on its card: who was told, with consent, and why."""

from __future__ import annotations

from typing import Any

from bot.cases import record
from bot.cases.model import Case
from bot.cases.record import Consent, Told
from bot.cases.standing import record_is_complete
from bot.delivery.model import Call, Priority
from bot.telegram import desk
from bot.telegram.answers import answer, refuse, toast
from bot.telegram.card import mention
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job
from bot.telegram.presses import Press
from bot.telegram.render import message
from bot.telegram.workers import actor

REMINDS = "record"  # the kind of timer
WHY = "why"  # the role of the message that is replied to with the reason


def _told(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    if argument in list(Told):
        _keep(job, event, case, record.told(case, Told(argument)))
    elif argument == "done":
        _keep(job, event, case, record.told_done(case))
    else:
        toast(job, event, job.world.wording.label("staff.case-gone"), alert=True)


def _agreed(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    if argument == "skip" or argument in list(Consent):
        consent = None if argument == "skip" else Consent(argument)
        _keep(job, event, case, record.agreed(case, consent))
    else:
        toast(job, event, job.world.wording.label("staff.case-gone"), alert=True)


def _why(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    if argument != "ask":
        _keep(job, event, case, record.why(case, None))
        return
    refused = record.may_record(case, actor(job, event))
    if refused is not None:
        refuse(job, event, case, refused)
        return
    toast(job, event)
    text = job.text("desk-case.why-prompt", worker=mention(event.worker), case=case.id)
    params = message(
        event.group_id,
        text,
        reply_parameters={"message_id": event.message_id, "allow_sending_without_reply": True},
        reply_markup={"force_reply": True, "selective": True},
    )
    call = Call("sendMessage", params, event.group_id, Priority.RELAY, case.id, role=WHY)
    job.calls.append(call)


def _again(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    _keep(job, event, case, record.again(case))


def _keep(job: Job, event: StaffPressed, was: Case, case: Case) -> None:
    """Store one answer, and let the card ask the next question."""
    refused = record.may_record(was, actor(job, event))
    if refused is not None:
        refuse(job, event, was, refused)
        return
    toast(job, event, _next_question(job, case))
    _store(job, case)


def _next_question(job: Job, case: Case) -> str:
    step = case.decision.step if case.decision else "told"
    if step == "done":
        key = "recorded" if record_is_complete(case) else "recorded-open"
        return job.world.wording.label(f"desk-case.{key}", case=case.id)
    return job.world.wording.label(f"desk-case.ask-{step}", case=case.id)


def _store(job: Job, case: Case) -> None:
    job.unit.save_case(case)
    decision = case.decision
    if decision is not None and decision.step == "done":
        data = {"told": list(decision.told), "consent": decision.consent}
        job.unit.log(case.id, "recorded", data, job.now)
    desk.refresh_card(job, case)


def is_why(job: Job, event: StaffSaid) -> bool:
    """Whether a worker answers the question why."""
    link = job.unit.find_link(event.group_id, event.reply_to) if event.reply_to else None
    return link is not None and link.role == WHY


def why_given(job: Job, event: StaffSaid) -> None:
    """The reason in a worker's own words is kept, or it is said why not."""
    link = job.unit.find_link(event.group_id, event.reply_to or 0)
    case = job.unit.load_case(link.case_id) if link else None
    if case is None:
        return
    refused = record.may_record(case, actor(job, event))
    if refused is not None:
        worker = refused.worker.name if refused.worker else ""
        answer(job, event, refused.key, case=case.id, worker=worker, other=refused.other)
    elif case.erased:
        answer(job, event, "desk-case.note-erased", case=case.id)
    elif not event.text:
        answer(job, event, "desk-case.why-no-words")
    elif len(event.text) > record.LONGEST_WHY:
        answer(job, event, "desk-case.note-too-long", longest=record.LONGEST_WHY)
    else:
        _store(job, record.why(case, event.text))
        answer(job, event, "desk-case.why-kept", case=case.id)


def reminded(job: Job, payload: dict[str, Any]) -> None:
    """A serious case was closed a while ago, and nobody said who was told: one reminder."""
    case = job.unit.load_case(int(payload["data"]["case"]))
    if case is None or record_is_complete(case):
        return
    text = job.text("desk-case.record-reminder", case=case.id, worker=mention(case.worker))
    params = message(case.group_id, text)
    if case.card_message_id is not None:
        params["reply_parameters"] = {
            "message_id": case.card_message_id, "allow_sending_without_reply": True,
        }  # fmt: skip
    call = Call("sendMessage", params, case.group_id, Priority.RELAY, case.id, role="note")
    job.calls.append(call)


PRESSES: dict[str, Press] = {
    "told": _told,
    "agreed": _agreed,
    "why": _why,
    "record": _again,
}
