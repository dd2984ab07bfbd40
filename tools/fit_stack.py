"""Fit how the layers' opinions are joined, on examples that none of them saw.

    python -m tools.fit_stack --weights FOLDER --held HELD.json

FOLDER holds the weights of a training run with a held-out part, HELD.json the texts of that part.
The other layers are fitted without it too. Prints the values for intents/words/thresholds.yaml,
with and without the encoder; never looks at ../shared/evaluation.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.content.word_files import load_areas
from intents.examples import Example
from intents.layers import Reading
from intents.model import Urgency
from intents.understand import Understander, build_understander
from tools.encoder_data import ROOT, load_content

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
QUICK = ("ngrams", "words")
ALL = (*QUICK, "encoder")
FALSE_PAGES = (0.005, 0.01, 0.015, 0.02, 0.03)  # of harmless messages, by the models alone
ALARMS = (0.06, 0.08, 0.09, 0.1, 0.12, 0.15)  # pages and questions together
GRAVE = (0.8, 0.85, 0.9, 0.95)  # of the emergencies, told as such


@dataclass(frozen=True, slots=True)
class Row:
    """What every layer says of one held-out example."""

    example: Example
    readings: dict[str, Reading]
    rules: bool  # a rule or a near example pages by itself
    asks: bool  # the same, or asks


def rows_of(understander: Understander, held: Sequence[Example]) -> list[Row]:
    """Every layer's reading of every example."""
    rows = []
    for example in held:
        read = understander.read(example.text)
        sure = [o for o in read.opinions if o.layer != "danger-model"]
        pages = any(o.urgency.paged for o in sure)
        rows.append(
            Row(example, dict(read.readings), pages, pages or any(o.check_in for o in sure))
        )
    return rows


def odds_of(rows: Sequence[Row], names: Sequence[str], *, level: bool = False) -> Floats:
    """Log-odds of danger, or of an emergency, by each layer."""

    def of(reading: Reading | None) -> float:
        if reading is None:
            return 0.0
        return reading.emergency if level else reading.danger or 0.0

    return np.asarray([[of(row.readings.get(name)) for name in names] for row in rows])


def fit_danger(rows: Sequence[Row], names: Sequence[str]) -> Floats:
    """Print weights and what each threshold would do; returns the joined log-odds."""
    table = odds_of(rows, names)
    truth = np.asarray([r.example.urgency.paged for r in rows])
    model = LogisticRegression(C=1.0).fit(table, truth)
    weights, bias = model.coef_[0], float(model.intercept_[0])
    print(f"danger by {', '.join(names)}: weights {np.round(weights, 2)}, bias {bias:.2f}")
    odds = table @ weights + bias
    pages = np.asarray([r.rules for r in rows])
    asks = np.asarray([r.asks for r in rows])
    for name, shares, sure in (("page", FALSE_PAGES, pages), ("check-in", ALARMS, asks)):
        for share in shares:
            at = float(np.quantile(odds[~truth], 1 - share))
            hit = (odds >= at) | sure
            print(
                f"  {name} from {at:+.2f} ({share:.1%} of harmless ones by the models):"
                f" dangers {hit[truth].mean():.1%}, harmless {hit[~truth].mean():.1%}"
            )
    level = odds_of(rows, names, level=True) @ weights
    grave = np.asarray([r.example.urgency is Urgency.EMERGENCY for r in rows])
    for share in GRAVE:
        at = float(np.quantile(level[grave], 1 - share))
        told = (level[truth & ~grave] >= at).mean()
        print(f"  emergency from {at:+.2f}: {share:.0%} of them, {told:.1%} of urgent ones")
    return odds


