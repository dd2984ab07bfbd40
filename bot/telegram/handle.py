"""From a row of the inbox to one transaction: parse, read, understand, decide, keep."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.cases.model import Status
from bot.conversation.events import PrivateEvent, Said, Tapped
from bot.conversation.state import Turn
from bot.delivery.model import Call, InboxRow, OutboxRow, Priority, Resolution
from bot.delivery.ports import Store, Unit
from bot.telegram import care, desk, people, sent, staff
from bot.telegram.due import handle_due
from bot.telegram.events import (
    GroupChanged,
    GroupEvent,
    Ignored,
    Migrated,
    StaffPressed,
    StaffSaid,
    StrangeGroup,
    StrangePress,
)
from bot.telegram.office import STAFF_GROUP, TOPICS, Job, Office
from bot.telegram.private import handle_private, unread
from bot.telegram.read import parse, read
from bot.telegram.render import answer_press, message
from intents.model import Understanding

log = logging.getLogger(__name__)

Observer = Callable[[int, int, "Understanding | None", Turn], None]


class Handler:
    """Handles inbox rows; owns no state of its own besides its parts."""

    def __init__(
        self,
        store: Store,
        office: Office,
        clock: Callable[[], datetime],
        wake: Callable[[], None],
        observe: Observer | None = None,
    ) -> None:
        self._store = store
        self._office = office
        self._clock = clock
        self._wake = wake
        self._observe = observe
        self._groups: set[int] | None = None

    async def handle(self, row: InboxRow) -> None:
        """One row, in one transaction; raises when it cannot be handled now."""
        if row.item.source == "timer":
            await self._store.transact(lambda unit: self._timer(unit, row))
        else:
            await self._update(row)
        self._wake()

    def job(self, unit: Unit) -> Job:
        """What handlers are given in this transaction."""
        return Job(self._office, self._office.world(), unit, self._clock())

    def _timer(self, unit: Unit, row: InboxRow) -> None:
        job = self.job(unit)
        handle_due(job, row.item.payload)
        self._finish(job, row)

    async def _update(self, row: InboxRow) -> None:
        update = parse(row.item.payload)
        event = read(update, await self._known_groups(), self._clock())
        understood = None
        if isinstance(event, Said) and event.text.strip():
            understood = self._office.world().understand(event.text)
        turn = await self._store.transact(lambda unit: self._event(unit, row, event, understood))
        if turn is not None and self._observe is not None and isinstance(event, Said):
            self._observe(event.chat_id, event.message_id, understood, turn)

    async def _known_groups(self) -> set[int]:
        """The staff group's ids, old and new; looked up once, and again after it has moved."""
        if self._groups is None:
            moved = await self._store.transact(lambda unit: unit.get_meta(STAFF_GROUP))
            self._groups = {self._office.staff_group, int(moved or self._office.staff_group)}
        return self._groups

    def _event(
        self,
        unit: Unit,
        row: InboxRow,
        event: PrivateEvent | GroupEvent,
        understood: Understanding | None,
    ) -> Turn | None:
        job = self.job(unit)
        if isinstance(event, Migrated):
            self._groups = None
        turn = dispatch(job, event, understood)
        self._finish(job, row)
        return turn

    def _finish(self, job: Job, row: InboxRow) -> None:
        job.unit.enqueue(f"in:{row.item.key}", job.calls, job.now)
        job.unit.finish(row.id, job.now)

    def quarantined(self, unit: Unit, row: InboxRow, error: str) -> None:
        """A row that cannot be handled was put aside: if a person wrote it, staff are told."""
        job = self.job(unit)
        log.error("an incoming row could not be handled: %s", error)
        chat_id = private_chat_of(row.item.payload)
        if chat_id is not None:
            unread(job, chat_id)
        job.unit.enqueue(f"quarantine:{row.item.key}", job.calls, job.now)

    def resolve(self, unit: Unit, row: OutboxRow, now: datetime) -> Resolution:
        """Fill in what a call could not know when it was stored."""
        return sent.resolve(Job(self._office, self._office.world(), unit, now), row)

    def on_sent(self, unit: Unit, row: OutboxRow, result: Any) -> None:
        """What follows from a call that was made."""
        job = self.job(unit)
        sent.on_sent(job, row, result)
        job.unit.enqueue(f"sent:{row.id}", job.calls, job.now)

    def on_failed(self, unit: Unit, row: OutboxRow, reason: str) -> None:
        """What follows from a call that was given up."""
        job = self.job(unit)
        log.warning("gave up %s for case %s: %s", row.call.method, row.call.case_id, reason)
        sent.on_failed(job, row, reason)
        job.unit.enqueue(f"failed:{row.id}", job.calls, job.now)

    def on_moved(self, unit: Unit, old: int, new: int) -> None:
        """A group has a new id."""
        self._groups = None
        job = self.job(unit)
        sent.on_moved(job, old, new)
        job.unit.enqueue(f"moved:{old}:{new}", job.calls, job.now)


