"""From a row of the inbox to one transaction: parse, read, understand, decide, keep."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.cases.plan import StaffGroup
from bot.conversation.events import PrivateEvent, Said, Tapped
from bot.conversation.state import Turn
from bot.delivery.model import Call, InboxRow, OutboxRow, Priority, Resolution
from bot.delivery.ports import Store, Unit
from bot.telegram import care, leaving, people, person, reach, reveal, sent, staff
from bot.telegram.due import handle_due
from bot.telegram.events import (
    GroupChanged,
    GroupEvent,
    Ignored,
    MemberChanged,
    Migrated,
    Reacted,
    StaffPressed,
    StaffSaid,
    StrangeGroup,
    StrangePress,
)
from bot.telegram.members import Members, Seat
from bot.telegram.office import TOPICS, Job, Office, fact
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
        *,
        members: Members,
    ) -> None:
        self._store = store
        self._office = office
        self._clock = clock
        self._wake = wake
        self._observe = observe
        self._members = members
        self._groups: frozenset[int] | None = None
        self._plan: tuple[StaffGroup, ...] = ()
        self.reachable: Mapping[str, bool] = {}  # the staff groups by name, for /healthz

    async def handle(self, row: InboxRow) -> None:
        """One row, in one transaction; raises when it cannot be handled now."""
        if row.item.source == "timer":
            await self._store.transact(lambda unit: self._timer(unit, row))
        else:
            await self._update(row)
        self._wake()

    def job(self, unit: Unit, seats: Mapping[tuple[int, int], Seat | None] | None = None) -> Job:
        """What handlers are given in this transaction."""
        return Job(self._office, self._office.world(), unit, self._clock(), seats=seats or {})

    def _timer(self, unit: Unit, row: InboxRow) -> None:
        job = self.job(unit)
        handle_due(job, row.item.payload)
        self._finish(job, row)

    async def _update(self, row: InboxRow) -> None:
        update = parse(row.item.payload)
        event = read(update, await self._known_groups(), self._clock())
        seats = await self._seats(event)
        understood = None
        if isinstance(event, Said) and event.text.strip():
            understood = self._office.world().understand(event.text)
        turn = await self._store.transact(
            lambda unit: self._event(unit, row, event, understood, seats)
        )
        if turn is not None and self._observe is not None and isinstance(event, Said):
            self._observe(event.chat_id, event.message_id, understood, turn)

    async def _seats(self, event: PrivateEvent | GroupEvent) -> dict[tuple[int, int], Seat | None]:
        """How those who act stand in their group: asked here, for a transaction must not wait."""
        if isinstance(event, MemberChanged):
            self._members.forget(event.group_id, event.worker.id)
        return {key: await self._members.seat(*key) for key in asked_about(event)}

    async def _known_groups(self) -> frozenset[int]:
        """The staff groups' ids, old and new; looked up again when one moved or the plan is new."""
        groups = self._office.groups()
        if self._groups is None or groups != self._plan:
            changed = bool(self._plan) and groups != self._plan
            work = self._look_at_plan
            self._groups = await self._store.transact(lambda unit: work(unit, changed=changed))
            self._plan = groups
        return self._groups

    def _look_at_plan(self, unit: Unit, *, changed: bool) -> frozenset[int]:
        job = self.job(unit)
        if changed:
            reach.rehome(job)
            unit.enqueue(f"plan:{job.now.isoformat()}", job.calls, job.now)
        self.note_groups(job)
        now = {group.chat_id for group in job.groups()}
        return frozenset(now | {group.chat_id for group in self._office.groups()})

    def note_groups(self, job: Job) -> None:
        """Remember which groups can be reached, for those who look from outside."""
        shut = job.shut()
        self.reachable = {group.name: group.chat_id not in shut for group in job.groups()}

    def _event(
        self,
        unit: Unit,
        row: InboxRow,
        event: PrivateEvent | GroupEvent,
        understood: Understanding | None,
        seats: Mapping[tuple[int, int], Seat | None],
    ) -> Turn | None:
        job = self.job(unit, seats)
        if isinstance(event, Migrated):
            self._groups = None
        turn = dispatch(job, event, understood)
        self._finish(job, row)
        return turn

    def _finish(self, job: Job, row: InboxRow) -> None:
        job.unit.enqueue(f"in:{row.item.key}", job.calls, job.now)
        job.unit.finish(row.id, job.now)
        if job.groups_changed:
            self.note_groups(job)

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
        job = Job(self._office, self._office.world(), unit, now)
        resolution = sent.resolve(job, row)
        if job.calls:
            unit.enqueue(f"resolve:{row.id}", job.calls, now)
        return resolution

    def on_sent(self, unit: Unit, row: OutboxRow, result: Any) -> None:
        """What follows from a call that was made."""
        job = self.job(unit)
        sent.on_sent(job, row, result)
        job.unit.enqueue(f"sent:{row.id}", job.calls, job.now)
        if job.groups_changed:
            self.note_groups(job)

    def on_failed(self, unit: Unit, row: OutboxRow, reason: str) -> None:
        """What follows from a call that was given up."""
        job = self.job(unit)
        log.warning("gave up %s for case %s: %s", row.call.method, row.call.case_id, reason)
        sent.on_failed(job, row, reason)
        job.unit.enqueue(f"failed:{row.id}", job.calls, job.now)
        if job.groups_changed:
            self.note_groups(job)

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
    if isinstance(event, StaffPressed | StaffSaid):
        reach.heard(job, event.group_id)
    match event:
        case StaffPressed():
            staff.pressed(job, event)
        case StaffSaid():
            staff.said(job, event)
        case Reacted():
            person.reacted(job, event)
        case GroupChanged():
            _group_changed(job, event)
        case MemberChanged():
            leaving.changed(job, event)
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


def asked_about(event: PrivateEvent | GroupEvent) -> Iterator[tuple[int, int]]:
    """Whose place in which group must be known before this is handled; talk among staff is free."""
    if isinstance(event, StaffPressed):
        yield event.group_id, event.worker.id
        yield from ((event.group_id, other) for other in reveal.named_in(event.action))
    elif isinstance(event, StaffSaid) and not event.anonymous:
        acts = event.reply_to is not None or event.edited or event.text.startswith("/")
        yield from [(event.group_id, event.worker.id)] * acts


def _group_changed(job: Job, event: GroupChanged) -> None:
    """A staff group: note what may be done there. Elsewhere: one line, then quiet."""
    if job.group(event.group_id) is None:
        if event.present:
            _not_here(job, event.group_id)
    elif job.current(event.group_id) != event.group_id:
        log.info("a change in what a staff group was before it moved")
    elif not event.present:
        reach.lost(job, event.group_id, "removed")
    elif not event.may_write:
        reach.lost(job, event.group_id, reach.NO_WRITING)
    else:
        job.unit.set_meta(fact(TOPICS, event.group_id), "yes" if event.may_manage_topics else "no")
        reach.back(job, event.group_id)


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
