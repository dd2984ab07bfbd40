"""Everything that non-coders edit, loaded whole: wording, directory, places, understanding."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.cases.plan import DeskPlan
from bot.content.canned_files import load_canned
from bot.content.crosscheck import crosscheck
from bot.content.directory_files import POSTCODES, load_directory
from bot.content.intent_cache import load_intents_kept
from bot.content.located import Lines
from bot.content.problems import Problem, Severity
from bot.content.word_files import load_activities, load_areas
from bot.content.wording_files import load_phrase_table, load_wording
from bot.conversation.world import World
from directory.names import all_names
from directory.places import AreaName, Places, load_places, plain
from directory.search import Index
from directory.units import Units
from intents.content import IntentContent
from intents.mending import english_words
from intents.phrase_table import PhraseTable
from intents.scrub import Scrubber
from intents.understand import Understander, build_understander
from intents.wording import Wording

WEIGHTS = "intents/weights"
# The World's field, and the file of `intents/words` that fills it.
TABLES = {
    "followups": "followups",
    "answers": "answers",
    "exits": "exit",
    "avoiding": "avoid",
    "tags": "tags",
}


@dataclass(frozen=True)
class Catalogue:
    """One loaded version of the content; exchanged whole, never changed."""

    world: World
    understander: Understander
    places: Places
    intents: IntentContent
    services: int


@dataclass(frozen=True)
class Operation:
    """How this bot is run, as far as people are told."""

    operator: str
    staff_hours: str = ""
    retention_days: int = 90
    plan: Callable[[], DeskPlan] = DeskPlan


class ContentError(Exception):
    """The content has errors; `problems` name each with file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that keep content from being used."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def load_catalogue(
    root: Path,
    operation: Operation,
    cache_dir: Path | None,
    today: date | None = None,
    units: Units | None = None,
) -> tuple[Catalogue, list[Problem]]:
    """Load everything under the project's folder.

    What has an error is left out, and the rest still works; the caller decides by the problems
    whether that is good enough. The models are fitted where no cache has them, which takes seconds.
    `units` is the exact table of postcodes, if there is one.
    """
    wording, tables, problems = _texts(root)
    (areas, _), (activities, _) = load_areas(root), load_activities(root)  # problems: said below
    places = load_places(root / POSTCODES, areas, units)
    directory, more = load_directory(root, today, units, places)
    problems += more
    canned, more = load_canned(root, directory.services)
    problems += more
    content, more = load_intents_kept(root, cache_dir)
    problems += [*more, *crosscheck(wording, directory, content, tables["answers"], Lines(root))]
    understander = build_understander(
        content, list(areas.phrases), activities.phrases, cache_dir, root / WEIGHTS,
        activities.parents, all_names(directory),
    )  # fmt: skip
    index = Index(directory, activities, places.point_of)
    world = World(
        wording=wording,
        services=directory.services,
        front_doors=directory.front_doors,
        myends=directory.myends,
        search=index.search,
        one=index.one,
        locate=places.locate,
        nearest=places.nearest,
        understand=understander.understand,
        **tables,
        operator=operation.operator,
        staff_hours=operation.staff_hours,
        plan=operation.plan,
        retention_days=operation.retention_days,
        canned=canned,
        scrub=scrubber(places, content),
        attribution=attribution(root, units),
    )
    services = len(directory.services)
    return Catalogue(world, understander, places, content, services), sorted(problems)


def scrubber(places: Places, content: IntentContent) -> Scrubber:
    """What takes out of an example who somebody is, by the places and words that are known here."""
    areas = places.areas
    common = {plain(name) for area in areas.areas if area.common for name in _all_names(area)}
    named = {plain(town) for town in areas.towns} | set(places.names) | set(places.wards)
    slang = {word for phrase in content.words.replace for word in phrase.split()}
    ours = content.words.protected | {word.replace("'", "") for word in slang}
    try:
        english = english_words()
    except FileNotFoundError:  # the worker who reads it has more to take out
        return Scrubber.of(named - common, ours)
    return Scrubber.of(named - common, ours, lambda word: word in english or word in ours)


def _all_names(area: AreaName) -> tuple[str, ...]:
    return (area.name, *area.aliases)


def attribution(root: Path, units: Units | None) -> str:
    """What the licence of the postcode tables in use wants shown, each sentence once."""
    shipped = (root / POSTCODES / "ATTRIBUTION").read_text(encoding="utf-8").splitlines()
    imported = units.edition.attribution if units is not None else ()
    return " ".join(dict.fromkeys((*filter(None, shipped), *imported)))


def _texts(root: Path) -> tuple[Wording, dict[str, PhraseTable], list[Problem]]:
    """All wording, and the short phrases that only mean something after what was said before."""
    wording, problems = load_wording(root)
    tables: dict[str, PhraseTable] = {}
    for field, name in TABLES.items():
        tables[field], more = load_phrase_table(root, name)
        problems += more
    return wording, tables, problems
