"""Commands for those who keep the directory together with others: export, import."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.content.catalogue import errors_of
from bot.content.directory_files import POSTCODES, load_directory
from bot.content.exchange_files import (
    ExchangeError,
    read_csv_text,
    read_feed,
    write_folder,
    write_text,
)
from bot.content.importing import Change, DirectoryError, Outcome, prepare, write
from bot.content.shelf import Shelf, read_shelf
from bot.content.word_files import load_activities, load_areas
from bot.content.wording_files import load_wording
from directory.exchange.columns import ID, LONDON, NATIONAL, Row
from directory.exchange.feed import as_text, folder, page, records_of
from directory.exchange.feed_in import Import, Stranger, left_out, read_records
from directory.exchange.feed_out import STAFF_ONLY, Export, for_others, names_of
from directory.exchange.ids import KnownIds
from directory.exchange.incoming import Incoming, Slip
from directory.exchange.table import read_table, write_table
from directory.places import Places, load_places

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 70  # characters of a value
NAMED = 12  # services that are listed by name


def export(given: argparse.Namespace) -> int:
    """Write the directory out for others."""
    return run_export(ROOT, given)


def import_(given: argparse.Namespace) -> int:
    """Show what a file of somebody else's would change; with --write, change it."""
    return run_import(ROOT, given)


def run_export(root: Path, given: argparse.Namespace) -> int:
    """Write the directory below a folder out; 1 where it has errors, 2 where it cannot be."""
    if not given.csv and not given.open_referral:
        return _refuse("say what to write: --csv FILE, or --open-referral FOLDER or FILE.json")
    shelf, problems = read_shelf(root)
    if errors := errors_of(problems):
        print("\n".join(map(str, errors)), file=sys.stderr)
        return _refuse("nothing is written: put these right first", 1)
    rows = for_others(shelf.rows()) if given.public else shelf.rows()
    try:
        if given.csv:
            write_text(Path(given.csv), write_table(rows))
            print(f"{_count(len(rows), 'service')} written to {given.csv}")
        if given.open_referral:
            _write_feed(root, Path(given.open_referral), rows)
    except ExchangeError as error:
        return _refuse(str(error))
    return 0


def _write_feed(root: Path, target: Path, rows: list[Row]) -> None:
    wording, _ = load_wording(root)
    services = load_directory(root)[0].services
    points = {name: service.point for name, service in services.items() if service.point}
    export = Export(points, wording.text("results.check-first"), names_of(rows))
    if target.suffix == ".json":
        write_text(target, as_text(page(records_of(rows, export))))
    else:
        write_folder(target, {name: as_text(one) for name, one in folder(rows, export).items()})
    print(f"{_count(len(rows), 'service')} written to {target}")
    notes = sum(name in row for row in rows for name in STAFF_ONLY)
    closed = sum(row.get("closed") == "yes" for row in rows)
    if notes or closed:
        inside = f"{_count(notes, 'note')} for staff and {_count(closed, 'closed service')}"
        print(f"It has {inside} in it. Use --public for a feed that others may show.")


def run_import(root: Path, given: argparse.Namespace) -> int:
    """Put a file into the directory below a folder; 1 where it has mistakes, 2 where it is none."""
    name = given.csv or given.open_referral
    try:
        if given.csv:
            text, slips = read_csv_text(Path(name))
            found, more = read_table(text) if not slips else ([], [])
            slips += more
        else:
            found, slips = _from_feed(root, given)
        outcome = prepare(root, found, slips)
        if given.write and not outcome.slips:
            write(root, outcome)
        print("\n".join(told(name, outcome, given.write)))
        return 1 if outcome.slips else 0
    except ExchangeError as error:
        return _refuse(str(error))
    except DirectoryError as error:
        print(error, file=sys.stderr)
        return _refuse("nothing is written: put the directory right first", 1)


def _from_feed(root: Path, given: argparse.Namespace) -> tuple[list[Incoming], list[Slip]]:
    records, (shelf, _) = read_feed(Path(given.open_referral)), read_shelf(root)
    stranger = Stranger(
        given.confidence, given.where, tuple(given.kinds), given.source,
        f"the Open Referral feed {Path(given.open_referral).name}",
    )  # fmt: skip
    activities, _ = load_activities(root)
    areas, _ = load_areas(root)
    known = KnownIds(one.row[ID] for one in shelf.kept())
    borough = _Boroughs(shelf, load_places(root / POSTCODES, areas))
    dropped = Counter(name for one in records if isinstance(one, dict) for name in left_out(one))
    if dropped:
        named = ", ".join(f"{name} ({number})" for name, number in sorted(dropped.items()))
        print(f"Left out, the directory has no place for it: {named}\n")
    return read_records(records, Import(known, stranger, activities.canonical, borough.of))


@dataclass(frozen=True, slots=True)
class _Boroughs:
    shelf: Shelf
    places: Places

    def of(self, postcode: str) -> str | None:
        """Return the borough of a postcode, where it surely lies in one of ours."""
        area = self.places.locate(postcode)
        ours = area.borough in {*self.shelf.folders} - {LONDON, NATIONAL}
        return area.borough if area.certain and ours else None


def told(name: str, outcome: Outcome, writing: bool) -> Iterator[str]:
    """Say what an import finds, line by line."""
    if outcome.slips:
        yield from (slip.told(name) for slip in outcome.slips)
        yield f"{len(outcome.slips)} to put right, nothing is written"
        return
    for file in outcome.texts:
        yield file
        for change in outcome.changes:
            if change.file == file:
                yield from _told_change(change)
        yield ""
    yield from (f"to look at: {warning}" for warning in outcome.warnings)
    if outcome.absent:
        named = f" ({', '.join(outcome.absent)})" if len(outcome.absent) <= NAMED else ""
        yield f"{_count(len(outcome.absent), 'service')} not in {name} and left as they are{named}"
    new = sum(change.old is None for change in outcome.changes)
    numbers = f"{new} new, {len(outcome.changes) - new} changed, {outcome.same} as they were"
    if not outcome.changes:
        yield f"{numbers}: nothing to write"
    else:
        yield f"{numbers}: {'written' if writing else 'nothing is written yet, --write does it'}"


def _told_change(change: Change) -> Iterator[str]:
    yield f"  {'change' if change.old else 'new'} {change.id}: {change.new['name']}"
    for column in change.names if change.old else ():
        old, new = (change.old or {}).get(column), change.new.get(column)
        if isinstance(old, list) or isinstance(new, list):
            before, after = list(old or ()), list(new or ())
            yield from (f"    {column}: - {_cut(one)}" for one in before if one not in after)
            yield from (f"    {column}: + {_cut(one)}" for one in after if one not in before)
            if sorted(map(str, before)) == sorted(map(str, after)):
                yield f"    {column}: in another order"
        else:
            yield f"    {column}: {_cut(old)} -> {_cut(new)}"


def _cut(value: object) -> str:
    text = "(nothing)" if value is None else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _refuse(sentence: str, status: int = 2) -> int:
    print(sentence, file=sys.stderr)
    return status
