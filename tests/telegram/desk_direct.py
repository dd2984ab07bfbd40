"""The inside without its loops: an event goes in, everything that follows is sent at once.

For tests that need thousands of steps: the real handlers on the store in memory, one table for
ever (no copy for each transaction), and a Telegram that takes what it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.cases.chain import Chain
from bot.cases.plan import DeskPlan, Member
from bot.conversation.world import World
from bot.delivery.model import Call, Drop, OutboxRow, Ready
from bot.storage.memory import MemoryUnit
from bot.storage.memory_tables import Tables
from bot.telegram import sent
from bot.telegram.due import handle_due
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.handle import dispatch
from bot.telegram.members import Seat
from bot.telegram.office import TOPICS, Job, Office, fact
from intents.model import Understanding
from tests.support.clock import START
from tests.telegram.updates import GROUP

ON_CALL, LEAD = 7001, 7002
EVERYBODY = {(GROUP, worker): Seat.MEMBER for worker in range(9000, 9100)}
Refusal = Callable[[Call], str | None]


class DirectDesk:
    """Does what Handler and the three loops do, in one thread and one go."""

    def __init__(self, world: World, *, topics: bool, leads: tuple[int, ...] = ()) -> None:
        plan = DeskPlan(members=tuple(Member(one, f"Lead{one}", lead=True) for one in leads))
        self.world = world
        self.now: datetime = START
        self.tables = Tables()
        self.unit = MemoryUnit(self.tables)
        self.office = Office(
            lambda: world, GROUP, Chain(), "helper_bot", ON_CALL, LEAD, lambda: plan
        )
        self.unit.set_meta(fact(TOPICS, GROUP), "yes" if topics else "no")
        self.made: list[Call] = []  # what Telegram took in this step
        self.ids: dict[int, int] = {}  # id of the call -> the id of its message
        self.refused: list[tuple[Call, str]] = []
        self.refuse: Refusal = lambda call: None
        self._last_id = 100
        self._causes = 0

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def begin(self) -> None:
        """A new step: forget what was sent before."""
        self.made, self.refused, self.ids = [], [], {}

    def job(self) -> Job:
        return Job(self.office, self.world, self.unit, self.now, seats=EVERYBODY)

    def does(self, event: Any, understood: Understanding | None = None) -> None:
        """One event, in one transaction; then everything that may go goes."""
        job = self.job()
        dispatch(job, event, understood)
        self._enqueue(job)
        self.now += timedelta(seconds=2)  # bursts are over
        self.deliver()

    def passes(self, seconds: float) -> None:
        """Time passes in one leap, as after an outage: what fell due is handled late, once."""
        self.now += timedelta(seconds=seconds)
        while self.unit.move_due_timers(self.now):
            for row in self.unit.pending(0, 1000):
                job = self.job()
                handle_due(job, row.item.payload)
                self._enqueue(job)
                self.unit.finish(row.id, self.now)
            self.tables.inbox.clear()
        self.deliver()

    def presses(self, worker: Any, action: str, message_id: int = 1) -> list[Call]:
        """A worker presses a button; the answers to the press."""
        self.does(StaffPressed(GROUP, message_id, worker, action, "q", self.now))
        return [call for call in self.made if call.method == "answerCallbackQuery"]

    def staff(self, worker: Any, text: str, reply_to: int | None = None,
              topic: int | None = None, *, edit: int | None = None) -> int:  # fmt: skip
        """A worker writes; the id of the message."""
        number = edit or self.new_id()
        said = StaffSaid(GROUP, number, worker, text, text, self.now, topic, reply_to, bool(edit))
        self.does(said)
        return number

    def _enqueue(self, job: Job) -> None:
        self._causes += 1
        self.unit.enqueue(f"step:{self._causes}", job.calls, self.now)
        self.tables.causes.clear()

    def deliver(self) -> None:
        """Send what may go now, most urgent first, until nothing is left but what waits."""
        for _ in range(60):
            rows = self.unit.take(self.now, 32, frozenset())
            sent_any = [self._send(row) for row in rows]
            if not any(sent_any):
                for row in rows:
                    self.unit.put_back(row.id)
                if not self._unblocked(rows):
                    return
        raise AssertionError("the outbox does not come to rest")

    def _unblocked(self, rows: list[OutboxRow]) -> bool:
        """Something waits for what cannot come: let its patience run out."""
        if not rows:
            return False
        self.now += timedelta(seconds=31)
        return True

    def _send(self, row: OutboxRow) -> bool:
        resolution = sent.resolve(self.job(), row)
        if isinstance(resolution, Drop):
            self.unit.close_call(row.id)
            return True
        if not isinstance(resolution, Ready):
            return False
        call = Call(**{name: getattr(row.call, name) for name in Call.__slots__}
                    | {"params": resolution.params})  # fmt: skip
        row = OutboxRow(row.id, row.cause, call, row.attempts, row.created_at)
        self.unit.close_call(row.id)
        job = self.job()
        reason = self.refuse(call)
        if reason is not None:
            self.refused.append((call, reason))
            sent.on_failed(job, row, reason)
        else:
            self.made.append(call)
            sent.on_sent(job, row, self._result(call))
        self._enqueue(job)
        return True

    def _result(self, call: Call) -> dict[str, Any]:
        if call.method == "createForumTopic":
            return {"message_thread_id": self.new_id()}
        if not call.method.startswith("send"):
            return {}
        self.ids[id(call)] = number = self.new_id()
        return {"message_id": number}
