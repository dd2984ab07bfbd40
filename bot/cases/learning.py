"""What a worker says of an alarm afterwards, and whose words may become an example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.cases.flow import Outcome
from bot.cases.model import Case, Line, Status
from intents.model import Urgency
from intents.scrub import ages

NOT_A_DANGER = "not-a-danger"
WAS_A_DANGER = "was-a-danger"
JUDGEMENTS = (NOT_A_DANGER, WAS_A_DANGER)
YOUNGEST = 13  # nobody younger is learnt from
LONGEST = 500  # characters of an example
LOOKED_AT_FOR = timedelta(hours=24)  # then a suggestion that nobody decided on is dropped
COUNT = "judged"  # the daily counts of judgements, by judgement and kind


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody, as far as it says whether their words may be kept."""

    age: int | None = None
    forgotten: bool = False  # they asked to be forgotten


def offered(case: Case) -> str | None:
    """The judgement that a closed case's card offers; None where there is nothing to judge."""
    if case.judged or case.status is not Status.CLOSED or case.outcome == Outcome.FALSE_ALARM:
        return None
    return _sensible(case)


def judged_by_closing(case: Case) -> str | None:
    """What the outcome of a case says of its alarm already."""
    judged = _sensible(case) if case.outcome == Outcome.FALSE_ALARM else None
    return NOT_A_DANGER if judged == NOT_A_DANGER else None


def _sensible(case: Case) -> str | None:
    if case.drill or case.merged_into:
        return None
    alarmed = Urgency(case.urgency).paged and not case.asked_for_person
    return NOT_A_DANGER if alarmed else WAS_A_DANGER


def kept_out(case: Case, lines: Sequence[Line], person: Person) -> str | None:
    """Why no words of a case may be kept, as the end of a key of wording; None where they may."""
    if person.forgotten or not case.chat_id:
        return "forgotten"
    known = [age for age in (case.age, person.age) if age is not None]
    said = [age for line in lines if line.author == "person" for age in ages(line.text)]
    if any(age < YOUNGEST for age in (*known, *said)):
        return "too-young"
    if not any(line.author == "person" and line.text.strip() for line in lines):
        return "no-words"
    return None


def likely_words(lines: Sequence[Line], judged: str) -> str:
    """The line that an example would be about; a worker may well choose another.

    A false alarm came with the first line. What should have raised one is likely the line of the
    first ones that says the most.
    """
    said = [line.text for line in lines if line.author == "person" and line.text.strip()]
    return max(said[:10], key=len) if judged == WAS_A_DANGER else said[0]


def shortened(text: str) -> str:
    """An example in one line, not longer than an example should be."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rsplit(' ', 1)[0]}…"
