"""The real directory, loaded once for the tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.directory_files import load_directory
from bot.content.word_files import load_activities, load_areas
from directory.activities import Activities
from directory.model import Directory
from directory.places import Places, load_places
from directory.search import Index

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def places() -> Places:
    areas, problems = load_areas(ROOT)
    assert problems == []
    return load_places(ROOT / "directory/postcodes", areas)


@pytest.fixture(scope="session")
def activities() -> Activities:
    found, problems = load_activities(ROOT)
    assert problems == []
    return found


@pytest.fixture(scope="session")
def directory() -> Directory:
    return load_directory(ROOT)[0]


@pytest.fixture(scope="session")
def index(directory: Directory, activities: Activities, places: Places) -> Index:
    return Index(directory, activities, places.point_of)
