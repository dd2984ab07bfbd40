"""The record of what was decided when a case was closed, one short question after another.

Each question can be passed over with one tap. A case that was serious counts as recorded only
once it says who was told, or that nobody was (`standing.record_is_complete`).
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from bot.cases.flow import Actor, Refused
from bot.cases.model import Case, Decision, Status
from bot.cases.tags import Listed, only_listed

LONGEST_WHY = 1000  # characters


class Told(StrEnum):
    """Who was told; the wording is `desk-case.told-<value>`."""

    CHILDRENS_SERVICES = "childrens-services"
    EMERGENCY_SERVICES = "emergency-services"
    POLICE = "police"
    PARENT = "parent"
    SCHOOL = "school"
    LEAD = "lead"
    OTHER = "other"
    NOBODY = "nobody"


class Consent(StrEnum):
    """Whether the young person agreed to it; the wording is `desk-case.consent-<value>`."""

    WITH = "yes"
    WITHOUT = "no"
    NOT_ASKED = "not-asked"


def may_record(case: Case, actor: Actor) -> Refused | None:
    """Why somebody may not write this record; None where they may."""
    if case.status is not Status.CLOSED:
        return Refused("desk-case.not-closed")
    if case.merged_into:
        return Refused("desk-case.merged", other=case.merged_into)
    if not actor.holds(case):
        return Refused("desk-case.closed-by-another", case.worker)
    return None


def _with(case: Case, decision: Decision) -> Case:
    return replace(case, decision=decision)


def told(case: Case, who: Told) -> Case:
    """One of those who may have been told is ticked or unticked; "nobody" ends the question."""
    decision = case.decision or Decision()
    if who is Told.NOBODY:
        return _with(case, replace(decision, told=(who.value,), consent=None, step="why"))
    ticked = [name for name in decision.told if name not in (Told.NOBODY, who)]
    if who not in decision.told:
        ticked.append(who.value)
    return _with(case, replace(decision, told=tuple(ticked), step="told"))


def told_done(case: Case) -> Case:
    """That is everybody who was told; nothing ticked passes the question over."""
    decision = case.decision or Decision()
    asked = bool(decision.told) and Told.NOBODY not in decision.told
    return _with(case, replace(decision, step="consent" if asked else "why"))


def agreed(case: Case, consent: Consent | None) -> Case:
    """With or without the person's consent; None passes the question over."""
    decision = case.decision or Decision()
    return _with(case, replace(decision, consent=consent.value if consent else None, step="why"))


def why(case: Case, words: str | None) -> Case:
    """The worker's own words for it; None passes the question over."""
    decision = case.decision or Decision()
    kept = decision.why if words is None else words[:LONGEST_WHY]
    return _with(case, replace(decision, why=kept, step="done"))


def again(case: Case) -> Case:
    """From the first question on, with what was said so far."""
    return _with(case, replace(case.decision or Decision(), step="told"))


def without_words(case: Case, listed: Listed) -> Case:
    """The case without anybody's words: what was decided stays."""
    decision = case.decision and replace(case.decision, why="")
    return replace(only_listed(case, listed), reason="", decision=decision)
