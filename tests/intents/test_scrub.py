"""What could tell who somebody is goes from a message; what it says stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.mending import english_words
from intents.scrub import Scrubber, ages, first_names

SCRUB = Scrubber.of(["brixton", "tower hamlets", "wood green"], ["snapchat"],
                    english_words().__contains__)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "my mate Jayden has a knife at brixton tube",
            "my mate [name] has a knife at [place] tube",
        ),
        ("ring me on 07911 123456 or +44 20 7946 0000", "ring me on [number] or [number]"),
        (
            "im 14 and tasnia is outside no 12 elm court",
            "im [number] and [name] is outside [place]",
        ),
        ("i live at SW9 8LA, or e8", "i live at [place], or [place]"),
        ("my name is grace ok", "my name is [name] ok"),
        (
            "snap is jdawg22, or @kid_07 or kid_07",
            "snap is [username], or [username] or [username]",
        ),
        ("on 12th march 2025 and 3/4/2025", "on [date]"),
        ("Mr Adeyemi said so. Then he hit me", "Mr [name] said so. Then he hit me"),
        ("look www.foo.com/x or a@b.co.uk", "look [link] or [username]"),
        ("Sam's brother in Tower Hamlets", "[name]'s brother in [place]"),
        ("they say xzqwvy did it", "they say [word] did it"),
        ("jayden tyrese and kayden", "[name]"),
        ("im sixteen", "im [number]"),
    ],
)
def test_what_tells_who_it_is_goes(text: str, left: str) -> None:
    assert SCRUB(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "going 2 kill him w a st4b he said m8",
        "call 999 now pls",
        "he is at my house and in the street",
        "i hate my life. Everyone leaves me on Friday",
        "CALL ME NOW I WANT TO DIE",
        "do i have to go court",
        "there's a man outside my door with a knife",
    ],
)
def test_what_tells_nothing_stays(text: str) -> None:
    assert SCRUB(text) == text


def test_a_word_that_nobody_knows_may_stay_where_a_worker_wrote_it() -> None:
    assert (
        SCRUB("they took my shank, jayden 12", strict=False)
        == "they took my shank, [name] [number]"
    )
    assert SCRUB("he wore a xzqwvy", strict=False) == "he wore a xzqwvy"


def test_another_language_is_not_taken_to_pieces() -> None:
    assert SCRUB("moja mama mnie bije w domu") == "moja mama mnie bije w domu"


def test_without_lists_numbers_and_addresses_go_all_the_same() -> None:
    assert Scrubber()("07911 123456 at SW9 8LA") == "[number] at [place]"


@given(st.text(max_size=200))
def test_doing_it_twice_changes_nothing(text: str) -> None:
    once = SCRUB(text)
    assert SCRUB(once) == once


@pytest.mark.parametrize(
    ("text", "said"), [("im 12", [12]), ("I’m 9", [9]), ("year 8", [12]), ("my sister is 7yo", [7]),
                       ("12 people", []), ("at 7pm", [])]
)  # fmt: skip
def test_ages_that_are_said(text: str, said: list[int]) -> None:
    assert sorted(set(ages(text))) == said


def test_the_list_of_names_holds_no_ordinary_words() -> None:
    names = first_names()
    assert len(names) > 5000
    assert not names & {"will", "mark", "grace", "hope", "said", "man", "over", "knife", "mad"}
