"""How the desk did in a span of time: figures from cases and their history, safe to be passed on.

Nothing in here tells of fewer than five people, by itself or by subtraction (suppression.py).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from bot.cases.flow import Outcome
from bot.cases.model import Case, Status
from bot.cases.suppression import FROM, REST, Share, Shown, finest, grouping, safe, share, shown
from directory.hours import LONDON
from intents.model import Kind

History = Sequence[tuple[datetime, str, dict[str, Any]]]

QUICK = timedelta(minutes=5)
LONG = timedelta(days=1)
MOST_GROUPS = 5  # of one list; a phone's screen takes no more
HOURS_A_GROUP = (1, 2, 3, 4, 6, 12)
DAYS_A_GROUP: Mapping[str, tuple[tuple[int, ...], ...]] = {
    "days": tuple((day,) for day in range(7)),
    "week-and-weekend": ((0, 1, 2, 3, 4), (5, 6)),
}
KINDS = (*Kind, "none", "any")  # every label of `kind_of`
OUTCOMES = (*Outcome, "open", "unknown")  # every label of `outcome_of`
OPENS, CLOSES, WEEKEND = time(9), time(17), 5


@dataclass(frozen=True, slots=True)
class Past:
    """A case with what happened in it."""

    case: Case
    history: History = ()

    @property
    def first_taken(self) -> datetime | None:
        """When a worker first had it; the case itself only knows the last time."""
        times = [at for at, event, _ in self.history if event == "claimed"]
        return min(times, default=self.case.claimed_at)


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that have something in common."""

    label: str
    count: Shown
    median: timedelta | None  # of the time to the first answer


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is told of a span of time."""

    since: datetime
    until: datetime
    alerts: Shown
    p50: timedelta | None  # of the time to the first answer, of those that were answered
    p90: timedelta | None
    answered: Share
    quick: Share  # taken by a worker within five minutes
    out_of_hours: Share
    false_alarms: Share  # of the dangers that are closed
    missed: Shown  # a worker said: this was a danger, and the bot had not seen it
    back: Shown  # people with more than one case
    open_now: Shown
    open_long: Shown | str  # REST where it cannot be told apart
    kinds: tuple[Group, ...] = ()
    outcomes: tuple[Group, ...] = ()
    hours: tuple[Group, ...] = ()  # labels "18-21"
    days: tuple[Group, ...] = ()  # labels "0", "0-4", Monday first


def in_office_hours(at: datetime) -> bool:
    """Monday to Friday, nine to five in London."""
    local = at.astimezone(LONDON)
    return local.weekday() < WEEKEND and OPENS <= local.time() < CLOSES


def figures(
    pasts: Iterable[Past],
    still_open: Iterable[Case],
    since: datetime,
    until: datetime,
    *,
    in_hours: Callable[[datetime], bool] = in_office_hours,
) -> Figures:
    """The figures of the cases that were opened in a span of time; drills do not count."""
    counted = [p for p in pasts if _counts(p.case) and since <= p.case.opened_at < until]
    cases = [past.case for past in counted]
    times = [_to_first_answer(case) for case in cases]
    spans = [span for span in times if span is not None]
    closed = [c for c in cases if c.status is Status.CLOSED and not c.asked_for_person]
    people = Counter(case.chat_id for case in cases if case.chat_id)
    now_open = [case for case in still_open if _counts(case)]
    return Figures(
        since=since,
        until=until,
        alerts=shown(len(cases)),
        p50=percentile(spans, 0.5),
        p90=percentile(spans, 0.9),
        answered=share(len(spans), len(cases)),
        quick=share(sum(_taken_quickly(past) for past in counted), len(counted)),
        out_of_hours=share(sum(not in_hours(c.opened_at) for c in cases), len(cases)),
        false_alarms=share(sum(_false_alarm(case) for case in closed), len(closed)),
        missed=shown(sum(case.judged == "was-a-danger" for case in cases)),
        back=shown(sum(number > 1 for number in people.values())),
        open_now=shown(len(now_open)),
        open_long=_open_long(now_open, until),
        kinds=_listed(cases, kind_of, KINDS),
        outcomes=_listed(cases, outcome_of, OUTCOMES),
        hours=_by_hour(cases),
        days=_by_day(cases),
    )


def _counts(case: Case) -> bool:
    return not case.drill and case.merged_into is None


def _to_first_answer(case: Case) -> timedelta | None:
    return None if case.first_answer_at is None else case.first_answer_at - case.opened_at


def _taken_quickly(past: Past) -> bool:
    taken = past.first_taken
    return taken is not None and taken - past.case.opened_at <= QUICK


def _false_alarm(case: Case) -> bool:
    return case.outcome == Outcome.FALSE_ALARM or case.judged == "not-a-danger"


def _open_long(cases: Sequence[Case], now: datetime) -> Shown | str:
    long = sum(now - case.opened_at > LONG for case in cases)
    apart = long in (0, len(cases)) or safe((long, len(cases) - long))
    return shown(long) if apart else REST


def kind_of(case: Case) -> str:
    """The kind of danger, or what a case without one is about."""
    return case.kind or ("none" if case.asked_for_person else "any")


def outcome_of(case: Case) -> str:
    """How a case ended, or that it has not."""
    return (case.outcome or "unknown") if case.status is Status.CLOSED else "open"


def percentile(spans: Sequence[timedelta], part: float) -> timedelta | None:
    """The span that this part of them does not exceed, rounded; of too few there is none."""
    if len(spans) < FROM:
        return None
    return _rounded(sorted(spans)[math.ceil(part * len(spans)) - 1])


def _rounded(span: timedelta) -> timedelta:
    """As people tell it: minutes, five minutes, hours, days."""
    steps = ((10, 1), (60, 5), (48 * 60, 60))
    minutes = max(span / timedelta(minutes=1), 0)
    step = next((step for below, step in steps if minutes < below), 24 * 60)
    return timedelta(minutes=max(1, step * math.floor(minutes / step + 0.5)))


def _group(label: str, cases: Sequence[Case]) -> Group:
    spans = [span for case in cases if (span := _to_first_answer(case)) is not None]
    return Group(label, shown(len(cases)), percentile(spans, 0.5))


def _listed(
    cases: Sequence[Case], label_of: Callable[[Case], str], labels: Iterable[str]
) -> tuple[Group, ...]:
    """The most frequent first, what is rare together at the end."""
    counts = dict.fromkeys(labels, 0) | Counter(map(label_of, cases))
    groups = grouping(counts, MOST_GROUPS)
    if groups is None:
        return ()
    below: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        below[groups[label_of(case)]].append(case)
    rows = sorted(below.items(), key=lambda row: (row[0] == REST, -len(row[1]), row[0]))
    return tuple(_group(label, found) for label, found in rows)


def _by_hour(cases: Sequence[Case]) -> tuple[Group, ...]:
    """By the hour in London, in groups of as few hours as may be shown."""
    hours = [case.opened_at.astimezone(LONDON).hour for case in cases]
    size = finest({n: _tally([hour // n for hour in hours], 24 // n) for n in HOURS_A_GROUP})
    if size is None:
        return ()
    return tuple(
        _group(f"{first}-{first + size}", [c for c, h in zip(cases, hours, strict=True)
                                           if first <= h < first + size])
        for first in range(0, 24, size)
    )  # fmt: skip


def _by_day(cases: Sequence[Case]) -> tuple[Group, ...]:
    days = [case.opened_at.astimezone(LONDON).weekday() for case in cases]
    tallies = {
        name: [sum(day in group for day in days) for group in groups]
        for name, groups in DAYS_A_GROUP.items()
    }
    name = finest(tallies)
    return tuple(
        _group(str(group[0]) if len(group) == 1 else f"{group[0]}-{group[-1]}",
               [case for case, day in zip(cases, days, strict=True) if day in group])
        for group in (DAYS_A_GROUP[name] if name else ())
    )  # fmt: skip


def _tally(places: Iterable[int], number: int) -> list[int]:
    counted = Counter(places)
    return [counted[place] for place in range(number)]
