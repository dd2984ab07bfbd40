"""Before and after a call: filling in what was not known, and what its result means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.cases import flow
from bot.cases.model import Case, Link, Status, TopicState
from bot.delivery.model import Call, Drop, OutboxRow, Priority, Ready, Resolution, Wait
from bot.telegram import (
    alerts,
    care,
    desk,
    duty,
    learning,
    marks,
    passing,
    reach,
    report,
    reveal_show,
    together,
    transcript,
)
from bot.telegram.card import CardView, card_text
from bot.telegram.office import MOVED, SHUT, Job, fact
from bot.telegram.outgoing import OUT
from bot.telegram.render import keyboard, message
from bot.telegram.reporter import DRAW
from bot.telegram.transcript import TRANSCRIPT

TOPIC_PATIENCE = timedelta(seconds=30)  # after this a case goes on under its card
MOST_EDITS = 100  # looked through for a later edit of the same card
TOPIC_LOST = frozenset({"topic-gone", "topic-closed", "not-a-forum"})
OPENS_OR_CLOSES = frozenset({"closeForumTopic", "reopenForumTopic"})
CHANGES = frozenset({"relay-edit", "relay-cut"})  # of words that are on the phone
CLOSE_TOPIC = frozenset({"closeForumTopic", "reopenForumTopic", "editForumTopic"})


def resolve(job: Job, row: OutboxRow) -> Resolution:
    """Fill in what depends on what was sent before: the card's id, the case's topic."""
    data = row.call.data
    if reveal_show.unwanted(job, row.call):
        return Drop()
    if (case := reach.elsewhere_now(job, row.call)) is not None:
        return _after_it(job, row, case)
    if row.together and (resolution := together.tell_together(job, row)) is not None:
        return resolution
    if "late-card" in data:
        return _late_card(job, row)
    if "chain" in data and not together.needed(_case_of(job, row), row):
        return Drop()
    if "card" in data:
        return _card_edit(job, row, data["card"])
    if "place" in data:
        return _place(job, row, data["place"])
    if row.call.role == OUT:
        return marks.resolve_out(job, row)
    if row.call.role in CHANGES:
        return marks.resolve_change(job, row)
    if TRANSCRIPT in data:
        return Ready(transcript.filled(job, row.call))
    return Ready(row.call.params)


def _after_it(job: Job, row: OutboxRow, case: Case) -> Resolution:
    """The case went to another group meanwhile: words about it follow, the rest is not needed."""
    follower = _follower(job, row.call, case)
    if follower is not None:
        job.unit.enqueue(f"follows:{row.id}", [follower], job.now)
    return Drop()


def _follower(job: Job, call: Call, case: Case) -> Call | None:
    if call.role == TRANSCRIPT:  # what was said is not for the old group: it is told where it went
        return transcript.went(job, call, case)
    return reach.follow(call, case)


def _card_edit(job: Job, row: OutboxRow, case_id: int) -> Resolution:
    case = job.unit.load_case(case_id)
    if case is None:
        return Drop()
    if case.card_message_id is None:
        return Wait() if _patient(row, job.now) else Drop()
    others = job.unit.waiting_calls(row.call.chat_id, (row.call.role,), MOST_EDITS)
    soon = (one.call for one in others if not one.call.not_before or one.call.not_before <= job.now)
    if any(call.case_id == case_id for call in soon):
        return Drop()  # each edit counts against the group's limit, and the last shows everything
    text = card_text(CardView(case, job.unit.lines(case_id), job.now), job.world)
    params = message(case.group_id, text, message_id=case.card_message_id)
    if rows := desk.buttons(job, case):
        params["reply_markup"] = keyboard(rows)
    return Ready(params)


def _late_card(job: Job, row: OutboxRow) -> Resolution:
    """A card after its case was named in a list: not where it came sooner, or is over."""
    case = _case_of(job, row)
    if case is not None and case.card_message_id is not None:
        desk.refresh_card(job, case)  # it came after all, perhaps as the case was before
        return Drop()
    if case is None or case.status is Status.CLOSED:
        return Drop()
    return Ready(desk.card(job, case))


def _place(job: Job, row: OutboxRow, case_id: int) -> Resolution:
    case = job.unit.load_case(case_id)
    if case is None:
        return Drop()
    params = dict(row.call.params) | {"chat_id": case.group_id}
    ended = case.status is Status.CLOSED
    if (row.call.method == "closeForumTopic") != ended and row.call.method in OPENS_OR_CLOSES:
        return Drop()  # overtaken: the case was opened again, or closed again
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
    if row.call.chat_id < 0 and job.unit.get_meta(fact(SHUT, row.call.chat_id)):
        reach.took(job, row.call)
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
    if case.group_id == row.call.chat_id:  # it may have gone to another group while this was sent
        job.unit.save_case(replace(case, card_message_id=result["message_id"]))
    job.unit.link(Link(row.call.chat_id, result["message_id"], case.id, "card"))


def _topic(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    case, topic_id = _case_of(job, row), result.get("message_thread_id")
    if case is not None and case.group_id == row.call.chat_id:
        job.unit.save_case(flow.with_topic(case, topic_id))
    elif topic_id:
        passing.close_topic(job, row.call.chat_id, topic_id)


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
    if "message_id" in result:
        marks.arrived(job, row, result["message_id"])


SENT: dict[str, Callable[[Job, OutboxRow, dict[str, Any]], None]] = {
    "answer": _answer,
    "notice": _answer,
    "card": _card,
    "late-card": _card,
    together.ROLE: together.told,
    "topic": _topic,
    "relay-in": _in_group,
    "note": _in_group,
    "why": _in_group,
    OUT: _out,
    "relay-edit": lambda job, row, _result: marks.changed(job, row),
    "relay-cut": lambda job, row, _result: marks.cut_away(job, row),
    "unsend": lambda job, row, _result: marks.taken_back(job, row),
    "alarm": _in_group,
    DRAW: report.drawn,
    **reveal_show.SENT,
    "alert": lambda job, row, _result: alerts.person_reached(job, row),
    duty.HELLO: lambda job, row, _result: alerts.person_reached(job, row),
    learning.ROLE: learning.noted,
    care.ROLE: care.sent,
}
FAILED: dict[str, Callable[[Job, OutboxRow, str], None]] = {
    report.REPORT: report.not_sent,
    DRAW: report.not_made,
    TRANSCRIPT: transcript.not_private,
    **reveal_show.FAILED,
}


def on_failed(job: Job, row: OutboxRow, reason: str) -> None:
    """A call was given up: nobody may believe that it arrived."""
    call = row.call
    if call.chat_id < 0:
        reach.refused(job, call, reason)
    case = _case_of(job, row)
    if (went := reach.elsewhere_now(job, call)) is not None:
        follower = _follower(job, call, went)
        job.calls += [follower] if follower else []
        return
    if (handler := FAILED.get(call.role)) is not None:
        handler(job, row, reason)
    if case is not None and reason in TOPIC_LOST and "place" in call.data:
        _without_topic(job, row, case)
        return
    if call.role == "topic" and case is not None:
        job.unit.save_case(flow.with_topic(case, None))
    elif call.role in (OUT, *CHANGES):
        marks.not_delivered(job, row, case, reason)
    elif call.role == "unsend":
        marks.not_taken_back(job, row, case, reason)
    elif case is not None and call.chat_id == case.chat_id and reason in marks.AWAY:
        marks.unreachable(job, case, reason)
    elif call.priority is Priority.DANGER and call.role == "answer":
        _safety_undelivered(job, row, reason)
    elif call.role == "late-card" and reason.startswith("gave-up") and case is not None:
        desk.card_follows(job, case)
    elif call.role == together.ROLE:
        for one in together.untold(job, row):
            _elsewhere(job, one)
    elif call.role == "card" and job.groups_changed:
        return  # every case of that group was just sent on
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
    case = flow.with_topic(case, None)
    job.unit.save_case(case)
    if row.call.method in CLOSE_TOPIC:
        return
    if case.status is not Status.CLOSED:
        desk.note(job, case, "desk-relay.topic-gone")
    kept = ("message_thread_id", "reply_parameters")
    params = {name: value for name, value in row.call.params.items() if name not in kept}
    job.calls.append(replace(row.call, params=params, merge=None, not_before=None))


def _safety_undelivered(job: Job, row: OutboxRow, reason: str) -> None:
    case = job.unit.open_case_of(row.call.chat_id)
    if case is not None:
        why = marks.why(job, reason)
        desk.note(job, case, "staff.undeliverable", priority=Priority.ALERT, why=why)
        if reason in marks.AWAY:
            marks.away(job, case)


def _elsewhere(job: Job, case: Case) -> None:
    """The staff group does not take an alert: those on call and the leads hear of it at once."""
    text = card_text(CardView(case, job.unit.lines(case.id), job.now), job.world)
    urgency = desk.urgency(case, Priority.ALERT)
    for worker_id in alerts.everybody(job, case):
        params = message(worker_id, text)
        data = {"step": "on-call"}
        job.calls.append(Call("sendMessage", params, worker_id, urgency, case.id, "alert", data))


def on_moved(job: Job, old: int, new: int) -> None:
    """A group has a new id: in everything that is stored, and for a staff group in its facts."""
    was_ours = any(group.chat_id == old for group in job.groups())
    job.unit.rename_chat(old, new)
    if not was_ours:
        return  # or told a second time: both groups and a refused call say so
    job.unit.set_meta(fact(MOVED, old), str(new))
    reach.moved(job, old, new)
