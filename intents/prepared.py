"""The examples in plain words, out of the cache where nothing has changed since."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from intents import letters, normalise, patterns, rules
from intents.content import Example, IntentContent
from intents.kept import code_version, digest_of, keep, read_kept
from intents.normalise import Normaliser
from intents.rules import Rulebook

NAME = "plain"
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The normaliser, and what it made of the content."""

    normaliser: Normaliser
    documents: tuple[Words, ...]  # the examples in plain words, in their order
    said: Mapping[str, Words]  # what the rules name, in plain words

    def plain(self, text: str) -> Sequence[str]:
        """A text in plain words."""
        known = self.said.get(text)
        return self.normaliser(text).words if known is None else known


def prepare(
    content: IntentContent, place_names: Collection[str], cache_dir: Path | None
) -> Prepared:
    """Put all examples and rules into plain words: seconds, or a tenth of one out of the cache."""
    key = digest_of(_depends_on(content, place_names))
    kept = _whole(read_kept(cache_dir, NAME, key), content)
    if kept is not None:
        known, documents, said = kept
        return Prepared(Normaliser(content.words, place_names, known), documents, said)
    known = known_words(content, place_names)
    normaliser = Normaliser(content.words, place_names, known)
    documents = tuple(normaliser(example.text).words for example in content.examples)
    prepared = Prepared(normaliser, documents, _said(content, normaliser))
    lists = {text: list(words) for text, words in prepared.said.items()}
    keep(cache_dir, NAME, key, [sorted(known), documents, lists])
    return prepared


def sure_words(examples: Sequence[Example], documents: Sequence[Words]) -> frozenset[str]:
    """Words of well-spelt examples that at least two of them use."""
    counts: dict[str, int] = {}
    for example, words in zip(examples, documents, strict=True):
        if example.slice != "typos":
            for word in set(words):
                counts[word] = counts.get(word, 0) + 1
    return frozenset(word for word, count in counts.items() if count > 1 and len(word) > 1)


def known_words(content: IntentContent, place_names: Collection[str]) -> frozenset[str]:
    """Words that people who spell well use, for telling a hidden word from an unknown one."""
    plain = Normaliser(content.words, place_names)
    examples = [e for e in content.examples if e.slice not in ("typos", "languages")]
    return sure_words(examples, [plain(e.text).words for e in examples])


def _said(content: IntentContent, normaliser: Normaliser) -> Mapping[str, Words]:
    said: dict[str, Words] = {}

    def plain(text: str) -> Words:
        return said.setdefault(text, normaliser(text).words)

    try:
        Rulebook(content.rules, (), plain)
    except KeyError:  # a concept that is not there: the one who builds the rules for use names it
        return {}
    return said


def _depends_on(content: IntentContent, place_names: Collection[str]) -> Iterator[str]:
    yield code_version(normalise, letters, patterns, rules)
    yield "\n".join(sorted(place_names))
    words = {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in asdict(content.words).items()
    }
    # The order of the word lists counts: of two emoji that fit, the first is read.
    yield json.dumps(words, ensure_ascii=False)
    said = content.rules
    yield json.dumps([dict(said.concepts), [asdict(rule) for rule in said.rules]])
    yield json.dumps([said.figures, said.now, said.negation, said.unnegated])
    for example in content.examples:
        yield example.text
        yield example.slice


def _whole(
    kept: Any | None, content: IntentContent
) -> tuple[frozenset[str], tuple[Words, ...], dict[str, Words]] | None:
    try:
        known, documents, said = kept or ((), (), {})
        if len(documents) != len(content.examples) or not known:
            return None
        plain = {text: tuple(words) for text, words in said.items()}
        return frozenset(known), tuple(map(tuple, documents)), plain
    except (AttributeError, TypeError, ValueError):
        return None
