"""Layers 2 and 3 as layers: each reads words and gives its opinion on intent and danger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from intents.content import Example, Thresholds
from intents.features import Floats
from intents.layers import Reading
from intents.linear import LinearModel
from intents.match import Matcher, Near, votes
from intents.model import Kind, Reason, Urgency

CERTAIN = 4.0  # log-odds at which a share of the votes is cut off


class NgramLayer:
    """Layer 3: the linear model, its scores made into probabilities."""

    name = "ngrams"

    def __init__(self, model: LinearModel, thresholds: Thresholds) -> None:
        self._model = model
        self._sharpness = thresholds["ngrams.sharpness"]
        self._danger_sharpness = thresholds["ngrams.danger-sharpness"]

    def read(self, words: Sequence[str]) -> Reading:
        """What the linear model makes of these words."""
        if not words:
            return Reading()
        scores = self._model(words)
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


class WordsLayer:
    """Layer 2: the nearest examples vote."""

    name = "words"

    def __init__(
        self, matcher: Matcher, examples: Sequence[Example], thresholds: Thresholds
    ) -> None:
        self._matcher = matcher
        self._examples = examples
        self._power = thresholds["words.power"]

    def read(self, words: Sequence[str]) -> Reading:
        """What the examples with the most alike words say."""
        near = self._matcher.nearest(words)
        if not near:
            return Reading()
        dangerous = [n for n in near if self._examples[n.index].urgency.paged]
        share = self._share(dangerous, near)
        grave = [n for n in dangerous if self._urgency(n) is Urgency.EMERGENCY]
        kinds: dict[Kind, float] = defaultdict(float)
        for one in dangerous:
            kind = self._examples[one.index].kind
            if kind is not None:
                kinds[kind] += self._weight(one)
        total = sum(kinds.values()) or 1.0
        # A vote among strangers says little: evidence shrinks with the likeness of the nearest.
        return Reading(
            votes(near, self._examples, self._power),
            _log_odds(share) * near[0].likeness,
            _log_odds(self._share(grave, dangerous)) * near[0].likeness if dangerous else 0.0,
            {kind: weight / total for kind, weight in kinds.items()},
            self._reasons(near),
        )

    def explain(self, words: Sequence[str], intent: str, kind: Kind | None) -> tuple[Reason, ...]:
        """The nearest examples of the intent."""
        near = self._matcher.nearest(words)
        mine = [n for n in near if self._examples[n.index].intent == intent]
        return self._reasons(mine or near)

    def nearest(self, words: Sequence[str]) -> tuple[tuple[Example, Near], ...]:
        """The nearest examples themselves, best first."""
        return tuple((self._examples[n.index], n) for n in self._matcher.nearest(words))

    def _urgency(self, near: Near) -> Urgency:
        return self._examples[near.index].urgency

    def _weight(self, near: Near) -> float:
        return float(near.likeness**self._power)

    def _share(self, some: Sequence[Near], of: Sequence[Near]) -> float:
        return sum(map(self._weight, some)) / (sum(map(self._weight, of)) or 1.0)

    def _reasons(self, near: Sequence[Near]) -> tuple[Reason, ...]:
        return tuple(
            Reason("words", f'like "{self._examples[n.index].text}"', n.words, n.likeness)
            for n in near[:3]
        )


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(), dtype=np.float32)


def _log_odds(share: float) -> float:
    eased = min(max(share, 1e-3), 1 - 1e-3)
    return float(np.clip(np.log(eased / (1 - eased)), -CERTAIN, CERTAIN))


def best_kind(kinds: Mapping[Kind, float]) -> Kind | None:
    """The likeliest kind; the first in their own order among equals."""
    if not kinds:
        return None
    return max((kind for kind in Kind if kind in kinds), key=lambda kind: kinds[kind])
