"""Dates in a message: "5th dec", "on the 5th", "5/12/2026"; which year is meant shows later."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator

from intents.model import Mention

_NAMES = ("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?",
          "aug(?:ust)?", "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?",
          "dec(?:ember)?")  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(_NAMES)})"
_DIGIT = re.compile(r"\d")
_TH = r"(?:st|nd|rd|th)"
# "im 15 may i come" and "we march 5 miles" are no dates: these two need more than a number.
_WORDS_TOO = re.compile(r"ma(?:y|r|rch)")
_DAY_FIRST = re.compile(
    rf"\b(?P<on>on (?:the )?)?(?P<day>\d{{1,2}})(?P<th> ?{_TH})?(?P<of> of)? {_MONTH}\b"
    r"(?:,? (?P<year>20\d\d)\b)?"
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<on>on )?{_MONTH} (?:the )?(?P<day>\d{{1,2}})(?P<th>{_TH})?\b(?P<of>)"
    r"(?! ?(?:pm|am|yo|years?|people|mates|friends|of us|:))(?:,? (?P<year>20\d\d)\b)?"
)
_NUMBERS = re.compile(
    r"(?<![\d/.])(?:(?P<on>on (?:the )?)?(?P<day>\d{1,2})[/.](?P<month>\d{1,2})"
    r"(?:[/.](?P<year>20\d\d|\d\d))?|(?P<iso>20\d\d-\d\d-\d\d))(?![\d/.]\d)"
)
_ON_THE = re.compile(
    rf"\bon the (?P<day>\d{{1,2}}) ?{_TH}\b(?! (?:of (?!the month)|floor|year|birthday))"
)
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def dates_in(text: str) -> tuple[Mention[str], ...]:
    """Return the dates of a message as "12-05", "2026-12-05", or "day-05" without a month."""
    if _DIGIT.search(text) is None:
        return ()
    text = " ".join(text.lower().split())
    found = [*_named(text), *_numbers(text)]
    if not found:
        found = [Mention(f"day-{int(match['day']):02}", match[0]) for match in
                 _ON_THE.finditer(text) if 1 <= int(match["day"]) <= 31]  # fmt: skip
    return tuple({mention.value: mention for mention in found}.values())


def _named(text: str) -> Iterator[Mention[str]]:
    for form in (_DAY_FIRST, _MONTH_FIRST):
        for match in form.finditer(text):
            said = match["th"] or match["of"] or (match["on"] and form is _DAY_FIRST)
            if _WORDS_TOO.fullmatch(match["month"]) and not (said or match["year"]):
                continue
            month = next(
                number for number, name in enumerate(_NAMES, 1)
                if re.fullmatch(name, match["month"])
            )  # fmt: skip
            yield from _mention(int(match["day"]), month, match["year"], match[0])


def _numbers(text: str) -> Iterator[Mention[str]]:
    for match in _NUMBERS.finditer(text):
        if match["iso"]:
            year, month, day = match["iso"].split("-")
            yield from _mention(int(day), int(month), year, match[0])
        elif match["year"] or match["on"]:  # 24/7 and 9/10 are no dates
            year = match["year"]
            year = f"20{year}" if year and len(year) == 2 else year
            yield from _mention(int(match["day"]), int(match["month"]), year, match[0])


def _mention(day: int, month: int, year: str | None, words: str) -> Iterator[Mention[str]]:
    if not 1 <= month <= 12:
        return
    longest = monthrange(int(year), month)[1] if year else _LONGEST[month - 1]
    if 1 <= day <= longest:
        value = f"{month:02}-{day:02}"
        yield Mention(f"{year}-{value}" if year else value, words.strip())
