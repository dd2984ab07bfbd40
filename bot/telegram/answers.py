"""What the bot says to staff about what they just did: a toast, an answer, a reaction."""

from __future__ import annotations

import re

from bot.cases.flow import Refused
from bot.cases.model import Case
from bot.conversation.state import Button
from bot.delivery.model import Call, Priority
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job
from bot.telegram.render import answer_press, keyboard, message

TAG = re.compile(r"</?[a-z][^>]*>")


def toast(job: Job, event: StaffPressed, text: str | None = None, *, alert: bool = False) -> None:
    """Answer a press; only the worker who pressed sees it."""
    job.calls.append(answer_press(event.query_id, event.group_id, job.now, text, alert))


def warn(job: Job, event: StaffPressed, key: str, **values: object) -> None:
    """Answer a press with wording that may have markup, which a toast cannot show."""
    toast(job, event, TAG.sub("", job.world.wording.label(key, **values)), alert=True)


def own_quoted(job: Job, event: StaffPressed) -> StaffSaid | None:
    """The worker's own message under which they pressed; else they are told, and it is None."""
    said = event.quoted
    if said is None:
        warn(job, event, "desk-relay.message-gone")
    elif said.worker.id != event.worker.id:
        warn(job, event, "desk-relay.not-your-message")
        return None
    return said


def refuse(job: Job, event: StaffPressed, case: Case, why: Refused) -> None:
    """Say to the worker who pressed why it cannot be done."""
    worker = why.worker.name if why.worker else ""
    key = why.key if "." in why.key else f"staff.{why.key}"
    text = job.world.wording.label(key, case=case.id, worker=worker, other=why.other)
    toast(job, event, text, alert=True)


def change_buttons(
    job: Job, event: StaffPressed, case: Case, rows: tuple[tuple[Button, ...], ...]
) -> None:
    """Put other buttons under the message whose button was pressed."""
    params = {
        "chat_id": event.group_id,
        "message_id": event.message_id,
        "reply_markup": keyboard(rows),
    }
    job.calls.append(
        Call("editMessageReplyMarkup", params, event.group_id, Priority.RELAY, case.id)
    )


def answer(
    job: Job, event: StaffSaid, key: str, *, about: Case | None = None,
    rows: tuple[tuple[Button, ...], ...] = (), **values: object,
) -> None:  # fmt: skip
    """Answer a worker under what they wrote; with a case a reply to it is known as one to a note.

    `about` is that case, `rows` are buttons.
    """
    answer_with(job, event, job.text(key, **values), about=about, rows=rows)


def answer_with(
    job: Job, event: StaffSaid, text: str, *, about: Case | None = None,
    rows: tuple[tuple[Button, ...], ...] = (),
) -> None:  # fmt: skip
    """The same with a text that is ready."""
    params = message(
        event.group_id,
        text,
        reply_parameters={"message_id": event.message_id, "allow_sending_without_reply": True},
    )
    if event.topic_id is not None:
        params["message_thread_id"] = event.topic_id
    if rows:
        params["reply_markup"] = keyboard(rows)
    number = about.id if about is not None else None
    call = Call("sendMessage", params, event.group_id, Priority.RELAY, number, role="note")
    job.calls.append(call)


def replace_note(
    job: Job, event: StaffPressed, case: Case, text: str,
    rows: tuple[tuple[Button, ...], ...] = (),
) -> None:  # fmt: skip
    """Change the message whose button was pressed; without rows its buttons go."""
    params = message(event.group_id, text, message_id=event.message_id)
    if rows:
        params["reply_markup"] = keyboard(rows)
    call = Call("editMessageText", params, event.group_id, Priority.RELAY, case.id)
    job.calls.append(call)


def plain(job: Job, event: StaffSaid, text: str, rows: tuple[tuple[Button, ...], ...] = ()) -> None:
    """Write where the worker wrote, with a text that is ready."""
    params = message(event.group_id, text)
    if rows:
        params["reply_markup"] = keyboard(rows)
    if event.topic_id is not None:
        params["message_thread_id"] = event.topic_id
    job.calls.append(Call("sendMessage", params, event.group_id, Priority.RELAY, role="note"))


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
