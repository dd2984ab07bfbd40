"""The outbox of the fake store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from bot.delivery.limits import CALLBACK_ANSWER, COUNTED_METHODS, TOGETHER_ROLES
from bot.delivery.model import OPEN, Call, Gates, OutboxRow, Priority
from bot.storage.memory_tables import MemoryPart, OutboxEntry, as_json
from bot.storage.merging import merged, moved, replace_id


class MemoryOutbox(MemoryPart):
    """Implements bot.delivery.ports.OutboxUnit."""

    def enqueue(self, cause: str, calls: Sequence[Call], now: datetime) -> None:
        """Store calls under (cause, number): the same cause again changes nothing."""
        if cause in self._tables.causes:
            return
        for call in calls:
            self._tables.causes.add(cause)
            stored = replace(call, params=as_json(call.params), data=as_json(call.data))
            if call.merge is not None and self._merge(stored):
                continue
            row_id = self._tables.next_id("outbox")
            entry = OutboxEntry(row_id, cause, stored, now, call.not_before)
            self._tables.outbox[row_id] = entry

    def _merge(self, call: Call) -> bool:
        for entry in sorted(self._waiting(), key=lambda entry: -entry.id):
            if (entry.call.merge, entry.call.chat_id) == (call.merge, call.chat_id):
                break
        else:
            return False
        old = {"params": entry.call.params, "data": entry.call.data}
        body = merged(old, {"params": call.params, "data": call.data})
        if body is None or entry.call.method != call.method:
            return False
        priority = min(entry.call.priority, call.priority)
        entry.call = replace(entry.call, priority=priority, **body)
        return True

    def _waiting(self) -> list[OutboxEntry]:
        entries = [entry for entry in self._tables.outbox.values() if entry.status == "new"]
        return sorted(entries, key=lambda entry: (entry.call.priority, entry.id))

    def take(
        self, now: datetime, limit: int, busy_chats: frozenset[int], gates: Gates = OPEN
    ) -> list[OutboxRow]:
        """Mark as being sent and return what may go now: most urgent first, one a chat."""
        for entry in self._waiting():
            if entry.call.expires is not None and entry.call.expires <= now:
                del self._tables.outbox[entry.id]
        busy = set(busy_chats)
        rows: list[OutboxRow] = []
        for entry in self._waiting():
            if (
                len(rows) < limit
                and entry.call.chat_id not in busy
                and self._may(entry, now, gates)
            ):
                busy.add(entry.call.chat_id)
                entry.status = "sending"
                rows.append(_row(entry))
        return rows

    def _may(self, entry: OutboxEntry, now: datetime, gates: Gates) -> bool:
        call = entry.call
        if entry.id in gates.skip or (entry.not_before is not None and entry.not_before > now):
            return False
        if call.method in COUNTED_METHODS and (
            (call.chat_id, call.role) in gates.held
            or (
                call.role not in TOGETHER_ROLES
                and call.priority > gates.ceilings.get(call.chat_id, Priority.HOUSEKEEPING)
            )
        ):
            return False
        held = {0} if call.method == CALLBACK_ANSWER else {0, call.chat_id}
        if any(until > now for chat, until in self._tables.holds.items() if chat in held):
            return False
        return not any(
            earlier.id < entry.id
            and earlier.attempts
            and (earlier.call.chat_id, earlier.call.priority) == (call.chat_id, call.priority)
            and earlier.not_before is not None
            and earlier.not_before > now
            for earlier in self._waiting()
        )

    def waiting_calls(self, chat_id: int, roles: Collection[str], limit: int) -> list[OutboxRow]:
        """What waits for a chat under these roles, most urgent first; nothing is taken."""
        waiting = (e for e in self._waiting() if e.call.chat_id == chat_id and e.call.role in roles)
        return [_row(entry) for entry in islice(waiting, limit)]

    def put_back(self, row_id: int) -> None:
        """Undo a `take`: the call waits again and no attempt is counted."""
        if row_id in self._tables.outbox:
            self._tables.outbox[row_id].status = "new"

    def reschedule(self, row: OutboxRow, not_before: datetime, error: str) -> None:
        """Put a call back, with one attempt more."""
        entry = self._tables.outbox.get(row.id)
        if entry is not None:
            entry.status, entry.not_before = "new", not_before
            entry.attempts += 1

    def close_call(self, row_id: int) -> None:
        """Erase a call that was sent or given up."""
        self._tables.outbox.pop(row_id, None)

    def drop_calls(self, chat_id: int, *, keep_priority_below: int = 0) -> int:
        """Erase what waits for a chat, but for what is more urgent than the given priority."""
        dropped = [
            entry.id
            for entry in self._waiting()
            if entry.call.chat_id == chat_id and entry.call.priority >= keep_priority_below
        ]
        for row_id in dropped:
            del self._tables.outbox[row_id]
        return len(dropped)

    def recover_calls(self, now: datetime) -> int:
        """After a start: let what was being sent wait again; callback answers are dropped."""
        sending = [entry for entry in self._tables.outbox.values() if entry.status == "sending"]
        for entry in sending:
            entry.status = "new"
            if entry.call.method == CALLBACK_ANSWER:
                del self._tables.outbox[entry.id]
        return sum(entry.call.method != CALLBACK_ANSWER for entry in sending)

    def next_due(self, now: datetime) -> datetime | None:
        """When, after `now`, the next waiting call may go that may not go yet."""
        times = [entry.not_before for entry in self._waiting() if entry.not_before is not None]
        return min((t for t in [*times, *self._tables.holds.values()] if t > now), default=None)

    def hold_chat(self, chat_id: int, until: datetime) -> None:
        """Let nothing but callback answers go to a chat before `until`; 0 stands for all chats."""
        self._tables.holds[chat_id] = max(until, self._tables.holds.get(chat_id, until))

    def record_sent(self, chat_id: int, now: datetime) -> None:
        """Count a message against a group's limit."""
        self._tables.sent.append((chat_id, now))

    def sent_since(self, chat_id: int, since: datetime) -> list[datetime]:
        """When messages went to a group after `since`, oldest first."""
        return sorted(at for chat, at in self._tables.sent if chat == chat_id and at > since)

    def rename_chat(self, old: int, new: int) -> None:
        """A group has a new id: in calls, cases and timers; links keep the old one."""
        tables = self._tables
        tables.sent = [(new if chat == old else chat, at) for chat, at in tables.sent]
        self._move_calls(old, new)
        for number, case in tables.cases.items():
            if case.group_id == old:
                case = replace(case, group_id=new, card_message_id=None)
            tables.cases[number] = replace(
                case, chat_id=new if case.chat_id == old else case.chat_id
            )
        for key, timer in tables.timers.items():
            lane = f"c:{new}" if timer.lane == f"c:{old}" else timer.lane
            data = replace_id(timer.data, old, new)
            tables.timers[key] = replace(timer, lane=lane, data=data)

    def _move_calls(self, old: int, new: int) -> None:
        for entry in list(self._tables.outbox.values()):
            if entry.call.chat_id != old:
                continue
            body = moved({"params": entry.call.params, "data": entry.call.data}, old, new)
            if body is None:
                del self._tables.outbox[entry.id]
            else:
                entry.call = replace(entry.call, chat_id=new, **body)


def _row(entry: OutboxEntry) -> OutboxRow:
    return OutboxRow(entry.id, entry.cause, entry.call, entry.attempts, entry.created_at)
