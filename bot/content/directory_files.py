"""Loads the directory: every file of directory/, checked one by one and against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.content.located import Located, read_yaml
from bot.content.problems import Problem, Severity
from bot.content.validate import one_of, validate
from bot.content.word_files import AREAS, load_activities, load_areas
from directory.activities import Activities
from directory.freshness import is_stale, seen_on
from directory.hours import parse_lines
from directory.model import (
    Assurance,
    Contact,
    Directory,
    FrontDoor,
    MyEnds,
    Point,
    Service,
    Venue,
)
from directory.places import Places, load_places
from directory.schema import Assured, BoroughFile, OrganisationFile, ServiceEntry
from directory.units import Units

POSTCODES = "directory/postcodes"

# Ten or eleven digits with a leading zero, 0800 1111, or a short code: 999, 101, 111, 116 123,
# 18000, and five digits for texts.
_SHORT = r"999|10[15]|11[129]|116\d{3}|1800[01]|[6-8]\d{4}"
_PHONE = re.compile(rf"(?:0\d{{9,10}}|0800\d{{4}}|{_SHORT})(?: ?\(?option \d\)?)?")


def load_directory(
    root: Path, today: date | None = None, units: Units | None = None
) -> tuple[Directory, list[Problem]]:
    """Read and check the whole directory below the project's folder.

    A file with an error is left out and named; the others are served. With `today`, entries
    past their check date are warnings. `units` is the exact table of postcodes, where there is one.
    """
    loader = _Loader(root, today, units)
    loader.load()
    return loader.directory, sorted(loader.problems)


@dataclass
class _Loader:
    root: Path
    today: date | None
    units: Units | None = None
    directory: Directory = field(default_factory=Directory)
    problems: list[Problem] = field(default_factory=list)
    activities: Activities = field(default_factory=Activities)
    places: Places | None = None
    first_seen: dict[str, str] = field(default_factory=dict)  # id -> file:line

    def load(self) -> None:
        areas, problems = load_areas(self.root)
        self.activities, more = load_activities(self.root)
        self.problems += problems + more
        folder = self.root / POSTCODES
        try:
            self.places = load_places(folder, areas, self.units)
        except OSError as error:
            what = f"the postcode table cannot be read ({error.strerror})"
            self.problems.append(Problem(f"{POSTCODES}/cells.csv", 1, what))
        else:
            self.problems += check_areas(self.root, self.places)
        base = self.root / "directory"
        for below in sorted((base / "boroughs").glob("*")):
            if below.is_dir():
                self._borough(below)
        for below in (base / "london", base / "national"):
            for path in sorted(below.glob("*.yaml")):
                self._organisation(path, None)

    def _borough(self, folder: Path) -> None:
        path = folder / "borough.yaml"
        located, problems = read_yaml(path, self.root)
        content, more = validate(BoroughFile, located) if located else (None, [])
        self.problems += problems + more
        # Without its borough.yaml a borough's services are still served: the folder names it.
        name = content.borough if content else folder.name.replace("-", " ").title()
        if content is not None and located is not None:
            self._known_borough(content.borough, located)
            door = content.front_door
            self._check_phones(located, ("front_door",), door, ("phone_day", "phone_out_of_hours"))
            self.directory.front_doors[name] = _front_door(name, content)
            self.directory.myends[name] = _myends(name, content)
        for other in sorted(folder.glob("*.yaml")):
            if other != path:
                self._organisation(other, name)

    def _known_borough(self, name: str, located: Located) -> None:
        known = [entry.name for entry in self.places.areas.boroughs] if self.places else []
        if known and name not in known:
            what, line = "`borough` is not a borough of London", located.line("borough")
            instead = one_of(name, known)
            self.problems.append(Problem(located.file, line, what, f"`{name}`", instead))

    def _organisation(self, path: Path, borough: str | None) -> None:
        located, problems = read_yaml(path, self.root)
        content, more = validate(OrganisationFile, located) if located else (None, [])
        found = problems + more
        if content is not None and located is not None:
            for number, entry in enumerate(content.services):
                found += self._check(entry, located, ("services", number), borough)
        self.problems += found
        if content is None or any(problem.severity is Severity.ERROR for problem in found):
            return
        for entry in content.services:
            service = self._service(entry, content.organisation, borough)
            self.directory.services[service.id] = service

    def _check(
        self, entry: ServiceEntry, located: Located, at: tuple[str | int, ...], borough: str | None
    ) -> list[Problem]:
        before = len(self.problems)
        self._check_id(entry, located, at)
        self._check_activities(entry, located, at)
        self._check_place(entry, located, at, borough)
        self._check_phones(located, (*at, "contact"), entry.contact, ("phone",))
        if self.today and not entry.closed and is_stale(seen_on(entry.seen), self.today):
            self._add(located, (*at, "seen"), f"`{entry.id}` is past its check date",
                      f"`{entry.seen}`", "check it and write today's month", warn=True)  # fmt: skip
        found = self.problems[before:]
        del self.problems[before:]
        return found

    def _check_id(self, entry: ServiceEntry, located: Located, at: tuple[str | int, ...]) -> None:
        here = f"{located.file}:{located.line(*at, 'id')}"
        first = self.first_seen.setdefault(entry.id, here)
        if first != here:
            what = f"`id` is taken (by {first})"
            self._add(located, (*at, "id"), what, f"`{entry.id}`", "choose another")

    def _check_activities(
        self, entry: ServiceEntry, located: Located, at: tuple[str | int, ...]
    ) -> None:
        for number, name in enumerate(entry.activities):
            if self.activities.names and name not in self.activities.names:
                guess = self.activities.canonical(name)
                instead = f"write `{guess}`" if guess else one_of(name, self.activities.names)
                what = "this activity is not in intents/words/activities.yaml"
                self._add(located, (*at, "activities", number), what, f"`{name}`", instead)

    def _check_place(
        self, entry: ServiceEntry, located: Located, at: tuple[str | int, ...], borough: str | None
    ) -> None:
        if self.places is None:
            return
        if entry.near is not None and self.places.point_of(entry.near) is None:
            known = [area.name for area in self.places.areas.areas]
            what = f"`near` is not a name of {AREAS}"
            self._add(located, (*at, "near"), what, f"`{entry.near}`", one_of(entry.near, known))
        if entry.postcode is not None:
            self._check_postcode(entry.postcode, located, (*at, "postcode"), borough)
        elif entry.venue is Venue.PLACE and entry.near is None and not entry.closed:
            what = f"`{entry.id}` has no postcode, so it cannot be ranked by distance"
            instead = "add `postcode`, or `near` with a named area, or `venue: borough-wide`"
            self._add(located, at, what, "", instead, warn=True)

    def _check_postcode(
        self, typed: str, located: Located, at: tuple[str | int, ...], borough: str | None
    ) -> None:
        assert self.places is not None
        cell, unit = self.places.cell_of(typed), self.places.unit_of(typed)
        if not re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}", typed):
            self._add(located, at, "`postcode` is not written in full", f"`{typed}`",
                      "write it like SW9 7UH")  # fmt: skip
        elif unit is not None and unit.ended is not None:
            ended = f"{unit.ended // 100}-{unit.ended % 100:02}"
            self._add(located, at, "`postcode` is no longer in use", f"`{typed}`, ended {ended}",
                      "ask them for the new one", warn=True)  # fmt: skip
        elif unit is None and (cell is None or self.units is not None):
            self._add(located, at, "`postcode` is not in the table", f"`{typed}`",
                      "check it; a very new one may be missing", warn=True)  # fmt: skip
        else:
            shares = dict(cell.shares) if cell is not None else {}
            there = {unit.authority: 1.0} if unit is not None else shares
            if borough is not None and there.get(borough, 0.0) == 0.0:
                self._add(located, at, f"`postcode` lies in {next(iter(there))}, not in {borough}",
                          f"`{typed}`", "check it, unless it is just over the border",
                          warn=True)  # fmt: skip

    def _check_phones(
        self, located: Located, at: tuple[str | int, ...], entry: Any, keys: tuple[str, ...]
    ) -> None:
        for key in keys:
            typed = getattr(entry, key)
            if typed is None:
                continue
            digits = re.sub(r"(?<=\d)[ -](?=\d)", "", typed.replace("(0)", ""))
            digits = re.sub(r"^\+44 ?", "0", digits)
            if not _PHONE.fullmatch(digits):
                self._add(located, (*at, key), f"`{key}` is not a UK phone number", f"`{typed}`",
                          "write it like 020 7926 5555, 0800 1111 or 999")  # fmt: skip

    def _add(
        self, located: Located, at: tuple[str | int, ...], what: str, found: str = "",
        instead: str = "", *, warn: bool = False,
    ) -> None:  # fmt: skip
        severity = Severity.WARNING if warn else Severity.ERROR
        line = located.line(*at)
        self.problems.append(Problem(located.file, line, what, found, instead, severity))

    def _service(self, entry: ServiceEntry, organisation: str, borough: str | None) -> Service:
        point, point_from = self._point(entry)
        staff = " ".join(part for part in (entry.caution, entry.note) if part)
        return Service(
            id=entry.id, name=entry.name, organisation=organisation, what=entry.what,
            kinds=entry.kinds, activities=entry.activities, tags=entry.tags, borough=borough,
            coverage=entry.coverage or borough or "UK", venue=entry.venue,
            contact=Contact(**entry.contact.model_dump()), assurance=_assurance(entry),
            address=entry.address, postcode=entry.postcode, point=point, point_from=point_from,
            age_min=entry.ages.min, age_max=entry.ages.max, free=entry.free, cost=entry.cost,
            when=entry.when, sessions=parse_lines(entry.when), groups=entry.groups,
            access=entry.access, confidentiality=entry.confidentiality, caution=staff or None,
            myends=entry.myends, closed=entry.closed,
        )  # fmt: skip

    def _point(self, entry: ServiceEntry) -> tuple[Point | None, str | None]:
        if self.places is None or entry.venue is not Venue.PLACE:
            return None, None
        if entry.postcode is not None:
            if unit := self.places.unit_of(entry.postcode):
                return Point(unit.lat, unit.lon), "postcode"
            area = self.places.locate(entry.postcode)
            if area.point is not None:
                return area.point, "postcode"
        if entry.near is not None:
            return self.places.point_of(entry.near), entry.near
        return None, None


def check_areas(root: Path, places: Places) -> list[Problem]:
    """Check that each named area's `near` exists and lies in one of its boroughs."""
    located, _ = read_yaml(root / AREAS, root)
    problems = []
    for number, entry in enumerate(places.areas.areas if located else ()):
        assert located is not None
        key = entry.near.replace(" ", "")
        cell = places.postcodes.cells.get(key) or places.postcodes.sectors.get(key)
        line = located.line("areas", number, "near")
        if cell is None:
            what, instead = "`near` is not in the postcode table", "take a postcode of that place"
            problems.append(Problem(AREAS, line, what, f"`{entry.near}`", instead))
        elif cell.shares[0][0] not in entry.boroughs:
            what = f"`near` lies in {cell.shares[0][0]}, not in {' or '.join(entry.boroughs)}"
            instead = "take another postcode, or correct `borough`"
            problems.append(Problem(AREAS, line, what, f"`{entry.near}`", instead))
    return problems


def _assurance(entry: Assured) -> Assurance:
    return Assurance(
        source=entry.source + entry.corroboration, seen=entry.seen, seen_on=seen_on(entry.seen),
        confidence=entry.confidence, reason=entry.reason or "",
    )  # fmt: skip


def _front_door(borough: str, content: BoroughFile) -> FrontDoor:
    door = content.front_door
    return FrontDoor(
        borough, door.name, door.phone_day, door.phone_out_of_hours, door.hours_day, door.note,
        _assurance(door),
    )  # fmt: skip


def _myends(borough: str, content: BoroughFile) -> MyEnds:
    found = content.myends
    return MyEnds(
        borough, found.neighbourhoods, found.consortium, found.lead, found.partners, found.status
    )
