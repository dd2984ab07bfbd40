"""What the bot does at once when somebody may be in danger."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from bot.cases import rota
from bot.cases.model import Case
from bot.cases.plan import ON_CALL
from bot.conversation.cards import helpline_lines
from bot.conversation.state import (
    Asked,
    Button,
    ChatState,
    Raise,
    Reply,
    SetCheckIn,
    Simple,
    Turn,
)
from bot.conversation.times import spoken
from bot.conversation.world import World
from directory.hours import is_open, opens_next
from directory.model import Confidence
from intents.model import Danger, Understanding, Urgency
from intents.wording import joined

CHECK_IN_MINUTES = 10
SURE = ("rules", "button")
SCORE = re.compile(r" \((?:[+-]\d+\.\d+[^)]*|rule: [^)]*)\)")  # for maintainers, not for staff


def reason_of(danger: Danger) -> str:
    """Why, as staff and maintainers read it: the rule or example, and the words that said so."""
    sure = [reason for reason in danger.reasons if reason.layer in SURE]
    shown = [
        SCORE.sub("", reason.text) + (f" (“{' '.join(reason.words)}”)" if reason.words else "")
        for reason in (sure or list(danger.reasons))[:2]
    ]
    return "; ".join(shown) or "danger"


def rule_of(danger: Danger) -> str:
    """Why, without the person's words: this is kept while a check-in waits."""
    return "; ".join(SCORE.sub("", reason.text) for reason in danger.reasons[:2]) or "danger"


def by_rule(danger: Danger) -> bool:
    """Whether a rule (or a button) says so, and not only that it resembles other messages."""
    return any(reason.layer in SURE for reason in danger.reasons)


def page(
    state: ChatState, danger: Danger, world: World, now: datetime, case: Case | None = None
) -> Turn:
    """The safety step for this kind, and staff are told. `case` is the one that runs already."""
    kind = danger.kind.value if danger.kind else None
    reply = safety_reply(state, kind, danger.urgency, world, now, case)
    raised = Raise(danger.urgency.value, kind, reason_of(danger))
    state = replace(state, asked=None, worries=0, missed=0, told_passed_on=False, stopped=False)
    return Turn(state, (reply,), (SetCheckIn(None), raised))


def safety_reply(
    state: ChatState,
    kind: str | None,
    urgency: Urgency,
    world: World,
    now: datetime,
    case: Case | None = None,
) -> Reply:
    """The words: what to do now, numbers that answer, what the team was told."""
    wording = world.wording
    level = "emergency" if urgency is Urgency.EMERGENCY else "urgent"
    name = kind if kind and wording.has(f"danger.{kind}.{level}") else "any"
    lines = answering_lines(name, state.borough, world, now)
    step = wording.text(f"danger.{name}.{level}")
    if "999" not in step:
        lines.append(wording.text("danger.call-999"))
    text = joined([step, "\n".join(lines), told_text(state.borough, world, now, case)])
    rows = (
        (Button(wording.label("buttons.safe-now"), "safe-now", style="success"),),
        (Button(wording.label("buttons.hide"), "hide"),),
    )
    return Reply(text, rows, key=f"danger.{name}.{level}", urgent=True)


def answering_lines(
    kind: str | None, borough: str | None, world: World, now: datetime
) -> list[str]:
    """Numbers for a kind of danger and a borough: those that answer at this hour come first."""
    key = f"danger.{kind}.helplines"
    ids = world.wording.label(key if world.wording.has(key) else "danger.any.helplines")
    lines = helpline_lines(ids, world, now, sure_only=True)
    return lines + front_door_lines(borough or "", world, now)


def told_text(borough: str | None, world: World, now: datetime, case: Case | None = None) -> str:
    """That the team knows, with no promise that nobody keeps; or who is there already."""
    if case is not None and case.worker is not None:
        return world.wording.text("danger.told-worker", worker=case.worker.name)
    hours, plan = hours_text(borough, world, now), world.plan()
    out = rota.staffed(plan, borough, now) is False
    if out and rota.to_call(plan, (), ON_CALL, borough, now):
        hours += world.wording.label("desk-time.calling") + " "
    return world.wording.text("danger.told", hours=hours)


def hours_text(borough: str | None, world: World, now: datetime) -> str:
    """When somebody usually answers; nothing where that is not set.

    The desk's plan says it, for this borough and moment; without one the setting STAFF_HOURS.
    """
    plan, wording = world.plan(), world.wording
    there = rota.staffed(plan, borough, now)
    if there is None:
        hours = world.staff_hours if not plan.hours else ""
        return wording.label("danger.hours", hours=hours) + " " if hours else ""
    at = rota.staffed_until(plan, borough, now) if there else rota.next_staffed(plan, borough, now)
    if at is None:
        return wording.label("desk-time.nobody-there") + " "
    key = "desk-time.there-until" if there else "desk-time.nobody-until"
    return wording.label(key, when=spoken(at, now, wording)) + " "


