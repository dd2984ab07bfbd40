"""What a stored case means to people: where it stands, since when, how urgent, how old they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from bot.cases.model import Case, Decision, Status
from intents.model import Urgency

# Where the law draws lines for staff: 13 and 16 (what they may decide themselves), 18 (a child or
# not), 25 (who is served). The exact age is more than a group needs to see.
BANDS = ((13, "under-13"), (16, "13-15"), (18, "16-17"), (26, "18-25"))
OLDEST_BAND = "over-25"


class Standing(StrEnum):
    """Where a case stands, as people read it; derived, never stored."""

    OPEN = "open"  # nobody has it
    REOPENED = "reopened"  # it was closed, the person wrote again, and nobody has it
    CLAIMED = "claimed"  # a worker has just taken it
    WAITING_FOR_US = "waiting-for-us"  # the person wrote last
    WAITING_FOR_THEM = "waiting-for-them"  # a worker wrote last
    CLOSED = "closed"


def standing(case: Case) -> Standing:
    """Where a case stands."""
    if case.status is Status.CLOSED:
        return Standing.CLOSED
    if case.status is Status.OPEN:
        return Standing.REOPENED if case.reopened_at is not None else Standing.OPEN
    if case.waiting_since is None:
        return Standing.WAITING_FOR_THEM
    since = case.claimed_at
    wrote = (case.person_wrote_at, case.worker_wrote_at)
    if since is not None and all(at is None or at <= since for at in wrote):
        return Standing.CLAIMED
    return Standing.WAITING_FOR_US


def since(case: Case) -> datetime:
    """Since when it stands so: the time that a card shows as waited."""
    match standing(case):
        case Standing.OPEN:
            return case.opened_at
        case Standing.REOPENED:
            return case.reopened_at or case.opened_at
        case Standing.CLAIMED:
            return case.claimed_at or case.opened_at
        case Standing.WAITING_FOR_US:
            return case.waiting_since or case.opened_at
        case Standing.WAITING_FOR_THEM:
            return case.worker_wrote_at or case.claimed_at or case.opened_at
        case Standing.CLOSED:
            return case.closed_at or case.opened_at


def left_waiting(case: Case, now: datetime) -> bool:
    """Whether a person has waited so long for the worker who has them that another may step in."""
    waited = case.waiting_since
    if case.status is not Status.CLAIMED or waited is None:
        return False
    # Whoever took it over has their own minutes.
    return now - max(waited, case.claimed_at or waited) >= timedelta(minutes=case.patience_min)


def level(case: Case) -> Urgency:
    """The level that staff see: set by hand, or as the bot judged it."""
    named = Urgency(case.priority or case.urgency)
    return named if named.paged else Urgency.CONCERN


def age_band(age: int | None) -> str | None:
    """The band in which an age lies, as a key; None where it is not known."""
    if age is None:
        return None
    return next((band for below, band in BANDS if age < below), OLDEST_BAND)


def record_is_complete(case: Case) -> bool:
    """Whether what was decided says who was told, where that has to be said."""
    if case.status is not Status.CLOSED or case.merged_into or not level(case).paged:
        return True
    decision = case.decision or Decision()
    return bool(decision.told) and decision.step != "told"
