"""A closed case that goes on: the person writes again, or a worker opens it."""

from __future__ import annotations

from datetime import timedelta

from bot.cases import flow
from bot.cases.model import Case, Line, Status, TopicState
from bot.conversation.events import PrivateEvent, Said
from bot.conversation.state import Raise
from bot.delivery.model import Call, Priority
from bot.telegram import clocks, desk
from bot.telegram.office import Job
from bot.telegram.render import message


def resting_case(job: Job, chat_id: int) -> Case | None:
    """The person's case that was closed lately enough to go on when they write again."""
    since = job.now - timedelta(days=job.office.reopens_days)
    closed = [
        case
        for case in job.unit.cases_of(chat_id)
        if case.status is Status.CLOSED and not case.merged_into and case.closed_at is not None
    ]
    latest = max(closed, key=lambda case: (case.closed_at, case.id), default=None)
    if latest is None or latest.closed_at is None or latest.closed_at <= since:
        return None
    return latest


def came_back(job: Job, case: Case, raised: Raise, event: PrivateEvent) -> Case:
    """The person wrote again: the case goes on with a fresh card, and its chain begins anew."""
    _keep_why(job, case)
    old_card = case.card_message_id
    case = flow.come_back(case, raised.urgency, raised.kind, raised.reason, job.now)
    job.unit.save_case(case)
    job.unit.log(case.id, "reopened", {"by": "person", "urgency": case.urgency}, job.now)
    if isinstance(event, Said) and event.text:
        job.unit.add_line(case.id, Line("person", event.text, event.at, event.message_id))
    _goes_on(job, case)
    clocks.set_chain(job, case)
    desk.send_card(job, case)
    if old_card is not None:
        params = message(case.group_id, job.text("desk-case.again-older-card", case=case.id))
        params["message_id"] = old_card
        job.calls.append(
            Call("editMessageText", params, case.group_id, Priority.HOUSEKEEPING, case.id)
        )
    if case.topic_state is TopicState.MADE:
        _relay_into_topic(job, case, event)
    return case


def _relay_into_topic(job: Job, case: Case, event: PrivateEvent) -> None:
    """Where the talk was, the new words stand as well: the card is elsewhere."""
    desk.note(job, case, "desk-case.again-note", priority=Priority.ALERT)
    if isinstance(event, Said) and event.text:
        shown = job.text("staff.relay", case=case.id, text=event.text)
        desk.to_staff(job, case, shown, person_message=event.message_id)


def reopened(job: Job, case: Case, was: Case) -> None:
    """A worker opened it again and has it: the person is told, and the talk goes on."""
    _keep_why(job, was)
    job.unit.save_case(case)
    by = case.reopened_by.id if case.reopened_by else 0
    job.unit.log(case.id, "reopened", {"by": by}, job.now)
    job.unit.audit("reopened", {"case": case.id, "worker": by}, job.now)
    _goes_on(job, case)
    clocks.watch_answer(job, case)
    desk.refresh_card(job, case)
    worker = case.worker.name if case.worker else ""
    desk.note(job, case, "desk-case.reopened-note", worker=worker)
    desk.to_person(job, case, job.text("desk-case.reopened-person", worker=worker))


def _goes_on(job: Job, case: Case) -> None:
    """What was to follow the end does not, and a closed topic is opened."""
    job.unit.cancel_timer(f"erase:{case.id}")
    job.unit.cancel_timer(f"record:{case.id}")
    if case.topic_state not in (TopicState.MADE, TopicState.PENDING):
        return
    job.calls.append(
        Call(
            "reopenForumTopic",
            {"chat_id": case.group_id},
            case.group_id,
            Priority.ALERT,
            case.id,
            role="topic-open",
            data={"place": case.id},
        )
    )


def _keep_why(job: Job, case: Case) -> None:
    """The record begins anew at the next end; why it ended this time stays as a note."""
    if case.decision is None:
        return
    data = {"told": list(case.decision.told), "consent": case.decision.consent}
    job.unit.log(case.id, "recorded", data, job.now)
    if case.decision.why:
        by = case.worker.name if case.worker else ""
        job.unit.add_line(case.id, Line("note", case.decision.why, job.now, by=by))
