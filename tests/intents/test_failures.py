"""A layer that breaks never lowers a verdict, and what broke is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from intents.content import IntentContent
from intents.layers import Layer, Reading
from intents.model import Decision, Kind, Reason
from intents.rules import Rulebook
from intents.understand import Understander, build_understander

PLAIN = ("i want to kill myself", "theres a man outside my door with a knife", "i was raped")


class BrokenLayer(Layer):
    """Fails whenever it is asked."""

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, words: Sequence[str]) -> Reading:
        raise RuntimeError("broken")

    def explain(self, words: Sequence[str], intent: str, kind: Kind | None) -> tuple[Reason, ...]:
        raise RuntimeError("broken")


class NumberlessLayer(BrokenLayer):
    """Answers with a number that is none, as a damaged weights file would."""

    def read(self, words: Sequence[str]) -> Reading:
        return Reading(danger=float("nan"))


class BrokenRules(Rulebook):
    """Fails whenever it is asked."""

    def __init__(self) -> None:
        pass

    def read(self, words: Sequence[str]) -> None:
        raise RuntimeError("broken")


@pytest.fixture
def fresh(
    content: IntentContent, cache_dir: Path, places: list[str], understander: Understander
) -> Understander:
    return build_understander(content, places, {}, cache_dir)


@pytest.mark.parametrize("broken", [BrokenLayer, NumberlessLayer])
@pytest.mark.parametrize("name", ["ngrams", "words"])
def test_other_layers_go_on_when_one_breaks(
    fresh: Understander, name: str, broken: type[BrokenLayer]
) -> None:
    layers = [broken(name) if one.name == name else one for one in fresh.layers()]
    damaged = fresh.with_layers(layers)
    for text in PLAIN:
        assert damaged.understand(text).danger.paged
        assert damaged.understand(text).danger.urgency.rank >= 2
    assert damaged.health.failures[name] >= len(PLAIN)


def test_broken_rules_leave_the_learnt_layers(fresh: Understander) -> None:
    damaged = fresh.with_rules(BrokenRules())
    for text in PLAIN:
        danger = damaged.understand(text).danger
        assert danger.paged or danger.check_in
    assert damaged.health.last_error["rules"] == "RuntimeError"


def test_when_everything_fails_the_person_is_asked(fresh: Understander) -> None:
    damaged = fresh.with_layers([BrokenLayer("ngrams"), BrokenLayer("words")])
    damaged = damaged.with_rules(BrokenRules())
    u = damaged.understand("any boxing near brixton")
    assert u.danger.check_in
    assert u.danger.reasons[0].layer == "fallback"
    assert u.decision is Decision.FALLBACK


def test_explaining_survives_a_broken_layer(fresh: Understander) -> None:
    layers = [BrokenLayer("words") if one.name == "words" else one for one in fresh.layers()]
    assert fresh.with_layers(layers).explain("any boxing near brixton").ranked


@pytest.mark.parametrize("name", ["linear", "plain"])
def test_damaged_cache_is_made_anew(content: IntentContent, tmp_path: Path, name: str) -> None:
    few = replace(content, examples=content.examples[::12])
    build_understander(few, (), {}, tmp_path)
    (cached,) = tmp_path.glob(f"{name}-*.npz")
    whole = cached.stat().st_size
    cached.write_bytes(cached.read_bytes()[: whole // 2])
    again = build_understander(few, (), {}, tmp_path)
    assert not again.health.failures
    assert cached.stat().st_size == whole


def test_cached_model_says_the_same_as_a_fitted_one(content: IntentContent, tmp_path: Path) -> None:
    few = replace(content, examples=content.examples[::12])
    fitted = build_understander(few, (), {}, tmp_path)
    cached = build_understander(few, (), {}, tmp_path)
    for text in PLAIN:
        assert cached.understand(text) == fitted.understand(text)
