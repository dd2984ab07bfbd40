"""How a case looks to staff: the card, and the list of open cases."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases.model import Case, Decision, Line, Status, Worker
from bot.cases.standing import Standing, age_band, level, record_is_complete, since, standing
from bot.conversation.world import World
from bot.telegram.buttons import card_buttons, outcome_buttons
from bot.telegram.drill_card import drill_text
from bot.telegram.render import units
from directory.hours import LONDON
from directory.model import Confidence
from intents.model import Urgency
from intents.wording import Markup, Wording

__all__ = ["card_buttons", "level", "outcome_buttons"]
WORDS_ON_CARD = 1500  # UTF-16 units of what they wrote; what is longer is said to be longer
WHY_ON_CARD = 300


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


def clock(at: datetime, now: datetime) -> str:
    """A time as London's clocks show it, with the day where it is not today."""
    here = at.astimezone(LONDON)
    same_day = here.date() == now.astimezone(LONDON).date()
    return f"{here:%H:%M}" if same_day else f"{here:%d %b %H:%M}"


def mention(worker: Worker | None) -> Markup:
    """A worker's first name so that Telegram calls them."""
    if worker is None:
        return Markup("")
    name = html.escape(worker.name, quote=False)
    return Markup(f'<a href="tg://user?id={worker.id}">{name}</a>')


def kind_name(case: Case, wording: Wording) -> str:
    """The kind of danger in words; without one, what the case is about instead."""
    if case.drill:
        return wording.label("desk-drill.kind")
    if case.kind:
        return wording.label(f"kinds.{case.kind}")
    return wording.label("kinds.none" if case.asked_for_person else "kinds.any")


def card_text(view: CardView, world: World) -> Markup:
    """Level and kind, their words, where and how old, whom to ring, why, and who has it."""
    wording, case = world.wording, view.case
    if case.drill:
        return drill_text(case, wording)
    named = level(case).value
    below = [_standing(view, wording), *_more(view, wording)]
    return wording.text(
        "desk-case.card",
        mark=wording.label(f"staff.mark-{named}"),
        case=case.id,
        level=wording.label(f"staff.level-{named}"),
        kind=kind_name(case, wording),
        words=_words(view, wording),
        about=_about(case, wording),
        front_door=_front_door(case, world),
        reason=case.reason or wording.label("desk-case.erased"),
        told=_told(case, wording),
        standing=Markup("\n".join(below)),
    )


def _words(view: CardView, wording: Wording) -> Markup:
    """What they wrote in this case: the first words that fit, and then the newest."""
    case = view.case
    came_back = case.reopened_at if case.reopened_by is None else None
    said = [
        line.text
        for line in view.lines
        if line.author == "person" and line.text and (came_back is None or line.at >= came_back)
    ]
    if not said:
        return wording.text("staff.card-no-words")
    if units("\n".join(said)) <= WORDS_ON_CARD:
        return wording.text("staff.card-words", text="\n".join(said))
    shown = wording.text("staff.card-words", text=_first_and_newest(said))
    more = wording.text("staff.card-words-more", case=case.id)
    return Markup(f"{shown}\n{more}")


def _first_and_newest(said: list[str]) -> str:
    first = _start(said[0], WORDS_ON_CARD // 2 if len(said) > 1 else WORDS_ON_CARD)
    left, newest = WORDS_ON_CARD - units(first), list[str]()
    for text in reversed(said[1:]):
        if (left := left - units(text) - 1) < 0:
            break
        newest.insert(0, text)
    if len(said) > 1 and not newest:
        newest = [_start(said[-1], WORDS_ON_CARD // 2)]
    gap = ["…"] if len(newest) < len(said) - 1 else []
    return "\n".join([first, *gap, *newest])


def _start(text: str, longest: int) -> str:
    if units(text) <= longest:
        return text
    return text.encode("utf-16-le")[: longest * 2].decode("utf-16-le", "ignore") + "…"


def _about(case: Case, wording: Wording) -> Markup:
    unknown = wording.label("staff.card-unknown")
    band = age_band(case.age)
    age = wording.label(f"desk-case.band-{band}") if band else unknown
    return wording.text("staff.card-about", area=case.area or case.borough or unknown, age=age)


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
    case, stands = view.case, standing(view.case)
    if case.merged_into:
        return wording.text("desk-case.standing-merged", other=case.merged_into)
    values = {
        "worker": case.worker.name if case.worker else "",
        "at": clock(since(case), view.now),
        "waited": waited(since(case), view.now, wording),
    }
    if stands is Standing.CLOSED:
        outcome = wording.label(f"staff.outcome-{case.outcome}")
        return wording.text("staff.standing-closed", worker=values["worker"], outcome=outcome)
    if stands is Standing.REOPENED:
        values["worker"] = mention(case.before) or wording.label("desk-case.nobody")
    return wording.text(f"desk-case.standing-{stands}", **values)


def _more(view: CardView, wording: Wording) -> list[Markup]:
    """What else has been done with a case, a line each, and only where it has."""
    case, text = view.case, wording.text
    lines: list[Markup] = []
    if case.offered_to is not None:
        lines.append(text("desk-case.card-offered", worker=case.offered_to.name))
    if case.reopened_by is not None and case.reopened_at is not None:
        at = clock(case.reopened_at, view.now)
        lines.append(text("desk-case.card-reopened", worker=case.reopened_by.name, at=at))
    if case.priority is not None and case.priority_by is not None:
        bots = Urgency(case.urgency) if Urgency(case.urgency).paged else Urgency.CONCERN
        was = wording.label(f"staff.level-{bots.value}")
        lines.append(text("desk-case.card-level", worker=case.priority_by.name, was=was))
    if case.tags:
        lines.append(text("desk-case.card-tags", tags=" ".join(f"#{tag}" for tag in case.tags)))
    if notes := sum(line.author == "note" for line in view.lines):
        lines.append(text("desk-case.card-notes", number=notes, case=case.id))
    lines += _record(case, wording)
    if not case.reachable:
        lines.append(text("staff.standing-unreachable"))
    return lines


def _record(case: Case, wording: Wording) -> list[Markup]:
    if case.status is not Status.CLOSED or case.merged_into:
        return []
    decision = case.decision or Decision()
    lines: list[Markup] = []
    if decision.told and decision.step != "told":
        who = ", ".join(wording.label(f"desk-case.told-{name}") for name in decision.told)
        lines.append(wording.text("desk-case.card-told", who=who))
    if decision.consent:
        lines.append(wording.text(f"desk-case.card-consent-{decision.consent}"))
    if decision.why:
        lines.append(wording.text("desk-case.card-why", why=_start(decision.why, WHY_ON_CARD)))
    if not record_is_complete(case):
        lines.append(wording.text("desk-case.card-record-open"))
    return lines
