"""The rules' own language, on rules made up here."""

from __future__ import annotations

import pytest

from intents.content import IntentContent, Rule, Rules
from intents.model import Kind, Urgency
from intents.normalise import Normaliser
from intents.patterns import Concepts, compile_pattern
from intents.rules import PIECE, Rulebook

CONCEPTS = Concepts({"who": ("he", "my dad"), "hurt": ("hit*", "kick*")})
RULES = Rules(
    {"hurt": ("hit", "hits")},
    (
        Rule("hits", Kind.ABUSE, "urgent", "is hurt", ("<hurt> me",), ("in the game",), now=True),
        Rule("home", Kind.ABUSE, "check-in", "fear", ("not go home",), negated=True),
    ),
    figures=("lol",),
    now=("tonight",),
    negation=("not",),
    unnegated=("can not stop",),
)


def verdict(text: str) -> Urgency | str | None:
    opinion = Rulebook(RULES).read(text.split())
    if opinion is None:
        return None
    return "check-in" if opinion.check_in else opinion.urgency


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("<who> <hurt> me", "my dad hits me", True),
        ("<who> <hurt> me", "my dad really hits me", False),
        ("<who> ... <hurt> me", "my dad really always hits me", True),
        ("<who> ... me", "he said that we all must tell me", False),
        ("<who> [just] <hurt>", "he just kicked", True),
        ("red/first_aid badge", "a first aid badge", True),
    ],
)
def test_patterns(pattern: str, text: str, fits: bool) -> None:
    assert (compile_pattern(pattern, CONCEPTS).find(f" {text} ") is not None) == fits


def test_levels_now_negation_figures_and_exceptions() -> None:
    assert verdict("he hits me") is Urgency.URGENT
    assert verdict("he hits me tonight") is Urgency.EMERGENCY
    assert verdict("he does not hit me") is None
    assert verdict("he can not stop hit me") is Urgency.URGENT
    assert verdict("he hits me lol") is None
    assert verdict("he hits me in the game") is None
    assert verdict("i can not go home") == "check-in"


def test_typing_slips_are_mended_but_other_words_are_not() -> None:
    book = Rulebook(
        Rules({}, (Rule("r", Kind.MEDICAL, "urgent", "x", ("bleeding",)),)), known=["breed"]
    )
    assert book.read(["bleedng"]) is not None
    assert book.read(["breeding"]) is None


def test_every_rule_of_the_project_compiles(content: IntentContent, normaliser: Normaliser) -> None:
    book = Rulebook(content.rules, plain=lambda said: normaliser(said).words)
    assert len(book) == len(content.rules.rules)
    assert len(content.rules.rules) >= 60


def test_every_kind_has_rules(content: IntentContent) -> None:
    assert {rule.kind for rule in content.rules.rules} == set(Kind)


@pytest.mark.parametrize(
    "said",
    [
        "he hits me",
        "he hits me here at home tonight",
        "he does not hit me",
        "he can not stop hit me",
        "tonight we play at home and he hits me",
        "lol no he really hits me",
        "well in the game that we play he often hits me",
    ],
)
def test_a_long_message_is_read_as_a_short_one_wherever_it_says_so(said: str) -> None:
    book = Rulebook(RULES)
    words = said.split()
    alone = book.hits(words)
    for before in (*range(PIECE - 12, PIECE + 12), 2 * PIECE - 3, 5 * PIECE):
        found = book.hits([*["so"] * before, *words, *["and"] * 3 * PIECE])
        assert found == alone, before


def test_a_pattern_may_lie_across_two_pieces() -> None:
    wide = "so/well ... he ... hits ... me ... at/in ... home/school"
    book = Rulebook(Rules({}, (Rule("wide", Kind.ABUSE, "urgent", "is hurt", (wide,)),)))
    words = ["so", *"abc", "he", *"def", "hits", *"gh", "me", *"ij", "at", *"klmn", "school"]
    assert len(book.hits(words)) == 1
    for before in range(PIECE - len(words) - 1, PIECE + 2):
        assert len(book.hits([*["x"] * before, *words, *["x"] * PIECE])) == 1, before
