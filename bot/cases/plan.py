"""How the desk is staffed: its groups, its people, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass


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
class DeskPlan:
    """Groups in order of choice, the last one taking what no other takes, and who is who."""

    groups: tuple[StaffGroup, ...] = ()
    members: tuple[Member, ...] = ()

    def member(self, worker_id: int) -> Member | None:
        """A worker by their id; None for somebody whom the plan does not name."""
        return next((one for one in self.members if one.id == worker_id), None)

    def is_lead(self, worker_id: int) -> bool:
        """Whether a worker may do what only leads may."""
        member = self.member(worker_id)
        return member is not None and member.lead
