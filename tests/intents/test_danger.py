from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from intents.content import IntentContent
from intents.examples import Example
from intents.model import Kind
from intents.understand import Understander

HERE = Path(__file__).parent
OBVIOUS: dict[str, list[str]] = yaml.safe_load(
    (HERE / "obvious_dangers.yaml").read_text(encoding="utf-8")
)
EVERYDAY: list[str] = yaml.safe_load((HERE / "everyday.yaml").read_text(encoding="utf-8"))[
    "everyday"
]
TWINS_TOLD_APART = 0.95
FILLER = "and then we talked about the youth club and the football and what to eat after. "


def caught(understander: Understander, text: str) -> bool:
    danger = understander.understand(text).danger
    return danger.paged or danger.check_in


def test_obvious_list_covers_every_kind() -> None:
    assert set(OBVIOUS) == {kind.value for kind in Kind}
    assert sum(map(len, OBVIOUS.values())) >= 150


@pytest.mark.parametrize("kind", sorted(OBVIOUS))
def test_every_obvious_danger_is_caught(understander: Understander, kind: str) -> None:
    assert [text for text in OBVIOUS[kind] if not caught(understander, text)] == []


def test_no_everyday_message_alerts_a_worker(understander: Understander) -> None:
    assert len(EVERYDAY) >= 100
    assert [t for t in EVERYDAY if understander.understand(t).danger.paged] == []


def test_twins_are_told_apart(understander: Understander, content: IntentContent) -> None:
    pairs: dict[str, list[Example]] = defaultdict(list)
    for example in content.examples:
        if example.twin:
            pairs[example.twin].append(example)
    assert len(pairs) >= 200
    apart = [
        caught(understander, d.text) and not understander.understand(h.text).danger.paged
        for d, h in pairs.values()
    ]
    assert sum(apart) / len(apart) >= TWINS_TOLD_APART


def test_every_verdict_names_its_reason_and_kind(understander: Understander) -> None:
    for text in (text for texts in OBVIOUS.values() for text in texts):
        danger = understander.understand(text).danger
        assert danger.reasons, text
        assert danger.kind is not None, text


@pytest.mark.parametrize("kind", sorted(OBVIOUS))
def test_danger_at_the_end_of_4000_characters_is_found(
    understander: Understander, kind: str
) -> None:
    long = FILLER * (3900 // len(FILLER))
    missed = [t for t in OBVIOUS[kind][:6] if not caught(understander, long + t)]
    assert missed == []


def test_danger_is_found_whatever_else_is_asked(understander: Understander) -> None:
    assert caught(understander, "any boxing near brixton? also my dad hits me")
    assert caught(understander, "what time do you shut. i want to kill myself")


@pytest.mark.parametrize(
    "text",
    [
        "hes going to stab me",
        "HES GOING TO STAB ME!!!",
        "hes gonna s t a b me",
        "h3s g0nna st4b me",
        "hеs gоing tо stаb mе",  # Cyrillic е, о, а
    ],
)
def test_disguise_does_not_hide_a_danger(understander: Understander, text: str) -> None:
    assert caught(understander, text)


def test_same_message_gives_the_same_verdict(understander: Understander) -> None:
    text = "hes outside my house with a knife"
    assert understander.understand(text) == understander.understand(text)
