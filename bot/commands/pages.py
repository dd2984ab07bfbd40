"""The command that makes printable pages and posters with a QR code for every borough."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.cases.plan import DeskPlan
from bot.commands.content import ROOT
from bot.commands.upkeep import loaded
from bot.content.desk_file import load_desk
from bot.content.word_files import load_activities
from bot.content.wording_files import load_wording
from bot.settings import SettingsError, read_settings
from bot.upkeep.pages import BOT_NAME, Printing, link, write_pages


def pages(given: argparse.Namespace) -> int:
    """Write a page and a poster of each borough into a folder."""
    bot = given.bot.strip().removeprefix("@").removeprefix("https://").removeprefix("t.me/")
    if not BOT_NAME.fullmatch(bot):
        print(f"--bot {given.bot!r} is no bot's user name. It has 5 to 32 letters, digits and _, "
              "and ends in bot: @BotFather shows it.", file=sys.stderr)  # fmt: skip
        return 2
    try:
        settings = read_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    wording, problems = load_wording(ROOT)
    if problems:
        print("\n".join(str(problem) for problem in problems), file=sys.stderr)
        return 1
    activities, _ = load_activities(ROOT)
    operator = settings.operator_name.strip()
    plan = DeskPlan()
    if settings.desk_file is not None:
        loaded_plan, problems = load_desk(settings.desk_file.resolve(), ROOT)
        if loaded_plan is None:
            print("\n".join(str(problem) for problem in problems), file=sys.stderr)
            return 1
        plan = loaded_plan
    today = datetime.now(UTC).date()
    how = Printing(bot, operator, settings.staff_hours.strip(), today, plan)
    folder = Path(given.folder)
    try:
        written = write_pages(folder, loaded(ROOT), activities, wording, how)
    except OSError as error:
        print(f"{error.filename or folder}: cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    print(f"{len(written)} files in {folder}: open {folder / 'index.html'} and print from there")
    print(f"The QR codes lead to {link(bot, 'Lambeth')} and so on: scan one before you print many")
    if not operator:
        print("OPERATOR_NAME is not set: there is a line to write by hand who runs the bot")
    return 0
