"""Figures of the sentence encoder: held-out examples of our own, and messages of other authors.

    python -m tools.encoder_eval [--weights FOLDER]

prints the figures of the encoder by itself on ../shared/evaluation/dev_*.jsonl, where that is
there. They are a measure only: nothing is trained or tuned on those messages.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from intents.encoder import EncoderLayer, load_encoder
from intents.model import Kind, Urgency
from tools.encoder_data import ROOT, Sample, load_content, reader

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scores:
    """Raw scores of many texts."""

    intent: Array
    danger: Array
    level: Array
    kind: Array

    @classmethod
    def of(cls, table: NDArray[np.float32], intents: int) -> Scores:
        """Out of one table: intents, danger, level, kinds."""
        t = table.astype(np.float64)
        return cls(t[:, :intents], t[:, intents], t[:, intents + 1], t[:, intents + 2 :])


def runtime_scores(layer: EncoderLayer, texts: Sequence[str]) -> Scores:
    """The scores of the files that the bot loads; of a long text those of its first window."""
    rows = [layer.scores(layer.windows(text)[0]) for text in texts]
    return Scores.of(np.stack(rows), len(layer.intents))


def softmax(scores: Array) -> Array:
    """Row by row."""
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True))


def report(said: Scores, right: Sequence[Sample], intents: Sequence[str]) -> dict[str, float]:
    """The figures that matter, as shares."""
    truth = np.asarray([intents.index(s.intent) for s in right])
    danger = np.asarray([s.dangerous for s in right])
    ranks = (said.intent > said.intent[np.arange(len(truth)), truth][:, None]).sum(1)
    safe = ~danger
    in_scope = safe & np.asarray([s.intent != "out-of-scope" for s in right])
    twins = np.asarray([s.slice == "twin" for s in right])
    level = np.asarray([s.urgency is Urgency.EMERGENCY for s in right])
    kinds = [k.value for k in Kind]
    kind = np.asarray([kinds.index(s.kind.value) if s.kind else -1 for s in right])
    return {
        "of": len(right),
        "top 1, harmless in scope": share(ranks[in_scope] == 0),
        "top 3, harmless in scope": share(ranks[in_scope] < 3),
        "top 1, all": share(ranks == 0),
        "danger found at 0": share(said.danger[danger] > 0),
        "alarms at 0": share(said.danger[safe] > 0),
        **{f"danger found at {a:.0%} alarms": at_alarms(said.danger, danger, a) for a in ALARMS},
        "same, without twins": at_alarms(said.danger[~twins], danger[~twins], 0.05),
        "level right": share((said.level > 0)[danger] == level[danger]),
        "emergency as emergency": share(said.level[danger & level] > 0),
        "kind right": share(said.kind.argmax(1)[danger] == kind[danger]),
        "danger log-loss": log_loss(said.danger, danger),
    }


ALARMS = (0.02, 0.05, 0.1)


def share(hits: NDArray[np.bool_]) -> float:
    """Of all, rounded for reading."""
    return round(float(hits.mean()), 4) if hits.size else float("nan")


def at_alarms(odds: Array, danger: NDArray[np.bool_], alarms: float) -> float:
    """The share of dangers above the score that this share of harmless messages exceeds."""
    if not danger.any() or danger.all():
        return float("nan")
    return share(odds[danger] > np.quantile(odds[~danger], 1 - alarms))


def log_loss(odds: Array, truth: NDArray[np.bool_]) -> float:
    """Mean loss in nats of log-odds against what is true."""
    return round(float(np.logaddexp(0, np.where(truth, -odds, odds)).mean()), 4)


def calibrate(said: Scores, right: Sequence[Sample], intents: Sequence[str]) -> dict[str, float]:
    """Slopes and intercept that make the scores mean what they say, by least log-loss."""
    truth = np.asarray([intents.index(s.intent) for s in right])
    danger = np.asarray([s.dangerous for s in right])
    level = np.asarray([s.urgency is Urgency.EMERGENCY for s in right])
    kinds = [k.value for k in Kind]
    kind = np.asarray([kinds.index(s.kind.value) if s.kind else -1 for s in right])
    slope, intercept = _logistic(said.danger, danger)
    level_slope, level_intercept = _logistic(said.level[danger], level[danger])
    return {
        "intent.slope": _sharpness(said.intent, truth),
        "kind.slope": _sharpness(said.kind[danger], kind[danger]),
        "danger.slope": slope,
        "danger.intercept": intercept,
        "level.slope": level_slope,
        "level.intercept": level_intercept,
    }


def _sharpness(scores: Array, truth: NDArray[np.int64]) -> float:
    def loss(slope: float) -> float:
        shares = softmax(scores * slope)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(shares, 1e-12)).mean())

    return min((round(s, 2) for s in np.arange(0.3, 3.01, 0.05)), key=loss)


def _logistic(scores: Array, truth: NDArray[np.bool_]) -> tuple[float, float]:
    pairs = [
        (round(a, 2), round(b, 2))
        for a in np.arange(0.2, 2.01, 0.05)
        for b in np.arange(-2, 2.01, 0.1)
    ]
    return min(pairs, key=lambda p: log_loss_exact(p[0] * scores + p[1], truth))


def log_loss_exact(odds: Array, truth: NDArray[np.bool_]) -> float:
    """As `log_loss`, not rounded."""
    return float(np.logaddexp(0, np.where(truth, -odds, odds)).mean())


def others() -> list[Sample]:
    """The messages of other authors, read where they lie; none where they do not."""
    content = load_content()
    read = reader(content)
    found = []
    for path in sorted((ROOT.parent / "shared" / "evaluation").glob("dev_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            urgency = Urgency(row["urgency"])
            kind = Kind(row["kind"]) if urgency.paged else None
            normal = read(row["text"])
            found.append(Sample(row["text"], normal, row["intent"], urgency, kind, "other", ""))
    return [one for one in found if one.normal]


def main() -> None:
    """Print the figures on other authors' messages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, default=ROOT / "intents" / "weights")
    layer = load_encoder(parser.parse_args().weights)
    samples = others()
    if not samples:
        raise SystemExit("../shared/evaluation is not there")
    said = runtime_scores(layer, [s.normal for s in samples])
    for name, value in report(said, samples, layer.intents).items():
        print(f"{name:30} {value}")


if __name__ == "__main__":
    main()
