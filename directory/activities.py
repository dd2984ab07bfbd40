"""What people can do: canonical names, the words people type for them, and their families."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Activities:
    """The vocabulary of intents/words/activities.yaml."""

    parents: Mapping[str, str | None] = field(default_factory=dict)  # name -> family
    words: Mapping[str, str] = field(default_factory=dict)  # every word, lower case -> name

    @property
    def names(self) -> tuple[str, ...]:
        """Every canonical name, families included, in the order of the file."""
        return tuple(self.parents)

    @property
    def phrases(self) -> Mapping[str, str]:
        """Every word or phrase that people type, in lower case, with its canonical name."""
        return self.words

    def canonical(self, word: str) -> str | None:
        """Return the canonical name of a word or alias; None where it is none."""
        return self.words.get(plain(word))

    def family(self, name: str) -> tuple[str, ...]:
        """Return what an activity is a kind of, nearest first: boxing -> combat-sport, sport."""
        found: list[str] = []
        parent = self.parents.get(name)
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self.parents.get(parent)
        return tuple(found)

    def is_a(self, name: str, other: str) -> bool:
        """Tell whether an activity is another one or a kind of it."""
        return name == other or other in self.family(name)

    def narrowest(self, names: Iterable[str]) -> tuple[str, ...]:
        """Leave out what only says more widely what is named too: sport beside boxing."""
        typed = {one: self.canonical(one) or one for one in names}
        wider = {family for name in typed.values() for family in self.family(name)}
        return tuple(one for one, name in typed.items() if name not in wider)


def plain(word: str) -> str:
    """Return a word as the vocabulary keeps it: lower case, `-` and doubled spaces as a space."""
    return " ".join(word.lower().replace("-", " ").replace("’", "'").split())


def make_activities(rows: Iterable[tuple[str, str | None, Iterable[str]]]) -> Activities:
    """Build the vocabulary out of rows of name, family and aliases."""
    parents: dict[str, str | None] = {}
    words: dict[str, str] = {}
    for name, family, aliases in rows:
        parents[name] = family
        for word in (name, *aliases):
            words.setdefault(plain(word), name)
    return Activities(parents, words)
