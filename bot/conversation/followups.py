"""Short messages while results stand in the chat: "the second one", "anything cheaper"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.conversation import finding, small, taps
from bot.conversation.state import Button, ChatState, Search, Turn
from bot.conversation.world import World
from intents.model import Decision, Understanding

ORDINALS = {"first": 0, "second": 1, "third": 2}
SHORT = 7  # words; a longer message asks for something of its own


def follow_up(
    state: ChatState, understood: Understanding, world: World, now: datetime
) -> Turn | None:
    """The answer to a follow-up on the last results, or None when it is not one."""
    if state.search is None or not state.shown:
        return None
    meaning = world.followups.meaning(understood.text)
    if meaning in ORDINALS:
        return _ordinal(state, ORDINALS[meaning], world, now)
    if meaning in FOLLOW_UPS:
        return FOLLOW_UPS[meaning](state, world, now)
    if meaning is None and refines(understood):
        return _refine(state, understood, world, now)
    return None


def unwanted_place(
    state: ChatState, understood: Understanding, world: World, now: datetime
) -> Turn | None:
    """ "i cant go to peckham": left out from now on, and what was asked for is searched again."""
    mention = understood.details.place
    if mention is None or not world.avoiding.within(understood.text, before=mention.words):
        return None
    area = world.locate(mention.value)
    name = area.borough if area.label == area.borough else area.label.split(",")[0]
    if area.outcome == "not-a-place" or not name:
        return None
    avoid = tuple(dict.fromkeys((*state.avoid, name)))
    state = replace(state, avoid=avoid)
    said = small.say(state, world, "results.avoid-set", area=name)
    if state.search is None or not (state.shown or understood.details.activities):
        return said
    search = finding.with_details(state.search, understood.details)
    found = finding.narrow(state, search, world, now)
    return replace(found, replies=(*said.replies, *found.replies))


def refines(understood: Understanding) -> bool:
    """Whether a short message only adds a day, an age, a price or a place to what was asked."""
    details = understood.details
    if len(understood.text.split()) > SHORT or details.activities:
        return False
    adds = bool(
        details.days or details.free or details.part_of_day or details.age or details.group
        or details.step_free
    )  # fmt: skip
    unsure = understood.decision is not Decision.ANSWER
    about_place = understood.intent == "set-area"
    return (adds and (unsure or _about_finding(understood))) or (
        details.place is not None and (unsure or about_place)
    )


def _about_finding(understood: Understanding) -> bool:
    return understood.intent in ("find-activities", "out-of-scope", "set-area")


def _refine(state: ChatState, understood: Understanding, world: World, now: datetime) -> Turn:
    search = finding.with_details(state.search or Search(), understood.details)
    if understood.details.place is not None:
        area = world.locate(understood.details.place.value)
        if area.outcome != "not-a-place":
            return finding.place_given(replace(state, search=search), area, world, now)
    return finding.narrow(state, search, world, now)


def _ordinal(state: ChatState, index: int, world: World, now: datetime) -> Turn:
    if index >= len(state.shown):
        return small.say(state, world, "results.which")
    return finding.see(state, state.shown[index], world, now)


def _cheaper(state: ChatState, world: World, now: datetime) -> Turn:
    search = replace(state.search or Search(), free=True)
    return finding.narrow(state, search, world, now)


def _closer(state: ChatState, world: World, now: datetime) -> Turn:
    return finding.ask_area(state, world)


def _about_one(action: str) -> Callable[[ChatState, World, datetime], Turn]:
    """A question about one place: the one looked at, the only one shown, or "which one?"."""

    def handler(state: ChatState, world: World, now: datetime) -> Turn:
        chosen = state.focus or (state.shown[0] if len(state.shown) == 1 else None)
        if chosen is None:
            return small.say(state, world, "results.which", taps_row(state, world))
        tap = taps.Tap(state, "", world, None, now)
        return taps.tapped(tap, f"{action}:{chosen}")

    return handler


def taps_row(state: ChatState, world: World) -> tuple[Button, ...]:
    """The numbers of the cards as buttons."""
    return tuple(
        Button(world.wording.label("buttons.number", number=n), f"see:{service_id}"[:64])
        for n, service_id in enumerate(state.shown, 1)
    )


def _who(state: ChatState, world: World, now: datetime) -> Turn:
    chosen = state.focus or (state.shown[0] if len(state.shown) == 1 else None)
    service = world.services.get(chosen or "")
    if service is None:
        return small.say(state, world, "results.which", taps_row(state, world))
    key = next((f"results.group-{g}" for g in service.groups if g in ("girls", "boys")), None)
    if key is None:
        return small.say(state, world, "results.boys-only", name=service.name)
    group = world.wording.text(key)
    return small.say(state, world, "results.group-yes", name=service.name, group=group)


def _unsafe_area(state: ChatState, world: World, now: datetime) -> Turn:
    if state.focus:
        tap = taps.Tap(state, "", world, None, now)
        return taps.tapped(tap, f"avoid:{state.focus}")
    return small.say(state, world, "results.avoid-which", taps_row(state, world))


def _no(state: ChatState, world: World, now: datetime) -> Turn:
    return finding.more(state, world, now)


FOLLOW_UPS: dict[str, Callable[[ChatState, World, datetime], Turn]] = {
    "more": finding.more,
    "no": _no,
    "cheaper": _cheaper,
    "closer": _closer,
    "directions": _about_one("map"),
    "contact": _about_one("see"),
    "when": _about_one("see"),
    "age": _about_one("see"),
    "who": _who,
    "unsafe-area": _unsafe_area,
    "thanks": lambda state, world, _now: small.say(state, world, "start.thanks"),
}
