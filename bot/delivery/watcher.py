"""Watches over the bot itself: a loop that stands still, a full disk, a group that refuses."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.clock import Clock
from bot.delivery.errors import StorageError
from bot.delivery.ports import Store, Unit

log = logging.getLogger(__name__)

EVERY_S = 15.0
STALE_AFTER = timedelta(minutes=2)  # a loop that has not ticked for so long is reported
LEAST_FREE = 200 * 1024 * 1024  # bytes; with less, what people write can soon not be kept
TOLD = "watch-told"  # meta: which faults staff know of, so that a restart does not repeat them

LOOP, STORE, DISK, GROUP, QUARANTINED = "loop", "store", "disk", "group", "quarantined"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with the bot; no person and no text in it."""

    name: str  # one of the names above
    detail: str = ""  # which loops, how many rows, what the group answered


@dataclass(frozen=True, slots=True)
class Signs:
    """Where to look."""

    ticks: Callable[[], Mapping[str, datetime | None]]  # when each loop ticked last
    refusing: Callable[[], Mapping[int, str]]  # groups that take nothing, and why
    free_bytes: Callable[[], int]  # on the disk where everything is kept


class Watcher:
    """Finds faults, shows them in /healthz, and has each told to staff once, and that it is over.

    Args:
        store: what is asked whether it works, and remembers what staff were told.
        clock: the time.
        signs: where to look.
        tell: tells staff of a fault, or (True) that it is over; must not raise.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        signs: Signs,
        tell: Callable[[Fault, bool], Awaitable[None]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._signs = signs
        self._tell = tell
        self._begun = clock.now()
        self._told: dict[str, str] | None = None
        self.faults: tuple[Fault, ...] = ()

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await self._clock.sleep(EVERY_S)
            try:
                await self.look()
            except Exception as error:
                # Who watches must not be what falls.
                log.error("the watcher failed: %s", type(error).__name__)

    async def look(self) -> None:
        """Find what is wrong now, and tell staff what they do not know yet."""
        self.faults = (*self._stale(), *await self._kept(), *self._outside())
        told = dict(self._told or {})
        known = dict(told)
        for fault in self.faults:
            if told.get(fault.name) != fault.detail:
                log.error("fault: %s %s", fault.name, fault.detail)
                await self._tell(fault, False)
                told[fault.name] = fault.detail
        for name in set(told) - {fault.name for fault in self.faults}:
            log.info("over: %s", name)
            await self._tell(Fault(name, told.pop(name)), True)
        self._told = told
        if told != known:
            await self._remember(told)

    def stale(self) -> list[str]:
        """Loops that have not ticked for too long."""
        now = self._clock.now()
        ticks = self._signs.ticks().items()
        return sorted(name for name, at in ticks if now - (at or self._begun) >= STALE_AFTER)

    def _stale(self) -> list[Fault]:
        names = self.stale()
        return [Fault(LOOP, ", ".join(names))] if names else []

    async def _kept(self) -> list[Fault]:
        """Whether the store writes and how much lies aside in it."""
        written = self._clock.now().isoformat()

        def work(unit: Unit) -> tuple[int, str | None]:
            # Reading alone would not meet a full disk.
            unit.set_meta("watch-written", written)
            return unit.backlog()["quarantined"], unit.get_meta(TOLD)

        try:
            aside, told = await self._store.transact(work)
        except StorageError:
            return [Fault(STORE)]
        if self._told is None:
            self._told = dict(json.loads(told)) if told else {}
        return [Fault(QUARANTINED, str(aside))] if aside else []

    def _outside(self) -> list[Fault]:
        found = []
        if self._signs.free_bytes() < LEAST_FREE:
            found.append(Fault(DISK))
        if reasons := sorted(set(self._signs.refusing().values())):
            found.append(Fault(GROUP, ", ".join(reasons)))
        return found

    async def _remember(self, told: Mapping[str, str]) -> None:
        text = json.dumps(dict(told), sort_keys=True)
        try:
            await self._store.transact(lambda unit: unit.set_meta(TOLD, text))
        except StorageError:
            log.error("what staff were told of cannot be kept now")

    def report(self) -> dict[str, str]:
        """What /healthz shows: each fault by its name."""
        return {fault.name: fault.detail for fault in self.faults}
