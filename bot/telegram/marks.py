"""What became of a worker's message, shown on the message itself; the reason is said once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.cases.model import Case, Link
from bot.delivery.model import Call, Drop, OutboxRow, Priority, Ready, Resolution, Wait
from bot.telegram import desk, outgoing
from bot.telegram.answers import reaction
from bot.telegram.office import Job
from bot.telegram.outgoing import FAILED, GOING, OUT, UNSENT, Origin, wait_key
from bot.telegram.render import message

DELIVERED = "\N{THUMBS UP SIGN}"
NOT_DELIVERED = "\N{BROKEN HEART}"
WAITING = "\N{EYES}"
CHANGED = "\N{WRITING HAND}"
TAKEN_BACK = "\N{SPEAK-NO-EVIL MONKEY}"
# They blocked the bot, or there is no such account any more.
AWAY = frozenset({"blocked", "deactivated", "chat-not-found", "not-started"})
WHY = {
    "blocked": "staff.why-blocked",
    "deactivated": "desk-relay.why-deleted",
    "chat-not-found": "staff.why-blocked",
    "not-started": "staff.why-blocked",
    "edit-target-gone": "desk-relay.why-gone",
    "message-gone": "desk-relay.why-source-gone",
}


def origin_of(row: OutboxRow) -> Origin | None:
    """The worker's message that a call carries."""
    origin = row.call.data.get("origin")
    return (int(origin[0]), int(origin[1])) if origin else None


def still_waiting(job: Job, payload: dict[str, Any]) -> None:
    """Some seconds have passed: what has not arrived is marked as waiting."""
    group_id, message_id = payload["data"]["origin"]
    link = job.unit.find_link(group_id, message_id)
    if link is None or link.role != GOING:
        return
    if len(outgoing.parts_of(job, link.case_id, (group_id, message_id))) < payload["data"]["parts"]:
        reaction(job, (group_id, message_id), WAITING)


def arrived(job: Job, row: OutboxRow, message_id: int) -> None:
    """One message of a worker's words is on the phone; with the last of them that is shown."""
    origin, case_id = origin_of(row), row.call.case_id
    if origin is None or case_id is None:
        return
    job.unit.link(Link(row.call.chat_id, message_id, case_id, OUT, *origin))
    link = job.unit.find_link(*origin)
    if link is not None and link.role == UNSENT:
        remove(job, case_id, row.call.chat_id, [message_id], origin)  # taken back on its way
        return
    parts = outgoing.parts_of(job, case_id, origin)
    job.unit.link(Link(*origin, case_id, GOING, row.call.chat_id, parts[0].message_id))
    if len(parts) >= int(row.call.data.get("parts", 1)):
        job.unit.cancel_timer(wait_key(origin))
        reaction(job, origin, CHANGED if row.call.data.get("edit") else DELIVERED)
    case = job.unit.load_case(case_id)
    if case is not None:
        reachable(job, case)


def not_delivered(job: Job, row: OutboxRow, case: Case | None, reason: str) -> None:
    """A worker's words did not arrive: it shows on them, and the reason is said once."""
    origin = origin_of(row)
    if origin is None:
        return
    link = job.unit.find_link(*origin)
    already = link is not None and link.role == FAILED
    if row.call.role == OUT and link is not None and link.role == GOING:
        job.unit.link(replace(link, role=FAILED))
    job.unit.cancel_timer(wait_key(origin))
    reaction(job, origin, NOT_DELIVERED)
    said = already or (case is not None and reason in AWAY and not case.reachable)
    if case is not None and reason in AWAY:
        case = away(job, case)
    if not said:
        _say_why(job, origin, case, why(job, reason))


def _say_why(job: Job, origin: Origin, case: Case | None, text: str) -> None:
    number = case.id if case else 0
    shown = job.text("staff.not-delivered", case=number, why=text)
    target = {"message_id": origin[1], "allow_sending_without_reply": True}
    params = message(origin[0], shown, reply_parameters=target)
    data: dict[str, Any] = {"place": case.id} if case else {}
    job.calls.append(
        Call("sendMessage", params, origin[0], Priority.RELAY, number or None, "note", data)
    )


