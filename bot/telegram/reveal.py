"""Break glass: one worker asks to see an account, another confirms, everything is written down."""

from __future__ import annotations

import re
from typing import Any

from bot.cases import reveal
from bot.cases.model import Case, Worker
from bot.cases.reveal import Request, Step
from bot.conversation.state import Button
from bot.delivery.model import Call, Priority, Timer
from bot.telegram import desk
from bot.telegram.answers import answer, toast
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.members import Seat
from bot.telegram.office import Job
from bot.telegram.passing import LIVE, elsewhere
from bot.telegram.render import keyboard, message

EXPIRES = "reveal-expires"  # the kind of timer
_CONFIRM = re.compile(r"reveal-yes:\d{1,18}:\d{1,9}:(\d{1,18})", re.ASCII)
_COMMAND = re.compile(r"#?(\d{1,9})\s+(.+)", re.ASCII | re.DOTALL)

Rows = tuple[tuple[Button, ...], ...]


def named_in(action: str) -> tuple[int, ...]:
    """Whose membership a press needs as well: with a confirmation, whoever asked."""
    found = _CONFIRM.fullmatch(action)
    return (int(found[1]),) if found else ()


def note_step(job: Job, case: Case, number: int, step: Step, by: Worker | None,
              **more: Any) -> None:  # fmt: skip
    """Write a step down: in the case's history without text, in the audit log with the reason."""
    data = {"no": number, "by": by.id if by else 0}
    kept = {name: value for name, value in more.items() if name != "reason"}
    named = {"name": by.name} if by and step is Step.ASKED else {}
    job.unit.log(case.id, step, data | kept | named, job.now)
    job.unit.audit(step, {"case": case.id, **data, **more}, job.now)


def in_case(job: Job, case: Case, text: str, rows: Rows = ()) -> None:
    """A note where the case is, with buttons."""
    params = message(case.group_id, text)
    if rows:
        params["reply_markup"] = keyboard(rows)
    job.calls.append(
        Call("sendMessage", params, case.group_id, Priority.RELAY, case.id, "note",
             {"place": case.id})
    )  # fmt: skip


def redraw(job: Job, event: StaffPressed, text: str, rows: Rows = ()) -> None:
    """The message whose button was pressed says what became of it."""
    params = message(event.group_id, text, message_id=event.message_id)
    if rows:
        params["reply_markup"] = keyboard(rows)
    job.calls.append(Call("editMessageText", params, event.group_id, Priority.RELAY))


def why(job: Job, case: Case, refusal: str, worker: str = "") -> str:
    """The words for why something is not done."""
    return job.world.wording.label(f"desk-reveal.{refusal}", case=case.id, worker=worker)


def number_in(argument: str) -> int:
    """The request's number in a press; 0 for none."""
    number = argument.partition(":")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0


def _ask(job: Job, event: StaffSaid, argument: str) -> None:
    """`/reveal 12 why it is needed`."""
    found = _COMMAND.fullmatch(argument)
    case = job.unit.load_case(int(found[1])) if found else None
    if found is None or case is None:
        answer(job, event, "desk-reveal.usage" if found is None else "staff.case-unknown")
        return
    if (group := elsewhere(job, event.group_id, case)) is not None:
        answer(job, event, "desk-groups.reply-elsewhere", case=case.id, group=group)
        return
    reason, history = found[2].strip(), job.unit.history(case.id)
    refusal = reveal.must_not_ask(case, reason, history, job.now)
    if refusal is not None:
        job.unit.audit("reveal-barred", _who(case, event.worker, refusal), job.now)
        answer(job, event, f"desk-reveal.{refusal}", case=case.id)
        return
    number = len(reveal.requests(history)) + 1
    lead = job.is_lead(event.group_id, event.worker.id)
    note_step(job, case, number, Step.ASKED, event.worker, lead=lead, reason=reason)
    set_expiry(job, case, number)
    label = job.world.wording.label
    yes = f"reveal-yes:{case.id}:{number}:{event.worker.id}"
    rows = ((Button(label("desk-reveal.confirm"), yes),
             Button(label("desk-reveal.refuse"), f"reveal-no:{case.id}:{number}")),)  # fmt: skip
    text = job.text("desk-reveal.asked", case=case.id, worker=event.worker.name, reason=reason)
    in_case(job, case, text, rows)


def _who(case: Case, worker: Worker, why: str) -> dict[str, Any]:
    return {"case": case.id, "by": worker.id, "why": why}


