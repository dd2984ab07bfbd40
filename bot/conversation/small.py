"""The short answers: greetings, what the bot is, data, feedback, and not understanding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.cases.model import Case
from bot.conversation.danger import hours_text
from bot.conversation.events import Media
from bot.conversation.finding import menu, menu_buttons
from bot.conversation.state import (
    Act,
    Asked,
    Button,
    ChatState,
    Count,
    GiveWords,
    Raise,
    Reply,
    SetCheckIn,
    Simple,
    Turn,
)
from bot.conversation.world import World
from intents.model import Understanding, Urgency
from intents.wording import Markup

# Offered as a choice only on good grounds: to read them on a button unasked can hurt or expose.
DELICATE = frozenset({"sexual-violence", "domestic-abuse", "exploitation"})
SURE_ENOUGH = 0.25

PROBLEMS = {
    "problem-feelings": "mental-health",
    "problem-violence": "violence-worry",
    "problem-home": "family",
    "problem-housing": "housing",
    "problem-online": "online-safety",
    "problem-police": "police-rights",
    "problem-bullying": "bullying",
    "problem-money": "money-food",
    "problem-drugs": "drugs-alcohol",
    "problem-sex": "sexual-health",
}


def say(
    state: ChatState, world: World, key: str, *rows: tuple[Button, ...], **values: object
) -> Turn:
    """One text, with buttons."""
    return Turn(state, (Reply(world.wording.text(key, **values), rows, key=key),))


def person_button(world: World) -> Button:
    """The way to a person."""
    return Button(world.wording.label("buttons.person"), "person")


def welcome(state: ChatState, world: World) -> Turn:
    """Three short lines and a button for every step."""
    wording = world.wording
    text = wording.text("start.welcome", operator=world.operator)
    if state.place and not state.outside:
        text = Markup(f"{text}\n{wording.text('start.welcome-area', area=state.place)}")
    reply = Reply(text, menu_buttons(world), key="start.welcome")
    return Turn(replace(state, started=True, stopped=False, missed=0), (reply,))


def problems(state: ChatState, world: World) -> Turn:
    """The hard topics as buttons, for somebody who cannot find the words."""
    label = world.wording.label
    keys = list(PROBLEMS)
    rows = [
        tuple(Button(label(f"buttons.{key}"), f"find:{PROBLEMS[key]}") for key in keys[i : i + 2])
        for i in range(0, len(keys), 2)
    ]
    unsafe = Button(label("buttons.unsafe"), "unsafe", style="danger")
    return say(state, world, "help.menu", *rows, (unsafe, person_button(world)))


def person(state: ChatState, world: World, case: Case | None, now: datetime) -> Turn:
    """They ask for a person: staff are asked, with nothing promised."""
    if case is not None:
        return say(state, world, "danger.passed-on")
    wording = world.wording
    text = wording.text("danger.person-asked", hours=hours_text(state.borough, world, now))
    if state.area() is None:
        text = Markup(f"{text}\n{wording.text('danger.person-asked-area')}")
    raised = Raise("concern", None, wording.label("staff.reason-person"), asked_for_person=True)
    acts: tuple[Act, ...] = (raised,)
    if state.asked is not None and state.asked.what == "check-in":
        # Asked "are you safe?", they want a person: that is no calm request.
        why = f"asked for a person at the check-in; asked because: {state.asked.reason}"
        acts = (SetCheckIn(None), Raise(Urgency.URGENT.value, state.asked.kind, why))
    state = replace(state, asked=None, missed=0, told_passed_on=False, stopped=False)
    return Turn(state, (Reply(text, key="danger.person-asked"),), acts)


def about_myends(state: ChatState, world: World) -> Turn:
    """What MyEnds is, with its honest status."""
    wording = world.wording
    text = wording.text("help.about-myends")
    known = world.myends.get(state.borough or "")
    if known is not None and known.neighbourhoods:
        together = (
            wording.text("help.about-myends-consortium", consortium=known.consortium)
            if known.consortium else ""
        )  # fmt: skip
        extra = wording.text(
            "help.about-myends-borough",
            borough=known.borough,
            neighbourhoods=", ".join(known.neighbourhoods),
            consortium=Markup(f" {together}" if together else ""),
        )
        text = Markup(f"{text}\n{extra}")
    return Turn(state, (Reply(text, menu_buttons(world), key="help.about-myends"),))


def mydata(state: ChatState, world: World, case: Case | None) -> Turn:
    """Everything that is kept about this chat, in words."""
    wording, lines = world.wording, []
    if state.place or state.borough:
        lines.append(wording.text("help.mydata-area", area=state.place or state.borough or ""))
    if state.age:
        lines.append(wording.text("help.mydata-age", age=state.age))
    if state.search:
        wanted = [wording.label(f"intents.{kind}") for kind in state.search.kinds]
        shown = ", ".join([*wanted, *state.search.activities])
        lines.append(wording.text("help.mydata-search", search=shown))
    if state.avoid:
        lines.append(wording.text("help.mydata-avoid", areas=", ".join(state.avoid)))
    if case is not None:
        lines.append(wording.text("help.mydata-case", case=case.id, status=case.status.value))
    if not lines:
        return say(state, world, "help.mydata-nothing")
    return say(state, world, "help.mydata", lines=Markup("\n".join(lines)))


def forget_ask(state: ChatState, world: World, case: Case | None) -> Turn:
    """Ask once before deleting."""
    key = "help.forget-ask" if case is None else "help.forget-ask-case"
    label = world.wording.label
    row = (
        Button(label("buttons.yes-delete"), "forget:yes", style="danger"),
        Button(label("buttons.no-keep"), "forget:no"),
    )
    return say(state, world, key, row, retention=world.retention_days)


def forget(state: ChatState, world: World) -> Turn:
    """Delete, and say so."""
    reply = Reply(world.wording.text("help.forgotten"), key="help.forgotten")
    return Turn(ChatState(case_id=state.case_id), (reply,), (Simple("forget"),))


def hide(state: ChatState, world: World) -> Turn:
    """Quick exit: our messages go, and what is left says nothing of what it was about."""
    reply = Reply(world.wording.text("help.hidden"), key="help.hidden", no_keyboard=True)
    kept = replace(
        state, asked=None, shown=(), seen=(), focus=None, search=None, topic=None, hidden=True
    )
    return Turn(kept, (reply,), (Simple("wipe"),))


def stop(state: ChatState, world: World) -> Turn:
    """No message any more that they did not ask for."""
    return replace(
        say(replace(state, stopped=True, asked=None), world, "start.stop"),
        acts=(Simple("stop"),),
    )


def media(state: ChatState, kind: Media, world: World, case: Case | None) -> Turn:
    """A picture or a voice note: it is never fetched; say what they can do instead."""
    if case is not None:
        return say(state, world, "understand.in-case-media")
    return say(state, world, f"understand.{kind.value}", (person_button(world),))


def clarify(state: ChatState, understood: Understanding, world: World) -> Turn:
    """Not sure: the three likeliest as buttons."""
    choices = [
        guess.intent
        for guess in understood.ranked
        if guess.intent != "out-of-scope"
        and (guess.intent not in DELICATE or guess.probability >= SURE_ENOUGH)
    ][:3]
    if not choices:
        return fallback(state, world)
    label = world.wording.label
    rows = [(Button(label(f"intents.{intent}"), f"find:{intent}"),) for intent in choices]
    other: tuple[Button, ...] = (Button(label("understand.clarify-other"), "menu"),)
    if "talk-to-human" not in choices:
        other = (*other, person_button(world))
    state = replace(state, asked=Asked("clarify", choices=tuple(choices)))
    return say(state, world, "understand.clarify", *rows, other)


def fallback(state: ChatState, world: World) -> Turn:
    """Not understood: say so kindly; the second time offer a person first."""
    key = "understand.fallback" if state.missed == 0 else "understand.fallback-again"
    teach = Button(world.wording.label("buttons.teach"), "teach")
    rows = menu_buttons(world) if state.missed == 0 else ((person_button(world),), (teach,))
    found = say(replace(state, missed=state.missed + 1), world, key, *rows)
    return replace(found, acts=(Count("not-understood", "all"),))


def ask_to_teach(state: ChatState, world: World) -> Turn:
    """Ask for the words once more, to be kept without who wrote them; nothing is kept till then."""
    state = replace(state, asked=Asked("teach"))
    back = Button(world.wording.label("buttons.no-teach"), "menu")
    return say(state, world, "understand.teach-ask", (back,), retention=world.retention_days)


def taught(turn: Turn, text: str, world: World) -> Turn:
    """The answer to a message whose words were given for learning."""
    thanks = Reply(world.wording.text("understand.teach-thanks"), key="understand.teach-thanks")
    return replace(turn, replies=(thanks, *turn.replies), acts=(*turn.acts, GiveWords(text)))


def out_of_scope(state: ChatState, world: World) -> Turn:
    """Not what the bot is for."""
    return say(replace(state, missed=0), world, "understand.out-of-scope", *menu_buttons(world))


def text_of(key: str) -> Callable[[ChatState, World], Turn]:
    """A handler that says one text and shows the menu."""

    def handler(state: ChatState, world: World) -> Turn:
        state = replace(state, missed=0)
        values = {"operator": world.operator, "retention": world.retention_days}
        return say(state, world, key, *menu_buttons(world), **values)

    return handler


def plain(key: str) -> Callable[[ChatState, World], Turn]:
    """A handler that says one text and nothing else."""

    def handler(state: ChatState, world: World) -> Turn:
        return say(replace(state, missed=0), world, key)

    return handler


def show_menu(state: ChatState, world: World) -> Turn:
    """What the bot can do, by tapping."""
    return Turn(replace(state, asked=None, missed=0), (menu(world),))


def feedback(state: ChatState, world: World) -> Turn:
    """Thanks, and the way to a person."""
    return say(replace(state, missed=0), world, "help.feedback", (person_button(world),))


SHORT = {
    "greeting": plain("start.greeting"),
    "thanks": plain("start.thanks"),
    "goodbye": plain("start.goodbye"),
    "help": show_menu,
    "about-bot": text_of("help.about-bot"),
    "about-myends": about_myends,
    "feedback": feedback,
    "stop": stop,
    "out-of-scope": out_of_scope,
}
