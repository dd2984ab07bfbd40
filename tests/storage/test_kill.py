"""`kill -9` in the middle of writing: what was acknowledged is there, nothing is there by half."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from bot.delivery.ports import Unit
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore
from tests.support.kill import Victim

KILLS = 6


def stored(unit: Unit) -> tuple[set[int], set[int], int]:
    rows = unit.pending(0, 10**6)
    calls = unit.take(rows[0].received_at, 10**6, frozenset()) if rows else []
    counted = sum(number for _, _, number in unit.counts("written", ""))
    texts = {int(row.call.params["text"]) for row in calls}
    return {row.item.payload["update_id"] for row in rows}, texts, counted


def acknowledged(log: Path) -> set[int]:
    lines = log.read_text().splitlines()
    return {int(line) for line in lines if line.isdigit()}


async def test_what_was_acknowledged_survives_kills(tmp_path: Path) -> None:
    path, log, key = tmp_path / "bot.sqlite", tmp_path / "log", Sealer.new_key()
    rng = random.Random(4)
    for kill in range(KILLS):
        start = kill * 10**6
        victim = Victim(["-m", "tests.support.writer", str(path), key, str(start)], log)
        await victim.start()
        async with asyncio.timeout(30):
            while not any(number >= start for number in acknowledged(log)):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await asyncio.sleep(rng.uniform(0, 0.3))
        await victim.kill()
    said = acknowledged(log)
    store = await SqliteStore.open(path, Sealer([key]))
    incoming, calls, counted = await store.transact(stored)
    await store.close()
    assert len(said) > 100
    assert said - incoming == set()
    assert incoming == calls
    assert counted == len(incoming)
