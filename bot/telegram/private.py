"""A private chat's event, from what is stored to what is stored and sent next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.cases.model import Case, Line, Status
from bot.conversation.events import CheckInSilent, PrivateEvent, Said, SharedLocation, Tapped
from bot.conversation.state import (
    Again,
    ChatState,
    Count,
    GiveWords,
    Raise,
    Relay,
    SetCheckIn,
    Simple,
    Turn,
)
from bot.conversation.turn import take_turn
from bot.delivery.model import Call, Priority, Timer
from bot.telegram import desk, marks, person, reopening
from bot.telegram.card import waited
from bot.telegram.office import Job
from bot.telegram.render import answer_press, message, reply_calls
from intents.model import Understanding

DELETABLE = timedelta(hours=47)  # Telegram lets bots delete for 48 hours
AT_ONCE = 100  # message ids in one deleteMessages


def handle_private(job: Job, event: PrivateEvent, understood: Understanding | None) -> Turn:
    """Take the turn and carry out what it decides."""
    chat_id = event.chat_id
    state = ChatState.from_dict(job.unit.load_chat(chat_id))
    case = job.unit.open_case_of(chat_id)
    resting = None if case is not None else reopening.resting_case(job, chat_id)
    if isinstance(event, Said | SharedLocation):
        job.unit.remember_message(chat_id, event.message_id, "person", job.now)
    if case is not None:
        case = person.noticed(job, event, case)
    turn = take_turn(event, state, case, understood, job.world, job.now, resting is not None)
    turn = person.told_once(job, turn, case)
    if isinstance(event, CheckInSilent) and state.hidden:
        turn = replace(turn, replies=())  # they cleared the chat: their phone stays dark
    _acts(job, event, turn, case, resting)
    if isinstance(event, Tapped):
        job.calls.append(answer_press(event.query_id, chat_id, job.now, turn.toast))
    calls = [call for reply in turn.replies for call in reply_calls(chat_id, reply)]
    # Somebody who was forgotten leaves nothing behind, not even the number of a message.
    if Simple("forget") in turn.acts:
        job.calls.extend(replace(call, role="farewell") for call in calls)
    else:
        job.calls.extend(calls)
        job.unit.save_chat(chat_id, turn.state.to_dict(), job.now)
    return turn


def _acts(
    job: Job, event: PrivateEvent, turn: Turn, case: Case | None, resting: Case | None
) -> None:
    for act in turn.acts:
        match act:
            case Raise():
                case = _raise(job, event, turn, act, case, resting)
            case Again() if resting is not None and case is None:
                case = reopening.came_back(job, resting, _again(job, resting), event)
            case Relay() if case is not None:
                message_id = event.message_id if isinstance(event, Said) else 0
                about = person.about(job, case, event)
                desk.relay(job, case, act.text, message_id, edited=act.edited, about=about)
            case SetCheckIn():
                _check_in_timer(job, event.chat_id, act.minutes)
            case Count():
                job.unit.count(act.what, act.label, f"{job.now:%Y-%m-%d}")
            case GiveWords():
                job.unit.give_words(act.text, f"{job.now:%Y-%m-%d}")
            case Simple():
                _simple(job, event.chat_id, act.what, case)
            case _:
                pass


def _again(job: Job, case: Case) -> Raise:
    """They write again, of no danger: why that concerns staff."""
    span = waited(case.closed_at or case.opened_at, job.now, job.world.wording)
    why = job.world.wording.label("desk-case.again-reason", waited=span)
    return Raise("concern", None, why, asked_for_person=True)


def _raise(job: Job, event: PrivateEvent, turn: Turn, raised: Raise, case: Case | None,
           resting: Case | None) -> Case:  # fmt: skip
    """Tell staff: in the case that is open, in the one closed lately, or in a new one."""
    if case is not None:
        return desk.more_danger(job, case, raised)
    if resting is not None:
        return reopening.came_back(job, resting, raised, event)
    said = tuple(reply.key for reply in turn.replies if reply.key.startswith("danger."))
    case = desk.open_case(job, event.chat_id, raised, turn.state, said)
    if isinstance(event, Said) and event.text:
        job.unit.add_line(case.id, Line("person", event.text, event.at, event.message_id))
    desk.send_card(job, case)
    return case


def _check_in_timer(job: Job, chat_id: int, minutes: int | None) -> None:
    key = f"check-in:{chat_id}"
    if minutes is None:
        job.unit.cancel_timer(key)
        return
    due = job.now + timedelta(minutes=minutes)
    job.unit.set_timer(Timer(key, due, f"c:{chat_id}", "check-in", {"chat": chat_id}))


def _simple(job: Job, chat_id: int, what: str, case: Case | None) -> None:
    if what == "wipe":
        wipe(job, chat_id)
        if case is not None:
            desk.note(job, case, "staff.relay-hid")
    elif what == "forget":
        forget(job, chat_id, case)
    elif what == "safe-now" and case is not None:
        desk.note(job, case, "staff.relay-safe")
    elif what == "blocked" and case is not None:
        marks.unreachable(job, case)
    elif what == "unblocked" and case is not None:
        marks.reachable(job, case)
    elif what.startswith("media:") and case is not None:
        person.media_came(job, case, what.removeprefix("media:"))
    elif what.startswith("place:") and case is not None:
        person.place_came(job, case, what.removeprefix("place:"))


def wipe(job: Job, chat_id: int) -> None:
    """Quick exit: everything in the chat that Telegram still lets a bot delete."""
    job.unit.drop_calls(chat_id, keep_priority_below=Priority.REPLY)
    ids = job.unit.recent_messages(chat_id, job.now - DELETABLE)
    for start in range(0, len(ids), AT_ONCE):
        params = {"chat_id": chat_id, "message_ids": ids[start : start + AT_ONCE]}
        job.calls.append(Call("deleteMessages", params, chat_id, Priority.DANGER, role="wipe"))


def forget(job: Job, chat_id: int, case: Case | None) -> None:
    """Erase what is kept about a person; an open case stays until a worker closes it."""
    job.unit.cancel_timer(f"check-in:{chat_id}")
    job.unit.forget_chat(chat_id)
    if case is not None:
        job.unit.log(case.id, desk.FORGET, {}, job.now)
        desk.note(job, case, "staff.relay-forgot")
    for old in job.unit.cases_of(chat_id):
        if old.status is Status.CLOSED:
            desk.erase(job, old)


def unread(job: Job, chat_id: int) -> None:
    """A message could not be handled: staff are told, so that nobody is missed by a fault."""
    case = job.unit.open_case_of(chat_id)
    if case is not None:
        desk.note(job, case, "staff.unread", priority=Priority.ALERT)
        return
    state = ChatState.from_dict(job.unit.load_chat(chat_id))
    raised = Raise("urgent", None, job.world.wording.label("staff.reason-unread"))
    case = desk.open_case(job, chat_id, raised, state, ("danger.person-asked",))
    desk.send_card(job, case)
    desk.note(job, case, "staff.unread", priority=Priority.ALERT)
    text = job.text("danger.person-asked", hours="")
    job.calls.append(
        Call("sendMessage", message(chat_id, text), chat_id, Priority.DANGER, role="answer")
    )
