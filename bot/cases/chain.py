"""Who is alerted when nobody takes a case: the group again, the on-call worker, the lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases.model import Case, Status
from intents.model import Urgency

STEPS = ("again", "on-call", "lead")
FIRST = "first"  # out of hours: the on-call worker at once, not a group where nobody is
UNANSWERED = "unanswered"  # a worker has the case and the person waits
CALM_FACTOR = 5  # somebody who asked for a person, with no danger seen, is called for less often
LEVELS = ("emergency", "urgent", "concern")


@dataclass(frozen=True, slots=True)
class Chain:
    """Minutes after opening (or being given back) at which each step alerts."""

    again_min: float = 2
    on_call_min: float = 5
    lead_min: float = 10
    repeat_min: float | None = None  # after the last step, again and again; None: as the lead's

    def minutes(self, step: str) -> float:
        """How long after the start a step is due."""
        minutes = {"again": self.again_min, "on-call": self.on_call_min, "lead": self.lead_min}
        return minutes.get(step, 0)

    @property
    def repeat(self) -> float:
        """Minutes between calls after the last step, as long as nobody has the case."""
        return max(self.lead_min if self.repeat_min is None else self.repeat_min, 1)

    def slower(self, factor: float) -> Chain:
        """The same steps, each later by this factor."""
        again = None if self.repeat_min is None else self.repeat_min * factor
        return Chain(
            self.again_min * factor, self.on_call_min * factor, self.lead_min * factor, again
        )


@dataclass(frozen=True, slots=True)
class Chains:
    """A chain for each level."""

    emergency: Chain = Chain()
    urgent: Chain = Chain()
    concern: Chain = Chain(2 * CALM_FACTOR, 5 * CALM_FACTOR, 10 * CALM_FACTOR)

    def of(self, level: str) -> Chain:
        """The chain of a level; an unknown one is taken for an emergency."""
        return {"urgent": self.urgent, "concern": self.concern}.get(level, self.emergency)


def level_of(case: Case) -> str:
    """The level whose clocks hold: the one set by hand, else what the bot saw."""
    if case.priority in LEVELS:
        return str(case.priority)
    return "concern" if is_calm(case) else case.urgency


def is_calm(case: Case) -> bool:
    """Whether neither the bot nor a worker saw danger: only then may a case wait, or be silent."""
    raised = case.priority in ("emergency", "urgent")
    return not raised and (case.asked_for_person or not Urgency(case.urgency).paged)


def timer_prefix(case_id: int) -> str:
    """What the keys of a case's chain begin with."""
    return f"chain:{case_id}:"


def timer_key(case_id: int, step: str) -> str:
    """The key of one step's timer."""
    return f"{timer_prefix(case_id)}{step}"


def still_needed(case: Case | None) -> bool:
    """Whether a step that falls due has anything to do."""
    return case is not None and case.status is Status.OPEN


def overtaken(step: str, since: datetime, chain: Chain, now: datetime) -> bool:
    """Whether the bot was away so long that a later step is due as well, which says it all."""
    later = STEPS[STEPS.index(step) + 1 :] if step in STEPS else STEPS
    return any(since + timedelta(minutes=chain.minutes(name)) <= now for name in later)
