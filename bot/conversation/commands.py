"""Slash commands, and the words that mean quick exit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cases.model import Case
from bot.conversation import finding, small
from bot.conversation.state import ChatState, Search, Turn
from bot.conversation.world import World
from intents.phrase_table import plain


@dataclass(frozen=True, slots=True)
class Command:
    """A command with everything that its handler may need."""

    state: ChatState
    argument: str
    world: World
    case: Case | None
    now: datetime


def is_quick_exit(text: str, world: World) -> bool:
    """Whether the whole message is a word that means "clear this chat now"."""
    said = plain(text)
    if said in {plain(phrase) for phrase in world.exits.meanings.get("hide", ())}:
        return True
    words = said.split()
    verbs = {plain(verb) for verb in world.exits.meanings.get("verbs", ())}
    company = verbs | {plain(word) for word in world.exits.meanings.get("with", ())}
    return 1 < len(words) <= 8 and bool(verbs & set(words)) and company.issuperset(words)


def command(text: str, state: ChatState, case: Case | None, world: World, now: datetime) -> Turn:
    """Do what a command says; an unknown one is answered kindly."""
    word, *rest = text.removeprefix("/").split(maxsplit=1) or [""]
    argument = rest[0] if rest else ""
    name = word.partition("@")[0].lower()
    handler = COMMANDS.get(name)
    if handler is None:
        return small.say(state, world, "help.unknown-command", *finding.menu_buttons(world))
    return handler(Command(state, argument.strip(), world, case, now))


def _start(given: Command) -> Turn:
    """A poster's link carries the borough: /start lambeth."""
    state = replace(given.state, asked=None)
    if given.argument:
        area = given.world.locate(given.argument.replace("-", " ").replace("_", " "))
        if area.outcome in ("found", "outside-boroughs") and area.borough:
            state = state.with_area(area)
    return small.welcome(state, given.world)


def _find(given: Command) -> Turn:
    search = Search(kinds=("find-activities",))
    if given.argument:
        details = given.world.understand(given.argument).details
        search = finding.with_details(search, details)
        area = given.world.locate(details.place.value if details.place else given.argument)
        if area.outcome != "not-a-place":
            state = replace(given.state, search=search)
            return finding.place_given(state, area, given.world, given.now)
    return finding.begin(given.state, search, given.world, given.now)


def _area(given: Command) -> Turn:
    if not given.argument:
        return finding.ask_area(given.state, given.world)
    area = given.world.locate(given.argument)
    return finding.place_given(given.state, area, given.world, given.now)


def _privacy(given: Command) -> Turn:
    return small.say(
        given.state,
        given.world,
        "help.privacy",
        retention=given.world.retention_days,
        operator=given.world.operator,
        attribution=given.world.attribution,
    )


COMMANDS: dict[str, Callable[[Command], Turn]] = {
    "start": _start,
    "find": _find,
    "person": lambda given: small.person(given.state, given.world, given.case, given.now),
    "area": _area,
    "hide": lambda given: small.hide(given.state, given.world),
    "mydata": lambda given: small.mydata(given.state, given.world, given.case),
    "forget": lambda given: small.forget_ask(given.state, given.world, given.case),
    "privacy": _privacy,
    "stop": lambda given: small.stop(given.state, given.world),
    "help": lambda given: small.show_menu(given.state, given.world),
}
