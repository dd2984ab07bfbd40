from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intents.classify import prediction
from intents.explain import explain, explain_data
from intents.model import Decision
from intents.normalise import Normal
from intents.parts import LONGEST, MOST, parts
from intents.understand import Understander

NASTY = {
    "empty": "",
    "spaces": "  \n\t ",
    "emoji only": "🙂🙃🫠👨‍👩‍👧‍👦",
    "every emoji block": "".join(map(chr, range(0x1F300, 0x1F700))),
    "10,000 characters": "can you help me with my cv please " * 300,
    "4,000 of one letter": "a" * 4000,
    "zalgo": "".join(c + "\u0300\u0316\u0489" * 20 for c in "help me please"),
    "right to left": "\u202eabc \u2067مرحبا\u2069",
    "control characters": "".join(map(chr, range(32))) + "hello\x7f\x85",
    "markup": "<b>*_`[x](javascript:1)</b> &amp; {0} %s \\",
    "lone surrogate": "hello \ud800 there",
    "punctuation": string.punctuation * 200,
    "digits": "0123456789" * 400,
    "unbroken": "killmyselfnow" * 300,
    "commas": "no, " * 1000,
}


@pytest.mark.parametrize("name", sorted(NASTY))
def test_nothing_breaks(understander: Understander, name: str) -> None:
    before = dict(understander.health.failures)
    u = understander.understand(NASTY[name])
    assert len(u.ranked) >= 3
    assert explain(u)
    assert explain_data(u)
    assert set(prediction(u)) == {"decision", "ranked", "urgency", "kind", "check_in"}
    assert dict(understander.health.failures) == before


@given(text=st.text(max_size=300))
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_is_understood_somehow(understander: Understander, text: str) -> None:
    u = understander.understand(text)
    assert u.text == text
    assert not understander.health.failures


@pytest.mark.parametrize("name", ["empty", "spaces", "punctuation"])
def test_nothing_said_is_not_understood(understander: Understander, name: str) -> None:
    assert understander.understand(NASTY[name]).decision is Decision.FALLBACK


@pytest.mark.parametrize("name", sorted(NASTY))
def test_work_is_bounded(understander: Understander, name: str) -> None:
    found = parts(understander.normal(NASTY[name]))
    assert len(found) <= MOST
    assert all(len(part) <= LONGEST for part in found)


def test_what_is_said_again_is_one_part_where_it_was_said_last() -> None:
    text = "a b c . d e f . a b c . g h i . d e f"
    found = parts(Normal(text, tuple(w for w in text.split() if w != ".")))
    assert found == [("a", "b", "c"), ("g", "h", "i"), ("d", "e", "f")]


@pytest.mark.parametrize("before", [0, 60, 123, 180])
def test_a_danger_anywhere_in_a_long_message_is_found(
    understander: Understander, before: int
) -> None:
    said = "we talked about football and then we had lunch. "
    text = f"{said * before}i want to kill myself. {said * (200 - before)}"
    assert understander.understand(text).danger.paged


def test_explanation_names_rule_words_and_layers(understander: Understander) -> None:
    lines = "\n".join(explain(understander.explain("there is a man outside with a knife")))
    assert "PAGE" in lines
    assert "rule:" in lines
    assert "layer ngrams" in lines
    assert "layer words" in lines