def set_expiry(job: Job, case: Case, number: int) -> None:
    """The time limit of the step that comes next."""
    key = f"{EXPIRES}:{case.id}:{number}"
    data = {"case": case.id, "no": number}
    job.unit.set_timer(Timer(key, job.now + reveal.WINDOW, f"k:{case.id}", EXPIRES, data))


def _confirm(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    wanted = reveal.request(job.unit.history(case.id), number_in(argument))
    lead = wanted is not None and any(
        job.is_lead(event.group_id, one) for one in (event.worker.id, wanted.asker.id)
    )
    refusal = reveal.must_not_confirm(case, wanted, event.worker.id, job.now, lead=lead)
    if wanted is not None and refusal is None:
        refusal = _asker_away(job, event, wanted)
    if wanted is None or refusal is not None:
        _bar(job, event, case, wanted, refusal or "settled")
        return
    note_step(job, case, wanted.number, Step.CONFIRMED, event.worker)
    set_expiry(job, case, wanted.number)
    asker = wanted.asker.name
    toast(job, event, job.world.wording.label("desk-reveal.confirmed-toast", worker=asker))
    names = {"case": case.id, "worker": event.worker.name, "asker": asker}
    redraw(job, event, job.text("desk-reveal.confirmed", **names))
    look_up(job, case, wanted)


def _asker_away(job: Job, event: StaffPressed, wanted: Request) -> str | None:
    seat = job.seat(event.group_id, wanted.asker.id)
    if seat is Seat.OUTSIDE:
        return "asker-left"
    return "asker-unknown" if seat is None else None


def _bar(job: Job, event: StaffPressed, case: Case, wanted: Request | None, reason: str) -> None:
    """Say why not; what can never be confirmed any more ends here."""
    job.unit.audit("reveal-barred", _who(case, event.worker, reason), job.now)
    name = wanted.asker.name if wanted else ""
    toast(job, event, why(job, case, reason, name), alert=True)
    if wanted is None or not wanted.pending or reason in ("own", "no-lead", "asker-unknown"):
        return
    if reason != "settled":
        lapse(job, case, wanted, reason)
        redraw(job, event, job.text("desk-reveal.lapsed", case=case.id))


def look_up(job: Job, case: Case, wanted: Request) -> None:
    """Ask Telegram what the account is called now; nothing of it is kept."""
    data = {"reveal": wanted.number}
    job.calls.append(
        Call("getChat", {"chat_id": case.chat_id}, case.chat_id, Priority.RELAY, case.id,
             "reveal-look", data, expires=job.now + reveal.WINDOW)
    )  # fmt: skip


def _refuse(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    """Anybody may refuse, and whoever asked may take it back; before it is shown."""
    wanted = reveal.request(job.unit.history(case.id), number_in(argument))
    if wanted is None or wanted.step is not Step.ASKED:
        toast(job, event, job.world.wording.label("desk-reveal.settled"), alert=True)
        return
    note_step(job, case, wanted.number, Step.REFUSED, event.worker)
    job.unit.cancel_timer(f"{EXPIRES}:{case.id}:{wanted.number}")
    toast(job, event, job.world.wording.label("desk-reveal.refused-toast"))
    own = event.worker.id == wanted.asker.id
    key = "desk-reveal.withdrawn" if own else "desk-reveal.refused"
    redraw(job, event, job.text(key, case=case.id, worker=event.worker.name))


def lapse(job: Job, case: Case, wanted: Request, why: str) -> None:
    """A request comes to nothing, and that is written down."""
    note_step(job, case, wanted.number, Step.LAPSED, None, why=why)
    job.unit.cancel_timer(f"{EXPIRES}:{case.id}:{wanted.number}")


def expired(job: Job, payload: dict[str, Any]) -> None:
    """The time to confirm, or to be shown it, is over."""
    data = payload["data"]
    case = job.unit.load_case(int(data["case"]))
    if case is None:
        return
    wanted = reveal.request(job.unit.history(case.id), int(data["no"]))
    if wanted is not None and wanted.pending:
        lapse(job, case, wanted, "expired")
        in_case(job, case, job.text("desk-reveal.lapsed", case=case.id))


def asker_left(job: Job, group_id: int, worker: Worker) -> None:
    """Whoever is not in the group any more is shown nothing."""
    for case in job.unit.cases_in(LIVE):
        if case.group_id != group_id:
            continue
        for wanted in reveal.requests(job.unit.history(case.id)):
            if wanted.pending and wanted.asker.id == worker.id:
                lapse(job, case, wanted, "asker-left")
                desk.note(job, case, "desk-reveal.asker-left", worker=worker.name)


PRESSES = {"reveal-yes": _confirm, "reveal-no": _refuse}
COMMANDS = {"reveal": _ask}
