"""What understanding is built from: examples, words, rules and thresholds out of the YAML."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from intents.examples import Example, Examples
from intents.kept import digest_of
from intents.model import Kind, Urgency


@dataclass(frozen=True, slots=True)
class IntentInfo:
    """What an intent is about, and how urgent its ordinary messages are."""

    name: str
    about: str
    urgency: Urgency = Urgency.NONE


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of `intents/words`, keys and values in lower case."""

    replace: Mapping[str, str] = field(default_factory=dict)  # slang, text-speak, spellings
    emoji: Mapping[str, str] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
    digit_for: Mapping[str, str] = field(default_factory=dict)  # "4": "for"
    digit_keep_after: frozenset[str] = frozenset()  # "aged 4", "im 4"
    digit_keep_before: frozenset[str] = frozenset()  # "4 pm", "4 years"
    details: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """One concept rule: what has to be said, and what makes it harmless."""

    name: str
    kind: Kind
    level: str  # "emergency", "urgent" or "check-in"
    reason: str
    say: tuple[str, ...]  # patterns; any one is enough
    unless: tuple[str, ...] = ()  # patterns; any one calls it off
    now: bool = False  # an urgent one becomes an emergency with words of now
    negated: bool = False  # holds even after "not" ("i can not go home")
    serious: bool = False  # figures of speech and games do not call it off


@dataclass(frozen=True, slots=True)
class Rules:
    """Every rule, and the lists of words that their patterns name."""

    concepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    figures: tuple[str, ...] = ()  # patterns: a figure of speech, a game, a film, homework
    now: tuple[str, ...] = ()  # patterns: now or in the next hours
    negation: tuple[str, ...] = ()  # words that turn what follows round
    unnegated: tuple[str, ...] = ()  # "can not stop": holds a "not", but turns nothing round


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Weights and thresholds by name, each with its reason in words/thresholds.yaml."""

    values: Mapping[str, float] = field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def given(self, name: str, layers: Collection[str]) -> float:
        """The value where these layers read the message; the encoder has some of its own."""
        own = f"encoder.{name}"
        return self.values[own if "encoder" in layers and own in self.values else name]


@dataclass(frozen=True, slots=True)
class IntentContent:
    """Everything that understanding is built from."""

    examples: Sequence[Example] = ()
    intents: tuple[IntentInfo, ...] = ()
    words: Words = field(default_factory=Words)
    rules: Rules = field(default_factory=Rules)
    thresholds: Thresholds = field(default_factory=Thresholds)

    def fingerprint(self) -> str:
        """A SHA-256 over examples and words: what the fitted models depend on."""
        words = {**asdict(self.words), "protected": sorted(self.words.protected)}
        words["digit_keep_after"] = sorted(self.words.digit_keep_after)
        words["digit_keep_before"] = sorted(self.words.digit_keep_before)
        said = json.dumps(words, ensure_ascii=False, sort_keys=True)
        return digest_of([Examples.of(self.examples).digest(), said])
