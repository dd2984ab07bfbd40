"""`schedule` and `closed` in the YAML: times that are known, in one clear way each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Literal, Self

from dateutil.rrule import rrulestr
from pydantic import Field, model_validator

from directory.entries import Ages, Clock, Day, Entry, Line
from directory.lines import DAY_NAMES, EVERY_DAY
from directory.model import Closure, Only, Session

DayName = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WeekName = Literal["first", "second", "third", "fourth", "last"]
Every = Literal["2 weeks", "3 weeks", "4 weeks"]

LATEST_END = time(6)  # a session may go on past midnight until then
_WEEKS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_PARTS = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*")
_OWN_LINES = {"UNTIL": "until", "DTSTART": "from", "BYHOUR": "start", "BYMINUTE": "start"}
# What RFC 5545 has for each, less what can look for a day that never comes for seconds on end.
_MAY_HAVE = {
    "DAILY": (),
    "WEEKLY": ("BYDAY", "BYMONTH"),
    "MONTHLY": ("BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"),
    "YEARLY": ("BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"),
}  # fmt: skip
_ALWAYS_MAY_HAVE = ("INTERVAL", "COUNT", "WKST")
_LONGEST = 60  # days, weeks, months or years from one to the next
_LOOKED_AT = timedelta(days=8 * 366)  # a rule that does not happen in so long never happens


class ScheduleEntry(Entry):
    """One session: on which days, from when to when."""

    days: tuple[DayName, ...] = ()
    """The days of the week: [Monday, Wednesday]."""
    weeks: tuple[WeekName, ...] = ()
    """Only in these weeks of the month: [first] with days: [Saturday] is the first Saturday."""
    every: Every | None = None
    """Every second week and so on, counted from the week of `from`."""
    dates: tuple[Day, ...] = ()
    """Single days in place of `days`: [2026-12-05]."""
    rule: Line | None = None
    """An RRULE (RFC 5545) in place of `days`, for what no other line can say; with `note`."""
    start: Clock
    """When it begins: 17:00."""
    end: Clock | None = None
    """When it ends: 19:00; 00:00 is midnight. Leave it out where it is not known."""
    only: Only | None = None
    """Only in term time, in the school holidays, in half terms and so on; left out: always."""
    bank_holidays: bool | None = None
    """Whether it is on at bank holidays. Left out: not known, and nobody is sent there."""
    since: Day | None = Field(None, alias="from")
    """The first day: 2026-09-08."""
    until: Day | None = None
    """The last day: 2027-07-16."""
    ages: Ages = Ages()
    """For whom this session is, where that differs from the service's own ages."""
    note: Line | None = None
    """A few words that are shown with the time."""

    @model_validator(mode="after")
    def _days_are_said_once(self) -> Self:
        ways = [name for name in ("days", "dates", "rule") if getattr(self, name)]
        if len(ways) != 1:
            said = " and ".join(f"`{way}`" for way in ways) or "none of them"
            raise ValueError(f"write one of `days`, `dates` and `rule`; here is {said}")
        for name in ("weeks", "every"):
            if getattr(self, name) and not self.days:
                raise ValueError(f"`{name}` goes with `days`")
        if self.weeks and self.every:
            raise ValueError("write `weeks` or `every`, not both")
        if len(set(self.days)) < len(self.days) or len(set(self.dates)) < len(self.dates):
            raise ValueError("a day stands twice")
        return self

    @model_validator(mode="after")
    def _dates_are_in_order(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"`from` ({self.since}) is after `until` ({self.until})")
        if self.dates and (self.since or self.until):
            raise ValueError("`dates` are single days: leave out `from` and `until`")
        if self.every is None:
            return self
        if self.since is None:
            raise ValueError(f"`every: {self.every}` needs `from`, the first day, to count from")
        first = DAY_NAMES[self.since.weekday()].capitalize()
        if first not in self.days:
            raise ValueError(f"`from` ({self.since}) is a {first}, which is not one of `days`")
        return self

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.end is not None and LATEST_END < self.end <= self.start:
            raise ValueError(
                f"the end ({self.end:%H:%M}) is not after the start ({self.start:%H:%M}); "
                f"past midnight it may last until {LATEST_END:%H:%M}"
            )
        return self

    @model_validator(mode="after")
    def _rule_can_be_read(self) -> Self:
        if self.rule is None:
            return self
        if self.since is None or self.note is None:
            raise ValueError("`rule` needs `from`, and a `note` that says it in plain words")
        if fault := fault_of_rule(self.rule, self.since):
            raise ValueError(fault)
        return self

    def session(self) -> Session:
        """Return this entry as a session."""
        days = frozenset(DAY_NAMES.index(day.lower()) for day in self.days)
        if not days:
            days = frozenset(day.weekday() for day in self.dates) or EVERY_DAY
        return Session(
            days, self.start, self.end, self.only, self.note or "",
            weeks=tuple(_WEEKS[week] for week in self.weeks),
            every=int(self.every[0]) if self.every else 1,
            rule=self.rule, dates=frozenset(self.dates), since=self.since, until=self.until,
            bank_holidays=self.bank_holidays, age_min=self.ages.min, age_max=self.ages.max,
        )  # fmt: skip


