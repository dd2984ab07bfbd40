"""Before and after a call: filling in what was not known, and what its result means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.cases import flow
from bot.cases.model import Case, Link, Status, TopicState
from bot.delivery.model import Call, Drop, OutboxRow, Priority, Ready, Resolution, Wait
from bot.telegram import alerts, care, desk, duty, learning
from bot.telegram.answers import reaction
from bot.telegram.card import CardView, card_buttons, card_text
from bot.telegram.office import STAFF_GROUP, Job
from bot.telegram.render import keyboard, message
from bot.telegram.replies import delivered

TOPIC_PATIENCE = timedelta(seconds=30)  # after this a case goes on under its card
TOPIC_LOST = frozenset({"topic-gone", "topic-closed", "not-a-forum"})
CLOSE_TOPIC = frozenset({"closeForumTopic", "reopenForumTopic", "editForumTopic"})


def resolve(job: Job, row: OutboxRow) -> Resolution:
    """Fill in what depends on what was sent before: the card's id, the case's topic."""
    data = row.call.data
    if "card" in data:
        return _card_edit(job, row, data["card"])
    if "place" in data:
        return _place(job, row, data["place"])
    return Ready(row.call.params)


def _card_edit(job: Job, row: OutboxRow, case_id: int) -> Resolution:
    case = job.unit.load_case(case_id)
    if case is None:
        return Drop()
    if case.card_message_id is None:
        return Wait() if _patient(row, job.now) else Drop()
    text = card_text(CardView(case, job.unit.lines(case_id), job.now), job.world)
    params = message(case.group_id, text, message_id=case.card_message_id)
    if rows := card_buttons(case, job.world.wording, job.now):
        params["reply_markup"] = keyboard(rows)
    return Ready(params)


def _place(job: Job, row: OutboxRow, case_id: int) -> Resolution:
    case = job.unit.load_case(case_id)
    if case is None:
        return Drop()
    params = dict(row.call.params) | {"chat_id": case.group_id}
    if case.topic_state is TopicState.PENDING:
        if _patient(row, job.now):
            return Wait()
        case = flow.with_topic(case, None)
        job.unit.save_case(case)
    if case.topic_state is TopicState.MADE and case.topic_id:
        return Ready(params | {"message_thread_id": case.topic_id})
    if row.call.method in CLOSE_TOPIC:
        return Drop()
    if case.card_message_id is None:
        return Wait() if _patient(row, job.now) else Ready(params)
    target = {"message_id": case.card_message_id, "allow_sending_without_reply": True}
    return Ready(params | {"reply_parameters": target})


def _patient(row: OutboxRow, now: datetime) -> bool:
    return row.created_at is None or now - row.created_at < TOPIC_PATIENCE


def on_sent(job: Job, row: OutboxRow, result: Any) -> None:
    """Note what a sent message is, and let follow what follows."""
    handler = SENT.get(row.call.role)
    if handler is not None:
        handler(job, row, result if isinstance(result, dict) else {})


def _answer(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    """One of our messages in a private chat: quick exit must find it."""
    if "message_id" in result:
        job.unit.remember_message(row.call.chat_id, result["message_id"], "bot", job.now)


def _case_of(job: Job, row: OutboxRow) -> Case | None:
    return job.unit.load_case(row.call.case_id) if row.call.case_id else None


def _card(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    case = _case_of(job, row)
    if case is None or "message_id" not in result:
        return
    job.unit.save_case(replace(case, card_message_id=result["message_id"]))
    job.unit.link(Link(row.call.chat_id, result["message_id"], case.id, "card"))


def _topic(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    case = _case_of(job, row)
    if case is not None:
        job.unit.save_case(flow.with_topic(case, result.get("message_thread_id")))


def _in_group(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    """A relayed message or a note in the staff group: replies to it must find the case."""
    if "message_id" not in result or row.call.case_id is None:
        return
    case = _case_of(job, row)
    person_message = row.call.data.get("person_message")
    job.unit.link(
        Link(
            row.call.chat_id,
            result["message_id"],
            row.call.case_id,
            row.call.role,
            case.chat_id if case and person_message else None,
            person_message,
        )
    )


def _out(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    """A worker's words arrived at the young person."""
    _answer(job, row, result)
    origin = row.call.data.get("origin")
    if not origin or row.call.case_id is None or "message_id" not in result:
        return
    group_id, staff_message = origin
    to_person = row.call.chat_id, result["message_id"]
    link = Link(group_id, staff_message, row.call.case_id, "staff-reply", *to_person)
    delivered(job, link, (group_id, staff_message))


