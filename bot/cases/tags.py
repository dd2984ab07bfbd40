"""Tags of a case: from a list with other names for each, or free words, in one spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.cases.model import Case

LONGEST_TAG = 40  # characters
MOST_TAGS = 10
_SPLIT = re.compile(r"[\s,;]+")
_NOT_IN_A_TAG = re.compile(r"[^\w-]+")

Listed = Mapping[str, tuple[str, ...]]  # a tag, and the other words for it


@dataclass(frozen=True, slots=True)
class Tagged:
    """What became of the words that were given as tags."""

    case: Case
    too_long: tuple[str, ...] = ()
    too_many: tuple[str, ...] = ()


def spelled(word: str) -> str:
    """A word as a tag is kept: small letters, digits, hyphens."""
    plain = unicodedata.normalize("NFKC", word).casefold()
    return re.sub(r"-{2,}", "-", _NOT_IN_A_TAG.sub("", plain).replace("_", "-")).strip("-")


def words(text: str, listed: Listed) -> tuple[str, ...]:
    """The tags in a line of text, each once, under the listed name where it has one."""
    names = {spelled(other): tag for tag, others in listed.items() for other in (tag, *others)}
    found = (spelled(word) for word in _SPLIT.split(text))
    return tuple(dict.fromkeys(names.get(word, word) for word in found if word))


def tagged(case: Case, given: Iterable[str]) -> Tagged:
    """The case with more tags; what does not fit is named."""
    too_long = tuple(tag for tag in given if len(tag) > LONGEST_TAG)
    fitting = [tag for tag in given if len(tag) <= LONGEST_TAG]
    every = tuple(dict.fromkeys((*case.tags, *fitting)))
    return Tagged(replace(case, tags=every[:MOST_TAGS]), too_long, every[MOST_TAGS:])


def untagged(case: Case, given: Iterable[str]) -> Case:
    """The case without these tags."""
    gone = set(given)
    return replace(case, tags=tuple(tag for tag in case.tags if tag not in gone))


def only_listed(case: Case, listed: Listed) -> Case:
    """The case without free words among its tags: they go with the other words."""
    return replace(case, tags=tuple(tag for tag in case.tags if tag in listed))
