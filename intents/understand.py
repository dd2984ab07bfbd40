"""Understanding one message: normalise, look for danger first, then the intent and the details."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from intents.content import IntentContent, Thresholds
from intents.details import DetailReader
from intents.documents import Documents
from intents.encoder import load_encoder
from intents.layers import Layer, Reading
from intents.learnt import NgramLayer, WordsLayer
from intents.linear import load_or_fit
from intents.match import Matcher
from intents.model import (
    Change,
    Danger,
    Decision,
    Details,
    Guess,
    Reason,
    Understanding,
    Vote,
)
from intents.names import sparing
from intents.normalise import STOPS, Normal, Normaliser
from intents.parts import parts
from intents.prepared import prepare, sure_words
from intents.rules import Rulebook
from intents.urgency import ALL_FAILED, DangerReader, Health, Read

T = TypeVar("T")
NOTHING = "out-of-scope"
KEPT = 5  # guesses that are handed on
VOTED = 3  # of those of each layer
TRIED = 24  # words left out one by one to see what would have changed the verdict
UNREAD = Normal("", ())


@dataclass(frozen=True, slots=True)
class _Parts:
    normaliser: Normaliser
    danger: DangerReader
    details: DetailReader
    layers: tuple[Layer, ...]
    thresholds: Thresholds
    intents: tuple[str, ...]


class Understander:
    """Understands messages; holds no state but counts of failures, so threads may share it."""

    def __init__(self, made_of: _Parts, health: Health) -> None:
        self._made_of = made_of
        self.health = health

    def understand(self, text: str) -> Understanding:
        """Everything about one message. Never raises; a broken layer shows in `health`."""
        made = self._made_of
        normal = self._safely("normalise", lambda: made.normaliser(text), UNREAD)
        if normal is UNREAD and text.strip():
            return _unread(text, ALL_FAILED)
        read = self._safely(
            "danger", lambda: made.danger(normal, parts(normal)), Read(ALL_FAILED, {}, (), ())
        )
        details = self._safely("details", lambda: made.details(text, normal), Details())
        return self._decided(text, normal, read, details)

    def explain(self, text: str) -> Understanding:
        """The same understanding, with the reasons of every layer for the likeliest intent."""
        u = self.understand(text)
        words = self._safely("normalise", lambda: self._made_of.normaliser(text), UNREAD).words
        if not u.votes or not words:
            return u
        kind = u.danger.kind
        reasons: list[Reason] = []
        for layer in self._made_of.layers:
            say = partial(layer.explain, words, u.intent, kind)
            reasons += self._safely(layer.name, say, ())
        of_danger = [r for r in reasons if r.layer == "danger-model"]
        first = replace(u.ranked[0], reasons=tuple(r for r in reasons if r not in of_danger))
        danger = replace(u.danger, reasons=(*u.danger.reasons, *of_danger))
        none: tuple[Change, ...] = ()
        changes = self._safely("changes", lambda: self._changes(u), none)
        return replace(u, ranked=(first, *u.ranked[1:]), danger=danger, changes=changes)

    def _changes(self, u: Understanding) -> tuple[Change, ...]:
        """Each word without which the verdict would be another one."""
        tokens = u.normal.split()
        if len(tokens) < 2:
            return ()
        found = []
        for i, token in enumerate(tokens[:TRIED]):
            if token not in STOPS:
                other = self.understand(" ".join(tokens[:i] + tokens[i + 1 :]))
                found.append(_change(token, u, other))
        return tuple(change for change in found if change.danger or change.intent)

    def layers(self) -> tuple[Layer, ...]:
        """The layers that learn from examples."""
        return self._made_of.layers

    def with_layers(self, layers: Sequence[Layer]) -> Understander:
        """The same with other learnt layers and counts of its own: for trials and ablations."""
        health = Health()
        danger = self._made_of.danger.rebuilt(health, layers=layers)
        return Understander(replace(self._made_of, layers=tuple(layers), danger=danger), health)

    def without_mending(self) -> Understander:
        """The same, reading typing slips as they are."""
        made_of = replace(self._made_of, normaliser=self._made_of.normaliser.mending(list))
        return Understander(made_of, Health())

    def with_rules(self, rulebook: Rulebook | None) -> Understander:
        """The same with other danger rules, or with none."""
        health = Health()
        danger = self._made_of.danger.rebuilt(health, rulebook=rulebook)
        return Understander(replace(self._made_of, danger=danger), health)

    def normal(self, text: str) -> Normal:
        """The message as the layers read it."""
        return self._made_of.normaliser(text)

    def read(self, text: str) -> Read:
        """What each layer makes of a message by itself: for trials and for fitting the weights."""
        normal = self.normal(text)
        return self._made_of.danger(normal, parts(normal))

    def _safely(self, name: str, do: Callable[[], T], otherwise: T) -> T:
        try:
            return do()
        except Exception as error:  # the message must go on, if only to a person
            self.health.note(name, error)
            return otherwise

    def _decided(self, text: str, normal: Normal, read: Read, details: Details) -> Understanding:
        t = self._made_of.thresholds
        if not normal.words or not read.readings:
            return _unread(text, read.danger, details)
        shares = combine(read.readings, t)
        given = partial(t.given, layers=read.readings)
        guesses = _likeliest(shares, KEPT)
        votes = tuple(Vote(n, _likeliest(r.intents, VOTED)) for n, r in read.readings.items())
        needs = tuple(g.intent for g in guesses if g.probability >= given("intent.need"))
        return Understanding(
            text,
            normal.text,
            decide(guesses, given),
            guesses,
            read.danger,
            details,
            needs or (guesses[0].intent,),
            votes,
        )


def combine(readings: Mapping[str, Reading], t: Thresholds) -> dict[str, float]:
    """The layers' probabilities as one, by their weights; those that said nothing do not count."""
    said = {name: r.intents for name, r in readings.items() if r.intents}
    weights = {name: t.given(f"weight.intent.{name}", said) for name in said}
    total = sum(weights.values())
    shares: dict[str, float] = {}
    for name, intents in said.items():
        weight = weights[name] / total
        for intent, probability in intents.items():
            shares[intent] = shares.get(intent, 0.0) + weight * probability
    # The layers fail in different ways, so where they agree the mean says too little.
    power = t.given("intent.sharpness", said)
    powers = {intent: share**power for intent, share in shares.items()}
    total = sum(powers.values())
    return {i: share / total for i, share in powers.items()} if total else {NOTHING: 1.0}


