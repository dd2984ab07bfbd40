"""What staff keep about a case for themselves: notes and tags. Neither is ever sent."""

from __future__ import annotations

import re

from bot.cases import tags
from bot.cases.model import Case, Line
from bot.telegram import desk
from bot.telegram.answers import answer, reaction
from bot.telegram.events import StaffSaid
from bot.telegram.office import Job
from bot.telegram.overview import Command

LONGEST_NOTE = 2000  # characters
NOTED = "\N{OK HAND SIGN}"
_NOTE = re.compile(r"/note(@\w+)?(\s|$)", re.IGNORECASE)
_NUMBER = re.compile(r"#?(\d{1,9})(?:\s+|$)", re.ASCII)
_HASH_NUMBER = re.compile(r"#(\d{1,9})(?:\s+|$)", re.ASCII)


def is_note(event: StaffSaid) -> bool:
    """Whether a message is a note, which may be changed after it was written."""
    return _NOTE.match(event.text) is not None


def _note(job: Job, event: StaffSaid, argument: str) -> None:
    case, text = _case_meant(job, event, argument, _HASH_NUMBER)
    if not text:
        answer(job, event, "desk-case.note-usage")
    elif case is None:
        answer(job, event, "desk-case.note-where")
    elif case.erased:
        answer(job, event, "desk-case.note-erased", case=case.id)
    elif len(text) > LONGEST_NOTE:
        answer(job, event, "desk-case.note-too-long", longest=LONGEST_NOTE)
    else:
        # A changed note is kept beside what it was: nothing of a record goes unseen.
        line = Line("note", text, event.at, event.message_id, event.worker.name)
        job.unit.add_line(case.id, line)
        job.unit.log(case.id, "noted", {"worker": event.worker.id}, job.now)
        reaction(job, (event.group_id, event.message_id), NOTED)
        desk.refresh_card(job, case, later=True)
        if event.has_media:
            answer(job, event, "desk-case.note-words-only")


def _case_meant(
    job: Job, event: StaffSaid, argument: str, number: re.Pattern[str]
) -> tuple[Case | None, str]:
    """The case that a command is about, and what is left of its words.

    By its number where one stands first, by the message that is replied to, or by the topic.
    """
    case: Case | None = None
    if found := number.match(argument):
        case, argument = job.unit.load_case(int(found[1])), argument[found.end() :].strip()
    elif event.reply_to is not None:
        link = job.unit.find_link(event.group_id, event.reply_to)
        case = job.unit.load_case(link.case_id) if link else None
    if case is None and not found and event.topic_id is not None:
        case = job.unit.case_of_topic(event.group_id, event.topic_id)
    return (desk.goes_on_as(job, case) if case else None), argument


def _tag(job: Job, event: StaffSaid, argument: str) -> None:
    case, text = _case_meant(job, event, argument, _NUMBER)
    given = tags.words(text, job.world.tags.meanings)
    if case is None or not given:
        answer(job, event, "desk-case.tag-usage")
        return
    done = tags.tagged(case, given)
    if done.too_long:
        shown = ", ".join(f"{tag[:20]}…" for tag in done.too_long)
        answer(job, event, "desk-case.tag-too-long", longest=tags.LONGEST_TAG, tags=shown)
    if done.too_many:
        shown = ", ".join(done.too_many)
        answer(job, event, "desk-case.tag-too-many", most=tags.MOST_TAGS, tags=shown)
    _keep_tags(job, event, case, done.case)


def _untag(job: Job, event: StaffSaid, argument: str) -> None:
    case, text = _case_meant(job, event, argument, _NUMBER)
    given = tags.words(text, job.world.tags.meanings)
    if case is None or not given:
        answer(job, event, "desk-case.tag-usage")
        return
    left = tags.untagged(case, given)
    if left.tags == case.tags:
        shown = " ".join(f"#{tag}" for tag in case.tags)
        key = "desk-case.tag-now" if shown else "desk-case.tag-none"
        answer(job, event, key, case=case.id, tags=shown)
    _keep_tags(job, event, case, left)


def _keep_tags(job: Job, event: StaffSaid, was: Case, case: Case) -> None:
    if case.tags == was.tags:
        return
    job.unit.save_case(case)
    job.unit.log(case.id, "tagged", {"worker": event.worker.id, "tags": len(case.tags)}, job.now)
    reaction(job, (event.group_id, event.message_id), NOTED)
    desk.refresh_card(job, case)


COMMANDS: dict[str, Command] = {
    "note": _note,
    "tag": _tag,
    "untag": _untag,
}
