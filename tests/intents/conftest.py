"""The project's own YAML, understood once for all tests here."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.intent_files import load_intents
from intents.content import IntentContent
from intents.normalise import Normaliser
from intents.prepared import known_words
from intents.understand import Understander, build_understander

ROOT = Path(__file__).parents[2]
WEIGHTS = ROOT / "intents" / "weights"
PLACES = ("brixton", "peckham", "tulse hill", "tower hamlets", "angell town")
ACTIVITIES = {"boxing": "boxing", "football": "football", "5 a side": "football"}


@pytest.fixture(scope="session")
def content() -> IntentContent:
    return load_intents(ROOT)[0]


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("understanding")


@pytest.fixture(scope="session")
def understander(content: IntentContent, cache_dir: Path) -> Understander:
    return build_understander(content, PLACES, ACTIVITIES, cache_dir, WEIGHTS)


@pytest.fixture(scope="session")
def normaliser(content: IntentContent) -> Normaliser:
    return Normaliser(content.words, PLACES, known_words(content, PLACES))