def front_door_lines(borough: str, world: World, now: datetime) -> list[str]:
    """The borough's children's services, where the number is surely right.

    Outside their office hours the number that answers then comes first.
    """
    door = world.front_doors.get(borough)
    if door is None or door.assurance.confidence is not Confidence.HIGH:
        return []
    by_day: list[str] = []
    by_night: list[str] = []
    text, at_night = world.wording.text, door.phone_out_of_hours
    known = at_night is not None and bool(door.open_day)
    shut = known and is_open(door.open_day, (), now) is False
    opens = opens_next(door.open_day, now)
    if door.phone_day and shut and opens is not None and door.phone_day != at_night:
        when = spoken(opens, now, world.wording)
        by_day.append(
            text("danger.front-door-closed", borough=door.borough, phone=door.phone_day, opens=when)
        )
    elif door.phone_day:
        by_day.append(text("danger.front-door", borough=door.borough, phone=door.phone_day))
    if at_night and at_night != door.phone_day:
        by_night.append(text("danger.front-door-out", borough=door.borough, phone=at_night))
    return by_night + by_day if shut else by_day + by_night


def check_in(state: ChatState, understood: Understanding, world: World) -> Turn:
    """Ask whether they are safe; silence is noticed."""
    danger = understood.danger
    kind = danger.kind.value if danger.kind else None
    key = "check-in.ask-other" if understood.details.for_other else "check-in.ask"
    state = replace(
        state,
        asked=Asked("check-in", kind, rule_of(danger), sure=by_rule(danger)),
        worries=state.worries + 1,
        missed=0,
    )
    reply = Reply(world.wording.text(key), check_in_buttons(world), key=key, urgent=True)
    return Turn(state, (reply,), (SetCheckIn(CHECK_IN_MINUTES),))


def check_in_buttons(world: World) -> tuple[tuple[Button, ...], ...]:
    """Yes, not sure, no, and a person."""
    label = world.wording.label
    return (
        (
            Button(label("check-in.yes"), "check:safe", style="success"),
            Button(label("check-in.unsure"), "check:unsure"),
        ),
        (
            Button(label("check-in.no"), "check:unsafe", style="danger"),
            Button(label("buttons.person"), "person"),
        ),
    )


def answer_check_in(state: ChatState, answer: str, world: World, now: datetime) -> Turn:
    """What an answer to "are you safe?" leads to; "ok" alone is not "safe"."""
    asked = state.asked or Asked("check-in")
    if answer == "unsafe" or (answer == "unsure" and asked.times > 1):
        return raise_after_check_in(state, asked, answer, world, now)
    if answer == "unsure":
        state = replace(state, asked=replace(asked, times=asked.times + 1))
        reply = Reply(
            world.wording.text("check-in.again"), check_in_buttons(world), key="check-in.again"
        )
        return Turn(state, (reply,), (SetCheckIn(CHECK_IN_MINUTES),))
    key = "check-in.safe" if answer == "safe" else "check-in.denied"
    state = replace(state, asked=None, denied=answer != "safe", worries=0)
    button = Button(world.wording.label("buttons.person"), "person")
    return Turn(
        state, (Reply(world.wording.text(key), ((button,),), key=key),), (SetCheckIn(None),)
    )


def raise_after_check_in(
    state: ChatState, asked: Asked, answer: str, world: World, now: datetime
) -> Turn:
    """Not safe, or twice not sure: staff are told, with what the question was about."""
    named = asked.kind if asked.sure else None  # a guess at the kind is for staff only
    reply = safety_reply(state, named, Urgency.URGENT, world, now)
    reason = world.wording.label(f"staff.reason-check-in-{answer}", why=asked.reason)
    raised = Raise(Urgency.URGENT.value, asked.kind, reason)
    state = replace(state, asked=None, worries=0, told_passed_on=False)
    return Turn(state, (reply,), (SetCheckIn(None), raised))


def silent_check_in(state: ChatState, world: World, now: datetime) -> Turn:
    """Nobody answered the check-in: staff are told that, as such."""
    if state.asked is None or state.asked.what != "check-in":
        return Turn(state)
    reason = world.wording.label("staff.reason-check-in-silent", why=state.asked.reason)
    raised = Raise(Urgency.URGENT.value, state.asked.kind, reason)
    hours = hours_text(state.borough, world, now)
    text = world.wording.text("check-in.silent", hours=hours)
    reply = Reply(text, key="check-in.silent", urgent=True)
    state = replace(state, asked=None, worries=0, told_passed_on=True)
    return Turn(state, (reply,), (raised,))


def safe_now(state: ChatState, world: World) -> Turn:
    """They say that they are safe; the case goes on until a worker closes it."""
    reply = Reply(world.wording.text("danger.safe-now"), key="danger.safe-now")
    return Turn(state, (reply,), (Simple("safe-now"),))
