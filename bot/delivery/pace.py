"""How fast each chat may be written to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.limits import (
    COUNTED_METHODS,
    GROUP_LIMIT,
    GROUP_RESERVE,
    GROUP_WINDOW,
    PRIVATE_BURST,
    PRIVATE_PER_SECOND,
)
from bot.delivery.model import Call, Priority


@dataclass(frozen=True, slots=True)
class Pace:
    """What may go at one moment; safe to read in another thread."""

    used: dict[int, int]  # messages in the window, of the groups that are known
    empty: frozenset[int]  # private chats whose burst is used up

    @property
    def shut(self) -> frozenset[int]:
        """Groups where nothing that counts may go."""
        return frozenset(chat for chat, used in self.used.items() if used >= GROUP_LIMIT)

    @property
    def urgent_only(self) -> frozenset[int]:
        """Chats where of what counts only what is urgent may go."""
        return self.empty | {
            chat for chat, used in self.used.items() if used >= GROUP_LIMIT - GROUP_RESERVE
        }


def group_takes(call: Call, used: int) -> bool:
    """Whether a group with so many messages in the window takes this one too."""
    reserve = 0 if call.priority == Priority.ALERT else GROUP_RESERVE
    return used < GROUP_LIMIT - reserve


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: datetime

    def fill(self, now: datetime) -> None:
        gained = (now - self.at).total_seconds() * PRIVATE_PER_SECOND
        self.tokens = min(float(PRIVATE_BURST), self.tokens + max(gained, 0.0))
        self.at = now

    def opens_at(self) -> datetime:
        return self.at + timedelta(seconds=(1.0 - self.tokens) / PRIVATE_PER_SECOND)


class Pacer:
    """Remembers what went where; groups are learnt from the store after a restart."""

    def __init__(self, is_group: Callable[[int], bool]) -> None:
        self._is_group = is_group
        self._groups: dict[int, list[datetime]] = {}
        self._buckets: dict[int, _Bucket] = {}

    def pace(self, now: datetime) -> Pace:
        """What may go now."""
        for times in self._groups.values():
            del times[: bisect_right(times, now - GROUP_WINDOW)]
        for chat, bucket in list(self._buckets.items()):
            bucket.fill(now)
            if bucket.tokens >= PRIVATE_BURST:
                del self._buckets[chat]
        empty = frozenset(chat for chat, bucket in self._buckets.items() if bucket.tokens < 1.0)
        return Pace({chat: len(times) for chat, times in self._groups.items()}, empty)

    def learn(self, chat_id: int, times: Sequence[datetime]) -> None:
        """Take over what the store knows of a group."""
        self._groups.setdefault(chat_id, sorted(times))

    def note(self, call: Call, now: datetime) -> None:
        """A call goes out now."""
        if call.method not in COUNTED_METHODS:
            return
        if self._is_group(call.chat_id):
            self._groups.setdefault(call.chat_id, []).append(now)
            return
        bucket = self._buckets.setdefault(call.chat_id, _Bucket(float(PRIVATE_BURST), now))
        bucket.fill(now)
        bucket.tokens = max(bucket.tokens - 1.0, -float(PRIVATE_BURST))

    def answered(self, call: Call, now: datetime) -> None:
        """A call was answered: Telegram may have counted it as late as now."""
        times = self._groups.get(call.chat_id)
        if times and call.method in COUNTED_METHODS:
            times[-1] = now

    def rename(self, old: int, new: int) -> None:
        """A group has a new id."""
        times = self._groups.pop(old, [])
        self._groups[new] = sorted(self._groups.get(new, []) + times)

    def next_opening(self, now: datetime) -> datetime | None:
        """When the next chat that is closed takes something again."""
        times = [b.opens_at() for b in self._buckets.values() if b.tokens < 1.0]
        for sent in self._groups.values():
            times += [
                sent[len(sent) - limit] + GROUP_WINDOW
                for limit in (GROUP_LIMIT - GROUP_RESERVE, GROUP_LIMIT)
                if len(sent) >= limit
            ]
        return min((time for time in times if time > now), default=None)
