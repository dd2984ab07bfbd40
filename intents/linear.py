"""Layer 3: a linear model on word and character n-grams, for the intent and for danger.

Fitted from the examples with scikit-learn and kept as plain numbers in an .npz; numpy is enough to
use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents import features
from intents.examples import Example
from intents.features import Floats, Vectoriser
from intents.kept import Arrays, digest_of, keep_arrays, read_arrays
from intents.model import Kind, Urgency

VERSION = 9  # raise it when the fitting changes
NAME = "linear"
TOGETHER = 64  # texts that are counted at once when the model is fitted
ASIDE = 10_000  # examples; of more, another process fits the model
MOST = 12  # models of 15 MB that are kept: the folds of a cross-validation, and a few more
STRENGTH = {"intent": 0.6, "danger": 1.0, "level": 1.0, "kind": 1.0}  # C; by cross-validation

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """One question that the model answers: a score for each label."""

    labels: tuple[str, ...]
    first: int  # column of its first label in the matrix of weights


@dataclass(frozen=True, slots=True)
class Scores:
    """The model's answers, a row for each text; scores are distances from the boundary."""

    intent: Floats  # texts x intents
    danger: Floats  # texts
    level: Floats  # texts; above 0: emergency
    kind: Floats  # texts x kinds


class LinearModel:
    """The fitted model."""

    def __init__(
        self, vectoriser: Vectoriser, heads: dict[str, Head], weights: Floats, bias: Floats
    ) -> None:
        self._vectoriser = vectoriser
        self._heads = heads
        self._weights = weights.astype(np.float16, copy=False)  # terms x labels; half the memory
        self._bias = bias
        self.intents = heads["intent"].labels
        self.kinds = tuple(Kind(label) for label in heads["kind"].labels)

    def all(self, texts: Sequence[Sequence[str]]) -> Scores:
        """Score several texts at once, which is quicker than one by one."""
        table = np.empty((len(texts), len(self._bias)), dtype=np.float32)
        for row, (columns, values) in zip(table, self._vectoriser.all(texts), strict=True):
            np.matmul(values, _widened(self._weights.take(columns, axis=0)), out=row)
        table += self._bias

        def part(head: str) -> Floats:
            at = self._heads[head]
            return table[:, at.first : at.first + len(at.labels)]

        return Scores(part("intent"), part("danger")[:, 0], part("level")[:, 0], part("kind"))

    def strongest(self, words: Sequence[str], head: str, label: str, n: int = 5) -> Words:
        """The words of the message that speak most for a label."""
        at = self._heads[head]
        column = at.first + at.labels.index(label)
        columns, values = self._vectoriser.all([words])[0]
        shares = dict(zip(columns.tolist(), values * self._weights[columns, column], strict=True))
        totals: dict[str, float] = {}
        for word in words:
            found = self._vectoriser.columns([*features.char_terms(word), f"w:{word}"])
            totals[word] = sum(float(shares.get(c, 0.0)) for c in found.tolist())
        ranked = sorted(totals, key=lambda w: (-totals[w], w))
        return tuple(w for w in ranked[:n] if totals[w] > 0)

    def keep(self, folder: Path, key: str) -> None:
        """Write the numbers under the name of what they depend on."""
        heads = {name: [head.labels, head.first] for name, head in self._heads.items()}
        arrays: Arrays = {
            "terms": self._vectoriser.terms,
            "rarity": self._vectoriser.rarity,
            "weights": self._weights,
            "bias": self._bias,
        }
        keep_arrays(folder, NAME, key, heads, arrays, MOST)

    @classmethod
    def kept(cls, folder: Path, key: str) -> LinearModel | None:
        """What `keep` wrote; None where there is nothing, or it is damaged or does not fit."""
        found = read_arrays(folder, NAME, key)
        if found is None:
            return None
        told, arrays = found
        try:
            terms, rarity = arrays["terms"], arrays["rarity"]
            weights, bias = arrays["weights"], arrays["bias"]
            fits = weights.shape == (len(terms), len(bias)) and len(rarity) == len(terms)
            if not fits:
                return None
            heads = {name: Head(tuple(labels), first) for name, (labels, first) in told.items()}
            return cls(Vectoriser(terms, rarity), heads, weights, bias)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


