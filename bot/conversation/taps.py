"""What each button does: one entry a button, nothing else decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.cases.model import Case
from bot.conversation import danger, finding, small
from bot.conversation.state import Asked, ChatState, Count, Reply, Search, Turn, Words
from bot.conversation.world import LOCAL_INTENTS, SUPPORT_INTENTS, World
from intents.model import Danger, Reason, Urgency

ANSWERS = frozenset({"safe", "unsure", "unsafe"})
NO_WORDS = Words()
DAYS = frozenset({"today", "weekend"})  # what a button can narrow a search to


@dataclass(frozen=True, slots=True)
class Tap:
    """A button press with everything that its handler may need."""

    state: ChatState
    argument: str
    world: World
    case: Case | None
    now: datetime


def start_intent(state: ChatState, intent: str, search: Search, world: World, case: Case | None,
                 now: datetime, words: Words = NO_WORDS) -> Turn:  # fmt: skip
    """Do what an intent asks for."""
    state = replace(state, topic=intent)
    if intent in SUPPORT_INTENTS:
        return finding.support(state, intent, search, world, now, words)
    if intent in LOCAL_INTENTS:
        return finding.begin(state, search, world, now, words)
    if intent == "talk-to-human":
        return small.person(state, world, case, now)
    if intent == "set-area":
        return finding.ask_area(state, world)
    if intent == "delete-data":
        return small.forget_ask(state, world, case)
    handler = small.SHORT.get(intent)
    return handler(state, world) if handler else small.fallback(state, world)


def _find(tap: Tap) -> Turn:
    if not tap.world.wording.has(f"intents.{tap.argument}"):
        return small.show_menu(tap.state, tap.world)
    search = Search(kinds=(tap.argument,), age=None)
    return start_intent(tap.state, tap.argument, search, tap.world, tap.case, tap.now)


def _narrow(tap: Tap) -> Turn:
    search = tap.state.search
    if search is None:
        return small.show_menu(tap.state, tap.world)
    if tap.argument == "free":
        search = replace(search, free=True)
    elif tap.argument in DAYS:
        search = replace(search, days=(tap.argument,))
    return finding.narrow(tap.state, search, tap.world, tap.now)


def _further(tap: Tap) -> Turn:
    """Give up the place; whatever else must be given up the search gives up itself, and says so."""
    search = tap.state.search
    if search is None:
        return small.show_menu(tap.state, tap.world)
    anywhere = tap.state if tap.state.outside else tap.state.without_area()
    found = finding.narrow(anywhere, search, tap.world, tap.now)
    kept = {n: getattr(tap.state, n) for n in ("borough", "sector", "place", "lat", "lon")}
    return replace(found, state=replace(found.state, **kept))


def _map(tap: Tap) -> Turn:
    service = tap.world.services.get(tap.argument)
    if service is None:
        return small.show_menu(tap.state, tap.world)
    wording = tap.world.wording
    if service.point is None or not service.address:
        ways = finding.match_for(tap.state, service.id, tap.world, tap.now)
        contact = service.contact.phone or service.contact.website
        text = wording.text(
            "results.directions-unknown",
            name=service.name,
            contact=contact or wording.label("results.contact-unknown"),
        )
        return (
            Turn(tap.state, (Reply(text, key="results.directions-unknown"),))
            if ways
            else Turn(tap.state)
        )
    text = wording.text("results.directions", name=service.name, address=service.address)
    pin = Reply(
        text,
        key="results.directions",
        venue=service.point,
        venue_name=service.name,
        venue_address=f"{service.address} {service.postcode or ''}".strip(),
    )
    return Turn(replace(tap.state, focus=service.id), (pin,))


def _wrong(tap: Tap) -> Turn:
    service = tap.world.services.get(tap.argument)
    if service is None:
        return small.show_menu(tap.state, tap.world)
    done = small.say(tap.state, tap.world, "help.wrong-reported", name=service.name)
    return replace(done, acts=(Count("wrong-entry", service.id),))


def _avoid(tap: Tap) -> Turn:
    """An area that is not safe for them is left out from now on."""
    service = tap.world.services.get(tap.argument)
    if service is None or not service.borough:
        return small.show_menu(tap.state, tap.world)
    sector = tap.world.locate(service.postcode).sector if service.postcode else None
    # Without a postcode the named area stands for it; a whole borough only as the last resort.
    named = service.point_from if service.point_from != "postcode" else None
    label = sector or named or service.borough
    avoid = tuple(dict.fromkeys((*tap.state.avoid, label)))
    state = replace(tap.state, avoid=avoid)
    said = small.say(state, tap.world, "results.avoid-set", area=label)
    if state.search is None:
        return said
    found = finding.narrow(state, state.search, tap.world, tap.now)
    return replace(found, replies=(*said.replies, *found.replies))


def _back(tap: Tap) -> Turn:
    if tap.state.search is None:
        return small.show_menu(tap.state, tap.world)
    return finding.show(tap.state, tap.world, tap.now)


def _borough(tap: Tap) -> Turn:
    """They chose among boroughs."""
    area = finding.settled(tap.state, tap.world.locate(tap.argument))
    return finding.place_given(tap.state, area, tap.world, tap.now)


def _unsafe(tap: Tap) -> Turn:
    """One tap "I don't feel safe" is a danger, whatever else was said."""
    reason = Reason("button", tap.world.wording.label("staff.reason-button"), score=1.0)
    pressed = danger.page(
        tap.state, Danger(Urgency.URGENT, None, reasons=(reason,)), tap.world, tap.now
    )
    if tap.case is None or tap.case.asked_for_person:
        return pressed
    again = small.say(tap.state, tap.world, "danger.again-emergency")
    return replace(again, acts=pressed.acts)


def _safe_now(tap: Tap) -> Turn:
    """They say that they are safe; that staff were told is said only where there is a case."""
    if tap.case is None:
        return small.say(tap.state, tap.world, "check-in.safe")
    return danger.safe_now(tap.state, tap.world)


def _check(tap: Tap) -> Turn:
    if tap.argument not in ANSWERS:
        return small.show_menu(tap.state, tap.world)
    if tap.state.asked is None or tap.state.asked.what != "check-in":
        if tap.argument == "safe":
            return small.say(tap.state, tap.world, "check-in.safe")
        return _unsafe(tap)
    return danger.answer_check_in(tap.state, tap.argument, tap.world, tap.now)


def _age(tap: Tap) -> Turn:
    state = replace(tap.state, asked=Asked("age"))
    return small.say(state, tap.world, "results.age-ask")


def _forget(tap: Tap) -> Turn:
    if tap.argument == "yes":
        return small.forget(tap.state, tap.world)
    return small.say(tap.state, tap.world, "help.forget-no")


TAPS: dict[str, Callable[[Tap], Turn]] = {
    "find": _find,
    "see": lambda tap: finding.see(tap.state, tap.argument, tap.world, tap.now),
    "more": lambda tap: finding.more(tap.state, tap.world, tap.now),
    "narrow": _narrow,
    "further": _further,
    "back": _back,
    "map": _map,
    "wrong": _wrong,
    "avoid": _avoid,
    "ask-area": lambda tap: finding.ask_area(tap.state, tap.world),
    "ask-age": _age,
    "borough": _borough,
    "teach": lambda tap: small.ask_to_teach(tap.state, tap.world),
    "menu": lambda tap: small.show_menu(tap.state, tap.world),
    "problems": lambda tap: small.problems(tap.state, tap.world),
    "about": lambda tap: small.text_of("help.about-bot")(tap.state, tap.world),
    "person": lambda tap: small.person(tap.state, tap.world, tap.case, tap.now),
    "unsafe": _unsafe,
    "check": _check,
    "safe-now": _safe_now,
    "hide": lambda tap: small.hide(tap.state, tap.world),
    "forget": _forget,
}


def tapped(tap: Tap, action: str) -> Turn:
    """Do what a button says; a button that no longer means anything leads to the menu."""
    verb, _, argument = action.partition(":")
    handler = TAPS.get(verb)
    if handler is None:
        shown = small.show_menu(tap.state, tap.world)
        return replace(shown, toast=tap.world.wording.label("understand.old-button"))
    return handler(replace(tap, argument=argument))
