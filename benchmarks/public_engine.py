"""Our engine on a public set: the same layers, trained on its training part and joined as ours are.

Weights, sharpness and the limit below which nothing is answered come from the training part alone:
each of its messages is read by layers that were trained without it.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from benchmarks.public_data import NOTHING, Pair
from intents import linear
from intents.content import IntentContent, Thresholds
from intents.examples import Example
from intents.features import Vectoriser
from intents.layers import Layer, Reading
from intents.learnt import NgramLayer, WordsLayer
from intents.linear import Head, LinearModel
from intents.match import Matcher
from intents.mending import Mender, Vocabulary, english_words
from intents.model import Kind, Reason, Urgency
from intents.normalise import Normal, Normaliser
from intents.prepared import known_words
from intents.understand import combine

Words = tuple[str, ...]
ToVectors = Callable[[Sequence[str]], NDArray[np.float32]]  # texts to vectors of length one
Shares = NDArray[np.float64]  # messages x intents
ToShares = Callable[[Sequence[str]], Shares]  # texts to an opinion, intents in alphabetical order
Tune = Callable[[Sequence[str], Sequence[str], int], ToShares]  # texts, intents, how many trainings
FOLDS = 4
STRENGTH = 10.0  # C of the head on sentence vectors; they are of length one
SHARPNESS = (0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 4.0, 6.0)
STEPS = 10  # weights are tried in steps of a tenth
GIVEN_UP = 0.002  # of the held-out messages that would be right, so many may fall below the limit
TRADE = (0.0, 0.001, GIVEN_UP, 0.005, 0.01, 0.02)  # printed beside it


class WholeLayer(Layer):
    """An encoder layer: an opinion on whole texts at once."""

    reads_whole = True

    def __init__(self, name: str, intents: Sequence[str], shares: ToShares) -> None:
        self.name = name
        self.intents = tuple(intents)
        self._shares = shares

    def read(self, words: Sequence[str]) -> Reading:
        """What it makes of these words, and of the stops between them."""
        if not words:
            return Reading()
        shares = self._shares([" ".join(words)])[0]
        return Reading(dict(zip(self.intents, shares.tolist(), strict=True)))

    def table(self, documents: Sequence[Normal]) -> Shares:
        """The same for many messages at once."""
        return self._shares([normal.text for normal in documents])

    def explain(self, words: Sequence[str], intent: str, kind: Kind | None) -> tuple[Reason, ...]:
        """Nothing: it is only measured."""
        return ()


@dataclass(frozen=True, slots=True)
class VectorHead:
    """A logistic regression on sentence vectors."""

    intents: tuple[str, ...]
    weights: NDArray[np.float64]  # width x intents
    bias: NDArray[np.float64]

    @classmethod
    def fit(cls, vectors: NDArray[np.float32], intents: Sequence[str]) -> VectorHead:
        """Fit it to the vectors of examples."""
        model = LogisticRegression(C=STRENGTH, max_iter=300, class_weight="balanced", tol=1e-5)
        model.fit(vectors, list(intents))
        return cls(tuple(model.classes_.tolist()), model.coef_.T.copy(), model.intercept_)

    def __call__(self, vectors: NDArray[np.float32]) -> Shares:
        """The probability of each intent."""
        return softmax(vectors @ self.weights + self.bias)


def softmax(scores: Shares) -> Shares:
    """Scores made into probabilities, row by row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Engine:
    """The layers, trained on some messages."""

    normaliser: Normaliser
    layers: tuple[Layer, ...]
    intents: tuple[str, ...]

    def read(self, texts: Sequence[str]) -> list[Normal]:
        """Messages in plain words, typing slips put right."""
        return [self.normaliser(text) for text in texts]

    def unmended(self, texts: Sequence[str]) -> list[Normal]:
        """The same with typing slips left as they are."""
        bare = self.normaliser.mending(list)
        return [bare(text) for text in texts]

    def shares(self, documents: Sequence[Normal]) -> dict[str, Shares]:
        """What every layer makes of messages."""
        return {layer.name: self._of(layer, documents) for layer in self.layers}

    def one(self, text: str) -> dict[str, Reading]:
        """What every layer makes of one message, read alone."""
        normal = self.normaliser(text)
        return {
            layer.name: layer.read(normal.text.split() if layer.reads_whole else normal.words)
            for layer in self.layers
        }

    def _of(self, layer: Layer, documents: Sequence[Normal]) -> Shares:
        if isinstance(layer, WholeLayer):
            return layer.table(documents)
        column = {intent: i for i, intent in enumerate(self.intents)}
        out = np.zeros((len(documents), len(self.intents)))
        for i, normal in enumerate(documents):
            for intent, share in layer.read(normal.words).intents.items():
                out[i, column[intent]] = share
        return out


