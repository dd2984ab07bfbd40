"""The short ways to the nearest examples and words find what the long way finds."""

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from intents.linear import _widened
from intents.match import ALIKE, CANDIDATES, NEAREST, Matcher, Speller

COMMON = ("because", "whatever", "i", "to")  # each in a third of the texts
TEXTS = 3000


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, ...]]:
    draw = random.Random(7)
    rare = [_word(draw) for _ in range(800)]
    often = [1 / (rank + 4) for rank in range(len(rare))]

    def text() -> tuple[str, ...]:
        said = draw.choices(rare, often, k=draw.randrange(0, 6))
        return (*said, *(word for word in COMMON if draw.random() < 1 / 3))

    return [text() for _ in range(TEXTS)]


@pytest.fixture(scope="module")
def matcher(texts: list[tuple[str, ...]]) -> Matcher:
    return Matcher(texts)


def test_few_examples_are_looked_at_and_none_is_missed(
    matcher: Matcher, texts: list[tuple[str, ...]]
) -> None:
    draw = random.Random(8)
    words = sorted({word for text in texts for word in text})
    for _ in range(300):
        said = (*draw.sample(words, draw.randrange(0, 5)), *draw.sample(COMMON, 2))
        _same_as_one_by_one(matcher, texts, said)


@pytest.mark.parametrize(
    "said",
    [
        COMMON,  # no rare word
        ("i",),
        ("becuase", "because", "beecause", "to"),  # one word three times, twice misspelt
        ("becuase", "whatevr", "watever", "i"),
        ("unheardof", "i", "to"),
    ],
)
def test_hard_ones(matcher: Matcher, texts: list[tuple[str, ...]], said: tuple[str, ...]) -> None:
    _same_as_one_by_one(matcher, texts, said)


def test_a_rare_word_of_few_examples_leaves_room_for_common_ones() -> None:
    texts = [("violin", "to"), *[("i", "to", f"word{i}") for i in range(TEXTS)]]
    near = Matcher(texts).nearest(("violin", "i", "to"))
    assert near[0].index == 0
    assert len(near) == NEAREST


def test_slips_for_one_common_word_add_up() -> None:
    """Thrice "because" is more than once "violin" in a long text, and once is less."""
    long = [("violin", *(f"v{i}x{n}" for n in range(100))) for i in range(20)]
    texts = [*long, *[("because" if i % 3 == 0 else "so", f"w{i}") for i in range(TEXTS)]]
    said = ("violin", "becuase", "beecause", "because")
    _same_as_one_by_one(Matcher(texts), texts, said)
    assert Matcher(texts).nearest(said)[0].index >= len(long)


def test_equal_ones_come_in_their_order() -> None:
    texts = [("i", "want", "boxing") if i % 7 == 0 else ("i", f"w{i}") for i in range(TEXTS)]
    near = Matcher(texts).nearest(("i", "want", "boxing"))
    assert [one.index for one in near] == [7 * i for i in range(NEAREST)]


def test_no_alike_word_is_missed() -> None:
    draw = random.Random(9)
    known = sorted({_word(draw, 10) for _ in range(4000)} | {"straße", "żółw", "аниме", "aaaa"})
    speller = Speller(known)
    for word in [*(_slip(draw, draw.choice(known)) for _ in range(300)), "aaaaa", "ba" * 12]:
        if word in known or len(word) < 4:
            continue
        reach = 1 if len(word) < 8 else 2
        about = sorted(
            (one for one in known if abs(len(one) - len(word)) <= reach),
            key=lambda one: (len(one), one),
        )
        found = process.extract(
            word, about, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=CANDIDATES
        )
        assert speller.near(word) == tuple((one, score / 100) for one, score, _ in found), word


def test_every_half_float_keeps_its_value() -> None:
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]
    assert np.array_equal(_widened(halves), halves.astype(np.float32))
    assert np.array_equal(np.signbit(_widened(halves)), np.signbit(halves))


def _same_as_one_by_one(
    matcher: Matcher, texts: Sequence[tuple[str, ...]], said: tuple[str, ...]
) -> None:
    """The likenesses are those that every example has by itself, greatest first."""
    n = len(texts)
    holders: dict[str, int] = {}
    for text in texts:
        for word in set(text):
            holders[word] = holders.get(word, 0) + 1
    rarity = {word: math.log1p(n / often) for word, often in holders.items()}
    length, shares = 0.0, dict[str, float]()
    for word in dict.fromkeys(said):
        known = matcher.speller.near(word)
        weight = rarity[known[0][0]] if known else math.log(1 + n)
        length += weight**2
        for other, alike in known:
            share = rarity[other] * min(rarity[other], weight) * alike**2
            shares[other] = shares.get(other, 0.0) + share

    def likeness(text: tuple[str, ...]) -> float:
        words = set(text)
        total = sum(share for word, share in shares.items() if word in words)
        return total / math.sqrt(length * sum(rarity[word] ** 2 for word in words)) if total else 0

    every = [likeness(text) for text in texts]
    best = sorted((one for one in every if one), reverse=True)[:NEAREST]
    near = matcher.nearest(said)
    assert [one.likeness for one in near] == pytest.approx([min(b, 1.0) for b in best], rel=1e-5)
    assert all(
        every[one.index] == pytest.approx(b, rel=1e-5) for one, b in zip(near, best, strict=True)
    )


def _word(draw: random.Random, most: int = 8) -> str:
    return "".join(draw.choice("etaoinshrdlu") for _ in range(draw.randrange(4, most)))


def _slip(draw: random.Random, word: str) -> str:
    at = draw.randrange(len(word))
    return word[:at] + draw.choice("etaoinshrdlux") + word[at + draw.randrange(2) :]
