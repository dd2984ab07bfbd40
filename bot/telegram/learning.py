"""Learning from a case: a judgement by one tap, and an example that a worker has read first.

What is kept is tied to nobody and no case, and never becomes a rule by itself: a maintainer reads
it (`python run_bot.py suggestions`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.cases import learning
from bot.cases.learning import NOT_A_DANGER, Person
from bot.cases.model import Case, Link
from bot.conversation.state import Button
from bot.delivery.model import Call, OutboxRow, Priority, Timer
from bot.telegram import desk
from bot.telegram.answers import answer, toast
from bot.telegram.events import StaffPressed, StaffSaid
from bot.telegram.office import Job
from bot.telegram.presses import Press
from bot.telegram.render import keyboard, message

ROLE = "suggestion"  # the message that shows what would be kept
DUE = "suggestion"


def after_close(job: Job, case: Case) -> None:
    """Whoever closed a case as no danger has judged it; the words are asked for then."""
    judged = learning.judged_by_closing(case)
    if judged is not None and case.judged is None:
        _judge(job, case, judged)


def _judge(job: Job, case: Case, judged: str) -> str | None:
    """Note a judgement, and show what would be kept; why nothing may be, otherwise."""
    job.unit.count(learning.COUNT, f"{judged}/{case.kind or 'any'}", f"{job.now:%Y-%m-%d}")
    job.unit.log(case.id, "judged", {"judged": judged}, job.now)
    case = replace(case, judged=judged)
    job.unit.save_case(case)
    lines = job.unit.lines(case.id)
    why = learning.kept_out(case, lines, _person(job, case))
    if why is None:
        _offer(job, case, job.world.scrub(learning.likely_words(lines, judged)))
    return why


def _person(job: Job, case: Case) -> Person:
    state = job.unit.load_chat(case.chat_id) or {} if case.chat_id else {}
    asked = any(event == desk.FORGET for _, event, _ in job.unit.history(case.id))
    return Person(state.get("age"), asked)


def _offer(job: Job, case: Case, text: str) -> None:
    """Show exactly what would be kept, under the card and not in the topic, which is closed."""
    case = replace(case, suggestion=learning.shortened(text))
    job.unit.save_case(case)
    params = message(case.group_id, _shown(job, case), reply_markup=keyboard(_buttons(job, case)))
    if case.card_message_id is not None:
        target = {"message_id": case.card_message_id, "allow_sending_without_reply": True}
        params["reply_parameters"] = target
    job.calls.append(
        Call("sendMessage", params, case.group_id, Priority.HOUSEKEEPING, case.id, role=ROLE)
    )
    due = job.now + learning.LOOKED_AT_FOR
    job.unit.set_timer(Timer(f"{DUE}:{case.id}", due, f"k:{case.id}", DUE, {"case": case.id}))


def _shown(job: Job, case: Case) -> str:
    key = "not-a-danger" if case.judged == NOT_A_DANGER else "was-a-danger"
    head = job.text(f"desk-learning.judged-{key}", case=case.id)
    return job.text(
        "desk-learning.offer", judged=head, text=case.suggestion or "",
        days=job.world.retention_days,
    )  # fmt: skip


def _buttons(job: Job, case: Case) -> tuple[tuple[Button, ...], ...]:
    label = job.world.wording.label
    give = Button(label("desk-learning.give"), f"suggest:{case.id}:give", style="primary")
    without = Button(label("desk-learning.without"), f"suggest:{case.id}:without")
    return ((give,), (without, Button(label("desk-learning.cancel"), f"suggest:{case.id}:cancel")))


def noted(job: Job, row: OutboxRow, result: dict[str, Any]) -> None:
    """What is shown was sent: a reply to it changes the text."""
    if "message_id" in result and row.call.case_id is not None:
        job.unit.link(Link(row.call.chat_id, result["message_id"], row.call.case_id, ROLE))


def _pressed_judge(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    """The button of a closed card."""
    label = job.world.wording.label
    if argument not in learning.JUDGEMENTS or learning.offered(case) != argument:
        toast(job, event, label("desk-learning.judged-already", case=case.id), alert=True)
        return
    why = _judge(job, case, argument)
    desk.refresh_card(job, case)
    toast(job, event, label(f"desk-learning.noted-{why or 'look'}", case=case.id))


def _decided(job: Job, event: StaffPressed, case: Case, argument: str) -> None:
    """What is to become of the words."""
    if case.suggestion is None or argument not in ("give", "without", "cancel"):
        toast(job, event, job.world.wording.label("desk-learning.over"), alert=True)
        return
    end = argument
    if argument == "give":
        lines = job.unit.lines(case.id)
        # They may have asked to be forgotten, or said how old they are, since it was shown.
        end = learning.kept_out(case, lines, _person(job, case)) or "given"
    if end == "given":
        example = {"text": case.suggestion, "judged": case.judged, "kind": case.kind,
                   "level": case.urgency}  # fmt: skip
        job.unit.suggest(example, f"{job.now:%Y-%m-%d}")
    _end(job, replace(case, suggestion=None), end, event.message_id)
    toast(job, event)


def _end(job: Job, case: Case, end: str, message_id: int) -> None:
    """The words go from the message; with "cancel" the judgement goes too, unless it closed it."""
    if end == "cancel" and case.judged and learning.judged_by_closing(case) is None:
        day = f"{job.now:%Y-%m-%d}"
        job.unit.count(learning.COUNT, f"{case.judged}/{case.kind or 'any'}", day, by=-1)
        job.unit.log(case.id, "judgement-taken-back", {}, job.now)
        case = replace(case, judged=None)
    job.unit.save_case(case)
    job.unit.cancel_timer(f"{DUE}:{case.id}")
    text = job.text(f"desk-learning.end-{end}", case=case.id, days=job.world.retention_days)
    params = message(case.group_id, text, message_id=message_id)
    job.calls.append(Call("editMessageText", params, case.group_id, Priority.HOUSEKEEPING, case.id))
    desk.refresh_card(job, case)


def shown_in(job: Job, event: StaffSaid) -> Case | None:
    """The case whose example a worker answers, if that is what they answer."""
    link = job.unit.find_link(event.group_id, event.reply_to) if event.reply_to else None
    if link is None or link.role != ROLE:
        return None
    return job.unit.load_case(link.case_id)


def changed(job: Job, event: StaffSaid, case: Case) -> None:
    """A worker wrote how the example should read; names and numbers are taken out again."""
    if case.suggestion is None:
        answer(job, event, "desk-learning.over")
        return
    text = learning.shortened(job.world.scrub(event.text, strict=False))
    if not text:
        answer(job, event, "desk-learning.change-no-words")
        return
    case = replace(case, suggestion=text)
    job.unit.save_case(case)
    for link in job.unit.links_of(case.id, ROLE)[-1:]:
        params = message(
            link.chat_id, _shown(job, case), message_id=link.message_id,
            reply_markup=keyboard(_buttons(job, case)),
        )  # fmt: skip
        job.calls.append(Call("editMessageText", params, link.chat_id, Priority.RELAY, case.id))
    answer(job, event, "desk-learning.changed", text=text)


def overdue(job: Job, payload: dict[str, Any]) -> None:
    """Nobody decided: nothing is kept, and the message shows no words any more."""
    case = job.unit.load_case(int(payload["data"]["case"]))
    if case is None or case.suggestion is None:
        return
    case = replace(case, suggestion=None)
    job.unit.save_case(case)
    for link in job.unit.links_of(case.id, ROLE)[-1:]:
        _end(job, case, "overdue", link.message_id)


PRESSES: dict[str, Press] = {
    "judge": _pressed_judge,
    "suggest": _decided,
}
