"""A drill: when the next one is due, whether it may begin, and what it showed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.cases.model import Case, Status
from bot.cases.plan import DrillPlan
from directory.hours import LONDON

AT_CARD = "card"  # the card in the group, before the chain called anybody
RESULTS = 10  # drills that `/drill results` shows
STAND_BACK = timedelta(minutes=30)  # it is put off by this where it may not begin
AFTER_LEAD = timedelta(minutes=5)  # the lead is given time to answer

Chance = Callable[[int], int]  # a whole number below the given one


@dataclass(frozen=True, slots=True)
class Result:
    """How one drill went."""

    case: int
    begun: datetime
    answered_after: timedelta | None  # None: nobody pressed
    step: str  # the last step of the chain that had called by then
    worker: str = ""
    called_off: bool = False  # a real case came


def next_due(plan: DrillPlan, now: datetime, chance: Chance, *, done: bool) -> datetime:
    """When the next drill begins: by chance, so that nobody waits for it.

    `done`: this period has had its drill, so the next is in the next period.
    """
    period = _period(plan, now.astimezone(LONDON).date())
    for later in range(int(done), int(done) + 3):
        spans = [_rest(span, now) for span in _windows(plan, period + later)]
        seconds = [max(0, int((end - start).total_seconds())) for start, end in spans]
        if total := sum(seconds):
            return _moment(spans, seconds, chance(total))
    raise ValueError(f"{plan}: no hour in three periods; `check` refuses such a plan")


def within(plan: DrillPlan, moment: datetime) -> bool:
    """Whether a moment is one at which a drill may begin."""
    period = _period(plan, moment.astimezone(LONDON).date())
    return any(start <= moment < end for start, end in _windows(plan, period))


def _period(plan: DrillPlan, day: date) -> int:
    return (day.toordinal() - 1) // 7 // plan.every_weeks  # 1 January of the year 1 is a Monday


def _windows(plan: DrillPlan, period: int) -> Iterator[tuple[datetime, datetime]]:
    first = date.fromordinal(period * plan.every_weeks * 7 + 1)
    for n in range(plan.every_weeks * 7):
        day = first + timedelta(days=n)
        if day.weekday() in plan.days:
            start, end = (datetime.combine(day, at, tzinfo=LONDON) for at in (plan.start, plan.end))
            yield start, end


def _rest(span: tuple[datetime, datetime], now: datetime) -> tuple[datetime, datetime]:
    return max(span[0], now), max(span[1], now)


def _moment(spans: list[tuple[datetime, datetime]], seconds: list[int], at: int) -> datetime:
    for (start, _), length in zip(spans, seconds, strict=True):
        if at < length:
            # Elapsed time is counted in UTC: local times lie where the clocks change.
            return start.astimezone(UTC) + timedelta(seconds=at)
        at -= length
    raise AssertionError("chance gives a number below the one it was given")


def hinders(cases: Iterable[Case]) -> Case | None:
    """A case because of which a drill must not begin: a drill that runs, or one nobody has."""
    found = [case for case in cases if case.drill or case.status is Status.OPEN]
    return min(found, key=lambda case: (not case.drill, case.id), default=None)


def result_of(case: Case, history: Iterable[tuple[datetime, str, dict[str, object]]]) -> Result:
    """What a drill that is over showed."""
    events = [event for _, event, _ in history]
    steps = [event.removeprefix("alerted-") for event in events if event.startswith("alerted-")]
    answered = case.claimed_at - case.opened_at if case.worker and case.claimed_at else None
    return Result(
        case.id, case.opened_at, answered, steps[-1] if steps else AT_CARD,
        case.worker.name if case.worker else "", "called-off" in events,
    )  # fmt: skip
