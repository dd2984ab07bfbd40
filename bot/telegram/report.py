"""How the desk does: /stats, and the report that comes by itself on Mondays."""

from __future__ import annotations

import re
from typing import Any

from bot.delivery.model import Call, OutboxRow, Priority
from bot.telegram.answers import answer
from bot.telegram.digest import next_week, plan_monday
from bot.telegram.events import StaffSaid
from bot.telegram.office import Job
from bot.telegram.overview import Command
from bot.telegram.render import message
from bot.telegram.reporter import DRAW, LANE

DESK_REPORT = "desk-report"
REPORT = "report"  # the role of the message
NEXT = "desk-report-next"  # meta: when the next one is due, so that a restart loses none
USUAL_WEEKS, MOST_WEEKS = 4, 52
WEEKS = re.compile(r"(\d{1,3})\s*(?:w|wks?|weeks?)?", re.IGNORECASE | re.ASCII)


def plan_report(job: Job) -> None:
    """See to it that the next report comes; or none, where it is switched off."""
    plan_monday(job, DESK_REPORT, NEXT, wanted=job.office.report)


def send_report(job: Job) -> None:
    """Send the report of the last four weeks, quietly; plan the next one."""
    if not job.office.report:
        return
    _leave(job, job.staff_group, USUAL_WEEKS, Priority.HOUSEKEEPING, {"disable_notification": True})
    next_week(job, DESK_REPORT, NEXT)


def _stats(job: Job, event: StaffSaid, argument: str) -> None:
    weeks = weeks_of(argument)
    if weeks is None:
        answer(job, event, "desk-report.usage", most=MOST_WEEKS)
        return
    where: dict[str, Any] = {
        "reply_parameters": {"message_id": event.message_id, "allow_sending_without_reply": True}
    }
    if event.topic_id is not None:
        where["message_thread_id"] = event.topic_id
    _leave(job, event.group_id, weeks, Priority.REPLY, where)


def weeks_of(argument: str) -> int | None:
    """How many weeks a worker asked for; None where that cannot be."""
    if not argument:
        return USUAL_WEEKS
    found = WEEKS.fullmatch(argument)
    weeks = int(found[1]) if found else 0
    return weeks if 1 <= weeks <= MOST_WEEKS else None


def _leave(job: Job, group: int, weeks: int, priority: Priority, params: dict[str, Any]) -> None:
    """The figures are taken and drawn on a lane of their own (reporter.py), then sent."""
    wanted = {"weeks": weeks, "group": group, "params": params, "priority": int(priority)}
    job.calls.append(Call(DRAW, {}, LANE, priority, role=DRAW, data=wanted))


def drawn(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    """The report is made: it goes as a picture with its text, or as text alone."""
    wanted = row.call.data
    group, priority = int(wanted["group"]), Priority(wanted["priority"])
    if "picture" not in result:
        _as_text(job, group, priority, wanted["params"], result["text"])
        return
    params = {
        "chat_id": group,
        "photo": {"filename": "report.png", "base64": result["picture"]},
        "caption": result["caption"],
        "parse_mode": "HTML",
        **wanted["params"],
    }
    data = {"text": result["text"], "params": wanted["params"]}
    job.calls.append(Call("sendPhoto", params, group, priority, role=REPORT, data=data))


def not_sent(job: Job, row: OutboxRow, _reason: str) -> None:
    """A group that takes no pictures gets the text; one that takes nothing, nothing."""
    call = row.call
    if call.method == "sendPhoto":
        _as_text(job, call.chat_id, call.priority, call.data["params"], call.data["text"])


def not_made(job: Job, row: OutboxRow, _reason: str) -> None:
    """Counting failed again and again: whoever asked is told."""
    wanted = row.call.data
    params = message(int(wanted["group"]), job.text("desk-report.not-made"), **wanted["params"])
    job.calls.append(Call("sendMessage", params, int(wanted["group"]), Priority.REPLY, role="note"))


def _as_text(job: Job, group: int, priority: Priority, params: dict[str, Any], text: str) -> None:
    whole = f"{text}\n{job.text('desk-report.no-picture')}"
    job.calls.append(
        Call("sendMessage", message(group, whole, **params), group, priority, role=REPORT)
    )


COMMANDS: dict[str, Command] = {"stats": _stats}