def train(
    pairs: Sequence[Pair],
    content: IntentContent,
    vectors: ToVectors | None,
    tune: Tune | None = None,
    trainings: int = 1,
) -> Engine:
    """All layers on these messages, as `build_understander` builds them.

    Of `content` only the word lists and thresholds are used. Without `vectors` the published
    encoder is left out, without `tune` the one that is fine-tuned on these messages, as the mean
    of so many `trainings`.
    """
    examples = tuple(Example(text, intent, Urgency.NONE) for text, intent in named(pairs))
    known = known_words(replace(content, examples=examples), ())
    normaliser = Normaliser(content.words, (), known)
    read = [normaliser(example.text) for example in examples]
    documents = [normal.words for normal in read]
    answers = [example.intent for example in examples]
    # Sharpness 1: what fits the set is found on held-out messages, for every layer alike.
    values = {**content.thresholds.values, "ngrams.sharpness": 1.0}
    thresholds = Thresholds(values)
    matcher = Matcher(documents)
    layers: list[Layer] = [
        WordsLayer(matcher, examples, thresholds),
        NgramLayer(_ngrams(examples, documents), thresholds),
    ]
    said = [normal.text for normal in read]
    intents = tuple(sorted(set(answers)))
    if vectors is not None:
        head = VectorHead.fit(vectors(said), answers)
        layers.append(WholeLayer("encoder", intents, lambda texts: head(vectors(texts))))
    if tune is not None:
        layers.append(WholeLayer("tuned", intents, tune(said, answers, trainings)))
    lexicons = english_words(), normaliser.protected
    mender = Mender(Vocabulary.of(documents, *lexicons, stands_for=normaliser.stands_for))
    return Engine(normaliser.mending(mender), tuple(layers), intents)


def named(pairs: Sequence[Pair]) -> list[Pair]:
    """The messages, and the name of each intent as one more example of it: "lost card"."""
    names = sorted({intent for _, intent in pairs} - {NOTHING})
    return [*pairs, *((name.replace("_", " "), name) for name in names)]


def _ngrams(examples: Sequence[Example], documents: Sequence[Words]) -> LinearModel:
    """The linear model with its question for the intent alone: these sets know no danger."""
    vectoriser = Vectoriser.fit(documents)
    rows = [vectoriser.all([words])[0] for words in documents]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    values = np.concatenate([values for _, values in rows]).astype(np.float64)
    columns = np.concatenate([columns for columns, _ in rows])
    matrix = csr_matrix((values, columns, starts), shape=(len(rows), len(vectoriser.terms)))
    intents, weights, bias = linear._fit_head("intent", matrix, [e.intent for e in examples])
    n = len(intents)
    heads = {
        "intent": Head(intents, 0),
        "danger": Head(("danger",), n),
        "level": Head(("level",), n + 1),
        "kind": Head((Kind.MEDICAL.value,), n + 2),
    }
    unasked = np.zeros((3, weights.shape[1]))
    table = np.ascontiguousarray(np.concatenate([weights, unasked]).T, dtype=np.float32)
    return LinearModel(vectoriser, heads, table, np.append(bias, np.zeros(3)).astype(np.float32))


@dataclass(frozen=True, slots=True)
class Joint:
    """How the layers are joined, and below which share nothing is answered."""

    sharpness: Mapping[str, float]
    weights: Mapping[str, float]
    limit: float = 0.0
    trade: tuple[float, ...] = ()  # the limits that TRADE would give

    def __call__(self, shares: Mapping[str, Shares]) -> Shares:
        """The layers' probabilities as one: what `understand.combine` gives for each message."""
        return mixed({n: sharpened(t, self.sharpness[n]) for n, t in shares.items()}, self.weights)

    def one(self, readings: Mapping[str, Reading]) -> dict[str, float]:
        """The same for one message, by `understand.combine` itself."""
        sharp = {}
        for name, reading in readings.items():
            values = sharpened(np.asarray([list(reading.intents.values())]), self.sharpness[name])
            sharp[name] = Reading(dict(zip(reading.intents, values[0].tolist(), strict=True)))
        weights = {f"weight.intent.{name}": weight for name, weight in self.weights.items()}
        weights["intent.sharpness"] = 1.0
        return combine(sharp, Thresholds(weights))

    def answers(self, joined: Shares, intents: Sequence[str]) -> list[str]:
        """The intent of each message; NOTHING where it is the likeliest or no share is enough."""
        best = joined.argmax(axis=1)
        sure = joined[np.arange(len(joined)), best] >= self.limit
        return [intents[b] if s else NOTHING for b, s in zip(best, sure, strict=True)]


