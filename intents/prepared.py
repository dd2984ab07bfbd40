"""The examples in plain words, out of the cache where nothing has changed since."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from intents import letters, mending, normalise, patterns, rules
from intents.content import Example, IntentContent
from intents.kept import code_version, digest_of, keep, read_kept
from intents.letters import unleet
from intents.mending import Mender, Vocabulary, english_words
from intents.normalise import Normaliser
from intents.rules import Rulebook

NAME = "plain"
TYPED_BADLY = "typos"  # the group of examples whose words prove nothing about spelling
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The normaliser, and what it made of the content."""

    normaliser: Normaliser  # with typing slips put right, unless that failed
    documents: tuple[Words, ...]  # the examples in plain words, in their order
    said: Mapping[str, Words]  # what the rules name, in plain words
    key: str  # names what the documents depend on
    mender: Mender | None = None  # what puts them right
    failed: Exception | None = None  # why typing slips are not put right

    def plain(self, text: str) -> Sequence[str]:
        """A text of the rules in plain words."""
        known = self.said.get(text)
        return self.normaliser.mending(list)(text).words if known is None else known


def prepare(
    content: IntentContent, place_names: Collection[str], cache_dir: Path | None
) -> Prepared:
    """Put all examples and rules into plain words: seconds, or a tenth of one out of the cache."""
    of_words = digest_of(_words_depend_on(content, place_names))
    key = digest_of([of_words, *_rules_depend_on(content)])
    kept = _whole(read_kept(cache_dir, NAME, key), content)
    if kept is not None:
        known, documents, said = kept
        bare = Normaliser(content.words, place_names, known)
        normaliser, mender, failed = _mending(bare, content.examples, documents)
        return Prepared(normaliser, documents, said, of_words, mender, failed)
    known = known_words(content, place_names)
    bare = Normaliser(content.words, place_names, known)
    documents = tuple(bare(example.text).words for example in content.examples)
    normaliser, mender, failed = _mending(bare, content.examples, documents)
    documents = tuple(
        normaliser(e.text).words if e.slice == TYPED_BADLY else words
        for e, words in zip(content.examples, documents, strict=True)
    )
    prepared = Prepared(normaliser, documents, _said(content, bare), of_words, mender, failed)
    if failed is None:
        lists = {text: list(words) for text, words in prepared.said.items()}
        keep(cache_dir, NAME, key, [sorted(known), documents, lists])
    return prepared


def _mending(
    bare: Normaliser, examples: Sequence[Example], documents: Sequence[Words]
) -> tuple[Normaliser, Mender | None, Exception | None]:
    """The normaliser that puts slips right as well; without that, and why, where it fails."""
    spelt = [w for e, w in zip(examples, documents, strict=True) if e.slice != TYPED_BADLY]
    try:
        lexicon = english_words() | bare.protected
        mender = Mender(Vocabulary.of(spelt, lexicon, bare.stands_for))
        return bare.mending(mender), mender, None
    except Exception as error:  # slips are then read as they are, and staff see that
        return bare, None, error


def sure_words(examples: Sequence[Example], documents: Sequence[Words]) -> frozenset[str]:
    """Words of well-spelt examples that at least two of them use."""
    counts: dict[str, int] = {}
    for example, words in zip(examples, documents, strict=True):
        if example.slice != TYPED_BADLY:
            for word in set(words):
                counts[word] = counts.get(word, 0) + 1
    return frozenset(word for word, count in counts.items() if count > 1 and len(word) > 1)


def known_words(content: IntentContent, place_names: Collection[str]) -> frozenset[str]:
    """Words that people who spell well use, for telling a hidden word from an unknown one."""
    plain = Normaliser(content.words, place_names)
    examples = [e for e in content.examples if e.slice not in (TYPED_BADLY, "languages")]
    sure = sure_words(examples, [plain(e.text).words for e in examples])
    # "st4b" is no word of its own, however many examples write it so.
    return frozenset(w for w in sure if unleet(w) == w or unleet(w) not in sure)


def _said(content: IntentContent, normaliser: Normaliser) -> Mapping[str, Words]:
    said: dict[str, Words] = {}

    def plain(text: str) -> Words:
        return said.setdefault(text, normaliser(text).words)

    try:
        Rulebook(content.rules, (), plain)
    except KeyError:  # a concept that is not there: the one who builds the rules for use names it
        return {}
    return said


def _words_depend_on(content: IntentContent, place_names: Collection[str]) -> Iterator[str]:
    yield code_version(normalise, letters, mending)
    yield content.fingerprint()
    yield "\n".join(sorted(place_names))
    words = {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in asdict(content.words).items()
    }
    # The order of the word lists counts: of two emoji that fit, the first is read.
    yield json.dumps(words, ensure_ascii=False)
    yield from (example.slice for example in content.examples)


def _rules_depend_on(content: IntentContent) -> Iterator[str]:
    yield code_version(patterns, rules)
    said = content.rules
    yield json.dumps([dict(said.concepts), [asdict(rule) for rule in said.rules]])
    yield json.dumps([said.figures, said.now, said.negation, said.unnegated])


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
