"""The timers of a case: who is called when nobody takes it, answers, or ends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.cases import chain, watch
from bot.cases.model import Case
from bot.delivery.model import Timer
from bot.telegram.office import Job

CHAIN_SET = "chain-set"  # in a case's history: since when it is called for


def set_chain(job: Job, case: Case) -> None:
    """Who is called when nobody takes it; the timers survive a restart."""
    job.unit.log(case.id, CHAIN_SET, {}, job.now)
    _set_steps(job, case, job.now, watch.steps_due(job.plan, case, job.now))


def hurry_chain(job: Job, before: Case, case: Case) -> None:
    """The level of a case that nobody has went up: its chain begins, or what is left comes sooner.

    A chain of danger that runs already is never put off.
    """
    if chain.is_calm(before):
        set_chain(job, case)
        return
    sets = [at for at, event, _ in job.unit.history(case.id) if event == CHAIN_SET]
    since = sets[-1] if sets else case.opened_at
    _set_steps(job, case, since, watch.sooner(job.plan, before, case, since, job.now))


def _set_steps(job: Job, case: Case, since: datetime, steps: Mapping[str, datetime]) -> None:
    for step, due in steps.items():
        data = {"case": case.id, "step": step, "since": since.isoformat()}
        key = chain.timer_key(case.id, step)
        job.unit.set_timer(Timer(key, due, f"k:{case.id}", "chain", data))


def watch_answer(job: Job, case: Case, times: int = 1) -> None:
    """See to it that somebody notices when the worker does not answer."""
    due = job.now + timedelta(minutes=case.patience_min)
    data = {"case": case.id, "step": chain.UNANSWERED, "times": times}
    key = chain.timer_key(case.id, chain.UNANSWERED)
    job.unit.set_timer(Timer(key, due, f"k:{case.id}", "chain", data))


def watch_end(job: Job, case: Case) -> None:
    """See to it that a case in which nobody writes any more is asked about."""
    due = job.now + timedelta(hours=job.plan.clocks.closing_hours)
    job.unit.set_timer(Timer(f"end:{case.id}", due, f"k:{case.id}", "end", {"case": case.id}))
