"""A worker changes what they sent, or takes it back: the phone follows, and the message says so."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.model import Case, Line, Link, Status
from bot.telegram import desk, marks, outgoing
from bot.telegram.answers import answer, reaction
from bot.telegram.captions import caption_of
from bot.telegram.events import StaffSaid
from bot.telegram.office import Job
from bot.telegram.outgoing import FAILED, GOING, OURS, UNSENT, Origin, Words
from bot.telegram.overview import Command
from bot.telegram.render import message
from bot.telegram.replies import meant_for_person


def edited(job: Job, event: StaffSaid) -> None:
    """A change to a reply that was sent changes it on the phone as well."""
    origin = (event.group_id, event.message_id)
    link = job.unit.find_link(*origin)
    if link is None or link.role not in OURS:
        if meant_for_person(job, event):
            answer(job, event, "staff.edited-late")
        return
    case = outgoing.current(job, link.case_id)
    if link.role == UNSENT:
        answer(job, event, "desk-relay.edited-unsent", about=case)
    elif link.role == FAILED or case is None or case.status is Status.CLOSED or not case.chat_id:
        answer(job, event, "staff.edited-late", about=case)
    elif link.role == GOING and desk.hidden(job, case):
        answer(job, event, "staff.reply-hidden", about=case, case=case.id)
    elif link.role == GOING:
        _change(job, event, case, link)


def _change(job: Job, event: StaffSaid, case: Case, link: Link) -> None:
    origin = (event.group_id, event.message_id)
    before = outgoing.record(job, link.case_id, origin)
    if before.get("media"):
        _change_caption(job, event, case, origin)
        return
    html, text = event.html, event.text
    if before.get("insist"):
        html, text = html.replace("!", "", 1), text.removeprefix("!").lstrip()
    if not text.strip():
        answer(job, event, "staff.edited-late", about=case)
        return
    same = _last_words(job, case.id, event.message_id) == text  # only its look has changed
    key = "danger.from-worker" if same else "danger.from-worker-edited"
    words = Words(origin, event.worker, html, text)
    texts = outgoing.as_shown(job, words, key)
    # What was sent belongs to the case it was sent in, whatever has been merged since.
    sent_in = replace(case, id=link.case_id)
    _to_phone(job, sent_in, origin, texts, int(before.get("parts", 1)))
    insist = bool(before.get("insist"))
    outgoing.note(job, sent_in, origin, event.worker.id, len(texts), insist=insist)
    if not same:
        line = job.world.wording.label("desk-relay.line-changed", text=text)
        job.unit.add_line(
            case.id, Line("worker", line, job.now, event.message_id, event.worker.name)
        )


def _to_phone(job: Job, case: Case, origin: Origin, texts: list[str], before: int) -> None:
    """New words into the messages that are there; what is more is sent, what is less goes."""
    total = len(texts)
    for part, text in enumerate(texts):
        last = part == total - 1 and before <= total
        params = message(case.chat_id, text)
        if part < before:
            outgoing.out(job, case, "editMessageText", params, origin, part, total,
                         role="relay-edit", last=last)  # fmt: skip
        else:
            outgoing.out(job, case, "sendMessage", params, origin, part, total, edit=True)
    # From the end: what goes away must not change the places of the others.
    for part in range(before - 1, total - 1, -1):
        outgoing.out(job, case, "deleteMessages", {"chat_id": case.chat_id}, origin, part, total,
                     role="relay-cut", last=part == total)  # fmt: skip


def _last_words(job: Job, case_id: int, message_id: int) -> str | None:
    """What a worker's message said before, as it was kept."""
    own = [
        line.text
        for line in job.unit.lines(case_id)
        if line.author == "worker" and line.message_id == message_id
    ]
    return own[-1] if own else None


def _change_caption(job: Job, event: StaffSaid, case: Case, origin: Origin) -> None:
    caption = caption_of(job, event, "danger.from-worker-edited")
    if caption is None:
        answer(job, event, "desk-relay.caption-long", about=case)
        return
    link = job.unit.find_link(*origin)
    sent_in = replace(case, id=link.case_id) if link is not None else case
    params = {"chat_id": case.chat_id, "caption": caption, "parse_mode": "HTML"}
    outgoing.out(job, sent_in, "editMessageCaption", params, origin, 0, 1,
                 role="relay-edit", last=True)  # fmt: skip


def _unsend(job: Job, event: StaffSaid, _argument: str) -> None:
    """`/unsend` as a reply to one's own reply: it is deleted on the phone."""
    link = job.unit.find_link(event.group_id, event.reply_to) if event.reply_to else None
    if link is None or link.role not in OURS:
        answer(job, event, "desk-relay.unsend-which")
        return
    origin = (link.chat_id, link.message_id)
    case = outgoing.current(job, link.case_id)
    author = outgoing.record(job, link.case_id, origin).get("worker")
    has_it = case is not None and case.worker is not None and case.worker.id == event.worker.id
    if author != event.worker.id and not has_it:
        answer(job, event, "desk-relay.unsend-not-yours", about=case)
    elif link.role == UNSENT:
        answer(job, event, "desk-relay.unsent-already", about=case)
    elif link.role != GOING:
        answer(job, event, "desk-relay.unsend-never-went", about=case)
    else:
        _take_back(job, event, link, case.id if case is not None else link.case_id)


def _take_back(job: Job, event: StaffSaid, link: Link, case_id: int) -> None:
    origin = (link.chat_id, link.message_id)
    parts = outgoing.parts_of(job, link.case_id, origin)
    job.unit.link(replace(link, role=UNSENT))
    job.unit.cancel_timer(outgoing.wait_key(origin))
    job.unit.log(link.case_id, "unsent", {"worker": event.worker.id}, job.now)
    before = _last_words(job, case_id, link.message_id)
    if before is not None:
        line = job.world.wording.label("desk-relay.line-unsent", text=before)
        kept = Line("worker", line, job.now, link.message_id, event.worker.name)
        job.unit.add_line(case_id, kept)
    if parts:
        ids = [part.message_id for part in parts]
        marks.remove(job, link.case_id, parts[0].chat_id, ids, origin)
    else:  # it has not gone yet, and will not go
        reaction(job, origin, marks.TAKEN_BACK)


COMMANDS: dict[str, Command] = {"unsend": _unsend}
