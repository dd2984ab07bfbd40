"""Danger: page, check in, or nothing. Each layer alone can raise; none lowers another."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from intents.content import Thresholds
from intents.examples import Example
from intents.layers import Layer, Opinion, Reading
from intents.learnt import WordsLayer, best_kind
from intents.model import Danger, Kind, Reason, Urgency
from intents.normalise import Normal
from intents.rules import Rulebook

Words = tuple[str, ...]
PartRead = tuple[Words, dict[str, Reading]]
LONG = 45  # words; in a longer message a part is easily lost in the whole
VERY_LONG = 100  # words; of which the whole says little
PARTS_COMPARED = 8  # parts whose nearest examples are looked up: the worst by the n-gram model
ALL_FAILED = Danger(
    check_in=True,
    score=0.5,
    reasons=(Reason("fallback", "no danger layer could read this message, so we ask"),),
)


@dataclass
class Health:
    """What failed, by layer; for the person who looks after the bot."""

    failures: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    last_error: dict[str, str] = field(default_factory=dict)  # the type of error, never its text

    def note(self, layer: str, error: Exception) -> None:
        """Count one failure."""
        self.failures[layer] += 1
        self.last_error[layer] = type(error).__name__


@dataclass(frozen=True, slots=True)
class Read:
    """What the layers made of the whole message; kept, so that the intent needs no second look."""

    danger: Danger
    readings: Mapping[str, Reading]
    opinions: tuple[Opinion, ...]
    failed: tuple[str, ...]


class DangerReader:
    """Brings rules, examples and models together into one verdict."""

    def __init__(
        self,
        rulebook: Rulebook | None,
        layers: Sequence[Layer],
        thresholds: Thresholds,
        health: Health,
    ) -> None:
        self._rulebook = rulebook
        self._layers = tuple(layers)
        self._quick = tuple(one for one in layers if not one.reads_whole)
        self._slow = tuple(one for one in layers if one.reads_whole)
        self._t = thresholds
        self._health = health

    def __call__(self, normal: Normal, parts: Sequence[Words]) -> Read:
        """The verdict on a message; never raises."""
        words = normal.words
        failed: list[str] = []
        opinions = self._by_rules([words], failed)
        readings = self._read_all([words], self._quick, failed)[0]
        readings |= self._read_all([tuple(normal.text.split())], self._slow, failed)[0]
        whole = self._together(readings, "danger.page", "danger.check-in")
        opinions += [whole] if whole is not None else []
        opinions += self._by_examples(words, failed)
        if len(words) > LONG:
            opinions += self._by_parts(words, parts, failed)
        if not readings and self._rules_failed(failed):
            return Read(ALL_FAILED, readings, (), tuple(failed))
        return Read(_gravest(opinions), readings, tuple(opinions), tuple(dict.fromkeys(failed)))

    def rebuilt(
        self,
        health: Health,
        *,
        layers: Sequence[Layer] | None = None,
        rulebook: Rulebook | Literal["same"] | None = "same",
    ) -> DangerReader:
        """The same reader with other parts."""
        return DangerReader(
            self._rulebook if rulebook == "same" else rulebook,
            self._layers if layers is None else layers,
            self._t,
            health,
        )

    def _rules_failed(self, failed: Sequence[str]) -> bool:
        return self._rulebook is None or "rules" in failed

    def _by_rules(self, texts: Sequence[Words], failed: list[str]) -> list[Opinion]:
        if self._rulebook is None:
            return []
        try:
            read = [self._rulebook.read(words) for words in texts]
        except Exception as error:  # whatever is broken there, the others must go on
            self._health.note("rules", error)
            failed.append("rules")
            return []
        return [opinion for opinion in read if opinion is not None]

    def _read_all(
        self, texts: Sequence[Words], layers: Sequence[Layer], failed: list[str]
    ) -> list[dict[str, Reading]]:
        """What each layer makes of each text; a layer that fails on one is left out for all."""
        readings: list[dict[str, Reading]] = [{} for _ in texts]
        for layer in layers:
            try:
                found = layer.read_all(texts)
                if not all(r.danger is None or math.isfinite(r.danger) for r in found):
                    raise ValueError("a number that is none")
            except Exception as error:  # whatever is broken there, the others must go on
                self._health.note(layer.name, error)
                failed.append(layer.name)
                continue
            for said, reading in zip(readings, found, strict=True):
                said[layer.name] = reading
        return readings

    def _together(
        self, readings: Mapping[str, Reading], page: str, check_in: str
    ) -> Opinion | None:
        """All learnt layers in one sum of log-odds."""
        said = {n: r for n, r in readings.items() if r.danger is not None}
        if not said:
            return None
        t = partial(self._t.given, layers=said)
        weights = {name: t(f"weight.danger.{name}") for name in said}
        odds = t("danger.bias") + sum(weights[n] * (r.danger or 0.0) for n, r in said.items())
        if odds < min(t(page), t(check_in)):
            return Opinion("danger-model", Urgency.NONE, False, None, _share(odds))
        level = sum(weights[n] * r.emergency for n, r in said.items())
        kinds: dict[Kind, float] = defaultdict(float)
        for name, reading in said.items():
            for kind, probability in reading.kinds.items():
                kinds[kind] += probability * weights[name]
        paged = odds >= t(page)
        grave = level >= t("danger.emergency")
        urgency = Urgency.EMERGENCY if grave else Urgency.URGENT
        limits = f"{odds:+.1f}; asks from {t(check_in):+.1f}, pages from {t(page):+.1f}"
        reason = Reason("danger-model", f"reads like a danger ({limits})", (), _share(odds))
        return Opinion(
            "danger-model",
            urgency if paged else Urgency.NONE,
            not paged,
            best_kind(kinds),
            _share(odds),
            (reason,),
        )

    def _by_examples(self, words: Words, failed: list[str]) -> list[Opinion]:
        """A message that is all but a danger example, and nearer to no other example."""
        layer = next((one for one in self._layers if isinstance(one, WordsLayer)), None)
        if layer is None or layer.name in failed:
            return []
        try:
            nearest = layer.nearest(words)
        except Exception as error:  # counted like the others
            self._health.note(layer.name, error)
            failed.append(layer.name)
            return []
        if not nearest or nearest[0].likeness < self._t["danger.near"]:
            return []
        best = nearest[0].likeness
        level = [layer.example(near) for near in nearest if near.likeness >= best - 0.001]
        if not all(example.urgency.paged for example in level):
            return []
        shared = layer.shared(words, nearest[0])
        return [_as_example(level[0], best, shared)]

    def _by_parts(self, words: Words, parts: Sequence[Words], failed: list[str]) -> list[Opinion]:
        very_long = len(words) > VERY_LONG
        check_in = "danger.check-in" if very_long else "danger.part-check-in"
        opinions = self._by_rules(parts, failed) if very_long else []
        for _, readings in self._read_parts(parts, failed):
            said = self._together(readings, "danger.part-page", check_in)
            opinions += [said] if said is not None else []
        return opinions

    def _read_parts(self, parts: Sequence[Words], failed: list[str]) -> list[PartRead]:
        """The parts that matter with what the quick layers make of them."""
        fast = [one for one in self._quick if not isinstance(one, WordsLayer)]
        slower = [one for one in self._quick if isinstance(one, WordsLayer)]
        read = list(zip(parts, self._read_all(parts, fast, failed), strict=True))
        if len(read) > PARTS_COMPARED:
            read = _worst(read[:-1]) + read[-1:]
        more = self._read_all([part for part, _ in read], slower, failed)
        return [(part, said | others) for (part, said), others in zip(read, more, strict=True)]


def _worst(read: Sequence[PartRead]) -> list[PartRead]:
    def odds(n: int) -> float:
        return max((r.danger or 0.0 for r in read[n][1].values()), default=0.0)

    ranked = sorted(range(len(read)), key=lambda n: (-odds(n), n))
    return [read[n] for n in ranked[:PARTS_COMPARED]]


def _as_example(example: Example, likeness: float, words: tuple[str, ...]) -> Opinion:
    reason = Reason("phrases", f'all but the example "{example.text}"', words, likeness)
    return Opinion("phrases", example.urgency, False, example.kind, likeness, (reason,))


def _gravest(opinions: Sequence[Opinion]) -> Danger:
    if not opinions:
        return Danger()
    ranked = sorted(opinions, key=lambda o: o.rank, reverse=True)
    top = ranked[0]
    score = max(o.score for o in opinions)
    raised = [o for o in ranked if o.urgency.paged or o.check_in]
    if not raised:
        return Danger(score=score)
    reasons = tuple(reason for opinion in raised for reason in opinion.reasons)
    return Danger(top.urgency, _kind(top, ranked), top.check_in, score, reasons)


def _kind(top: Opinion, opinions: Sequence[Opinion]) -> Kind | None:
    """The kind: rules that say the same level name it better than a likeness alone does."""
    same = [o.kind for o in opinions if o.layer == "rules" and o.urgency is top.urgency]
    ruled = [kind for kind in same if kind is not None]
    liked = {o.kind for o in opinions if o.layer != "rules"}
    return next((kind for kind in ruled if kind in liked), ruled[0] if ruled else top.kind)


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
