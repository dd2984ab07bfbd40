"""Why a message was understood so, and what would have changed it."""

from __future__ import annotations

from intents.explain import explain, explain_data
from intents.understand import Understander


def test_the_word_that_decides_is_named(understander: Understander) -> None:
    u = understander.explain("this homework is killing me, i want to die")
    lines = "\n".join(explain(u))
    assert "what would have changed it:" in lines
    assert u.changes is not None
    assert all(change.danger or change.intent for change in u.changes)


def test_without_the_word_the_verdict_is_the_one_that_was_told(understander: Understander) -> None:
    text = "any boxing near brixton"
    u = understander.explain(text)
    assert u.changes
    for change in u.changes:
        other = understander.understand(" ".join(u.normal.replace(change.without, "", 1).split()))
        if change.intent:
            assert change.intent == f"{other.intent} ({other.decision.value})"
        if change.danger:
            assert change.danger == other.danger.step


def test_only_who_asks_why_waits_for_it(understander: Understander) -> None:
    assert understander.understand("any boxing near brixton").changes is None
    assert understander.explain("boxing").changes == ()
    assert explain_data(understander.explain("boxing"))["changes"] == []


def test_the_verdict_says_how_far_it_is_from_another(understander: Understander) -> None:
    lines = explain(understander.explain("he keeps threatening me and i cant go home"))
    assert any("asks from" in line and "pages from" in line for line in lines)