def _widened(halves: NDArray[np.float16]) -> Floats:
    """The same numbers in float32, bit by bit: twice as fast as numpy converts them."""
    bits = halves.view(np.int16).astype(np.int32)  # the sign goes to all the upper bits
    bits <<= 13
    bits &= np.int32(~0x70001FFF)  # sign, exponent and fraction where float32 has them
    wide = bits.view(np.float32)
    wide *= np.float32(2.0**112)  # the exponents of the two count from 15 and from 127
    return wide


def fit(examples: Sequence[Example], documents: Sequence[Words]) -> LinearModel:
    """Fit the model; seconds of work, needs scikit-learn. `documents` are the examples' words."""
    from scipy.sparse import csr_matrix  # only here: 0.5 s of import that a warm start saves

    vectoriser = Vectoriser.fit(documents)
    rows = [
        row
        for i in range(0, len(documents), TOGETHER)
        for row in vectoriser.all(documents[i : i + TOGETHER])
    ]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    matrix = csr_matrix(
        (
            np.concatenate([values for _, values in rows]).astype(np.float64),
            np.concatenate([columns for columns, _ in rows]),
            starts,
        ),
        shape=(len(rows), len(vectoriser.terms)),
    )
    heads: dict[str, Head] = {}
    weights, bias, first = [], [], 0
    # One after the other: at once they would share a source of chance, and no fit be the same.
    for name, labels in _targets(examples).items():
        use = np.asarray([i for i, label in enumerate(labels) if label is not None])
        target = [label for label in labels if label is not None]
        classes, coefficients, intercepts = _fit_head(name, matrix[use], target)
        heads[name] = Head(classes, first)
        first += len(classes)
        weights.append(coefficients)
        bias.append(intercepts)
    table = np.ascontiguousarray(np.concatenate(weights).T, dtype=np.float32)
    shifts = np.concatenate(bias).astype(np.float32)
    if not (np.isfinite(table.astype(np.float16)).all() and np.isfinite(shifts).all()):
        raise ValueError("a weight of the linear model is no number, or too large to be kept")
    return LinearModel(vectoriser, heads, table, shifts)


def _targets(examples: Sequence[Example]) -> dict[str, list[str | None]]:
    def level(example: Example) -> str | None:
        return example.urgency.value if example.urgency.paged else None

    return {
        "intent": [e.intent for e in examples],
        "danger": ["danger" if e.urgency.paged else "" for e in examples],
        "level": [level(e) for e in examples],
        "kind": [e.kind.value if e.kind and e.urgency.paged else None for e in examples],
    }


def _fit_head(name: str, matrix: Any, target: list[str]) -> tuple[tuple[str, ...], Floats, Floats]:
    from sklearn.svm import LinearSVC

    positive = {"danger": "danger", "level": Urgency.EMERGENCY.value}.get(name)
    # At the usual tolerance it takes a fifth longer and answers the same.
    model = LinearSVC(
        C=STRENGTH[name], random_state=0, class_weight="balanced", dual=True, tol=1e-2
    )
    if positive is None:
        model.fit(matrix, target)
        return tuple(model.classes_.tolist()), model.coef_, model.intercept_
    model.fit(matrix, [label == positive for label in target])
    return (positive,), model.coef_, model.intercept_


def load_or_fit(
    examples: Sequence[Example],
    documents: Sequence[Words],
    depends_on: str,
    cache_dir: Path | None,
) -> LinearModel:
    """The model for these examples: out of the cache where it is there and whole, else fitted.

    `depends_on` names all that the examples' words come from.

    A damaged cache file is made anew. Nothing is kept where `cache_dir` is None.
    """
    if cache_dir is None:
        return fit(examples, documents)
    key = digest_of([depends_on, f"{VERSION}:{features.VERSION}"])
    model = LinearModel.kept(cache_dir, key)
    if model is None and len(documents) > ASIDE:
        model = _fitted_aside(examples, documents, cache_dir, key)
    if model is None:
        model = fit(examples, documents)
        model.keep(cache_dir, key)
    return model


def _fitted_aside(
    examples: Sequence[Example], documents: Sequence[Words], cache_dir: Path, key: str
) -> LinearModel | None:
    """Fitted by another process, with which the 600 MB go that it takes; None where none starts."""
    # Only here: a warm start fits nothing.
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            pool.submit(_fit_and_keep, examples, documents, cache_dir, key).result()
    except (OSError, BrokenProcessPool):
        return None
    return LinearModel.kept(cache_dir, key)


def _fit_and_keep(
    examples: Sequence[Example], documents: Sequence[Words], cache_dir: Path, key: str
) -> None:
    fit(examples, documents).keep(cache_dir, key)
