"""Who may see which account a case belongs to: a request, a second worker, and a time limit.

The state is read out of the case's history, which holds no text; the reason is in the audit log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.cases.model import Case, Status, Worker

WINDOW = timedelta(minutes=15)  # to confirm, and again to be shown it
SHOWN_FOR = timedelta(minutes=10)  # after this the message with the account is deleted
SHORTEST_REASON, LONGEST_REASON = 15, 600  # characters

History = Iterable[tuple[datetime, str, dict[str, Any]]]


class Step(StrEnum):
    """What happened to a request; also the names of the events in a case's history."""

    ASKED = "reveal-asked"
    CONFIRMED = "reveal-confirmed"
    REFUSED = "reveal-refused"
    LAPSED = "reveal-lapsed"
    SHOWN = "reveal-shown"
    TOLD = "reveal-told"  # data["told"]: whether the person was told; None: it did not arrive


@dataclass(frozen=True, slots=True)
class Request:
    """One request to see an account."""

    number: int  # within its case
    asker: Worker
    at: datetime  # of the last step that has a time limit
    step: Step = Step.ASKED
    told: bool | None = None  # None: nobody has chosen yet

    @property
    def pending(self) -> bool:
        """Whether something may still come of it."""
        return self.step in (Step.ASKED, Step.CONFIRMED)


def requests(history: History) -> list[Request]:
    """Every request of a case, oldest first."""
    found: dict[int, Request] = {}
    for at, event, data in history:
        if event not in list(Step):
            continue
        step, number = Step(event), int(data["no"])
        if step is Step.ASKED:
            found[number] = Request(number, Worker(int(data["by"]), str(data["name"])), at)
        elif number in found and step is Step.TOLD:
            found[number] = replace(found[number], told=data["told"])
        elif number in found:
            found[number] = replace(found[number], step=step, at=at)
    return list(found.values())


def request(history: History, number: int) -> Request | None:
    """One request by its number."""
    return next((one for one in requests(history) if one.number == number), None)


def must_not_ask(case: Case, reason: str, history: History, now: datetime) -> str | None:
    """Why an account may not be asked for, as a key of the wording; None where it may."""
    barred = _barred(case)
    if barred is not None:
        return barred
    length = len(" ".join(reason.split()))
    if length < SHORTEST_REASON:
        return "reason-short"
    if length > LONGEST_REASON:
        return "reason-long"
    running = any(one.pending and now - one.at < WINDOW for one in requests(history))
    return "pending" if running else None


def must_not_confirm(
    case: Case, wanted: Request | None, worker_id: int, now: datetime, *, lead: bool
) -> str | None:
    """Why somebody may not confirm; `lead`: whether one of the two is one."""
    if wanted is None or wanted.step is not Step.ASKED:
        return "settled"
    if now - wanted.at >= WINDOW:
        return "too-late"
    barred = _barred(case)
    if barred is not None:
        return barred
    if worker_id == wanted.asker.id:
        return "own"
    return None if lead else "no-lead"


def may_be_shown(case: Case | None, wanted: Request | None, now: datetime) -> bool:
    """Whether a confirmed request still holds at the moment of showing."""
    return (
        case is not None
        and wanted is not None
        and wanted.step is Step.CONFIRMED
        and now - wanted.at < WINDOW
        and _barred(case) is None
    )


def _barred(case: Case) -> str | None:
    if case.drill:
        return "drill"
    if not case.chat_id:
        return "nobody"
    return "closed" if case.status is Status.CLOSED else None
