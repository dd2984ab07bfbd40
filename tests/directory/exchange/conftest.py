"""The real directory as rows, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.shelf import read_shelf
from directory.exchange.columns import Row

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def real_rows() -> list[Row]:
    shelf, problems = read_shelf(ROOT)
    assert problems == []
    return shelf.rows()
