"""The real content, loaded once for all tests of a run."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.content.catalogue import Catalogue, Operation, load_catalogue

ROOT = Path(__file__).parents[2]
CACHE = ROOT / "data" / "cache"


@cache
def real_catalogue() -> Catalogue:
    """Everything under intents/ and directory/, with the model cache of this folder."""
    operation = Operation("Test Youth Trust", "weekdays 10:00 to 18:00")
    return load_catalogue(ROOT, operation, CACHE)[0]