class ClosedEntry(Entry):
    """A time at which nobody is there."""

    first: Day = Field(alias="from")
    """The first day on which it is closed."""
    last: Day | None = Field(None, alias="to")
    """The last day on which it is closed; left out: one day."""
    why: Line
    """Why, in a word or two that are shown: Christmas."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last is not None and self.first > self.last:
            raise ValueError(f"`from` ({self.first}) is after `to` ({self.last})")
        return self

    def closure(self) -> Closure:
        """Return this entry as a closed period."""
        return Closure(self.first, self.last or self.first, self.why)


def fault_of_rule(rule: str, since: date) -> str | None:
    """Say what is wrong with an RRULE, with what to write instead; None where it is good."""
    text = rule.removeprefix("RRULE:")
    if text != rule or not _PARTS.fullmatch(text):
        return "`rule` is written as FREQ=MONTHLY;BYDAY=1SA, without anything before it"
    pairs = [part.split("=") for part in text.split(";")]
    parts = dict(pairs)
    if len(parts) < len(pairs):
        return "`rule` has the same part twice"
    for name in parts:
        if name in _OWN_LINES:
            return f"`rule` has {name}: take it out and write `{_OWN_LINES[name]}`"
    frequency = parts.pop("FREQ", "")
    if frequency not in _MAY_HAVE:
        return f"`rule` needs FREQ, one of {', '.join(_MAY_HAVE)}"
    for name in parts:
        if name not in (*_ALWAYS_MAY_HAVE, *_MAY_HAVE[frequency]):
            return f"`rule` has {name}, which cannot be used with FREQ={frequency}"
    if not 1 <= sum(_numbers(parts.get("INTERVAL", "1"))) <= _LONGEST:
        return f"`rule` has INTERVAL={parts['INTERVAL']}: it should be 1 to {_LONGEST}"
    if frequency == "WEEKLY" and re.search(r"\d", parts.get("BYDAY", "")):
        return "`rule`: a number before a day, as in 1SA, goes with FREQ=MONTHLY"
    if fault := _never(parts):
        return fault
    # The calendar is the same 400 years later. Near the last year that there is, 9999, a search
    # for a day that never comes ends soon.
    later = (9600 - since.year) // 400 * 400
    begin = datetime.combine(since.replace(year=since.year + later), time())
    try:
        found = rrulestr(text, dtstart=begin).between(begin, begin + _LOOKED_AT, inc=True)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        return f"`rule` is no RRULE ({error})"
    return None if found else "`rule` never happens: no day fits all its parts"


def _never(parts: dict[str, str]) -> str | None:
    """Refuse 30 February and the like, which dateutil would look for until the year 9999."""
    days = [abs(day) for day in _numbers(parts.get("BYMONTHDAY", ""))]
    months = _numbers(parts.get("BYMONTH", ""))
    if any(not 1 <= month <= 12 for month in months) or 0 in days:
        return "`rule` names a month or a day of the month that there is not"
    longest = max((29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31 for month in months),
                  default=31)  # fmt: skip
    if days and min(days) > longest:
        return "`rule` never happens: no month in it has so many days"
    return None


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if re.fullmatch(r"[+-]?\d{1,5}", part)]


def sessions_of(entries: Iterable[ScheduleEntry]) -> tuple[Session, ...]:
    """Return the sessions of a whole schedule."""
    return tuple(entry.session() for entry in entries)
