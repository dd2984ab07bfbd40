"""Layer 3: a linear model on word and character n-grams, for the intent and for danger.

Fitted from the examples with scikit-learn and kept as plain numbers in an .npz; numpy is enough to
use it.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from intents import features
from intents.content import Example
from intents.features import Floats, Indices, Vectoriser
from intents.model import Kind, Urgency

VERSION = 6  # raise it when the fitting changes
STRENGTH = {"intent": 0.6, "danger": 1.0, "level": 1.0, "kind": 1.0}  # C; by cross-validation

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """One question that the model answers: a score for each label."""

    labels: tuple[str, ...]
    first: int  # column of its first label in the matrix of weights


@dataclass(frozen=True, slots=True)
class Scores:
    """The model's answers for one message; scores are distances from the boundary."""

    intent: Floats
    danger: float
    level: float  # above 0: emergency
    kind: Floats


class LinearModel:
    """The fitted model."""

    def __init__(
        self, vectoriser: Vectoriser, heads: dict[str, Head], weights: Floats, bias: Floats
    ) -> None:
        self._vectoriser = vectoriser
        self._heads = heads
        self._weights = weights  # terms x labels
        self._bias = bias
        self.intents = heads["intent"].labels
        self.kinds = tuple(Kind(label) for label in heads["kind"].labels)

    def all(self, texts: Sequence[Sequence[str]]) -> list[Scores]:
        """Score several texts at once, which is quicker than one by one."""
        sparse = self._vectoriser.all(texts)
        return [self._scores(columns, values) for columns, values in sparse]

    def _scores(self, columns: Indices, values: Floats) -> Scores:
        all_scores = values @ self._weights.take(columns, axis=0) + self._bias
        return Scores(
            self._part(all_scores, "intent"),
            float(self._part(all_scores, "danger")[0]),
            float(self._part(all_scores, "level")[0]),
            self._part(all_scores, "kind"),
        )

    def _part(self, scores: Floats, head: str) -> Floats:
        at = self._heads[head]
        return scores[at.first : at.first + len(at.labels)]

    def strongest(self, words: Sequence[str], head: str, label: str, n: int = 5) -> Words:
        """The words of the message that speak most for a label."""
        at = self._heads[head]
        column = at.first + at.labels.index(label)
        columns, values = self._vectoriser.all([words])[0]
        shares = dict(zip(columns.tolist(), values * self._weights[columns, column], strict=True))
        totals: dict[str, float] = {}
        for word in words:
            terms = (*features.char_terms(word), f"w:{word}")
            found = (self._vectoriser.terms.get(t) for t in terms)
            totals[word] = sum(float(shares.get(c, 0.0)) for c in found if c is not None)
        ranked = sorted(totals, key=lambda w: (-totals[w], w))
        return tuple(w for w in ranked[:n] if totals[w] > 0)

    def save(self, path: Path) -> None:
        """Write the numbers; a reader never sees half a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        heads = {name: [head.labels, head.first] for name, head in self._heads.items()}
        meta = json.dumps({"heads": heads, "terms": list(self._vectoriser.terms)})
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npz")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(
                    file,
                    meta=np.frombuffer(meta.encode("utf-8"), dtype=np.uint8),
                    rarity=self._vectoriser.rarity,
                    weights=self._weights,
                    bias=self._bias,
                )
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Read what `save` wrote. Raises OSError, ValueError, KeyError, BadZipFile if damaged."""
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            meta = json.loads(file["meta"].tobytes().decode("utf-8"))
            rarity, weights, bias = file["rarity"], file["weights"], file["bias"]
        if weights.shape != (len(meta["terms"]), len(bias)) or len(rarity) != len(weights):
            raise ValueError(f"{path}: the sizes do not fit")
        if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
            raise ValueError(f"{path}: holds numbers that are none")
        terms = {term: i for i, term in enumerate(meta["terms"])}
        heads = {
            name: Head(tuple(labels), first) for name, (labels, first) in meta["heads"].items()
        }
        return cls(Vectoriser(terms, rarity), heads, weights, bias)


def fit(examples: Sequence[Example], documents: Sequence[Words]) -> LinearModel:
    """Fit the model; seconds of work, needs scikit-learn. `documents` are the examples' words."""
    from scipy.sparse import csr_matrix  # only here: 0.5 s of import that a warm start saves

    vectoriser = Vectoriser.fit(documents)
    rows = [vectoriser.all([words])[0] for words in documents]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    matrix = csr_matrix(
        (
            np.concatenate([values for _, values in rows]).astype(np.float64),
            np.concatenate([columns for columns, _ in rows]),
            starts,
        ),
        shape=(len(rows), len(vectoriser.terms)),
    )

    def fitted(head: tuple[str, list[str | None]]) -> tuple[tuple[str, ...], Floats, Floats]:
        name, labels = head
        use = np.asarray([i for i, label in enumerate(labels) if label is not None])
        target = [label for label in labels if label is not None]
        return _fit_head(name, matrix[use], target)

    targets = _targets(examples)
    heads: dict[str, Head] = {}
    weights, bias, first = [], [], 0
    with ThreadPoolExecutor(2) as pool:  # scikit-learn lets go of the interpreter while it fits
        results = list(pool.map(fitted, targets.items()))
    for name, (classes, coefficients, intercepts) in zip(targets, results, strict=True):
        heads[name] = Head(classes, first)
        first += len(classes)
        weights.append(coefficients)
        bias.append(intercepts)
    return LinearModel(
        vectoriser,
        heads,
        np.ascontiguousarray(np.concatenate(weights).T, dtype=np.float32),
        np.concatenate(bias).astype(np.float32),
    )


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
    documents: Callable[[], Sequence[Words]],
    depends_on: str,
    cache_dir: Path | None,
) -> LinearModel:
    """The model for these examples: out of the cache where it is there and whole, else fitted.

    `depends_on` names all that the examples' words come from.

    A damaged cache file is made anew. Nothing is kept where `cache_dir` is None.
    """
    if cache_dir is None:
        return fit(examples, documents())
    versions = f"{depends_on}:{VERSION}:{features.VERSION}"
    key = hashlib.sha256(versions.encode()).hexdigest()[:24]
    path = cache_dir / f"linear-{key}.npz"
    if path.exists():
        try:
            return LinearModel.load(path)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            path.unlink(missing_ok=True)
    model = fit(examples, documents())
    model.save(path)
    return model
