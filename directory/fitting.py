"""Which services fit a query, and how well: one mask and one score for each thing that is asked.

What does not change while a search is widened is worked out once. Hard limits are in every mask:
age, what is not safe for them, and what a borough does for its own people only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from directory.freshness import CHECK_AFTER
from directory.index import Layout
from directory.model import Query
from directory.when import Asked, asked

Mask = NDArray[np.bool_]
Scores = NDArray[np.float64]

NEAR_M = 5_000.0
FURTHER_M = 12_000.0
AVOID_M = 800.0  # of the middle of an area that is not safe for them
IN_BOROUGH_M = 2_500.0  # as far as a service of the whole borough counts
ALL, ANY, NONE = "all", "any", "none"  # of the groups that were asked for

_SAYS, _SAYS_BESIDE = 45.0, 12.0  # for the words of a message: alone, and beside an activity

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


@dataclass(frozen=True, slots=True)
class Step:
    """How far a search is widened, and the names of what was widened."""

    metres: float = NEAR_M
    days: bool = True
    cost: bool = True
    groups: str = ALL
    similar: int = 0  # how far up the family of an activity what comes close is looked for
    widened: tuple[str, ...] = ()


class Fitting:
    """One query held against every service."""

    def __init__(self, index: Layout, query: Query, now: datetime) -> None:
        """Take `now` in Europe/London."""
        query = replace(query, activities=index.activities.narrowest(query.activities))
        self.index, self.query, self.now = index, query, now
        self.area, self.homes = query.area, _homes(query)
        self.playing = self._activity_decides()
        self.support = bool(query.kinds) and query.kinds[0] in SUPPORT and not self.playing
        self.timely = bool(query.days or query.part_of_day)
        self.asked = asked(query.days, query.part_of_day, now) if self.timely else None
        self.metres = self._metres()
        self.home = index.in_boroughs(self.homes)
        self.demanded = tuple(group for group in query.groups if group not in _IS)
        self.people = frozenset((*self.demanded, *(_IS[g] for g in query.groups if g in _IS)))
        self.own, self.against, self.limited = self._people()
        self._welcome = self._welcoming()
        self._all_met, self._any_met = self._met()
        self.called = self._called_by_name()
        self.said = self._words_said()
        self.runs, self.maybe = self._running()
        self._always = self._open_to_them()
        self._base = self._near() + self._fresh() + self._helplines() + self._for_them()

    def at(self, step: Step) -> tuple[Mask, Scores]:
        """Return which services fit at this step, and their scores."""
        fitting, scores = self._wanted(step)
        fitting = fitting & self._always & self._reachable(step) & self._cost_fits(step)
        if self.demanded and step.groups != NONE:
            fitting &= self._all_met if step.groups == ALL else self._any_met
        scores = scores + self._base
        if self.timely:
            if step.days:  # times that are not known may fit: those are kept, lower, and say so
                fitting = fitting & (self.runs | self.maybe)
            scores += np.where(self.runs, 20.0, np.where(self.maybe, 0.0, -10.0))
        return fitting, scores

    def exact(self, rows: Iterable[int]) -> bool:
        """Tell whether services do just what was asked, and not only what comes close."""
        doing = self.index.doing(self.query.activities, similar=0)
        return bool((doing[list(rows)] > 0).all())

    def meets_groups(self, rows: list[int]) -> bool:
        """Tell whether one of these services is for every group that was asked for."""
        return bool((self._for_all()[rows]).any())

    def _called_by_name(self) -> NDArray[np.float32] | None:
        typed = self.query.typed or self.query.text
        called = self.index.called(typed) if typed else None
        if called is None or not self.support:
            return called
        # "Domestic abuse" is a worry before it is a part of some helpline's name.
        return np.where(called >= 1.0, called, np.float32(0.0))

    def _activity_decides(self) -> bool:
        """Tell whether what they want to do is the wish itself, and not something beside it."""
        query = self.query
        if not query.activities:
            return False
        if not query.kinds or "find-activities" in query.kinds:
            return True
        return any(self.index.belongs(one, query.kinds[0]) for one in query.activities)

    def _metres(self) -> Scores:
        point = self.area.point if self.area else None
        if point is None:
            return np.full(len(self.index), np.nan)
        north = (self.index.lat - point.lat) * 111_200.0
        east = (self.index.lon - point.lon) * 111_200.0 * np.cos(np.radians(point.lat))
        return np.asarray(np.sqrt(north * north + east * east))

    def _words_said(self) -> NDArray[np.float32] | None:
        if not self.query.text:
            return None
        if not self.playing:
            return self.index.saying(self.query.text)
        index = self.index  # what they want to do and where is known: only the rest still tells

        def known(word: str) -> bool:
            return index.is_activity_word(word) or index.is_place_word(word)

        return index.saying(self.query.text, known)

    def _wanted(self, step: Step) -> tuple[Mask, Scores]:
        query, index = self.query, self.index
        kinds = index.kinds(query.kinds)
        doing = index.doing(query.activities, similar=step.similar)
        fitting = ~index.nobody
        if self.playing:
            also = step.similar > 0 and "find-activities" not in query.kinds
            fitting = (doing > 0) | (kinds > 0) if also else doing > 0
        elif query.kinds:
            fitting = kinds > 0
        elif self.said is not None:
            fitting = self.said > 0.5 * self.said.max()
        # For a worry, who does just that is better than who only talks about it: "free food".
        beside = 0.5 if self.support else 0.3
        scores = 100.0 * (0.3 * kinds + doing if self.playing else kinds + beside * doing)
        if self.said is not None:
            scores = scores + (_SAYS_BESIDE if self.playing else _SAYS) * self.said
        if self.called is not None:
            # Who calls a club by its name wants it, but a worry is answered by who helps with it.
            fitting = fitting if self.support else fitting | (self.called > 0)
            scores = scores + 40.0 * self.called
        shown = [index.row_of[one] for one in query.exclude if one in index.row_of]
        fitting[shown] = False
        return fitting, scores.astype(np.float64)

    def _reachable(self, step: Step) -> Mask:
        index, area = self.index, self.area
        if area is None:
            return ~index.nobody
        if area.outcome == "outside-london":
            return index.wide & ~index.london_only
        if not self.homes and area.point is None:
            return ~index.nobody
        # What a borough does for its own people is no answer for others, however far we look.
        others = ~self.home & ~index.wide & ~index.residents
        near = self.metres <= step.metres
        if np.isinf(step.metres):
            near = ~index.nobody
        elif area.point is None and step.metres > NEAR_M:
            near = index.at_place
        own = self.home & ~(self.metres > max(step.metres, NEAR_M))
        called = self.called > 0 if self.called is not None else index.nobody
        return index.wide | own | (near & others) | called

    def _near(self) -> Scores:
        index = self.index
        if self.area is None:
            return np.zeros(len(index))
        metres = np.where(np.isnan(self.metres), IN_BOROUGH_M, self.metres)
        # A hundred metres cost a point on foot; beyond a bus ride each further one says less.
        scores = -np.minimum(50.0, metres / 100.0) - np.maximum(0.0, metres - NEAR_M) / 500.0
        scores += np.where(self.home, 22.0 if self.support else 15.0, 0.0)
        return np.where(index.wide, self._away(), scores)

    def _away(self) -> float:
        if self.support:
            return -2.0
        return -60.0 if self.playing or "find-activities" in self.query.kinds[:1] else -25.0

    def _fresh(self) -> Scores:
        index, today = self.index, self.now.date()
        limit = (today - CHECK_AFTER).toordinal()
        recent = (today - timedelta(days=365)).toordinal()
        scores = np.where(index.day >= recent, 3.0, 0.0) - np.where(index.day < limit, 8.0, 0.0)
        # An old page about a helpline that many pages agree on says less against it.
        scores = np.where(index.wide & index.high, np.maximum(scores, -2.0), scores)
        return np.asarray(scores + 3.0 * index.high - 60.0 * index.low)

    def _helplines(self) -> Scores | float:
        if not self.support:
            return 0.0
        index = self.index
        ready = 6.0 * index.callable + 3.0 * index.all_day
        # Somebody who needs to talk now is not helped by a line that opens in the morning.
        moment = Asked((self.now.date(),), at=self.now)
        answering, perhaps = index.timetable.running(moment, self.now)
        ready = ready - np.where(answering | perhaps, 0.0, 12.0)
        # Made for the young is better than open to all; the unknown age counts as open to all.
        young = 4.0 * (index.age_max <= 25)
        return np.asarray(np.where(index.online, ready, 0.0) + young - 25.0 * index.emergency)

    def _for_them(self) -> Scores:
        """Score what is known about ages, cost, times, groups and steps, where it was asked for."""
        index, query = self.index, self.query
        scores = np.where(self.own, 25.0, np.where(self._welcome, 12.0, -25.0 * self.limited))
        if query.age is not None:
            scores += 6.0 * index.age_known
        if query.free:
            scores += np.where(index.free == 1, 20.0, np.where(index.free == 0, -10.0, -20.0))
        else:
            scores += 2.0 * (index.free == 1)
        if query.step_free:
            made_for = index.welcoming("send") & ~index.step_free
            scores += 30.0 * index.step_free + 10.0 * made_for
        return scores if self.timely else scores + 2.0 * index.timed

    def _open_to_them(self) -> Mask:
        """Leave out the wrong age, what is not safe, the opposite group, and known steps."""
        index, query = self.index, self.query
        fitting = self._safe()
        if query.age is not None:
            oldest = index.age_max
            for group in self.people & index.age_max_for.keys():
                oldest = np.maximum(oldest, index.age_max_for[group])
            fitting = fitting & (index.age_min <= query.age) & (query.age <= oldest)
        # "My son hits me" is no reason to hide a helpline for women from his mother.
        if self.demanded or not self.support:
            fitting = fitting & ~self.against
        return fitting & ~index.has_steps if query.step_free else fitting

    def _safe(self) -> Mask:
        """Leave out what lies in an avoided borough or area."""
        index = self.index
        safe = ~index.nobody
        for label in sorted(self.query.avoid):
            name = label.split(",")[0].strip()
            borough = index.in_boroughs((name,))
            if borough.any():
                safe &= ~borough
                continue
            safe[index.standing_in(name)] = False
            point = index.point_of(name)
            if point is not None:
                north = (index.lat - point.lat) * 111_200.0
                east = (index.lon - point.lon) * 69_200.0
                safe &= ~(np.sqrt(north * north + east * east) < AVOID_M)
        return safe

    def _cost_fits(self, step: Step) -> Mask:
        asked = self.query.free and step.cost
        return self.index.free >= 0 if asked else ~self.index.nobody

    def _running(self) -> tuple[Mask, Mask]:
        """Return what surely runs when they asked for, and what may."""
        if self.asked is None:
            return self.index.nobody.copy(), ~self.index.timed
        return self.index.timetable.running(self.asked, self.now, self.query.age)

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

    def _welcoming(self) -> Mask:
        found = self.index.nobody.copy()
        for group in self.people:
            found |= self.index.welcoming(group)
        return found & ~self.own

    def _for_all(self) -> Mask:
        """Return which services are for, or welcome, every group that was asked for."""
        found = ~self.index.nobody
        for group in self.demanded:
            found &= self.index.welcoming(group)
        return found

    def _met(self) -> tuple[Mask, Mask]:
        """Return what answers all of the groups that were asked for, and what answers any."""
        # For a worry, what is open to everybody answers too.
        open_to_all = ~self.limited if self.support else self.index.nobody
        any_of_them = self.index.nobody.copy()
        for group in self.demanded:
            any_of_them |= self.index.welcoming(group)
        return self._for_all() | open_to_all, any_of_them | open_to_all


def _homes(query: Query) -> frozenset[str]:
    if query.area is None:
        return frozenset()
    return frozenset((query.area.borough,) if query.area.borough else query.area.choices)