def decide(guesses: Sequence[Guess], t: Callable[[str], float]) -> Decision:
    """Answer at once, offer three, or say that it was not understood."""
    first = guesses[0].probability
    second = guesses[1].probability if len(guesses) > 1 else 0.0
    if first < t("intent.clarify"):
        return Decision.FALLBACK
    if guesses[0].intent == NOTHING and first >= t("intent.out-of-scope"):
        return Decision.FALLBACK
    if first >= t("intent.answer") and first - second >= t("intent.answer-margin"):
        return Decision.FALLBACK if guesses[0].intent == NOTHING else Decision.ANSWER
    return Decision.CLARIFY


def build_understander(
    content: IntentContent,
    place_names: Collection[str],
    activities: Mapping[str, str],
    cache_dir: Path | None,
    weights: Path | None = None,
    families: Mapping[str, str | None] | None = None,
    names: Iterable[str] = (),
) -> Understander:
    """Build everything that understanding needs; seconds where the model has to be fitted.

    `activities` maps what people say to the canonical name, and `families` that to what it is a
    kind of. `weights` is the folder of the sentence
    encoder; None leaves that layer out. `names` are those of organisations and the like, whose
    words are no typing slips. A layer that cannot be built is left out and shows in the
    understander's `health`.
    """
    health = Health()
    prepared = prepare(content, place_names, cache_dir)
    normaliser, documents = prepared.normaliser, prepared.documents
    if prepared.failed is not None:
        health.note("mending", prepared.failed)
    layers = _learnt_layers(content, documents, prepared.key, cache_dir, weights, health)
    rulebook: Rulebook | None = None
    try:
        known = sure_words(documents, prepared.well_spelt)
        rulebook = Rulebook(content.rules, known, prepared.plain).compiling()
    except Exception as error:  # a bad rule is named by `check`; the other layers go on
        health.note("rules", error)
    if prepared.mender is not None and rulebook is not None:
        normaliser = sparing(names, normaliser, prepared.mender, rulebook)
    made_of = _Parts(
        normaliser,
        DangerReader(rulebook, layers, content.thresholds, health),
        DetailReader(content.words, place_names, activities, families),
        layers,
        content.thresholds,
        tuple(info.name for info in content.intents),
    )
    return Understander(made_of, health)


def _learnt_layers(
    content: IntentContent,
    documents: Documents,
    depends_on: str,
    cache_dir: Path | None,
    weights: Path | None,
    health: Health,
) -> tuple[Layer, ...]:
    def ngrams() -> Layer:
        model = load_or_fit(content.examples, documents, depends_on, cache_dir)
        return NgramLayer(model, content.thresholds)

    def words() -> Layer:
        return WordsLayer(Matcher(documents), content.examples, content.thresholds)

    makers: dict[str, Callable[[], Layer]] = {"ngrams": ngrams, "words": words}
    if weights is not None:
        makers["encoder"] = partial(load_encoder, weights)
    layers: list[Layer] = []
    for name, make in makers.items():
        try:
            layers.append(make())
        except Exception as error:  # the bot runs on the others, and says so at start
            health.note(name, error)
    return tuple(layers)


def _change(word: str, now: Understanding, then: Understanding) -> Change:
    def answer(u: Understanding) -> str:
        return f"{u.intent} ({u.decision.value})"

    danger = then.danger.step if then.danger.step != now.danger.step else ""
    return Change(word, danger, answer(then) if answer(then) != answer(now) else "")


def _likeliest(shares: Mapping[str, float], n: int) -> tuple[Guess, ...]:
    """The first ones by their share, by name among equals."""
    ranked = sorted([(-share, intent) for intent, share in shares.items()])
    return tuple(Guess(intent, -share) for share, intent in ranked[:n])


def _unread(text: str, danger: Danger, details: Details | None = None) -> Understanding:
    reason = Reason("fallback", "nothing in it that can be read")
    guesses = (
        Guess(NOTHING, 1.0, (reason,)),
        Guess("help", 0.0, (reason,)),
        Guess("talk-to-human", 0.0, (reason,)),
    )
    return Understanding(
        text, "", Decision.FALLBACK, guesses, danger, details or Details(), (NOTHING,)
    )
