"""Who works here: the workers that were seen in the staff group lately, and those of the plan.

First names and ids are kept, sealed, as the state of the staff group's chat: what is idle there
for the retention time is forgotten as with any chat.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.cases.flow import Actor
from bot.cases.model import Worker
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job

SEEN = "workers"  # {"9001": ["Sam", "2026-11-22T20:00:00+00:00"]}
KEPT = timedelta(days=30)
FRESH = timedelta(hours=1)  # not noted again within this time
MOST_KEPT = 60

Seen = dict[str, list[str]]


def actor(job: Job, event: StaffPressed | StaffSaid) -> Actor:
    """The worker who pressed or wrote, and whether they lead."""
    return Actor(event.worker, job.is_lead(event.group_id, event.worker.id))


def seen(job: Job, worker: Worker) -> None:
    """A worker wrote or pressed something: others may hand a case to them."""
    entries = _entries(job)
    known = entries.get(str(worker.id))
    if known and known[0] == worker.name and job.now - datetime.fromisoformat(known[1]) < FRESH:
        return
    entries[str(worker.id)] = [worker.name, job.now.isoformat()]
    _store(job, entries)


def gone(job: Job, worker_id: int) -> None:
    """Somebody has left: no case is offered to them any more."""
    entries = _entries(job)
    if entries.pop(str(worker_id), None) is not None:
        _store(job, entries)


def known(job: Job) -> list[Worker]:
    """Those to whom a case can be handed: whoever was seen last stands first."""
    entries = sorted(_entries(job).items(), key=lambda entry: entry[1][1], reverse=True)
    found = {int(number): Worker(int(number), name) for number, (name, _) in entries}
    for member in job.office.plan().members:
        found.setdefault(member.id, Worker(member.id, member.name))
    return list(found.values())


def _entries(job: Job) -> Seen:
    entries: Seen = (job.unit.load_chat(job.staff_group) or {}).get(SEEN, {})
    return dict(entries)


def _store(job: Job, entries: Seen) -> None:
    oldest = (job.now - KEPT).isoformat()
    lately = [(at, number, name) for number, (name, at) in entries.items() if at >= oldest]
    kept = sorted(lately, reverse=True)[:MOST_KEPT]
    state = {SEEN: {number: [name, at] for at, number, name in kept}}
    job.unit.save_chat(job.staff_group, state, job.now)
