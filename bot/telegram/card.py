"""How a case looks to staff: the card, its buttons, and the list of open cases."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases import flow, learning
from bot.cases.flow import Outcome
from bot.cases.model import Case, Line, Status
from bot.conversation.state import Button
from bot.conversation.world import World
from bot.telegram.drill_card import drill_buttons, drill_text
from bot.telegram.render import units
from directory.model import Confidence
from intents.model import Urgency
from intents.wording import Markup, Wording

WORDS_ON_CARD = 1500  # UTF-16 units of what they wrote; what is longer is said to be longer


@dataclass(frozen=True, slots=True)
class CardView:
    """What a card shows."""

    case: Case
    lines: list[Line]
    now: datetime


def waited(since: datetime, now: datetime, wording: Wording) -> str:
    """A span as people read it at a glance: minutes, hours or days."""
    span = now - since
    if span < timedelta(hours=1):
        return wording.label("staff.minutes", n=max(0, int(span / timedelta(minutes=1))))
    if span < timedelta(days=2):
        return wording.label("staff.hours", n=int(span / timedelta(hours=1)))
    return wording.label("staff.days", n=span.days)


def kind_name(case: Case, wording: Wording) -> str:
    """The kind of danger in words; without one, what the case is about instead."""
    if case.drill:
        return wording.label("desk-drill.kind")
    if case.kind:
        return wording.label(f"kinds.{case.kind}")
    return wording.label("kinds.none" if case.asked_for_person else "kinds.any")


def level(case: Case) -> Urgency:
    """The level that staff see."""
    return Urgency(case.urgency) if Urgency(case.urgency).paged else Urgency.CONCERN


def card_text(view: CardView, world: World) -> Markup:
    """Level and kind, their words, where and how old, whom to ring, why, and who has it."""
    wording, case = world.wording, view.case
    if case.drill:
        return drill_text(case, wording)
    named = level(case).value
    return wording.text(
        "staff.card",
        mark=wording.label(f"staff.mark-{named}"),
        case=case.id,
        level=wording.label(f"staff.level-{named}"),
        kind=kind_name(case, wording),
        words=_words(view, wording),
        about=_about(case, wording),
        front_door=_front_door(case, world),
        reason=case.reason,
        told=_told(case, wording),
        standing=_standing(view, wording),
    )


def _words(view: CardView, wording: Wording) -> Markup:
    said = [line.text for line in view.lines if line.author == "person" and line.text]
    if not said:
        return wording.text("staff.card-no-words")
    text = "\n".join(said)
    if units(text) <= WORDS_ON_CARD:
        return wording.text("staff.card-words", text=text)
    start = text.encode("utf-16-le")[: WORDS_ON_CARD * 2].decode("utf-16-le", "ignore")
    shown = wording.text("staff.card-words", text=start + "…")
    more = wording.text("staff.card-words-more", case=view.case.id)
    return Markup(f"{shown}\n{more}")


def _about(case: Case, wording: Wording) -> Markup:
    unknown = wording.label("staff.card-unknown")
    return wording.text(
        "staff.card-about", area=case.area or case.borough or unknown, age=case.age or unknown
    )


def _front_door(case: Case, world: World) -> Markup:
    door = world.front_doors.get(case.borough or "")
    if door is None or not door.phone_day:
        return Markup("")
    wording = world.wording
    out = ""
    if door.phone_out_of_hours:
        out = wording.text("staff.card-front-door-out", phone=door.phone_out_of_hours)
        out = Markup(f" {out}")
    if door.assurance.confidence is not Confidence.HIGH:
        out = Markup(f"{out} {wording.text('staff.card-front-door-check')}")
    day = wording.text("staff.card-front-door-day", phone=door.phone_day)
    line = wording.text("staff.card-front-door", borough=door.borough, day=day, out=Markup(out))
    return Markup(f"{line}\n")


def _told(case: Case, wording: Wording) -> str:
    if case.asked_for_person:
        return wording.label("staff.told-person")
    if not case.said:
        return wording.label("staff.told-nothing")
    key = next((said for said in case.said if wording.has(said)), "")
    return (
        wording.label("staff.told-danger", kind=kind_name(case, wording))
        if key
        else (wording.label("staff.told-nothing"))
    )


def _standing(view: CardView, wording: Wording) -> Markup:
    case = view.case
    worker = case.worker.name if case.worker else ""
    if case.status is Status.CLOSED:
        outcome = wording.label(f"staff.outcome-{case.outcome}")
        text = wording.text("staff.standing-closed", worker=worker, outcome=outcome)
    elif case.status is Status.CLAIMED:
        text = wording.text("staff.standing-claimed", worker=worker)
    else:
        shown = waited(case.opened_at, view.now, wording)
        text = wording.text("staff.standing-open", waited=shown)
    if not case.reachable:
        text = Markup(f"{text}\n{wording.text('staff.standing-unreachable')}")
    return text


def card_buttons(case: Case, wording: Wording, now: datetime) -> tuple[tuple[Button, ...], ...]:
    """What may be done with a case now."""
    if case.drill:
        return drill_buttons(case, wording)
    if case.status is Status.OPEN:
        claim = Button(wording.label("staff.claim"), f"claim:{case.id}", style="primary")
        return ((claim, Button(wording.label("staff.close"), f"close:{case.id}")),)
    if flow.left_waiting(case, now):
        step_in = Button(wording.label("staff.step-in"), f"claim:{case.id}", style="primary")
        return ((step_in, Button(wording.label("staff.release"), f"release:{case.id}")),)
    if case.status is Status.CLAIMED:
        release = Button(wording.label("staff.release"), f"release:{case.id}")
        return ((release, Button(wording.label("staff.close"), f"close:{case.id}")),)
    if judged := learning.offered(case):
        return ((Button(wording.label(f"desk-learning.{judged}"), f"judge:{case.id}:{judged}"),),)
    return ()


def outcome_buttons(case: Case, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    """How did it end?"""
    ends = [
        Button(wording.label(f"staff.outcome-{outcome}"), f"end:{case.id}:{outcome}")
        for outcome in Outcome
    ]
    rows = [tuple(ends[i : i + 2]) for i in range(0, len(ends), 2)]
    return (*rows, (Button(wording.label("staff.outcome-back"), f"back:{case.id}"),))


def open_list(cases: list[Case], now: datetime, wording: Wording) -> Markup:
    """`/open`: one line a case, riskiest and oldest first."""
    if not cases:
        return wording.text("staff.open-none")
    rows = [
        wording.text(
            "staff.open-row",
            mark=wording.label(f"staff.mark-{level(case)}"),
            case=case.id,
            kind=kind_name(case, wording),
            area=case.area or case.borough or wording.label("staff.card-unknown"),
            standing=case.worker.name if case.worker else wording.label("staff.open-unclaimed"),
            age=waited(case.opened_at, now, wording),
        )
        for case in cases
    ]
    return Markup("\n".join([wording.text("staff.open-title"), *rows]))


def transcript(case: Case, lines: list[Line], wording: Wording) -> Markup:
    """`/case N`: everything that was said in a case."""
    if not lines:
        return wording.text("staff.case-erased")
    return Markup(
        "\n".join(
            wording.text(
                "staff.case-line",
                author=wording.label(f"staff.author-{line.author}"),
                time=f"{line.at:%H:%M}",
                text=Markup(html.escape(line.text, quote=False)),
            )
            for line in lines
        )
    )
