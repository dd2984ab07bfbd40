"""When somebody from the team is usually there, in words, for what is printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from itertools import groupby

from bot.cases.plan import DeskPlan
from bot.cases.rota import covers
from intents.wording import Wording


def opening_words(plan: DeskPlan, borough: str, wording: Wording) -> str:
    """ "Monday to Friday 10:00 to 18:00, Saturday 12:00 to 16:00"; empty where nothing is said."""
    return ", ".join(
        wording.label(
            "desk-time.hours-line", days=_days(hours.days, wording), start=f"{hours.start:%H:%M}",
            end=f"{hours.end:%H:%M}" if hours.end != time(0) else "24:00",
        )
        for hours in plan.hours
        if covers(hours.boroughs, borough)
    )  # fmt: skip


def _days(days: Iterable[int], wording: Wording) -> str:
    parts = []
    for _, run in groupby(enumerate(sorted(days)), lambda pair: pair[1] - pair[0]):
        names = [wording.label(f"results.day-{day}") for _, day in run]
        if len(names) > 1:
            parts.append(wording.label("desk-time.hours-span", first=names[0], last=names[-1]))
        else:
            parts += names
    return " & ".join(parts)
