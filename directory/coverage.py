"""What the directory can answer where: each need in each borough, for the young and the older.

Counted as a search finds it: a borough's own services and those for London and the nation, none
that is closed or only for a group that the need does not imply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from directory.activities import Activities
from directory.fitting import IMPLIED
from directory.freshness import check_first
from directory.model import Service

BANDS = {"under 18": range(11, 18), "18 to 25": range(18, 26)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One need in one borough for one band of ages."""

    need: str
    borough: str
    band: str
    own: int  # services of the borough itself
    wide: int  # for London or the nation
    sure: int  # of both, those that may be shown as sure
    without: tuple[int, ...]  # ages that nothing fits
    unsure: tuple[int, ...]  # ages that only something fits that may not be running

    @property
    def total(self) -> int:
        """Count every service that fits somebody of this band."""
        return self.own + self.wide


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing or only unsure for some ages, in the boroughs where that is so."""

    need: str
    ages: tuple[int, ...]
    boroughs: tuple[str, ...]
    missing: bool  # False: there is something, but it may not be running


def coverage(
    services: Iterable[Service], needs: Sequence[str], boroughs: Sequence[str], today: date
) -> list[Cell]:
    """Count for each need, borough and band of ages what fits."""
    there = [service for service in services if not service.closed]
    cells = []
    for need in needs:
        fitting = [service for service in there if answers(service, need)]
        for borough in boroughs:
            here = [service for service in fitting if service.borough in (borough, None)]
            cells += [_cell(need, borough, band, here, today) for band in BANDS]
    return cells


def answers(service: Service, need: str) -> bool:
    """Tell whether a service answers a need of anybody, not only of some group."""
    groups = set(service.groups)
    return need in service.kinds and (not groups or bool(groups & IMPLIED.get(need, set())))


def suits(service: Service, age: int) -> bool:
    """Tell whether somebody of an age may come; what is not stated is open."""
    oldest = age if service.age_max is None else service.age_max
    return (service.age_min or 0) <= age <= oldest


def _cell(
    need: str, borough: str, band: str, here: Sequence[Service], today: date
) -> Cell:  # fmt: skip
    ages = BANDS[band]
    fitting = [one for one in here if any(suits(one, age) for age in ages)]
    sure = [one for one in fitting if not check_first(one, today)]
    own = sum(one.borough is not None for one in fitting)
    without = tuple(age for age in ages if not any(suits(one, age) for one in fitting))
    doubtful = tuple(
        age for age in ages if age not in without and not any(suits(one, age) for one in sure)
    )
    return Cell(need, borough, band, own, len(fitting) - own, len(sure), without, doubtful)


def gaps(cells: Iterable[Cell]) -> list[Gap]:
    """Name the gaps: nothing at all first, then what is only unsure; the same ones together."""
    ages: dict[tuple[bool, str, str], tuple[int, ...]] = {}
    for cell in cells:
        for missing, found in ((True, cell.without), (False, cell.unsure)):
            key = (missing, cell.need, cell.borough)
            ages[key] = ages.get(key, ()) + found
    same: dict[tuple[bool, str, tuple[int, ...]], list[str]] = {}
    for (missing, need, borough), found in ages.items():
        if found:
            same.setdefault((missing, need, found), []).append(borough)
    named = [Gap(need, found, tuple(where), missing)
             for (missing, need, found), where in same.items()]  # fmt: skip
    return sorted(named, key=lambda gap: (not gap.missing, gap.need, gap.ages))


def only_wide(cells: Iterable[Cell]) -> dict[str, list[str]]:
    """List for each borough the needs that no service of its own answers."""
    own: dict[tuple[str, str], int] = {}
    for cell in cells:
        key = (cell.borough, cell.need)
        own[key] = own.get(key, 0) + cell.own
    found: dict[str, list[str]] = {}
    for (borough, need), number in own.items():
        found.setdefault(borough, [])
        if not number:
            found[borough].append(need)
    return found


def families(
    services: Iterable[Service], activities: Activities, boroughs: Sequence[str]
) -> Mapping[str, Mapping[str, int]]:
    """Count for each family of activities and each borough the services that offer it."""
    counted: dict[str, dict[str, int]] = {
        name: dict.fromkeys(boroughs, 0)
        for name, parent in activities.parents.items()
        if parent is None
    }
    for service in services:
        borough = service.borough
        if service.closed or borough is None or borough not in boroughs:
            continue
        for name in {(activities.family(one) or (one,))[-1] for one in service.activities}:
            if name in counted:
                counted[name][borough] += 1
    return counted


def spoken_ages(ages: Sequence[int]) -> str:
    """Return ages as people write them: "11 to 15, 18"."""
    parts: list[list[int]] = []
    for age in ages:
        if parts and age == parts[-1][-1] + 1:
            parts[-1].append(age)
        else:
            parts.append([age])
    return ", ".join(str(one[0]) if len(one) == 1 else f"{one[0]} to {one[-1]}" for one in parts)
