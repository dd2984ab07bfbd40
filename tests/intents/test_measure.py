"""The figures are those of score.py, and what is beside them counts what it says."""

from __future__ import annotations

import importlib.util
import math
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from intents.measure import (
    COST,
    Judged,
    Message,
    Share,
    Verdict,
    by_slice,
    calibration_error,
    confusions,
    danger_pairs,
    figures,
    found_at,
    intent_pairs,
    reliability,
    twins_apart,
)
from intents.model import Kind, Urgency

SCORE = Path(__file__).parents[3] / "shared" / "evaluation" / "score.py"
INTENTS = ("find-work", "housing", "greeting", "out-of-scope")


def message(text: str = "hi", intent: str = "greeting", **other: Any) -> Message:
    return Message(text, intent, other.pop("urgency", Urgency.NONE), **other)


def danger(text: str = "help", urgency: Urgency = Urgency.URGENT, **other: Any) -> Message:
    return Message(text, "housing", urgency, other.pop("kind", "abuse"), **other)


def verdict(*ranked: tuple[str, float], **other: Any) -> Verdict:
    says = {"decision": "answer", "urgency": "none", "kind": None, "check_in": False, "danger": 0.0}
    return Verdict(ranked=ranked or (("greeting", 0.9),), **{**says, **other})


def any_message(chance: random.Random) -> dict[str, Any]:
    urgency = chance.choice(list(Urgency))
    row: dict[str, Any] = {"text": "t", "intent": chance.choice(INTENTS), "urgency": urgency.value}
    if chance.random() < 0.3:
        row["also"] = [chance.choice(INTENTS)]
    if urgency.paged:
        row["kind"] = chance.choice(list(Kind)).value
    return row


def any_prediction(chance: random.Random) -> dict[str, Any]:
    return {
        "decision": chance.choice(("answer", "clarify", "fallback")),
        "ranked": chance.sample(INTENTS, chance.randint(1, 4)),
        "urgency": chance.choice(("none", "none", "urgent", "emergency")),
        "kind": None,
        "check_in": chance.random() < 0.2,
    }


def as_judged(label: dict[str, Any], guess: dict[str, Any]) -> Judged:
    m = Message(
        label["text"], label["intent"], Urgency(label["urgency"]), label.get("kind"),
        tuple(label.get("also", ())),
    )  # fmt: skip
    ranked = tuple((name, 0.5) for name in guess["ranked"])
    return m, Verdict(**{**guess, "ranked": ranked, "danger": 0.0})


@pytest.fixture
def score() -> ModuleType:
    if not SCORE.exists():
        pytest.skip("../shared/evaluation/score.py is not here")
    spec = importlib.util.spec_from_file_location("score", SCORE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", range(20))
def test_the_figures_are_those_of_score_py(score: ModuleType, seed: int) -> None:
    chance = random.Random(seed)
    labels = [any_message(chance) for _ in range(seed * 15 + 1)]
    guesses = [any_prediction(chance) for _ in labels]
    expected, _ = score.score(labels, guesses)

    found = figures(as_judged(m, g) for m, g in zip(labels, guesses, strict=True))

    assert list(found) == list(expected)
    for name, share in found.items():
        low, high = share.interval
        given = expected[name]
        assert (share.hits, share.of) == (given["hits"], given["of"]), name
        assert math.isclose(low, given["low"]), name
        assert math.isclose(high, given["high"]), name


def test_a_share_of_nothing_is_no_number() -> None:
    assert math.isnan(Share(0, 0).share)
    assert all(math.isnan(end) for end in Share(0, 0).interval)


def test_what_was_said_stands_beside_what_happened() -> None:
    table = reliability([(0.95, True), (0.97, False), (1.0, True), (0.0, False)])
    assert [(b.low, b.n) for b in table if b.n] == [(0.0, 1), (0.9, 3)]
    assert table[9].happened == pytest.approx(2 / 3)
    assert calibration_error(table) == pytest.approx((3 * abs(2.92 / 3 - 2 / 3)) / 4)
    assert math.isnan(calibration_error(reliability([])))


def test_dangers_and_pages_say_nothing_about_the_probability_of_an_intent() -> None:
    judged = [
        (danger(), verdict()),
        (message(), verdict(urgency="urgent")),
        (message(), verdict(("housing", 0.7))),
        (message(also=("housing",)), verdict(("housing", 0.6))),
    ]
    assert intent_pairs(judged) == [(0.7, False), (0.6, True)]
    assert [was for _, was in danger_pairs(judged)] == [True, False, False, False]


def test_a_missed_danger_costs_more_than_any_other_mistake_and_stands_first() -> None:
    judged = [
        (message("a"), verdict(("housing", 0.9))),
        (message("b"), verdict(check_in=True, kind="abuse")),
        (message("c"), verdict(urgency="urgent", kind="abuse")),
        (danger("d"), verdict(("find-work", 0.4), decision="clarify")),
        (danger("e"), verdict(check_in=True)),
        (message("f"), verdict()),
    ]
    found = confusions(judged)
    assert [c.mistake for c in found] == list(COST)
    assert (found[0].truth, found[0].taken_for, found[0].examples) == (
        "urgent/abuse", "find-work", ("d",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("of_danger", "of_twin", "apart"),
    [
        ({"urgency": "urgent"}, {}, True),
        ({"check_in": True}, {}, True),
        ({"urgency": "urgent"}, {"check_in": True}, True),
        ({"check_in": True}, {"check_in": True}, False),
        ({"urgency": "urgent"}, {"urgency": "emergency"}, False),
        ({}, {}, False),
    ],
)
def test_twins_are_apart_where_the_danger_is_met_with_more(
    of_danger: dict[str, Any], of_twin: dict[str, Any], apart: bool
) -> None:
    judged = [
        (danger(twin="x"), verdict(**of_danger)),
        (message(twin="x"), verdict(**of_twin)),
        (message(twin="alone"), verdict()),
    ]
    assert twins_apart(judged) == Share(int(apart), 1)


def test_each_way_of_writing_is_counted_by_itself() -> None:
    judged = [
        (message(slice="slang"), verdict(("housing", 0.9))),
        (message(slice="typos"), verdict()),
        (message(), verdict()),
    ]
    found = by_slice(judged)
    assert list(found) == ["all", "slang", "typos", "(no slice)"]
    assert found["all"]["served"] == Share(2, 3)
    assert found["slang"]["served"] == Share(0, 1)


def test_layers_are_compared_by_what_they_find_at_the_same_share_of_alarms() -> None:
    safe = [(message(), verdict(danger=i / 10)) for i in range(10)]
    dangers = [(danger(), verdict(danger=score)) for score in (0.95, 0.85, 0.3, 0.1)]
    assert found_at([*safe, *dangers], 0.0) == 1 / 4
    assert found_at([*safe, *dangers], 0.1) == 2 / 4
    assert math.isnan(found_at(safe, 0.1))
