"""The legal moves of a case, in one place: who may do what, and what it turns into.

open ──claim──> claimed ──close──> closed
  ^               │  └─ claim by another, once the person was left waiting
  └────release────┘            a new danger after closing opens a new case
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.cases.model import Case, Status, TopicState, Worker
from intents.model import Urgency

MOST_REASON = 400  # characters; the newest reason stands first


class Outcome(StrEnum):
    """How a case ended; the wording is `staff.outcome-<value>`."""

    SAFE = "safe"
    SERVICES = "services"
    EMERGENCY = "emergency"
    SIGNPOSTED = "signposted"
    NO_ANSWER = "no-answer"
    FALSE_ALARM = "false-alarm"


@dataclass(frozen=True, slots=True)
class Refused:
    """A move that is not legal now, with the wording that says why."""

    key: str  # under "staff."
    worker: Worker | None = None


def claim(case: Case, worker: Worker, now: datetime) -> Case | Refused:
    """A worker takes a case that nobody has."""
    if case.status is Status.CLOSED:
        return Refused("already-closed")
    offered = (
        case.offered_at is not None and case.worker is not None and case.worker.id != worker.id
    )
    if case.status is Status.CLAIMED and not left_waiting(case, now) and not offered:
        return Refused("already-claimed", case.worker)
    return replace(
        case, status=Status.CLAIMED, worker=worker, claimed_at=now,
        waiting_since=case.waiting_since or now, offered_at=None,
    )  # fmt: skip


def left_waiting(case: Case, now: datetime) -> bool:
    """Whether a person has waited so long for the worker who has them that another may step in."""
    since = case.waiting_since
    patience = timedelta(minutes=case.patience_min)
    return case.status is Status.CLAIMED and since is not None and now - since >= patience


def waits(case: Case, now: datetime) -> Case:
    """The person wrote: the time runs from the first line that is not answered."""
    if case.status is not Status.CLAIMED or case.waiting_since is not None:
        return case
    return replace(case, waiting_since=now)


def release(case: Case, worker: Worker) -> Case | Refused:
    """The worker who has a case gives it back."""
    if case.status is not Status.CLAIMED:
        return Refused("already-closed" if case.status is Status.CLOSED else "case-gone")
    if case.worker is None or case.worker.id != worker.id:
        return Refused("not-yours", case.worker)
    return replace(
        case,
        status=Status.OPEN,
        worker=None,
        claimed_at=None,
        waiting_since=None,
        alerts=1,
        offered_at=None,
    )


def close(case: Case, worker: Worker, outcome: Outcome, now: datetime) -> Case | Refused:
    """The worker who has a case closes it; one that nobody has may be closed by anybody."""
    if case.status is Status.CLOSED:
        return Refused("already-closed")
    if case.worker is not None and case.worker.id != worker.id:
        return Refused("not-yours", case.worker)
    return replace(case, status=Status.CLOSED, worker=worker, closed_at=now, outcome=outcome.value)


def answered(case: Case, now: datetime) -> Case:
    """A worker's words went out; the first time is kept."""
    return replace(case, waiting_since=None, first_answer_at=case.first_answer_at or now)


def raised(case: Case, urgency: str, kind: str | None, reason: str) -> Case:
    """A new sign of danger in an open case: its level only ever goes up."""
    higher = Urgency(urgency).rank > Urgency(case.urgency).rank
    return replace(
        case,
        urgency=urgency if higher else case.urgency,
        kind=kind or case.kind,
        reason=f"{reason}; before: {case.reason}"[:MOST_REASON],
        asked_for_person=False,
    )


def with_topic(case: Case, topic_id: int | None) -> Case:
    """The topic was made, or cannot be."""
    state = TopicState.MADE if topic_id else TopicState.IMPOSSIBLE
    return replace(case, topic_id=topic_id, topic_state=state)


def riskiest_first(cases: list[Case]) -> list[Case]:
    """Open cases in the order in which they should be answered."""
    return sorted(
        cases,
        key=lambda case: (
            case.drill,  # a drill never stands before somebody who needs us
            -Urgency(case.urgency).rank,
            case.status is Status.CLAIMED,
            case.opened_at,
        ),
    )
