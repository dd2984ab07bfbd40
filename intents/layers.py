"""What every layer of understanding gives, so that another one can be put beside the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from intents.model import Kind, Reason, Urgency


@dataclass(frozen=True, slots=True)
class Reading:
    """One layer's opinion on a few words."""

    intents: Mapping[str, float] = field(default_factory=dict)  # probabilities
    danger: float | None = None  # log-odds that it is a danger; None: no opinion
    emergency: float = 0.0  # log-odds that a danger is an emergency
    kinds: Mapping[Kind, float] = field(default_factory=dict)  # probabilities, if it is a danger


class Layer(Protocol):
    """A layer that learns from examples: fuzzy words, n-grams, later sentence vectors.

    Its weight stands in words/thresholds.yaml as "weight.intent.<name>" and "weight.danger.<name>".
    """

    name: str
    reads_whole: bool = False  # too slow to read every part too; reads the stops between words also

    def read(self, words: Sequence[str]) -> Reading:
        """What it makes of these words; may raise, then the other layers go on."""
        ...

    def read_all(self, texts: Sequence[Sequence[str]]) -> list[Reading]:
        """The same for several texts; a layer that is quicker so reads them at once."""
        return [self.read(words) for words in texts]

    def explain(self, words: Sequence[str], intent: str, kind: Kind | None) -> tuple[Reason, ...]:
        """Why it says so."""
        ...


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one danger layer says by itself."""

    layer: str
    urgency: Urgency  # emergency, urgent, or none
    check_in: bool
    kind: Kind | None
    score: float  # 0 to 1
    reasons: tuple[Reason, ...] = ()

    @property
    def rank(self) -> tuple[int, bool, float]:
        """For comparing: graver first, then surer."""
        return (self.urgency.rank if self.urgency.paged else 0, self.check_in, self.score)
