"""Looking things up: the area first, then a search, then narrower, wider, or more of the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.conversation.cards import detail_reply, helpline_lines, list_reply
from bot.conversation.danger import front_door_lines
from bot.conversation.state import (
    LOCATION,
    Asked,
    Button,
    ChatState,
    Count,
    Reply,
    Search,
    Turn,
    Words,
)
from bot.conversation.world import LOCAL_INTENTS, SERVED, SUPPORT_INTENTS, World
from directory.model import Area, Match, Query, Results
from intents.model import Decision, Details, Understanding
from intents.phrase_table import plain
from intents.wording import joined

YOUNGEST = 11
FEW_WORDS = 3
NAME_WORDS = 8
SEARCHED = LOCAL_INTENTS | SUPPORT_INTENTS | {"talk-to-human"}  # what the directory can answer
NO_WORDS = Words()
SURE = 0.8


def names_an_activity(understood: Understanding) -> bool:
    """Whether "boxing", or "boxing in peckham", is all that they need to say."""
    if not understood.details.activities:
        return False
    named = " ".join(mention.words for mention in understood.details.activities)
    answered = understood.decision is Decision.ANSWER
    sure = answered and understood.ranked[0].probability >= SURE
    if plain(named) == plain(understood.text) and not sure:
        return True
    if understood.decision is Decision.ANSWER:
        return understood.intent == "set-area"
    likely = {guess.intent for guess in understood.ranked[:3]}
    return "find-activities" in likely or len(understood.text.split()) <= FEW_WORDS


def topic_of(understood: Understanding) -> str:
    """The likeliest topic that the directory can answer."""
    if names_an_activity(understood):
        return "find-activities"
    likely = (guess.intent for guess in understood.ranked if guess.intent in SEARCHED)
    return next(likely, "find-activities")


def with_details(search: Search, details: Details) -> Search:
    """The search with what the message adds; what it does not mention stays."""
    activities = tuple(mention.value for mention in details.activities)
    return replace(
        search,
        activities=activities or search.activities,
        age=details.age.value if details.age else search.age,
        free=search.free or details.free,
        days=tuple(day.value for day in details.days) or search.days,
        part_of_day=details.part_of_day.value if details.part_of_day else search.part_of_day,
        groups=details.group or search.groups,
        step_free=search.step_free or details.step_free,
    )


def remember(state: ChatState, details: Details) -> ChatState:
    """Keep an age that the person gave for themselves."""
    if details.age is not None and details.for_other is None:
        return replace(state, age=details.age.value)
    return state


def support_buttons(found: Reply, world: World) -> tuple[tuple[Button, ...], ...]:
    """Under a hard topic: the numbers, more of them, and a person; nothing about days or prices."""
    label = world.wording.label
    kept = [
        tuple(b for b in row if b.action.startswith("see:") or b.action == "more")
        for row in found.buttons
    ]
    person = (Button(label("buttons.person"), "person", style="primary"),)
    return (*(row for row in kept if row), person)


def noted(state: ChatState, details: Details, world: World) -> ChatState:
    """Age and place out of a message of danger: staff need them, and their borough's number."""
    state = remember(state, details)
    if details.place is None:
        return state
    area = world.locate(details.place.value)
    # A town far away may be where somebody else is: it takes no known borough's place.
    elsewhere = area.outcome == "outside-london" and state.borough is None
    if not (area.certain and area.borough) and not elsewhere:
        return state
    return replace(state.with_area(area), asked=state.asked)


def place_said(understood: Understanding, world: World) -> Area | None:
    """The place that a message names, or None.

    A full postcode may be spelt so that only the gazetteer, which knows what exists, sees it.
    """
    if any(sign.isdigit() for sign in understood.text):
        area = world.locate(understood.text)
        if area.sector and " " in area.sector:
            return area
    mention = understood.details.place
    named = world.locate(mention.value) if mention else None
    return named if named is not None and named.outcome != "not-a-place" else None


def settled(state: ChatState, area: Area) -> Area:
    """A borough as the answer to "which one are you in?": what they had named before stays."""
    known = state.area()
    asked = state.asked is not None and state.asked.what == "borough"
    if not asked or known is None or known.point is None or area.label != area.borough:
        return area
    label = f"{known.label}, {area.borough}"
    return replace(area, label=label, sector=known.sector, point=known.point)


def begin(state: ChatState, search: Search, world: World, now: datetime,
          words: Words = NO_WORDS) -> Turn:  # fmt: skip
    """Search at once where an area is known or not needed; ask for it once otherwise."""
    state = replace(state, search=search, shown=(), seen=(), focus=None, missed=0, worries=0)
    if state.area() is None and LOCAL_INTENTS & set(search.kinds):
        return ask_area(state, world)
    return show(state, world, now, words=words)


def ask_area(state: ChatState, world: World, key: str = "area.ask") -> Turn:
    """Ask where they are: typing, tapping a borough, and sharing the position all work."""
    wording = world.wording
    boroughs = [SERVED[i : i + 2] for i in range(0, len(SERVED), 2)]
    location = f"{LOCATION} {wording.label('area.location').removeprefix(LOCATION).strip()}"
    keyboard = ((location,), *boroughs, (wording.label("area.anywhere"),))
    reply = Reply(wording.text(key), keyboard=tuple(tuple(row) for row in keyboard), key=key)
    return Turn(replace(state, asked=Asked("area")), (reply,))