def _edit_out(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    if origin := row.call.data.get("origin"):
        reaction(job, (origin[0], origin[1]), "\N{WRITING HAND}")


SENT: dict[str, Callable[[Job, OutboxRow, dict[str, Any]], None]] = {
    "answer": _answer,
    "notice": _answer,
    "card": _card,
    "topic": _topic,
    "relay-in": _in_group,
    "note": _in_group,
    "relay-out": _out,
    "relay-edit": _edit_out,
    "alert": lambda job, row, _result: alerts.person_reached(job, row),
    duty.HELLO: lambda job, row, _result: alerts.person_reached(job, row),
    learning.ROLE: learning.noted,
    care.ROLE: care.sent,
}


def on_failed(job: Job, row: OutboxRow, reason: str) -> None:
    """A call was given up: nobody may believe that it arrived."""
    call, case = row.call, _case_of(job, row)
    if case is not None and reason in TOPIC_LOST and "place" in call.data:
        _without_topic(job, row, case)
        return
    if reason == "blocked" and case is not None and call.chat_id == case.chat_id:
        case = replace(case, reachable=False)
        job.unit.save_case(case)
    if call.role == "topic" and case is not None:
        job.unit.save_case(flow.with_topic(case, None))
    elif call.role in ("relay-out", "relay-edit"):
        _not_delivered(job, row, case, reason)
    elif call.priority is Priority.DANGER and call.role == "answer":
        _safety_undelivered(job, row, reason)
    elif call.role == "alert" and case is not None:
        alerts.person_lost(job, row, case, reason)
    elif call.role == duty.HELLO:
        duty.not_started(job, row, reason)
    elif call.role == care.TO_LEAD:
        care.not_told(job, row)
    elif call.role in ("card", "relay-in") and case is not None:
        _elsewhere(job, case)


def _without_topic(job: Job, row: OutboxRow, case: Case) -> None:
    """The topic was deleted or closed by hand: the case goes on under its card, nothing is lost."""
    job.unit.save_case(flow.with_topic(case, None))
    if row.call.method in CLOSE_TOPIC:
        return
    kept = ("message_thread_id", "reply_parameters")
    params = {name: value for name, value in row.call.params.items() if name not in kept}
    job.calls.append(replace(row.call, params=params, merge=None, not_before=None))


def _why(job: Job, reason: str) -> str:
    if reason in ("blocked", "chat-not-found", "deactivated"):
        return job.world.wording.label("staff.why-blocked")
    return job.world.wording.label("staff.why-other", reason=reason)


def _not_delivered(job: Job, row: OutboxRow, case: Case | None, reason: str) -> None:
    origin = row.call.data.get("origin")
    if not origin:
        return
    reaction(job, (origin[0], origin[1]), "\N{BROKEN HEART}")
    number = case.id if case else 0
    text = job.text("staff.not-delivered", case=number, why=_why(job, reason))
    target = {"message_id": origin[1], "allow_sending_without_reply": True}
    params = message(origin[0], text, reply_parameters=target)
    data = {"place": case.id} if case else {}
    job.calls.append(
        Call("sendMessage", params, origin[0], Priority.RELAY, number or None, "note", data)
    )
    if case is not None:
        desk.refresh_card(job, case)


def _safety_undelivered(job: Job, row: OutboxRow, reason: str) -> None:
    case = job.unit.open_case_of(row.call.chat_id)
    if case is not None:
        why = _why(job, reason)
        desk.note(job, case, "staff.undeliverable", priority=Priority.ALERT, why=why)


def _elsewhere(job: Job, case: Case) -> None:
    """The staff group does not take an alert: those on call and the leads hear of it at once."""
    text = card_text(CardView(case, job.unit.lines(case.id), job.now), job.world)
    urgency = desk.urgency(case, Priority.ALERT)
    for worker_id in alerts.everybody(job, case):
        params = message(worker_id, text)
        data = {"step": "on-call"}
        job.calls.append(Call("sendMessage", params, worker_id, urgency, case.id, "alert", data))


def on_moved(job: Job, old: int, new: int) -> None:
    """A group has a new id, and numbers its messages afresh: the staff get their cards again."""
    was_ours = old == job.staff_group
    job.unit.rename_chat(old, new)
    if not was_ours:
        return  # or told a second time: both groups and a refused call say so
    job.unit.set_meta(STAFF_GROUP, str(new))
    for case in job.unit.cases_in((Status.OPEN, Status.CLAIMED)):
        # A card that was never sent has no link: it still waits in the outbox, and went along.
        was_shown = bool(job.unit.links_of(case.id, "card"))
        if case.group_id == new and case.card_message_id is None and was_shown:
            desk.send_card(job, case)