def mixed(shares: Mapping[str, Shares], weights: Mapping[str, float]) -> Shares:
    """The layers' probabilities by their weights; those that said nothing do not count."""
    said = np.stack([table.any(axis=1) * weights[name] for name, table in shares.items()])
    said = said / np.maximum(said.sum(axis=0), 1e-9)
    return np.asarray(sum(w[:, None] * t for w, t in zip(said, shares.values(), strict=True)))


def sharpened(shares: Shares, power: float) -> Shares:
    """Probabilities made surer (above 1) or less sure; rows without any stay so."""
    powers = shares**power
    total = powers.sum(axis=1, keepdims=True)
    return np.asarray(powers / np.where(total > 0, total, 1.0))


def held_out(
    pairs: Sequence[Pair],
    content: IntentContent,
    vectors: ToVectors | None,
    tune: Tune | None,
    seed: int,
) -> dict[str, Shares]:
    """What the layers say of every training message when trained without its fold.

    The encoder is tuned once for each fold: the mean of several trainings would cost hours.
    """
    intents = sorted({intent for _, intent in pairs})
    fold = folds([intent for _, intent in pairs], seed)
    out: dict[str, Shares] = {}
    for number in range(FOLDS):
        rest = [pair for pair, f in zip(pairs, fold, strict=True) if f != number]
        held = [i for i, f in enumerate(fold) if f == number]
        engine = train(rest, content, vectors, tune)
        found = engine.shares(engine.read([pairs[i][0] for i in held]))
        columns = [intents.index(intent) for intent in engine.intents]
        for name, shares in found.items():
            table = out.setdefault(name, np.zeros((len(pairs), len(intents))))
            table[np.ix_(held, columns)] = shares
    return out


def folds(intents: Sequence[str], seed: int) -> list[int]:
    """A fold for each message, every intent spread evenly."""
    places: dict[str, list[int]] = defaultdict(list)
    for i, intent in enumerate(intents):
        places[intent].append(i)
    chance = random.Random(seed)
    out = [0] * len(intents)
    for intent in sorted(places):
        chance.shuffle(places[intent])
        for turn, i in enumerate(places[intent]):
            out[i] = turn % FOLDS
    return out


def choose(shares: Mapping[str, Shares], truth: Sequence[str], intents: Sequence[str]) -> Joint:
    """The joint that fits held-out messages best; one rule for every set.

    The sharpness of each layer has the least log-loss, the weights have the most right answers (of
    equal ones the least log-loss), the limit gives up GIVEN_UP of the right answers.
    """
    right = np.asarray([intents.index(intent) for intent in truth])
    sharpness = {
        name: min(SHARPNESS, key=lambda s, t=table: log_loss(sharpened(t, s), right))  # type: ignore[misc]
        for name, table in shares.items()
    }
    sharp = {name: sharpened(table, sharpness[name]) for name, table in shares.items()}
    tried = []
    for steps in product(range(STEPS + 1), repeat=len(sharp)):
        if sum(steps) == STEPS:
            weights = {name: step / STEPS for name, step in zip(sharp, steps, strict=True)}
            joined = mixed(sharp, weights)
            hits = int((joined.argmax(axis=1) == right).sum())
            tried.append((hits, -log_loss(joined, right), weights))
    weights = max(tried, key=lambda one: one[:2])[2]
    joined = mixed(sharp, weights)
    every = np.arange(len(right))
    sure = np.sort(joined[every, right][joined.argmax(axis=1) == right])
    # Giving up nothing means no limit: then only the likeliest intent decides.
    trade = tuple(float(sure[int(len(sure) * part)]) if part else 0.0 for part in TRADE)
    return Joint(sharpness, weights, trade[TRADE.index(GIVEN_UP)], trade)


def log_loss(shares: Shares, right: NDArray[np.int64]) -> float:
    """Mean of the negative logarithm of what the right intent was given."""
    given = shares[np.arange(len(right)), right]
    return float(-np.log(np.maximum(given, 1e-4)).mean())
