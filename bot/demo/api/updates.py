"""Updates that wait for the bot: numbered, filtered, confirmed only by offset."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from bot.demo.api.errors import ApiError, conflict
from bot.demo.api.world import Json

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL_S = 50
KEPT_S = 24 * 3600
ERROR_OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
ERROR_WEBHOOK_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
    "webhook first"
)


@dataclass(frozen=True)
class Pending:
    """One update and the chat in whose order it must be delivered."""

    update: Json
    lane: int
    created: int

    @property
    def id(self) -> int:
        """Return the update's number."""
        return int(self.update["update_id"])


@dataclass
class Webhook:
    """Where updates are pushed to, and how the last pushes went."""

    url: str
    secret_token: str | None = None
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass
class UpdateQueue:
    """The updates of the last 24 hours, for one poller or one webhook."""

    next_id: int
    unix_now: Callable[[], int]
    allowed: frozenset[str] | None = None
    pending: deque[Pending] = field(default_factory=deque)
    webhook: Webhook | None = None
    on_put: Callable[[], None] | None = None
    _poller: asyncio.Future[None] | None = None

    def put(self, kind: str, payload: Json, lane: int) -> None:
        """Add an update unless the bot has not asked for its kind."""
        if not self.wants(kind):
            return
        update = {"update_id": self.next_id, kind: payload}
        self.pending.append(Pending(update, lane, self.unix_now()))
        self.next_id += 1
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
        if self.on_put is not None:
            self.on_put()

    def wants(self, kind: str) -> bool:
        """Whether updates of this kind reach the bot."""
        return kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember the kinds asked for; None keeps the setting, empty means the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """Confirm below the offset, then wait for updates; raises 409 on a second poller."""
        if self.webhook is not None:
            raise conflict(ERROR_WEBHOOK_SET)
        self.end_poll(conflict(ERROR_OTHER_POLLER))
        self.confirm(offset)
        self._forget_old()
        if not self.pending and timeout_s > 0:
            await self._wait(min(timeout_s, LONGEST_POLL_S))
        return [p.update for p in islice(self.pending, limit)]

    def confirm(self, offset: int) -> None:
        """Forget updates below the offset; a negative one keeps that many from the end."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while self.pending and self.pending[0].id < offset:
            self.pending.popleft()

    def end_poll(self, reason: ApiError | None = None) -> None:
        """End the waiting poll, with an error for its caller or with nothing new."""
        poller, self._poller = self._poller, None
        if poller is None or poller.done():
            return
        if reason is None:
            poller.set_result(None)
        else:
            poller.set_exception(reason)

    def first_of(self, lane: int) -> Pending | None:
        """Return the oldest update of a lane."""
        self._forget_old()
        return next((p for p in self.pending if p.lane == lane), None)

    def done(self, item: Pending) -> None:
        """Remove an update that the webhook has taken."""
        if item in self.pending:
            self.pending.remove(item)

    def _forget_old(self) -> None:
        while self.pending and self.pending[0].created < self.unix_now() - KEPT_S:
            self.pending.popleft()

    async def _wait(self, timeout_s: float) -> None:
        poller: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = poller
        try:
            async with asyncio.timeout(timeout_s):
                await poller
        except TimeoutError:
            return
        finally:
            if self._poller is poller:
                self._poller = None
