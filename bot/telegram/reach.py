"""A staff group that cannot be reached, or can again: its cases go where somebody sees them."""

from __future__ import annotations

import logging

from bot.cases import chain, flow, rota
from bot.cases.model import Case
from bot.cases.plan import LEAD, ON_CALL, StaffGroup
from bot.cases.routing import route
from bot.delivery.limits import COUNTED_METHODS
from bot.delivery.model import Call, Priority
from bot.telegram import clocks, desk, passing
from bot.telegram.card import CardView, card_text
from bot.telegram.office import SHUT, TOPICS, Job, fact
from bot.telegram.people import by_hand
from bot.telegram.render import message
from bot.telegram.transcript import TRANSCRIPT

log = logging.getLogger(__name__)

# A refused call that says: nothing gets into this chat at all.
SHUT_OUT = frozenset({"kicked", "chat-not-found", "group-deleted", "moved-for-ever", "forbidden"})
NO_WRITING = "not-enough-rights"
NO_TOPICS = frozenset({"not-a-forum", NO_WRITING})
HEARD_ONLY = frozenset({NO_WRITING})  # it is heard, and cannot be answered
REASONS = {"kicked": "removed", "removed": "removed", "group-deleted": "deleted",
           "chat-not-found": "deleted", NO_WRITING: "may-not-write"}  # fmt: skip
# Belongs where the case is, as places do.
_BOUND = frozenset({"card", "card-edit", "topic", TRANSCRIPT})
# Pictures, files and copies need rights of their own: without them words may still get in.
_WORDS = "sendMessage"
_WRITES = frozenset(name for name in COUNTED_METHODS if name.startswith(("send", "copy")))


def refused(job: Job, call: Call, reason: str) -> None:
    """A call to a staff group was given up: find out whether the group itself is gone."""
    group = job.group(call.chat_id)
    if group is None:
        return
    if call.method == "createForumTopic" and reason in NO_TOPICS:
        no_topics(job, group.chat_id)
    elif reason in SHUT_OUT or (reason == NO_WRITING and call.method == _WORDS):
        lost(job, group.chat_id, reason)


def no_topics(job: Job, group_id: int) -> None:
    """Topics cannot be made in a group: it is told once, and cases run under their cards."""
    before = job.unit.get_meta(fact(TOPICS, group_id))
    job.unit.set_meta(fact(TOPICS, group_id), "no")
    if before != "no":
        _say(job, group_id, job.text("staff.topics-missing"))


def lost(job: Job, group_id: int, reason: str) -> None:
    """Nothing gets into a group any more: its cases go to another at once, else to the people."""
    group = job.group(group_id)
    if group is None or job.unit.get_meta(fact(SHUT, group.chat_id)):
        return
    job.unit.set_meta(fact(SHUT, group.chat_id), reason)
    job.groups_changed = True
    log.critical("a staff group cannot be reached: %s", reason)
    job.unit.audit("group-lost", {"group": group.name, "why": reason}, job.now)
    cases = [
        case
        for case in job.unit.cases_in(passing.LIVE)
        if case.group_id == group.chat_id and not case.drill
    ]
    for case in flow.riskiest_first(cases):
        _save(job, case)
    why = job.world.wording.label(f"desk-groups.why-{REASONS.get(reason, 'other')}")
    text = job.text("desk-groups.lost", group=group.name, why=why, number=len(cases))
    if job.staff_group not in job.shut():
        _say(job, job.staff_group, text, Priority.ALERT)
        return
    for chat_id in people(job):
        _say(job, chat_id, text, Priority.ALERT)


def _save(job: Job, case: Case) -> None:
    """One case of a group that is gone: seen elsewhere before anything else is said."""
    worker = case.worker
    target = route(job.groups(), case.borough, case.kind, job.shut())
    if target is not None:
        case = passing.move(job, case, target, reachable=False)
    else:
        case = _in_nobodys_hands(job, case)
        card = card_text(CardView(case, job.unit.lines(case.id), job.now), job.world)
        for chat_id in people(job):
            _say(job, chat_id, card, Priority.ALERT, case)
    if worker is not None:
        desk.to_person(job, case, job.text("desk-groups.person-waits", worker=worker.name))


def _in_nobodys_hands(job: Job, case: Case) -> Case:
    """The worker who had it cannot answer any more, so the chain runs again."""
    if case.worker is None:
        return case
    given = flow.release(case, case.worker)
    if not isinstance(given, Case):
        return case
    job.unit.cancel_timers(chain.timer_prefix(case.id))
    job.unit.save_case(given)
    clocks.set_chain(job, given)
    return given


