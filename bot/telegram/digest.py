"""The weekly digest in the staff group: what is stale, missing, unanswered or said to be wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import TypeVar

from bot.conversation.world import SERVED, SUPPORT_INTENTS
from bot.delivery.counted import RARER, WRONG, reported, summed, visible
from bot.delivery.model import Call, Priority, Timer
from bot.telegram.office import Job
from bot.telegram.render import LONGEST, message, units
from directory.coverage import Gap, coverage, gaps, spoken_ages
from directory.hours import LONDON
from directory.model import Directory
from directory.stale import Due, places_of, to_check
from intents.wording import Markup, joined

T = TypeVar("T")

DIGEST = "digest"
NEXT = "digest-next"  # meta: when the next one is due, so that a restart loses none
MONDAY, AT = 0, time(9, 0)  # London time: somebody is there, and the week is ahead
DAYS = 7
ROWS = 5  # of each list at most
EVER = "0000-00-00"
NAME = 70  # characters of a name at most


def plan_digest(job: Job) -> None:
    """See to it that the next digest comes; or none, where it is switched off."""
    plan_monday(job, DIGEST, NEXT, wanted=job.office.digest)


def send_digest(job: Job) -> None:
    """Put the digest together and send it, quietly; plan the next one."""
    if not job.office.digest:
        return
    params = message(job.staff_group, digest_text(job), disable_notification=True)
    job.calls.append(
        Call("sendMessage", params, job.staff_group, Priority.HOUSEKEEPING, role="note")
    )
    next_week(job, DIGEST, NEXT)


def plan_monday(job: Job, kind: str, meta: str, *, wanted: bool) -> None:
    """See to it that something comes on Monday mornings; a restart neither loses nor moves it."""
    if not wanted:
        job.unit.cancel_timer(kind)
        job.unit.set_meta(meta, "")
        return
    kept = job.unit.get_meta(meta)
    # What is overdue gets a new time: its old one may be known as done, and dropped.
    _set(job, kind, meta, max(datetime.fromisoformat(kept), job.now) if kept else None)


def next_week(job: Job, kind: str, meta: str) -> None:
    """It came: plan the next one."""
    _set(job, kind, meta, None)


def _set(job: Job, kind: str, meta: str, due: datetime | None) -> None:
    due = due or next_monday(job.now)
    job.unit.set_meta(meta, due.isoformat())
    job.unit.set_timer(Timer(kind, due, f"k:{kind}", kind))


def next_monday(now: datetime) -> datetime:
    """The next Monday morning in London, as UTC; always after now."""
    local = now.astimezone(LONDON)
    day = local.date() + timedelta(days=(MONDAY - local.weekday()) % 7)
    due = datetime.combine(day, AT, tzinfo=LONDON)
    if due <= local:
        due = datetime.combine(day + timedelta(days=7), AT, tzinfo=LONDON)
    return due.astimezone(now.tzinfo)


def digest_text(job: Job) -> str:
    """The whole digest as one message: where it would be too long, each list gets shorter."""
    for rows in range(ROWS, 0, -1):
        parts = (_stale(job, rows), _gaps(job, rows), _unanswered(job, rows), _wrong(job, rows))
        text = joined([job.text("digest.title"), *parts, job.text("digest.commands")])
        if units(text) <= LONGEST:
            return text
    return job.text("digest.title") + "\n\n" + job.text("digest.commands")


def _stale(job: Job, rows: int) -> str:
    today = job.now.astimezone(LONDON).date()
    directory = Directory(dict(job.world.services), dict(job.world.front_doors))
    total = sum(not one.closed for one in directory.services.values())
    total += len(directory.front_doors)
    late = to_check(directory, today)
    if not late:
        return job.text("digest.stale-none", total=total)
    places = ", ".join(f"{place} {len(below)}" for place, below in places_of(late).items())
    first = sorted(late, key=lambda one: (not one.front_door, one.still_sure))
    title = job.text("digest.stale", past=len(late), total=total, places=places)
    return _list(job, title, first, rows, lambda one: _stale_row(job, one))


def _stale_row(job: Job, one: Due) -> str:
    phone = one.contact.phone
    ring = job.text("digest.stale-ring", phone=_short(phone)) if phone else ""
    return job.text(
        "digest.stale-row", name=_short(one.name), place=one.place,
        seen=_short(one.assurance.seen), ring=ring,
    )  # fmt: skip


def _gaps(job: Job, rows: int) -> str:
    today = job.now.astimezone(LONDON).date()
    found = gaps(coverage(job.world.services.values(), sorted(SUPPORT_INTENTS), SERVED, today))
    if not found:
        return job.text("digest.gaps-none")
    parts = []
    for key, missing in (("digest.gaps", True), ("digest.unsure", False)):
        these = [gap for gap in found if gap.missing is missing]
        if these:
            parts.append(_list(job, job.text(key), these, rows, lambda gap: _gap_row(job, gap)))
    return "\n\n".join(parts)


def _gap_row(job: Job, gap: Gap) -> str:
    everywhere = set(gap.boroughs) == set(SERVED)
    where = job.text("digest.gap-all") if everywhere else ", ".join(gap.boroughs)
    return job.text(
        "digest.gap-row", need=need_name(job, gap.need), ages=spoken_ages(gap.ages), boroughs=where
    )


def _unanswered(job: Job, rows: int) -> str:
    since = f"{job.now - timedelta(days=DAYS - 1):%Y-%m-%d}"
    unmet = visible(summed(job.unit.counts("unmet", since)))
    words = summed(job.unit.counts("not-understood", since))
    rare = unmet.pop(RARER, None)
    lines = [_unmet_row(job, label, number) for label, number in unmet.items()][:rows]
    if len(unmet) > rows:
        lines.append(job.text("digest.more", n=len(unmet) - rows))
    if rare is not None:
        lines.append(job.text("digest.unanswered-rare", n=rare))
    lines += [job.text("digest.unanswered-words", n=number) for number in visible(words).values()]
    if not lines:
        return job.text("digest.unanswered-none")
    return "\n".join([job.text("digest.unanswered"), *lines])


def _unmet_row(job: Job, label: str, number: object) -> str:
    needs, _, where = label.partition("/")
    what = ", ".join(need_name(job, need) for need in needs.split("+"))
    place = job.text("digest.anywhere") if where in ("", "anywhere") else _short(where)
    return job.text("digest.unanswered-row", what=what, where=place, n=number)


def _wrong(job: Job, rows: int) -> str:
    found = reported(job.unit.counts(WRONG, EVER), job.office.wrong_done())
    waiting = [one for one in found if one.waiting and one.id in job.world.services]
    if not waiting:
        return job.text("digest.wrong-none")

    def row(place: int) -> str:
        one = waiting[place]
        name = _short(job.world.services[one.id].name)
        return job.text("digest.wrong-row", name=name, n=one.waiting, last=one.last)

    return _list(job, job.text("digest.wrong"), range(len(waiting)), rows, row)


def _list(job: Job, title: str, items: Sequence[T], rows: int, row: Callable[[T], str]) -> str:
    lines: Iterable[str] = [title, *(row(item) for item in items[:rows])]
    more = [job.text("digest.more", n=len(items) - rows)] if len(items) > rows else []
    return Markup("\n".join([*lines, *more]))


def need_name(job: Job, need: str) -> str:
    """A need as staff call it."""
    key = f"needs.{need}"
    return job.world.wording.label(key) if job.world.wording.has(key) else need


def _short(text: str) -> str:
    return text if len(text) <= NAME else f"{text[: NAME - 1]}…"
