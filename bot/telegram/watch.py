"""Tells staff about the bot's own faults: in their group, or past a group that refuses."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from bot.delivery.errors import StorageError
from bot.delivery.model import Call, Outcome, Priority
from bot.delivery.ports import Store, Unit
from bot.delivery.watcher import GROUP, LOOP, STORE, Fault
from bot.telegram.handle import Handler
from bot.telegram.office import Office
from bot.telegram.render import message

log = logging.getLogger(__name__)

# These stand in the way of the outbox itself: what is said of them goes past it.
PAST_THE_OUTBOX = frozenset({LOOP, STORE})


class Alarm:
    """Says what the watcher found to those who can act on it.

    Args:
        store: where the outbox is.
        office: who comes next when the group does not answer.
        handler: makes a job in a transaction.
        send: makes one call at once.
        wake: wakes the loops.
    """

    def __init__(
        self,
        store: Store,
        office: Office,
        handler: Handler,
        send: Callable[[Call], Awaitable[Outcome]],
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._office = office
        self._handler = handler
        self._send = send
        self._wake = wake

    async def tell(self, fault: Fault, over: bool) -> None:
        """Tell staff that something is wrong, or that it is over."""
        if not over and fault.name in PAST_THE_OUTBOX:
            await self._at_once(fault)
            return

        def work(unit: Unit) -> None:
            job = self._handler.job(unit)
            calls = self._calls(fault, job.staff_group, over=over)
            unit.enqueue(f"watch:{fault.name}:{job.now.isoformat()}", calls, job.now)

        try:
            await self._store.transact(work)
        except StorageError:
            await self._at_once(fault, over=over)
        else:
            self._wake()

    async def _at_once(self, fault: Fault, *, over: bool = False) -> None:
        """Without the outbox, once, to everybody: better too many than nobody."""
        chats = (self._office.staff_group, self._office.on_call, self._office.lead)
        for chat in (chat for chat in chats if chat is not None):
            for call in self._calls(fault, chat, over=over):
                outcome = await self._send(call)
                log.warning("told of %s at once: %s", fault.name, type(outcome).__name__)

    def _calls(self, fault: Fault, group: int, *, over: bool) -> list[Call]:
        wording = self._office.world().wording
        key = f"desk-watch.{fault.name}-over" if over else f"desk-watch.{fault.name}"
        text = wording.text(key, detail=fault.detail)
        next_up = [chat for chat in (self._office.on_call, self._office.lead) if chat is not None]
        # A group that refuses cannot be told so; that it takes messages again, it can.
        chats = next_up if fault.name == GROUP and not over else [group]
        return [
            Call("sendMessage", message(chat, text), chat, Priority.RELAY, role="line")
            for chat in chats
        ]
