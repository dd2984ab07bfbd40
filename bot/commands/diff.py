"""The command that says whose answers change between two versions of the directory."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from bot.commands.content import ROOT, catalogue
from bot.commands.stored import read_database
from bot.content.catalogue import Catalogue
from bot.content.problems import Severity
from bot.delivery.counted import RARER, summed, visible
from bot.delivery.errors import StorageError
from bot.delivery.ports import Unit
from bot.settings import SettingsError, read_settings
from bot.upkeep.queries import QUERIES, Asked, asked, counted, load_queries
from bot.upkeep.replay import compare, difference_lines, load_version
from bot.upkeep.versions import VersionError, laid_out

COUNTED_DAYS = 90


def diff(given: argparse.Namespace) -> int:
    """Replay typical and counted questions against two versions; name what changes for whom."""
    with ExitStack() as stack:
        try:
            folders = [stack.enter_context(laid_out(ROOT, one)) for one in (given.old, given.new)]
        except VersionError as error:
            print(error, file=sys.stderr)
            return 2
        versions = [load_version(folder) for folder in folders]
    now = datetime.now(UTC)
    content, _ = catalogue()
    entries, problems = load_queries(ROOT, content.places.locate)
    if errors := [str(one) for one in problems if one.severity is Severity.ERROR]:
        print("\n".join(errors), file=sys.stderr)
        return 1
    world = content.world
    questions = [asked(entry, world.understand, world.locate) for entry in entries]
    often = counted_questions(content, now)
    found = compare(versions[0], versions[1], [*questions, *often], world.wording, now)
    print(f"{len(questions)} typical questions ({QUERIES}), {len(often)} counted ones (report)")
    print("\n".join(difference_lines(found, versions)))
    return 0


def counted_questions(content: Catalogue, now: datetime) -> list[Asked]:
    """What people searched for lately, from the anonymous counts; none where they are not here."""
    since = f"{now - timedelta(days=COUNTED_DAYS):%Y-%m-%d}"

    def work(unit: Unit) -> dict[str, int]:
        return summed([*unit.counts("search", since), *unit.counts("unmet", since)])

    try:
        labels = visible(read_database(read_settings(), work))
    except (SettingsError, StorageError, ValueError):
        return []
    return [
        counted(label, number, content.world.locate)
        for label, number in labels.items()
        if label != RARER and isinstance(number, int)
    ]