def dispatch(
    job: Job, event: PrivateEvent | GroupEvent, understood: Understanding | None
) -> Turn | None:
    """One entry for each thing that can happen."""
    match event:
        case StaffPressed():
            staff.pressed(job, event)
        case StaffSaid():
            staff.said(job, event)
        case GroupChanged():
            _group_changed(job, event)
        case Migrated():
            sent.on_moved(job, event.old_id, event.new_id)
        case StrangeGroup():
            _not_here(job, event.group_id)
        case StrangePress():
            job.calls.append(answer_press(event.query_id, event.chat_id, job.now))
        case Ignored():
            log.debug("ignored: %s", event.why)
        case Tapped() if care.is_answer(event):
            people.heard(job, event)
            care.pressed(job, event)
        case _ if people.is_staff_chat(job, event.chat_id):
            _alert_chat(job, event)
        case _:
            return handle_private(job, event, understood)
    return None


def _alert_chat(job: Job, event: PrivateEvent) -> None:
    """A worker's own chat: alerts go there, nobody in need writes there."""
    people.heard(job, event)
    if isinstance(event, Tapped):
        job.calls.append(answer_press(event.query_id, event.chat_id, job.now))
    if isinstance(event, Said) and not event.edited:
        params = message(event.chat_id, job.text("staff.alert-chat"))
        job.calls.append(Call("sendMessage", params, event.chat_id, Priority.REPLY, role="line"))


def _group_changed(job: Job, event: GroupChanged) -> None:
    """The staff group: note whether topics can be made. Elsewhere: one line, then quiet."""
    if event.group_id == job.staff_group:
        job.unit.set_meta(TOPICS, "yes" if event.present and event.may_manage_topics else "no")
        job.unit.set_meta("staff-group-present", "yes" if event.present else "no")
        if not event.present:
            log.critical("the bot was removed from the staff group: nobody sees urgent messages")
            _tell_chain(job)
    elif event.present:
        _not_here(job, event.group_id)


def _tell_chain(job: Job) -> None:
    """The staff group is gone: open cases go to those who come next in the chain."""
    for case in job.unit.cases_in((Status.OPEN, Status.CLAIMED)):
        desk.send_card(job, case)


def _not_here(job: Job, group_id: int) -> None:
    """In a group that is not ours: one line, once."""
    key = f"told-not-here:{group_id}"
    if job.unit.get_meta(key):
        return
    job.unit.set_meta(key, "yes")
    text = job.text("staff.not-here", operator=job.world.operator, username=job.office.bot_username)
    params = message(group_id, text)
    job.calls.append(Call("sendMessage", params, group_id, Priority.HOUSEKEEPING, role="line"))


def private_chat_of(payload: dict[str, Any]) -> int | None:
    """The private chat of a raw row, found without the parser that may have failed."""
    if payload.get("kind") == "check-in":
        number = payload.get("data", {}).get("chat")
        return number if isinstance(number, int) else None
    for name in ("message", "edited_message", "callback_query"):
        holder = payload.get(name)
        if not isinstance(holder, dict):
            continue
        holder = holder.get("message", holder) if name == "callback_query" else holder
        chat = holder.get("chat") if isinstance(holder, dict) else None
        if isinstance(chat, dict) and chat.get("type") == "private":
            number = chat.get("id")
            return number if isinstance(number, int) else None
    return None
