"""Everything that was said in a case, as a text file for the worker who asks.

The file is made when it is sent and is stored nowhere. It goes to the worker's own chat with the
bot; into the group only after a warning. It has no name and no account of the young person.
"""

from __future__ import annotations

import base64
import textwrap
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.cases.model import Case, Line, Worker
from bot.conversation.state import Button
from bot.delivery.model import Call, OutboxRow, Priority
from bot.telegram.answers import answer, toast
from bot.telegram.card import kind_name
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.lookup import case_for, london
from bot.telegram.office import Job
from bot.telegram.overview import Command
from bot.telegram.passing import elsewhere
from bot.telegram.presses import Press
from bot.telegram.render import keyboard, message
from intents.wording import Wording

TRANSCRIPT = "transcript"  # a call's role and its data; a press; a command; an entry of the log
HERE = "transcript-here"
PAGE, WIDTH, INDENT = 40, 76, "    "
AUTHORS = ("person", "worker", "bot", "note")
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # iPhones take a text file for another alphabet without it


def _command(job: Job, event: StaffSaid, argument: str) -> None:
    case = case_for(job, event, argument, TRANSCRIPT)
    if case is None:
        return
    if not job.unit.lines(case.id):
        answer(job, event, "staff.case-erased")
        return
    _to_worker(job, case, event.worker, event.group_id, event.topic_id, event.message_id)
    answer(job, event, "desk-overview.transcript-coming", case=case.id)


def _pressed(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    wording = job.world.wording
    if not job.unit.lines(case.id):
        toast(job, event, wording.label("desk-overview.transcript-erased"), alert=True)
        return
    _to_worker(job, case, event.worker, event.group_id, None, event.message_id)
    toast(job, event, wording.label("desk-overview.transcript-coming", case=case.id))


def _pressed_here(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    """The worker has read the warning: the file comes into the group, where the case is."""
    if not job.unit.lines(case.id):
        wording = job.world.wording
        toast(job, event, wording.label("desk-overview.transcript-erased"), alert=True)
        return
    toast(job, event)
    _leave(job, case, event.worker, event.group_id, {
        "reply_parameters": {"message_id": event.message_id, "allow_sending_without_reply": True},
        "protect_content": True,
    })  # fmt: skip


def _to_worker(job: Job, case: Case, worker: Worker, group: int, topic: int | None,
               asked_by: int) -> None:  # fmt: skip
    asked = {"group": group, "topic": topic, "message": asked_by}
    _leave(job, case, worker, worker.id, {}, asked)


def _leave(job: Job, case: Case, worker: Worker, chat: int, params: dict[str, Any],
           asked: dict[str, int | None] | None = None) -> None:  # fmt: skip
    where = "group" if chat < 0 else "private"
    job.unit.audit(TRANSCRIPT, {"case": case.id, "worker": worker.id, "where": where}, job.now)
    job.unit.log(case.id, TRANSCRIPT, {"worker": worker.id, "where": where}, job.now)
    wanted = {
        "case": case.id, "worker": worker.name, "at": job.now.isoformat(), "asked": asked,
    }  # fmt: skip
    job.calls.append(
        Call("sendDocument", {"chat_id": chat, **params}, chat, Priority.REPLY, case.id,
             role=TRANSCRIPT, data={TRANSCRIPT: wanted})
    )  # fmt: skip


def filled(job: Job, call: Call) -> dict[str, Any]:
    """The params with the file in them, from the case as it is now."""
    wanted = call.data[TRANSCRIPT]
    number = int(wanted["case"])
    case = job.unit.load_case(number)
    wording = job.world.wording
    at = datetime.fromisoformat(wanted["at"])
    mark = wording.label(
        "desk-overview.watermark", worker=wanted["worker"], time=london(at), case=number
    )
    text = "" if case is None else transcript_text(case, job.unit.lines(number), mark, wording)
    encoded = base64.b64encode((BOM + text).encode()).decode("ascii")
    document = {"filename": f"case-{number}.txt", "base64": encoded}
    caption = wording.text("desk-overview.transcript-caption", case=number)
    return {**call.params, "document": document, "caption": caption, "parse_mode": "HTML"}


def not_private(job: Job, row: OutboxRow, _reason: str) -> None:
    """The worker's own chat does not take it: say why, and offer the group, with a warning."""
    asked = row.call.data[TRANSCRIPT]["asked"]
    number = row.call.case_id or 0
    if asked is None:
        return
    wording = job.world.wording
    text = job.text("desk-overview.transcript-not-private", case=number,
                    worker=row.call.data[TRANSCRIPT]["worker"],
                    username=job.office.bot_username)  # fmt: skip
    here = Button(wording.label("desk-overview.transcript-here"), f"{HERE}:{number}")
    params = message(
        asked["group"], text, reply_markup=keyboard(((here,),)),
        reply_parameters={"message_id": asked["message"], "allow_sending_without_reply": True},
    )  # fmt: skip
    if asked["topic"] is not None:
        params["message_thread_id"] = asked["topic"]
    job.calls.append(Call("sendMessage", params, asked["group"], Priority.REPLY, number, "note"))


def went(job: Job, call: Call, case: Case) -> Call:
    """The case is in another group by now: this one gets no file, and is told where it went."""
    group = elsewhere(job, call.chat_id, case) or ""
    text = job.text("desk-groups.press-elsewhere", case=case.id, group=group)
    params = message(call.chat_id, text, reply_parameters=call.params["reply_parameters"])
    return Call("sendMessage", params, call.chat_id, Priority.REPLY, case.id, "note")


def transcript_text(case: Case, lines: list[Line], mark: str, wording: Wording) -> str:
    """The whole file; the watermark stands at the top, after every page, and at the end."""
    head = wording.label(
        "desk-overview.transcript-head", case=case.id, kind=kind_name(case, wording),
        opened=london(case.opened_at),
    )  # fmt: skip
    body = [*head.splitlines(), ""]
    body += [row for line in lines for row in _rows(line, wording)]
    if not lines:
        body.append(wording.label("desk-overview.transcript-erased"))
    out: list[str] = [mark, ""]
    for n, row in enumerate(body, 1):
        out.append(row)
        if n % PAGE == 0 and n < len(body):
            out += ["", mark, ""]
    return "\n".join([*out, "", mark, ""])


def _rows(line: Line, wording: Wording) -> Iterator[str]:
    """Who and when, then the words moved in, so that no line of theirs can pass for another."""
    author = line.author if line.author in AUTHORS else "bot"
    yield wording.label(f"desk-overview.wrote-{author}", time=london(line.at))
    for row in _plain(line.text).splitlines() or [""]:
        for piece in textwrap.wrap(row, WIDTH - len(INDENT)) or [""]:
            yield f"{INDENT}{piece}"


def _plain(text: str) -> str:
    """Without control signs, which could hide or turn round what was written."""
    return "".join(s for s in text if s in "\n\t" or unicodedata.category(s) not in ("Cc", "Cf"))


COMMANDS: dict[str, Command] = {TRANSCRIPT: _command}
PRESSES: dict[str, Press] = {TRANSCRIPT: _pressed, HERE: _pressed_here}
