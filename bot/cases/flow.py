"""The legal moves of a case, in one place: who may do what, and what it turns into.

`MOVES` is the whole of it; docs/desk/cases.md draws it, and a test compares the two. Every
function that changes a status goes through `_moved`, which knows no other way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.cases import tags
from bot.cases.model import Case, Decision, Status, TopicState, Worker
from bot.cases.standing import left_waiting, level
from intents.model import Urgency

__all__ = ["left_waiting", "level"]
MOST_REASON = 400  # characters; the newest reason stands first


class Move(StrEnum):
    """What can be done with a case."""

    CLAIM = "claim"
    STEP_IN = "step-in"
    OFFER = "offer"
    ACCEPT = "take-over"
    DECLINE = "decline"
    RELEASE = "give-back"
    CLOSE = "close"
    MERGE = "merge"
    COME_BACK = "come-back"
    REOPEN = "reopen"


MOVES: dict[tuple[Status, Move], Status] = {
    (Status.OPEN, Move.CLAIM): Status.CLAIMED,
    (Status.OPEN, Move.CLOSE): Status.CLOSED,
    (Status.CLAIMED, Move.STEP_IN): Status.CLAIMED,
    (Status.CLAIMED, Move.OFFER): Status.CLAIMED,
    (Status.CLAIMED, Move.ACCEPT): Status.CLAIMED,
    (Status.CLAIMED, Move.DECLINE): Status.CLAIMED,
    (Status.CLAIMED, Move.RELEASE): Status.OPEN,
    (Status.CLAIMED, Move.CLOSE): Status.CLOSED,
    (Status.CLOSED, Move.MERGE): Status.CLOSED,
    (Status.CLOSED, Move.COME_BACK): Status.OPEN,
    (Status.CLOSED, Move.REOPEN): Status.CLAIMED,
}


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

    key: str  # a whole key, or one under "staff."
    worker: Worker | None = None
    other: int = 0  # the number of another case that has to do with it


@dataclass(frozen=True, slots=True)
class Actor:
    """Who moves a case: a lead may also move what another worker has."""

    worker: Worker
    lead: bool = False

    def holds(self, case: Case) -> bool:
        """Whether the case is theirs to move."""
        return self.lead or case.worker is None or case.worker.id == self.worker.id


def _moved(case: Case, move: Move, **changes: Any) -> Case:
    return replace(case, status=MOVES[case.status, move], **changes)


def _ended(case: Case) -> Refused:
    """Why nothing can be done with a closed case."""
    if case.merged_into:
        return Refused("desk-case.merged", other=case.merged_into)
    return Refused("desk-case.closed-by", case.worker)


def claim(case: Case, worker: Worker, now: datetime) -> Case | Refused:
    """A worker takes a case that nobody has, that is offered to them, or that was left waiting."""
    if case.status is Status.CLOSED:
        return _ended(case)
    if case.status is Status.OPEN:
        move = Move.CLAIM
    elif case.worker is not None and case.worker.id == worker.id:
        return Refused("desk-case.yours-already")
    elif case.offered_at is not None or (case.offered_to and case.offered_to.id == worker.id):
        move = Move.ACCEPT  # asked by name, or everybody was asked at a shift's end
    elif left_waiting(case, now):
        move = Move.STEP_IN
    else:
        return Refused("staff.already-claimed", case.worker)
    return _moved(
        case, move, worker=worker, claimed_at=now, offered_to=None, offered_at=None,
        before=case.worker or case.before, waiting_since=case.waiting_since or now,
    )  # fmt: skip


def offer(case: Case, actor: Actor, to: Worker) -> Case | Refused:
    """The worker who has a case asks another to take it over, and keeps it until they do."""
    if case.status is Status.CLOSED:
        return _ended(case)
    if case.status is Status.OPEN:
        return Refused("desk-case.nobody-has-it")
    if not actor.holds(case):
        return Refused("staff.not-yours", case.worker)
    if case.worker is not None and case.worker.id == to.id:
        return Refused("staff.already-claimed", case.worker)
    return _moved(case, Move.OFFER, offered_to=to)


def decline(case: Case, actor: Actor) -> Case | Refused:
    """Who was asked says no, or who asked takes it back; the case stays where it is."""
    asked = case.offered_to
    if case.status is not Status.CLAIMED or asked is None:
        return Refused("desk-case.no-offer")
    if asked.id != actor.worker.id and not actor.holds(case):
        return Refused("desk-case.not-asked", asked)
    return _moved(case, Move.DECLINE, offered_to=None)


def person_wrote(case: Case, now: datetime) -> Case:
    """The person wrote: the time runs from the first line that is not answered."""
    waiting = case.waiting_since
    if case.status is Status.CLAIMED:
        waiting = waiting or now
    return replace(case, person_wrote_at=now, waiting_since=waiting)


def release(case: Case, worker: Worker) -> Case | Refused:
    """The worker who has a case gives it back."""
    if case.status is Status.CLOSED:
        return _ended(case)
    if case.status is Status.OPEN:
        return Refused("desk-case.nobody-has-it")
    if case.worker is None or case.worker.id != worker.id:
        return Refused("staff.not-yours", case.worker)
    return _moved(
        case, Move.RELEASE, worker=None, before=worker, claimed_at=None, waiting_since=None,
        offered_to=None, offered_at=None, alerts=1,
    )  # fmt: skip


def close(case: Case, actor: Actor, outcome: Outcome, now: datetime) -> Case | Refused:
    """The worker who has a case closes it; one that nobody has may be closed by anybody."""
    if case.status is Status.CLOSED:
        return _ended(case)
    if not actor.holds(case):
        return Refused("staff.not-yours", case.worker)
    before = case.worker if case.worker and case.worker.id != actor.worker.id else case.before
    return _moved(
        case, Move.CLOSE, worker=actor.worker, before=before, closed_at=now,
        outcome=outcome.value, offered_to=None, waiting_since=None,
        decision=Decision(told=ALREADY_TOLD.get(outcome, ())),
    )  # fmt: skip


# What an outcome itself says about who was told; the worker still confirms it.
ALREADY_TOLD = {
    Outcome.EMERGENCY: ("emergency-services",),
    Outcome.SERVICES: ("childrens-services",),
}


def come_back(case: Case, urgency: str, kind: str | None, reason: str, now: datetime) -> Case:
    """The person wrote again: the same case goes on, and nobody has it.

    What was an emergency then was dealt with; it still counts as urgent until somebody has looked.
    """
    before = min(Urgency(case.urgency), Urgency.URGENT, key=lambda urgency: urgency.rank)
    now_is = max(Urgency(urgency), before, key=lambda urgency: urgency.rank)
    return _moved(
        case, Move.COME_BACK, worker=None, before=case.worker, claimed_at=None, closed_at=None,
        outcome=None, decision=None, waiting_since=None, reopened_at=now, reopened_by=None,
        person_wrote_at=now, alerts=1, card_message_id=None, priority=None, priority_by=None,
        urgency=now_is.value, kind=kind or case.kind, reason=_reasons(reason, case.reason),
        asked_for_person=not now_is.paged,
    )  # fmt: skip


def reopen(case: Case, actor: Actor, now: datetime, open_case: Case | None) -> Case | Refused:
    """Who closed a case, or a lead, opens it again and has it."""
    if case.status is not Status.CLOSED:
        return Refused("desk-case.open-already")
    if case.merged_into:
        return _ended(case)
    if not case.chat_id:
        return Refused("desk-case.forgotten")
    if open_case is not None:
        return Refused("desk-case.has-another", other=open_case.id)
    if not actor.holds(case):
        return Refused("desk-case.closed-by-another", case.worker)
    return _moved(
        case, Move.REOPEN, worker=actor.worker, claimed_at=now, closed_at=None, outcome=None,
        decision=None, before=case.worker, reopened_at=now, reopened_by=actor.worker,
        waiting_since=now,
    )  # fmt: skip


def merge(one: Case, other: Case, actor: Actor) -> tuple[Case, Case] | Refused:
    """Two cases of one person become one: (what ends, what goes on).

    The one that is not closed goes on; of two closed ones the newer.
    """
    by_life = sorted((one, other), key=lambda case: (case.status is not Status.CLOSED, case.id))
    ends, goes_on = by_life
    for case in (one, other):
        if case.merged_into:
            return _ended(case)
    if not one.chat_id or one.chat_id != other.chat_id or one.id == other.id:
        return Refused("desk-case.not-theirs")
    if ends.status is not Status.CLOSED:
        return Refused("desk-case.has-another", other=goes_on.id)
    if goes_on.status is not Status.CLOSED and not actor.holds(goes_on):
        return Refused("staff.not-yours", goes_on.worker)
    kept = tags.tagged(goes_on, ends.tags).case
    return _moved(ends, Move.MERGE, merged_into=goes_on.id, tags=()), kept


def answered(case: Case, now: datetime) -> Case:
    """A worker's words went out; the first time is kept."""
    return replace(
        case, waiting_since=None, worker_wrote_at=now, first_answer_at=case.first_answer_at or now
    )


