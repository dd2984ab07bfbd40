"""Who leads the desk, as far as the bot can write to them."""

from __future__ import annotations

from bot.telegram.office import Job


def leads(job: Job, but: int | None = None) -> list[int]:
    """The leads' private chats by the plan, which has those of the settings; each once."""
    found = (member.id for member in job.plan.members if member.lead)
    return [chat for chat in dict.fromkeys(found) if chat != but]
