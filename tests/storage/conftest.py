"""Both stores, for the contract suite."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.delivery.ports import Store
from bot.storage.memory import MemoryStore
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore


@pytest.fixture
def sealer() -> Sealer:
    return Sealer([Sealer.new_key()])


@pytest.fixture(params=["memory", "sqlite"])
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, sealer: Sealer
) -> AsyncIterator[Store]:
    made: Store
    if request.param == "memory":
        made = MemoryStore()
    else:
        made = await SqliteStore.open(tmp_path / "bot.sqlite", sealer)
    yield made
    await made.close()