def set_level(case: Case, actor: Actor, wanted: Urgency) -> Case | Refused:
    """A level set by hand: anybody may raise it, lowering is for who has the case."""
    if case.status is Status.CLOSED:
        return _ended(case)
    if wanted is level(case):
        return Refused("desk-case.level-already")
    if wanted.rank < level(case).rank and not actor.holds(case):
        return Refused("staff.not-yours", case.worker)
    return replace(case, priority=wanted.value, priority_by=actor.worker)


def raised(case: Case, urgency: str, kind: str | None, reason: str) -> Case:
    """A new sign of danger in an open case: its level only ever goes up.

    Where it is more than what a worker set by hand, that no longer holds.
    """
    new = Urgency(urgency)
    by_hand = case.priority is not None and new.rank <= Urgency(case.priority).rank
    return replace(
        case,
        urgency=urgency if new.rank > Urgency(case.urgency).rank else case.urgency,
        priority=case.priority if by_hand else None,
        priority_by=case.priority_by if by_hand else None,
        kind=kind or case.kind,
        reason=_reasons(reason, case.reason),
        asked_for_person=False,
    )


def _reasons(new: str, old: str) -> str:
    return (f"{new}; before: {old}" if old else new)[:MOST_REASON]


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
            -level(case).rank,
            case.status is Status.CLAIMED,
            case.opened_at,
        ),
    )
