"""Fit how the encoder's opinion is joined with the other layers', on examples it never saw.

    python -m tools.encoder_stack --weights FOLDER --held HELD.json

FOLDER holds the weights of the run with a held-out part, HELD.json the texts of that part. The
other layers are fitted without it too. Prints the weights and thresholds for thresholds.yaml.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from intents.content import Example
from intents.layers import Reading
from intents.learnt import best_kind
from intents.model import Urgency
from intents.understand import Understander, build_understander
from tools.encoder_data import load_content

Shares = NDArray[np.float64]
LAYERS = ("ngrams", "words", "encoder")
LOOK_ALIKES = ("twin", "concern")


@dataclass(frozen=True, slots=True)
class Row:
    """What every layer says of one held-out example."""

    example: Example
    readings: dict[str, Reading]
    rule: bool  # a rule spoke
    pages: bool  # rules, near examples or parts page by themselves
    asks: bool  # the same, for checking in


def rows_of(understander: Understander, held: Sequence[Example]) -> list[Row]:
    """Every layer's reading of every example."""
    rows = []
    for example in held:
        read = understander.read(example.text)
        rules = [o for o in read.opinions if o.layer not in ("danger-model", "phrases")]
        models = [o for o in read.opinions if o.layer == "danger-model"]
        rest = [o for o in read.opinions if o not in models[:1]]
        pages, asks = any(o.urgency.paged for o in rest), any(o.check_in for o in rest)
        rows.append(Row(example, dict(read.readings), bool(rules), pages, pages or asks))
    return rows


def danger_table(rows: Sequence[Row]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Log-odds of each layer and whether a rule spoke; what is true."""
    table = [
        [*(r.readings[n].danger or 0.0 if n in r.readings else 0.0 for n in LAYERS), r.rule]
        for r in rows
    ]
    return np.asarray(table, dtype=float), np.asarray([r.example.urgency.paged for r in rows])


def fit_danger(rows: Sequence[Row]) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of the layers' log-odds; harmless look-alikes count half."""
    table, truth = danger_table(rows)
    half = [
        0.5 if r.example.slice in LOOK_ALIKES and not t else 1.0
        for r, t in zip(rows, truth, strict=True)
    ]
    model = LogisticRegression(C=1.0).fit(table, truth, sample_weight=half)
    return model.coef_[0], float(model.intercept_[0])


def print_danger(rows: Sequence[Row]) -> None:
    """Weights, and what each threshold would find and alarm."""
    weights, bias = fit_danger(rows)
    named = dict(zip((*LAYERS, "rules"), np.round(weights, 3).tolist(), strict=True))
    print("danger weights", named, "bias", round(bias, 3))
    table, truth = danger_table(rows)
    odds = table @ weights + bias
    pages, asks = np.asarray([r.pages for r in rows]), np.asarray([r.asks for r in rows])
    near = np.asarray([r.example.slice in LOOK_ALIKES for r in rows])
    groups = truth, ~truth & ~near, ~truth & near
    for at in np.arange(-2.0, 2.6, 0.25):
        for name, others in (("page", pages), ("ask", asks)):
            hit = (odds >= at) | others
            shares = [hit[group].mean() for group in groups]
            told = "{} at {:+.2f}: dangers {:.3f}, ordinary {:.3f}, look-alike {:.3f}"
            print(told.format(name, at, *shares))
    print_level([r for r in rows if r.example.urgency.paged], named)


def print_level(dangers: Sequence[Row], weights: Mapping[str, float]) -> None:
    """How emergency and urgent are told apart, and how often each layer names the kind."""
    level = np.asarray(
        [sum(weights[n] * reading.emergency for n, reading in r.readings.items()) for r in dangers]
    )
    grave = np.asarray([r.example.urgency is Urgency.EMERGENCY for r in dangers])
    for at in np.arange(-2.0, 1.1, 0.25):
        said = level >= at
        print(
            f"level {at:+.2f}: emergencies {said[grave].mean():.3f},"
            f" urgent {said[~grave].mean():.3f}"
        )
    for name in LAYERS:
        kinds = [best_kind(r.readings[name].kinds) for r in dangers if name in r.readings]
        right = [k is r.example.kind for k, r in zip(kinds, dangers, strict=True)]
        print(f"kind by {name}: {np.mean(right):.3f}")


def intent_shares(rows: Sequence[Row], names: Sequence[str], encoder: float) -> Shares:
    """The joined probabilities, examples x intents, with this share for the encoder."""
    weights = {"ngrams": 0.75 * (1 - encoder), "words": 0.25 * (1 - encoder), "encoder": encoder}
    total = np.zeros((len(rows), len(names)))
    for i, row in enumerate(rows):
        said = {n: r.intents for n, r in row.readings.items() if r.intents}
        norm = sum(weights[n] for n in said) or 1.0
        for layer, intents in said.items():
            total[i] += [intents.get(name, 0.0) * weights[layer] / norm for name in names]
    return total


def print_intents(rows: Sequence[Row]) -> None:
    """How right the joined intents are for several weights, and what thresholds would do."""
    rows = [r for r in rows if not r.example.urgency.paged]
    names = sorted({r.example.intent for r in rows})
    truth = np.asarray([names.index(r.example.intent) for r in rows])
    plain = np.asarray([r.example.slice not in LOOK_ALIKES for r in rows])
    scope = plain & (truth != names.index("out-of-scope"))
    every = np.arange(len(truth))
    for encoder in (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0):
        shares = intent_shares(rows, names, encoder)
        right = shares[every, truth]
        ranks = (shares > right[:, None]).sum(1)
        loss = -np.log(np.maximum(right, 1e-6)).mean()
        firsts = np.mean(ranks[scope] == 0), np.mean(ranks[scope] < 3), np.mean(ranks == 0)
        print(
            "encoder {:.1f}: top1 {:.3f} top3 {:.3f}, with look-alikes top1 {:.3f}, ".format(
                encoder, *firsts
            )
            + f"loss {loss:.3f}"
        )
    for encoder in (0.5, 0.6):
        shares = intent_shares(rows, names, encoder)
        print_decisions(shares[plain], truth[plain], names.index("out-of-scope"), encoder)


def print_decisions(shares: Shares, truth: NDArray[np.int64], nothing: int, encoder: float) -> None:
    """Served, wrong and sure, out-of-scope answered: for thresholds of answering and refusing."""
    every = np.arange(len(truth))
    order = np.argsort(-shares, axis=1)[:, :3]
    first, third = order[:, 0] == truth, (order == truth[:, None]).any(1)
    top = shares[every, order[:, 0]]
    margin = top - shares[every, order[:, 1]]
    empty, scope = order[:, 0] == nothing, truth != nothing
    for refuse in (0.3, 0.4, 0.5, 0.6):
        for answer in (0.36, 0.42, 0.48, 0.54, 0.6):
            sure = (top >= answer) & (margin >= 0.12) & ~empty
            refused = empty & ((top >= refuse) | ((top >= answer) & (margin >= 0.12)))
            served = (sure & first) | (~sure & ~refused & third)
            print(
                f"  encoder {encoder} refuse {refuse} answer {answer}:"
                f" served {served[scope].mean():.3f} answered {sure[scope].mean():.3f}"
                f" wrong {(sure & ~first)[scope].mean():.3f}"
                f" out-of-scope answered {sure[~scope].mean():.3f}"
                f" refused {(refused | empty)[~scope].mean():.3f}"
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
