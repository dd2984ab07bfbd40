"""The outbox in SQL."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.delivery.limits import CALLBACK_ANSWER, COUNTED_METHODS, GROUP_WINDOW, TOGETHER_ROLES
from bot.delivery.model import OPEN, Call, Gates, OutboxRow, Priority
from bot.storage.database import Row, SqlUnit, from_micros, maybe_micros, maybe_time, to_micros
from bot.storage.merging import merged

SENT_KEPT = GROUP_WINDOW * 2


class SqlOutbox(SqlUnit):
    """Implements bot.delivery.ports.OutboxUnit, but for `rename_chat`."""

    def enqueue(self, cause: str, calls: Sequence[Call], now: datetime) -> None:
        """Store calls under (cause, number): the same cause again changes nothing."""
        if self._db.first("cause_known", cause=cause):
            return
        for number, call in enumerate(calls):
            if call.merge is not None and self._merge(call):
                self._db.do("note_cause", cause=cause, number=number, now=to_micros(now))
            else:
                self._add_call(cause, number, call, now)

    def _merge(self, call: Call) -> bool:
        row = self._db.first("merge_candidate", merge=call.merge, chat_id=call.chat_id)
        if row is None or row[1] != call.method:
            return False
        body = merged(self._sealer.open(row[3]), {"params": call.params, "data": call.data})
        if body is None:
            return False
        priority = min(row[2], int(call.priority))
        self._db.do("merge_call", id=row[0], priority=priority, sealed=self._sealer.seal(body))
        return True

    def _add_call(self, cause: str, number: int, call: Call, now: datetime) -> None:
        self._db.do(
            "add_call",
            cause=cause,
            number=number,
            chat_id=call.chat_id,
            priority=int(call.priority),
            method=call.method,
            counted=int(call.method in COUNTED_METHODS),
            case_id=call.case_id,
            role=call.role,
            merge=call.merge,
            not_before=maybe_micros(call.not_before),
            expires=maybe_micros(call.expires),
            now=to_micros(now),
            sealed=self._sealer.seal({"params": call.params, "data": call.data}),
        )

    def take(
        self, now: datetime, limit: int, busy_chats: frozenset[int], gates: Gates = OPEN
    ) -> list[OutboxRow]:
        """Mark as being sent and return what may go now: most urgent first, one a chat."""
        self._db.do("drop_expired", now=to_micros(now))
        busy = set(busy_chats)
        taken: list[int] = []
        while len(taken) < limit:
            rows = self._takeable(now, limit, busy, gates)
            for row_id, chat_id in rows:
                if chat_id not in busy and len(taken) < limit:
                    busy.add(chat_id)
                    taken.append(row_id)
            # One chat with a long queue may fill the page: look again without it.
            if len(rows) < limit:
                break
        return [self._take(row_id) for row_id in taken]

    def _takeable(
        self, now: datetime, limit: int, busy: Collection[int], gates: Gates
    ) -> list[Row]:
        return self._db.all(
            "takeable",
            now=to_micros(now),
            limit=limit,
            busy=json.dumps(list(busy)),
            skip=json.dumps(list(gates.skip)),
            ceilings=json.dumps(gates.ceilings),
            together=json.dumps(sorted(TOGETHER_ROLES)),
            held=json.dumps([f"{chat} {role}" for chat, role in gates.held]),
            callback_answer=CALLBACK_ANSWER,
        )

    def _take(self, row_id: int) -> OutboxRow:
        row = self._db.first("take_call", id=row_id)
        if row is None:
            raise LookupError(f"outbox row {row_id} is gone within one transaction")
        return self._outbox_row(row)

    def _outbox_row(self, row: Row) -> OutboxRow:
        body = self._sealer.open(row[12])
        call = Call(
            method=row[4],
            params=body["params"],
            chat_id=row[2],
            priority=Priority(row[3]),
            case_id=row[5],
            role=row[6],
            data=body["data"],
            merge=row[7],
            not_before=maybe_time(row[8]),
            expires=maybe_time(row[9]),
        )
        return OutboxRow(row[0], row[1], call, row[11], from_micros(row[10]))

    def waiting_calls(self, chat_id: int, roles: Collection[str], limit: int) -> list[OutboxRow]:
        """What waits for a chat under these roles, most urgent first; nothing is taken."""
        rows = self._db.all(
            "waiting_calls", chat_id=chat_id, roles=json.dumps(sorted(roles)), limit=limit
        )
        return [self._outbox_row(row) for row in rows]

    def put_back(self, row_id: int) -> None:
        """Undo a `take`: the call waits again and no attempt is counted."""
        self._db.do("put_back_call", id=row_id)

    def reschedule(self, row: OutboxRow, not_before: datetime, error: str) -> None:
        """Put a call back, with one attempt more."""
        self._db.do("reschedule_call", id=row.id, not_before=to_micros(not_before), error=error)

    def close_call(self, row_id: int) -> None:
        """Erase a call that was sent or given up."""
        self._db.do("close_call", id=row_id)

    def drop_calls(self, chat_id: int, *, keep_priority_below: int = 0) -> int:
        """Erase what waits for a chat, but for what is more urgent than the given priority."""
        return self._db.do("drop_calls", chat_id=chat_id, keep_below=keep_priority_below)

    def recover_calls(self, now: datetime) -> int:
        """After a start: let what was being sent wait again; callback answers are dropped."""
        self._db.do("drop_stale_answers", now=to_micros(now), callback_answer=CALLBACK_ANSWER)
        return self._db.do("recover_calls")

    def next_due(self, now: datetime) -> datetime | None:
        """When, after `now`, the next waiting call may go that may not go yet."""
        rows = (
            self._db.first("next_call_due", now=to_micros(now)),
            self._db.first("next_hold_end", now=to_micros(now)),
        )
        times = [row[0] for row in rows if row is not None and row[0] is not None]
        return from_micros(min(times)) if times else None

    def hold_chat(self, chat_id: int, until: datetime) -> None:
        """Let nothing but callback answers go to a chat before `until`; 0 stands for all chats."""
        self._db.do("hold_chat", chat_id=chat_id, until=to_micros(until))

    def record_sent(self, chat_id: int, now: datetime) -> None:
        """Count a message against a group's limit."""
        self._db.do("prune_sent", chat_id=chat_id, before=to_micros(now - SENT_KEPT))
        # Holds that have ended are swept here: seldom, and never in a hurry.
        self._db.do("drop_holds", now=to_micros(now - timedelta(minutes=1)))
        self._db.do("record_sent", chat_id=chat_id, now=to_micros(now))

    def sent_since(self, chat_id: int, since: datetime) -> list[datetime]:
        """When messages went to a group after `since`, oldest first."""
        rows = self._db.all("sent_since", chat_id=chat_id, since=to_micros(since))
        return [from_micros(row[0]) for row in rows]
