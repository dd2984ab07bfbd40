"""The buttons under a card: what may be done with a case as it stands now."""

from __future__ import annotations

from datetime import datetime

from bot.cases import flow, learning
from bot.cases.flow import Outcome
from bot.cases.model import Case, Decision, Status, Worker
from bot.cases.record import Consent, Told
from bot.cases.standing import level
from bot.conversation.state import Button
from bot.telegram.drill_card import drill_buttons
from intents.model import Urgency
from intents.wording import Wording

Rows = tuple[tuple[Button, ...], ...]
LEVELS = (Urgency.EMERGENCY, Urgency.URGENT, Urgency.CONCERN)
MOST_WORKERS = 12
MOST_CASES = 6
TICK = "\N{WHITE HEAVY CHECK MARK} "


def card_buttons(case: Case, wording: Wording, now: datetime) -> Rows:
    """What may be done with a case now."""
    if case.drill:
        return drill_buttons(case, wording)

    def button(key: str, verb: str, style: str | None = None) -> Button:
        return Button(wording.label(key), f"{verb}:{case.id}", style=style)

    if case.status is Status.CLOSED:
        return closed_buttons(case, wording)
    close = button("staff.close", "close")
    more = (button("desk-case.more", "more"),)
    if case.status is Status.OPEN:
        return ((button("staff.claim", "claim", "primary"), close), more)
    release = button("staff.release", "release")
    first: Rows = ()
    if case.offered_to is not None:
        take = wording.label("desk-case.take", worker=case.offered_to.name)
        decline = button("desk-case.decline", "decline")
        first = ((Button(take, f"claim:{case.id}", style="primary"), decline),)
    if flow.left_waiting(case, now):
        first = (*first, (button("staff.step-in", "claim", "primary"),))
    return (*first, (release, close), more)


def more_buttons(case: Case, wording: Wording) -> Rows:
    """What is done with a case less often."""

    def button(key: str, verb: str) -> Button:
        return Button(wording.label(key), f"{verb}:{case.id}")

    level_and_merge = (button("desk-case.level", "level"), button("desk-case.merge", "merge"))
    hand = ((button("desk-case.hand", "hand"),),) if case.status is Status.CLAIMED else ()
    return (*hand, level_and_merge, (back(case, wording),))


def back(case: Case, wording: Wording) -> Button:
    """The way back to the card's own buttons."""
    return Button(wording.label("staff.outcome-back"), f"back:{case.id}")


def outcome_buttons(case: Case, wording: Wording) -> Rows:
    """How did it end?"""
    ends = [
        Button(wording.label(f"staff.outcome-{outcome}"), f"end:{case.id}:{outcome}")
        for outcome in Outcome
    ]
    return (*_in_pairs(ends), (back(case, wording),))


def closed_buttons(case: Case, wording: Wording) -> Rows:
    """The question of the record that is open, or what may be done after it."""
    if case.merged_into:
        return ()
    decision = case.decision or Decision()

    def button(key: str, action: str) -> Button:
        return Button(wording.label(key), action)

    if decision.step == "told":
        return _told_buttons(case, decision, wording)
    if decision.step == "consent":
        asked = tuple(
            button(f"desk-case.consent-{one}", f"agreed:{case.id}:{one}") for one in Consent
        )
        return (asked[:2], asked[2:], (button("desk-case.skip", f"agreed:{case.id}:skip"),))
    if decision.step == "why":
        write = button("desk-case.why-write", f"why:{case.id}:ask")
        return ((write, button("desk-case.done", f"why:{case.id}:skip")),)
    record = button("desk-case.record", f"record:{case.id}")
    judged = learning.offered(case)
    judge = ((button(f"desk-learning.{judged}", f"judge:{case.id}:{judged}"),),) if judged else ()
    if not case.chat_id:
        return ((record,), *judge)
    merge = button("desk-case.merge", f"merge:{case.id}")
    return ((button("desk-case.reopen", f"reopen:{case.id}"), record), *judge, (merge,))


def _told_buttons(case: Case, decision: Decision, wording: Wording) -> Rows:
    ticks = [
        Button(
            (TICK if who in decision.told else "") + wording.label(f"desk-case.told-{who}"),
            f"told:{case.id}:{who}",
        )
        for who in Told
        if who is not Told.NOBODY
    ]
    nobody = Button(wording.label("desk-case.told-nobody"), f"told:{case.id}:nobody")
    key = "desk-case.done" if decision.told else "desk-case.skip"
    done = Button(wording.label(key), f"told:{case.id}:done", style="primary")
    return (*_in_pairs(ticks), (nobody, done))


def level_buttons(case: Case, wording: Wording) -> Rows:
    """Red, amber or grey, but for what it is already."""
    shown = tuple(
        Button(
            f"{wording.label(f'staff.mark-{named}')} {wording.label(f'staff.level-{named}')}",
            f"set:{case.id}:{named}",
        )
        for named in (one.value for one in LEVELS if one is not level(case))
    )
    return (shown, (back(case, wording),))


def worker_buttons(case: Case, workers: list[Worker], wording: Wording) -> Rows:
    """To whom a case may be handed."""
    named = [Button(one.name, f"give:{case.id}:{one.id}") for one in workers[:MOST_WORKERS]]
    return (*_in_pairs(named), (back(case, wording),))


def merge_buttons(case: Case, others: list[tuple[Case, str]], wording: Wording) -> Rows:
    """The same person's other cases, newest first."""
    rows = tuple((Button(label, f"join:{case.id}:{other.id}"),) for other, label in others)
    return (*rows[:MOST_CASES], (back(case, wording),))


def _in_pairs(buttons: list[Button]) -> Rows:
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
