"""Somebody must come: each step of a chain, whom it calls, and what if they cannot be reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.cases import chain, flow, rota, watch
from bot.cases.model import Case, Status
from bot.cases.plan import LEAD, ON_CALL
from bot.conversation.danger import answering_lines
from bot.delivery.model import Call, OutboxRow, Priority, Timer
from bot.telegram import clocks, desk, people
from bot.telegram.card import CardView, card_text, kind_name, level, waited
from bot.telegram.office import Job
from bot.telegram.render import message
from intents.wording import Markup

ALERTS = {
    chain.FIRST: "desk-time.alert-first",
    "again": "staff.alert-again",
    "on-call": "staff.alert-on-call",
    "lead": "staff.alert-lead",
    chain.UNANSWERED: "staff.alert-unanswered",
}
TOLD = {"on-call": "danger.waiting", "lead": "danger.waiting-lead"}
CALLED = {chain.FIRST: ON_CALL, "on-call": ON_CALL, "lead": LEAD}
LOST = "unreachable"  # in a case's history: who could not be reached


def chain_step(job: Job, payload: dict[str, Any]) -> None:
    """A step of a chain is due: alert again, call the next, and tell the person the truth."""
    data, due = payload["data"], datetime.fromisoformat(payload["due"])
    case, step = job.unit.load_case(int(data["case"])), str(data["step"])
    if case is not None and step == chain.UNANSWERED:
        _unanswered(job, case, int(data.get("times", 1)))
    elif case is not None and chain.still_needed(case):
        since = datetime.fromisoformat(data.get("since", payload["due"]))
        _step(job, case, step, since, due, again=bool(data.get("again")))


def _step(job: Job, case: Case, step: str, since: datetime, due: datetime, *, again: bool) -> None:
    plan, calm = job.plan, chain.is_calm(case)
    late = (
        not again and not calm
        and chain.overtaken(step, since, plan.chain(chain.level_of(case)), job.now)
    )  # fmt: skip
    if step != chain.FIRST and not late:
        desk.alarm(job, case, ALERTS[step], **_shown(job, case))
    if step in CALLED:
        _call(job, case, step)
    if step in TOLD and not calm and not again and not late:
        lines = answering_lines(case.kind, case.borough, job.world, job.now)
        helplines = Markup("\n".join(lines))
        desk.to_person(job, case, job.text(TOLD[step], helplines=helplines))
    job.unit.log(case.id, f"alerted-{step}", {"due": due.isoformat(), "late": late}, job.now)
    if step == "lead":
        repeated = {"case": case.id, "step": step, "since": since.isoformat(), "again": True}
        key, next_due = chain.timer_key(case.id, step), watch.repeat_due(plan, case, job.now)
        job.unit.set_timer(Timer(key, next_due, f"k:{case.id}", "chain", repeated))


def _shown(job: Job, case: Case) -> dict[str, str]:
    wording = job.world.wording
    return {
        "level": wording.label(f"staff.level-{level(case).value}"),
        "kind": kind_name(case, wording),
        "waited": waited(case.opened_at, job.now, wording),
    }


def _whom(job: Job, case: Case, step: str) -> tuple[int, ...]:
    role = CALLED.get(step, LEAD)
    return rota.to_call(job.plan, people.by_hand(job), role, case.borough, job.now)


def _call(job: Job, case: Case, step: str) -> None:
    """Everybody who is to come at a step is called at once; where nobody is, the leads are."""
    whom = _whom(job, case, step)
    if whom:
        call_people(job, case, whom, step)
        return
    someone = any(one.on_call for one in job.plan.members) or job.plan.has_shifts(ON_CALL)
    leads = _whom(job, case, "lead")
    if CALLED[step] == ON_CALL and (someone or step == chain.FIRST) and leads:
        desk.note(job, case, "desk-time.nobody-on-call", priority=Priority.ALERT,
                  names=people.names(job, leads))  # fmt: skip
        call_people(job, case, leads, "lead")


def call_people(job: Job, case: Case, whom: Sequence[int], step: str) -> None:
    """The whole card goes to each one's own chat, with the way to the group."""
    shown = _shown(job, case)
    if step == chain.UNANSWERED:
        since = case.waiting_since or job.now
        worker = case.worker.name if case.worker else ""
        shown = {"worker": worker, "waited": waited(since, job.now, job.world.wording)}
    alert = job.text(ALERTS[step], case=case.id, **shown)
    if case.drill:
        alert = job.text("desk-drill.marked", text=Markup(alert))
    card = card_text(CardView(case, job.unit.lines(case.id), job.now), job.world)
    text = f"{alert}{_link(job, case)}\n\n{card}"
    urgency = desk.urgency(case, Priority.ALERT)
    for worker_id in whom:
        params = message(worker_id, text)
        # Those of a chain are told together where many wait, and dropped once somebody acts.
        together = step != chain.UNANSWERED and not case.drill
        data = {"step": step} | ({"chain": True} if together else {})
        job.calls.append(Call("sendMessage", params, worker_id, urgency, case.id, "alert", data))


