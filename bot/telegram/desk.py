"""The staff desk: a case opens, its words go to staff, staff's words go back.

Every function changes the unit and leaves calls on the job; nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.cases import chain, flow, watch
from bot.cases.model import Case, Line, Status, TopicState, Worker
from bot.conversation.state import ChatState, Raise
from bot.delivery.model import Call, Priority, Timer
from bot.telegram.card import CardView, card_buttons, card_text, kind_name
from bot.telegram.office import Job
from bot.telegram.render import keyboard, message, split
from intents.wording import Markup

DRILL_RUNS = "drill-runs"  # meta: the number of the drill that runs; empty where none does
DRILL_OFF = "drill-off"  # a timer, at once: a real case came
BURST = timedelta(seconds=1.5)  # a person's lines within this become one relay
LINES_BEFORE = 20
CHAIN_SET = "chain-set"  # in a case's history: since when it is called for
AFTER_CLOSE = "after-close"  # at once: what other parts do when a case was closed
FORGET = "asked-to-be-forgotten"  # in a case's history: its words are erased at its end


def open_case(
    job: Job, chat_id: int, raised: Raise, state: ChatState, said: tuple[str, ...]
) -> Case:
    """A new case: the card goes to staff before everything else, and the chain is set."""
    case = job.unit.add_case(
        Case(
            id=0,
            chat_id=chat_id,
            group_id=job.staff_group,
            urgency=raised.urgency,
            kind=raised.kind,
            reason=raised.reason,
            opened_at=job.now,
            borough=state.borough,
            area=state.place or state.sector,
            age=state.age,
            asked_for_person=raised.asked_for_person,
            said=said,
        )
    )
    job.unit.log(case.id, "opened", {"urgency": case.urgency, "kind": case.kind}, job.now)
    set_chain(job, case)
    if job.unit.get_meta(DRILL_RUNS):  # a drill stands back at once
        job.unit.set_timer(Timer(DRILL_OFF, job.now, f"k:{DRILL_OFF}", DRILL_OFF))
    return case


def send_card(job: Job, case: Case) -> None:
    """Put the card into the staff group; at night one without danger makes no sound."""
    view = CardView(case, job.unit.lines(case.id), job.now)
    quiet = {"disable_notification": True} if watch.silent(job.plan, case, job.now) else {}
    params = message(
        case.group_id,
        card_text(view, job.world),
        reply_markup=keyboard(card_buttons(case, job.world.wording, job.now)),
        **quiet,
    )
    job.calls.append(
        Call(
            "sendMessage",
            params,
            case.group_id,
            urgency(case, Priority.ALERT),
            case.id,
            role="card",
        )
    )


def urgency(case: Case, wanted: Priority) -> Priority:
    """A drill lets every real alert go first."""
    return max(wanted, Priority.RELAY) if case.drill else wanted


def set_chain(job: Job, case: Case) -> None:
    """Who is called when nobody takes it; the timers survive a restart."""
    job.unit.log(case.id, CHAIN_SET, {}, job.now)
    _set_steps(job, case, job.now, watch.steps_due(job.plan, case, job.now))


def hurry_chain(job: Job, before: Case, case: Case) -> None:
    """The level of a case that nobody has went up: what its chain does sooner now, it does."""
    sets = [at for at, event, _ in job.unit.history(case.id) if event == CHAIN_SET]
    since = sets[-1] if sets else case.opened_at
    _set_steps(job, case, since, watch.sooner(job.plan, before, case, since, job.now))


def _set_steps(job: Job, case: Case, since: datetime, steps: Mapping[str, datetime]) -> None:
    for step, due in steps.items():
        data = {"case": case.id, "step": step, "since": since.isoformat()}
        key = chain.timer_key(case.id, step)
        job.unit.set_timer(Timer(key, due, f"k:{case.id}", "chain", data))


def refresh_card(job: Job, case: Case) -> None:
    """Bring the card up to date; it is drawn when it is sent, so the newest state shows."""
    job.calls.append(
        Call(
            "editMessageText",
            {"chat_id": case.group_id},
            case.group_id,
            Priority.RELAY,
            case.id,
            role="card-edit",
            data={"card": case.id},
        )
    )


def to_staff(job: Job, case: Case, text: str, *, role: str = "relay-in",
             person_message: int | None = None, priority: Priority = Priority.RELAY,
             merge: str | None = None) -> None:  # fmt: skip
    """A message where the case is: in its topic, or as a reply to its card."""
    quiet = {"disable_notification": True} if watch.silent(job.plan, case, job.now) else {}
    if case.drill:
        text = job.text("desk-drill.marked", text=Markup(text))
    for piece in split(text):
        job.calls.append(
            Call(
                "sendMessage",
                message(case.group_id, piece, **quiet),
                case.group_id,
                urgency(case, priority),
                case.id,
                role=role,
                data={"place": case.id, "person_message": person_message},
                merge=merge,
                not_before=job.now + BURST if merge else None,
            )
        )


def relay(job: Job, case: Case, text: str, message_id: int, *, edited: bool = False) -> None:
    """What the person wrote goes to staff; a burst of lines becomes one message."""
    job.unit.add_line(case.id, Line("person", text, job.now, message_id))
    if case.waiting_since is None and (waiting := flow.waits(case, job.now)) is not case:
        waiting = replace(waiting, patience_min=watch.patience(job.plan, waiting, first=False))
        job.unit.save_case(waiting)
        watch_answer(job, waiting)
    key = "staff.relay-edited" if edited else "staff.relay"
    shown = job.text(key, case=case.id, text=text)
    to_staff(job, case, shown, person_message=message_id, merge=f"relay:{case.id}")


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


def note(job: Job, case: Case, key: str, *, priority: Priority = Priority.RELAY,
         **values: object) -> None:  # fmt: skip
    """The bot's own word to staff about a case."""
    to_staff(job, case, job.text(key, case=case.id, **values), role="note", priority=priority)


