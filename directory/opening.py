"""Opening hours as a helpline's plain line states them: "Mon-Fri 09:00-17:00", "24/7".

All or nothing: of a line that is not understood whole nothing is used, since half of it may say
that somebody answers at an hour at which nobody does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

from directory.lines import DAY_NAMES, EVERY_DAY, MIDNIGHT
from directory.model import Session

# Hours that a source itself is not sure of.
UNSURE = re.compile(
    r"not confirmed|not settled|disputed|differ|older|\bwas\b|\b(?:19|20)\d\d\b|exact|usually"
    r"|about|except|mostly",
    re.IGNORECASE,
)
ALWAYS_WRITTEN = ("24/7", "phone 24/7")  # however a line goes on, where nothing speaks against it

_ALWAYS = re.compile(
    r"(?:open )?(?:24 ?hours(?: a day)?|24 ?hrs|24/7)"
    r"(?:,? (?:every day|daily|(?:7|seven) days a week|365 days a year))?"
)
_SHORT = tuple(name[:3] for name in DAY_NAMES)
_ONE = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_EVERY = r"every day|each day|daily|(?:7|seven) days a week"
_GROUP = rf"{_EVERY}|weekdays|weekends|{_ONE}(?: ?(?:,|-|to|and|&) ?{_ONE})*"
_TIME = r"(?:\d{1,2}[:.]\d\d|\d{1,2})(?: ?[ap]m)?|noon|midday|midnight"
_SPAN = rf"(?P<start>{_TIME}) ?(?:-|to|until|till) ?(?P<end>{_TIME})"
_SPAN_FIRST = _SPAN.replace("<start>", "<start2>").replace("<end>", "<end2>")
_PART = re.compile(
    rf"(?:(?P<days>{_GROUP}):? {_SPAN}|{_SPAN_FIRST},? (?P<days2>{_GROUP}))"
    r"(?=$|[,;]| and )"
)
_BETWEEN = re.compile(r"\s*(?:[,;]|and)\s*")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))? ?([ap]m)?")
_BANK = re.compile(r"\s*[(,]?\s*\b(not|except|including|and) (?:on )?bank holidays\)?$")


def parse_opening(line: str | None) -> tuple[Session, ...]:
    """Return when a line says that somebody is there; empty where it does not say so plainly."""
    text = " ".join((line or "").lower().replace("–", "-").split())
    if text.startswith(ALWAYS_WRITTEN) or _ALWAYS.fullmatch(text):
        return (Session(EVERY_DAY, MIDNIGHT, MIDNIGHT, note=line or "", bank_holidays=True),)
    bank = None
    if said := _BANK.search(text):
        bank = said[1] in ("including", "and")
        text = text[: said.start()]
    if UNSURE.search(text):
        return ()
    text = re.sub(r"^(?:phone )?(?:lines )?(?:are )?open:? (?:from )?", "", text)
    found = list(_sessions(text, bank, line or ""))
    return tuple(one for one in found if one is not None) if None not in found else ()


def _sessions(text: str, bank: bool | None, note: str) -> Iterator[Session | None]:
    """Read part after part; None where something is not understood."""
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            yield None
            return
        start = _clock(part["start"] or part["start2"])
        end = _clock(part["end"] or part["end2"])
        days = part["days"] or part["days2"]
        if start is None or end is None:
            yield None
            return
        yield Session(_days(days), start, end, note=note, bank_holidays=bank)
        at = part.end()
        if between := _BETWEEN.match(text, at):
            at = between.end()


def _clock(typed: str) -> time | None:
    named = {"noon": time(12), "midday": time(12), "midnight": MIDNIGHT}
    if typed in named:
        return named[typed]
    match = _CLOCK.fullmatch(typed)
    if match is None or not (match[2] or match[3]):
        return None  # "9 to 5" is not plain enough
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    if (hour, minute) == (24, 0):
        return MIDNIGHT
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _days(text: str) -> frozenset[int]:
    if re.fullmatch(_EVERY, text):
        return EVERY_DAY
    if text in ("weekdays", "weekends"):
        return frozenset(range(5)) if text == "weekdays" else frozenset((5, 6))
    found: set[int] = set()
    for part in re.split(r" ?(?:,|\band\b|&) ?", text):
        ends = [_SHORT.index(day[:3]) for day in re.split(r" ?(?:-|\bto\b) ?", part)]
        found |= {(ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1)}
    return frozenset(found)
