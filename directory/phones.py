"""UK telephone numbers: whether one can ring, what is wrong with it, and how it is written.

Long numbers are judged by Google's libphonenumber. Short ones are allowed by name: to it every
code that somebody might own is possible, and a wrong short number is the worst number of all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

SHORT = {
    "999": "emergency", "112": "emergency", "18000": "emergency by text relay",
    "18001": "text relay", "101": "police", "105": "power cut", "111": "NHS 111", "119": "NHS 119",
    "159": "Stop Scams", "116000": "missing people", "116006": "victims",
    "116111": "children's helpline", "116117": "health", "116123": "Samaritans",
    "08001111": "Childline",
}  # fmt: skip
_OPTION = re.compile(r"\s*[(,]?\s*option \d\)?$", re.IGNORECASE)
_SIGNS = re.compile(r"\+?[\d\s().\-]+")
_TEXT_CODE = re.compile(r"[6-8]\d{4}")
_RUN = re.compile(r"\+?\d[\d ]{3,}\d")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that was read: its digits, and how it is usually written."""

    digits: str
    written: str
    unusual: bool = False  # written so that it is hard to read or to know again


@dataclass(frozen=True, slots=True)
class PhoneFault:
    """Why a number cannot be used, and what to write instead."""

    what: str
    instead: str


_LIKE = "write it like 020 7926 5555, 0800 1111 or 999"


@lru_cache(maxsize=8192)
def read_phone(typed: str) -> Phone | PhoneFault:
    """Read a number that people ring; "(option 3)" may follow it."""
    number = _OPTION.sub("", typed.strip())
    if not _SIGNS.fullmatch(number):
        return PhoneFault("is not a UK phone number", _LIKE)
    digits = re.sub(r"\D", "", number.replace("(0)", ""))
    if digits in SHORT:
        written = re.sub(r"^(116|0800)(?=\d{3})", r"\1 ", digits)
        return Phone(digits, written, number != written)
    if _TEXT_CODE.fullmatch(digits):
        return PhoneFault("is a number for text messages", "write it under `text`")
    return _long(number, digits)


def _long(number: str, digits: str) -> Phone | PhoneFault:
    try:
        read = phonenumbers.parse(number.replace("(0)", ""), "GB")
    except NumberParseException:
        return PhoneFault("is not a UK phone number", _LIKE)
    if read.country_code != 44:
        return PhoneFault("is not a UK phone number", "write a number that can be rung from here")
    written = phonenumbers.format_number(read, PhoneNumberFormat.NATIONAL)
    if not phonenumbers.is_valid_number(read):
        return _fault(read, digits)
    if not number.startswith(("+", "0", "(0")):
        return PhoneFault(
            "has lost its leading zero: another program has read it as a number",
            f"write {written} (and put it in quotes there)",
        )
    # A charity groups its digits as it likes them to be remembered; only what hides them is odd.
    groups = re.split(r"[\s().\-]+", number.strip("() "))
    unusual = number.startswith(("+", "00")) or "-" in number or len(groups) == 1
    return Phone(f"0{read.national_number}", written, unusual)


def _fault(read: phonenumbers.PhoneNumber, digits: str) -> PhoneFault:
    wanted = phonenumbers.is_possible_number_with_reason(read)
    if wanted == ValidationResult.TOO_LONG:
        return PhoneFault(f"is not a UK phone number: {len(digits)} digits are too many", _LIKE)
    if wanted != ValidationResult.IS_POSSIBLE or len(digits) < 10:
        return PhoneFault(f"is not a UK phone number: {len(digits)} digits are too few", _LIKE)
    return PhoneFault("is not a UK phone number: no such number is in use", _LIKE)


def fault_of_text(typed: str) -> PhoneFault | None:
    """Say what is wrong with a way to text: "SHOUT to 85258", "07418 341800"; None where good."""
    for run in _RUN.findall(typed):
        digits = re.sub(r"\D", "", run)
        if _TEXT_CODE.fullmatch(digits) or digits in SHORT:
            continue
        found = read_phone(run.strip())
        if isinstance(found, PhoneFault):
            return PhoneFault(found.what, "write it like SHOUT to 85258, or 07418 341800")
    return None
