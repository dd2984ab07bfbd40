"""Why the bot answered as it did, as the demo's page shows it."""

from __future__ import annotations

from typing import Any

from bot.conversation.state import Raise, Relay, Turn
from intents.explain import explain, explain_data
from intents.model import Understanding


def explained(understood: Understanding | None, turn: Turn) -> dict[str, Any]:
    """The verdict in a line, the reasons, and what the turn decided."""
    replies = [reply.key for reply in turn.replies if reply.key]
    alerts = [f"{act.urgency} {act.kind or ''}".strip() for act in turn.acts
              if isinstance(act, Raise)]  # fmt: skip
    decided: dict[str, Any] = {"replies": replies, "staff alerted": alerts}
    if understood is None:
        return {"verdict": "no words to understand", "lines": [], "decided": decided}
    headline = f"{understood.decision.value}: {understood.intent}"
    if any(isinstance(act, Relay) for act in turn.acts):
        decided["passed on"] = "to the worker; the bot keeps quiet"
    if understood.danger.paged:
        kind = understood.danger.kind.value if understood.danger.kind else "danger"
        headline = f"{understood.danger.urgency.value}: {kind}"
    elif "passed on" in decided:
        headline = "passed on to the team"
    elif understood.danger.check_in:
        headline = "may be danger: the bot asks"
    return {
        "verdict": headline,
        "lines": explain(understood),
        "decided": decided,
        "details": explain_data(understood),
    }
