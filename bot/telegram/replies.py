"""What a worker writes in the staff group: to the young person, or among staff."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.cases.model import Case, Status
from bot.conversation.state import Button
from bot.telegram import media, outgoing
from bot.telegram.answers import answer, own_quoted, replace_note, toast, warn
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job
from bot.telegram.outgoing import OURS, Words, current, hindrance, refuse_words, taken
from bot.telegram.presses import Press
from bot.telegram.render import units

TO_PERSON = frozenset({"card", "relay-in"})  # replying to one of these reaches the person
LONG = 3500  # UTF-16 units: an app may have cut a longer text here and sent the rest as a second
SPLIT_WITHIN = timedelta(seconds=3)


def replied(job: Job, event: StaffSaid) -> None:
    """A worker answered some message: what it was decides who reads the words."""
    target = event.reply_to if event.reply_to is not None else _goes_on(job, event)
    if target is None:
        _unaddressed(job, event)
        return
    link = job.unit.find_link(event.group_id, target)
    case = current(job, link.case_id) if link else None
    if link is None or case is None:
        return
    if link.role in ("note", "alarm"):
        answer(job, event, "staff.reply-note", about=case)
    elif link.role in OURS:
        answer(job, event, "staff.reply-own", about=case)
    elif link.role == "together":
        answer(job, event, "desk-load.reply-list")
    elif link.role in TO_PERSON:
        _reply(job, event, case, target)
    elif link.role.startswith(media.ASKED):
        answer(job, event, "desk-relay.picture-not-theirs", about=case)


def _reply(job: Job, event: StaffSaid, case: Case, target: int) -> None:
    """A worker's reply goes to the young person; whoever answers an open case has it."""
    insist = event.text.startswith("!")
    why = hindrance(job, case, event.group_id, event.topic_id, insist=insist)
    if why is not None:
        refuse_words(job, event, case, why)
        return
    if event.media is not None:
        media.ask(job, event, case)
        return
    if units(event.text) >= LONG:
        mark = f"{event.message_id} {target} {event.at.isoformat()}"
        job.unit.set_meta(_long_key(event), mark)
    parts = _send(job, event, case, insist=insist)
    if parts > 1:
        answer(job, event, "staff.reply-too-long", about=case, parts=parts)


def _send(job: Job, event: StaffSaid, case: Case, *, insist: bool = False) -> int:
    """The words go, without the sign that insists where it had something to insist on."""
    html, text = event.html, event.text
    if insist and hindrance(job, case, event.group_id, event.topic_id) is not None:
        html, text = html.replace("!", "", 1), text.removeprefix("!").lstrip()
    else:
        insist = False
    case = taken(job, case, event.worker)
    words = Words((event.group_id, event.message_id), event.worker, html, text)
    return outgoing.send(job, case, words, insist=insist)


def _long_key(event: StaffSaid) -> str:
    return f"long-reply:{event.group_id}:{event.worker.id}"


def _goes_on(job: Job, event: StaffSaid) -> int | None:
    """What was answered, where this is the rest of a reply that the app cut in two."""
    mark = job.unit.get_meta(_long_key(event))
    if not mark or event.media is not None:
        return None
    before, target, at = mark.split()
    link = job.unit.find_link(event.group_id, int(before))
    follows = int(before) + 1 == event.message_id and link is not None
    if not follows or event.at - datetime.fromisoformat(at) > SPLIT_WITHIN:
        return None
    return int(target)


def _unaddressed(job: Job, event: StaffSaid) -> None:
    """Words that reply to nothing stay inside; the first time a worker is told, and may send."""
    key = f"told-reply:{event.worker.id}"
    if event.topic_id is None or not event.text or event.media or job.unit.get_meta(key):
        return
    case = job.unit.case_of_topic(event.group_id, event.topic_id)
    case = current(job, case.id) if case is not None else None
    if case is None or case.status is not Status.CLAIMED or case.worker is None:
        return
    if case.worker.id != event.worker.id:
        return
    job.unit.set_meta(key, "yes")
    label = job.world.wording.label
    button = Button(label("desk-relay.send-it"), f"send-it:{case.id}", style="primary")
    answer(job, event, "desk-relay.stays-inside", about=case, rows=((button,),))


def _send_it(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    """The worker meant it for the person after all: it goes, with the checks of a reply."""
    said = own_quoted(job, event)
    found = current(job, case.id)
    if said is None or found is None:
        return
    link = job.unit.find_link(said.group_id, said.message_id)
    why = hindrance(job, found, event.group_id, said.topic_id)
    if link is not None and link.role in OURS:
        warn(job, event, "desk-relay.sent-already")
    elif why is not None:
        warn(job, event, why.key, **why.values)
    else:
        toast(job, event)
        _send(job, said, found)
        replace_note(job, event, found, job.text("desk-relay.sent-it"))


def meant_for_person(job: Job, event: StaffSaid) -> bool:
    """Whether what somebody wrote answers words of a young person."""
    target = job.unit.find_link(event.group_id, event.reply_to) if event.reply_to else None
    return target is not None and target.role in TO_PERSON


PRESSES: dict[str, Press] = {"send-it": _send_it}
