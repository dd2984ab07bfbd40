"""How the staff desk did in the last weeks: the same report that staff get, for maintainers."""

from __future__ import annotations

import argparse
import html
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cases.figures import Past, figures
from bot.commands.content import ROOT
from bot.commands.stored import read_database
from bot.content.wording_files import load_wording
from bot.delivery.errors import StorageError
from bot.delivery.ports import Unit
from bot.settings import SettingsError, read_settings
from bot.telegram.report import MOST_WEEKS
from bot.telegram.reporter import AT_ONCE, NOT_CLOSED, pasts_before
from bot.telegram.sheet import Sheet, make_sheet, sheet_text
from intents.wording import Wording

CANNOT_START = 78  # EX_CONFIG, as `run` ends
TAG = re.compile(r"</?b>")


def desk_report(given: argparse.Namespace) -> int:
    """Print the report of the last weeks; with `--png` also draw it."""
    if not 1 <= given.weeks <= MOST_WEEKS:
        return _refuse(f"--weeks {given.weeks}: expected 1 to {MOST_WEEKS}")
    wording, problems = load_wording(ROOT)
    if problems:
        return _refuse("\n".join(str(problem) for problem in problems))
    until = datetime.now(UTC)
    try:
        sheet = read_database(
            read_settings(), lambda unit: read_sheet(unit, given.weeks, until, wording)
        )
    except (SettingsError, StorageError, ValueError) as error:
        return _refuse(str(error))
    print(html.unescape(TAG.sub("", sheet_text(sheet, wording))))
    return _drawn(sheet, Path(given.png)) if given.png else 0


def read_sheet(unit: Unit, weeks: int, until: datetime, wording: Wording) -> Sheet:
    """The report from one state of the database."""
    since = until - timedelta(weeks=weeks)
    pasts: list[Past] = []
    step = pasts_before(unit, None, since)
    pasts += step
    while len(step) == AT_ONCE:
        step = pasts_before(unit, step[-1].case.id, since)
        pasts += step
    found = figures(pasts, unit.cases_in(NOT_CLOSED), since, until)
    return make_sheet(found, weeks, wording)


def _drawn(sheet: Sheet, file: Path) -> int:
    from bot.telegram.drawing import draw  # Pillow is loaded only where something is drawn

    try:
        file.write_bytes(draw(sheet.to_dict()))
    except OSError as error:
        return _refuse(f"{file}: cannot be written ({error.strerror})")
    print(f"\nDrawn into {file}", file=sys.stderr)
    return 0


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return CANNOT_START
