"""`import-postcodes`: the exact table of postcodes out of an official file."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.content import ROOT
from bot.content.directory_files import POSTCODES
from bot.content.word_files import load_areas
from bot.delivery.errors import StorageError
from bot.settings import SettingsError, read_settings
from bot.storage.units import UnitTable
from bot.storage.units_writer import unit_writer
from directory.areas import Areas
from directory.cells import load_cells
from directory.postcode_layouts import area_of
from directory.postcode_source import OfficialFile, PostcodeFileError, Tally, recognise
from directory.unit_checks import authorities, faults, known_points, shipped_counts

FAILED = 1
EVERY_S = 0.2  # the line of progress is written so often on a terminal
EVERY_SHARE = 0.1  # and so often elsewhere

Show = Callable[[str], None]


class RefusedTableError(Exception):
    """The new table must not be used; `problems` say why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    file: OfficialFile
    tally: Tally
    kept: int
    ended: int
    counts: Mapping[str, int]
    before: Mapping[str, int] | None  # of the table that was replaced
    seconds: float
    size: int
    target: Path


def import_postcodes(given: argparse.Namespace) -> int:
    """Build the table and put it into its place; the old one stays where anything is wrong."""
    try:
        target = read_settings().postcodes_path
        areas, _ = load_areas(ROOT)
        progress = _terminal if sys.stderr.isatty() else _lines
        done = build(Path(given.file), target, areas, datetime.now(UTC), progress)
    except RefusedTableError as error:
        print("The file was read, but its table is not used:", *error.problems, sep="\n  ",
              file=sys.stderr)  # fmt: skip
        return _kept()
    except (PostcodeFileError, StorageError, SettingsError) as error:
        print(error, file=sys.stderr)
        return _kept()
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return _kept()
    print("\n".join(summary(done, areas)))
    return 0


def _kept() -> int:
    print("Nothing was changed: what was in use stays in use.", file=sys.stderr)
    return FAILED


def build(path: Path, target: Path, areas: Areas, now: datetime, show: Show) -> Imported:
    """Import one file; raises where it cannot be read, written or trusted."""
    began = time.perf_counter()
    folder = ROOT / POSTCODES
    file = recognise(path)
    show(f"{path.name}: {file.edition.name}")
    tally = Tally()
    tally.watch = _Progress(file, tally, show)
    districts = load_cells(folder / "cells.csv").districts.keys
    letters = frozenset(area_of(key.decode()) for key in districts)
    before = _in_use(target)
    with unit_writer(target, now) as writer:
        writer.add(file.rows(letters, tally))
        show("Checking ...")
        table = writer.finish(file.edition, authorities(folder), f"{now:%Y-%m-%d}")
        try:
            problems = faults(
                table.counts(),
                before or shipped_counts(folder),
                boroughs=[entry.name for entry in areas.boroughs],
                served=sorted(areas.served),
                known=known_points(folder),
                get=table.get,
            )
            if problems:
                raise RefusedTableError(problems)
            counts, ended = table.counts(), table.ended()
        finally:
            table.close()
        writer.put_in_place()
    kept = sum(counts.values()) + ended
    return Imported(file, tally, kept, ended, counts, before, time.perf_counter() - began,
                    target.stat().st_size, target)  # fmt: skip


def _in_use(target: Path) -> Mapping[str, int] | None:
    """How many postcodes each borough has in the table in use."""
    table = UnitTable.open_usable(target)
    if table is None:
        return None
    try:
        return table.counts()
    finally:
        table.close()


class _Progress:
    """Shows how far a file is read: on a terminal often, elsewhere for every tenth."""

    def __init__(self, file: OfficialFile, tally: Tally, show: Show) -> None:
        self._file, self._tally, self._show = file, tally, show
        self._shown_at, self._shown_share = time.perf_counter(), 0.0

    def __call__(self) -> None:
        tally = self._tally
        share = tally.bytes_read() / max(1, self._file.size)
        now = time.perf_counter()
        often = self._show is _terminal
        if now - self._shown_at >= EVERY_S if often else share - self._shown_share >= EVERY_SHARE:
            kept = tally.read - tally.left_out.total()
            self._show(f"\r{share:4.0%}  {tally.read:,} rows read, {kept:,} kept")
            self._shown_at, self._shown_share = now, share


def _terminal(line: str) -> None:
    """Write over the same line while it is about progress."""
    end = "" if line.startswith("\r") else "\n"
    lead = "" if line.startswith("\r") else "\r\033[K"
    print(f"{lead}{line}", end=end, file=sys.stderr, flush=True)


def _lines(line: str) -> None:
    print(line.lstrip("\r"), file=sys.stderr, flush=True)


def summary(done: Imported, areas: Areas) -> list[str]:
    """What was read, kept and left out, and what it means for the eight boroughs."""
    tally, edition = done.tally, done.file.edition
    rate = tally.read / max(done.seconds, 1e-6)
    lines = [
        f"{edition.name}: {tally.read:,} rows read in {done.seconds:.1f} s ({rate:,.0f} a second)",
        f"{done.kept:,} postcodes in and around London, {done.ended:,} of them no longer in use",
    ]
    lines += [f"  left out: {number:,} {why}" for why, number in tally.left_out.most_common()]
    lines += [f"  {what}" for what in tally.bad[:5]]
    lines += [
        f"  {name}: {done.counts[name]:,} in use{_change(done, name)}"
        for name in sorted(areas.served)
    ]
    lines.append(f"{done.target}: {done.size / 1e6:.1f} MB")
    lines += edition.attribution
    lines.append("Restart the bot, or save any YAML file, and it is used.")
    return lines


def _change(done: Imported, name: str) -> str:
    if done.before is None:
        return ""
    change = done.counts[name] - done.before.get(name, 0)
    return f" ({change:+,})" if change else " (as before)"
