"""How fast each chat may be written to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from bot.delivery.limits import (
    ALONE,
    ALONE_SOON,
    COUNTED_METHODS,
    GROUP_LIMIT,
    GROUP_WINDOW,
    PRIVATE_BURST,
    PRIVATE_PER_SECOND,
    SPARE_ALONE,
    SPARE_RELAY,
    SPARE_REPLY,
    SPARE_REST,
    STORM,
    TOGETHER_EVERY,
    TOGETHER_ROLES,
)
from bot.delivery.model import Call, Gates, Priority

# How often a message that tells alerts together may go within one window.
TURNS = int(GROUP_WINDOW / TOGETHER_EVERY) + 1
NOTHING = -1  # a ceiling below every priority


class Way(Enum):
    """How a call may go now."""

    ALONE = "alone"
    TOGETHER = "together"  # with everything of its kind that waits
    IN_A_CROWD = "in a crowd"  # together, but only where very many wait
    NOT_NOW = "not now"


ALL_OPEN = (int(Priority.HOUSEKEEPING), *(Way.ALONE for _ in TOGETHER_ROLES))


@dataclass(frozen=True, slots=True)
class Traffic:
    """What went to a group within the window."""

    sent: tuple[datetime, ...] = ()
    alone: tuple[tuple[datetime, str], ...] = ()  # of these, alerts that went on their own: role
    together_at: datetime | None = None  # when alerts last went together
    storm_at: datetime | None = None  # when several new cases last went together

    def spare(self, now: datetime) -> int:
        """How many calls may go now so that alerts can still go together at every later turn."""
        return min(
            GROUP_LIMIT - (turn + 1) - _after(self.sent, now + turn * TOGETHER_EVERY - GROUP_WINDOW)
            for turn in range(TURNS)
        )

    def ceiling(self, now: datetime) -> int:
        """The least urgent priority that may go, of what is not told together."""
        spare = self.spare(now)
        if spare >= SPARE_REST:
            return int(Priority.HOUSEKEEPING)
        if spare >= SPARE_REPLY:
            return int(Priority.REPLY)
        if spare >= SPARE_RELAY:
            return int(Priority.RELAY)
        return int(Priority.DANGER) if spare >= 1 else NOTHING

    def way(self, role: str, now: datetime) -> Way:
        """How an alert may go."""
        mine = [time for time, alert in self.alone if alert == role]
        alone = _after(mine, now - GROUP_WINDOW) < ALONE[role]
        soon = _after(mine, now - GROUP_WINDOW / 2) < ALONE_SOON
        calm = self.storm_at is None or now - self.storm_at >= STORM
        if alone and soon and calm and self.spare(now) >= SPARE_ALONE:
            return Way.ALONE
        if _after(self.sent, now - GROUP_WINDOW) >= GROUP_LIMIT:
            return Way.NOT_NOW
        last = self.together_at
        if last is None or now - last >= TOGETHER_EVERY:
            return Way.TOGETHER
        return Way.IN_A_CROWD if self.spare(now) >= SPARE_ALONE else Way.NOT_NOW

    def doors(self, now: datetime) -> tuple[object, ...]:
        """What is open and what is shut."""
        return (self.ceiling(now), *(self.way(role, now) for role in sorted(TOGETHER_ROLES)))

    def next_opening(self, now: datetime) -> datetime | None:
        """When something may go that may not go now, if nothing goes before."""
        doors = self.doors(now)
        if doors == ALL_OPEN:
            return None
        # Without new calls a door only ever opens, so the first moment can be searched for.
        moments = self._moments(now)
        at = bisect_left(moments, True, key=lambda time: self.doors(time) != doors)
        return moments[at] if at < len(moments) else None

    def _moments(self, now: datetime) -> list[datetime]:
        ends = [
            time + GROUP_WINDOW - turn * TOGETHER_EVERY
            for time in self.sent
            for turn in range(TURNS)
        ]
        ends += [time + GROUP_WINDOW / part for time, _ in self.alone for part in (1, 2)]
        if self.together_at is not None:
            ends.append(self.together_at + TOGETHER_EVERY)
        if self.storm_at is not None:
            ends.append(self.storm_at + STORM)
        return sorted(time for time in ends if time > now)


def _after(times: Sequence[datetime], start: datetime) -> int:
    return len(times) - bisect_right(times, start)


@dataclass(frozen=True, slots=True)
class Pace:
    """What may go at one moment; safe to read in another thread."""

    now: datetime
    groups: Mapping[int, Traffic]  # those that are known
    tokens: Mapping[int, float]  # of private chats whose burst is not whole

    def with_group(self, chat_id: int, sent: Sequence[datetime]) -> Pace:
        """The same, with a group that was not known."""
        return Pace(self.now, {**self.groups, chat_id: Traffic(tuple(sorted(sent)))}, self.tokens)

    def way(self, call: Call) -> Way:
        """How a call that counts may go."""
        group = self.groups.get(call.chat_id)
        if call.role in TOGETHER_ROLES:
            if group is not None:
                return group.way(call.role, self.now)
            left = self.tokens.get(call.chat_id, float(PRIVATE_BURST))
            return Way.ALONE if left >= 2 else Way.TOGETHER if left >= 1 else Way.NOT_NOW
        if group is None or call.priority <= group.ceiling(self.now):
            return Way.ALONE
        return Way.NOT_NOW

    def gates(self, skip: frozenset[int]) -> Gates:
        """What the store need not even show."""
        empty = [chat for chat, left in self.tokens.items() if left < 1.0]
        ceilings = dict.fromkeys(empty, int(Priority.DANGER))
        held = {(chat, role) for chat in empty for role in TOGETHER_ROLES}
        for chat, group in self.groups.items():
            ceilings[chat] = group.ceiling(self.now)
            for role in TOGETHER_ROLES:
                if group.way(role, self.now) is Way.NOT_NOW:
                    held.add((chat, role))
        return Gates(ceilings, frozenset(held), skip)


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


@dataclass(slots=True)
class _Group:
    sent: list[datetime] = field(default_factory=list)
    alone: list[tuple[datetime, str]] = field(default_factory=list)
    together_at: datetime | None = None
    storm_at: datetime | None = None

    def traffic(self, now: datetime) -> Traffic:
        start = now - GROUP_WINDOW
        del self.sent[: bisect_right(self.sent, start)]
        self.alone = [entry for entry in self.alone if entry[0] > start]
        return Traffic(tuple(self.sent), tuple(self.alone), self.together_at, self.storm_at)


class Pacer:
    """Remembers what went where; groups are learnt from the store after a restart."""

    def __init__(self, is_group: Callable[[int], bool]) -> None:
        self._is_group = is_group
        self._groups: dict[int, _Group] = {}
        self._buckets: dict[int, _Bucket] = {}

    def pace(self, now: datetime) -> Pace:
        """What may go now."""
        for chat, bucket in list(self._buckets.items()):
            bucket.fill(now)
            if bucket.tokens >= PRIVATE_BURST:
                del self._buckets[chat]
        groups = {chat: group.traffic(now) for chat, group in self._groups.items()}
        return Pace(now, groups, {chat: b.tokens for chat, b in self._buckets.items()})

    def learn(self, chat_id: int, times: Sequence[datetime]) -> None:
        """Take over what the store knows of a group."""
        self._groups.setdefault(chat_id, _Group(sorted(times)))

    def note(self, call: Call, now: datetime, *, together: bool = False) -> None:
        """A call goes out now; `together`: it speaks for all that wait, or might have."""
        if call.method not in COUNTED_METHODS:
            return
        if self._is_group(call.chat_id):
            group = self._groups.setdefault(call.chat_id, _Group())
            group.sent.append(now)
            if together:
                group.together_at = now
                if len(call.data.get("cards", ())) > 1:
                    group.storm_at = now
            elif call.role in TOGETHER_ROLES:
                group.alone.append((now, call.role))
            return
        bucket = self._buckets.setdefault(call.chat_id, _Bucket(float(PRIVATE_BURST), now))
        bucket.fill(now)
        bucket.tokens = max(bucket.tokens - 1.0, -float(PRIVATE_BURST))

    def answered(self, call: Call, now: datetime, *, arrived: bool = True) -> None:
        """A call was answered: Telegram may have counted it as late as now."""
        group = self._groups.get(call.chat_id)
        if group is not None and group.sent and call.method in COUNTED_METHODS:
            group.sent[-1] = now
            if not arrived and group.together_at is not None:
                # Nobody was named: the next try is not to wait for its turn.
                group.together_at = group.storm_at = None

    def rename(self, old: int, new: int) -> None:
        """A group has a new id."""
        before = self._groups.pop(old, _Group())
        group = self._groups.setdefault(new, before)
        if group is not before:
            group.sent = sorted(group.sent + before.sent)
            group.alone = sorted(group.alone + before.alone)

    def next_opening(self, now: datetime) -> datetime | None:
        """When the next chat that is closed takes something again."""
        times = [b.opens_at() for b in self._buckets.values() if b.tokens < 1.0]
        for group in self._groups.values():
            if (opening := group.traffic(now).next_opening(now)) is not None:
                times.append(opening)
        return min((time for time in times if time > now), default=None)
