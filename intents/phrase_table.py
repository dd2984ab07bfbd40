"""Short phrases by what they mean, matched nearly: for follow-ups and answers to our questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

NEARLY = 86  # of 100; two slips in a phrase of three words still match, another word does not
# "im unsafe" is one slip from "im safe" by its letters, and its opposite.
NEGATION = re.compile(r"\b(?:no|not|nah|nope|never|hardly|without|un\w*|\w*nt)\b")
MOST_WORDS = 9  # longer messages say something of their own


@dataclass(frozen=True)
class PhraseTable:
    """Which meaning a short message has, in the light of a question or of results on screen."""

    meanings: Mapping[str, tuple[str, ...]]
    _by_phrase: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        table = {plain(p): m for m, phrases in self.meanings.items() for p in phrases}
        object.__setattr__(self, "_by_phrase", table)

    def meaning(self, text: str) -> str | None:
        """The meaning of a short message, or None when it says something of its own."""
        said = plain(text)
        if not said or len(said.split()) > MOST_WORDS:
            return None
        if said in self._by_phrase:
            return self._by_phrase[said]
        if len(said) < 4:  # one slip in so short a word makes another word
            return None
        found = process.extract(
            said, list(self._by_phrase), scorer=fuzz.ratio, score_cutoff=NEARLY, limit=None
        )
        alike = (phrase for phrase, _, _ in found if negated(phrase) == negated(said))
        best = next(alike, None)
        return self._by_phrase[best] if best is not None else None

    def within(self, text: str, before: str = "") -> bool:
        """Whether one of the phrases stands in the text, and before some words where given."""
        said, mark = plain(text), plain(before)
        head = said[: said.rfind(mark)] if mark and mark in said else said
        return any(f" {phrase} " in f" {head} " for phrase in self._by_phrase)


def negated(text: str) -> frozenset[str]:
    """The words of a plain text that turn its meaning round: a slip never adds or drops one."""
    return frozenset(NEGATION.findall(text))


def plain(text: str) -> str:
    """Lower case, no apostrophes or other marks, single spaces."""
    bare = re.sub(r"['’`]", "", text.lower())
    return " ".join(re.sub(r"[^\w\s]", " ", bare).split())
