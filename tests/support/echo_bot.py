"""The durable core with a handler that repeats what it hears: a process for kill tests.

Run as: python -m tests.support.echo_bot BASE_URL TOKEN DATABASE KEY
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from telegram import Bot

from bot.delivery.clock import SystemClock
from bot.delivery.inbox import InboxLoop
from bot.delivery.model import Call, InboxRow, OutboxRow, Outcome, Priority, Ready
from bot.delivery.outbox import OutboxLoop
from bot.delivery.ports import Store, Unit
from bot.delivery.wakers import Wakers, WakingStore
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore
from bot.telegram.poller import Poller
from bot.telegram.sender import Sender
from bot.telegram.transport import AiohttpRequest


class Echo:
    """What the app does, in small."""

    def __init__(self, store: Store) -> None:
        self.clock = SystemClock()
        self.wakers = Wakers()
        self.store = WakingStore(store, self.wakers)

    async def handle(self, row: InboxRow) -> None:
        """Answer a message with its own words."""
        await self.store.transact(lambda unit: self.turn(unit, row))

    def turn(self, unit: Unit, row: InboxRow) -> None:
        message, now = row.item.payload.get("message", {}), self.clock.now()
        if "text" in message:
            chat_id = message["chat"]["id"]
            text = f"echo {message['text']}"
            # Of the urgent kind, which no private pace slows down.
            call = Call("sendMessage", {"chat_id": chat_id, "text": text}, chat_id, Priority.DANGER)
            unit.enqueue(row.item.key, [call], now)
        unit.finish(row.id, now)

    def on_sent(self, unit: Unit, row: OutboxRow, result: Any) -> None:
        """Note the message in the transaction that closes the call."""
        unit.remember_message(row.call.chat_id, result["message_id"], "answer", self.clock.now())


async def main(base_url: str, token: str, path: Path, key: str) -> None:
    """Run until killed."""
    store = await SqliteStore.open(path, Sealer([key]))
    echo = Echo(store)
    polling, sending = AiohttpRequest(connections=2), AiohttpRequest()
    async with Bot(token, base_url=base_url, request=sending, get_updates_request=polling) as bot:
        sender = Sender(bot)

        async def send(call: Call) -> Outcome:
            return await sender.send(call.method, call.params)

        inbox = InboxLoop(store, echo.handle, lambda *_: None, echo.clock, wake=echo.wakers.inbox)
        outbox = OutboxLoop(
            store,
            send,
            lambda unit, row, now: Ready(row.call.params),
            echo.on_sent,
            lambda *_: None,
            lambda *_: None,
            echo.clock,
            lambda chat_id: chat_id < 0,
            wake=echo.wakers.outbox,
        )
        poller = Poller(
            polling, base_url, token, store, echo.clock, echo.wakers.wake_all, ["message"], poll_s=5
        )
        await asyncio.gather(poller.run(), inbox.run(), outbox.run())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4]))
