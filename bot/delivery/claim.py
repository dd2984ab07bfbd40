"""One look at the outbox: which calls go now. It runs inside a transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.delivery.limits import COUNTED_METHODS, CROWD, GROUP_WINDOW, PILE, TOGETHER_ROLES
from bot.delivery.model import Drop, OutboxRow, Ready, Resolution, Wait
from bot.delivery.pace import Pace, Way
from bot.delivery.ports import Unit

log = logging.getLogger(__name__)

Resolve = Callable[[Unit, OutboxRow, datetime], Resolution]


@dataclass
class Claimed:
    """What a claim found."""

    ready: list[OutboxRow] = field(default_factory=list)  # with resolved params
    broken: list[tuple[OutboxRow, str]] = field(default_factory=list)  # could not be resolved
    learnt: dict[int, list[datetime]] = field(default_factory=dict)  # groups seen first
    waiting: bool = False  # some wait for a placeholder's value
    next_due: datetime | None = None

    def chats(self) -> frozenset[int]:
        """Chats that have a call under way by this claim."""
        rows = [*self.ready, *(row for row, _ in self.broken)]
        return frozenset(row.call.chat_id for row in rows)


class Claim:
    """Takes up to `limit` calls, at most one a chat, and fills in their placeholders."""

    def __init__(
        self,
        now: datetime,
        limit: int,
        busy: frozenset[int],
        pace: Pace,
        resolve: Resolve,
        is_group: Callable[[int], bool],
    ) -> None:
        self._now = now
        self._limit = limit
        self._busy = busy
        self._pace = pace
        self._resolve = resolve
        self._is_group = is_group
        self._skip: set[int] = set()
        self._held: set[tuple[int, str]] = set()
        self._found = Claimed()

    def __call__(self, unit: Unit) -> Claimed:
        """Run inside a transaction, once."""
        while rows := self._take(unit):
            looked_at = [self._look_at(unit, row) for row in rows]
            if all(looked_at):
                break  # none made room for another call of its chat
        self._found.next_due = unit.next_due(self._now)
        return self._found

    def _take(self, unit: Unit) -> list[OutboxRow]:
        taken = self._found.chats()
        room = self._limit - len(taken)
        gates = self._pace.gates(frozenset(self._skip))
        gates = replace(gates, held=gates.held | self._held)
        return unit.take(self._now, room, self._busy | taken, gates) if room > 0 else []

    def _look_at(self, unit: Unit, row: OutboxRow) -> bool:
        """Whether the row keeps its chat."""
        way = self._way(unit, row)
        if way is Way.NOT_NOW:
            return self._leave(unit, row)
        row = replace(row, together=way is Way.TOGETHER)
        try:
            resolution = self._resolve(unit, row, self._now)
        except Exception as error:
            # A broken row must not keep the others from going.
            log.error("outbox row %d cannot be resolved: %s", row.id, type(error).__name__)
            self._found.broken.append((row, f"resolve: {type(error).__name__}"))
            return True
        if isinstance(resolution, Drop):
            unit.close_call(row.id)
            return False
        if isinstance(resolution, Wait):
            self._found.waiting = True
            return self._leave(unit, row)
        self._found.ready.append(_filled(row, resolution))
        if self._counts(row):
            unit.record_sent(row.call.chat_id, self._now)
        return True

    def _leave(self, unit: Unit, row: OutboxRow) -> bool:
        unit.put_back(row.id)
        self._skip.add(row.id)
        return False

    def _counts(self, row: OutboxRow) -> bool:
        return row.call.method in COUNTED_METHODS and self._is_group(row.call.chat_id)

    def _way(self, unit: Unit, row: OutboxRow) -> Way:
        if row.call.method not in COUNTED_METHODS:
            return Way.ALONE
        chat = row.call.chat_id
        if self._is_group(chat) and chat not in self._pace.groups:
            times = unit.sent_since(chat, self._now - GROUP_WINDOW)
            self._found.learnt[chat] = times
            self._pace = self._pace.with_group(chat, times)
        way = self._pace.way(row.call)
        if way is Way.ALONE and row.call.role in TOGETHER_ROLES and self._wait(unit, chat, PILE):
            return Way.TOGETHER
        if way is Way.IN_A_CROWD:
            if self._wait(unit, chat, CROWD):
                return Way.TOGETHER
            # What goes for one goes for all of them: they need not be looked at one by one.
            self._held |= {(chat, role) for role in TOGETHER_ROLES}
            return Way.NOT_NOW
        return way

    def _wait(self, unit: Unit, chat: int, number: int) -> bool:
        """Whether so many alerts wait beside this one."""
        return len(unit.waiting_calls(chat, TOGETHER_ROLES, number)) >= number


def _filled(row: OutboxRow, ready: Ready) -> OutboxRow:
    call = replace(row.call, params=ready.params)
    if ready.role is not None:
        call = replace(call, role=ready.role)
    if ready.data is not None:
        call = replace(call, data=ready.data)
    return replace(row, call=call)