def people(job: Job) -> list[int]:
    """The private chats of those who are called when no group can be."""
    found = [
        one
        for role in (ON_CALL, LEAD)
        for one in rota.to_call(job.plan, by_hand(job), role, None, job.now)
    ]
    return list(dict.fromkeys(found))


def took(job: Job, call: Call) -> None:
    """A group that was given up has taken a message."""
    if call.method in _WRITES:
        back(job, call.chat_id)


def heard(job: Job, group_id: int) -> None:
    """Somebody wrote or pressed in a group: the bot is in it, whatever was thought before."""
    why = job.unit.get_meta(fact(SHUT, job.current(group_id)))
    if why and why not in HEARD_ONLY:
        back(job, group_id)


def back(job: Job, group_id: int) -> None:
    """A group can be reached again: it is told which cases are where, and gets what waits."""
    group = job.group(group_id)
    if group is None or not job.unit.get_meta(fact(SHUT, group.chat_id)):
        return
    job.unit.set_meta(fact(SHUT, group.chat_id), "")
    job.groups_changed = True
    log.warning("a staff group can be reached again")
    job.unit.audit("group-back", {"group": group.name}, job.now)
    live = job.unit.cases_in(passing.LIVE)
    _say(job, group.chat_id, _where(job, group, live), Priority.ALERT)
    shut = job.shut()
    for case in flow.riskiest_first(live):
        if case.group_id == group.chat_id:
            desk.send_card(job, case)
        elif case.group_id in shut:  # no group could be reached when it was put there
            passing.move(job, case, group, reachable=False)


def _where(job: Job, group: StaffGroup, live: list[Case]) -> str:
    rows = []
    for case in live:
        if case.group_id != group.chat_id and _came_from(job, case, group):
            where = passing.elsewhere(job, group.chat_id, case) or ""
            rows.append(job.text("desk-groups.back-row", case=case.id, group=where))
    known = "\n".join(rows) or job.text("desk-groups.back-none")
    return f"{job.text('desk-groups.back')}\n{known}"


def _came_from(job: Job, case: Case, group: StaffGroup) -> bool:
    moves = [data for _, event, data in job.unit.history(case.id) if event == passing.PASSED]
    return any(job.current(int(data["from"])) == group.chat_id for data in moves)


def rehome(job: Job) -> None:
    """Cases of a group that the plan has no longer go to one that it has."""
    ids = {group.chat_id for group in job.groups()}
    for case in flow.riskiest_first(job.unit.cases_in(passing.LIVE)):
        if case.group_id not in ids:
            passing.move(job, case, job.route(case.borough, case.kind))


def moved(job: Job, old: int, new: int) -> None:
    """A group has a new id, and numbers its messages afresh: the staff get their cards again."""
    job.unit.set_meta(fact(SHUT, old), "")
    job.unit.set_meta(fact(SHUT, new), "")
    job.groups_changed = True
    for case in job.unit.cases_in(passing.LIVE):
        # A card that was never sent has no link: it still waits in the outbox, and went along.
        was_shown = bool(job.unit.links_of(case.id, "card"))
        if case.group_id == new and case.card_message_id is None and was_shown:
            desk.send_card(job, case)


def elsewhere_now(job: Job, call: Call) -> Case | None:
    """The case of a call that was meant for a group which has the case no longer."""
    bound = call.role in _BOUND or "place" in call.data or "card" in call.data
    if call.chat_id >= 0 or not call.case_id or not bound:
        return None
    case = job.unit.load_case(call.case_id)
    return case if case is not None and call.chat_id != case.group_id else None


def follow(call: Call, case: Case) -> Call | None:
    """The same call where the case is now; None for what only made sense in the old group."""
    if "place" not in call.data or call.method != "sendMessage":
        return None
    gone = ("message_thread_id", "reply_parameters")
    params = {name: value for name, value in call.params.items() if name not in gone}
    fresh: dict[str, object] = {**params, "chat_id": case.group_id}
    return Call(
        call.method, fresh, case.group_id, call.priority, call.case_id, call.role, call.data
    )


def _say(job: Job, chat_id: int, text: str, priority: Priority = Priority.RELAY,
         case: Case | None = None) -> None:  # fmt: skip
    role = "alert" if case else "note"
    number = case.id if case else None
    job.calls.append(
        Call("sendMessage", message(chat_id, text), chat_id, priority, number, role=role)
    )
