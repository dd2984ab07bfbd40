"""The list of entries that young people said are wrong, and what was done about each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from bot.commands.content import ROOT
from bot.commands.report import CANNOT_START
from bot.commands.stored import read_database
from bot.commands.upkeep import loaded
from bot.content.validate import nearest
from bot.delivery.counted import WRONG, Reported, reported
from bot.delivery.errors import StorageError
from bot.settings import SettingsError, read_settings
from bot.upkeep.done import read_done, write_done
from bot.upkeep.entries import Entries, find_entries

EVER = "0000-00-00"


def wrong(given: argparse.Namespace) -> int:
    """List the entries; --done and --undone say what a maintainer has seen to."""
    try:
        settings = read_settings()
        done = read_done(settings.data_dir)
        rows = read_database(settings, lambda unit: unit.counts(WRONG, EVER))
    except (SettingsError, StorageError, ValueError) as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    found = reported(rows, done)
    for name in (given.done, given.undone):
        if name is not None and (told := unknown(name, found)):
            print(told, file=sys.stderr)
            return 2
    if given.done is not None or given.undone is not None:
        done = changed(done, found, given.done, given.undone)
        write_done(settings.data_dir, done)
        found = reported(rows, done)
    names = {one.id: one.name for one in loaded(ROOT).services.values()}
    print("\n".join(wrong_lines(found, find_entries(ROOT), names, given.all)))
    return 0


def unknown(name: str, found: Sequence[Reported]) -> str:
    """A sentence for an id that nobody reported; empty for one that is on the list."""
    ids = [one.id for one in found]
    if name in ids:
        return ""
    guess = nearest(name, ids)
    return f"nobody reported {name!r}" + (f": did you mean {guess}?" if guess else "")


def changed(
    done: Mapping[str, int], found: Sequence[Reported], now_done: str | None, undone: str | None
) -> dict[str, int]:
    """The list with one entry done, as far as it is reported by now, or one taken back."""
    numbers = {one.id: one.reports for one in found}
    kept = {name: number for name, number in done.items() if name != undone}
    return kept | ({now_done: numbers[now_done]} if now_done is not None else {})


def wrong_lines(
    found: Sequence[Reported], entries: Entries, names: Mapping[str, str], everything: bool
) -> list[str]:
    """The list as text: what waits, and with `everything` also what was done."""
    waiting = [one for one in found if one.waiting]
    rest = len(found) - len(waiting)
    more = f" ({rest} done: --all shows them)" if rest and not everything else ""
    lines = [f"{len(waiting)} entries wait that people said are wrong{more}"]
    for one in found if everything else waiting:
        entry = entries.services.get(one.id)
        where = f"{entry}:" if entry else "(no longer in the directory)"
        lines += [f"  {where} {names.get(one.id, '')} [{one.id}]".replace("  [", " ["),
                  f"      {_numbers(one)}"]  # fmt: skip
    if waiting:
        lines += ["", "Ring or look, correct the entry and its `seen`, then: "
                  f"python run_bot.py wrong --done {waiting[0].id}"]  # fmt: skip
    return lines


def _numbers(one: Reported) -> str:
    said = f"{one.reports} report{'s' * (one.reports > 1)}, the last on {one.last}; "
    if not one.waiting:
        return said + "done"
    return said + (f"{one.waiting} since it was last done" if one.dealt_with else "not done")
