"""When a call is tried again, and when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.delivery.limits import COUNTED_METHODS
from bot.delivery.model import Later, OutboxRow, Priority

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 60.0
# Somebody may be in danger: after a network hole these go within seconds.
LONGEST_URGENT_DELAY_S = 3.0

# More urgent calls are never given up because of network trouble.
GIVE_UP_AFTER = {
    Priority.REPLY: timedelta(hours=1),
    Priority.HOUSEKEEPING: timedelta(minutes=10),
}


def retry_at(row: OutboxRow, outcome: Later, now: datetime, jitter: float) -> datetime:
    """When to try again: as Telegram says, else doubling; `jitter` from 0 to 1 takes up to half."""
    if outcome.retry_after_s is not None:
        return now + timedelta(seconds=max(outcome.retry_after_s, FIRST_DELAY_S))
    urgent = row.call.priority <= Priority.DANGER
    longest = LONGEST_URGENT_DELAY_S if urgent else LONGEST_DELAY_S
    # The power is bounded before it is taken: attempts may be many thousand.
    delay = min(FIRST_DELAY_S * 2.0 ** min(row.attempts, 10), longest)
    return now + timedelta(seconds=delay * (0.5 + 0.5 * jitter))


def gives_up(row: OutboxRow, again: datetime) -> bool:
    """Whether a call would be too old by the time of its next attempt."""
    limit = GIVE_UP_AFTER.get(row.call.priority)
    return limit is not None and row.created_at is not None and again - row.created_at > limit


def stops_chat(row: OutboxRow, outcome: Later) -> bool:
    """Whether a whole chat must wait: Telegram said so, and not about a reaction or the like."""
    return outcome.retry_after_s is not None and row.call.method in COUNTED_METHODS
