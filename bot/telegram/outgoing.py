"""Words on their way from a worker to a young person: may they go, and what became of them.

A worker's message that goes out is linked in the staff group under one of the roles below; each
message that it became on the phone is linked there as `OUT`, with the worker's as its peer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.cases.model import Case, Line, Link, Status, Worker
from bot.delivery.model import Call, Priority, Timer
from bot.telegram import desk
from bot.telegram.answers import answer_with
from bot.telegram.events import StaffSaid
from bot.telegram.office import Job
from bot.telegram.render import message, units
from bot.telegram.rich import pieces
from intents.wording import Markup

GOING = "staff-reply"  # on its way or delivered
FAILED = "staff-failed"  # it did not arrive
UNSENT = "staff-unsent"  # taken back
KEPT = "staff-kept"  # a picture that was not to be sent
OURS = frozenset({GOING, FAILED, UNSENT, KEPT})
OUT = "relay-out"
LOG = "replied"  # in a case's history: which message, whose, in how many parts
WAITING_AFTER = timedelta(seconds=8)  # what is not delivered by then is marked as waiting

Origin = tuple[int, int]  # the staff group and the worker's message there


@dataclass(frozen=True, slots=True)
class Hindered:
    """Why words cannot go to the person, by the key of the wording that says so."""

    key: str
    values: dict[str, int] = field(default_factory=dict)


def current(job: Job, case_id: int) -> Case | None:
    """The case, or the one that goes on in its place after a merge of one person's cases."""
    case = job.unit.load_case(case_id)
    return None if case is None else desk.goes_on_as(job, case)


def hindrance(
    job: Job, case: Case, group_id: int, topic_id: int | None, *, insist: bool = False
) -> Hindered | None:
    """What keeps words from going to this case's person; None where they may go."""
    here = job.unit.case_of_topic(group_id, topic_id) if topic_id is not None else None
    here = current(job, here.id) if here is not None else None
    if here is not None and here.id != case.id:
        return Hindered("desk-relay.wrong-topic", {"here": here.id, "case": case.id})
    if case.status is Status.CLOSED:
        return Hindered("staff.reply-closed", {"case": case.id})
    if not case.chat_id:
        return Hindered("desk-relay.nobody", {"case": case.id})
    if desk.hidden(job, case) and not insist:
        return Hindered("staff.reply-hidden", {"case": case.id})
    return None


def refuse_words(job: Job, event: StaffSaid, case: Case, why: Hindered) -> None:
    """Say under a worker's words why they were not sent."""
    answer_with(job, event, job.text(why.key, **why.values), about=case)


def taken(job: Job, case: Case, worker: Worker) -> Case:
    """Whoever answers an open case has it; the person waits no longer."""
    return desk.answered(job, desk.take_for_reply(job, case, worker))


@dataclass(frozen=True, slots=True)
class Words:
    """What a worker wrote, in which message of the staff group."""

    origin: Origin
    worker: Worker
    html: str
    text: str


def send(job: Job, case: Case, words: Words, *, insist: bool = False) -> int:
    """The worker's words go to the young person, in so many messages."""
    texts = as_shown(job, words)
    begin(job, case, words.origin, words.worker, len(texts), insist=insist)
    line = Line("worker", words.text, job.now, words.origin[1], words.worker.name)
    job.unit.add_line(case.id, line)
    for part, text in enumerate(texts):
        params = message(case.chat_id, text)
        out(job, case, "sendMessage", params, words.origin, part, len(texts))
    return len(texts)


def as_shown(job: Job, words: Words, key: str = "danger.from-worker") -> list[str]:
    """The messages as the person sees them: who writes stands above the first."""
    name = words.worker.name
    bare = job.text(key, worker=name, text="")
    first, *more = pieces(words.html, units(bare)) or [""]
    return [job.text(key, worker=name, text=Markup(first)), *more]


def begin(
    job: Job, case: Case, origin: Origin, worker: Worker, parts: int, **more: Any
) -> None:  # fmt: skip
    """Note that a worker's message goes out, and see to it that a long wait is shown."""
    job.unit.link(Link(*origin, case.id, GOING))
    note(job, case, origin, worker.id, parts, **more)
    data = {"origin": list(origin), "parts": parts}
    due = job.now + WAITING_AFTER
    job.unit.set_timer(Timer(wait_key(origin), due, f"k:{case.id}", "relay-wait", data))


def note(
    job: Job, case: Case, origin: Origin, worker_id: int, parts: int, **more: Any
) -> None:  # fmt: skip
    """Keep in the case's history whose message went out, in how many parts; never its words."""
    data = {"message": origin[1], "group": origin[0], "worker": worker_id, "parts": parts}
    job.unit.log(case.id, LOG, data | more, job.now)


def out(
    job: Job, case: Case, method: str, params: dict[str, Any], origin: Origin, part: int,
    parts: int, role: str = OUT, **data: Any,
) -> None:  # fmt: skip
    """One call of a worker's message on its way to the person."""
    data |= {"origin": list(origin), "part": part, "parts": parts}
    call = Call(method, params, case.chat_id, Priority.RELAY, case.id, role=role, data=data)
    job.calls.append(call)


def wait_key(origin: Origin) -> str:
    """The key of the timer that marks a message as waiting."""
    return f"relay-wait:{origin[0]}:{origin[1]}"


def parts_of(job: Job, case_id: int, origin: Origin) -> list[Link]:
    """What a worker's message became on the phone, in order."""
    links = job.unit.links_of(case_id, OUT)
    own = [link for link in links if (link.peer_chat_id, link.peer_message_id) == origin]
    return sorted(own, key=lambda link: link.message_id)


def record(job: Job, case_id: int, origin: Origin) -> dict[str, Any]:
    """What was last noted of a worker's message; empty where it never went out."""
    noted = [data for _, event, data in job.unit.history(case_id) if event == LOG]
    own = [data for data in noted if (data["group"], data["message"]) == origin]
    return own[-1] if own else {}
