"""Telephone numbers as a feed has them (E.164), and as people here write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat, shortnumberinfo

REGION = "GB"
SHORT = "Short number: dial it as it stands, from the United Kingdom."

# A number, and what is said about it: "020 7364 5006 (option 3)", "SHOUT to 85258".
_IN_TEXT = re.compile(r"\+?\d[\d ()-]*\d")


@dataclass(frozen=True, slots=True)
class Number:
    """One telephone number as a feed has it."""

    number: str  # E.164, or the digits of a number that only exists within the country
    words: str  # what else the source says; empty where it only gives the number
    short: bool = False


def out(text: str) -> Number | None:
    """Return the number in a text; None where there is none, or more than one."""
    found = _IN_TEXT.findall(text)
    if len(found) != 1:
        return None
    words = "" if text.strip() == found[0] else text.strip()
    digits = re.sub(r"\D", "", found[0])
    try:
        parsed = phonenumbers.parse(found[0].replace("(0)", ""), REGION)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_valid_number(parsed):
        return Number(phonenumbers.format_number(parsed, PhoneNumberFormat.E164), words)
    if shortnumberinfo.is_valid_short_number_for_region(parsed, REGION):
        return Number(digits, words, short=True)
    return None


def back(number: str) -> str:
    """Return a feed's number as people here write it; what is none stays as it is."""
    try:
        parsed = phonenumbers.parse(number, REGION)
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_valid_number(parsed):
        return number
    here = phonenumbers.region_code_for_number(parsed) in (REGION, "GG", "IM", "JE")
    style = PhoneNumberFormat.NATIONAL if here else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)
