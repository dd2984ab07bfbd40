"""The staff group: which press, reply or command goes to which part of the desk."""

from __future__ import annotations

from bot.telegram import drill, duty, handover, learning, overview, presses, replies
from bot.telegram.answers import answer, toast
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job
from bot.telegram.overview import Command
from bot.telegram.presses import Press

# One line a part: a verb or a command that two parts claim is a mistake (a test looks).
PRESSES: dict[str, Press] = {
    **presses.PRESSES,
    **handover.PRESSES,
    **learning.PRESSES,
}
COMMANDS: dict[str, Command] = {
    **overview.COMMANDS,
    **duty.COMMANDS,
    **handover.COMMANDS,
    **drill.COMMANDS,
}


def pressed(job: Job, event: StaffPressed) -> None:
    """A button on a card: do it, or say why not, only to the worker who pressed."""
    verb, _, rest = event.action.partition(":")
    number, _, argument = rest.partition(":")
    case = job.unit.load_case(int(number)) if number.isascii() and number.isdigit() else None
    handler = PRESSES.get(verb)
    if case is None or handler is None:
        toast(job, event, job.world.wording.label("staff.case-gone"), alert=True)
        return
    if case.drill:
        drill.pressed(job, event, case)
        return
    handler(job, event, case, argument)


def said(job: Job, event: StaffSaid) -> None:
    """Words in the staff group: a command, a reply to a young person, or talk among staff."""
    if event.anonymous:
        if replies.meant_for_person(job, event):
            answer(job, event, "staff.reply-anonymous")
    elif (shown := learning.shown_in(job, event)) is not None:
        learning.changed(job, event, shown)
    elif (case := drill.answered_in(job, event)) is not None:
        drill.replied(job, event, case)
    elif event.edited:
        replies.edited(job, event)
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
