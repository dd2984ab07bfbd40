"""`/r`: ready replies, found by a few words, shown with their numbers, sent at a press."""

from __future__ import annotations

import html
from collections.abc import Mapping
from itertools import groupby

from bot.cases.model import Case
from bot.conversation.cards import helpline_lines
from bot.conversation.state import Button
from bot.telegram import outgoing
from bot.telegram.answers import answer, answer_with, own_quoted, replace_note, toast, warn
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job
from bot.telegram.outgoing import OURS, Words, current, hindrance, refuse_words, taken
from bot.telegram.overview import Command
from bot.telegram.presses import Press
from bot.telegram.render import split
from bot.telegram.rich import plain
from directory.model import Confidence
from intents.canned import Canned, find
from intents.wording import Markup, joined

Rows = tuple[tuple[Button, ...], ...]


def filled(job: Job, reply: Canned, case: Case) -> tuple[Markup | None, list[str]]:
    """The text with its numbers; None where one is missing or not sure, with the names of those."""
    values = {name: _number(job, name, case) for name in reply.blanks()}
    missing = [name for name, value in values.items() if not value]
    if missing:
        return None, list(dict.fromkeys(missing))
    return Markup(reply.text.format_map(values)), []


def _number(job: Job, name: str, case: Case) -> str:
    """What fills a blank, as it may be shown as sure; empty where there is nothing such."""
    door = job.world.front_doors.get(case.borough or "")
    if name in ("borough", "front_door_day", "front_door_out"):
        if door is None or door.assurance.confidence is not Confidence.HIGH:
            return html.escape(case.borough or "", quote=False) if name == "borough" else ""
        by_name: Mapping[str, str | None] = {
            "borough": door.borough,
            "front_door_day": door.phone_day,
            "front_door_out": door.phone_out_of_hours,
        }
        return html.escape(by_name[name] or "", quote=False)
    return "\n".join(helpline_lines(name, job.world, job.now, sure_only=True))


def _command(job: Job, event: StaffSaid, argument: str) -> None:
    """`/r` alone lists them; with words it finds what is meant for the case at hand."""
    if not job.world.canned:
        answer(job, event, "desk-relay.canned-none-at-all")
        return
    if not argument:
        for piece in split(_listed(job)):
            answer_with(job, event, piece)
        return
    case = _case_at_hand(job, event)
    if case is None:
        answer(job, event, "desk-relay.canned-where")
        return
    why = hindrance(job, case, event.group_id, event.topic_id)
    if why is not None:
        refuse_words(job, event, case, why)
        return
    found = find(argument, job.world.canned)
    if not found:
        answer(job, event, "desk-relay.canned-unknown", about=case, wanted=argument[:60])
    elif len(found) == 1:
        text, rows = _preview(job, found[0], case)
        answer_with(job, event, text, about=case, rows=rows)
    else:
        text = job.text("desk-relay.canned-which", case=case.id)
        answer_with(job, event, text, about=case, rows=_choice(job, found, case))


def _listed(job: Job) -> str:
    parts = [job.text("desk-relay.canned-list")]
    for group, replies in groupby(job.world.canned, key=lambda one: one.group):
        names = Markup("\n".join(
            job.text("desk-relay.canned-row", name=one.name, words=one.words[0]) for one in replies
        ))  # fmt: skip
        parts.append(job.text("desk-relay.canned-group", group=group, names=names))
    return joined(list(parts))


def _case_at_hand(job: Job, event: StaffSaid) -> Case | None:
    """The case of the message that is answered, else of the topic that is written in."""
    link = job.unit.find_link(event.group_id, event.reply_to) if event.reply_to else None
    if link is not None:
        return current(job, link.case_id)
    if event.topic_id is None:
        return None
    case = job.unit.case_of_topic(event.group_id, event.topic_id)
    return current(job, case.id) if case is not None else None


def _preview(job: Job, reply: Canned, case: Case) -> tuple[str, Rows]:
    """The text as it would go, or which numbers are missing."""
    label = job.world.wording.label
    text, missing = filled(job, reply, case)
    no = Button(label("desk-relay.not-this"), f"r-no:{case.id}")
    if text is None:
        shown = job.text("desk-relay.canned-missing", name=reply.name, missing=", ".join(missing),
                         borough=case.borough or label("staff.card-unknown"))  # fmt: skip
        return shown, ((no,),)
    send = Button(label("desk-relay.send"), f"r-send:{case.id}:{reply.id}", style="primary")
    shown = job.text("desk-relay.canned-preview", case=case.id, name=reply.name, text=text)
    return shown, ((send, no),)


def _choice(job: Job, found: list[Canned], case: Case) -> Rows:
    picks = [(Button(one.name, f"r-pick:{case.id}:{one.id}"),) for one in found]
    no = Button(job.world.wording.label("desk-relay.none-of-these"), f"r-no:{case.id}")
    return (*picks, (no,))


def _chosen(job: Job, event: StaffPressed, case: Case, reply_id: str) -> tuple[Case, Canned] | None:
    """The reply and its case, where the worker who asked for it presses and both are there."""
    found = next((one for one in job.world.canned if one.id == reply_id), None)
    now = current(job, case.id)
    asked = own_quoted(job, event)
    if asked is None:
        return None
    if found is None or now is None:
        warn(job, event, "desk-relay.canned-gone")
        return None
    return now, found


def _pick(job: Job, event: StaffPressed, case: Case, reply_id: str) -> None:
    chosen = _chosen(job, event, case, reply_id)
    if chosen is not None:
        toast(job, event)
        text, rows = _preview(job, chosen[1], chosen[0])
        replace_note(job, event, chosen[0], text, rows)


def _send(job: Job, event: StaffPressed, case: Case, reply_id: str) -> None:
    """The reply goes, with its numbers as they are now; its mark comes on the bot's message."""
    chosen = _chosen(job, event, case, reply_id)
    if chosen is None:
        return
    case, reply = chosen
    origin = (event.group_id, event.message_id)
    link = job.unit.find_link(*origin)
    why = hindrance(job, case, event.group_id, event.quoted.topic_id if event.quoted else None)
    text, missing = filled(job, reply, case)
    if link is not None and link.role in OURS:
        warn(job, event, "desk-relay.sent-already")
    elif why is not None:
        warn(job, event, why.key, **why.values)
    elif text is None:
        warn(job, event, "desk-relay.canned-missing-now", missing=", ".join(missing))
    else:
        toast(job, event)
        case = taken(job, case, event.worker)
        outgoing.send(job, case, Words(origin, event.worker, text, plain(text)))
        job.unit.count("canned", reply.id, f"{job.now:%Y-%m-%d}")
        shown = job.text("desk-relay.canned-sent", worker=event.worker.name, text=text)
        replace_note(job, event, case, shown)


def _not_this(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    link = job.unit.find_link(event.group_id, event.message_id)
    if link is not None and link.role in OURS:
        warn(job, event, "desk-relay.sent-already")
        return
    toast(job, event)
    replace_note(job, event, case, job.text("desk-relay.canned-not-sent"))


PRESSES: dict[str, Press] = {"r-send": _send, "r-pick": _pick, "r-no": _not_this}
COMMANDS: dict[str, Command] = {"r": _command}
