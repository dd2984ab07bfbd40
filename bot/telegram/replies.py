"""A worker's reply: to the young person, changed later, and what is said when it cannot go."""

from __future__ import annotations

import html

from bot.cases import chain, flow
from bot.cases.model import Case, Line, Link, Status
from bot.delivery.model import Call, Priority
from bot.telegram import desk
from bot.telegram.answers import answer, reaction
from bot.telegram.events import StaffSaid
from bot.telegram.office import Job
from bot.telegram.render import LONGEST, message, split, units
from intents.wording import Markup

TO_PERSON = frozenset({"card", "relay-in"})  # replying to one of these reaches the person


def replied(job: Job, event: StaffSaid) -> None:
    """A worker answered some message: what it was decides who reads the words."""
    if event.reply_to is None:
        return
    link = job.unit.find_link(event.group_id, event.reply_to)
    case = job.unit.load_case(link.case_id) if link else None
    if link is None or case is None:
        return
    if link.role in ("note", "alarm"):
        answer(job, event, "staff.reply-note")
    elif link.role == "staff-reply":
        answer(job, event, "staff.reply-own")
    elif link.role == "together":
        answer(job, event, "desk-load.reply-list")
    elif link.role in TO_PERSON:
        _reply(job, event, case)


def _reply(job: Job, event: StaffSaid, case: Case) -> None:
    """A worker's reply goes to the young person; whoever answers an open case has it."""
    if case.status is Status.CLOSED:
        answer(job, event, "staff.reply-closed", case=case.id)
        return
    if not event.html:
        answer(job, event, "staff.reply-no-words")
        return
    if desk.hidden(job, case) and not event.text.startswith("!"):
        answer(job, event, "staff.reply-hidden", case=case.id)
        return
    if case.status is Status.OPEN:
        taken = flow.claim(case, event.worker, job.now)
        assert isinstance(taken, Case)  # an open case can always be claimed
        case = desk.claimed(job, taken, case)
    case = flow.answered(case, job.now)
    job.unit.save_case(case)
    job.unit.cancel_timer(chain.timer_key(case.id, chain.UNANSWERED))
    job.unit.add_line(case.id, Line("worker", event.text, event.at, event.message_id))
    if event.has_media:
        answer(job, event, "staff.reply-words-only")
    text = _worker_words(job, event)
    parts = split(text)
    if len(parts) > 1:
        answer(job, event, "staff.reply-too-long", parts=len(parts))
    desk.to_person(job, case, text, role="relay-out", origin=(event.group_id, event.message_id))


def _worker_words(job: Job, event: StaffSaid, key: str = "danger.from-worker") -> str:
    """The reply with its formatting; without it where the tags would not fit into one message."""
    words = event.html if units(event.html) < LONGEST - 200 else html.escape(event.text, False)
    words = words.removeprefix("!").lstrip()
    return job.text(key, worker=event.worker.name, text=Markup(words))


def edited(job: Job, event: StaffSaid) -> None:
    """A change to a reply that was sent changes it on the phone as well."""
    link = job.unit.find_link(event.group_id, event.message_id)
    if link is None or link.role != "staff-reply" or not link.peer_message_id:
        if meant_for_person(job, event):
            answer(job, event, "staff.edited-late")
        return
    case = job.unit.load_case(link.case_id)
    text = _worker_words(job, event, "danger.from-worker-edited")
    closed = case is None or case.status is Status.CLOSED
    if closed or not event.text or units(text) > LONGEST or not link.peer_chat_id:
        answer(job, event, "staff.edited-late")
        return
    params = message(link.peer_chat_id, text, message_id=link.peer_message_id)
    job.calls.append(
        Call(
            "editMessageText",
            params,
            link.peer_chat_id,
            Priority.RELAY,
            link.case_id,
            role="relay-edit",
            data={"origin": [event.group_id, event.message_id]},
        )
    )


def meant_for_person(job: Job, event: StaffSaid) -> bool:
    """Whether what was changed is a reply that is on its way, or that never went."""
    target = job.unit.find_link(event.group_id, event.reply_to) if event.reply_to else None
    return target is not None and target.role in TO_PERSON


def delivered(job: Job, link: Link, worker_message: tuple[int, int]) -> None:
    """A worker's words arrived: note both messages, and say so with a reaction."""
    job.unit.link(link)
    reaction(job, worker_message, "\N{THUMBS UP SIGN}")
