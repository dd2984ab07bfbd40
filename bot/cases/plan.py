"""How the desk is staffed: its groups, its people, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class StaffGroup:
    """A Telegram group that takes cases; empty sets take every borough and every kind."""

    name: str
    chat_id: int
    boroughs: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Member:
    """A worker that the plan names; their id is also their private chat with the bot."""

    id: int
    name: str
    lead: bool = False  # may reveal, reopen others' cases, and change settings
    boroughs: frozenset[str] = frozenset()  # empty: all of them


@dataclass(frozen=True, slots=True)
class DrillPlan:
    """Drills by themselves: one every so many weeks, at a moment by chance within these hours."""

    every_weeks: int = 4
    days: frozenset[int] = frozenset(range(5))  # Monday is 0
    start: time = time(10)  # London time, within the hours in which somebody is there
    end: time = time(16)
    ends_after_min: float = 30  # where nobody answers; never before the lead was called


@dataclass(frozen=True, slots=True)
class DeskPlan:
    """Groups in order of choice, the last one taking what no other takes, and who is who."""

    groups: tuple[StaffGroup, ...] = ()
    members: tuple[Member, ...] = ()
    drill: DrillPlan | None = None  # none: drills only by /drill

    def member(self, worker_id: int) -> Member | None:
        """A worker by their id; None for somebody whom the plan does not name."""
        return next((one for one in self.members if one.id == worker_id), None)

    def is_lead(self, worker_id: int) -> bool:
        """Whether a worker may do what only leads may."""
        member = self.member(worker_id)
        return member is not None and member.lead