def why(job: Job, reason: str) -> str:
    """Why something did not arrive, in words for staff."""
    if reason in WHY:
        return job.world.wording.label(WHY[reason])
    return job.world.wording.label("staff.why-other", reason=reason)


def away(job: Job, case: Case) -> Case:
    """The person cannot be reached: the card says so from now on."""
    if not case.reachable:
        return case
    case = replace(case, reachable=False)
    job.unit.save_case(case)
    desk.refresh_card(job, case)
    return case


def reachable(job: Job, case: Case) -> Case:
    """The person can be reached: where that was not so, staff hear of it."""
    if case.reachable:
        return case
    case = replace(case, reachable=True)
    job.unit.save_case(case)
    desk.note(job, case, "desk-relay.reachable-again")
    desk.refresh_card(job, case)
    return case


def unreachable(job: Job, case: Case, reason: str = "blocked") -> Case:
    """Nothing can reach the person any more: staff hear of it, unless they have already."""
    if case.reachable:
        desk.note(job, case, "desk-relay.unreachable", why=why(job, reason))
    return away(job, case)


def changed(job: Job, row: OutboxRow) -> None:
    """A change reached the phone."""
    origin = origin_of(row)
    if origin is not None and row.call.data.get("last"):
        reaction(job, origin, CHANGED)


def cut_away(job: Job, row: OutboxRow) -> None:
    """A part that a shorter version no longer needs is off the phone."""
    for message_id in row.call.params.get("message_ids", ()):
        link = job.unit.find_link(row.call.chat_id, message_id)
        if link is not None:
            job.unit.link(replace(link, role="relay-gone"))
    changed(job, row)


def remove(job: Job, case_id: int, chat_id: int, ids: list[int], origin: Origin) -> None:
    """Delete messages on the phone, for a worker who takes words back."""
    params = {"chat_id": chat_id, "message_ids": ids}
    data = {"origin": list(origin)}
    job.calls.append(
        Call("deleteMessages", params, chat_id, Priority.RELAY, case_id, "unsend", data)
    )


def taken_back(job: Job, row: OutboxRow) -> None:
    """What was taken back is off the phone."""
    if origin := origin_of(row):
        reaction(job, origin, TAKEN_BACK)


def not_taken_back(job: Job, row: OutboxRow, case: Case | None, _reason: str) -> None:
    """Telegram does not let it go any more: the words still stand on the phone."""
    origin = origin_of(row)
    link = job.unit.find_link(*origin) if origin else None
    if origin is None or link is None:
        return
    job.unit.link(replace(link, role=GOING))
    if case is not None:
        target = {"message_id": origin[1], "allow_sending_without_reply": True}
        text = job.text("desk-relay.unsend-late", case=case.id)
        params = message(origin[0], text, reply_parameters=target)
        data = {"place": case.id}
        job.calls.append(
            Call("sendMessage", params, origin[0], Priority.RELAY, case.id, "note", data)
        )


def resolve_out(job: Job, row: OutboxRow) -> Resolution:
    """Words that were taken back before they went do not go."""
    origin = origin_of(row)
    link = job.unit.find_link(*origin) if origin else None
    return Drop() if link is not None and link.role == UNSENT else Ready(row.call.params)


def resolve_change(job: Job, row: OutboxRow) -> Resolution:
    """Which message on the phone a change is about: known once that has arrived."""
    origin = origin_of(row)
    link = job.unit.find_link(*origin) if origin else None
    if origin is None or link is None or link.role != GOING:
        return Drop()
    parts = outgoing.parts_of(job, link.case_id, origin)
    part = int(row.call.data["part"])
    if part >= len(parts):
        return Wait()
    number = parts[part].message_id
    single = row.call.method != "deleteMessages"
    found: dict[str, Any] = {"message_id": number} if single else {"message_ids": [number]}
    return Ready(row.call.params | found)
