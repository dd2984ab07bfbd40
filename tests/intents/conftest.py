"""The project's own YAML, understood once for all tests of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.word_files import load_areas
from intents.content import IntentContent
from intents.normalise import Normaliser
from intents.prepared import known_words
from intents.understand import Understander
from tests.support.real import CACHE, ROOT, real_catalogue

WEIGHTS = ROOT / "intents" / "weights"


@pytest.fixture(scope="session")
def content() -> IntentContent:
    return real_catalogue().intents


@pytest.fixture(scope="session")
def places() -> list[str]:
    """The names that the bot knows; the fitted model hangs on them, so all tests use the same."""
    return list(load_areas(ROOT)[0].phrases)


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    return CACHE


@pytest.fixture(scope="session")
def understander() -> Understander:
    return real_catalogue().understander


@pytest.fixture(scope="session")
def normaliser(content: IntentContent, places: list[str]) -> Normaliser:
    return Normaliser(content.words, places, known_words(content, places))
