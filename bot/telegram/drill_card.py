"""How a drill looks: never like a case, in any of its states."""

from __future__ import annotations

from bot.cases.model import Case, Status
from bot.conversation.state import Button
from directory.hours import LONDON
from intents.wording import Markup, Wording


def drill_text(case: Case, wording: Wording) -> Markup:
    """The card of a drill."""
    begun = f"{case.opened_at.astimezone(LONDON):%H:%M}"
    if case.status is not Status.CLOSED:
        return wording.text("desk-drill.card", case=case.id, begun=begun)
    if case.worker is not None:
        return wording.text(
            "desk-drill.card-answered", case=case.id, begun=begun, worker=case.worker.name
        )
    return wording.text("desk-drill.card-over", case=case.id, begun=begun)


def drill_buttons(case: Case, wording: Wording) -> tuple[tuple[Button, ...], ...]:
    """The button that ends it, as long as nobody has pressed."""
    if case.status is Status.CLOSED:
        return ()
    return ((Button(wording.label("desk-drill.claim"), f"claim:{case.id}", style="primary"),),)