def _link(job: Job, case: Case) -> str:
    """The way to the card; only messages of supergroups have an address."""
    group = str(case.group_id)
    if case.card_message_id is None or not group.startswith("-100"):
        return ""
    address = f"https://t.me/c/{group.removeprefix('-100')}/{case.card_message_id}"
    return "\n" + job.text("desk-time.to-the-card", address=address)


def _unanswered(job: Job, case: Case, times: int) -> None:
    """A worker has the case and does not answer: the others are asked to step in, then called."""
    if not flow.left_waiting(case, job.now) or case.waiting_since is None:
        return
    shown = waited(case.waiting_since, job.now, job.world.wording)
    worker = case.worker.name if case.worker else ""
    desk.note(job, case, "staff.alert-unanswered", priority=Priority.ALERT,
              worker=worker, waited=shown)  # fmt: skip
    desk.refresh_card(job, case)
    if times > 1 and not chain.is_calm(case):
        own = case.worker.id if case.worker else 0
        step = "on-call" if times == 2 else "lead"
        whom = [one for one in _whom(job, case, step) if one != own]
        call_people(job, case, whom or _whom(job, case, "lead"), chain.UNANSWERED)
        if times == 2:
            lines = answering_lines(case.kind, case.borough, job.world, job.now)
            text = job.text(
                "desk-time.left-waiting", worker=worker, helplines=Markup("\n".join(lines))
            )
            desk.to_person(job, case, text)
    clocks.watch_answer(job, case, times + 1)


def everybody(job: Job, case: Case) -> tuple[int, ...]:
    """Who is called where the group itself takes no alert: those on call, and the leads."""
    found = (*_whom(job, case, "on-call"), *_whom(job, case, "lead"))
    return tuple(dict.fromkeys(found))


def person_lost(job: Job, row: OutboxRow, case: Case, reason: str) -> None:
    """Somebody could not be called: the group is told who, and the next are called at once."""
    worker_id, step = row.call.chat_id, str(row.call.data.get("step", "lead"))
    why = people.lost(job, worker_id, reason)
    if case.status is Status.CLOSED:
        return
    told = [data["worker"] for _, event, data in job.unit.history(case.id) if event == LOST]
    if worker_id not in told:
        job.unit.log(case.id, LOST, {"worker": worker_id, "why": why}, job.now)
        text = job.world.wording.label(f"desk-time.why-{why}", username=job.office.bot_username)
        desk.note(job, case, "desk-time.not-reached", priority=Priority.ALERT,
                  name=people.name_of(job, worker_id), why=text)  # fmt: skip
    gone = people.unreachable(job)
    if any(one not in gone for one in _whom(job, case, step)):
        return  # somebody else was called at this step, and it arrived
    if CALLED.get(step) == ON_CALL:
        call_people(job, case, _whom(job, case, "lead"), "lead")
    elif worker_id not in told:
        desk.note(job, case, "desk-time.nobody-reached", priority=Priority.ALERT)


def person_reached(job: Job, row: OutboxRow) -> None:
    """An alert arrived in somebody's own chat."""
    people.reached(job, row.call.chat_id)
