"""A confirmed account is shown to who asked, in private, and goes away; then: is the person told?

Least exposure: never in the group, where many would see it and nobody could take it back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.cases import reveal
from bot.cases.model import Case, Link
from bot.cases.reveal import Request, Step
from bot.conversation.state import Button
from bot.delivery.model import Call, OutboxRow, Priority, Timer
from bot.telegram import desk
from bot.telegram.answers import toast
from bot.telegram.events import StaffPressed
from bot.telegram.office import Job
from bot.telegram.render import message
from bot.telegram.reveal import EXPIRES, Rows, in_case, look_up, note_step, number_in, redraw, why
from intents.wording import Markup

DELETE, REMIND = "reveal-delete", "reveal-remind"  # kinds of timers
REMIND_FIRST, REMIND_AGAIN = timedelta(minutes=30), timedelta(hours=12)
LOOK, SHOW, TELL = "reveal-look", "reveal-show", "reveal-person"  # roles of calls


def _request(job: Job, call: Call) -> tuple[Case | None, Request | None]:
    case = job.unit.load_case(call.case_id) if call.case_id else None
    number = int(call.data.get("reveal", 0))
    return case, reveal.request(job.unit.history(case.id), number) if case else None


def unwanted(job: Job, call: Call) -> bool:
    """Whether a call that would show an account must not go out any more."""
    if call.role not in (LOOK, SHOW):
        return False
    case, wanted = _request(job, call)
    return not reveal.may_be_shown(case, wanted, job.now)


def looked(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    """Telegram said what the account is called, or nothing: it goes to whoever asked."""
    case, wanted = _request(job, row.call)
    if case is None or wanted is None or not reveal.may_be_shown(case, wanted, job.now):
        return
    params = message(wanted.asker.id, _account(job, case, result), protect_content=True)
    job.calls.append(
        Call("sendMessage", params, wanted.asker.id, Priority.RELAY, case.id, SHOW,
             row.call.data, expires=job.now + reveal.WINDOW)
    )  # fmt: skip


def not_looked(job: Job, row: OutboxRow, _reason: str) -> None:
    """Telegram says nothing of the account: number and link are shown without a name."""
    looked(job, row, {})


def _account(job: Job, case: Case, result: dict[str, Any]) -> str:
    parts = (result.get("first_name"), result.get("last_name"))
    name, user = " ".join(str(part) for part in parts if part), result.get("username")
    named = job.text("desk-reveal.unnamed")
    if name:
        key = "desk-reveal.named-user" if user else "desk-reveal.named"
        named = job.text(key, name=name, **({"username": user} if user else {}))
    label = job.text("desk-reveal.link")
    link = Markup(f'<a href="tg://user?id={case.chat_id}">{label}</a>')
    return job.text(
        "desk-reveal.account", case=case.id, named=named, number=case.chat_id, link=link
    )


def shown(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    """Whoever asked has it: it will go away, and whether the person is told stays open."""
    case, wanted = _request(job, row.call)
    if case is None or wanted is None:
        return
    note_step(job, case, wanted.number, Step.SHOWN, wanted.asker)
    job.unit.cancel_timer(f"{EXPIRES}:{case.id}:{wanted.number}")
    where = {"case": case.id, "chat": row.call.chat_id, "message": result.get("message_id", 0)}
    _timer(job, DELETE, case, wanted.number, reveal.SHOWN_FOR, where)
    text = job.text("desk-reveal.shown", case=case.id, worker=wanted.asker.name)
    in_case(job, case, text, _choices(job, case, wanted.number))
    _timer(job, REMIND, case, wanted.number, REMIND_FIRST, {"case": case.id, "no": wanted.number})


def _timer(job: Job, kind: str, case: Case, number: int, after: timedelta,
           data: dict[str, Any]) -> None:  # fmt: skip
    key = f"{kind}:{case.id}:{number}"
    job.unit.set_timer(Timer(key, job.now + after, f"k:{case.id}", kind, data))


def not_shown(job: Job, row: OutboxRow, reason: str) -> None:
    """Whoever asked never opened a chat with the bot: they are asked to, and press again."""
    case, wanted = _request(job, row.call)
    if case is None or wanted is None:
        return
    job.unit.audit("reveal-not-shown", {"case": case.id, "why": reason}, job.now)
    label = job.world.wording.label
    address = f"https://t.me/{job.office.bot_username}?start=staff"
    rows = (
        (Button(label("desk-reveal.open-chat"), "", url=address),),
        (Button(label("desk-reveal.show"), f"reveal-show:{case.id}:{wanted.number}"),),
    )
    in_case(job, case, job.text("desk-reveal.start-me", case=case.id, worker=wanted.asker.name),
            rows)  # fmt: skip


def _show_again(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    """Once the chat is open: only for whoever asked, only while it still holds."""
    wanted = reveal.request(job.unit.history(case.id), number_in(argument))
    label = job.world.wording.label
    if wanted is None or not reveal.may_be_shown(case, wanted, job.now):
        toast(job, event, label("desk-reveal.settled"), alert=True)
    elif wanted.asker.id != event.worker.id:
        toast(job, event, label("desk-reveal.not-yours", worker=wanted.asker.name), alert=True)
    else:
        toast(job, event, label("desk-reveal.show-toast"))
        look_up(job, case, wanted)


def delete(job: Job, payload: dict[str, Any]) -> None:
    """The message with the account goes away."""
    data = payload["data"]
    params = {"chat_id": int(data["chat"]), "message_id": int(data["message"])}
    job.calls.append(
        Call("deleteMessage", params, int(data["chat"]), Priority.RELAY, int(data["case"]), DELETE)
    )


def not_deleted(job: Job, row: OutboxRow, _reason: str) -> None:
    """Telegram does not let the bot delete it: whoever has it is asked to."""
    text = job.text("desk-reveal.delete-yourself", case=row.call.case_id or 0)
    params = message(row.call.chat_id, text)
    job.calls.append(Call("sendMessage", params, row.call.chat_id, Priority.RELAY, role="line"))


def _choices(job: Job, case: Case, number: int) -> Rows:
    label, about = job.world.wording.label, f"{case.id}:{number}"
    tell = Button(label("desk-reveal.tell"), f"reveal-tell:{about}")
    return ((tell, Button(label("desk-reveal.tell-not"), f"reveal-wait:{about}")),)


def _tell(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    """The young person is told, now that a worker says it is safe."""
    wanted, refusal = _to_be_told(job, case, argument)
    if wanted is None or refusal is not None:
        toast(job, event, why(job, case, refusal or "settled"), alert=True)
        return
    note_step(job, case, wanted.number, Step.TOLD, event.worker, told=True)
    toast(job, event, job.world.wording.label("desk-reveal.told-toast"))
    redraw(job, event, job.text("desk-reveal.told", case=case.id, worker=event.worker.name))
    text = job.text("desk-reveal.person", worker=wanted.asker.name)
    job.calls.append(
        Call("sendMessage", message(case.chat_id, text), case.chat_id, Priority.RELAY, case.id,
             TELL, {"reveal": wanted.number})
    )  # fmt: skip


def _to_be_told(job: Job, case: Case, argument: str) -> tuple[Request | None, str | None]:
    wanted = reveal.request(job.unit.history(case.id), number_in(argument))
    if wanted is None or wanted.step is not Step.SHOWN:
        return None, "settled"
    if wanted.told:
        return wanted, "told-already"
    if not case.chat_id:
        return wanted, "tell-nobody"
    return wanted, "tell-hidden" if desk.hidden(job, case) else None


def _tell_not(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    wanted, refusal = _to_be_told(job, case, argument)
    if wanted is None or refusal in ("settled", "told-already"):
        toast(job, event, why(job, case, refusal or "settled"), alert=True)
        return
    note_step(job, case, wanted.number, Step.TOLD, event.worker, told=False)
    toast(job, event, job.world.wording.label("desk-reveal.told-not-toast"))
    text = job.text("desk-reveal.told-not", case=case.id, worker=event.worker.name)
    redraw(job, event, text, (_choices(job, case, wanted.number)[0][:1],))


def told(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    """The person has it; quick exit must find the message."""
    if "message_id" in result:
        job.unit.remember_message(row.call.chat_id, result["message_id"], "bot", job.now)
        link = Link(row.call.chat_id, result["message_id"], row.call.case_id or 0, "person")
        job.unit.link(link)


def not_told(job: Job, row: OutboxRow, _reason: str) -> None:
    """It did not arrive, so the question is open again."""
    case, wanted = _request(job, row.call)
    if case is None or wanted is None:
        return
    note_step(job, case, wanted.number, Step.TOLD, None, told=None)
    in_case(job, case, job.text("desk-reveal.told-failed", case=case.id),
            _choices(job, case, wanted.number))  # fmt: skip
    again = {"case": case.id, "no": wanted.number}
    _timer(job, REMIND, case, wanted.number, REMIND_AGAIN, again)


def remind(job: Job, payload: dict[str, Any]) -> None:
    """Nobody has chosen whether the person is told: it stays open, also after the case closed."""
    data = payload["data"]
    case = job.unit.load_case(int(data["case"]))
    wanted = reveal.request(job.unit.history(case.id), int(data["no"])) if case else None
    if case is None or wanted is None or wanted.told is not None or not case.chat_id:
        return
    in_case(job, case, job.text("desk-reveal.remind", case=case.id),
            _choices(job, case, wanted.number))  # fmt: skip
    _timer(job, REMIND, case, wanted.number, REMIND_AGAIN, data)


PRESSES = {"reveal-show": _show_again, "reveal-tell": _tell, "reveal-wait": _tell_not}
SENT = {LOOK: looked, SHOW: shown, TELL: told}
FAILED = {LOOK: not_looked, SHOW: not_shown, TELL: not_told, DELETE: not_deleted}
