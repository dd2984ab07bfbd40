"""Who is alerted when nobody takes a case: the group again, the on-call worker, the lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases.model import Case, Status
from bot.cases.standing import level

STEPS = ("again", "on-call", "lead")
UNANSWERED = "unanswered"  # a worker has the case and the person waits
CALM_FACTOR = 5  # somebody who asked for a person, with no danger seen, is called for less often


@dataclass(frozen=True, slots=True)
class Chain:
    """Minutes after opening (or being given back) at which each step alerts."""

    again_min: float = 2
    on_call_min: float = 5
    lead_min: float = 10

    def due(self, case: Case, step: str, since: datetime) -> datetime:
        """When a step of this case is due."""
        minutes = {"again": self.again_min, "on-call": self.on_call_min, "lead": self.lead_min}
        factor = CALM_FACTOR if calm(case) else 1
        return since + timedelta(minutes=minutes[step] * factor)


def calm(case: Case) -> bool:
    """Whether somebody only asked for a person, and no worker has set it higher."""
    return case.asked_for_person and not level(case).paged


def timer_prefix(case_id: int) -> str:
    """What the keys of a case's chain begin with."""
    return f"chain:{case_id}:"


def timer_key(case_id: int, step: str) -> str:
    """The key of one step's timer."""
    return f"{timer_prefix(case_id)}{step}"


def still_needed(case: Case | None) -> bool:
    """Whether a step that falls due has anything to do."""
    return case is not None and case.status is Status.OPEN


def repeats_after(case: Case, step: str, chain: Chain) -> timedelta | None:
    """After the last step the group is called again and again, as long as nobody has the case."""
    factor = CALM_FACTOR if calm(case) else 1
    return timedelta(minutes=max(chain.lead_min, 1)) * factor if step == "lead" else None