def anywhere(text: str, world: World) -> bool:
    """Whether they chose no place, or would rather not say one."""
    chosen = plain(text) == plain(world.wording.label("area.anywhere"))
    return chosen or world.answers.meaning(text) == "leave-it"


def without_place(state: ChatState, world: World, now: datetime) -> Turn:
    """No place from now on; what they were looking for is shown for all of London."""
    state = replace(state.without_area(), asked=None, seen=())
    return Turn(state, (menu(world),)) if state.search is None else show(state, world, now)


def show(
    state: ChatState, world: World, now: datetime, intro: str | None = None,
    words: Words = NO_WORDS,
) -> Turn:  # fmt: skip
    """The first page of the stored search; `words` of the message help to rank and are not kept."""
    search = state.search or Search()
    query = replace(search.query(state), text=words.plain, typed=words.typed)
    results = world.search(query, now)
    where = "outside London" if state.outside else state.borough or "anywhere"
    label = f"{'+'.join(search.kinds) or 'any'}/{where}"
    if not results.matches:
        return nothing(state, world, label)
    near = state.area()
    if state.outside:
        intro = "results.intro-everywhere"
    intro = intro or ("results.intro" if near else "results.intro-anywhere")
    reply = list_reply(results, world, now, near, intro)
    ids = tuple(match.service.id for match in results.matches)
    state = replace(state, shown=ids, seen=ids, asked=None, focus=None)
    counts = (Count("search", label),) + ((Count("widened", label),) if results.widened else ())
    return Turn(state, (reply,), counts)


def by_name(
    state: ChatState, understood: Understanding, world: World, now: datetime
) -> Turn | None:
    """The service that a short message calls by its name, where nothing else is sure."""
    sure = understood.decision is Decision.ANSWER and understood.intent != "set-area"
    if sure or len(understood.text.split()) > NAME_WORDS:
        return None
    query = Query(text=understood.normal, typed=understood.text, area=state.area(), age=state.age,
                  avoid=frozenset(state.avoid))  # fmt: skip
    called = tuple(match for match in world.search(query, now).matches if match.called)
    if not called:
        return None
    ids = tuple(match.service.id for match in called)
    search = Search(kinds=called[0].service.kinds[:1])
    state = replace(state, search=search, shown=ids, seen=ids, asked=None, focus=None, missed=0)
    if len(called) == 1:
        state = replace(state, focus=ids[0])
        return Turn(state, (detail_reply(called[0], world, now),))
    results = Results(called, len(called))
    return Turn(state, (list_reply(results, world, now, None, "results.intro-anywhere"),))


def nothing(state: ChatState, world: World, label: str) -> Turn:
    """Say plainly that nothing is known, count the need, offer what is left."""
    wording, near = world.wording, state.area()
    first = Button(wording.label("buttons.further"), "further")
    if state.outside:
        text = wording.text("results.none-everywhere")
        first = Button(wording.label("buttons.support"), "problems")
    elif near:
        text = wording.text("results.none", area=near.label)
    else:
        text = wording.text("results.none-anywhere")
    row = (first, Button(wording.label("buttons.person"), "person"))
    return Turn(
        replace(state, asked=None), (Reply(text, (row,), key="results.none"),),
        (Count("unmet", label),),
    )  # fmt: skip


def more(state: ChatState, world: World, now: datetime) -> Turn:
    """The next page of the stored search."""
    if state.search is None:
        return Turn(state, (menu(world),))
    query = state.search.query(state, frozenset(state.seen))
    results = world.search(query, now)
    if not results.matches:
        wording = world.wording
        row = (
            Button(wording.label("buttons.find"), "find:find-activities"),
            Button(wording.label("buttons.person"), "person"),
        )
        return Turn(state, (Reply(wording.text("results.no-more"), (row,), key="results.no-more"),))
    reply = list_reply(results, world, now, state.area(), "results.intro-more")
    ids = tuple(match.service.id for match in results.matches)
    return Turn(replace(state, shown=ids, seen=state.seen + ids), (reply,))


def narrow(state: ChatState, search: Search, world: World, now: datetime) -> Turn:
    """The same search with something changed."""
    return show(replace(state, search=search, seen=(), shown=()), world, now, "results.intro-again")


