"""The sentence encoder: its verdicts, its numbers, and what happens when a file is not right."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from intents.content import IntentContent
from intents.encoder import MOST_WINDOWS, WINDOW, EncoderLayer, EncoderUnusableError, load_encoder
from intents.layers import Reading
from intents.model import Kind
from intents.understand import build_understander

WEIGHTS = Path(__file__).parents[2] / "intents" / "weights"
REFERENCE = Path(__file__).with_name("encoder_reference.json")
DANGERS = [
    ("i want to kill myself tonight", Kind.SUICIDE),
    ("i cut my arms again last night", Kind.SELF_HARM),
    ("they are outside my house with knives", Kind.VIOLENCE),
    ("i am going to stab him tomorrow", Kind.HARM_TO_OTHERS),
    ("my stepdad hits me every night", Kind.ABUSE),
    ("they make me sell drugs and i owe them money", Kind.EXPLOITATION),
    ("he says he will post my nudes if i do not send more", Kind.ONLINE_EXPLOITATION),
    ("i got kicked out and have nowhere to sleep tonight", Kind.MISSING_HOMELESS),
    ("my friend took loads of pills and will not wake up", Kind.MEDICAL),
]
HARMLESS = [
    ("any boxing clubs near brixton", "find-activities"),
    ("i need a job for the summer", "find-work"),
    ("i want a mentor", "find-mentor"),
    ("thank you so much", "thanks"),
    ("hello", "greeting"),
    ("what is the weather tomorrow", "out-of-scope"),
    ("please delete my data", "delete-data"),
    ("can i talk to a real person", "talk-to-human"),
]


@pytest.fixture(scope="module")
def encoder() -> EncoderLayer:
    return load_encoder(WEIGHTS)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    shutil.copytree(WEIGHTS, folder)
    return folder


def odds(reading: Reading) -> float:
    assert reading.danger is not None
    return reading.danger


@pytest.mark.parametrize(("text", "kind"), DANGERS)
def test_plain_danger_is_seen_with_its_kind(encoder: EncoderLayer, text: str, kind: Kind) -> None:
    reading = encoder.read(text.split())
    assert odds(reading) > 1
    assert max(reading.kinds, key=lambda k: reading.kinds[k]) is kind


@pytest.mark.parametrize(("text", "intent"), HARMLESS)
def test_plain_wishes_are_understood_and_raise_no_alarm(
    encoder: EncoderLayer, text: str, intent: str
) -> None:
    reading = encoder.read(text.split())
    assert max(reading.intents, key=lambda name: reading.intents[name]) == intent
    assert odds(reading) < -1


def test_what_it_gives_are_probabilities(encoder: EncoderLayer) -> None:
    reading = encoder.read(["my", "mate", "is", "in", "trouble"])
    assert sum(reading.intents.values()) == pytest.approx(1, abs=1e-4)
    assert sum(reading.kinds.values()) == pytest.approx(1, abs=1e-4)


def test_the_8_bit_numbers_are_near_those_of_training(encoder: EncoderLayer) -> None:
    for text, expected in json.loads(REFERENCE.read_text(encoding="utf-8")).items():
        scores = encoder.scores(encoder.windows(text)[0])
        likeness = np.corrcoef(scores, expected)[0, 1]
        assert likeness > 0.995
        assert float(np.abs(scores - np.asarray(expected)).max()) < 0.8


def test_a_danger_after_a_harmless_sentence_is_seen(encoder: EncoderLayer) -> None:
    text = "hi is the youth club open on friday also i am going to kill myself tonight"
    assert odds(encoder.read(text.split())) > 0


def test_a_danger_at_the_end_of_a_long_message_is_seen(encoder: EncoderLayer) -> None:
    words = ["we", "played", "football", "in", "the", "park", "today"] * 100
    assert odds(encoder.read([*words, *["i", "want", "to", "kill", "myself", "tonight"]])) > 0


def test_a_long_message_is_read_to_its_last_word(encoder: EncoderLayer) -> None:
    for count in (40, 60, 80, 300, 2000):
        windows = encoder.windows("hello " * count + "goodbye")
        assert windows[-1][-2] == encoder.windows("goodbye")[0][1]
        assert all(len(window) <= WINDOW for window in windows)
        assert len(windows) <= MOST_WINDOWS


@pytest.mark.parametrize(
    "text",
    ["a" * 4000, "😀" * 500, "\u202e\x00\x07", "z̷̡̛a̸l̶g̵o̶ " * 200, "<b>&amp;</b> " * 300, "১২৩ " * 400],
)
def test_odd_input_is_read_in_a_bounded_number_of_windows(encoder: EncoderLayer, text: str) -> None:
    windows = encoder.windows(text)
    assert len(windows) <= MOST_WINDOWS
    assert all(len(window) <= WINDOW for window in windows)
    reading = encoder.read([text])
    assert reading.danger is None or np.isfinite(reading.danger)


def test_nothing_gives_no_opinion(encoder: EncoderLayer) -> None:
    assert encoder.read(()) == Reading()


def test_it_names_the_words_that_made_it_think_so(encoder: EncoderLayer) -> None:
    words = ["he", "said", "he", "will", "stab", "me"]
    reasons = encoder.explain(words, "violence-worry", Kind.VIOLENCE)
    assert any("stab" in reason.words for reason in reasons)


@pytest.mark.parametrize("name", ["encoder.onnx", "vocab.txt"])
def test_a_damaged_file_is_refused_by_name(copied: Path, name: str) -> None:
    path = copied / name
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(EncoderUnusableError, match=name):
        load_encoder(copied)


@pytest.mark.parametrize("name", ["encoder.onnx", "vocab.txt", "encoder.json"])
def test_a_missing_file_is_refused_by_name(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(EncoderUnusableError, match=name):
        load_encoder(copied)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', "\x00"])
def test_a_manifest_that_is_none_is_refused(copied: Path, text: str) -> None:
    (copied / "encoder.json").write_text(text, encoding="utf-8")
    with pytest.raises(EncoderUnusableError, match=r"encoder\.json"):
        load_encoder(copied)


def test_without_its_files_the_other_layers_go_on(
    content: IntentContent, cache_dir: Path, places: list[str], tmp_path: Path
) -> None:
    understander = build_understander(content, places, {}, cache_dir, tmp_path)
    assert understander.health.failures["encoder"] == 1
    assert [layer.name for layer in understander.layers()] == ["ngrams", "words"]
    assert understander.understand("i want to kill myself tonight").danger.paged
