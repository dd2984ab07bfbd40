"""Care for workers: after which case somebody is asked whether they are all right, and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from bot.cases.flow import Outcome
from bot.cases.model import Case, Status
from directory.hours import LONDON
from intents.model import Kind, Urgency

HEAVY = frozenset(
    (
        Kind.SUICIDE, Kind.SELF_HARM, Kind.SEXUAL_VIOLENCE, Kind.ABUSE, Kind.ONLINE_EXPLOITATION,
        Kind.FORCED_MARRIAGE_FGM, Kind.TRAFFICKING,
    )
)  # fmt: skip
LONG = timedelta(hours=2)  # from taking a case to closing it
PAUSE = timedelta(minutes=10)  # after closing: a moment to write the record and breathe
LATER = timedelta(minutes=30)  # asked again so much later whether it is a good moment
AT_MOST_EVERY = timedelta(hours=24)
GIVEN_UP = timedelta(hours=36)  # after this the question would come out of nowhere
DAY_BEGINS, DAY_ENDS = time(9), time(21)  # London time: nobody is woken to be asked how they are


def heavy(case: Case) -> bool:
    """Whether a closed case may weigh on whoever had it."""
    if case.drill or case.merged_into or case.worker is None or case.closed_at is None:
        return False
    taken = case.claimed_at or case.closed_at
    if case.closed_at - taken >= LONG:
        return True
    if case.outcome == Outcome.FALSE_ALARM:
        return False
    worst = Urgency.EMERGENCY in (case.urgency, case.priority)
    return worst or case.kind in HEAVY


def by_day(moment: datetime) -> datetime:
    """A moment, or the next morning where it lies in the night."""
    local = moment.astimezone(LONDON)
    if DAY_BEGINS <= local.time() < DAY_ENDS:
        return moment
    day = local.date() + timedelta(days=local.time() >= DAY_ENDS)
    return datetime.combine(day, DAY_BEGINS, tzinfo=LONDON).astimezone(moment.tzinfo)


def held_by(cases: Iterable[Case], worker_id: int) -> list[Case]:
    """The cases that a worker has now; a drill is none."""
    return [
        case
        for case in cases
        if case.status is Status.CLAIMED and not case.drill
        and case.worker is not None and case.worker.id == worker_id
    ]  # fmt: skip


def ask_again_at(asked: datetime | None, closed: datetime, busy: bool, now: datetime) -> (
    datetime | None
):  # fmt: skip
    """When to look again before asking: now where it is a good moment, None for not at all."""
    if now - closed > GIVEN_UP or (asked is not None and now - asked < AT_MOST_EVERY):
        return None
    return by_day(now + LATER if busy else now)
