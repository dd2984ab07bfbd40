"""The staff desk: a case opens, its words go to staff, staff's words go back.

Every function changes the unit and leaves calls on the job; nothing is sent here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.cases import chain, flow, record, watch
from bot.cases.flow import Refused
from bot.cases.model import Case, Line, Status, TopicState, Worker
from bot.cases.standing import record_is_complete
from bot.conversation.state import Button, ChatState, Raise
from bot.delivery.model import Call, Priority, Timer
from bot.telegram import clocks
from bot.telegram.card import CardView, card_buttons, card_text, kind_name
from bot.telegram.office import Job
from bot.telegram.render import keyboard, message, split
from intents.wording import Markup

DRILL_RUNS = "drill-runs"  # meta: the number of the drill that runs; empty where none does
DRILL_OFF = "drill-off"  # a timer, at once: a real case came
BURST = timedelta(seconds=1.5)  # a person's lines within this become one relay
FLOOD_LINES = 6  # so many lines within this time are a flood
FLOOD_WITHIN = timedelta(seconds=15)
FLOOD_BURST = timedelta(seconds=8)
LINES_BEFORE = 20
CARD_LATER = timedelta(seconds=15)  # whose turn it is to write can wait, and changes folded
RECORD_WITHIN = timedelta(minutes=15)  # then somebody is reminded of an open record
MOST_MERGES = 20
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
            group_id=job.route(state.borough, raised.kind).chat_id,
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
    clocks.set_chain(job, case)
    if job.unit.get_meta(DRILL_RUNS):  # a drill stands back at once
        job.unit.set_timer(Timer(DRILL_OFF, job.now, f"k:{DRILL_OFF}", DRILL_OFF))
    return case


def send_card(job: Job, case: Case) -> None:
    """Put the card into the staff group; at night one without danger makes no sound."""
    priority = urgency(case, Priority.ALERT)
    params = card(job, case) | quietly(job, case)
    job.calls.append(Call("sendMessage", params, case.group_id, priority, case.id, role="card"))


def quietly(job: Job, case: Case) -> dict[str, bool]:
    """What makes a message silent where one of this case may be now."""
    return {"disable_notification": True} if watch.silent(job.plan, case, job.now) else {}


def urgency(case: Case, wanted: Priority) -> Priority:
    """A drill lets every real alert go first."""
    return max(wanted, Priority.RELAY) if case.drill else wanted


def card(job: Job, case: Case) -> dict[str, Any]:
    """The card as it is now, as a message to the case's group."""
    view = CardView(case, job.unit.lines(case.id), job.now)
    rows = keyboard(buttons(job, case))
    return message(case.group_id, card_text(view, job.world), reply_markup=rows)


def card_follows(job: Job, case: Case, priority: Priority = Priority.HOUSEKEEPING) -> None:
    """The card of a case that a list of many has named; drawn when sent, once, while it is open."""
    job.calls.append(
        Call(
            "sendMessage",
            {"chat_id": case.group_id},
            case.group_id,
            priority,
            case.id,
            role="late-card",
            data={"late-card": case.id},
        )
    )


def buttons(job: Job, case: Case) -> tuple[tuple[Button, ...], ...]:
    """The card's buttons; the last row is for desks with more than one group."""
    rows = card_buttons(case, job.world.wording, job.now)
    if case.drill or case.status is Status.CLOSED or not job.others(case.group_id):
        return rows
    return (*rows, (Button(job.world.wording.label("desk-groups.pass"), f"pass:{case.id}"),))


def refresh_card(job: Job, case: Case, *, later: bool = False) -> None:
    """Bring the card up to date; it is drawn when it is sent, so the newest state shows.

    Refreshes that wait are one. `later` is for what is no move of the case, but only whose turn it
    is to write: at most one edit for many words.
    """
    job.calls.append(
        Call(
            "editMessageText",
            {"chat_id": case.group_id},
            case.group_id,
            Priority.HOUSEKEEPING if later else Priority.RELAY,
            case.id,
            role="card-edit",
            data={"card": case.id},
            merge=f"card-later:{case.id}" if later else f"card:{case.id}",
            not_before=job.now + CARD_LATER if later else None,
        )
    )


def goes_on_as(job: Job, case: Case) -> Case:
    """The case itself, or the one of the same person that goes on in its place after a merge."""
    for _ in range(MOST_MERGES):
        after = job.unit.load_case(case.merged_into) if case.merged_into else None
        if after is None or after.chat_id != case.chat_id:
            return case  # never to somebody else
        case = after
    return case


def to_staff(job: Job, case: Case, text: str, *, role: str = "relay-in",
             person_message: int | None = None, priority: Priority = Priority.RELAY,
             merge: str | None = None) -> None:  # fmt: skip
    """A message where the case is: in its topic, or as a reply to its card."""
    quiet = quietly(job, case)
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