def shares_of(rows: Sequence[Row], intents: Sequence[str], weights: dict[str, float]) -> Floats:
    """The joined probabilities, examples x intents."""
    column = {intent: i for i, intent in enumerate(intents)}
    out = np.zeros((len(rows), len(intents)))
    for i, row in enumerate(rows):
        said = {n: row.readings[n].intents for n in weights if n in row.readings}
        said = {n: shares for n, shares in said.items() if shares}
        total = sum(weights[n] for n in said) or 1.0
        for name, shares in said.items():
            for intent, share in shares.items():
                out[i, column[intent]] += share * weights[name] / total
    return out


def fit_intents(rows: Sequence[Row], names: Sequence[str]) -> None:
    """Print what the encoder's share, the sharpness and each threshold would do."""
    rows = [r for r in rows if not r.example.urgency.paged]
    intents = sorted({r.example.intent for r in rows})
    truth = np.asarray([intents.index(r.example.intent) for r in rows])
    for encoder in (0.4, 0.5, 0.6, 0.7) if "encoder" in names else (0.0,):
        quick = 1 - encoder
        weights = {"ngrams": 0.75 * quick, "words": 0.25 * quick, "encoder": encoder}
        shares = shares_of(rows, intents, {n: weights[n] for n in names})
        order = np.argsort(-shares, axis=1)[:, :3]
        first, third = order[:, 0] == truth, (order == truth[:, None]).any(1)
        losses = {p: log_loss(sharpened(shares, p), truth) for p in np.arange(1.0, 2.6, 0.1)}
        best = min(losses, key=losses.__getitem__)
        print(
            f"intents, encoder {encoder:.1f}: first {first.mean():.1%}, among three"
            f" {third.mean():.1%}; sharpness {best:.1f}, loss {losses[best]:.3f}"
        )
        if encoder in (0.0, 0.5):
            decisions(sharpened(shares, best), truth, intents.index("out-of-scope"))


def sharpened(shares: Floats, power: float) -> Floats:
    """Probabilities made surer."""
    powers = shares**power
    return np.asarray(powers / powers.sum(1, keepdims=True))


def log_loss(shares: Floats, truth: NDArray[np.int64]) -> float:
    """Mean of the negative logarithm of what the right intent was given."""
    right = shares[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(right, 1e-6)).mean())


def decisions(shares: Floats, truth: NDArray[np.int64], nothing: int) -> None:
    """Served, wrong and sure, out-of-scope answered: for thresholds of answering and refusing."""
    order = np.argsort(-shares, axis=1)[:, :3]
    first, third = order[:, 0] == truth, (order == truth[:, None]).any(1)
    top = shares[np.arange(len(truth)), order[:, 0]]
    empty, scope = order[:, 0] == nothing, truth != nothing
    for refuse in (0.4, 0.5, 0.6, 0.7):
        for answer in (0.4, 0.5, 0.6, 0.7):
            sure = (top >= answer) & ~empty
            refused = empty & (top >= refuse)
            served = (sure & first) | (~sure & ~refused & third)
            print(
                f"  refuse {refuse} answer {answer}: served {served[scope].mean():.1%},"
                f" answered {sure[scope].mean():.1%}, wrong {(sure & ~first)[scope].mean():.1%},"
                f" out-of-scope answered {sure[~scope].mean():.1%},"
                f" refused {refused[~scope].mean():.1%}"
            )


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--held", type=Path, required=True, help="JSON list of held-out texts")
    given = parser.parse_args()
    texts = set(json.loads(given.held.read_text(encoding="utf-8")))
    content = load_content()
    held = [e for e in content.examples if e.text in texts]
    seen = tuple(e for e in content.examples if e.text not in texts)
    places = list(load_areas(ROOT)[0].phrases)
    known = replace(content, examples=seen)
    understander = build_understander(known, places, {}, None, given.weights)
    rows = rows_of(understander, held)
    print(f"{len(seen)} seen, {len(held)} held out; failed: {dict(understander.health.failures)}")
    for names in (QUICK, ALL):
        fit_danger(rows, names)
        fit_intents(rows, names)


if __name__ == "__main__":
    main()
