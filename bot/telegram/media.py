"""Pictures and files from staff: they go to the young person only after a second thought.

Nothing is fetched or kept: Telegram copies the message from one chat to the other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.cases.model import Case, Line, Link
from bot.conversation.events import Media
from bot.conversation.state import Button
from bot.telegram import outgoing
from bot.telegram.answers import answer, own_quoted, replace_note, toast, warn
from bot.telegram.captions import caption_of
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job
from bot.telegram.outgoing import KEPT, hindrance, taken
from bot.telegram.presses import Press

SENDABLE = frozenset({Media.PICTURE, Media.VIDEO, Media.VOICE, Media.FILE})
ASKED = "asked-"  # a picture about which the worker was asked: the role of its link begins so


def ask(job: Job, event: StaffSaid, case: Case) -> None:
    """Ask whether a picture is really to go; once for all pictures that came as one."""
    if event.media not in SENDABLE:
        answer(job, event, "desk-relay.media-refused", about=case)
        return
    if caption_of(job, event) is None:
        answer(job, event, "desk-relay.caption-long", about=case)
        return
    role = f"{ASKED}{event.album or event.message_id}"
    first = not job.unit.links_of(case.id, role)
    job.unit.link(Link(event.group_id, event.message_id, case.id, role))
    if not first:
        return
    label = job.world.wording.label
    row = (
        Button(label("desk-relay.send"), f"pic-yes:{case.id}", style="primary"),
        Button(label("desk-relay.do-not"), f"pic-no:{case.id}"),
    )
    key = "desk-relay.media-ask-album" if event.album else "desk-relay.media-ask"
    answer(job, event, key, about=case, rows=(row,))


def _waiting(job: Job, event: StaffPressed, case: Case) -> tuple[StaffSaid, list[Link]] | None:
    """The picture under which a worker pressed, with those that came as one with it."""
    said = own_quoted(job, event)
    if said is None:
        return None
    links = job.unit.links_of(case.id, f"{ASKED}{said.album or said.message_id}")
    if not links:
        warn(job, event, "desk-relay.media-done")
        return None
    return said, links


def _send(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    found, waiting = outgoing.current(job, case.id), _waiting(job, event, case)
    if waiting is None or found is None:
        return
    said, links = waiting
    insist = said.text.startswith("!")
    why = hindrance(job, found, event.group_id, said.topic_id, insist=insist)
    if why is not None:
        warn(job, event, why.key, **why.values)
        return
    toast(job, event)
    found = taken(job, found, event.worker)
    for link in links:
        _copy(job, found, said, link)
    kind = job.world.wording.label("desk-relay.line-media", text=said.text)
    job.unit.add_line(found.id, Line("worker", kind, job.now, said.message_id, said.worker.name))
    replace_note(job, event, found, job.text("desk-relay.media-sent", number=len(links)))


def _copy(job: Job, case: Case, said: StaffSaid, link: Link) -> None:
    """One message by copy; who sends it stands in its caption."""
    origin = (link.chat_id, link.message_id)
    outgoing.begin(job, case, origin, said.worker, 1, media=True)
    # Of an album only the message that was asked about is known; the others keep their captions.
    params: dict[str, Any] = {
        "chat_id": case.chat_id,
        "from_chat_id": link.chat_id,
        "message_id": link.message_id,
    }
    if link.message_id == said.message_id:
        params |= {"caption": caption_of(job, said), "parse_mode": "HTML"}
    outgoing.out(job, case, "copyMessage", params, origin, 0, 1)


def _do_not(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    waiting = _waiting(job, event, case)
    if waiting is None:
        return
    for link in waiting[1]:
        job.unit.link(replace(link, role=KEPT))
    toast(job, event)
    replace_note(job, event, case, job.text("desk-relay.media-kept"))


PRESSES: dict[str, Press] = {"pic-yes": _send, "pic-no": _do_not}
