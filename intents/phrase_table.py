"""Short phrases by what they mean, matched nearly: for follow-ups and answers to our questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

NEARLY = 86  # of 100; two slips in a phrase of three words still match, another word does not
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
        best = process.extractOne(
            said, list(self._by_phrase), scorer=fuzz.ratio, score_cutoff=NEARLY
        )
        return self._by_phrase[best[0]] if best else None


def plain(text: str) -> str:
    """Lower case, no apostrophes or other marks, single spaces."""
    bare = re.sub(r"['’`]", "", text.lower())
    return " ".join(re.sub(r"[^\w\s]", " ", bare).split())
