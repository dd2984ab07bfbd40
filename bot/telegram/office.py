"""What every handler of the Telegram side is given, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.cases.chain import Chain
from bot.cases.plan import DeskPlan, StaffGroup
from bot.cases.routing import route
from bot.conversation.world import World
from bot.delivery.model import Call
from bot.delivery.ports import Unit
from bot.telegram.members import Seat

# Facts about one staff group, kept under `fact(NAME, its id)`.
TOPICS = "topics"  # "yes" where the bot may make topics
MOVED = "moved-to"  # the id that the group has now
SHUT = "unreachable"  # why it cannot be reached; empty while it can

HOME = "staff"  # what the one group of the settings is called


def fact(name: str, group_id: int) -> str:
    """The key under which a fact about a group is kept."""
    return f"{name}:{group_id}"


@dataclass(frozen=True)
class Office:
    """How this bot is run; the world is swapped whole when content is loaded again."""

    world: Callable[[], World]
    staff_group: int
    chain: Chain
    bot_username: str = ""
    on_call: int | None = None
    lead: int | None = None
    plan: Callable[[], DeskPlan] = DeskPlan
    reopens_days: int = 7  # how long after closing a case goes on when the person writes again
    digest: bool = False  # the weekly digest of the directory is wanted
    report: bool = False  # the weekly report of the desk is wanted
    wrong_done: Callable[[], Mapping[str, int]] = dict  # reports of wrong entries seen to, by id

    def groups(self) -> tuple[StaffGroup, ...]:
        """The staff groups as they were set up; without a plan the one of the settings."""
        return self.plan().groups or (StaffGroup(HOME, self.staff_group),)


@dataclass
class Job:
    """One transaction of the Telegram side: what it may use, and the calls that it leaves."""

    office: Office
    world: World
    unit: Unit
    now: datetime
    calls: list[Call] = field(default_factory=list)
    # How people stand in a group as Telegram said before this transaction: (group, person).
    seats: Mapping[tuple[int, int], Seat | None] = field(default_factory=dict)
    groups_changed: bool = False  # whether a group can be reached is no longer as it was

    def current(self, group_id: int) -> int:
        """The id that a group has now; Telegram gives a new one when it becomes a supergroup."""
        seen = {group_id}
        while (moved := self.unit.get_meta(fact(MOVED, group_id))) and int(moved) not in seen:
            group_id = int(moved)
            seen.add(group_id)
        return group_id

    def groups(self) -> tuple[StaffGroup, ...]:
        """The staff groups in order of choice, with the ids that they have now."""
        return tuple(
            replace(group, chat_id=self.current(group.chat_id)) for group in self.office.groups()
        )

    def group(self, group_id: int) -> StaffGroup | None:
        """A staff group by an id that it has or had."""
        group_id = self.current(group_id)
        return next((group for group in self.groups() if group.chat_id == group_id), None)

    def shut(self) -> frozenset[int]:
        """The staff groups that cannot be reached."""
        ids = (group.chat_id for group in self.groups())
        return frozenset(n for n in ids if self.unit.get_meta(fact(SHUT, n)))

    def others(self, group_id: int) -> list[StaffGroup]:
        """The groups that can be reached, but for one: where its cases may be passed."""
        shut = self.shut()
        return [g for g in self.groups() if g.chat_id != group_id and g.chat_id not in shut]

    def route(self, borough: str | None, kind: str | None) -> StaffGroup:
        """The group that takes a case; the fallback where none can be reached."""
        groups = self.groups()
        return route(groups, borough, kind, self.shut()) or groups[-1]

    @property
    def staff_group(self) -> int:
        """Where what concerns all staff is said: the fallback group, or one that can be reached."""
        return self.route(None, None).chat_id

    def topics_in(self, group_id: int) -> bool:
        """Whether topics can be made in a staff group."""
        return self.unit.get_meta(fact(TOPICS, group_id)) == "yes"

    def seat(self, group_id: int, user_id: int) -> Seat | None:
        """How somebody stands in a group; None where Telegram could not be asked."""
        return self.seats.get((group_id, user_id))

    def is_lead(self, group_id: int, user_id: int) -> bool:
        """Whether somebody may do what only leads may.

        The plan names the leads; where it names none, the group's administrators are the leads.
        """
        plan = self.office.plan()
        if any(member.lead for member in plan.members):
            return plan.is_lead(user_id)
        return self.seat(group_id, user_id) is Seat.ADMIN

    @property
    def plan(self) -> DeskPlan:
        """The desk's plan; where it says nothing itself, the settings hold."""
        office = self.office
        return office.plan().filled(office.chain, office.on_call, office.lead)

    def text(self, key: str, **values: object) -> str:
        """Wording by its key."""
        return self.world.wording.text(key, **values)
