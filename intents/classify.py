"""One understanding in the form that `../shared/evaluation/score.py` reads."""

from __future__ import annotations

from typing import Any

from intents.model import Understanding, Urgency


def prediction(u: Understanding) -> dict[str, Any]:
    """The prediction for one message: decision, ranked, urgency, kind, check_in."""
    danger = u.danger
    return {
        "decision": u.decision.value,
        "ranked": [guess.intent for guess in u.ranked],
        "urgency": (danger.urgency if danger.paged else Urgency.NONE).value,
        "kind": danger.kind.value if danger.kind else None,
        "check_in": danger.check_in,
    }
