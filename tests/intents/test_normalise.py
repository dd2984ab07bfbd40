from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intents.content import Words
from intents.normalise import LONGEST, Normaliser

LAWS = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SAMPLES = (
    "u r 2 4 tn im hes dont k1ll h3lp shank feds heeeelp mandem bare im, gonna s.h w/o c'mon b4 "
    "se5 9bj 5-0 lol 😂 🔪 o.d ill be my g on god p's ??? ... _x_ кill amoot মারে"
)
TYPED = st.lists(
    st.one_of(
        st.sampled_from(SAMPLES.split()),
        st.text(max_size=12),
    ),
    max_size=14,
).map(" ".join)


@given(text=TYPED)
@LAWS
def test_doing_it_twice_changes_nothing(normaliser: Normaliser, text: str) -> None:
    once = normaliser(text).text
    assert normaliser(once).text == once


@given(text=TYPED)
@LAWS
def test_case_and_spaces_around_make_no_difference(normaliser: Normaliser, text: str) -> None:
    assert normaliser(f"  {text}\t").text == normaliser(text).text


@given(text=st.text(max_size=200))
@LAWS
def test_result_has_single_spaces_and_nothing_invisible(normaliser: Normaliser, text: str) -> None:
    result = normaliser(text).text
    assert result == " ".join(result.split())
    assert all(c.isprintable() for c in result)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("hes outside w a shank", "he is outside with a knife"),
        ("cant go home tn", "can not go home tonight"),
        ("I’M 14", "i am 14"),
        ("heeeeelp meeee", "help me"),
        ("i wanna k1ll myself", "i want to kill myself"),
        ("s u i c i d e", "suicide"),
        ("k*ll", "kill"),
        ("2 u", "to you"),
        ("looking 4 my bro", "looking for my bro"),
        ("im 4", "i am 4"),
        ("kіll", "kill"),  # a Cyrillic і
        ("h\u200belp", "help"),
        ("h̷̢e̴͝l̸p̶", "help"),
        ("𝓱𝓮𝓵𝓹", "help"),
        ("🔪", "knife"),
        ("feds took him", "police took him"),
    ],
)
def test_reads_what_young_people_type(normaliser: Normaliser, typed: str, plain: str) -> None:
    assert normaliser(typed).text == plain


@pytest.mark.parametrize("word", ["myends", "camhs", "peckham", "brixton", "adhd", "ps5", "y10"])
def test_leaves_protected_words_and_places_alone(normaliser: Normaliser, word: str) -> None:
    assert normaliser(word).text == word


@pytest.mark.parametrize("text", ["আমাকে মারে", "أريد أن أموت", "помогите", "میں مرنا چاہتا ہوں"])
def test_keeps_the_words_of_other_scripts_whole(normaliser: Normaliser, text: str) -> None:
    assert len(normaliser(text).words) == len(text.split())


def test_reads_both_ends_of_an_endless_text(normaliser: Normaliser) -> None:
    words = normaliser("first " + "x y " * LONGEST + "last").words
    assert (words[0], words[-1]) == ("first", "last")


def test_expansion_that_runs_in_a_circle_ends() -> None:
    circle = Normaliser(Words(replace={"ping": "pong", "pong": "ping"}))
    assert circle("ping").text in ("ping", "pong")
