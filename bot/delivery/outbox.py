"""Sends what waits: most urgent first, one call in flight a chat, within Telegram's limits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

from bot.delivery.claim import Claim, Resolve
from bot.delivery.clock import Clock
from bot.delivery.errors import StorageError
from bot.delivery.model import Call, Later, Moved, Never, OutboxRow, Outcome, Sent
from bot.delivery.pace import Pacer
from bot.delivery.ports import Store, Unit
from bot.delivery.retry import gives_up, retry_at, stops_chat

log = logging.getLogger(__name__)

# Reasons for which a group takes nothing at all.
REFUSALS = frozenset({"kicked", "chat-not-found", "not-enough-rights", "forbidden"})
IDLE_S = 30.0  # looked at even without being woken
WAITING_S = 0.5  # a placeholder's value is looked for so often
STORAGE_PAUSE_S = 1.0
MOST_MOVES = 3

Work = Callable[[Unit], None]


def no_jitter() -> float:
    """Full back-off; the app passes `random.random`."""
    return 1.0


class OutboxLoop:
    """Makes the calls that transactions left, and tells the callbacks how it went.

    Args:
        store: where the outbox is.
        send: makes one call, its params resolved.
        resolve: fills in placeholders; gets the time, and says Wait, Drop or Ready.
        on_sent: runs in the transaction that closes a delivered call, with the API's result.
        on_failed: runs in the transaction that gives a call up, with a short reason.
        on_moved: runs after a group's id was changed, with the old and the new one.
        clock: the time.
        is_group: whether a chat has the limit of groups.
        max_chats: how many chats may have a call in flight.
        jitter: a random number from 0 to 1 for each back-off.
        wake: set when there is something new to send.
        on_settled: called after each transaction with a callback in it; it wakes the other loops.
    """

    def __init__(
        self,
        store: Store,
        send: Callable[[Call], Awaitable[Outcome]],
        resolve: Resolve,
        on_sent: Callable[[Unit, OutboxRow, Any], None],
        on_failed: Callable[[Unit, OutboxRow, str], None],
        on_moved: Callable[[Unit, int, int], None],
        clock: Clock,
        is_group: Callable[[int], bool],
        *,
        max_chats: int = 32,
        jitter: Callable[[], float] = no_jitter,
        wake: asyncio.Event | None = None,
        on_settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._send = send
        self._resolve = resolve
        self._on_sent = on_sent
        self._on_failed = on_failed
        self._on_moved = on_moved
        self._clock = clock
        self._is_group = is_group
        self._max_chats = max_chats
        self._jitter = jitter
        self._wake = wake or asyncio.Event()
        self._on_settled = on_settled
        self._pacer = Pacer(is_group)
        self._in_flight: dict[int, asyncio.Task[None]] = {}  # by chat
        self._stopping = False
        self.ticked_at: datetime | None = None
        self.refusing: dict[int, str] = {}  # groups that take nothing at present, and why

    def wake(self) -> None:
        """Look at the table again."""
        self._wake.set()

    async def stop(self) -> None:
        """Let `run` return after the calls that are in flight."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Run until stopped or cancelled; a call in flight then is made again after a start."""
        try:
            await self._recover()
            while not self._stopping:
                self._wake.clear()
                await self._clock.wait(self._wake, await self._round())
            await asyncio.gather(*self._in_flight.values())
        finally:
            tasks = list(self._in_flight.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _recover(self) -> None:
        while not self._stopping:
            work = partial(_recover_calls, now=self._clock.now())
            try:
                again = await self._store.transact(work)
            except StorageError as error:
                log.error("the outbox waits for the store: %s", error)
                await self._clock.sleep(STORAGE_PAUSE_S)
            else:
                if again:
                    log.warning("%d calls were in flight at the last stop: made again", again)
                return

    async def _round(self) -> float | None:
        """Start what may go now; how many seconds to sleep, None: until woken."""
        now = self.ticked_at = self._clock.now()
        room = self._max_chats - len(self._in_flight)
        if room <= 0:
            return None
        pace = self._pacer.pace(now)
        busy = frozenset(self._in_flight)
        claim = Claim(now, room, busy, pace, self._resolve, self._is_group)
        try:
            # A claim that a power cut undoes is made again, as the call itself would be.
            claimed = await self._store.transact(claim, durable=False)
        except StorageError as error:
            log.error("the outbox waits for the store: %s", error)
            return STORAGE_PAUSE_S
        for chat, times in claimed.learnt.items():
            self._pacer.learn(chat, times)
        for row in claimed.ready:
            self._pacer.note(row.call, now, together=row.together)
            self._start(row, self._deliver(row))
        for row, reason in claimed.broken:
            self._start(row, self._settle(row, self._fail(row, reason)))
        return self._pause(now, claimed.next_due, waiting=claimed.waiting)

    def _pause(self, now: datetime, next_due: datetime | None, *, waiting: bool) -> float:
        times = [time for time in (next_due, self._pacer.next_opening(now)) if time is not None]
        # A little late rather than a little early: else the same moment is looked at twice.
        pauses = [max((time - self._clock.now()).total_seconds(), 0.0) + 0.001 for time in times]
        return min([*pauses, WAITING_S if waiting else IDLE_S])

    def _start(self, row: OutboxRow, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._in_flight[row.call.chat_id] = task
        task.add_done_callback(partial(self._landed, row))

    def _landed(self, row: OutboxRow, task: asyncio.Task[None]) -> None:
        self._in_flight.pop(row.call.chat_id, None)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()):
            # Not closed and not put back: it goes out again after the next start.
            log.critical("outbox row %d is stuck: %s", row.id, type(error).__name__)

    async def _deliver(self, row: OutboxRow) -> None:
        try:
            outcome = await self._send(row.call)
        except Exception as error:
            log.error("outbox row %d, %s: %s", row.id, row.call.method, type(error).__name__)
            outcome = Later(f"unexpected: {type(error).__name__}")
        arrived = not (row.together and isinstance(outcome, Later))
        self._pacer.answered(row.call, self._clock.now(), arrived=arrived)
        self._note_refusal(row.call, outcome)
        await self._settle(row, self._consequence(row, outcome))
        if isinstance(outcome, Moved):
            self._pacer.rename(row.call.chat_id, outcome.new_chat_id)

    def _note_refusal(self, call: Call, outcome: Outcome) -> None:
        """Whether a group takes messages at all shows by its last answer to one."""
        if call.method != "sendMessage" or not self._is_group(call.chat_id):
            return
        if isinstance(outcome, Never) and outcome.reason in REFUSALS:
            self.refusing[call.chat_id] = outcome.reason
        elif isinstance(outcome, Sent | Moved):
            self.refusing.pop(call.chat_id, None)

    def _consequence(self, row: OutboxRow, outcome: Outcome) -> Work:
        if isinstance(outcome, Sent):
            return self._sent(row, outcome.result)
        if isinstance(outcome, Never):
            return self._fail(row, outcome.reason)
        if isinstance(outcome, Moved):
            return self._move(row, outcome.new_chat_id)
        return self._later(row, outcome)

    def _sent(self, row: OutboxRow, result: Any) -> Work:
        def work(unit: Unit) -> None:
            unit.close_call(row.id)
            self._on_sent(unit, row, result)

        return work

    def _fail(self, row: OutboxRow, reason: str) -> Work:
        def work(unit: Unit) -> None:
            unit.close_call(row.id)
            self._on_failed(unit, row, reason)

        return work

    def _move(self, row: OutboxRow, new: int) -> Work:
        old, now = row.call.chat_id, self._clock.now()
        if new == old or row.attempts >= MOST_MOVES:
            return self._fail(row, "moved-for-ever")

        def work(unit: Unit) -> None:
            unit.rename_chat(old, new)
            unit.reschedule(row, now, "moved")
            self._on_moved(unit, old, new)

        return work

    def _later(self, row: OutboxRow, outcome: Later) -> Work:
        now = self._clock.now()
        again = retry_at(row, outcome, now, self._jitter())
        if gives_up(row, again):
            return self._fail(row, f"gave-up: {outcome.reason}")
        log.info("outbox row %d, attempt %d: %s", row.id, row.attempts + 1, outcome.reason)

        def work(unit: Unit) -> None:
            unit.reschedule(row, again, outcome.reason)
            if outcome.whole_bot:
                unit.hold_chat(0, again)
            elif stops_chat(row, outcome):
                unit.hold_chat(row.call.chat_id, again)

        return work

    async def _settle(self, row: OutboxRow, work: Work) -> None:
        """Store what became of a call; the chat waits until that is possible."""
        close_only = False
        while True:
            try:
                await self._store.transact(work)
                return self._on_settled()
            except StorageError as error:
                log.error("outbox row %d waits for the store: %s", row.id, error)
                await self._clock.sleep(STORAGE_PAUSE_S)
            except Exception as error:
                # What was sent is sent: the row is closed without its callback, and that is noted.
                log.critical("outbox row %d: callback failed: %s", row.id, type(error).__name__)
                if close_only:
                    return None
                work, close_only = self._close_only(row, type(error).__name__), True

    def _close_only(self, row: OutboxRow, error: str) -> Work:
        now = self._clock.now()
        data = {"row": row.id, "role": row.call.role, "case": row.call.case_id, "error": error}

        def work(unit: Unit) -> None:
            unit.close_call(row.id)
            unit.audit("callback-failed", data, now)

        return work


def _recover_calls(unit: Unit, now: datetime) -> int:
    return unit.recover_calls(now)
