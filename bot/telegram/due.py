"""What falls due: a check-in that nobody answered, a case that nobody took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.cases import record
from bot.cases.model import Status
from bot.conversation.events import CheckInSilent
from bot.delivery.model import Timer
from bot.telegram import (
    alerts,
    care,
    desk,
    drill,
    duty,
    handover,
    learning,
    marks,
    records,
    reveal,
    reveal_show,
    shifts,
)
from bot.telegram.aftermath import after_close
from bot.telegram.digest import DIGEST, send_digest
from bot.telegram.office import Job
from bot.telegram.private import handle_private
from bot.telegram.report import DESK_REPORT, send_report

HOUSEKEEPING = "housekeeping"
NEXT = "housekeeping-next"  # meta: when it is due next, so that a restart does not put it off
MESSAGES_KEPT = timedelta(hours=49)  # Telegram deletes nothing older than 48 hours for a bot
CHATS_AT_ONCE = 1000


def handle_due(job: Job, payload: dict[str, Any]) -> None:
    """A timer fired; the kinds are those that this side sets."""
    handler = DUE.get(str(payload.get("kind")))
    if handler is not None:
        handler(job, payload)


def _check_in(job: Job, payload: dict[str, Any]) -> None:
    handle_private(job, CheckInSilent(int(payload["data"]["chat"]), job.now), None)


def _erase(job: Job, payload: dict[str, Any]) -> None:
    """The record of what was decided stays, without the words."""
    number = int(payload["data"]["case"])
    case = job.unit.load_case(number)
    if case is None or case.status is not Status.CLOSED:
        return  # opened again: its time begins when it is closed
    bare = record.without_words(case, job.world.tags.meanings)
    job.unit.save_case(replace(bare, erased=True))
    job.unit.erase_lines(number)
    desk.refresh_card(job, case, later=True)
    job.unit.log(number, "words-erased", {}, job.now)


def plan_housekeeping(job: Job) -> None:
    """See to it that old data goes once a day, however often the bot is started."""
    kept = job.unit.get_meta(NEXT)
    # What is overdue gets a new time: its old one may be known as done, and dropped.
    _set_housekeeping(job, max(datetime.fromisoformat(kept), job.now) if kept else _tomorrow(job))


def _tomorrow(job: Job) -> datetime:
    return job.now + timedelta(days=1)


def _set_housekeeping(job: Job, due: datetime) -> None:
    job.unit.set_meta(NEXT, due.isoformat())
    job.unit.set_timer(Timer(HOUSEKEEPING, due, f"k:{HOUSEKEEPING}", HOUSEKEEPING))


def _housekeeping(job: Job, _payload: dict[str, Any]) -> None:
    """Forget chats that nobody used for the retention time, and what is past use or its time."""
    job.unit.forget_messages_before(job.now - MESSAGES_KEPT)
    idle = job.now - timedelta(days=job.world.retention_days)
    for chat_id in job.unit.chats_idle_since(idle, CHATS_AT_ONCE):
        if job.unit.open_case_of(chat_id) is None:
            job.unit.forget_chat(chat_id)
    job.unit.forget_words_before(f"{idle:%Y-%m-%d}")
    job.unit.forget_suggestions_before(f"{idle:%Y-%m-%d}")
    drill.plan_drill(job)  # the plan may have changed
    _set_housekeeping(job, _tomorrow(job))


# One line a kind of timer.
DUE: dict[str, Callable[[Job, dict[str, Any]], None]] = {
    "check-in": _check_in,
    "chain": alerts.chain_step,
    "end": shifts.ask_end,
    duty.ENDS: duty.ended,
    shifts.SHIFT_END: shifts.shift_ended,
    "erase": _erase,
    handover.LAPSES: handover.lapsed,
    records.REMINDS: records.reminded,
    "relay-wait": marks.still_waiting,
    HOUSEKEEPING: _housekeeping,
    desk.AFTER_CLOSE: after_close,
    learning.DUE: learning.overdue,
    care.DUE: care.due,
    drill.START: drill.due,
    drill.END: drill.ended,
    desk.DRILL_OFF: drill.called_off,
    DIGEST: lambda job, _payload: send_digest(job),
    DESK_REPORT: lambda job, _payload: send_report(job),
    reveal.EXPIRES: reveal.expired,
    reveal_show.DELETE: reveal_show.delete,
    reveal_show.REMIND: reveal_show.remind,
}
