"""Typing slips are put right by the words around them; what is no slip is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from intents.content import IntentContent
from intents.mending import Mender, Vocabulary, english_words
from intents.normalise import Normaliser
from intents.understand import Understander, build_understander

DOCUMENTS = [
    *[("lost", "my", "card")] * 3,
    *[("park", "my", "cart")] * 3,
    *[("i", "can", "not", "go", "home")] * 3,
    ("my", "quest"),
]


@pytest.fixture
def mender() -> Mender:
    short = {"cant": "can not", "pigs": "police"}
    return Mender(Vocabulary.of(DOCUMENTS, {"wigs", "cards"}, stands_for=short))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("lost my cadr", "lost my card"),
        ("park my crat", "park my cart"),
        ("i cnat go hoem", "i can not go home"),
        ("lost my wigs , i", "lost my wigs , i"),  # a good word that no example uses
        ("lost my pgis", "lost my pgis"),  # slang is no candidate: it would change the meaning
        ("my qeust", "my qeust"),  # one example alone does not make a word sure
        ("go hme 99 да zzzzz my", "go hme 99 да zzzzz my"),  # too short, no letters, nothing near
        ("lsot cadrd hoome crat goo", "lsot cadrd hoome crat goo"),  # no everyday word: not English
    ],
)
def test_a_slip_is_put_right_where_that_is_sure(mender: Mender, typed: str, read: str) -> None:
    assert " ".join(mender(typed.split())) == read


def test_mending_again_changes_nothing(mender: Mender) -> None:
    once = mender(["i", "cnat", "park", "my", "crat"])
    assert mender(once) == once


def test_names_are_no_slips_and_nothing_is_taken_for_one(mender: Mender) -> None:
    sparing = mender.sparing({"crat", "zebbo"})
    assert sparing(["park", "my", "crat"]) == ["park", "my", "crat"]
    assert sparing(["park", "my", "cadr"]) == ["park", "my", "card"]
    assert sparing(["zebob", "my", "card"]) == ["zebob", "my", "card"]


@pytest.mark.parametrize("name", ["sufra", "caysh", "salusbury", "trussell", "sadlers"])
def test_what_the_directory_calls_its_services_is_never_mended(
    understander: Understander, name: str
) -> None:
    assert understander.normal(f"is {name} open today").words[1] == name


@pytest.mark.parametrize(
    ("name", "text", "read"),
    [
        ("Gloves Not Gunz", "they got gunz outside my house", "gun"),  # is in the directory
        ("The Kell Trust", "i want to kell myself", "kill"),
        ("Rapd Studios", "he rapd me", "raped"),
    ],
)
def test_a_name_never_hides_a_danger(
    content: IntentContent, places: list[str], cache_dir: Path, name: str, text: str, read: str
) -> None:
    spared = build_understander(content, places, {}, cache_dir, names=[name])
    assert spared.understand(text).danger.paged
    assert read in spared.normal(text).words


@pytest.mark.parametrize("text", ["i want to kell myself", "im gonna kell myself"])
def test_of_two_readings_the_graver_one_is_taken(understander: Understander, text: str) -> None:
    assert "kill" in understander.normal(text).words  # by the words around it, "tell" is likelier
    assert understander.understand(text).danger.paged
    among = "we talked about football. " * 100
    assert "kill" in understander.normal(f"{among}{text}. {among}").words


def test_names_change_nothing_that_was_learnt(
    content: IntentContent, places: list[str], cache_dir: Path
) -> None:
    bare = build_understander(content, places, {}, cache_dir)
    spared = build_understander(content, places, {}, cache_dir, names=["Sufra NW London"])
    assert bare.normal("sufra food").words == ("supra", "food")
    assert spared.normal("sufra food").words == ("sufra", "food")
    said = "any boxign near brixton"
    assert spared.understand(said) == bare.understand(said)


def test_the_dictionary_knows_british_words() -> None:
    assert {"colour", "mum", "cheque", "estate"} <= english_words()


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("any boxign near me", "boxing"),
        ("he punchd me agian", "again"),
        ("is he uncosncious", "unconscious"),
    ],
)
def test_the_engine_reads_slips_as_what_they_stand_for(
    understander: Understander, typed: str, word: str
) -> None:
    assert word in understander.normal(typed).words
    assert word not in understander.without_mending().normal(typed).words


def test_places_and_slang_are_never_mended(understander: Understander) -> None:
    assert "tulse" in understander.normal("clubs in tulse hill").words


def test_a_normaliser_without_mending_leaves_slips(normaliser: Normaliser) -> None:
    assert normaliser("boxign").words == ("boxign",)
