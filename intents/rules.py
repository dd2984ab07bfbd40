"""The concept rules for danger: who, what, when, by what means, negated or a figure of speech."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from intents.content import Rule, Rules
from intents.layers import Opinion
from intents.match import Speller
from intents.model import Kind, Reason, Urgency
from intents.patterns import Concepts, Pattern, compile_all, words_of

AROUND = (
    24  # words on each side of what was said in which figures, "now" and "unless" are looked for
)
NEGATED_WITHIN = 4  # words before it in which a "not" turns it round
LAYER = "rules"


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule that fitted."""

    rule: Rule
    said: str
    level: str


@dataclass(frozen=True, slots=True)
class _Compiled:
    rule: Rule
    say: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]


class Rulebook:
    """Every rule, compiled, indexed by the words without which it cannot fit."""

    def __init__(
        self,
        rules: Rules,
        known: Iterable[str] = (),
        plain: Callable[[str], Sequence[str]] = str.split,
    ) -> None:
        concepts = Concepts(rules.concepts, plain)
        self._rules = [
            _Compiled(r, compile_all(r.say, concepts), compile_all(r.unless, concepts))
            for r in rules.rules
        ]
        self._figures = compile_all(rules.figures, concepts)
        self._now = compile_all(rules.now, concepts)
        self._negation = compile_all(rules.negation, concepts)
        self._unnegated = compile_all(rules.unnegated, concepts)
        self._exact, self._beginnings = _index(self._rules)
        self._triggered = lru_cache(maxsize=20_000)(self._patterns_of)
        said = words_of((s for r in rules.rules for s in r.say), concepts)
        self._speller = Speller([*known, *said])

    def __len__(self) -> int:
        return len(self._rules)

    def hits(self, words: Sequence[str]) -> list[Hit]:
        """Every rule that fits, gravest first."""
        mended = [self._speller.mended(w) for w in words]
        padded = f" {' '.join(mended)} "
        found: dict[int, Hit] = {}
        for number, pattern in self._candidates(mended):
            compiled = self._rules[number]
            if number in found:
                continue
            hit = self._hit(compiled, pattern, padded)
            if hit is not None:
                found[number] = hit
        return sorted(found.values(), key=lambda h: -LEVELS[h.level])

    def read(self, words: Sequence[str]) -> Opinion | None:
        """The gravest verdict of the rules, or None where none fits."""
        hits = self.hits(words)
        if not hits:
            return None
        first = hits[0]
        reasons = tuple(
            Reason(LAYER, f"{h.rule.reason} (rule: {h.rule.name})", tuple(h.said.split()), 1.0)
            for h in hits[:4]
        )
        urgency = Urgency(first.level) if first.level != CHECK_IN else Urgency.NONE
        score = {CHECK_IN: 0.5, "urgent": 0.9, "emergency": 0.95}[first.level]
        return Opinion(LAYER, urgency, first.level == CHECK_IN, _kind(hits), score, reasons)

    def _candidates(self, words: Sequence[str]) -> Iterator[tuple[int, Pattern]]:
        seen: set[tuple[int, int]] = set()
        for word in dict.fromkeys(words):
            seen.update(self._triggered(word))
        for number, n in sorted(seen):
            yield number, self._rules[number].say[n]

    def _patterns_of(self, word: str) -> frozenset[tuple[int, int]]:
        found = set(self._exact.get(word, ()))
        for end in range(1, len(word) + 1):
            found.update(self._beginnings.get(word[:end], ()))
        return frozenset(found)

    def _hit(self, compiled: _Compiled, pattern: Pattern, padded: str) -> Hit | None:
        for match in pattern.regex.finditer(padded):
            rule = compiled.rule
            around = _around(padded, match)
            if not rule.negated and self._is_negated(padded, match):
                continue
            if any(p.find(around) for p in compiled.unless):
                continue
            if not rule.serious and any(p.find(around) for p in self._figures):
                continue
            level = rule.level
            if rule.now and any(p.find(around) for p in self._now):
                level = Urgency.EMERGENCY.value
            return Hit(rule, match.group("said").strip(), level)
        return None

    def _is_negated(self, padded: str, match: re.Match[str]) -> bool:
        before = padded[: match.start()].split()[-NEGATED_WITHIN:]
        text = f" {' '.join(before)} "
        if not any(p.find(text) for p in self._negation):
            return False
        after = padded[match.start() :].split()[:3]
        with_more = f" {' '.join([*before, *after])} "
        return not any(p.find(with_more) for p in self._unnegated)


CHECK_IN = "check-in"
LEVELS: Mapping[str, int] = {CHECK_IN: 0, "urgent": 1, "emergency": 2}


def _kind(hits: Sequence[Hit]) -> Kind:
    """The kind that most of the gravest hits share; the first one's where none stands out."""
    gravest = [h.rule.kind for h in hits if h.level == hits[0].level]
    return max(gravest, key=lambda kind: (gravest.count(kind), -gravest.index(kind)))


def _around(padded: str, match: re.Match[str]) -> str:
    before = padded[: match.start()].split()[-AROUND:]
    after = padded[match.end() :].split()[:AROUND]
    return f" {' '.join([*before, match.group('said').strip(), *after])} "


def _index(
    rules: Sequence[_Compiled],
) -> tuple[dict[str, list[tuple[int, int]]], dict[str, list[tuple[int, int]]]]:
    exact: dict[str, list[tuple[int, int]]] = {}
    beginnings: dict[str, list[tuple[int, int]]] = {}
    for number, compiled in enumerate(rules):
        for n, pattern in enumerate(compiled.say):
            for trigger in pattern.triggers:
                into = beginnings if trigger.endswith("*") else exact
                into.setdefault(trigger.rstrip("*"), []).append((number, n))
    return exact, beginnings
