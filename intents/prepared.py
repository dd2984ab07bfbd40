"""The examples in plain words, out of the cache where nothing has changed since."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents import documents as numbered
from intents import letters, mending, normalise, patterns, rules, runs
from intents.content import IntentContent
from intents.documents import Documents, Words
from intents.examples import Examples
from intents.kept import Arrays, code_version, digest_of, keep_arrays, read_arrays
from intents.letters import unleet
from intents.mending import Mender, Vocabulary, english_words
from intents.normalise import Normaliser
from intents.rules import Rulebook

NAME = "plain"
TYPED_BADLY = "typos"  # the group of examples whose words prove nothing about spelling


@dataclass(frozen=True, slots=True)
class Prepared:
    """The normaliser, and what it made of the content."""

    normaliser: Normaliser  # with typing slips put right, unless that failed
    documents: Documents  # the examples in plain words, in their order
    well_spelt: NDArray[np.bool_]  # which of them prove by their words how those are spelt
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
    examples = Examples.of(content.examples)
    slipped = examples.of_slice(TYPED_BADLY)
    of_words = digest_of(_words_depend_on(content, place_names))
    key = digest_of([of_words, *_rules_depend_on(content)])
    kept = _whole(read_arrays(cache_dir, NAME, key), content)
    if kept is not None:
        known, documents, plain = kept
        bare = Normaliser(content.words, place_names, known)
        normaliser, mender, failed = _mending(bare, documents.where(~slipped))
        return Prepared(normaliser, documents, ~slipped, plain, of_words, mender, failed)
    known = known_words(content, place_names)
    bare = Normaliser(content.words, place_names, known)
    documents = Documents.of(bare(example.text).words for example in examples)
    normaliser, mender, failed = _mending(bare, documents.where(~slipped))
    documents = Documents.of(
        normaliser(examples.text(i)).words if slipped[i] else words
        for i, words in enumerate(documents)
    )
    said = _said(content, bare)
    prepared = Prepared(normaliser, documents, ~slipped, said, of_words, mender, failed)
    if failed is None:
        told = [sorted(known), documents.vocabulary, dict(said)]
        arrays = {"numbers": documents.numbers, "starts": documents.starts}
        keep_arrays(cache_dir, NAME, key, told, arrays)
    return prepared


def _mending(
    bare: Normaliser, spelt: Documents
) -> tuple[Normaliser, Mender | None, Exception | None]:
    """The normaliser that puts slips right as well; without that, and why, where it fails."""
    try:
        vocabulary = Vocabulary.of(
            spelt, english_words(), bare.protected, stands_for=bare.stands_for
        )
        mender = Mender(vocabulary)
        return bare.mending(mender), mender, None
    except Exception as error:  # slips are then read as they are, and staff see that
        return bare, None, error


def sure_words(documents: Documents, well_spelt: NDArray[np.bool_]) -> frozenset[str]:
    """Words that at least two of the well-spelt texts use."""
    held, starts = documents.holders
    users = np.diff(np.concatenate(([0], np.cumsum(well_spelt[held])))[starts])
    sure = np.flatnonzero(users > 1).tolist()
    return frozenset(word for i in sure if len(word := documents.vocabulary[i]) > 1)


def known_words(content: IntentContent, place_names: Collection[str]) -> frozenset[str]:
    """Words that people who spell well use, for telling a hidden word from an unknown one."""
    plain = Normaliser(content.words, place_names)
    examples = [e for e in content.examples if e.slice not in (TYPED_BADLY, "languages")]
    documents = Documents.of(plain(e.text).words for e in examples)
    sure = sure_words(documents, np.ones(len(documents), dtype=np.bool_))
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
    yield code_version(normalise, letters, mending, numbered, runs)
    yield content.fingerprint()
    yield "\n".join(sorted(place_names))
    words = {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in asdict(content.words).items()
    }
    # The order of the word lists counts: of two emoji that fit, the first is read.
    yield json.dumps(words, ensure_ascii=False)
    yield Examples.of(content.examples).digest_of_slices()


def _rules_depend_on(content: IntentContent) -> Iterator[str]:
    yield code_version(patterns, rules)
    said = content.rules
    yield json.dumps([dict(said.concepts), [asdict(rule) for rule in said.rules]])
    yield json.dumps([said.figures, said.now, said.negation, said.unnegated])


def _whole(
    kept: tuple[Any, Arrays] | None, content: IntentContent
) -> tuple[frozenset[str], Documents, dict[str, Words]] | None:
    if kept is None:
        return None
    try:
        (known, vocabulary, said), arrays = kept
        found = Documents.checked(vocabulary, arrays["numbers"], arrays["starts"])
        if len(found) != len(content.examples) or not known:
            return None
        return frozenset(known), found, {text: tuple(words) for text, words in said.items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
