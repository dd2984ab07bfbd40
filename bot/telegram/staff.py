"""The staff group: which press, reply or command goes to which part of the desk."""

from __future__ import annotations

from dataclasses import replace

from bot.telegram import (
    canned,
    casefile,
    drill,
    duty,
    edits,
    handover,
    joining,
    learning,
    leaving,
    media,
    names,
    notes,
    overview,
    passing,
    presses,
    records,
    replies,
    report,
    reveal,
    reveal_show,
    search,
    shifts,
    transcript,
    workers,
)
from bot.telegram.answers import answer, toast
from bot.telegram.deskhelp import help_commands
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job
from bot.telegram.overview import Command, FreePress
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
    **passing.PRESSES,
    **reveal.PRESSES,
    **reveal_show.PRESSES,
    **transcript.PRESSES,
    **shifts.PRESSES,
    **learning.PRESSES,
}
# Buttons that belong to no case.
FREE_PRESSES: dict[str, FreePress] = {
    **overview.FREE_PRESSES,
    **search.FREE_PRESSES,
}
COMMANDS: dict[str, Command] = {
    **overview.COMMANDS,
    **casefile.COMMANDS,
    **transcript.COMMANDS,
    **search.COMMANDS,
    **notes.COMMANDS,
    **edits.COMMANDS,
    **names.COMMANDS,
    **canned.COMMANDS,
    **report.COMMANDS,
    **reveal.COMMANDS,
    **duty.COMMANDS,
    **shifts.COMMANDS,
    **drill.COMMANDS,
}
COMMANDS |= help_commands(COMMANDS)


def pressed(job: Job, event: StaffPressed) -> None:
    """A button on a card: do it, or say why not, only to the worker who pressed."""
    said = event.quoted
    if said is not None:
        said = replace(said, worker=names.known(job, said.worker))
    event = replace(event, worker=names.known(job, event.worker), quoted=said)
    workers.seen(job, event.worker)
    verb, _, rest = event.action.partition(":")
    if verb in FREE_PRESSES:
        if (refusal := leaving.barred(job, event, None, answers=False)) is not None:
            toast(job, event, job.world.wording.label(refusal), alert=True)
            return
        FREE_PRESSES[verb](job, event, rest)
        return
    number, _, argument = rest.partition(":")
    case = job.unit.load_case(int(number)) if number.isascii() and number.isdigit() else None
    handler = PRESSES.get(verb)
    if case is None or handler is None:
        toast(job, event, job.world.wording.label("staff.case-gone"), alert=True)
        return
    refusal = leaving.barred(job, event, case, answers=verb == "claim")
    if refusal is not None:
        toast(job, event, job.world.wording.label(refusal), alert=True)
        return
    group = passing.elsewhere(job, event.group_id, case)
    if group is not None:
        text = job.world.wording.label("desk-groups.press-elsewhere", case=case.id, group=group)
        toast(job, event, text, alert=True)
        return
    if case.drill:
        drill.pressed(job, event, case)
        return
    handler(job, event, case, argument)


def said(job: Job, event: StaffSaid) -> None:
    """Words in the staff group: a command, a reply to a young person, or talk among staff."""
    event = replace(event, worker=names.known(job, event.worker))
    if event.anonymous:
        _anonymous(job, event)
        return
    case = passing.aimed_at(job, event)
    if case is not None:
        if (refusal := leaving.barred(job, event, case, answers=True)) is not None:
            answer(job, event, refusal)
            return
        if (group := passing.elsewhere(job, event.group_id, case)) is not None:
            answer(job, event, "desk-groups.reply-elsewhere", case=case.id, group=group)
            return
    workers.seen(job, event.worker)
    if records.is_why(job, event):
        records.why_given(job, event)
    elif (shown := learning.shown_in(job, event)) is not None:
        learning.changed(job, event, shown)
    elif (drilled := drill.answered_in(job, event)) is not None:
        drill.replied(job, event, drilled)
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
    if handler is None:
        if replies.meant_for_person(job, event):
            answer(job, event, "desk-case.no-command", word=word)
    elif event.anonymous:
        answer(job, event, "staff.reply-anonymous")
    elif (refusal := leaving.barred(job, event, None, answers=False)) is not None:
        answer(job, event, refusal)
    else:
        handler(job, event, argument.strip())


def _anonymous(job: Job, event: StaffSaid) -> None:
    """Nobody knows who writes as the group: what would have done something is refused aloud."""
    if notes.is_note(event):
        answer(job, event, "desk-case.note-anonymous")
    elif replies.meant_for_person(job, event):
        answer(job, event, "staff.reply-anonymous")
    elif event.text.startswith("/") and not event.edited:
        _command(job, event)
