"""The staff group: which press, reply or command goes to which part of the desk."""

from __future__ import annotations

from dataclasses import replace

from bot.telegram import (
    canned,
    edits,
    handover,
    joining,
    media,
    names,
    notes,
    overview,
    presses,
    records,
    replies,
    workers,
)
from bot.telegram.answers import answer, toast
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job
from bot.telegram.overview import Command
from bot.telegram.presses import Press

# One line a part: a verb or a command that two parts claim is a mistake (a test looks).
PRESSES: dict[str, Press] = {
    **presses.PRESSES,
    **handover.PRESSES,
    **records.PRESSES,
    **joining.PRESSES,
    **replies.PRESSES,
    **media.PRESSES,
    **canned.PRESSES,
}
COMMANDS: dict[str, Command] = {
    **overview.COMMANDS,
    **notes.COMMANDS,
    **edits.COMMANDS,
    **names.COMMANDS,
    **canned.COMMANDS,
}


def pressed(job: Job, event: StaffPressed) -> None:
    """A button on a card: do it, or say why not, only to the worker who pressed."""
    said = event.quoted
    if said is not None:
        said = replace(said, worker=names.known(job, said.worker))
    event = replace(event, worker=names.known(job, event.worker), quoted=said)
    workers.seen(job, event.worker)
    verb, _, rest = event.action.partition(":")
    number, _, argument = rest.partition(":")
    case = job.unit.load_case(int(number)) if number.isascii() and number.isdigit() else None
    handler = PRESSES.get(verb)
    if case is None or handler is None:
        toast(job, event, job.world.wording.label("staff.case-gone"), alert=True)
        return
    handler(job, event, case, argument)


def said(job: Job, event: StaffSaid) -> None:
    """Words in the staff group: a command, a reply to a young person, or talk among staff."""
    event = replace(event, worker=names.known(job, event.worker))
    if event.anonymous:
        if notes.is_note(event):
            answer(job, event, "desk-case.note-anonymous")
        elif replies.meant_for_person(job, event):
            answer(job, event, "staff.reply-anonymous")
        return
    workers.seen(job, event.worker)
    if records.is_why(job, event):
        records.why_given(job, event)
    elif event.edited and not notes.is_note(event):
        edits.edited(job, event)
    elif event.text.startswith("/"):
        _command(job, event)
    else:
        replies.replied(job, event)


def _command(job: Job, event: StaffSaid) -> None:
    word, _, argument = event.text.removeprefix("/").partition(" ")
    name, _, addressed = word.partition("@")
    if addressed and addressed.lower() != job.office.bot_username.lower():
        return
    handler = COMMANDS.get(name.lower())
    if handler is not None:
        handler(job, event, argument.strip())
    elif replies.meant_for_person(job, event):
        answer(job, event, "desk-case.no-command", word=word)
