"""What a person does in a case besides writing: pictures, reactions, answers to one message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.cases.model import Case, Line
from bot.conversation.events import PrivateEvent, Said, SharedLocation, Tapped
from bot.conversation.state import Simple, Turn
from bot.telegram import desk, marks
from bot.telegram.events import Reacted
from bot.telegram.office import Job
from bot.telegram.outgoing import OUT

MEDIA_BURST = timedelta(seconds=60)  # pictures within this are one burst: said once to each side
MEDIA_LOG = "media-came"
MEDIA_TOLD = "understand.in-case-media"
QUOTED = 60  # characters of a message that is named


def noticed(job: Job, event: PrivateEvent, case: Case) -> Case:
    """Whoever writes can be reached, whatever was thought before."""
    here = isinstance(event, Said | Tapped | SharedLocation)
    return marks.reachable(job, case) if here else case


def told_once(job: Job, turn: Turn, case: Case | None) -> Turn:
    """In a burst of pictures the person is told once that pictures do not go through."""
    media = any(isinstance(act, Simple) and act.what.startswith("media:") for act in turn.acts)
    if case is None or not media or not _in_burst(job, case):
        return turn
    return replace(turn, replies=tuple(one for one in turn.replies if one.key != MEDIA_TOLD))


def media_came(job: Job, case: Case, kind: str) -> None:
    """Staff hear that something other than words came, once a burst; it is never copied."""
    first = not _in_burst(job, case)
    job.unit.log(case.id, MEDIA_LOG, {}, job.now)
    if first:
        what = job.world.wording.label(f"desk-relay.{kind}")
        desk.note(job, case, "desk-relay.media-came", what=what)


def place_came(job: Job, case: Case, place: str) -> None:
    """Staff hear about where they are; the point itself is not kept and not passed on."""
    label = job.world.wording.label("desk-relay.line-place", place=place)
    job.unit.add_line(case.id, Line("person", label, job.now))
    desk.note(job, case, "desk-relay.place-came", place=place)


def _in_burst(job: Job, case: Case) -> bool:
    times = [at for at, event, _ in job.unit.history(case.id) if event == MEDIA_LOG]
    return bool(times) and job.now - times[-1] < MEDIA_BURST


def about(job: Job, case: Case, event: PrivateEvent) -> str:
    """Which message they answered, as staff see it; empty where they just wrote."""
    if not isinstance(event, Said) or event.reply_to is None:
        return ""
    if (text := _ours(job, case, event.chat_id, event.reply_to)) is not None:
        return f"{job.text('desk-relay.about-ours', text=text)}\n"
    own = [
        line.text
        for line in job.unit.lines(case.id)
        if line.author == "person" and line.message_id == event.reply_to
    ]
    if own:
        return f"{job.text('desk-relay.about-theirs', text=_short(own[-1]))}\n"
    return f"{job.text('desk-relay.about-bot')}\n"


def _ours(job: Job, case: Case, chat_id: int, message_id: int) -> str | None:
    """The beginning of a worker's message as it is on the person's phone."""
    link = job.unit.find_link(chat_id, message_id)
    if link is None or link.role != OUT:
        return None
    said = [
        line.text
        for line in job.unit.lines(link.case_id)
        if line.author == "worker" and line.message_id == link.peer_message_id
    ]
    return _short(said[-1]) if said else None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else f"{line[:QUOTED].rstrip()}…"


def reacted(job: Job, event: Reacted) -> None:
    """An emoji on a message says something too: staff see it, it is not taken for words."""
    case = job.unit.open_case_of(event.chat_id)
    if case is None:
        return
    text = _ours(job, case, event.chat_id, event.message_id)
    if event.emoji:
        label = job.world.wording.label("desk-relay.line-reacted", emoji=event.emoji)
        job.unit.add_line(case.id, Line("person", label, job.now))
    if text is None:
        if event.emoji:
            _tell(job, case, "desk-relay.reacted-bot", emoji=event.emoji)
    elif event.emoji:
        _tell(job, case, "desk-relay.reacted", emoji=event.emoji, text=text)
    else:
        _tell(job, case, "desk-relay.reaction-gone", text=text)


def _tell(job: Job, case: Case, key: str, **values: str) -> None:
    """With the words that come at the same time, if any: many reactions are one message."""
    shown = job.text(key, case=case.id, **values)
    desk.to_staff(job, case, shown, merge=f"relay:{case.id}")
