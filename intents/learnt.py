"""Layers 2 and 3 as layers: each reads words and gives its opinion on intent and danger."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from intents.content import Thresholds
from intents.examples import Example, Examples
from intents.features import Floats
from intents.layers import Layer, Reading
from intents.linear import LinearModel, Scores
from intents.match import Matcher, Near, votes
from intents.model import Kind, Reason, Urgency

CERTAIN = 4.0  # log-odds at which a share of the votes is cut off


class NgramLayer(Layer):
    """Layer 3: the linear model, its scores made into probabilities."""

    name = "ngrams"

    def __init__(self, model: LinearModel, thresholds: Thresholds) -> None:
        self._model = model
        self._sharpness = thresholds["ngrams.sharpness"]
        self._danger_sharpness = thresholds["ngrams.danger-sharpness"]

    def read(self, words: Sequence[str]) -> Reading:
        """What the linear model makes of these words."""
        return self.read_all([words])[0]

    def read_all(self, texts: Sequence[Sequence[str]]) -> list[Reading]:
        """The same for several texts at once, which is quicker than one by one."""
        found = self._model.all(texts)
        return [self._read(s) if t else Reading() for s, t in zip(found, texts, strict=True)]

    def _read(self, scores: Scores) -> Reading:
        intents = _softmax(scores.intent * self._sharpness)
        kinds = _softmax(scores.kind * self._sharpness)
        return Reading(
            dict(zip(self._model.intents, intents.tolist(), strict=True)),
            scores.danger * self._danger_sharpness,
            scores.level * self._danger_sharpness,
            dict(zip(self._model.kinds, kinds.tolist(), strict=True)),
        )

    def explain(self, words: Sequence[str], intent: str, kind: Kind | None) -> tuple[Reason, ...]:
        """The words that speak most for the intent, and for danger where there is one."""
        strong = self._model.strongest(words, "intent", intent)
        reasons = [Reason("ngrams", f"words that speak for {intent}", strong)] if strong else []
        if kind is not None and (danger := self._model.strongest(words, "danger", "danger")):
            reasons.append(Reason("danger-model", "words that speak for danger", danger))
        return tuple(reasons)


class WordsLayer(Layer):
    """Layer 2: the nearest examples vote."""

    name = "words"

    def __init__(
        self, matcher: Matcher, examples: Sequence[Example], thresholds: Thresholds
    ) -> None:
        self._matcher = matcher
        self._examples = Examples.of(examples)
        self._power = thresholds["words.power"]

    def read(self, words: Sequence[str]) -> Reading:
        """What the examples with the most alike words say."""
        return self._read(self._matcher.nearest(words))

    def read_all(self, texts: Sequence[Sequence[str]]) -> list[Reading]:
        """The same for several texts at once, which is quicker than one by one."""
        if len(texts) == 1:
            return [self.read(texts[0])]  # remembered: it is asked for again
        return [self._read(near) for near in self._matcher.nearest_all(texts)]

    def _read(self, near: Sequence[Near]) -> Reading:
        if not near:
            return Reading()
        share, grave, kinds = self._dangers(near)
        total = sum(kinds.values()) or 1.0
        # A vote among strangers says little: evidence shrinks with the likeness of the nearest.
        return Reading(
            votes(near, self._examples, self._power),
            _log_odds(share) * near[0].likeness,
            _log_odds(grave) * near[0].likeness if share else 0.0,
            {kind: weight / total for kind, weight in kinds.items()},
        )

    def explain(self, words: Sequence[str], intent: str, kind: Kind | None) -> tuple[Reason, ...]:
        """The nearest examples of the intent."""
        near = self._matcher.nearest(words)
        mine = [n for n in near if self._examples.intent(n.index) == intent]
        return tuple(
            Reason(
                "words",
                f'like "{self._examples.text(n.index)}"',
                self._matcher.shared(words, n.index),
                n.likeness,
            )
            for n in (mine or near)[:3]
        )

    def nearest(self, words: Sequence[str]) -> tuple[Near, ...]:
        """The nearest examples, best first."""
        return self._matcher.nearest(words)

    def example(self, near: Near) -> Example:
        """One of them itself."""
        return self._examples[near.index]

    def shared(self, words: Sequence[str], near: Near) -> tuple[str, ...]:
        """The words that a message shares with an example."""
        return self._matcher.shared(words, near.index)

    def _dangers(self, near: Sequence[Near]) -> tuple[float, float, Mapping[Kind, float]]:
        """The share of dangers among the votes, of emergencies among those, and of each kind."""
        total = dangerous = grave = 0.0
        kinds: dict[Kind, float] = defaultdict(float)
        for one in near:
            weight = float(one.likeness**self._power)
            urgency, kind = self._examples.urgency(one.index), self._examples.kind(one.index)
            total += weight
            if urgency.paged:
                dangerous += weight
                grave += weight if urgency is Urgency.EMERGENCY else 0.0
                if kind is not None:
                    kinds[kind] += weight
        return dangerous / (total or 1.0), grave / (dangerous or 1.0), kinds


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - np.maximum.reduce(scores))
    return np.asarray(powers / np.add.reduce(powers), dtype=np.float32)


def _log_odds(share: float) -> float:
    eased = min(max(share, 1e-3), 1 - 1e-3)
    return min(max(math.log(eased / (1 - eased)), -CERTAIN), CERTAIN)


def best_kind(kinds: Mapping[Kind, float]) -> Kind | None:
    """The likeliest kind; the first in their own order among equals."""
    if not kinds:
        return None
    return max((kind for kind in Kind if kind in kinds), key=lambda kind: kinds[kind])
