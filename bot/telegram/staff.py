"""The staff group: presses on cards, replies that go to the young person, commands."""

from __future__ import annotations

import html
from collections.abc import Callable

from bot.cases import chain, flow
from bot.cases.flow import Outcome, Refused
from bot.cases.model import Case, Line, Link, Status
from bot.conversation.state import Button
from bot.delivery.model import Call, Priority
from bot.telegram import desk
from bot.telegram.card import CardView, card_text, open_list, outcome_buttons, transcript
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job
from bot.telegram.render import LONGEST, answer_press, keyboard, message, split, units
from intents.wording import Markup

TO_PERSON = frozenset({"card", "relay-in"})  # replying to one of these reaches the person


def pressed(job: Job, event: StaffPressed) -> None:
    """A button on a card: do it, or say why not, only to the worker who pressed."""
    verb, _, rest = event.action.partition(":")
    number, _, argument = rest.partition(":")
    case = job.unit.load_case(int(number)) if number.isascii() and number.isdigit() else None
    handler = PRESSES.get(verb)
    if case is None or handler is None:
        _toast(job, event, job.world.wording.label("staff.case-gone"), alert=True)
        return
    handler(job, event, case, argument)


def _toast(job: Job, event: StaffPressed, text: str | None = None, *, alert: bool = False) -> None:
    job.calls.append(answer_press(event.query_id, event.group_id, job.now, text, alert))


def _refused(job: Job, event: StaffPressed, case: Case, refused: Refused) -> None:
    worker = refused.worker.name if refused.worker else ""
    text = job.world.wording.label(f"staff.{refused.key}", case=case.id, worker=worker)
    _toast(job, event, text, alert=True)


