"""Words are found though misspelt, and a rare word says more than a common one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from directory.activities import Activities
from directory.words import CUTOFF, Vocabulary, plain_words, telling_words
from tests.directory.clubs import club, find, ids, index_of, why

LETTERS = st.text("abcdefgh", min_size=4, max_size=9)


@given(st.sets(LETTERS, max_size=30), LETTERS)
def test_ruling_words_out_by_their_letters_loses_none(words: set[str], typed: str) -> None:
    found = Vocabulary(words).near(typed, limit=30)
    if typed in words:
        assert typed in found
        return
    kept = process.extract(typed, sorted(words), scorer=fuzz.ratio, score_cutoff=CUTOFF, limit=30)
    assert set(found) == {word for word, _, _ in kept}


def test_a_known_word_brings_its_plural() -> None:
    words = Vocabulary(["apprenticeship", "apprenticeships", "job"])
    assert words.near("apprenticeship") == ["apprenticeship", "apprenticeships"]
    assert words.near("job") == ["job"]
    assert words.near("jab") == []  # too short to be a slip


def test_plain_words() -> None:
    assert plain_words("Young Women’s Trust (W.4.W)") == ["young", "womens", "trust", "w", "4", "w"]
    assert telling_words("the boxing, the Boxing club") == ["boxing", "club"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("taekwando", ("taekwondo",)), ("table tenis", ("table-tennis",)),
        ("horse ridding and chess", ("horse-riding", "chess")), ("baskitball", ("basketball",)),
        ("places to go", ()), ("the blue hut", ()), ("d of e", ("duke-of-edinburgh",)),
    ],
)  # fmt: skip
def test_activities_in_free_words(
    activities: Activities, text: str, names: tuple[str, ...]
) -> None:
    index = index_of(activities, club("places", what="Places."))
    assert index.activities_in(text) == names


def test_a_rare_word_says_more_than_a_common_one(activities: Activities) -> None:
    many = [club(f"c{n}", 0.1, what="Help with your future.") for n in range(9)]
    rare = club("rare", 1.5, what="Help when you are excluded.")
    found = find(activities, [*many, rare], text="help when excluded for my future")
    assert ids(found)[0] == "rare"
    assert "says excluded" in why(found, "rare")


def test_words_alone_leave_out_what_hardly_fits(activities: Activities) -> None:
    club_a = club("a", what="Falconry for beginners at weekends.")
    club_b = club("b", what="Something at weekends.")
    assert ids(find(activities, [club_a, club_b], kinds=(), text="falconry weekends")) == ["a"]
