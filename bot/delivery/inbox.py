"""Handles what came in: in order within a lane, many lanes at once, nothing lost, nothing stuck."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.delivery.clock import Clock
from bot.delivery.errors import StorageError
from bot.delivery.model import InboxRow
from bot.delivery.ports import Store, Unit

log = logging.getLogger(__name__)

RETRY_AFTER_S = (0.2, 1.0, 5.0)
STORAGE_PAUSE_S = 1.0
IDLE_S = 30.0  # looked at even without being woken
PAGE = 500
MOST_IN_MEMORY = 5_000


class InboxLoop:
    """Reads the inbox and hands each row to `handle`.

    Args:
        store: where the inbox is.
        handle: deals with one row in a transaction that ends with `unit.finish(row.id, now)`.
        on_quarantine: runs in the transaction that puts a row aside after the last attempt, with
            the name of the error; it tells staff.
        clock: the time.
        wake: set when something came in.
        lanes: how many rows may be handled at once, each of another lane.
        on_settled: called after a row was put aside; it wakes the other loops.
    """

    def __init__(
        self,
        store: Store,
        handle: Callable[[InboxRow], Awaitable[None]],
        on_quarantine: Callable[[Unit, InboxRow, str], None],
        clock: Clock,
        *,
        wake: asyncio.Event | None = None,
        lanes: int = 64,
        on_settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._handle = handle
        self._on_quarantine = on_quarantine
        self._clock = clock
        self._wake = wake or asyncio.Event()
        self._most_lanes = lanes
        self._on_settled = on_settled
        self._after = 0
        self._lanes: dict[str, deque[InboxRow]] = {}  # rows that are read and not handled
        self._ready: deque[str] = deque()  # lanes that nobody works on
        self._in_memory = 0
        self._workers = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self.ticked_at: datetime | None = None

    def wake(self) -> None:
        """Look at the table again."""
        self._wake.set()

    async def stop(self) -> None:
        """Let `run` return after the rows that are being handled."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Run until stopped or cancelled; what is not handled then is still in the table."""
        try:
            while not self._stopping:
                self._wake.clear()
                pause = await self._fetch()
                self._start_workers()
                if pause:
                    await self._clock.wait(self._wake, pause)
            while self._workers:
                self._wake.clear()
                await self._wake.wait()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _fetch(self) -> float:
        """Read one page; how many seconds to wait before the next."""
        self.ticked_at = self._clock.now()
        if self._in_memory >= MOST_IN_MEMORY:
            return IDLE_S
        after = self._after
        try:
            rows = await self._store.transact(lambda unit: unit.pending(after, PAGE))
        except StorageError as error:
            log.error("the inbox waits for the store: %s", error)
            return STORAGE_PAUSE_S
        for row in rows:
            self._after = row.id
            self._in_memory += 1
            if row.item.lane not in self._lanes:
                self._lanes[row.item.lane] = deque()
                self._ready.append(row.item.lane)
            self._lanes[row.item.lane].append(row)
        return 0.0 if len(rows) == PAGE else IDLE_S

    def _start_workers(self) -> None:
        for _ in range(min(self._most_lanes - self._workers, len(self._ready))):
            self._workers += 1
            self._start(self._work())

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        """Handle rows of lanes that are ready, one row of a lane at a time, lanes in turn."""
        try:
            while self._ready and not self._stopping:
                lane = self._ready.popleft()
                delay = await self._process(self._lanes[lane])
                if delay is None:
                    self._lane_is_free(lane)
                else:
                    self._start(self._rest(lane, delay))
        finally:
            self._workers -= 1
            if self._stopping:
                self._wake.set()

    async def _rest(self, lane: str, seconds: float) -> None:
        """Let a lane wait after a failure, without keeping a worker."""
        await self._clock.sleep(seconds)
        self._lane_is_free(lane)
        self._start_workers()

    def _lane_is_free(self, lane: str) -> None:
        if self._lanes[lane]:
            self._ready.append(lane)
        else:
            del self._lanes[lane]

    async def _process(self, rows: deque[InboxRow]) -> float | None:
        """Handle the first row of a lane; seconds to wait where it must be tried again."""
        row = rows[0]
        try:
            await self._handle(row)
        except StorageError as error:
            log.error("inbox row %d waits for the store: %s", row.id, error)
            return STORAGE_PAUSE_S
        except Exception as error:
            # The type only: the text of an error may hold what somebody wrote.
            name = type(error).__name__
            log.error("inbox row %d, attempt %d: %s", row.id, row.attempts + 1, name)
            return await self._failed(rows, row, name)
        self._done(rows)
        return None

    def _done(self, rows: deque[InboxRow]) -> None:
        rows.popleft()
        self._in_memory -= 1
        if self._in_memory == MOST_IN_MEMORY - PAGE:
            self._wake.set()

    async def _failed(self, rows: deque[InboxRow], row: InboxRow, name: str) -> float | None:
        try:
            if row.attempts < len(RETRY_AFTER_S):
                delay = RETRY_AFTER_S[row.attempts]
                again = self._clock.now() + timedelta(seconds=delay)
                await self._store.transact(lambda unit: unit.retry_later(row.id, name, again))
                rows[0] = replace(row, attempts=row.attempts + 1)
                return delay
            await self._put_aside(row, name)
            self._on_settled()
        except StorageError as error:
            log.error("inbox row %d waits for the store: %s", row.id, error)
            return STORAGE_PAUSE_S
        self._done(rows)
        return None

    async def _put_aside(self, row: InboxRow, name: str) -> None:
        now = self._clock.now()

        def work(unit: Unit) -> None:
            unit.quarantine(row.id, name, now)
            self._on_quarantine(unit, row, name)

        try:
            await self._store.transact(work)
        except StorageError:
            raise
        except Exception as error:
            log.critical("inbox row %d: nobody could be told: %s", row.id, type(error).__name__)
            await self._store.transact(lambda unit: unit.quarantine(row.id, name, now))
