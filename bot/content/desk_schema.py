"""The desk's plan as a team leader writes it; desk.example.yaml explains every line."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.content.validate import one_of

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SETS = {
    "every day": range(7), "daily": range(7), "weekdays": range(5), "weekend": (5, 6),
    "weekends": (5, 6),
}  # fmt: skip
LONGEST_SPAN = timedelta(days=366)
_TIME = re.compile(r"(\d{1,2})[:.](\d\d)")
_SPAN = re.compile(r"(\S+) (?:to|-) (\S+)")

Role = Literal["worker", "on-call", "lead"]
Name = Annotated[str, Field(min_length=1, max_length=40)]


def _clock(value: Any) -> Any:
    """A time of the day; 24:00 is the end of it."""
    match = _TIME.fullmatch(str(value).strip())
    if match is None:
        raise ValueError("no time of the day; write it as 18:30")
    hour, minute = int(match[1]), int(match[2])
    if (hour, minute) == (24, 0):
        return time(0, 0)
    if hour > 23 or minute > 59:
        raise ValueError("no clock shows this; write a time as 18:30")
    return time(hour, minute)


def as_list(value: Any) -> list[str]:
    """The words of a list, or of a text with commas between them."""
    if isinstance(value, dict) or value is None:
        raise ValueError("write one or more, with commas between")
    items = value if isinstance(value, list) else str(value).split(",")
    return [str(item).strip() for item in items if str(item).strip()]


def _days(value: Any) -> frozenset[int]:
    """ "monday to friday, sunday", "weekdays", or a list of days."""
    found: set[int] = set()
    for part in (part.lower() for part in as_list(value)):
        span = _SPAN.fullmatch(part)
        if part in SETS:
            found |= set(SETS[part])
        elif span:
            first, last = _day(span[1]), _day(span[2])
            found |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
        else:
            found.add(_day(part))
    if not found:
        raise ValueError("no day is given; write for example `monday to friday`")
    return frozenset(found)


def _day(word: str) -> int:
    if len(word) >= 3:
        for number, name in enumerate(NAMES):
            if name.startswith(word):
                return number
    raise ValueError(f"`{word}` is no day; {one_of(word, (*NAMES, *SETS))}")


def _dates(value: Any) -> tuple[date, ...]:
    """ "2026-12-24 to 2026-12-31, 2027-01-02", or a list of dates."""
    found: list[date] = []
    for part in as_list(value):
        span = re.fullmatch(r"(\S+) to (\S+)", part)
        first, last = (_date(span[1]), _date(span[2])) if span else (_date(part),) * 2
        if not timedelta(0) <= last - first <= LONGEST_SPAN:
            raise ValueError(f"`{part}`: write the earlier date first, and a year at most")
        found += [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if not found:
        raise ValueError("no date is given; write it as 2026-12-24")
    return tuple(found)


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise ValueError(f"`{word}` is no date; write it as 2026-12-24") from None


Clock = Annotated[time, BeforeValidator(_clock)]
Days = Annotated[frozenset[int], BeforeValidator(_days)]
Dates = Annotated[tuple[date, ...], BeforeValidator(_dates)]
Words = Annotated[tuple[str, ...], BeforeValidator(as_list)]
Minutes = Annotated[float, Field(gt=0, le=7 * 24 * 60)]


class _Entry(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True
    )


class GroupEntry(_Entry):
    """A Telegram group that takes cases."""

    name: Name
    chat: Annotated[int, Field(lt=0)]
    boroughs: Words = ()
    kinds: Words = ()


class PersonEntry(_Entry):
    """Somebody of the team."""

    name: Name
    id: Annotated[int, Field(gt=0)]
    roles: Annotated[tuple[Role, ...], BeforeValidator(as_list)] = ("worker",)
    boroughs: Words = ()


class ShiftEntry(_Entry):
    """When somebody is on."""

    who: Words
    days: Days | None = None
    dates: Dates | None = None
    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    role: Role = "worker"
    boroughs: Words = ()


class AwayEntry(_Entry):
    """When somebody is away."""

    who: Words
    dates: Dates


class HoursEntry(_Entry):
    """When somebody is usually there."""

    days: Days
    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    boroughs: Words = ()
    bank_holidays: bool = Field(False, alias="bank-holidays")


class QuietEntry(_Entry):
    """The quiet hours of the night."""

    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")


class ChainEntry(_Entry):
    """Minutes after which each step alerts."""

    again: Minutes
    on_call: Minutes = Field(alias="on-call")
    lead: Minutes
    repeat: Annotated[float, Field(ge=1, le=7 * 24 * 60)] | None = None


def _chain(again: float, on_call: float, lead: float) -> ChainEntry:
    return ChainEntry.model_validate({"again": again, "on-call": on_call, "lead": lead})


class ChainsEntry(_Entry):
    """A chain for each level; what is left out stays as it is without a plan."""

    emergency: ChainEntry = _chain(2, 5, 10)
    urgent: ChainEntry = _chain(2, 5, 10)
    concern: ChainEntry = _chain(10, 25, 50)


class LevelsEntry(_Entry):
    """Minutes for each level."""

    emergency: Minutes = 5
    urgent: Minutes = 5
    concern: Minutes = 5


class ClocksEntry(_Entry):
    """How long a person waits, and how long a case sleeps."""

    first_answer: LevelsEntry = Field(LevelsEntry(), alias="first-answer")
    next_answer: LevelsEntry = Field(LevelsEntry(), alias="next-answer")
    closing_hours: Annotated[float, Field(gt=0, le=24 * 60)] = Field(48, alias="closing-hours")


class DrillEntry(_Entry):
    """When drills begin by themselves: at a moment by chance within these hours."""

    every_weeks: Annotated[int, Field(ge=1, le=52)] = Field(4, alias="every-weeks")
    days: Days
    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    ends_after: Minutes = Field(30, alias="ends-after")


class DeskFile(_Entry):
    """The whole plan."""

    groups: tuple[GroupEntry, ...] = Field(min_length=1)
    people: tuple[PersonEntry, ...] = Field(min_length=1)
    rota: tuple[ShiftEntry, ...] = ()
    away: tuple[AwayEntry, ...] = ()
    hours: tuple[HoursEntry, ...] = ()
    closed: Dates = ()
    quiet: QuietEntry | None = None
    calm: Literal["waits", "calls"] = "waits"
    chain: ChainsEntry = ChainsEntry()
    clocks: ClocksEntry = ClocksEntry.model_validate({})
    duty_hours: Annotated[float, Field(gt=0, le=24)] = Field(8, alias="duty-hours")
    drill: DrillEntry | None = None
