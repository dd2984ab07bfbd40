"""Who is on at a moment, who comes next, and when nobody is: read from the plan, in London's time.

Every span is kept in UTC. Where the clocks go back, a shift that ends in the hour that comes twice
ends with its second pass, and one that begins then begins with the first: no minute is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.cases.plan import LEAD, ON_CALL, WORKER, DeskPlan, Shift
from directory.hours import LONDON
from directory.seasons import is_bank_holiday

AHEAD = timedelta(days=15)  # how far is looked for who comes next
DAY = timedelta(days=1)
CHANGE = time(1, 0, tzinfo=UTC)  # London's clocks change at this time of UTC

Window = tuple[datetime, datetime]  # UTC, the end not included


@dataclass(frozen=True, slots=True)
class Span:
    """Somebody is on from a time to a time."""

    worker_id: int
    role: str
    boroughs: frozenset[str]
    start: datetime
    end: datetime
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class ByHand:
    """A worker put themselves on duty, or off it."""

    worker_id: int
    name: str
    since: datetime
    until: datetime
    on: bool = True

    def holds(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.since <= now < self.until


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody of a role is on, in a borough (None: anywhere)."""

    borough: str | None
    role: str
    start: datetime
    end: datetime


def moment(day: date, at: time, *, end: bool = False) -> datetime:
    """A time of a London clock as UTC; of one that comes twice the first, as an end the second."""
    local = datetime.combine(day, at, tzinfo=LONDON)
    both = [local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    if both[0].astimezone(LONDON).replace(fold=0) != local:  # left out when clocks go forward
        return datetime.combine(day, CHANGE)
    return both[1 if end else 0]


def window(day: date, start: time, end: time) -> Window:
    """From a time of a day to the next time that the clock shows the end."""
    last = day if end > start else day + DAY
    return moment(day, start), moment(last, end, end=True)


def covers(boroughs: frozenset[str], borough: str | None) -> bool:
    """Whether these boroughs take one; no boroughs are all of them, and an unknown one fits all."""
    return borough is None or not boroughs or borough in boroughs


def spans(plan: DeskPlan, since: datetime, until: datetime) -> list[Span]:
    """Everybody's time on the rota that touches a stretch of time, the earliest first."""
    found = [
        Span(who, shift.role, shift.boroughs, start, end)
        for shift in plan.shifts
        for day in _days(since, until)
        if shift.begins_on(day)
        for start, end in [window(day, shift.start, shift.end)]
        if start < until and end > since
        for who in _there(plan, shift, day)
    ]
    return sorted(found, key=lambda span: (span.start, span.end, span.worker_id))


def _days(since: datetime, until: datetime) -> Iterator[date]:
    day, last = since.astimezone(LONDON).date() - DAY, until.astimezone(LONDON).date()
    while day <= last:
        yield day
        day += DAY


def _there(plan: DeskPlan, shift: Shift, day: date) -> list[int]:
    away = {one.who for one in plan.away if one.first <= day <= one.last}
    return [who for who in shift.who if who not in away]


def on_now(
    plan: DeskPlan, by_hand: Iterable[ByHand], now: datetime, borough: str | None = None
) -> list[Span]:
    """Who is on at a moment: by the rota, but for those who went off; and by hand."""
    held = {one.worker_id: one for one in by_hand if one.holds(now)}
    rota = [
        span
        for span in spans(plan, now, now + timedelta(microseconds=1))
        if span.worker_id not in held or held[span.worker_id].on
    ]
    hand = [
        Span(one.worker_id, WORKER, _boroughs(plan, one.worker_id), one.since, one.until, True)
        for one in held.values()
        if one.on
    ]
    return [span for span in [*rota, *hand] if covers(span.boroughs, borough)]


def _boroughs(plan: DeskPlan, worker_id: int) -> frozenset[str]:
    member = plan.member(worker_id)
    return member.boroughs if member else frozenset()


def next_on(
    plan: DeskPlan, now: datetime, borough: str | None = None, role: str | None = None
) -> Span | None:
    """Who comes on next by the rota, within two weeks."""
    return next(
        (
            span
            for span in spans(plan, now, now + AHEAD)
            if span.start > now
            and covers(span.boroughs, borough)
            and (role is None or span.role == role)
        ),
        None,
    )


def to_call(
    plan: DeskPlan, by_hand: Sequence[ByHand], step: str, borough: str | None, now: datetime
) -> tuple[int, ...]:
    """Who is called at a step of the chain; nobody: the next step is due at once.

    On call: all who are on call or on duty by hand; without them those who are on the rota. Where
    no rota names on-call times, everybody who may be called is. Leads are called by their rota, and
    all of them where none is on.
    """
    on = on_now(plan, by_hand, now, borough)
    members = [one for one in plan.members if covers(one.boroughs, borough)]
    if step == LEAD:
        found = [span.worker_id for span in on if span.role == LEAD]
        found = found or [one.id for one in members if one.lead]
        found = found or [one.id for one in plan.members if one.lead]
    else:
        found = [span.worker_id for span in on if span.role == ON_CALL or span.by_hand]
        found = found or [span.worker_id for span in on if span.role == WORKER]
        if not plan.has_shifts(ON_CALL):
            off = {one.worker_id for one in by_hand if one.holds(now) and not one.on}
            found = [*found, *(one.id for one in members if one.on_call and one.id not in off)]
    return tuple(dict.fromkeys(found))


def shift_end(plan: DeskPlan, worker_id: int, now: datetime) -> datetime | None:
    """When the worker's time on the rota ends; shifts that follow at once count as one."""
    end = None
    for span in spans(plan, now, now + AHEAD):
        if span.worker_id == worker_id and span.start <= (end or now) and span.end > (end or now):
            end = span.end
    return end


def next_end(plan: DeskPlan, now: datetime) -> datetime | None:
    """When the next shift of anybody ends, after now."""
    ends = (span.end for span in spans(plan, now, now + AHEAD) if span.end > now)
    return min(ends, default=None)


def gone_off(
    plan: DeskPlan, by_hand: Sequence[ByHand], since: datetime, now: datetime
) -> tuple[int, ...]:
    """Whose shift ended since a time, and who is not on again."""
    on = {span.worker_id for span in on_now(plan, by_hand, now)}
    ended = [span for span in spans(plan, since, now) if since < span.end <= now]
    return tuple(dict.fromkeys(one.worker_id for one in ended if one.worker_id not in on))


def opening(plan: DeskPlan, borough: str | None, since: datetime, until: datetime) -> list[Window]:
    """The hours in which somebody is there, joined and in order."""
    return joined(
        window(day, hours.start, hours.end)
        for hours in plan.hours
        if covers(hours.boroughs, borough)
        for day in _days(since, until)
        if day.weekday() in hours.days
        and day not in plan.closed
        and (hours.bank_holidays or not is_bank_holiday(day))
    )


def staffed(plan: DeskPlan, borough: str | None, now: datetime) -> bool | None:
    """Whether somebody is usually there now; None where the plan does not say."""
    if not any(covers(hours.boroughs, borough) for hours in plan.hours):
        return None
    return any(start <= now < end for start, end in opening(plan, borough, now, now))


def next_staffed(plan: DeskPlan, borough: str | None, now: datetime) -> datetime | None:
    """When hours begin the next time, within two weeks."""
    ahead = opening(plan, borough, now, now + AHEAD)
    return next((start for start, _ in ahead if start > now), None)


def staffed_until(plan: DeskPlan, borough: str | None, now: datetime) -> datetime | None:
    """When the hours that run now end."""
    ahead = opening(plan, borough, now, now + AHEAD)
    return next((end for start, end in ahead if start <= now < end), None)


def is_quiet(plan: DeskPlan, now: datetime) -> bool:
    """Whether these are quiet hours."""
    return any(start <= now < end for start, end in _quiet(plan, now, now))


def _quiet(plan: DeskPlan, since: datetime, until: datetime) -> list[Window]:
    quiet = plan.quiet
    if quiet is None:
        return []
    return joined(window(day, quiet.start, quiet.end) for day in _days(since, until))


def calm_due(
    plan: DeskPlan, borough: str | None, since: datetime, minutes: float
) -> datetime:  # fmt: skip
    """When something calm is due: only time counts in which somebody is there and it is not night.

    Where no such time comes within two weeks, all time counts: nothing waits for ever.
    """
    until = since + AHEAD
    awake = [(since, until)]
    if plan.calm_waits and staffed(plan, borough, since) is not None:
        awake = opening(plan, borough, since, until)
    awake = without(awake, _quiet(plan, since, until))
    left = timedelta(minutes=minutes)
    for start, end in awake:
        start = max(start, since)
        if end <= start:
            continue
        if end - start > left:
            return start + left
        left -= end - start
    return since + timedelta(minutes=minutes)


def joined(windows: Iterable[Window]) -> list[Window]:
    """Windows in order, those that touch as one."""
    found: list[Window] = []
    for start, end in sorted(windows):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def without(windows: Iterable[Window], taken: Iterable[Window]) -> list[Window]:
    """What is left of windows that are in order."""
    left = list(windows)
    for start, end in taken:
        left = [
            part
            for first, last in left
            for part in ((first, min(last, start)), (max(first, end), last))
            if part[0] < part[1]
        ]
    return left


def uncovered(plan: DeskPlan, since: datetime, until: datetime) -> list[Gap]:
    """When the rota has nobody: no worker in the hours that people are told; at any hour nobody
    below the leads who would be called.

    A role that the rota does not mention has no gaps: its people are then always called.
    """
    on = spans(plan, since, until)
    gaps = []
    for borough in plan.boroughs or (None,):
        wanted = {
            WORKER: opening(plan, borough, since, until),
            ON_CALL: [(since, until)],
        }
        for role, windows in wanted.items():
            if not plan.has_shifts(role):
                continue
            there = [
                (span.start, span.end)
                for span in on
                if span.role in (role, WORKER) and covers(span.boroughs, borough)
            ]
            cut = [(max(start, since), min(end, until)) for start, end in windows]
            left = without([one for one in cut if one[0] < one[1]], joined(there))
            gaps += [Gap(borough, role, start, end) for start, end in left]
    return sorted(gaps, key=lambda gap: (gap.start, gap.borough or "", gap.role))


def ended(by_hand: Iterable[ByHand], worker_id: int) -> list[ByHand]:
    """What is in force by hand, without one worker's."""
    return [one for one in by_hand if one.worker_id != worker_id]


def put(
    plan: DeskPlan, by_hand: Iterable[ByHand], entry: ByHand, hours: float | None
) -> list[ByHand]:
    """A worker goes on or off: until the hours are over, or the shift, or the plan's own time."""
    end = shift_end(plan, entry.worker_id, entry.since)
    until = entry.since + timedelta(hours=plan.duty_hours)
    if hours is not None:
        until = entry.since + timedelta(hours=hours)
    elif end is not None:
        until = end
    if not entry.on:
        until = min(until, entry.since + DAY)  # nobody who is always on call goes off for weeks
    return [*ended(by_hand, entry.worker_id), replace(entry, until=until)]
