"""Who leads the desk, as far as the bot can write to them."""

from __future__ import annotations

from bot.telegram.office import Job


def leads(job: Job, but: int | None = None) -> list[int]:
    """The leads' private chats: those of the plan, then that of the settings, each once."""
    found = [member.id for member in job.office.plan().members if member.lead]
    if job.office.lead is not None:
        found.append(job.office.lead)
    return [chat for chat in dict.fromkeys(found) if chat != but]
