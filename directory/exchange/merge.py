"""What an import would do to the services that are there, decided before anything is touched.

Nothing is ever deleted or moved: a service that the file lacks stays, `closed: yes` ends one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from directory.exchange.columns import ID, ORGANISATION, WHERE, Row, columns
from directory.exchange.ids import new_id, slug
from directory.exchange.incoming import Incoming, Slip


@dataclass(frozen=True, slots=True)
class Kept:
    """A service as it stands in the directory."""

    file: str
    row: Row


@dataclass(frozen=True, slots=True)
class Wanted:
    """A service as it is to be after the import."""

    incoming: Incoming
    row: Row
    kept: Kept | None  # None: a new one


@dataclass
class Wishes:
    """All that a file asks for, with the mistakes that keep it from being done."""

    wanted: list[Wanted] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)


def merge(found: Iterable[Incoming], kept: Sequence[Kept], places: Sequence[str]) -> Wishes:
    """Put what comes in together with what is there; `places` are the values of `where`."""
    wishes, known = Wishes(), {one.row[ID]: one for one in kept}
    first: dict[str, int] = {}
    for incoming in found:
        wanted = _wanted(incoming, known, places, wishes.slips)
        identifier = wanted.row.get(ID, "")
        supposed = ID not in incoming.values and identifier in known  # named already
        if identifier and not supposed:
            there = first.setdefault(identifier, incoming.row)
            if there != incoming.row:
                what = f"`id` stands twice (the first is in row {there})"
                instead = "keep one of the rows"
                wishes.slips.append(incoming.slip(ID, what, f"`{identifier}`", instead))
                continue
        wishes.wanted.append(wanted)
    _check_organisations(wishes, kept)
    return wishes


def _wanted(
    incoming: Incoming, known: Mapping[str, Kept], places: Sequence[str], slips: list[Slip]
) -> Wanted:
    values = dict(incoming.values)
    if ID not in values:
        values[ID] = new_id(values.get(WHERE, ""), values.get("name", ""))
        if values[ID] in known:
            what = "`id` is missing, and the service seems to be there already"
            instead = f"write its id `{values[ID]}`, or a new one"
            slips.append(incoming.slip(ID, what, "", instead))
    there = known.get(values[ID])
    row = dict(there.row) if there else values
    if there:
        for name in incoming.given:
            if name in values:
                row[name] = values[name]
            elif name not in (WHERE, ORGANISATION):
                row.pop(name, None)
    _check_place(incoming, row, there, places, slips)
    return Wanted(incoming, {one.name: row[one.name] for one in columns() if one.name in row},
                  there)  # fmt: skip


def _check_place(
    incoming: Incoming, row: Row, there: Kept | None, places: Sequence[str], slips: list[Slip]
) -> None:
    typed = row.get(WHERE)
    named = next((one for one in places if slug(one) == slug(str(typed or ""))), None)
    if named is None:
        what = "`where` is missing" if typed is None else "`where` is not a place of the directory"
        found, instead = f"`{typed}`" if typed else "", f"one of: {', '.join(places)}"
        slips.append(incoming.slip(WHERE, what, found, instead))
    elif there is not None and named != there.row[WHERE]:
        instead = f"leave it at `{there.row[WHERE]}`, and move the service by hand ({there.file})"
        what = "`where` is not where this service stands"
        slips.append(incoming.slip(WHERE, what, f"`{typed}`", instead))
    else:
        row[WHERE] = named
    if not row.get(ORGANISATION):
        what = f"`{ORGANISATION}` is missing"
        slips.append(incoming.slip(ORGANISATION, what, "", "write who runs the service"))


def _check_organisations(wishes: Wishes, kept: Sequence[Kept]) -> None:
    """A file holds one organisation: it changes for all of its services, or for none."""
    for file, new in organisations(wishes.wanted, kept).items():
        if len(new) == 1:
            continue
        there = next(one.row[ORGANISATION] for one in kept if one.file == file)
        for wanted in wishes.wanted:
            if wanted.kept and wanted.kept.file == file and wanted.row[ORGANISATION] != there:
                what = f"`{ORGANISATION}` differs within {file}"
                instead = f"write `{there}`, or change all services of that file"
                typed = f"`{wanted.row[ORGANISATION]}`"
                wishes.slips.append(wanted.incoming.slip(ORGANISATION, what, typed, instead))


def organisations(wanted: Iterable[Wanted], kept: Iterable[Kept]) -> dict[str, set[str]]:
    """Return the names that each file's organisation would have after the import."""
    changed = {one.row[ID]: one for one in wanted if one.kept}
    found: dict[str, set[str]] = {}
    for one in kept:
        row = changed[one.row[ID]].row if one.row[ID] in changed else one.row
        found.setdefault(one.file, set()).add(str(row.get(ORGANISATION, "")))
    return found
