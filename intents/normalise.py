"""Layer 1: what somebody typed, in plain words. Pure, and the same again when done twice."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache

from intents.content import Words
from intents.letters import latin_look_alikes, plain_letters, unleet, unrepeated
from intents.runs import Runs

# Vowel signs of Hebrew, Arabic, Indic scripts and Thai: parts of words, though not \w.
MARKS = (
    r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u0900-\u0dff\u0e00-\u0eff"
)
# A word (with the digits and signs that stand for letters), or a stop.
TOKEN = re.compile(
    rf"[^\W_](?:[\w{MARKS}'*@$!|€£]*[\w{MARKS}*@$]|\.(?=\d))*'?|[@$](?=\w)[\w@$]+|[.!?;\n]+|,"
)
FOREIGN_STOPS = str.maketrans(
    {"।": ".", "۔": ".", "؟": "?", "،": ",", "؛": ".", "。": ".", "…": "."}
)
TIME = re.compile(r"^\d{1,4}(?:[:.]\d\d)?(?:am|pm|st|nd|rd|th|k|m|s|yo|yr|yrs|ish|p|x|ft|kg|gb)?$")
CODE = re.compile(r"^(?:[a-z]{1,2}\d[\da-z]?(?:\d[a-z]{2})?|\d[a-z]{2}|[yu]\d{1,2}s?|year\d+)$")
LONDON = re.compile(r"^(?:e|ec|n|nw|se|sw|w|wc|br|cr|da|en|ha|ig|kt|rm|sm|tn|tw|ub|wd|y|u)?\d")
NOISY = re.compile(r"[\d*@$!|€£.]")
SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*]){2,}[^\W\d_](?![^\W_])")
HYPHENS = re.compile(r"(?<=\w)[-‐-―/&+](?=\w)|[_]+")
STOPS = frozenset(".?,")
PASSES = 6  # expansions settle in two or three; a bound, so that nothing can run for ever
LAST = chr(sys.maxunicode)  # no word begins with it
KEPT_WORDS = 20_000  # single words whose reading is remembered
LONGEST = 12_000  # characters read; Telegram sends at most 4,096

Mend = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Normal:
    """A message in plain words, with the stops kept apart."""

    text: str  # words and stops, single spaces
    words: tuple[str, ...]  # without the stops

    @property
    def plain(self) -> str:
        """The words without the stops, single spaces."""
        return " ".join(self.words)


class Normaliser:
    """Puts messages into plain words by the word lists of `intents/words`."""

    def __init__(
        self, words: Words, places: Collection[str] = (), known: Collection[str] = ()
    ) -> None:
        self._replace = {k: v for k, v in words.replace.items() if k not in words.protected}
        phrases = {k: v for k, v in self._replace.items() if " " in k}
        self._phrases = Runs({tuple(k.split()): v.split() for k, v in phrases.items()})
        # "shank" is a knife, although Edmonton is called Shank Town: only a whole name protects it.
        names = {place.casefold() for place in places}
        place_words = {w for name in names for w in name.split() if w not in words.replace}
        place_words |= {name for name in names if " " not in name}
        self._protected = words.protected | place_words
        self._known = frozenset(known) | self._protected
        self._ordered = sorted(self._known)
        self._emoji, self._emoji_pattern = _emoji(words.emoji)
        self._words = words
        self._mend: Mend = list
        self._word: Callable[[str], str] = lru_cache(maxsize=KEPT_WORDS)(self._read_word)

    def __call__(self, text: str) -> Normal:
        """The message in plain words; at most 12,000 characters of it are read, ends first."""
        if len(text) > LONGEST:
            text = text[: LONGEST // 2] + "\n" + text[-LONGEST // 2 :]
        tokens = self._tokens(text)
        for _ in range(PASSES):
            spoken = self._digits([self._word(t) for t in self._phrased(tokens)])
            if spoken == tokens:
                break
            again = _tidy(" ".join(spoken).split())
            if again == tokens:
                break
            tokens = again
        tokens = self._mend(tokens)
        return Normal(" ".join(tokens), tuple(t for t in tokens if t not in STOPS))

    def mending(self, mend: Mend) -> Normaliser:
        """The same, and slips of typing are put right by `mend` at the end."""
        other = copy(self)
        other._mend = mend
        return other

    @property
    def stands_for(self) -> Mapping[str, str]:
        """What single words are written out as: "cant" is "can not"."""
        return self._replace

    @property
    def protected(self) -> frozenset[str]:
        """Words that are never changed: names, places, slang."""
        return self._protected

    def _tokens(self, text: str) -> list[str]:
        if self._emoji_pattern is not None and not text.isascii():
            text = self._emoji_pattern.sub(lambda m: f" {self._emoji[m.group()]} ", text)
        text = plain_letters(text).translate(FOREIGN_STOPS)
        text = HYPHENS.sub(" ", SPACED.sub(self._unspaced, text))
        return _tidy([_stop(t) for t in TOKEN.findall(text)])

    def _unspaced(self, match: re.Match[str]) -> str:
        joined = re.sub(r"[ .\-_*]", "", match.group())
        return joined if len(joined) > 3 and joined in self._known else match.group()

    def _read_word(self, word: str) -> str:
        if word in STOPS or word in self._protected:
            return word
        if word in self._replace:
            return self._replace[word]
        word = latin_look_alikes(word)
        bare = word.replace("'", "")
        for reading in dict.fromkeys((word, bare, *unrepeated(bare))):
            if reading in self._replace:
                return self._replace[reading]
            if reading in self._known:
                return reading
        if NOISY.search(bare) and not TIME.match(bare) and not self._is_code(bare):
            return self._unhidden(bare)
        return unrepeated(bare)[0]

    def _is_code(self, word: str) -> bool:
        """Whether it is part of a postcode or a year group, and not a word with a digit in it."""
        if CODE.match(word) is None:
            return False
        return LONDON.match(word) is not None or unleet(word) not in self._known

    def _unhidden(self, word: str) -> str:
        plain = unleet(word)
        for reading in unrepeated(plain):
            if reading in self._replace:
                return self._replace[reading]
            if reading in self._known:
                return reading
        if "*" in word and len(word) > 2 and not word.startswith("*"):
            pattern = re.compile(re.escape(word).replace(r"\*", "[a-z]?"))
            about = self._beginning_with(word[: word.index("*")])
            found = [k for k in about if pattern.fullmatch(k) and k.isalpha()]
            if found:
                return max(found, key=len)
        return re.sub(r"[*@$!|€£]", "", word) or "."

    def _beginning_with(self, letters: str) -> list[str]:
        """The known words that begin so, in order."""
        first = bisect_left(self._ordered, letters)
        return self._ordered[first : bisect_left(self._ordered, letters + LAST)]

    def _digits(self, tokens: list[str]) -> list[str]:
        words = self._words
        if words.digit_for.keys().isdisjoint(tokens):
            return tokens
        said = list(tokens)
        for i, token in enumerate(tokens):
            if token not in words.digit_for:
                continue
            before = tokens[i - 1].rsplit(" ", 1)[-1] if i else ""
            after = tokens[i + 1].split(" ", 1)[0] if i + 1 < len(tokens) else ""
            if (
                (before.isalpha() or not before)
                and after.isalpha()
                and before not in words.digit_keep_after
                and after not in words.digit_keep_before
            ):
                said[i] = words.digit_for[token]
        return said

    def _phrased(self, tokens: list[str]) -> list[str]:
        out: list[str] = []
        done = 0
        for start, end, said in self._phrases.found(tokens):
            out += tokens[done:start]
            out += said
            done = end
        return out + tokens[done:] if done else tokens


def _emoji(emoji: Mapping[str, str]) -> tuple[Mapping[str, str], re.Pattern[str] | None]:
    if not emoji:
        return emoji, None
    longest_first = sorted(emoji, key=len, reverse=True)
    return emoji, re.compile("|".join(map(re.escape, longest_first)))


def _stop(piece: str) -> str:
    if piece[0] in ".!?;\n":
        return "?" if "?" in piece else "."
    return piece


def _tidy(tokens: list[str]) -> list[str]:
    """Without stops at the start and without two stops in a row."""
    out: list[str] = []
    for token in tokens:
        if token in STOPS:
            if not out:
                continue
            if out[-1] in STOPS:
                out[-1] = "?" if "?" in (token, out[-1]) else "."
                continue
        out.append(token)
    return out
