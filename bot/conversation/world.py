"""What a turn may ask: the wording, the directory, places, and how the service is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.cases.plan import DeskPlan
from directory.model import Area, FrontDoor, Match, MyEnds, Query, Results, Service
from intents.canned import Canned
from intents.model import Understanding
from intents.phrase_table import PhraseTable
from intents.scrub import Scrubber
from intents.wording import Wording


@dataclass(frozen=True)
class World:
    """Everything that a conversation knows besides the chat itself; swapped whole on a reload."""

    wording: Wording
    services: Mapping[str, Service]
    front_doors: Mapping[str, FrontDoor]
    myends: Mapping[str, MyEnds]
    search: Callable[[Query, datetime], Results]
    one: Callable[[str, Query, datetime], Match | None]
    locate: Callable[[str], Area]
    nearest: Callable[[float, float], Area]
    understand: Callable[[str], Understanding]
    followups: PhraseTable
    answers: PhraseTable
    exits: PhraseTable
    avoiding: PhraseTable
    tags: PhraseTable  # what youth workers call cases, with other words for each
    operator: str
    staff_hours: str = ""  # "weekdays 10:00 to 18:00"; empty: nothing is promised
    plan: Callable[[], DeskPlan] = DeskPlan  # where it says hours, they hold in place of those
    retention_days: int = 90
    canned: tuple[Canned, ...] = ()  # ready replies of youth workers
    scrub: Scrubber = field(
        default_factory=Scrubber
    )  # what takes names and places out of an example
    attribution: str = ""  # what the licence of the postcode tables wants shown


SERVED = (
    "Brent",
    "Croydon",
    "Hackney",
    "Haringey",
    "Lambeth",
    "Newham",
    "Southwark",
    "Tower Hamlets",
)

LOCAL_INTENTS = frozenset(
    {"find-activities", "find-mentor", "find-work", "education-help", "get-involved"}
)
SUPPORT_INTENTS = frozenset(
    {
        "mental-health", "eating", "bereavement", "violence-worry", "exploitation", "report-crime",
        "victim-support", "police-rights", "domestic-abuse", "sexual-violence",
        "stalking-harassment", "hate-crime", "bullying", "online-safety", "housing", "money-food",
        "drugs-alcohol", "sexual-health", "family", "lgbtq", "immigration",
        "worried-about-someone",
    }
)  # fmt: skip
