"""What other parts do once a case was closed: each is told by one line here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.cases.model import Case, Status
from bot.telegram import care, drill, learning
from bot.telegram.office import Job

PARTS: tuple[Callable[[Job, Case], None], ...] = (
    learning.after_close,
    drill.after_close,
    care.after_close,
)


def after_close(job: Job, payload: dict[str, Any]) -> None:
    """A case was closed a moment ago; one that is open again by now is left alone."""
    case = job.unit.load_case(int(payload["data"]["case"]))
    if case is None or case.status is not Status.CLOSED:
        return
    for part in PARTS:
        part(job, case)
        case = job.unit.load_case(case.id) or case
