"""What the sentence encoder is trained on: our own examples, split, varied and batched."""

from __future__ import annotations

import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content.intent_files import load_intents
from intents.content import IntentContent
from intents.examples import Example
from intents.model import Kind, Urgency
from intents.prepared import prepare

ROOT = Path(__file__).resolve().parents[1]
SMALL_TALK = ("greeting", "thanks", "goodbye", "help", "about-bot")
JOINTS = (". ", ", ", " ", " and ", " also ", " btw ", "\n", " but ")
PLAIN_JOINTS = (" . ", " . ", " , ", " ", " and ", " also ", " but ")
NORMALISED = 0.6  # share of texts as the normaliser reads them, the others as they were typed
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Sample:
    """One example with both of its spellings: as people type, and as the normaliser reads it."""

    raw: str
    normal: str
    intent: str
    urgency: Urgency
    kind: Kind | None
    slice: str
    twin: str

    @property
    def dangerous(self) -> bool:
        """Whether a worker must see it."""
        return self.urgency.paged


def load_content() -> IntentContent:
    """The project's YAML; stops with the first problem if there is one that matters."""
    content, problems = load_intents(ROOT)
    grave = [p for p in problems if p.severity.value == "error"]
    if grave:
        raise SystemExit(f"the YAML has problems; run `check` first: {grave[0]}")
    return content


def load_samples(content: IntentContent) -> list[Sample]:
    """Every example, in a stable order, with the text that the normaliser makes of it."""
    read = reader(content)
    return [sample(e, read(e.text)) for e in content.examples]


def reader(content: IntentContent) -> Callable[[str], str]:
    """What the normaliser makes of a text, with its stops, as the encoder gets it at run time."""
    prepared = prepare(content, (), None)
    if prepared.failed is not None:
        raise SystemExit(f"typing slips cannot be put right: {prepared.failed}")
    return lambda text: prepared.normaliser(text).text


def sample(example: Example, normal: str) -> Sample:
    """One example and its normalised text as a sample."""
    kind = example.kind if example.urgency.paged else None
    return Sample(
        example.text, normal, example.intent, example.urgency, kind, example.slice, example.twin
    )


def data_hash(samples: Sequence[Sample]) -> str:
    """A SHA-256 over texts and labels: names the data that a model was trained on."""
    rows = [[s.raw, s.intent, s.urgency.value, s.kind and s.kind.value, s.twin] for s in samples]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode("utf-8")).hexdigest()


def split(samples: Sequence[Sample], share: float) -> tuple[list[Sample], list[Sample]]:
    """Training and held-out part, twins and equal texts together.

    Membership hangs on the text as typed alone, drawn by its hash, so that it stays the same when
    examples are added; the parts of intents and kinds come out alike.
    """
    kept: list[Sample] = []
    held: list[Sample] = []
    for one in samples:
        key = one.twin or " ".join(one.raw.casefold().split())
        digest = hashlib.sha256(f"encoder:{key}".encode()).digest()
        place = int.from_bytes(digest[:8], "big") / 2**64
        (held if place < share else kept).append(one)
    return kept, held


class Augmenter:
    """Varies samples from epoch to epoch: spelling, slips, and sentences put together."""

    def __init__(self, samples: Sequence[Sample], seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  # nothing secret hangs on it
        self._harmless = [s for s in samples if s.urgency is Urgency.NONE and s.slice != "twin"]
        self._talk = [s for s in samples if s.intent in SMALL_TALK]

    def epoch(self, samples: Sequence[Sample]) -> list[tuple[str, Sample]]:
        """Every sample once, varied."""
        return [(self._text(s), s) for s in samples]

    def _text(self, one: Sample) -> str:
        chance = self._random.random()
        normal = self._random.random() < NORMALISED
        text = one.normal if normal else self._slipped(one.raw)
        if chance < (0.16 if one.dangerous else 0.08):
            pool = self._harmless if one.dangerous else self._talk
            other = self._random.choice(pool)
            text = self._joined(text, other.normal if normal else other.raw, normal=normal)
        return text

    def _joined(self, text: str, other: str, *, normal: bool) -> str:
        joint = self._random.choice(PLAIN_JOINTS if normal else JOINTS)
        # More often before: what matters comes last, and must be found there.
        return f"{other}{joint}{text}" if self._random.random() < 0.65 else f"{text}{joint}{other}"

    def _slipped(self, text: str) -> str:
        if self._random.random() < 0.25:
            text = text.replace("'", "").replace("’", "")
        if self._random.random() < 0.15:
            text = text.rstrip(".?!").replace(",", "")
        for _ in range(self._random.choice((0, 0, 0, 0, 1, 2))):
            text = slip(text, self._random)
        return text


def slip(text: str, chance: random.Random) -> str:
    """One typing slip: a letter left out, doubled, swapped with its neighbour, or next to it."""
    places = [i for i, c in enumerate(text) if c.isalpha() and c.isascii()]
    if len(places) < 4:
        return text
    i = chance.choice(places)
    what = chance.randrange(4)
    if what == 0:
        return text[:i] + text[i + 1 :]
    if what == 1:
        return text[:i] + text[i] + text[i:]
    if what == 2:
        return text[:i] + text[i + 1 : i + 2] + text[i] + text[i + 2 :]
    row = next((r for r in KEYS if text[i].lower() in r), text[i])
    at = row.find(text[i].lower())
    near = row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    return text[:i] + (chance.choice(near) if near else text[i]) + text[i + 1 :]


def batches(lengths: Sequence[int], size: int, chance: random.Random) -> list[list[int]]:
    """Shuffled batches of texts of like length, so that little is padded."""
    order = list(range(len(lengths)))
    chance.shuffle(order)
    pool = size * 24
    out: list[list[int]] = []
    for start in range(0, len(order), pool):
        block = sorted(order[start : start + pool], key=lambda i: lengths[i])
        out += [block[i : i + size] for i in range(0, len(block), size)]
    chance.shuffle(out)
    return out


def counts(samples: Sequence[Sample]) -> dict[str, int]:
    """How many samples of each urgency."""
    tally: dict[str, int] = defaultdict(int)
    for one in samples:
        tally[one.urgency.value] += 1
    return dict(tally)
