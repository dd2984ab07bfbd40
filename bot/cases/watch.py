"""When each step for a case is due: its chain, an answer, the question whether it is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.cases import rota
from bot.cases.chain import FIRST, STEPS, is_calm, level_of
from bot.cases.model import Case
from bot.cases.plan import DeskPlan


def steps_due(plan: DeskPlan, case: Case, since: datetime) -> Mapping[str, datetime]:
    """When each step of the chain alerts, for a case that nobody has since a time.

    Out of hours somebody on call is called at once. What is calm waits until somebody is there.
    """
    chain = plan.chain(level_of(case))
    if is_calm(case):
        return {
            step: rota.calm_due(plan, case.borough, since, chain.minutes(step)) for step in STEPS
        }
    due = {step: since + timedelta(minutes=chain.minutes(step)) for step in STEPS}
    if rota.staffed(plan, case.borough, since) is False:
        return {FIRST: since} | due
    return due


def repeat_due(plan: DeskPlan, case: Case, now: datetime) -> datetime:
    """When the last step is repeated, as long as nobody has the case."""
    minutes = plan.chain(level_of(case)).repeat
    if is_calm(case):
        return rota.calm_due(plan, case.borough, now, minutes)
    return now + timedelta(minutes=minutes)


def sooner(
    plan: DeskPlan, before: Case, case: Case, since: datetime, now: datetime
) -> Mapping[str, datetime]:
    """The steps of a running chain that come sooner since the case's level went up."""
    old, new = steps_due(plan, before, since), steps_due(plan, case, since)
    return {
        step: max(new[step], now) for step in STEPS if old[step] > now and new[step] < old[step]
    }


def patience(plan: DeskPlan, case: Case, *, first: bool) -> float:
    """Minutes for which the person may wait for the worker who has them."""
    clock = plan.clocks.first_answer if first else plan.clocks.next_answer
    return clock.of(level_of(case))


def asleep_since(case: Case, last_line: datetime | None) -> datetime:
    """When something last happened in a case that somebody has."""
    times = (case.opened_at, case.claimed_at, case.person_wrote_at, case.worker_wrote_at, last_line)
    return max(time for time in times if time is not None)


def silent(plan: DeskPlan, case: Case, now: datetime) -> bool:
    """Whether what is said of a case makes no sound now; danger always does."""
    return is_calm(case) and case.worker is None and rota.is_quiet(plan, now)