def more_danger(job: Job, case: Case, raised: Raise) -> Case:
    """A new sign of danger in a case that is open: its level goes up and staff are told."""
    before = case
    case = flow.raised(case, raised.urgency, raised.kind, raised.reason)
    job.unit.save_case(case)
    note(
        job, case, "staff.relay-raised", priority=Priority.ALERT,
        kind=kind_name(case, job.world.wording), reason=raised.reason,
    )  # fmt: skip
    refresh_card(job, case)
    if case.status is Status.OPEN and chain.is_calm(before):
        set_chain(job, case)  # sooner than for a calm case
    elif case.status is Status.OPEN:
        hurry_chain(job, before, case)  # a running chain is not put off
    return case


def claimed(job: Job, case: Case, before: Case) -> Case:
    """A worker took it: the chain stops, a topic is made, the person sees who has read it."""
    job.unit.cancel_timers(chain.timer_prefix(case.id))
    case = replace(case, patience_min=watch.patience(job.plan, case, first=True))
    watch_answer(job, case)
    watch_end(job, case)
    if case.topic_state is TopicState.NONE:
        case = _make_topic(job, case)
    job.unit.save_case(case)
    worker = case.worker.name if case.worker else ""
    job.unit.log(case.id, "claimed", {"worker": case.worker.id if case.worker else 0}, job.now)
    refresh_card(job, case)
    made = case.topic_state is TopicState.PENDING
    plain = case.topic_state is TopicState.IMPOSSIBLE
    intro = "staff.topic-intro-plain" if plain else "staff.topic-intro"
    note(job, case, intro, worker=worker)
    if made:
        for line in job.unit.lines(case.id)[-LINES_BEFORE:]:
            if line.author == "person" and line.text:
                shown = job.text("staff.relay", case=case.id, text=line.text)
                to_staff(job, case, shown, person_message=line.message_id,
                         merge=f"before:{case.id}")  # fmt: skip
    seen = "danger.seen" if before.worker is None else "danger.handed-over"
    to_person(job, case, job.text(seen, worker=worker))
    return case


