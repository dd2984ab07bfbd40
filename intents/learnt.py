"""Layers 2 and 3 as layers: each reads words and gives its opinion on intent and danger."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from intents.content import Thresholds
from intents.examples import Example, Examples
from intents.features import Floats
from intents.layers import Layer, Reading
from intents.linear import LinearModel
from intents.match import Matcher, Near
from intents.model import Kind, Reason, Urgency

T = TypeVar("T")
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
        sharp = self._danger_sharpness
        rows = zip(
            texts,
            _softmax(found.intent * self._sharpness).tolist(),
            found.danger.tolist(),
            found.level.tolist(),
            _softmax(found.kind * self._sharpness).tolist(),
            strict=True,
        )
        intents, kinds = self._model.intents, self._model.kinds
        return [
            Reading(
                dict(zip(intents, i, strict=True)),
                d * sharp,
                e * sharp,
                dict(zip(kinds, k, strict=True)),
            )
            if text
            else Reading()
            for text, i, d, e, k in rows
        ]

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

    def _read(self, near: Sequence[Near]) -> Reading:
        if not near:
            return Reading()
        total = dangerous = grave = 0.0
        intents: dict[str, float] = defaultdict(float)
        kinds: dict[Kind, float] = defaultdict(float)
        verdicts = self._examples.verdicts([one.index for one in near])
        for one, (intent, urgency, kind) in zip(near, verdicts, strict=True):
            weight = one.likeness**self._power  # the more alike, the more weight
            total += weight
            intents[intent] += weight
            if urgency.paged:
                dangerous += weight
                grave += weight if urgency is Urgency.EMERGENCY else 0.0
                if kind is not None:
                    kinds[kind] += weight
        # A vote among strangers says little: evidence shrinks with the likeness of the nearest.
        return Reading(
            _shares(intents, total),
            _log_odds(dangerous / (total or 1.0)) * near[0].likeness,
            _log_odds(grave / dangerous) * near[0].likeness if dangerous else 0.0,
            _shares(kinds, sum(kinds.values())),
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


def _shares(votes: Mapping[T, float], total: float) -> dict[T, float]:
    return {voted: weight / (total or 1.0) for voted, weight in votes.items()}


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - np.maximum.reduce(scores, axis=1, keepdims=True))
    powers /= np.add.reduce(powers, axis=1, keepdims=True)
    return powers


def _log_odds(share: float) -> float:
    eased = min(max(share, 1e-3), 1 - 1e-3)
    return min(max(math.log(eased / (1 - eased)), -CERTAIN), CERTAIN)


def best_kind(kinds: Mapping[Kind, float]) -> Kind | None:
    """The likeliest kind; the first in their own order among equals."""
    if not kinds:
        return None
    return max((kind for kind in Kind if kind in kinds), key=lambda kind: kinds[kind])
