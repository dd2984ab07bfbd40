"""The words under a picture that a worker sends."""

from __future__ import annotations

from bot.telegram.events import StaffSaid
from bot.telegram.office import Job
from bot.telegram.render import units
from bot.telegram.rich import pieces
from intents.wording import Markup

LONGEST_CAPTION = 1024


def caption_of(job: Job, event: StaffSaid, key: str = "danger.from-worker") -> str | None:
    """Who sends a picture, and the words under it; None where that is too long for a caption."""
    parts = pieces(event.html)
    caption = job.text(key, worker=event.worker.name, text=Markup(parts[0] if parts else ""))
    return caption if len(parts) < 2 and units(caption) <= LONGEST_CAPTION else None
