"""A process for kill tests: writes without end and says on standard output what is committed.

Run as: python -m tests.support.writer DATABASE KEY START
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from bot.delivery.model import Call, Incoming
from bot.delivery.ports import Unit
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WRITERS = 20


def write(unit: Unit, number: int) -> None:
    """Three changes that must appear together or not at all."""
    payload = {"update_id": number, "text": "x" * (number % 700)}
    unit.add_incoming([Incoming(f"u:{number}", f"c:{number % 9}", "update", payload)], NOW)
    unit.enqueue(f"u:{number}", [Call("sendMessage", {"text": str(number)}, number)], NOW)
    unit.count("written", "all", "2026-11-22")


async def main(path: Path, key: str, start: int) -> None:
    """Write for ever."""
    store = await SqliteStore.open(path, Sealer([key]))
    numbers = count(start)

    async def writer() -> None:
        while True:
            number = next(numbers)
            await store.transact(partial(write, number=number))
            os.write(1, f"{number}\n".encode())

    await asyncio.gather(*(writer() for _ in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
