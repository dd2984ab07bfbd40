"""The concept rules for danger: who, what, when, by what means, negated or a figure of speech."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Timer

from intents.content import Rule, Rules
from intents.layers import Opinion
from intents.match import KEPT_WORDS, Speller
from intents.model import Kind, Reason, Urgency
from intents.patterns import Concepts, Element, Pattern, compile_all, elements_of, words_of

AROUND = (
    24  # words on each side of what was said in which figures, "now" and "unless" are looked for
)
PIECE = 120  # words of a long message that are read at once
NEGATED_WITHIN = 4  # words before it in which a "not" turns it round
LAYER = "rules"
STARTED_S = 2.0  # after this the start is over


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


@dataclass(frozen=True, slots=True)
class _Message:
    padded: str
    there: frozenset[str]  # names of the elements of which something is said
    begin: int  # characters; what begins before belongs to the piece before
    end: int

    def any_in(self, patterns: Sequence[Pattern], piece: str) -> bool:
        """Whether any pattern fits a piece of the message."""
        return any(p.needs <= self.there and p.find(piece) is not None for p in patterns)


class Rulebook:
    """Every rule, indexed by the words without which it cannot fit."""

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
        said = [pattern for compiled in self._rules for pattern in compiled.say]
        others = (*self._figures, *self._now, *self._negation, *self._unnegated)
        unless = [pattern for compiled in self._rules for pattern in compiled.unless]
        self._exact, self._beginnings = _signs(elements_of([*said, *others, *unless]))
        self._begun = _by_first_element(self._rules)
        self._first = frozenset(self._begun)
        self._elements = lru_cache(maxsize=KEPT_WORDS)(self._elements_of)
        self._speller = Speller([*known, *words_of(said)])
        self._patterns = (*said, *others, *unless)

    def __len__(self) -> int:
        return len(self._rules)

    def compiling(self) -> Rulebook:
        """The same; its patterns are compiled (0.2 s) once the start is over.

        What a message needs before that is compiled for it.
        """
        timer = Timer(STARTED_S, self._compile)
        timer.daemon = True
        timer.start()
        return self

    def _compile(self) -> None:
        for pattern in self._patterns:
            _ = pattern.regex

    def hits(self, words: Sequence[str]) -> list[Hit]:
        """Every rule that fits, gravest first."""
        mended = [self._speller.mended(w) for w in words]
        found: dict[int, Hit] = {}
        for message in self._pieces(mended):
            for number, pattern in self._candidates(message.there):
                if number not in found:
                    hit = self._hit(self._rules[number], pattern, message)
                    if hit is not None:
                        found[number] = hit
        ranked = sorted(found.items(), key=lambda item: (-LEVELS[item[1].level], item[0]))
        return [hit for _, hit in ranked]

    def _pieces(self, words: Sequence[str]) -> Iterator[_Message]:
        """A long message in pieces, each with the words around it that count; a short one whole.

        Hundreds of patterns that each look through ten thousand letters would take too long.
        """
        if len(words) <= PIECE:
            yield self._message((), words, ())
            return
        for first in range(0, len(words), PIECE):
            end = first + PIECE
            before, after = words[max(first - AROUND, 0) : first], words[end : end + self._reach]
            yield self._message(before, words[first:end], after)

    def _message(
        self, before: Sequence[str], piece: Sequence[str], after: Sequence[str]
    ) -> _Message:
        words = (*before, *piece, *after)
        there = frozenset[str]().union(*map(self._elements, dict.fromkeys(words)))
        begin = len(" ".join(before)) + 1
        end = begin + len(" ".join(piece)) + 1
        return _Message(f" {' '.join(words)} ", there, begin, end)

    @cached_property
    def _reach(self) -> int:
        """How many words after its first one count for a pattern."""
        return AROUND + max((pattern.longest for pattern in self._patterns), default=0)

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

    def _candidates(self, there: frozenset[str]) -> Iterator[tuple[int, Pattern]]:
        begun = [
            (number, n)
            for name in self._first & there
            for number, n, needs in self._begun[name]
            if needs <= there
        ]
        for number, n in sorted(begun):
            yield number, self._rules[number].say[n]

    def _elements_of(self, word: str) -> frozenset[str]:
        found = set(self._exact.get(word, ()))
        for end in range(1, len(word) + 1):
            found.update(self._beginnings.get(word[:end], ()))
        return frozenset(found)

    def _hit(self, compiled: _Compiled, pattern: Pattern, message: _Message) -> Hit | None:
        for match in pattern.regex.finditer(message.padded, message.begin):
            if match.start() >= message.end:
                break
            rule = compiled.rule
            if not rule.negated and self._is_negated(message, match):
                continue
            around = _around(message.padded, match)
            if message.any_in(compiled.unless, around):
                continue
            if not rule.serious and message.any_in(self._figures, around):
                continue
            level = rule.level
            if rule.now and message.any_in(self._now, around):
                level = Urgency.EMERGENCY.value
            return Hit(rule, match.group("said").strip(), level)
        return None

    def _is_negated(self, message: _Message, match: re.Match[str]) -> bool:
        before = _last(message.padded[: match.start()], NEGATED_WITHIN)
        if not message.any_in(self._negation, f" {' '.join(before)} "):
            return False
        after = _first(message.padded[match.start() :], 3)
        return not message.any_in(self._unnegated, f" {' '.join([*before, *after])} ")


CHECK_IN = "check-in"
LEVELS: Mapping[str, int] = {CHECK_IN: 0, "urgent": 1, "emergency": 2}


def _kind(hits: Sequence[Hit]) -> Kind:
    """The kind that most of the gravest hits share; the first one's where none stands out."""
    gravest = [h.rule.kind for h in hits if h.level == hits[0].level]
    return max(gravest, key=lambda kind: (gravest.count(kind), -gravest.index(kind)))


def _around(padded: str, match: re.Match[str]) -> str:
    before = _last(padded[: match.start()], AROUND)
    after = _first(padded[match.end() :], AROUND)
    return f" {' '.join([*before, match.group('said').strip(), *after])} "


def _last(text: str, n: int) -> list[str]:
    return text.rsplit(maxsplit=n)[-n:]


def _first(text: str, n: int) -> list[str]:
    return text.split(maxsplit=n)[:n]


def _signs(elements: Mapping[str, Element]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Names of elements by the words, and by the beginnings of words, that show them."""
    exact: dict[str, list[str]] = {}
    beginnings: dict[str, list[str]] = {}
    for name, element in elements.items():
        for sign in element.signs:
            into = beginnings if sign.endswith("*") else exact
            into.setdefault(sign.rstrip("*"), []).append(name)
    return exact, beginnings


def _by_first_element(
    rules: Sequence[_Compiled],
) -> dict[str, list[tuple[int, int, frozenset[str]]]]:
    begun: dict[str, list[tuple[int, int, frozenset[str]]]] = {}
    for number, compiled in enumerate(rules):
        for n, pattern in enumerate(compiled.say):
            if pattern.first is not None:
                begun.setdefault(pattern.first.name, []).append((number, n, pattern.needs))
    return begun
