"""What every handler of the Telegram side is given, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.cases.chain import Chain
from bot.cases.plan import DeskPlan
from bot.conversation.world import World
from bot.delivery.model import Call
from bot.delivery.ports import Unit

TOPICS = "topics"  # meta: "yes" where the bot may make topics in the staff group
STAFF_GROUP = "staff-group"  # meta: the staff group's id once it has moved


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
    digest: bool = False  # the weekly digest of the directory is wanted
    wrong_done: Callable[[], Mapping[str, int]] = dict  # reports of wrong entries seen to, by id


@dataclass
class Job:
    """One transaction of the Telegram side: what it may use, and the calls that it leaves."""

    office: Office
    world: World
    unit: Unit
    now: datetime
    calls: list[Call] = field(default_factory=list)

    @property
    def staff_group(self) -> int:
        """The staff group as it is called now."""
        return int(self.unit.get_meta(STAFF_GROUP) or self.office.staff_group)

    @property
    def plan(self) -> DeskPlan:
        """The desk's plan; where it says nothing itself, the settings hold."""
        office = self.office
        return office.plan().filled(office.chain, office.on_call, office.lead)

    @property
    def has_topics(self) -> bool:
        """Whether topics can be made in the staff group."""
        return self.unit.get_meta(TOPICS) == "yes"

    def text(self, key: str, **values: object) -> str:
        """Wording by its key."""
        return self.world.wording.text(key, **values)
