"""The search: what fits before what is near, what is safe, what was checked lately.

Hard limits are never widened: age, avoided areas, closed services, boroughs' own services for
others. Where nothing is left, the rest is widened step by step and each step is named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from directory.freshness import CHECK_AFTER, check_first
from directory.hours import LONDON, next_session
from directory.index import Layout
from directory.model import Directory, Match, Query, Results
from directory.reasons import reasons
from directory.when import PARTS, asked_dates, surely

Mask = NDArray[np.bool_]
Scores = NDArray[np.float64]

NEAR_M = 5_000.0
FURTHER_M = 12_000.0
AVOID_M = 800.0  # of the middle of an area that is not safe for them
_IN_BOROUGH_M = 2_500.0  # as far as a service of the whole borough counts

# Needs where a helpline is as good an answer as a place nearby, and often a better one.
SUPPORT = frozenset((
    "mental-health", "eating", "bereavement", "violence-worry", "exploitation", "report-crime",
    "victim-support", "police-rights", "domestic-abuse", "sexual-violence", "stalking-harassment",
    "hate-crime", "bullying", "online-safety", "housing", "money-food", "drugs-alcohol",
    "sexual-health", "family", "lgbtq", "immigration", "worried-about-someone", "talk-to-human",
    "education-help",
))  # fmt: skip

# Groups that a need itself implies: a refugee service is no surprise under immigration.
IMPLIED = {
    "lgbtq": {"lgbtq"}, "immigration": {"refugees"}, "domestic-abuse": {"women", "men"},
    "worried-about-someone": {"parents"}, "hate-crime": {"muslim", "lgbtq"},
}  # fmt: skip
_OPPOSITE = {"girls": {"boys", "men"}, "boys": {"girls", "women"}}
# Who somebody is asks for less than "girls only" does: what is open to all fits as well.
_IS = {"girl": "girls", "boy": "boys"}


class Index(Layout):
    """The directory made ready for searching; build it once for many searches."""

    def search(self, query: Query, now: datetime) -> Results:
        """Find the services that suit a query best; `now` is aware."""
        return search(self, query, now)

    def one(self, service_id: str, query: Query, now: datetime) -> Match | None:
        """Return one service as a search shows it, fitting or not; None where it is not served."""
        row = self.row_of.get(service_id)
        if row is None:
            return None
        return _Search(self, query, now.astimezone(LONDON)).match(row, 0.0)


@dataclass(frozen=True)
class Step:
    """How far a search is widened, and the names of what was widened."""

    metres: float = NEAR_M
    days: bool = True
    cost: bool = True
    groups: bool = True
    similar: bool = False
    widened: tuple[str, ...] = ()


def search(source: Directory | Index, query: Query, now: datetime) -> Results:
    """Find the services that suit a query best, each with its reasons; the same for the same.

    `now` is aware. Hand in an `Index` built once: a Directory is indexed anew at each call.
    """
    index = source if isinstance(source, Index) else Index(source)
    if not len(index):
        return Results((), 0)
    if query.text and not query.kinds and not query.activities:
        query = replace(query, activities=index.activities_in(query.text))
    looking = _Search(index, query, now.astimezone(LONDON))
    only_wide: Results | None = None
    steps = looking.steps()
    for step in steps:
        fitting, scores = looking.run(step)
        if not fitting.any():
            continue
        found = looking.results(fitting, scores, step)
        if looking.answered_by(fitting):
            return found
        only_wide = only_wide or found
    return only_wide or Results((), 0, steps[-1].widened)


class _Search:
    def __init__(self, index: Index, query: Query, now: datetime) -> None:
        query = replace(query, activities=index.activities.narrowest(query.activities))
        self.index, self.query, self.now = index, query, now
        self.area = query.area
        self.homes = _homes(query)
        self.metres = self._metres()
        self.support = bool(query.kinds) and query.kinds[0] in SUPPORT
        self.playing = bool(query.activities) and (
            not query.kinds or "find-activities" in query.kinds
        )
        self.said = index.saying(query.text) if query.text else None
        self.home = index.in_boroughs(self.homes)
        self.safe = self._safe()
        self.runs, self.maybe = self._running()
        self.demanded = frozenset(query.groups) - _IS.keys()
        self.people = self.demanded | {_IS[one] for one in query.groups if one in _IS}
        self.own, self.against, self.limited = self._people()

    def steps(self) -> list[Step]:
        """List the steps of widening that can change anything for this query."""
        step = Step()
        none_of_group = bool(self.demanded) and not self._anywhere().any()
        if none_of_group:  # looking further would find none either, so that is not said
            step = Step(groups=False, widened=("groups",))
        steps = [step]

        def widen(name: str, **change: object) -> None:
            nonlocal step
            values = {**step.__dict__, **change, "widened": (*step.widened, name)}
            step = Step(**values)
            steps.append(step)

        if self.area is not None and (self.homes or self.area.point is not None):
            widen("further", metres=FURTHER_M)
            steps.append(step := Step(**{**step.__dict__, "metres": float("inf")}))
        if self.query.days or self.query.part_of_day:
            widen("other-days", days=False)
        if self.query.free:
            widen("cost", cost=False)
        if self.demanded and not none_of_group:
            widen("groups", groups=False)
        if self.playing:
            widen("similar", similar=True)
        return steps

    def _anywhere(self) -> Mask:
        return self.run(Step(metres=float("inf"), days=False, cost=False))[0]

    def run(self, step: Step) -> tuple[Mask, Scores]:
        """Return which services fit at this step, and their scores."""
        fitting, scores = self._wanted(step)
        fitting = fitting & self.safe & self._reachable(step)
        scores = scores + self._near() + self._fresh() + self._helplines()
        for part in (self._age(), self._cost(step), self._times(step), self._groups(step)):
            fitting, scores = fitting & part[0], scores + part[1]
        return fitting, scores

    def results(self, fitting: Mask, scores: Scores, step: Step) -> Results:
        """Return the best of what fits, with reasons."""
        rows = self.best(fitting, scores, step)
        matches = tuple(self.match(row, float(scores[row])) for row in rows)
        return Results(matches, int(fitting.sum()), self._said(rows, step))

    def _said(self, rows: list[int], step: Step) -> tuple[str, ...]:
        """Name what was widened, and what the rows that are shown leave open."""
        said = step.widened
        if self.query.activities and not self.support and "similar" not in said:
            exact = self.index.doing(self.query.activities, similar=False) > 0
            said = said if exact[rows].all() else (*said, "similar")
        asked = self.query.days or self.query.part_of_day
        if asked and step.days and not self.support and not self.runs[rows].any():
            said = (*said, "times-unknown")
        return said

    def answered_by(self, fitting: Mask) -> bool:
        """Tell whether looking further could only be worse: something to do wants a place."""
        local = self.support or self.area is None or self.area.outcome == "outside-london"
        return local or bool((fitting & ~self.index.wide).any())

    def best(self, fitting: Mask, scores: Scores, step: Step) -> list[int]:
        """Pick the best rows, one organisation and one kind of venue not crowding out others."""
        rows = np.flatnonzero(fitting)
        room = max(30, self.query.limit * 3)
        rank = self._rank(step)
        # Rows are in the order of ids, and a stable sort keeps that order among equals.
        rows = rows[np.lexsort((-scores[rows], rank[rows]))][:room]
        left = [int(row) for row in rows]
        picked: list[int] = []
        while left and len(picked) < self.query.limit:
            row = max(left, key=lambda row: (-rank[row], scores[row] - self._crowding(row, picked)))
            picked.append(row)
            left.remove(row)
        return picked

    def _rank(self, step: Step) -> Scores:
        """Return what decides before any score; lower comes first.

        What is only for a group that they may not be in comes last, and before that what is not
        known to run when they asked for; a search that looks further goes by whole kilometres.
        """
        rank = np.where(self.limited, 10_000.0, 0.0)
        if self.support:
            return rank
        if self.query.days or self.query.part_of_day:
            rank += np.where(self.runs, 0.0, np.where(self.maybe, 2_000.0, 4_000.0))
        if step.metres > NEAR_M:
            metres = np.where(np.isnan(self.metres), _IN_BOROUGH_M, self.metres)
            rank += np.where(self.index.wide, 1_500.0, np.minimum(1_400.0, metres // 1_000.0))
        return rank

    def _crowding(self, row: int, picked: list[int]) -> float:
        services, online = self.index.services, self.index.online
        same = sum(services[row].organisation == services[one].organisation for one in picked)
        alike = sum(bool(online[row] == online[one]) for one in picked) if self.support else 0
        return 15.0 * same + 6.0 * alike

    def match(self, row: int, score: float) -> Match:
        """Return one result with its reasons."""
        service = self.index.services[row]
        metres = float(self.metres[row])
        distance = None if np.isnan(metres) else round(metres)
        unsure = check_first(service, self.now.date())
        return Match(
            service, round(score, 1), distance, next_session(service, self.now), unsure,
            reasons(service, self.query, self.index.activities, distance, self.homes),
        )  # fmt: skip

    def _metres(self) -> Scores:
        point = self.area.point if self.area else None
        if point is None:
            return np.full(len(self.index), np.nan)
        north = (self.index.lat - point.lat) * 111_200.0
        east = (self.index.lon - point.lon) * 111_200.0 * np.cos(np.radians(point.lat))
        return np.asarray(np.sqrt(north * north + east * east))

    def _wanted(self, step: Step) -> tuple[Mask, Scores]:
        query = self.query
        kinds = self.index.kinds(query.kinds)
        doing = self.index.doing(query.activities, similar=step.similar)
        fitting = np.ones(len(self.index), dtype=bool)
        if self.playing:
            fitting &= doing > 0
        elif query.kinds:
            fitting &= kinds > 0
        elif self.said is not None:
            fitting &= self.said > 0
        scores = 100.0 * (0.3 * kinds + doing if self.playing else kinds + 0.3 * doing)
        if self.said is not None:
            scores = scores + 30.0 * self.said
        shown = [self.index.row_of[one] for one in query.exclude if one in self.index.row_of]
        fitting[shown] = False
        return fitting, scores.astype(np.float64)

    def _reachable(self, step: Step) -> Mask:
        index, area = self.index, self.area
        if area is None:
            return np.ones(len(index), dtype=bool)
        if area.outcome == "outside-london":
            return index.wide & ~index.london_only
        if not self.homes and area.point is None:
            return np.ones(len(index), dtype=bool)
        # What a borough does for its own people is no answer for others, however far we look.
        others = ~self.home & ~index.wide
        near = self.metres <= step.metres
        if np.isinf(step.metres):
            near = np.ones(len(index), dtype=bool)
        elif area.point is None and step.metres > NEAR_M:
            near = index.at_place
        return (
            index.wide
            | self.home & ~(self.metres > max(step.metres, NEAR_M))
            | (near & others & ~index.residents)
        )

    def _near(self) -> Scores:
        index = self.index
        if self.area is None:
            return np.zeros(len(index))
        metres = np.where(np.isnan(self.metres), _IN_BOROUGH_M, self.metres)
        # A hundred metres cost a point on foot; beyond a bus ride each further one says less.
        scores = -np.minimum(50.0, metres / 100.0) - np.maximum(0.0, metres - NEAR_M) / 500.0
        scores = scores + np.where(self.home, 22.0 if self.support else 15.0, 0.0)
        return np.where(index.wide, self._away(), scores)

    def _away(self) -> float:
        if self.support:
            return -2.0
        return -60.0 if self.playing or "find-activities" in self.query.kinds[:1] else -25.0

    def _fresh(self) -> Scores:
        today = self.now.date()
        limit = (today - CHECK_AFTER).toordinal()
        recent = (today - timedelta(days=365)).toordinal()
        day = self.index.day
        scores = np.where(day >= recent, 3.0, 0.0) - np.where(day < limit, 8.0, 0.0)
        # An old page about a helpline that many pages agree on says less against it.
        scores = np.where(self.index.wide & self.index.high, np.maximum(scores, -2.0), scores)
        sure = np.where(self.index.high, 3.0, 0.0) - np.where(self.index.low, 60.0, 0.0)
        return np.asarray(scores + sure)

    def _helplines(self) -> Scores:
        if not self.support:
            return np.zeros(len(self.index))
        index, online = self.index, self.index.online
        ready = 6.0 * index.callable + 3.0 * index.all_day
        # Made for the young is better than open to all; the unknown age counts as open to all.
        young = 4.0 * (index.age_max <= 25)
        return np.asarray(np.where(online, ready, 0.0) + young - 25.0 * index.emergency)

    def _safe(self) -> Mask:
        """Leave out what lies in an avoided borough or area."""
        safe = np.ones(len(self.index), dtype=bool)
        for label in sorted(self.query.avoid):
            name = label.split(",")[0].strip()
            borough = self.index.in_boroughs((name,))
            if borough.any():
                safe &= ~borough
                continue
            safe[self.index.standing_in(name)] = False
            point = self.index.point_of(name)
            if point is not None:
                north = (self.index.lat - point.lat) * 111_200.0
                east = (self.index.lon - point.lon) * 69_200.0
                safe &= ~(np.sqrt(north * north + east * east) < AVOID_M)
        return safe

    def _age(self) -> tuple[Mask, Scores]:
        index, age = self.index, self.query.age
        if age is None:
            return np.ones(len(index), dtype=bool), np.zeros(len(index))
        fitting = (index.age_min <= age) & (age <= index.age_max)
        return fitting, np.where(index.age_known, 6.0, 0.0)

    def _cost(self, step: Step) -> tuple[Mask, Scores]:
        free = self.index.free
        everything = np.ones(len(self.index), dtype=bool)
        if not self.query.free:
            return everything, np.where(free == 1, 2.0, 0.0)
        fitting = free >= 0 if step.cost else everything
        return fitting, np.where(free == 1, 20.0, np.where(free == 0, -10.0, -20.0))

    def _times(self, step: Step) -> tuple[Mask, Scores]:
        index, query = self.index, self.query
        everything = np.ones(len(index), dtype=bool)
        if not query.days and not query.part_of_day:
            return everything, np.where(index.timed, 2.0, 0.0)
        # Times that are not known may fit: those are kept, lower, and say so.
        fitting = self.runs | self.maybe if step.days else everything
        return fitting, np.where(self.runs, 20.0, np.where(self.maybe, 0.0, -10.0))

    def _running(self) -> tuple[Mask, Mask]:
        """Return what surely runs when they asked for, and what may."""
        index, query = self.index, self.query
        runs = np.zeros(len(index), dtype=bool)
        maybe = ~index.timed
        if not query.days and not query.part_of_day:
            return runs, maybe
        dates = asked_dates(query.days, self.now)
        hours = PARTS.get(query.part_of_day or "", (0, 24))
        weekdays = sorted({day.weekday() for day in dates})
        for row in np.flatnonzero(index.starts[:, weekdays].any(axis=1)):
            sure = surely(index.services[row], dates, hours, self.now)
            runs[row], maybe[row] = sure is True, sure is None
        return runs, maybe

    def _people(self) -> tuple[Mask, Mask, Mask]:
        """Return what is for their group, for the opposite one, and for any other group only."""
        index, wanted = self.index, self.people
        implied: set[str] = set()
        for kind in self.query.kinds:
            implied |= IMPLIED.get(kind, set())
        opposite = {group for own in wanted for group in _OPPOSITE.get(own, ())}
        sets = index.group_sets
        own = np.array([bool(wanted & found) for found in sets])[index.group_set_of]
        against = np.array([bool(opposite & found) for found in sets])[index.group_set_of] & ~own
        limited = np.array([bool(found) and not found & implied for found in sets])
        return own, against, limited[index.group_set_of] & ~own

    def _groups(self, step: Step) -> tuple[Mask, Scores]:
        welcome = self.index.tagged(self.people) & ~self.own
        scores = np.where(
            self.own, 25.0, np.where(welcome, 12.0, np.where(self.limited, -25.0, 0.0))
        )
        # "My son hits me" is no reason to hide a helpline for women from his mother.
        strict = bool(self.demanded) or not self.support
        fitting = ~self.against if strict else np.ones(len(self.index), dtype=bool)
        if self.demanded and step.groups:
            # For a worry, what is open to everybody answers too.
            fitting &= self.own | welcome | (~self.limited if self.support else False)
        return fitting, scores


def _homes(query: Query) -> frozenset[str]:
    if query.area is None:
        return frozenset()
    return frozenset((query.area.borough,) if query.area.borough else query.area.choices)
