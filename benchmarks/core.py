"""Throughput of the durable core: inbox to outbox with a trivial handler and a Telegram in memory.

Run: python -m benchmarks.core [UPDATES]. All ways run by turns in one process, three rounds each;
believe the ratios, the absolute figures belong to this machine and minute.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot.delivery.clock import SystemClock
from bot.delivery.inbox import InboxLoop
from bot.delivery.model import Call, InboxRow, Incoming, OutboxRow, Ready, Sent
from bot.delivery.outbox import OutboxLoop
from bot.delivery.ports import Unit
from bot.delivery.wakers import Wakers
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore

CHATS = 500
BATCH = 100
ROUNDS = 3


@dataclass(frozen=True)
class Way:
    """One way to run the core."""

    name: str
    synchronous: str = "FULL"
    group_limit: int = 500


WAYS = (
    Way("FULL, group commit"),
    Way("NORMAL, group commit", synchronous="NORMAL"),
    Way("FULL, one by one", group_limit=1),
    Way("NORMAL, one by one", synchronous="NORMAL", group_limit=1),
)


class Core:
    """Inbox and outbox around a store, and a handler that answers every update once."""

    def __init__(self, store: SqliteStore, updates: int) -> None:
        self.store = store
        self.updates = updates
        self.sent = 0
        self.done = asyncio.Event()
        self.clock = SystemClock()
        self.wakers = Wakers()
        self.inbox = InboxLoop(
            store, self.handle, lambda *_: None, self.clock, wake=self.wakers.inbox
        )
        self.outbox = OutboxLoop(
            store,
            self.send,
            lambda unit, row, now: Ready(row.call.params),
            self.on_sent,
            lambda *_: None,
            lambda *_: None,
            self.clock,
            lambda chat_id: chat_id < 0,
            wake=self.wakers.outbox,
        )

    async def handle(self, row: InboxRow) -> None:
        """State, one answer, and the row is finished."""
        chat_id = row.item.payload["message"]["chat"]["id"]
        await self.store.transact(partial(self._turn, row, chat_id))
        self.wakers.outbox.set()

    def _turn(self, row: InboxRow, chat_id: int, unit: Unit) -> None:
        now = self.clock.now()
        state = unit.load_chat(chat_id) or {"seen": 0}
        unit.save_chat(chat_id, {"seen": state["seen"] + 1}, now)
        # A chat's pace would be measured otherwise: this method does not count.
        call = Call("setMessageReaction", {"chat_id": chat_id, "text": "x" * 200}, chat_id)
        unit.enqueue(row.item.key, [call], now)
        unit.finish(row.id, now)

    async def send(self, call: Call) -> Sent:
        """Telegram, at no distance."""
        return Sent({"message_id": 1})

    def on_sent(self, unit: Unit, row: OutboxRow, result: Any) -> None:
        """Count to the end."""
        unit.remember_message(row.call.chat_id, row.id, "answer", self.clock.now())
        self.sent += 1

    async def run(self) -> float:
        """All updates through; updates a second."""
        loops = [asyncio.create_task(self.inbox.run()), asyncio.create_task(self.outbox.run())]
        start = time.perf_counter()
        for batch in batches(self.updates):
            now = self.clock.now()
            await self.store.transact(lambda unit, b=batch, n=now: unit.add_incoming(b, n))
            self.wakers.inbox.set()
        while self.sent < self.updates:  # noqa: ASYNC110 - an event would be set in another thread
            await asyncio.sleep(0.005)
        taken = time.perf_counter() - start
        await asyncio.gather(self.inbox.stop(), self.outbox.stop())
        await asyncio.gather(*loops)
        return self.updates / taken


def batches(updates: int) -> Iterator[list[Incoming]]:
    """Updates as long polling brings them."""
    for start in range(0, updates, BATCH):
        numbers = range(start, min(start + BATCH, updates))
        yield [
            Incoming(f"u:{n}", f"c:{n % CHATS}", "update", update(n, n % CHATS + 1))
            for n in numbers
        ]


def update(number: int, chat_id: int) -> dict[str, Any]:
    """An update of ordinary size."""
    person = {"id": chat_id, "is_bot": False, "first_name": "Somebody", "language_code": "en"}
    message = {
        "message_id": number,
        "date": 1_800_000_000,
        "chat": {"id": chat_id, "type": "private", "first_name": "Somebody"},
        "from": person,
        "text": "is there any boxing near brixton for my little brother, he is 12",
    }
    return {"update_id": number, "message": message}


async def measure(way: Way, updates: int) -> float:
    """One run on a fresh database."""
    with tempfile.TemporaryDirectory() as folder:
        store = await SqliteStore.open(
            Path(folder) / "bot.sqlite",
            Sealer([Sealer.new_key()]),
            synchronous=way.synchronous,
            group_limit=way.group_limit,
        )
        try:
            return await Core(store, updates).run()
        finally:
            await store.close()


async def main(updates: int) -> None:
    """Print each way's median and its ratio to the first one's."""
    rates: dict[str, list[float]] = {way.name: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way in WAYS:
            rates[way.name].append(await measure(way, updates))
    first = statistics.median(rates[WAYS[0].name])
    print(f"{updates} updates in {CHATS} chats, {ROUNDS} rounds by turns")
    for name, found in rates.items():
        rate = statistics.median(found)
        spread = f"[{min(found):.0f}-{max(found):.0f}]"
        print(f"{name:22} {rate:7.0f} updates/s {spread:14} x{rate / first:.2f}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000))