def _make_topic(job: Job, case: Case) -> Case:
    """Ask for a forum topic where that is possible; a group without topics uses reply threads."""
    if not job.has_topics:
        return replace(case, topic_state=TopicState.IMPOSSIBLE)
    wording = job.world.wording
    name = wording.label(
        "staff.topic-name",
        case=case.id,
        kind=kind_name(case, wording),
        area=case.area or case.borough or wording.label("staff.card-unknown"),
    )
    job.calls.append(
        Call(
            "createForumTopic",
            {"chat_id": case.group_id, "name": name[:128]},
            case.group_id,
            Priority.ALERT,
            case.id,
            role="topic",
        )
    )
    return replace(case, topic_state=TopicState.PENDING)


def hidden(job: Job, case: Case) -> bool:
    """Whether the person cleared the chat: somebody may be looking over their shoulder."""
    return bool((job.unit.load_chat(case.chat_id) or {}).get("hidden"))


def to_person(job: Job, case: Case, text: str, *, role: str = "notice",
              origin: tuple[int, int] | None = None) -> None:  # fmt: skip
    """A message to the young person."""
    if not case.chat_id or (role == "notice" and hidden(job, case)):
        return
    for piece in split(text):
        job.calls.append(
            Call(
                "sendMessage",
                message(case.chat_id, piece),
                case.chat_id,
                Priority.RELAY,
                case.id,
                role=role,
                data={"origin": list(origin)} if origin else {},
            )
        )


def released(job: Job, case: Case, worker: Worker) -> None:
    """A worker gave it back: the group is asked again, the person is told the truth."""
    job.unit.save_case(case)
    job.unit.log(case.id, "released", {"worker": worker.id}, job.now)
    set_chain(job, case)
    refresh_card(job, case)
    note(job, case, "staff.released-note", priority=Priority.ALERT, worker=worker.name)
    to_person(job, case, job.text("danger.released", worker=worker.name))


def closed(job: Job, case: Case, worker: Worker) -> None:
    """It ended: timers stop, the topic is closed, the person is told gently."""
    job.unit.cancel_timers(chain.timer_prefix(case.id))
    job.unit.save_case(case)
    job.unit.log(case.id, "closed", {"worker": worker.id, "outcome": case.outcome}, job.now)
    refresh_card(job, case)
    outcome = job.world.wording.label(f"staff.outcome-{case.outcome}")
    note(job, case, "staff.closed-note", worker=worker.name, outcome=outcome)
    if case.topic_state in (TopicState.MADE, TopicState.PENDING):
        job.calls.append(
            Call(
                "closeForumTopic",
                {"chat_id": case.group_id},
                case.group_id,
                Priority.HOUSEKEEPING,
                case.id,
                role="topic-close",
                data={"place": case.id},
            )
        )
    to_person(job, case, job.text("danger.closed"))
    after = Timer(f"{AFTER_CLOSE}:{case.id}", job.now, f"k:{case.id}", AFTER_CLOSE,
                  {"case": case.id})  # fmt: skip
    job.unit.set_timer(after)
    if any(event == FORGET for _, event, _ in job.unit.history(case.id)):
        erase(job, case)


def erase(job: Job, case: Case) -> None:
    """The words of a closed case go, and with them whose they were."""
    job.unit.erase_lines(case.id)
    if case.suggestion is not None:
        job.unit.save_case(replace(case, suggestion=None))
    job.unit.unlink_case(case.id)
    due = job.now + timedelta(days=job.world.retention_days)
    job.unit.set_timer(Timer(f"erase:{case.id}", due, f"k:{case.id}", "erase", {"case": case.id}))
