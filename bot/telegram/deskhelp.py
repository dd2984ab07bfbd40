"""`/help` in the staff group: how this works, and a line for every command that there is."""

from __future__ import annotations

from collections.abc import Collection

from bot.telegram.answers import plain
from bot.telegram.events import StaffSaid
from bot.telegram.office import Job
from bot.telegram.overview import Command
from intents.wording import Markup

# Telegram sends it when the bot is opened from a link; it is no command of its own.
SAME_AS_HELP = "start"


def help_commands(others: Collection[str]) -> dict[str, Command]:
    """The commands that show the help of these other commands and of themselves."""
    names = frozenset(others) | {"help"}

    def show(job: Job, event: StaffSaid, _argument: str) -> None:
        plain(job, event, help_text(job, event.worker.name, names))

    return {"help": show, SAME_AS_HELP: show}


def help_text(job: Job, worker: str, names: Collection[str]) -> Markup:
    """One screen; the commands stand in the order of the wording file."""
    wording = job.world.wording
    lines = [wording.text("desk-help-text.how", worker=worker)]
    lines += [
        wording.text("desk-help-text.row", command=name, does=does)
        for name, does in wording.under("desk-help.").items()
        if name in names
    ]
    return Markup("\n".join(lines))
