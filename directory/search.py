"""The search: what fits before what is near, what is safe, what was checked lately.

Hard limits are never widened: age, avoided areas, closed services, known steps, boroughs' own
services for others. Where nothing is left, the rest is widened step by step and each step is named.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from directory.fitting import (
    ALL,
    ANY,
    FURTHER_M,
    IN_BOROUGH_M,
    NEAR_M,
    NONE,
    Fitting,
    Mask,
    Scores,
    Step,
)
from directory.freshness import check_first
from directory.hours import LONDON, upcoming
from directory.index import Layout
from directory.model import Directory, Match, Occurrence, Query, Results
from directory.reasons import reasons
from directory.travel import walk_between
from directory.when import first_in

_ROOM = 30  # of the best that are looked at for variety
_SAME_ORGANISATION, _SAME_KIND_OF_VENUE = 15.0, 6.0


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
        return _match(Fitting(self, query, now.astimezone(LONDON)), row, 0.0)


def search(source: Directory | Index, query: Query, now: datetime) -> Results:
    """Find the services that suit a query best, each with its reasons; the same for the same.

    `now` is aware. Hand in an `Index` built once: a Directory is indexed anew at each call.
    """
    index = source if isinstance(source, Index) else Index(source)
    if not len(index):
        return Results((), 0)
    if query.text and not query.kinds and not query.activities:
        query = replace(query, activities=index.activities_in(query.text))
    fit = Fitting(index, query, now.astimezone(LONDON))
    poor: Results | None = None
    steps = _steps(fit)
    for step in steps:
        if poor is not None and set(step.widened) - {"further", *steps[0].widened}:
            break  # something that only comes late fits; what they asked for is not given up
        fitting, scores = fit.at(step)
        if not fitting.any():
            continue
        found = _results(fit, fitting, scores, step)
        if _answers(fit, fitting):
            return found
        poor = poor or found
    return poor or Results((), 0, steps[-1].widened)


def _steps(fit: Fitting) -> list[Step]:
    """List the steps of widening that can change anything for this query."""
    step = Step()
    query, area, index = fit.query, fit.area, fit.index
    if fit.demanded and not _anywhere(fit, ALL):
        # Looking further would find none either, so that is not said.
        some = len(fit.demanded) > 1 and _anywhere(fit, ANY)
        step = Step(groups=ANY if some else NONE, widened=("groups",))
    steps = [step]

    def widen(name: str, **change: object) -> None:
        nonlocal step
        said = step.widened if name in step.widened else (*step.widened, name)
        step = replace(step, **change, widened=said)  # type: ignore[arg-type]
        steps.append(step)

    if area is not None and (fit.homes or area.point is not None):
        widen("further", metres=FURTHER_M)
        widen("further", metres=float("inf"))
    if fit.timely:
        widen("other-times" if fit.asked and fit.asked.at else "other-days", days=False)
    if query.free:
        widen("cost", cost=False)
    if fit.demanded and step.groups == ALL and len(fit.demanded) > 1:
        widen("groups", groups=ANY)
    if fit.demanded and step.groups != NONE:
        widen("groups", groups=NONE)
    families = (index.activities.family(index.activities.canonical(one) or one)
                for one in query.activities)  # fmt: skip
    deepest = max((len(family) for family in families), default=0)
    for level in range(1, max(1, deepest) + 1) if fit.playing else ():
        widen("similar", similar=level)
    return steps


def _anywhere(fit: Fitting, groups: str) -> bool:
    step = Step(metres=float("inf"), days=False, cost=False, groups=groups)
    return bool(fit.at(step)[0].any())


def _answers(fit: Fitting, fitting: Mask) -> bool:
    """Tell whether looking further could only be worse.

    Something to do wants a place, one that is open to them, and one that surely still runs.
    """
    if fit.support or fit.area is None or fit.area.outcome == "outside-london":
        return True
    index = fit.index
    good = ~index.wide & ~fit.limited & ~index.low
    if fit.called is not None:
        good |= fit.called > 0
    return bool((fitting & good).any())


def _results(fit: Fitting, fitting: Mask, scores: Scores, step: Step) -> Results:
    """Return the best of what fits, with reasons."""
    rows = _best(fit, fitting, scores, step)
    matches = tuple(_match(fit, row, float(scores[row])) for row in rows)
    return Results(matches, int(fitting.sum()), _said(fit, rows, step))


def _said(fit: Fitting, rows: list[int], step: Step) -> tuple[str, ...]:
    """Name what was widened, and what the rows that are shown leave open."""
    index, query = fit.index, fit.query
    said = list(step.widened)
    if query.activities and not fit.support and "similar" not in said and not fit.exact(rows):
        said.append("similar")
    if query.free and "cost" not in said and not (index.free[rows] == 1).any():
        said.append("cost")
    if fit.demanded and "groups" not in said and not fit.meets_groups(rows):
        said.append("groups")
    if query.step_free and not index.step_free[rows].any():
        said.append("steps-unknown")
    if fit.timely and step.days and not fit.runs[rows].any():
        said.append("times-unknown")
    return tuple(said)


def _best(fit: Fitting, fitting: Mask, scores: Scores, step: Step) -> list[int]:
    """Pick the best rows, one organisation and one kind of venue not crowding out others."""
    index, limit = fit.index, fit.query.limit
    rows = np.flatnonzero(fitting)
    rank = _rank(fit, step)[rows]
    # Rows are in the order of ids, and a stable sort keeps that order among equals.
    order = np.lexsort((-scores[rows], rank))[: max(_ROOM, limit * 3)]
    rows, rank = rows[order], rank[order]
    left = scores[rows].astype(np.float64)
    organisation, online = index.organisation[rows], index.online[rows]
    free = np.ones(len(rows), dtype=bool)
    picked: list[int] = []
    while len(picked) < min(limit, len(rows)):
        first = free & (rank == rank[free].min())
        best = int(np.flatnonzero(first)[np.argmax(left[first])])
        picked.append(int(rows[best]))
        free[best] = False
        left -= _SAME_ORGANISATION * (organisation == organisation[best])
        if fit.support:
            left -= _SAME_KIND_OF_VENUE * (online == online[best])
    return picked


def _rank(fit: Fitting, step: Step) -> Scores:
    """Return what decides before any score; lower comes first.

    Who is called by name comes first. What is only for a group that they may not be in comes last,
    before that what may not be running, and before that what is not known to be open when they
    asked for; a search that looks further goes by whole kilometres.
    """
    index = fit.index
    rank = 10_000.0 * fit.limited + 5_000.0 * index.low
    if fit.called is not None:
        rank = np.where(fit.called > 0, -20_000.0, rank)
    if fit.support:
        return np.asarray(rank)
    if fit.timely:
        maybe = np.where(fit.maybe, 2_000.0, 4_000.0)
        if fit.asked is not None and fit.asked.season is not None:
            maybe = np.where(index.holiday, 1_000.0, maybe)
        rank = rank + np.where(fit.runs, 0.0, maybe)
    if step.metres > NEAR_M:
        metres = np.where(np.isnan(fit.metres), IN_BOROUGH_M, fit.metres)
        rank = rank + np.where(index.wide, 1_500.0, np.minimum(1_400.0, metres // 1_000.0))
    return np.asarray(rank)


def _match(fit: Fitting, row: int, score: float) -> Match:
    """Return one result with its reasons."""
    index = fit.index
    service = index.services[row]
    metres = float(fit.metres[row])
    distance = None if np.isnan(metres) else round(metres)
    called = fit.called is not None and bool(fit.called[row] > 0)
    told = bool(fit.query.text) and not fit.playing and not called
    words = index.said_by(row, fit.query.text) if told else []
    walk = walk_between(fit.area, service, distance)
    welcomes = [group for group in fit.demanded
                if group not in service.groups and index.welcoming(group)[row]]  # fmt: skip
    why = reasons(
        service, fit.query, index.activities, distance, fit.homes, access=index.accesses[row],
        called=called, walk_min=walk, words=words, welcomes=welcomes,
    )  # fmt: skip
    unsure = check_first(service, fit.now.date())
    found = _session(fit, row)
    return Match(
        service, round(score, 1), distance, found.start if found else None, unsure, why, called,
        walk, found.end if found else None,
    )  # fmt: skip


def _session(fit: Fitting, row: int) -> Occurrence | None:
    """Return the session when they asked for one; otherwise the next."""
    service, age = fit.index.services[row], fit.query.age
    found = first_in(service, fit.asked, fit.now, age) if fit.asked else None
    return found or upcoming(service, fit.now, age)
