"""Why a message was understood as it was: lines for `ask`, data for the demo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from intents.model import Danger, Reason, Understanding

LINES_OF_REASONS = 6


def explain(u: Understanding) -> list[str]:
    """The verdict and its reasons, in lines that a maintainer can read."""
    lines = [f'read as: "{u.normal}"', _danger_line(u.danger)]
    lines += [f"  because {_reason(r)}" for r in u.danger.reasons[:LINES_OF_REASONS]]
    ranked = ", ".join(f"{g.intent} {g.probability:.0%}" for g in u.ranked[:3])
    lines.append(f"intent: {ranked} -> {u.decision.value}")
    lines += [f"  because {_reason(r)}" for r in _intent_reasons(u)]
    for vote in u.votes:
        said = ", ".join(f"{g.intent} {g.probability:.0%}" for g in vote.ranked[:3])
        lines.append(f"  layer {vote.layer}: {said or 'no opinion'}")
    lines += _change_lines(u)
    if len(u.needs) > 1:
        lines.append(f"asks for: {', '.join(u.needs)}")
    lines += [f"{name}: {value}" for name, value in _details(u).items()]
    return lines


def explain_data(u: Understanding) -> dict[str, Any]:
    """The same as plain data, ready for JSON."""
    return {
        "normal": u.normal,
        "decision": u.decision.value,
        "ranked": [{"intent": g.intent, "probability": round(g.probability, 4)} for g in u.ranked],
        "needs": list(u.needs),
        "danger": {
            "urgency": u.danger.urgency.value,
            "kind": u.danger.kind.value if u.danger.kind else None,
            "check_in": u.danger.check_in,
            "score": round(u.danger.score, 4),
            "reasons": [_reason_data(r) for r in u.danger.reasons],
        },
        "reasons": [_reason_data(r) for r in _intent_reasons(u)],
        "votes": [
            {
                "layer": vote.layer,
                "ranked": [
                    {"intent": g.intent, "probability": round(g.probability, 4)}
                    for g in vote.ranked
                ],
            }
            for vote in u.votes
        ],
        "changes": [asdict(change) for change in u.changes or ()],
        "details": _details(u),
    }


def _danger_line(danger: Danger) -> str:
    kind = danger.kind.value if danger.kind else "kind unknown"
    if danger.paged:
        return f"danger: PAGE, {danger.urgency.value}, {kind} ({danger.score:.0%})"
    if danger.check_in:
        return f"danger: CHECK IN, {kind} ({danger.score:.0%})"
    return f"danger: nothing ({danger.score:.0%})"


def _change_lines(u: Understanding) -> list[str]:
    if u.changes is None:
        return []
    graver = sorted(u.changes, key=lambda change: not change.danger)
    lines = [f'  without "{c.without}": {c.danger.upper() or c.intent}' for c in graver]
    if not lines:
        return ["what would have changed it: no single word"]
    return ["what would have changed it:", *lines[:LINES_OF_REASONS]]


def _intent_reasons(u: Understanding) -> Sequence[Reason]:
    return u.ranked[0].reasons if u.ranked else ()


def _reason(reason: Reason) -> str:
    words = f" [{', '.join(reason.words)}]" if reason.words else ""
    return f"{reason.layer}: {reason.text}{words}"


def _reason_data(reason: Reason) -> dict[str, Any]:
    return {
        "layer": reason.layer,
        "text": reason.text,
        "words": list(reason.words),
        "score": round(reason.score, 4),
    }


def _details(u: Understanding) -> dict[str, Any]:
    d = u.details
    found: dict[str, Any] = {
        "place": d.place.value if d.place else None,
        "age": d.age.value if d.age else None,
        "activities": [a.value for a in d.activities],
        "days": [day.value for day in d.days],
        "part of day": d.part_of_day.value if d.part_of_day else None,
        "free": d.free,
        "step-free": d.step_free,
        "group": list(d.group),
        "for": d.for_other.value if d.for_other else None,
    }
    return {name: value for name, value in found.items() if value}
