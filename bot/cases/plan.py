"""How the desk is staffed: its groups, its people and their rota, its hours and its clocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time

from bot.cases.chain import CALM_FACTOR, Chain, Chains

WORKER, ON_CALL, LEAD = "worker", "on-call", "lead"
ROLES = (WORKER, ON_CALL, LEAD)
EVERY_DAY = frozenset(range(7))


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
    on_call: bool = False  # may be called when nobody in the group takes a case


@dataclass(frozen=True, slots=True)
class Shift:
    """When people are on, in London's time; one that ends before it starts ends the next day."""

    who: tuple[int, ...]
    start: time
    end: time
    days: frozenset[int] = frozenset()  # 0 is Monday
    dates: frozenset[date] = frozenset()
    role: str = WORKER
    boroughs: frozenset[str] = frozenset()

    def begins_on(self, day: date) -> bool:
        """Whether it begins on this day."""
        return day.weekday() in self.days or day in self.dates


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which somebody is away: shifts of theirs that begin then do not count."""

    who: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours in which somebody from the team is usually there, as young people are told."""

    days: frozenset[int]
    start: time
    end: time
    boroughs: frozenset[str] = frozenset()
    bank_holidays: bool = False


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of the night in which what is no danger makes no sound."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Levels:
    """A number of minutes for each level."""

    emergency: float = 5
    urgent: float = 5
    concern: float = 5

    def of(self, level: str) -> float:
        """The minutes of a level; an unknown one is taken for an emergency."""
        return {"urgent": self.urgent, "concern": self.concern}.get(level, self.emergency)


@dataclass(frozen=True, slots=True)
class Clocks:
    """How long a person waits for an answer before others are asked, and when a case is over."""

    first_answer: Levels = Levels()  # after somebody took the case
    next_answer: Levels = Levels()
    closing_hours: float = 48  # nobody wrote for so long: the worker is asked whether to close


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
    shifts: tuple[Shift, ...] = ()
    away: tuple[Away, ...] = ()
    hours: tuple[Opening, ...] = ()
    closed: frozenset[date] = frozenset()  # days on which nobody is there, whatever `hours` say
    quiet: Quiet | None = None
    calm_waits: bool = True  # who asked for a person out of hours is called for when hours begin
    chains: Chains | None = None
    clocks: Clocks = Clocks()
    duty_hours: float = 8  # how long `/duty on` holds where nothing else ends it
    drill: DrillPlan | None = None  # none: drills only by /drill

    def member(self, worker_id: int) -> Member | None:
        """A worker by their id; None for somebody whom the plan does not name."""
        return next((one for one in self.members if one.id == worker_id), None)

    def is_lead(self, worker_id: int) -> bool:
        """Whether a worker may do what only leads may."""
        member = self.member(worker_id)
        return member is not None and member.lead

    def chain(self, level: str) -> Chain:
        """Who is alerted when, for a level."""
        return (self.chains or Chains()).of(level)

    def has_shifts(self, role: str) -> bool:
        """Whether the rota says when people of a role are on."""
        return any(shift.role == role for shift in self.shifts)

    @property
    def boroughs(self) -> tuple[str, ...]:
        """Every borough that the plan names, in order of the alphabet."""
        parts = (self.groups, self.members, self.shifts, self.hours)
        return tuple(sorted({name for part in parts for one in part for name in one.boroughs}))

    def filled(self, chain: Chain, on_call: int | None, lead: int | None) -> DeskPlan:
        """The plan with what the settings say where it says nothing itself."""
        plan = self
        if plan.chains is None:
            plan = replace(plan, chains=Chains(chain, chain, chain.slower(CALM_FACTOR)))
        if plan.members or (on_call is None and lead is None):
            return plan
        numbers = dict.fromkeys(number for number in (on_call, lead) if number is not None)
        return replace(
            plan,
            members=tuple(
                Member(number, "", lead=number == lead, on_call=number == on_call)
                for number in numbers
            ),
        )
