"""Ready replies for youth workers: what they are, and which of them is meant by a few words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

from rapidfuzz import fuzz, process

CLEAR = 75.0  # of 100: as alike as this, and well before the next, one is meant
AHEAD = 15.0
POSSIBLE = 55.0
MOST = 4
LIKE = 70.0  # two words less alike than this are different words
IN_TEXT = 0.7  # a word of the text counts less than one of the name
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_TAG = re.compile(r"<[^>]*>|\{[^}]*\}")
# Too common to tell one reply from another, unless nothing else is asked for.
_COMMON = frozenset(
    {
        "a", "an", "and", "are", "at", "be", "can", "do", "for", "have", "i", "if", "in", "is",
        "it", "me", "my", "of", "on", "or", "that", "the", "them", "they", "this", "to", "we",
        "what", "with", "you", "your",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Canned:
    """One ready reply."""

    id: str
    name: str
    group: str
    words: tuple[str, ...]  # what else it is found by
    text: str  # Telegram's HTML, with blanks for numbers

    def blanks(self) -> tuple[str, ...]:
        """The blanks in the text, in order."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.text) if name)


def find(wanted: str, replies: Sequence[Canned]) -> list[Canned]:
    """What somebody may mean: one where it is clear, else up to four, likeliest first."""
    exact = [one for one in replies if _plain(wanted) in map(_plain, (one.id, one.name))]
    if len(exact) == 1:
        return exact
    scored = [(score(wanted, one), n, one) for n, one in enumerate(replies)]
    best = sorted((row for row in scored if row[0] >= POSSIBLE), key=lambda row: (-row[0], row[1]))
    if not best:
        return []
    clear = best[0][0] >= CLEAR and (len(best) == 1 or best[0][0] - best[1][0] >= AHEAD)
    return [row[2] for row in best[: 1 if clear else MOST]]


def score(wanted: str, reply: Canned) -> float:
    """How well a reply fits the words, 0 to 100; typing slips are forgiven."""
    asked = _tokens(wanted)
    asked = [word for word in asked if word not in _COMMON] or asked
    if not asked:
        return 0.0
    known, text = _known(reply)
    fits = [max(_alike(word, known), IN_TEXT * _alike(word, text)) for word in asked]
    return sum(fits) / len(fits)


@lru_cache(maxsize=512)
def _known(reply: Canned) -> tuple[tuple[str, ...], tuple[str, ...]]:
    named = _tokens(" ".join((reply.id.replace("-", " "), reply.name, *reply.words)))
    return tuple(dict.fromkeys(named)), tuple(dict.fromkeys(_tokens(_TAG.sub(" ", reply.text))))


def _alike(word: str, others: tuple[str, ...]) -> float:
    if word in others:
        return 100.0
    if len(word) >= 3 and any(other.startswith(word) for other in others):
        return 95.0  # still being typed
    found = process.extractOne(word, others, scorer=fuzz.ratio, score_cutoff=LIKE)
    return found[1] if found else 0.0


def _tokens(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _plain(text: str) -> str:
    return " ".join(_tokens(text.replace("-", " ")))