def relay(job: Job, case: Case, text: str, message_id: int, *, edited: bool = False,
          about: str = "") -> None:  # fmt: skip
    """What the person wrote goes to staff; a burst of lines becomes one message.

    `about` says which message they answered, ready to be shown.
    """
    job.unit.add_line(case.id, Line("person", text, job.now, message_id))
    wrote = flow.person_wrote(case, job.now)
    begins = case.waiting_since is None and wrote.waiting_since is not None
    if begins:
        wrote = replace(wrote, patience_min=watch.patience(job.plan, wrote, first=False))
    job.unit.save_case(wrote)
    if begins:
        clocks.watch_answer(job, wrote)
        refresh_card(job, wrote, later=True)
    key = "staff.relay-edited" if edited else "staff.relay"
    shown = job.text(key, case=case.id, text=text)
    for piece in split(f"{about}{shown}"):
        job.calls.append(
            Call(
                "sendMessage", message(case.group_id, piece), case.group_id, Priority.RELAY,
                case.id, role="relay-in", data={"place": case.id, "person_message": message_id},
                merge=f"relay:{case.id}", not_before=job.now + _gathering(job, case),
            )
        )  # fmt: skip


def _gathering(job: Job, case: Case) -> timedelta:
    """How long lines are gathered: longer for a flood, or one person takes the group's 20."""
    lately = [line for line in job.unit.lines(case.id)[-FLOOD_LINES:] if line.author == "person"]
    flood = len(lately) == FLOOD_LINES and job.now - lately[0].at < FLOOD_WITHIN
    return FLOOD_BURST if flood else BURST


def note(job: Job, case: Case, key: str, *, priority: Priority = Priority.RELAY,
         **values: object) -> None:  # fmt: skip
    """The bot's own word to staff about a case."""
    to_staff(job, case, job.text(key, case=case.id, **values), role="note", priority=priority)


def alarm(job: Job, case: Case, key: str, **values: object) -> None:
    """Call staff about a case that nobody has; many at once become one message."""
    text = job.text(key, case=case.id, **values)
    if case.drill:  # not told together with real ones, and after them
        note(job, case, key, priority=Priority.ALERT, **values)
        return
    data = {"place": case.id, "chain": True}
    group = case.group_id
    params = message(group, text, **quietly(job, case))
    job.calls.append(Call("sendMessage", params, group, Priority.ALERT, case.id, "alarm", data))


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
    if case.status is Status.OPEN:
        clocks.hurry_chain(job, before, case)
    return case


def claimed(job: Job, case: Case, before: Case) -> Case:
    """A worker took it: the chain stops, a topic is made, the person sees who has read it."""
    job.unit.cancel_timers(chain.timer_prefix(case.id))
    case = replace(case, patience_min=watch.patience(job.plan, case, first=True))
    clocks.watch_answer(job, case)
    clocks.watch_end(job, case)
    if case.topic_state is TopicState.NONE:
        case = _make_topic(job, case)
    job.unit.save_case(case)
    worker = case.worker.name if case.worker else ""
    job.unit.log(case.id, "claimed", {"worker": case.worker.id if case.worker else 0}, job.now)
    if case.card_message_id is None:
        card_follows(job, case, Priority.RELAY)  # taken from a list: now it needs its card
    else:
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


def take_for_reply(job: Job, case: Case, worker: Worker) -> Case:
    """Whoever answers a case that nobody has, or that they were asked to take over, has it."""
    offered = case.offered_to is not None and case.offered_to.id == worker.id
    if case.status is Status.OPEN or offered:
        taken = flow.claim(case, worker, job.now)
        if not isinstance(taken, Refused):
            return claimed(job, taken, case)
    return case


def answered(job: Job, case: Case) -> Case:
    """A worker's words are on their way: nobody need be called any more."""
    case = flow.answered(case, job.now)
    job.unit.save_case(case)
    job.unit.cancel_timer(chain.timer_key(case.id, chain.UNANSWERED))
    refresh_card(job, case, later=True)
    return case


def _make_topic(job: Job, case: Case) -> Case:
    """Ask for a forum topic where that is possible; a group without topics uses reply threads."""
    if not job.topics_in(case.group_id):
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
    clocks.set_chain(job, case)
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
                Priority.REPLY,
                case.id,
                role="topic-close",
                data={"place": case.id},
            )
        )
    to_person(job, case, job.text("danger.closed"))
    _set_erasure(job, case)
    if not record_is_complete(case):
        due = job.now + RECORD_WITHIN
        data = {"case": case.id}
        job.unit.set_timer(Timer(f"record:{case.id}", due, f"k:{case.id}", "record", data))
    after = Timer(f"{AFTER_CLOSE}:{case.id}", job.now, f"k:{case.id}", AFTER_CLOSE,
                  {"case": case.id})  # fmt: skip
    job.unit.set_timer(after)
    if any(event == FORGET for _, event, _ in job.unit.history(case.id)):
        erase(job, case)


def _set_erasure(job: Job, case: Case) -> None:
    """When the words of a closed case go."""
    due = job.now + timedelta(days=job.world.retention_days)
    job.unit.set_timer(Timer(f"erase:{case.id}", due, f"k:{case.id}", "erase", {"case": case.id}))


def erase(job: Job, case: Case) -> None:
    """The words of a closed case go, and with them whose they were."""
    bare = record.without_words(case, job.world.tags.meanings)
    job.unit.save_case(replace(bare, suggestion=None))
    job.unit.erase_lines(case.id)
    job.unit.unlink_case(case.id)
    _set_erasure(job, case)  # what staff still write goes then
