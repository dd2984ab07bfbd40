"""What a worker is called before a young person: a first name of their choice, never an account."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from bot.cases.model import Status, Worker
from bot.telegram import desk
from bot.telegram.answers import answer
from bot.telegram.events import StaffSaid
from bot.telegram.office import Job
from bot.telegram.overview import Command

LONGEST = 20


def known(job: Job, worker: Worker) -> Worker:
    """The worker under their chosen name; without one, under the letters of their first name."""
    chosen = job.unit.get_meta(_key(worker.id))
    return replace(worker, name=chosen or shown(worker.name) or _nobody(job))


def shown(first_name: str) -> str:
    """What an account's first name begins with: no number, no handle, no sign, no markup."""
    kept = "".join(char if _letter(char) or char in "-'’ " else "\n" for char in first_name)
    first = next((part for part in kept.split("\n") if part.strip(" -'’")), "")
    name = ""
    for word in (word.strip("-'’") for word in first.split()):
        longer = f"{name} {word}".strip()
        if len(longer) > LONGEST:
            break
        name = longer
    return name or first.strip(" -'’")[:LONGEST]


def _letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM"


def _nobody(job: Job) -> str:
    return job.world.wording.label("desk-relay.nameless")


def _key(worker_id: int) -> str:
    return f"worker-name:{worker_id}"


def _name(job: Job, event: StaffSaid, argument: str) -> None:
    """`/name Sam`: from now on the young people read "Sam from the team"."""
    if not argument:
        answer(job, event, "desk-relay.name-is", worker=event.worker.name)
        return
    name = unicodedata.normalize("NFC", argument)
    if len(name) > LONGEST or not all(map(_letter, name)) or not name[0].isalpha():
        answer(job, event, "desk-relay.name-refused", longest=LONGEST)
        return
    name = name[0].upper() + name[1:]
    job.unit.set_meta(_key(event.worker.id), name)
    for case in job.unit.cases_in((Status.CLAIMED,)):
        if case.worker is not None and case.worker.id == event.worker.id:
            case = replace(case, worker=replace(case.worker, name=name))
            job.unit.save_case(case)
            desk.refresh_card(job, case)
    answer(job, event, "desk-relay.name-set", worker=name)


COMMANDS: dict[str, Command] = {"name": _name}
