"""Fit how the encoder's opinion is joined with the other layers', on examples it never saw.

    python -m tools.encoder_stack --weights FOLDER --held HELD.json

FOLDER holds the weights of the run with a held-out part, HELD.json the texts of that part. The
other layers are fitted without it too. Prints the weights and thresholds for thresholds.yaml.
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

from intents.content import Example
from intents.layers import Reading
from intents.model import Kind, Urgency
from intents.understand import Understander, build_understander
from tools.encoder_data import load_content

LAYERS = ("ngrams", "words", "encoder")
LOOK_ALIKES = ("twin", "concern")


@dataclass(frozen=True, slots=True)
class Row:
    """What every layer says of one held-out example."""

    example: Example
    readings: dict[str, Reading]
    rule_asks: bool  # a rule would check in
    rule_pages: bool


def rows_of(understander: Understander, held: Sequence[Example]) -> list[Row]:
    """Every layer's reading of every example."""
    rows = []
    for example in held:
        read = understander.read(example.text)
        rules = [o for o in read.opinions if o.layer == "rules"]
        pages = any(o.urgency.paged for o in rules)
        rows.append(Row(example, dict(read.readings), bool(rules), pages))
    return rows


def danger_table(rows: Sequence[Row]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Log-odds of each layer and whether a rule spoke; what is true."""
    table = [
        [*(r.readings[n].danger or 0.0 if n in r.readings else 0.0 for n in LAYERS), r.rule_asks]
        for r in rows
    ]
    return np.asarray(table, dtype=float), np.asarray([r.example.urgency.paged for r in rows])


def fit_danger(rows: Sequence[Row]) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of the layers' log-odds; harmless look-alikes count half."""
    table, truth = danger_table(rows)
    half = [0.5 if r.example.slice in LOOK_ALIKES and not t else 1.0 for r, t in zip(rows, truth)]
    model = LogisticRegression(C=1.0).fit(table, truth, sample_weight=half)
    return model.coef_[0], float(model.intercept_[0])


def print_danger(rows: Sequence[Row]) -> None:
    """Weights, and what each threshold would find and alarm."""
    weights, bias = fit_danger(rows)
    named = dict(zip((*LAYERS, "rules"), np.round(weights, 3).tolist(), strict=True))
    print("danger weights", named, "bias", round(bias, 3))
    table, truth = danger_table(rows)
    odds = table @ weights + bias
    paged = np.asarray([r.rule_pages for r in rows])
    near = np.asarray([r.example.slice in LOOK_ALIKES for r in rows])
    for at in np.arange(-3.0, 2.6, 0.25):
        hit = (odds >= at) | paged
        print(
            f"odds {at:+.2f}: found {hit[truth].mean():.3f}, ordinary {hit[~truth & ~near].mean():.3f}"
            f", look-alike {hit[~truth & near].mean():.3f}"
        )
    level = np.asarray([sum(r.readings[n].emergency * w for n, w in named.items() if n in r.readings) for r in rows])
    grave = np.asarray([r.example.urgency is Urgency.EMERGENCY for r in rows])
    for at in np.arange(-2.0, 1.1, 0.25):
        said = level >= at
        print(f"level {at:+.2f}: emergencies {said[grave].mean():.3f}, urgent {said[truth & ~grave].mean():.3f}")
    kinds = list(Kind)
    for n in LAYERS:
        right = [max(kinds, key=lambda k: r.readings[n].kinds.get(k, 0)) is r.example.kind for r in rows if r.example.urgency.paged and n in r.readings]
        print(f"kind by {n}: {np.mean(right):.3f}")


def intent_shares(rows: Sequence[Row], names: Sequence[str], weights: Sequence[float]) -> NDArray[np.float64]:
    """The joined probabilities, examples x intents."""
    total = np.zeros((len(rows), len(names)))
    for i, row in enumerate(rows):
        said = [(row.readings[n].intents, w) for n, w in zip(LAYERS, weights, strict=True) if n in row.readings and row.readings[n].intents]
        norm = sum(w for _, w in said) or 1.0
        for intents, w in said:
            for j, name in enumerate(names):
                total[i, j] += intents.get(name, 0.0) * w / norm
    return total


def print_intents(rows: Sequence[Row]) -> None:
    """How right the joined intents are for several weights, and what thresholds would do."""
    rows = [r for r in rows if not r.example.urgency.paged]
    names = sorted({r.example.intent for r in rows})
    truth = np.asarray([names.index(r.example.intent) for r in rows])
    plain = np.asarray([r.example.slice not in LOOK_ALIKES for r in rows])
    nothing = names.index("out-of-scope")
    for encoder in (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0):
        rest = 1 - encoder
        shares = intent_shares(rows, names, (0.75 * rest, 0.25 * rest, encoder))
        ranks = (shares > shares[np.arange(len(truth)), truth][:, None]).sum(1)
        loss = -np.log(np.maximum(shares[np.arange(len(truth)), truth], 1e-6)).mean()
        scope = plain & (truth != nothing)
        print(f"encoder {encoder:.1f}: top1 {np.mean(ranks[scope] == 0):.3f} top3 {np.mean(ranks[scope] < 3):.3f} all top1 {np.mean(ranks == 0):.3f} loss {loss:.3f}")
    for encoder in (0.5, 0.6, 0.7):
        shares = intent_shares(rows, names, (0.75 * (1 - encoder), 0.25 * (1 - encoder), encoder))
        print_decisions(shares[plain], truth[plain], nothing, encoder)


def print_decisions(shares: NDArray[np.float64], truth: NDArray[np.int64], nothing: int, encoder: float) -> None:
    """Served, wrong and sure, out-of-scope answered: for thresholds of answering and refusing."""
    order = np.argsort(-shares, axis=1)[:, :3]
    top = shares[np.arange(len(truth)), order[:, 0]]
    margin = top - shares[np.arange(len(truth)), order[:, 1]]
    scope = truth != nothing
    first = order[:, 0] == truth
    third = (order == truth[:, None]).any(1)
    for refuse in (0.3, 0.4, 0.5, 0.6):
        for answer in (0.35, 0.42, 0.5, 0.55, 0.6):
            refused = (order[:, 0] == nothing) & (top >= refuse)
            sure = ~refused & (top >= answer) & (margin >= 0.12)
            refused |= sure & (order[:, 0] == nothing)
            sure &= ~refused
            served = (sure & first) | (~sure & ~refused & third)
            print(
                f"  enc {encoder} refuse {refuse} answer {answer}: served {served[scope].mean():.3f}"
                f" answered {sure[scope].mean():.3f} wrong {(sure & ~first)[scope].mean():.3f}"
                f" oos answered {sure[~scope].mean():.3f} oos refused {(refused | (order[:, 0] == nothing))[~scope].mean():.3f}"
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
    understander = build_understander(replace(content, examples=seen), (), {}, None, given.weights)
    rows = rows_of(understander, held)
    print(f"{len(seen)} seen, {len(held)} held out; failed: {dict(understander.health.failures)}")
    print_danger(rows)
    print_intents(rows)


if __name__ == "__main__":
    main()
