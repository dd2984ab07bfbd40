"""The staff as people: their names, who put themselves on duty, and who cannot be reached."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.cases.rota import ByHand
from bot.conversation.events import PrivateEvent, Reachability, Said, Tapped
from bot.telegram.office import Job

DUTY = "duty"  # meta: who put themselves on duty or off it
UNREACHABLE = "unreachable-staff"  # meta: whom the bot cannot write to, and why
WHY = {"not-started": "not-started", "chat-not-found": "not-started", "blocked": "blocked"}


def by_hand(job: Job) -> list[ByHand]:
    """Who put themselves on duty or off it, as far as that still holds."""
    return [entry for entry in stored(job) if job.now < entry.until]


def stored(job: Job) -> list[ByHand]:
    """Who put themselves on duty or off it, also what has just run out."""
    rows: list[dict[str, Any]] = json.loads(job.unit.get_meta(DUTY) or "[]")
    return [
        ByHand(
            row["id"], row["name"], datetime.fromisoformat(row["since"]),
            datetime.fromisoformat(row["until"]), row["on"],
        )
        for row in rows
    ]  # fmt: skip


def keep_by_hand(job: Job, entries: Sequence[ByHand]) -> None:
    """Store who is on or off by hand."""
    rows = [
        {"id": one.worker_id, "name": one.name, "since": one.since.isoformat(),
         "until": one.until.isoformat(), "on": one.on}
        for one in entries
    ]  # fmt: skip
    job.unit.set_meta(DUTY, json.dumps(rows))


def unreachable(job: Job) -> dict[int, str]:
    """Whom the bot could not write to when it last tried: "not-started", "blocked", or "other"."""
    rows: dict[str, str] = json.loads(job.unit.get_meta(UNREACHABLE) or "{}")
    return {int(number): why for number, why in rows.items()}


def lost(job: Job, worker_id: int, reason: str) -> str:
    """Note that the bot cannot write to somebody; returns why, as the wording calls it."""
    why = WHY.get(reason, "other")
    _keep(job, unreachable(job) | {worker_id: why})
    return why


def reached(job: Job, worker_id: int) -> None:
    """Note that the bot can write to somebody."""
    found = unreachable(job)
    if found.pop(worker_id, None) is not None:
        _keep(job, found)


def _keep(job: Job, found: dict[int, str]) -> None:
    job.unit.set_meta(UNREACHABLE, json.dumps({str(number): why for number, why in found.items()}))


def is_staff_chat(job: Job, chat_id: int) -> bool:
    """Whether a private chat is one of the staff's own: alerts go there."""
    if chat_id < 0:
        return False
    on_duty = (one.worker_id for one in by_hand(job) if one.on)
    return job.plan.member(chat_id) is not None or chat_id in on_duty


def heard(job: Job, event: PrivateEvent) -> None:
    """Something came from a worker's own chat, so the bot can write to them; or they blocked it."""
    if isinstance(event, Reachability) and event.blocked:
        lost(job, event.chat_id, "blocked")
    elif isinstance(event, Reachability | Said | Tapped):
        reached(job, event.chat_id)


def name_of(job: Job, worker_id: int) -> str:
    """A worker's first name, or what they are where the settings give only a number."""
    member = job.plan.member(worker_id)
    if member is not None and member.name:
        return member.name
    held = next((one.name for one in by_hand(job) if one.worker_id == worker_id), "")
    if held or member is None:
        return held or job.world.wording.label("desk-time.unnamed")
    role = "lead" if member.lead else "on-call"
    return job.world.wording.label(f"desk-time.unnamed-{role}")


def names(job: Job, worker_ids: Sequence[int]) -> str:
    """First names with commas between."""
    return ", ".join(dict.fromkeys(name_of(job, worker_id) for worker_id in worker_ids))
