"""Loads the directory: every file of directory/, checked one by one and against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from bot.content.directory_checks import Place, check_doubles, check_gaps, check_strays
from bot.content.located import Located, read_yaml
from bot.content.problems import Problem, Severity
from bot.content.service_checks import Found, Known, check_date, check_phones, check_service
from bot.content.validate import one_of, validate
from bot.content.word_files import AREAS, load_activities, load_areas
from directory.activities import Activities
from directory.freshness import seen_on
from directory.lines import parse_lines
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
from directory.opening import parse_opening
from directory.places import Places, load_places
from directory.schedule import sessions_of
from directory.schema import Assured, BoroughFile, OrganisationFile, ServiceEntry
from directory.units import Units

POSTCODES = "directory/postcodes"
_MOST = 2_000  # services of a file with errors that are looked at one by one


def load_directory(
    root: Path,
    today: date | None = None,
    units: Units | None = None,
    places: Places | None = None,
) -> tuple[Directory, list[Problem]]:
    """Read and check the whole directory below the project's folder.

    An entry with an error is left out and named; all others are served, those of the same file
    too. With `today`, what is past its check date or over, and what is missing, are warnings.
    `units` is the exact table of postcodes, where there is one; who has loaded the places with it
    already gives them.
    """
    loader = _Loader(root, today, units, places)
    loader.load()
    return loader.directory, sorted(loader.problems)


@dataclass
class _Loader:
    root: Path
    today: date | None
    units: Units | None = None
    places: Places | None = None
    directory: Directory = field(default_factory=Directory)
    problems: list[Problem] = field(default_factory=list)
    activities: Activities = field(default_factory=Activities)
    first_seen: dict[str, str] = field(default_factory=dict)  # id -> file:line
    stands: dict[str, Place] = field(default_factory=dict)  # id of what is served -> where
    boroughs: dict[str, str] = field(default_factory=dict)  # name -> its file

    def load(self) -> None:
        areas, problems = load_areas(self.root)
        self.activities, more = load_activities(self.root)
        self.problems += problems + more
        folder = self.root / POSTCODES
        try:
            self.places = self.places or load_places(folder, areas, self.units)
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
        self.problems += check_doubles(self.directory.services, self.stands)
        self.problems += check_strays(self.root)
        if self.today is not None:
            self.problems += check_gaps(self.directory.services.values(), self.boroughs)

    def _known(self) -> Known:
        return Known(self.activities, self.places, self.today, exact=self.units is not None)

    def _borough(self, folder: Path) -> None:
        path = folder / "borough.yaml"
        located, problems = read_yaml(path, self.root)
        content, more = validate(BoroughFile, located) if located else (None, [])
        self.problems += problems + more
        # Without its borough.yaml a borough's services are still served: the folder names it.
        name = content.borough if content else folder.name.replace("-", " ").title()
        if content is not None and located is not None:
            self._known_borough(content.borough, folder, located)
            found = Found(located, ("front_door",))
            check_phones(found, (), content.front_door, ("phone_day", "phone_out_of_hours"))
            check_date(content.front_door, found, self.today, "the front door")
            self.problems += found.problems
            self.directory.front_doors[name] = _front_door(name, content)
            self.directory.myends[name] = _myends(name, content)
            self.boroughs[name] = located.file
        for other in sorted(folder.glob("*.yaml")):
            if other != path:
                self._organisation(other, name)

    def _known_borough(self, name: str, folder: Path, located: Located) -> None:
        known = [entry.name for entry in self.places.areas.boroughs] if self.places else []
        line = located.line("borough")
        if known and name not in known:
            what = "`borough` is not a borough of London"
            self.problems.append(
                Problem(located.file, line, what, f"`{name}`", one_of(name, known))
            )
        elif folder.name != (slug := name.lower().replace(" ", "-")):
            what = f"this folder is for another borough: it is called {folder.name}"
            instead = f"move the file to directory/boroughs/{slug}, or correct `borough`"
            self.problems.append(Problem(located.file, line, what, f"`{name}`", instead))

    def _organisation(self, path: Path, borough: str | None) -> None:
        located, problems = read_yaml(path, self.root)
        self.problems += problems
        if located is None:
            return
        content, problems = validate(OrganisationFile, located)
        self.problems += problems
        if content is not None:
            entries = enumerate(content.services)
            self._serve(located, content.organisation, entries, borough)
        elif organisation := _name_of(located):
            self._serve(located, organisation, _good_entries(located), borough)

    def _serve(
        self, located: Located, organisation: str, entries: Iterable[tuple[int, ServiceEntry]],
        borough: str | None,
    ) -> None:  # fmt: skip
        """Take in the entries of a file that are without error, and name what is wrong."""
        for number, entry in entries:
            at = ("services", number)
            found = check_service(entry, located, at, borough, self._known())
            found += self._check_id(entry, located, at)
            self.problems += found
            if any(problem.severity is Severity.ERROR for problem in found):
                continue
            self.directory.services[entry.id] = self._service(entry, organisation, borough)
            keys = {"id": ("id",), "name": ("name",), "phone": ("contact", "phone")}
            lines = {name: located.line(*at, *key) for name, key in keys.items()}
            self.stands[entry.id] = Place(located.file, lines)

    def _check_id(
        self, entry: ServiceEntry, located: Located, at: tuple[str | int, ...]
    ) -> list[Problem]:
        line = located.line(*at, "id")
        here = f"{located.file}:{line}"
        first = self.first_seen.setdefault(entry.id, here)
        if first == here:
            return []
        what = f"`id` is taken (by {first})"
        return [Problem(located.file, line, what, f"`{entry.id}`", "choose another")]

    def _service(self, entry: ServiceEntry, organisation: str, borough: str | None) -> Service:
        point, point_from = self._point(entry)
        staff = " ".join(part for part in (entry.caution, entry.note) if part)
        plain = parse_lines(entry.when)
        return Service(
            id=entry.id, name=entry.name, organisation=organisation, what=entry.what,
            kinds=entry.kinds, activities=entry.activities, tags=entry.tags, borough=borough,
            coverage=entry.coverage or borough or "UK", venue=entry.venue,
            contact=Contact(**entry.contact.model_dump()), assurance=_assurance(entry),
            address=entry.address, postcode=entry.postcode, point=point, point_from=point_from,
            age_min=entry.ages.min, age_max=entry.ages.max, free=entry.free, cost=entry.cost,
            when=entry.when, sessions=sessions_of(entry.schedule) or plain,
            more_times=not entry.schedule and len(plain) < len(entry.when),
            scheduled=bool(entry.schedule),
            closures=tuple(one.closure() for one in entry.closed_periods),
            open_hours=parse_opening(entry.contact.hours), groups=entry.groups,
            access=entry.access, confidentiality=entry.confidentiality, caution=staff or None,
            myends=entry.myends, closed=entry.gone,
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


def _name_of(located: Located) -> str | None:
    """Return the organisation of a file that has errors elsewhere."""
    name = located.data.get("organisation") if isinstance(located.data, dict) else None
    return name.strip() or None if isinstance(name, str) else None


def _good_entries(located: Located) -> Iterator[tuple[int, ServiceEntry]]:
    """Return the entries of a file with errors that have none themselves."""
    services = located.data.get("services")
    if not isinstance(services, list) or len(services) > _MOST:
        return
    for number, raw in enumerate(services):
        try:
            yield number, ServiceEntry.model_validate(raw)
        except ValidationError:
            continue  # named when the whole file was checked


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
        _assurance(door), parse_opening(door.hours_day),
    )  # fmt: skip


def _myends(borough: str, content: BoroughFile) -> MyEnds:
    found = content.myends
    return MyEnds(
        borough, found.neighbourhoods, found.consortium, found.lead, found.partners, found.status
    )