def _claim(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    taken = flow.claim(case, event.worker, job.now)
    if isinstance(taken, Refused):
        _refused(job, event, case, taken)
        return
    _toast(job, event, job.world.wording.label("staff.claimed-toast", case=case.id))
    desk.claimed(job, taken, case)


def _release(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    given = flow.release(case, event.worker)
    if isinstance(given, Refused):
        _refused(job, event, case, given)
        return
    _toast(job, event)
    desk.released(job, given, event.worker)


def _ask_outcome(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    """The card's buttons become "how did it end?"."""
    if case.status is Status.CLOSED:
        _refused(job, event, case, Refused("already-closed"))
        return
    _toast(job, event, job.world.wording.label("staff.outcome-ask", case=case.id))
    _buttons(job, event, case, outcome_buttons(case, job.world.wording))


def _buttons(
    job: Job, event: StaffPressed, case: Case, rows: tuple[tuple[Button, ...], ...]
) -> None:
    params = {
        "chat_id": event.group_id,
        "message_id": event.message_id,
        "reply_markup": keyboard(rows),
    }
    job.calls.append(
        Call("editMessageReplyMarkup", params, event.group_id, Priority.RELAY, case.id)
    )


def _end(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    if argument not in list(Outcome):
        _toast(job, event, job.world.wording.label("staff.case-gone"), alert=True)
        return
    ended = flow.close(case, event.worker, Outcome(argument), job.now)
    if isinstance(ended, Refused):
        _refused(job, event, case, ended)
        return
    _toast(job, event, job.world.wording.label("staff.closed-toast", case=case.id))
    desk.closed(job, ended, event.worker)


def _back(job: Job, event: StaffPressed, case: Case, _argument: str) -> None:
    _toast(job, event)
    desk.refresh_card(job, case)


PRESSES: dict[str, Callable[[Job, StaffPressed, Case, str], None]] = {
    "claim": _claim,
    "release": _release,
    "close": _ask_outcome,
    "end": _end,
    "back": _back,
}


def said(job: Job, event: StaffSaid) -> None:
    """Words in the staff group: a command, a reply to a young person, or talk among staff."""
    if event.anonymous:
        if _meant_for_person(job, event):
            _answer(job, event, "staff.reply-anonymous")
        return
    if event.edited:
        _edited(job, event)
        return
    if event.text.startswith("/"):
        _command(job, event)
        return
    if event.reply_to is None:
        return
    link = job.unit.find_link(event.group_id, event.reply_to)
    case = job.unit.load_case(link.case_id) if link else None
    if link is None or case is None:
        return
    if link.role == "note":
        _answer(job, event, "staff.reply-note")
    elif link.role == "staff-reply":
        _answer(job, event, "staff.reply-own")
    elif link.role in TO_PERSON:
        _reply(job, event, case)


def _reply(job: Job, event: StaffSaid, case: Case) -> None:
    """A worker's reply goes to the young person; whoever answers an open case has it."""
    if case.status is Status.CLOSED:
        _answer(job, event, "staff.reply-closed", case=case.id)
        return
    if not event.html:
        _answer(job, event, "staff.reply-no-words")
        return
    if desk.hidden(job, case) and not event.text.startswith("!"):
        _answer(job, event, "staff.reply-hidden", case=case.id)
        return
    if case.status is Status.OPEN:
        taken = flow.claim(case, event.worker, job.now)
        assert isinstance(taken, Case)  # an open case can always be claimed
        case = desk.claimed(job, taken, case)
    case = flow.answered(case, job.now)
    job.unit.save_case(case)
    job.unit.cancel_timer(chain.timer_key(case.id, chain.UNANSWERED))
    job.unit.add_line(case.id, Line("worker", event.text, event.at, event.message_id))
    if event.has_media:
        _answer(job, event, "staff.reply-words-only")
    text = _worker_words(job, event)
    parts = split(text)
    if len(parts) > 1:
        _answer(job, event, "staff.reply-too-long", parts=len(parts))
    desk.to_person(job, case, text, role="relay-out", origin=(event.group_id, event.message_id))


def _worker_words(job: Job, event: StaffSaid, key: str = "danger.from-worker") -> str:
    """The reply with its formatting; without it where the tags would not fit into one message."""
    words = event.html if units(event.html) < LONGEST - 200 else html.escape(event.text, False)
    words = words.removeprefix("!").lstrip()
    return job.text(key, worker=event.worker.name, text=Markup(words))


def _edited(job: Job, event: StaffSaid) -> None:
    """A change to a reply that was sent changes it on the phone as well."""
    link = job.unit.find_link(event.group_id, event.message_id)
    if link is None or link.role != "staff-reply" or not link.peer_message_id:
        if _meant_for_person(job, event):
            _answer(job, event, "staff.edited-late")
        return
    case = job.unit.load_case(link.case_id)
    text = _worker_words(job, event, "danger.from-worker-edited")
    closed = case is None or case.status is Status.CLOSED
    if closed or not event.text or units(text) > LONGEST or not link.peer_chat_id:
        _answer(job, event, "staff.edited-late")
        return
    params = message(link.peer_chat_id, text, message_id=link.peer_message_id)
    job.calls.append(
        Call(
            "editMessageText",
            params,
            link.peer_chat_id,
            Priority.RELAY,
            link.case_id,
            role="relay-edit",
            data={"origin": [event.group_id, event.message_id]},
        )
    )


def _meant_for_person(job: Job, event: StaffSaid) -> bool:
    """Whether what was changed is a reply that is on its way, or that never went."""
    target = job.unit.find_link(event.group_id, event.reply_to) if event.reply_to else None
    return target is not None and target.role in TO_PERSON


def _answer(job: Job, event: StaffSaid, key: str, **values: object) -> None:
    """The bot's answer to a worker, under what they wrote."""
    params = message(
        event.group_id,
        job.text(key, **values),
        reply_parameters={"message_id": event.message_id, "allow_sending_without_reply": True},
    )
    if event.topic_id is not None:
        params["message_thread_id"] = event.topic_id
    job.calls.append(Call("sendMessage", params, event.group_id, Priority.RELAY, role="note"))


def _command(job: Job, event: StaffSaid) -> None:
    word, _, argument = event.text.removeprefix("/").partition(" ")
    name, _, addressed = word.partition("@")
    if addressed and addressed.lower() != job.office.bot_username.lower():
        return
    handler = COMMANDS.get(name.lower())
    if handler is not None:
        handler(job, event, argument.strip())


def _open(job: Job, event: StaffSaid, _argument: str) -> None:
    cases = flow.riskiest_first(job.unit.cases_in((Status.OPEN, Status.CLAIMED)))
    for piece in split(open_list(cases, job.now, job.world.wording)):
        _plain(job, event, piece)


def _case(job: Job, event: StaffSaid, argument: str) -> None:
    number = argument.lstrip("#")
    if not (number.isascii() and number.isdigit()):
        _answer(job, event, "staff.case-usage")
        return
    case = job.unit.load_case(int(number))
    if case is None:
        _answer(job, event, "staff.case-unknown")
        return
    lines = job.unit.lines(case.id)
    job.unit.audit("case-read", {"case": case.id, "worker": event.worker.id}, job.now)
    _plain(job, event, card_text(CardView(case, [], job.now), job.world))
    for piece in split(transcript(case, lines, job.world.wording)):
        _plain(job, event, piece)


def _plain(job: Job, event: StaffSaid, text: str) -> None:
    params = message(event.group_id, text)
    if event.topic_id is not None:
        params["message_thread_id"] = event.topic_id
    job.calls.append(Call("sendMessage", params, event.group_id, Priority.RELAY, role="note"))


def _help(job: Job, event: StaffSaid, _argument: str) -> None:
    _plain(job, event, job.text("staff.help", worker=event.worker.name))


COMMANDS: dict[str, Callable[[Job, StaffSaid, str], None]] = {
    "open": _open,
    "case": _case,
    "help": _help,
    "start": _help,
}


def delivered(job: Job, link: Link, worker_message: tuple[int, int]) -> None:
    """A worker's words arrived: note both messages, and say so with a reaction."""
    job.unit.link(link)
    reaction(job, worker_message, "\N{THUMBS UP SIGN}")


def reaction(job: Job, staff_message: tuple[int, int], emoji: str) -> None:
    """Say something about a worker's message without a message."""
    group_id, message_id = staff_message
    params = {
        "chat_id": group_id,
        "message_id": message_id,
        "reaction": [{"type": "emoji", "emoji": emoji}],
    }
    job.calls.append(
        Call("setMessageReaction", params, group_id, Priority.HOUSEKEEPING, role="reaction")
    )
