"""What the core needs from storage: one unit of work, in which everything happens or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.cases.ports import CaseUnit
from bot.conversation.ports import ChatUnit
from bot.delivery.model import OPEN, Call, Gates, InboxRow, Incoming, OutboxRow, Timer

T = TypeVar("T")


class InboxUnit(Protocol):
    """What came in and is not handled yet."""

    def add_incoming(self, items: Sequence[Incoming], now: datetime) -> int:
        """Store what is new and drop repeats, also of rows handled days ago; how many were new."""

    def finish(self, row_id: int, now: datetime) -> None:
        """Erase a handled row; its key is kept for days so that a repeat is known."""

    def retry_later(self, row_id: int, error: str, not_before: datetime) -> None:
        """Count an attempt; the lane waits until `not_before`."""

    def quarantine(self, row_id: int, error: str, now: datetime) -> None:
        """Put a row aside that cannot be handled; the lane goes on."""

    def pending(self, after_id: int, limit: int) -> list[InboxRow]:
        """Rows to be handled with an id above `after_id`, oldest first."""

    def quarantined(self, limit: int) -> list[InboxRow]:
        """Rows put aside, oldest first."""


class OutboxUnit(Protocol):
    """What is to be sent."""

    def enqueue(self, cause: str, calls: Sequence[Call], now: datetime) -> None:
        """Store calls under (cause, number): the same cause again changes nothing."""

    def take(
        self, now: datetime, limit: int, busy_chats: frozenset[int], gates: Gates = OPEN
    ) -> list[OutboxRow]:
        """Mark as being sent and return what may go now: most urgent first, one a chat."""

    def waiting_calls(self, chat_id: int, roles: Collection[str], limit: int) -> list[OutboxRow]:
        """What waits for a chat under these roles, most urgent first; nothing is taken."""

    def put_back(self, row_id: int) -> None:
        """Undo a `take`: the call waits again and no attempt is counted."""

    def hold_chat(self, chat_id: int, until: datetime) -> None:
        """Let nothing but callback answers go to a chat before `until`; 0 stands for all chats."""

    def recover_calls(self, now: datetime) -> int:
        """After a start: let what was being sent wait again; callback answers are dropped."""

    def reschedule(self, row: OutboxRow, not_before: datetime, error: str) -> None:
        """Put a call back, with one attempt more."""

    def close_call(self, row_id: int) -> None:
        """Erase a call that was sent or given up."""

    def rename_chat(self, old: int, new: int) -> None:
        """A group has a new id: in calls, cases, links and timers."""

    def drop_calls(self, chat_id: int, *, keep_priority_below: int = 0) -> int:
        """Erase what waits for a chat, but for what is more urgent than the given priority."""

    def next_due(self, now: datetime) -> datetime | None:
        """When, after `now`, the next waiting call may go that may not go yet."""

    def record_sent(self, chat_id: int, now: datetime) -> None:
        """Count a message against a group's limit."""

    def sent_since(self, chat_id: int, since: datetime) -> list[datetime]:
        """When messages went to a group after `since`, oldest first."""


class TimerUnit(Protocol):
    """What falls due."""

    def set_timer(self, timer: Timer) -> None:
        """Store a timer; the same key replaces the old one."""

    def cancel_timer(self, key: str) -> None:
        """Forget a timer, if it is there."""

    def cancel_timers(self, prefix: str) -> None:
        """Forget every timer whose key begins so."""

    def move_due_timers(self, now: datetime) -> int:
        """Turn due timers into incoming rows; how many."""

    def next_timer(self) -> datetime | None:
        """When the next timer is due."""


class MetaUnit(Protocol):
    """Small facts of the running bot, and counts without persons."""

    def get_meta(self, key: str) -> str | None:
        """A stored fact."""

    def set_meta(self, key: str, value: str) -> None:
        """Store a fact."""

    def count(self, what: str, label: str, day: str, by: int = 1) -> None:
        """Add to an anonymous daily count ("unmet", "find-activities/Lambeth", "2026-11-22")."""

    def counts(self, what: str, since_day: str) -> list[tuple[str, str, int]]:
        """(day, label, number), oldest first."""

    def give_words(self, text: str, day: str) -> None:
        """Keep words that somebody gave for learning; nothing says who it was."""

    def given_words(self, since_day: str) -> list[tuple[str, str]]:
        """(day, text) of the words given, oldest day first; within a day by chance."""

    def forget_words_before(self, day: str) -> None:
        """Erase words that were given before a day."""

    def suggest(self, data: dict[str, Any], day: str) -> None:
        """Keep an example that a worker gave for learning; nothing says whose words they were."""

    def suggestions(self, since_day: str) -> list[tuple[int, str, dict[str, Any]]]:
        """(number, day, example) of what workers gave, oldest day first; within a day by chance."""

    def forget_suggestions_before(self, day: str) -> None:
        """Erase examples that were given before a day."""

    def audit(self, kind: str, data: dict[str, Any], now: datetime) -> None:
        """Append to the log of what staff decided; no message text."""

    def audited(self, since: datetime) -> list[tuple[datetime, str, dict[str, Any]]]:
        """The log of what staff decided since a time, oldest first."""

    def backlog(self) -> dict[str, int]:
        """How many rows wait: "inbox", "quarantined", "outbox", "timers"."""


class Unit(InboxUnit, OutboxUnit, TimerUnit, ChatUnit, CaseUnit, MetaUnit, Protocol):
    """One transaction's view of everything stored. Use it only inside `transact`."""


class Store(Protocol):
    """Where everything lives."""

    async def transact(self, work: Callable[[Unit], T], *, durable: bool = True) -> T:
        """Run `work` in one transaction: its changes are durable when this returns, or none are.

        With `durable=False` they survive the end of the process but perhaps not a power cut: for
        what would be done again in the same way, and is not worth waiting for the disk.

        `work` must be quick, must not await and must not call the network: it runs in the writer's
        thread, alone. An exception inside undoes its changes and is raised here.
        """

    async def close(self) -> None:
        """Finish what runs and let go of files and threads."""
