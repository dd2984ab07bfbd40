"""`rota`: who is on in the next days, and when nobody is."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime, timedelta

from bot.cases import rota as on
from bot.cases.plan import DeskPlan
from bot.cases.rota import Gap, Span
from bot.commands.content import ROOT
from bot.content.desk_file import load_desk
from bot.settings import SettingsError, read_settings
from directory.hours import LONDON

DAYS = 7


def rota(given: argparse.Namespace) -> int:
    """Print who is on in the next days and when nobody is; 1 where there is a gap."""
    try:
        path = read_settings().desk_file
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    if path is None:
        print(
            "DESK_FILE is not set, so there is no rota: desk.example.yaml shows how to write one."
        )
        return 0
    now = datetime.now(UTC)
    plan, problems = load_desk(path.resolve(), ROOT, now.date())
    if plan is None:
        print("\n".join(str(problem) for problem in problems), file=sys.stderr)
        return 2
    until = now + timedelta(days=DAYS)
    spans, gaps = on.spans(plan, now, until), on.uncovered(plan, now, until)
    print("\n".join(rota_lines(plan, spans, gaps)))
    return 1 if gaps else 0


def rota_lines(plan: DeskPlan, spans: list[Span], gaps: list[Gap]) -> list[str]:
    """The rota as text, in London's time."""
    lines = [f"The next {DAYS} days, in London's time"]
    for span in spans:
        member = plan.member(span.worker_id)
        where = ", ".join(sorted(span.boroughs)) or "everywhere"
        name = member.name if member else "?"
        lines.append(f"  {_from_to(span.start, span.end)}  {name}, {span.role}, {where}")
    if not spans:
        lines.append("  nobody is on the rota")
    lines += ["", "Nobody is on"]
    for gap in gaps:
        lines.append(f"  {_from_to(gap.start, gap.end)}  {gap.role}, {gap.borough or 'everywhere'}")
    return lines if gaps else [*lines, "  no gaps"]


def _from_to(start: datetime, end: datetime) -> str:
    first, last = start.astimezone(LONDON), end.astimezone(LONDON)
    shown = f"{last:%H:%M}" if first.date() == last.date() else f"{last:%a %d %b %H:%M}"
    return f"{first:%a %d %b %H:%M} to {shown}"
