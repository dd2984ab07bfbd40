"""The public intent sets as lists, samples of few examples, and messages with typing slips."""

from __future__ import annotations

import csv
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

NOTHING = "out-of-scope"  # the intent that our engine knows by this name
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SHORTEST = 3  # letters of a word in which a slip is made

Pair = tuple[str, str]  # text, intent


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A set with its training and test part; out-of-scope messages have the intent NOTHING."""

    name: str
    train: tuple[Pair, ...]
    test: tuple[Pair, ...]

    @property
    def has_nothing(self) -> bool:
        """Whether the set has messages that fit no intent."""
        return any(intent == NOTHING for _, intent in self.test)

    def few(self, examples: int, seed: int) -> PublicSet:
        """The same with so many training examples of each intent, drawn by the seed."""
        by_intent: dict[str, list[Pair]] = defaultdict(list)
        for pair in self.train:
            by_intent[pair[1]].append(pair)
        chance = random.Random(seed)
        kept = [
            pair
            for intent in sorted(by_intent)
            for pair in chance.sample(by_intent[intent], min(examples, len(by_intent[intent])))
        ]
        return replace(self, name=f"{self.name}, {examples} examples an intent", train=tuple(kept))


def load_sets(folder: Path) -> tuple[list[PublicSet], list[str]]:
    """The sets that lie in `folder`, and one sentence for each that does not."""
    found, missing = [], []
    clinc = folder / "clinc150.json"
    if clinc.is_file():
        found.append(load_clinc(clinc))
    else:
        missing.append(f"CLINC150 left out: {clinc} is not there")
    banking = [folder / f"banking77_{part}.csv" for part in ("train", "test")]
    absent = [path for path in banking if not path.is_file()]
    if absent:
        missing.append(f"BANKING77 left out: {absent[0]} is not there")
    else:
        found.append(PublicSet("BANKING77", _csv(banking[0]), _csv(banking[1])))
    return found, missing


def load_clinc(path: Path) -> PublicSet:
    """CLINC150 "full": training with its out-of-scope examples; validation stays unused."""
    told = json.loads(path.read_text(encoding="utf-8"))

    def part(*names: str) -> tuple[Pair, ...]:
        rows = [row for name in names for row in told[name]]
        return tuple((text, NOTHING if intent == "oos" else intent) for text, intent in rows)

    return PublicSet("CLINC150", part("train", "oos_train"), part("test", "oos_test"))


def _csv(path: Path) -> tuple[Pair, ...]:
    with path.open(encoding="utf-8", newline="") as opened:
        return tuple((" ".join(r["text"].split()), r["category"]) for r in csv.DictReader(opened))


def slipped(texts: Sequence[str], slips: int, seed: int) -> list[str]:
    """Every text with so many random typing slips; the same seed gives the same slips."""
    chance = random.Random(seed)
    out = []
    for text in texts:
        for _ in range(slips):
            text = slip(text, chance)
        out.append(text)
    return out


def slip(text: str, chance: random.Random) -> str:
    """One slip in one word: two letters swapped, one dropped, doubled, or a neighbour's key hit.

    Only words of at least three letters are hit; a text without any comes back as it is.
    """
    runs = _runs(text)
    if not runs:
        return text
    # By letters, not by words: long words are mistyped more often.
    start, end = chance.choices(runs, weights=[end - start for start, end in runs])[0]
    make = chance.choice((_swap, _drop, _double, _neighbour))
    return text[:start] + make(text[start:end], chance) + text[end:]


def _runs(text: str) -> list[tuple[int, int]]:
    runs, start = [], None
    for i, char in enumerate(f"{text} "):
        inside = char.isascii() and char.isalpha()
        if inside and start is None:
            start = i
        elif not inside and start is not None:
            if i - start >= SHORTEST:
                runs.append((start, i))
            start = None
    return runs


def _swap(word: str, chance: random.Random) -> str:
    unlike = [i for i in range(len(word) - 1) if word[i] != word[i + 1]]
    if not unlike:
        return _drop(word, chance)
    i = chance.choice(unlike)
    return word[:i] + word[i + 1] + word[i] + word[i + 2 :]


def _drop(word: str, chance: random.Random) -> str:
    i = chance.randrange(len(word))
    return word[:i] + word[i + 1 :]


def _double(word: str, chance: random.Random) -> str:
    i = chance.randrange(len(word))
    return word[: i + 1] + word[i:]


def _neighbour(word: str, chance: random.Random) -> str:
    i = chance.randrange(len(word))
    row = next(row for row in KEYBOARD if word[i].lower() in row)
    at = row.index(word[i].lower())
    return word[:i] + chance.choice(row[max(0, at - 1) : at] + row[at + 1 : at + 2]) + word[i + 1 :]