def place_given(state: ChatState, area: Area, world: World, now: datetime,
                words: Words = NO_WORDS) -> Turn:  # fmt: skip
    """An area was given: keep it or ask on, read it back, and go on with what was asked for."""
    wording = world.wording
    if area.outcome == "not-a-place":
        return ask_area(state, world, ask_again_key(area))
    if area.outcome == "outside-london":
        return outside_london(state, area, world, now)
    if area.choices and not area.certain:
        buttons = tuple((Button(b, f"borough:{b}"),) for b in area.choices)
        text = wording.text("area.choose", area=area.label)
        state = replace(state.with_area(replace(area, borough=None)), asked=Asked("borough"))
        return Turn(state, (Reply(text, buttons, key="area.choose"),))
    state = state.with_area(area)
    key = read_back_key(area)
    text = wording.text(key, area=area.label)
    if not area.served:
        text = joined([text, "\n".join(own_numbers(area.borough or "", world, now))])
    back = Reply(text, key=key)
    if state.search is None:
        return Turn(state, (replace(back, buttons=menu_buttons(world)),))
    found = show(replace(state, seen=(), shown=()), world, now, words=words)
    return replace(found, replies=(back, *found.replies))


def ask_again_key(area: Area) -> str:
    """How to ask once more for what was no place, by what it was instead."""
    if area.note == "no-such-postcode":
        return "area.no-such-postcode"
    return "area.boxes-no-place" if area.note == "boxes" else "area.ask-again"


def read_back_key(area: Area) -> str:
    """How to read a place back: the less sure, the more it is a question."""
    if area.note == "boxes":
        return "area.boxes"
    if not area.served:
        return "area.outside-boroughs"
    if area.repaired:
        return "area.repaired"
    return "area.set-approximate" if area.note == "approximate" else "area.set"


def own_numbers(borough: str, world: World, now: datetime) -> list[str]:
    """What a borough outside the eight has itself: its number where that is surely right."""
    return front_door_lines(borough, world, now) or [world.wording.text("area.council")]


def outside_london(state: ChatState, area: Area, world: World, now: datetime) -> Turn:
    """Say so, and show what works everywhere."""
    wording = world.wording
    text = wording.text("area.outside-london", area=area.label)
    ways = (
        Button(wording.label("buttons.support"), "problems"),
        Button(wording.label("buttons.person"), "person"),
    )
    state = replace(state.with_area(area), seen=(), shown=())
    reply = Reply(text, (ways,), key="area.outside-london")
    if state.search is None:
        return Turn(state, (reply,))
    found = show(state, world, now)
    return replace(found, replies=(replace(reply, buttons=()), *found.replies))


def feeling(intent: str, world: World) -> tuple[Reply, ...]:
    """The feeling alone, where something must be asked before help can be named."""
    key = f"topics.{intent}"
    return (Reply(world.wording.text(key), key=key),) if world.wording.has(key) else ()


def support(state: ChatState, intent: str, search: Search, world: World, now: datetime,
            words: Words = NO_WORDS) -> Turn:  # fmt: skip
    """A hard topic: the feeling first, then who helps, then a person."""
    wording = world.wording
    state = replace(state, search=search, shown=(), seen=(), focus=None, missed=0)
    found = show(state, world, now, words=words)
    feeling = wording.text(f"topics.{intent}") if wording.has(f"topics.{intent}") else ""
    offer = wording.text("topics.offer" if state.area() else "topics.ask-near")
    first = found.replies[0]
    extra: tuple[tuple[Button, ...], ...] = ()
    if state.area() is None:
        extra = ((Button(wording.label("buttons.near"), "ask-area"),),)
    body = joined([feeling, first_lines(intent, found.state, world, now), first.text, offer])
    reply = Reply(body, support_buttons(first, world) + extra, key=f"topics.{intent}")
    return replace(found, replies=(reply,))


def first_lines(intent: str, state: ChatState, world: World, now: datetime) -> str:
    """The services to name first for a topic, unless the search shows them anyway."""
    key = f"topics.first.{intent}"
    if not world.wording.has(key):
        return ""
    ids = [part.strip() for part in world.wording.label(key).split(",")]
    left = ", ".join(i for i in ids if i not in state.shown)
    return "\n".join(helpline_lines(left, world, now, sure_only=True))


def see(state: ChatState, service_id: str, world: World, now: datetime) -> Turn:
    """One service in full."""
    match = match_for(state, service_id, world, now)
    if match is None:
        return Turn(state, (menu(world),))
    return Turn(replace(state, focus=service_id), (detail_reply(match, world, now),))


def match_for(state: ChatState, service_id: str, world: World, now: datetime) -> Match | None:
    """The service with its distance and caution, as the search would show it."""
    return world.one(service_id, Query(area=state.area(), age=state.age), now)


def menu(world: World) -> Reply:
    """What the bot can do, by tapping."""
    return Reply(world.wording.text("help.menu"), menu_buttons(world), key="help.menu")


def menu_buttons(world: World) -> tuple[tuple[Button, ...], ...]:
    """The way through everything for somebody who cannot or will not type."""
    label = world.wording.label
    return (
        (
            Button(label("buttons.find"), "find:find-activities"),
            Button(label("buttons.mentor"), "find:find-mentor"),
        ),
        (
            Button(label("buttons.work"), "find:find-work"),
            Button(label("buttons.school"), "find:education-help"),
        ),
        (
            Button(label("buttons.support"), "problems"),
            Button(label("buttons.person"), "person"),
        ),
        (
            Button(label("buttons.unsafe"), "unsafe", style="danger"),
            Button(label("buttons.about"), "about"),
        ),
    )
