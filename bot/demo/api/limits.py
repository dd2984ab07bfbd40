"""Telegram's flood limits: 20 messages a minute in a group, about one a second in private."""

import math
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.demo.api.errors import too_many
from bot.demo.api.world import Chat, Clock


@dataclass(frozen=True)
class LimitSettings:
    """How much is let through; the private rate is in messages a second."""

    group_messages: int = 20
    group_window_s: float = 60
    private_rate: float = 1.0
    private_burst: int = 20


class Limits:
    """Counts what the bot sends, edits and creates in each chat."""

    def __init__(self, clock: Clock, settings: LimitSettings | None = None) -> None:
        self.settings = settings or LimitSettings()
        self._clock = clock
        self._sent: dict[int, deque[datetime]] = {}
        self._buckets: dict[int, tuple[float, datetime]] = {}

    def take(self, chat: Chat) -> None:
        """Count one message; raises the 429 that Telegram would answer with."""
        if chat.type == "private":
            self._take_private(chat.id)
        else:
            self._take_group(chat.id)

    def used(self, chat_id: int) -> int:
        """Return how many messages count in a group's window now."""
        return len(self._window(chat_id))

    def clear(self) -> None:
        """Forget all that was counted."""
        self._sent.clear()
        self._buckets.clear()

    def _window(self, chat_id: int) -> deque[datetime]:
        sent = self._sent.setdefault(chat_id, deque())
        horizon = self._clock() - timedelta(seconds=self.settings.group_window_s)
        while sent and sent[0] <= horizon:
            sent.popleft()
        return sent

    def _take_group(self, chat_id: int) -> None:
        sent = self._window(chat_id)
        if len(sent) >= self.settings.group_messages:
            waited = (self._clock() - sent[0]).total_seconds()
            raise too_many(max(1, math.ceil(self.settings.group_window_s - waited)))
        sent.append(self._clock())

    def _take_private(self, chat_id: int) -> None:
        now, burst = self._clock(), self.settings.private_burst
        left, since = self._buckets.get(chat_id, (float(burst), now))
        left = min(burst, left + (now - since).total_seconds() * self.settings.private_rate)
        if left < 1:
            self._buckets[chat_id] = (left, now)
            raise too_many(max(1, math.ceil((1 - left) / self.settings.private_rate)))
        self._buckets[chat_id] = (left - 1, now)
