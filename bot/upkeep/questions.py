"""The questions of `new`, in their order: what a young person must know first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import get_args

from bot.upkeep.answers import (
    Entry,
    Question,
    Shape,
    email_fits,
    slug,
    tidy_address,
    tidy_postcode,
    web_fits,
)
from directory.freshness import seen_on
from directory.lines import parse_lines
from directory.schema import Group, Kind
from intents.wording import Wording

# Needs that a service cannot answer.
_NO_SERVICE = {"about-bot", "set-area", "delete-data", "feedback", "stop", "greeting", "thanks",
               "goodbye", "help"}  # fmt: skip
VENUES = (
    ("place", "it has a place of its own, where people go"),
    ("borough-wide", "outreach, several sites, or only by referral"),
    ("online", "by phone or online"),
)
CONFIDENCES = (
    ("high", "rung, or on their own page and new, or several sources agree"),
    ("medium", "on one page that looks right"),
    ("low", "may not be running: it is shown as “may be running, ring first”"),
)


def questions(
    borough: str | None, today: date, wording: Wording, taken: Iterable[str]
) -> list[Question]:
    """Return every question about one service; without a borough it is for everybody."""
    ids = frozenset(taken)
    return [
        *_what(borough, wording, ids), *_where(borough), *_who(), *_when(), *_reach(),
        *_rest(borough), *_source(today),
    ]  # fmt: skip


def _what(borough: str | None, wording: Wording, taken: frozenset[str]) -> list[Question]:
    kinds = tuple((kind, _named(kind, wording)) for kind in get_args(Kind)
                  if kind not in _NO_SERVICE)  # fmt: skip
    groups = tuple((group, wording.label(f"pages.group-{group}")
                    if wording.has(f"pages.group-{group}") else group)
                   for group in get_args(Group))  # fmt: skip
    return [
        Question("name", "What is the service called?",
                 "As a young person would know it: Boxing at The Club.", needed=True),
        Question("id", "Its short name in the files",
                 "Small letters, digits and hyphens. It never changes and stands nowhere else.",
                 default=lambda entry: free_id(borough, entry["name"], taken), needed=True),
        Question("what", "What is it, in one plain sentence?",
                 "What happens there and for whom: Boxing for beginners, with a coach.",
                 needed=True),
        Question("kinds", "Which needs does it answer? The best first, as numbers or words",
                 "Several with spaces between: 1 4. The first one decides where it is shown.",
                 Shape.CHOICES, needed=True, choices=kinds),
        Question("activities", "What can people do there? With commas between",
                 "Names out of intents/words/activities.yaml: boxing, music, youth-club.",
                 Shape.WORDS, applies=lambda entry: "find-activities" in entry.get("kinds", ())),
        Question("groups", "Is it only for some people? Enter if it is open to all",
                 "Only where others may not come. Several with spaces between.",
                 Shape.CHOICES, choices=groups),
    ]  # fmt: skip


def _where(borough: str | None) -> list[Question]:
    def has_place(entry: Entry) -> bool:
        return bool(entry.get("venue", "place") == "place")

    wide = [] if borough else [
        Question("coverage", "For which part of the country is it?",
                 "London, England, UK, England and Wales.", needed=True),
    ]  # fmt: skip
    return [
        *wide,
        Question("venue", "Where does it happen?", "Enter takes the first.", Shape.CHOICE,
                 choices=VENUES, default=lambda entry: "place" if borough else "online"),
        Question("address", "The address, without the postcode",
                 "The Club, 1 Example Road, London.",
                 applies=lambda entry: entry.get("venue") != "online"),
        Question("postcode", "The postcode",
                 "In full: SW9 7UH. With it the bot can say how far it is.",
                 applies=has_place, tidy=tidy_postcode),
        Question("near", "No postcode: which area, estate or station stands for it?",
                 "A name out of intents/words/areas.yaml: Brixton. The card then says “about”.",
                 applies=lambda entry: has_place(entry) and "postcode" not in entry),
    ]  # fmt: skip


def _who() -> list[Question]:
    return [
        Question("ages", "For which ages?", "11-16, or 11+, or up to 16; both ends included.",
                 Shape.AGES),
        Question("free", "Is it free?", "yes or no; Enter if you do not know.", Shape.YES_NO),
        Question("cost", "What does it cost?", "As they say it: £2 a session.",
                 applies=lambda entry: entry.get("free") is not True),
    ]  # fmt: skip


def _when() -> list[Question]:
    return [
        Question("when", "When? One line for each time, Enter when that is all",
                 "Tuesday and Thursday 17:00-19:00 (term time). Unknown hours stay unknown.",
                 Shape.LINES, applies=lambda entry: entry.get("venue") != "online",
                 note=_understood),
        Question("contact.hours", "When can they be reached?", "24/7, or Mon-Fri 09:00-17:00.",
                 applies=lambda entry: entry.get("venue") == "online"),
    ]  # fmt: skip


def _reach() -> list[Question]:
    return [
        Question("contact.phone", "Phone number", "020 7946 0000."),
        Question("contact.text", "By text message?", "SHOUT to 85258, or a number."),
        Question("contact.whatsapp", "By WhatsApp?", "07700 900000."),
        Question("contact.email", "Email address", "hello@example.org.", fits=email_fits),
        Question("contact.website", "Website", "The page about this service.",
                 tidy=tidy_address, fits=web_fits),
        Question("contact.webchat", "A page where they chat?", "Only where it is another page.",
                 tidy=tidy_address, fits=web_fits),
        Question("contact.instagram", "Instagram name", "@theclub."),
    ]  # fmt: skip


def _rest(borough: str | None) -> list[Question]:
    mine = [Question("myends", "Is it part of MyEnds?", "yes only where a source says so.",
                     Shape.YES_NO)] if borough else []  # fmt: skip
    return [
        Question("access", "What should people know about getting in?",
                 "Step-free; girls only; by referral. It is shown as it stands."),
        Question("note", "A note for staff and maintainers?", "It is never shown to people."),
        *mine,
    ]  # fmt: skip


def _source(today: date) -> list[Question]:
    return [
        Question("source", "Where did you see this? One address or source a line, Enter at the end",
                 "https://example.org/boxing, or: rung on 27 November.", Shape.LINES, needed=True,
                 tidy=tidy_address),
        Question("seen", "When did you see it?", "2026-11 or 2026; undated if the page has none.",
                 default=lambda entry: f"{today:%Y-%m}", needed=True, note=_dated),
        Question("confidence", "How sure is it?", "When in doubt, medium.", Shape.CHOICE,
                 needed=True, choices=CONFIDENCES),
        Question("reason", "Why is it as sure as that?", "own page; rung; news of 2024."),
    ]  # fmt: skip


def free_id(borough: str | None, name: str, taken: frozenset[str]) -> str:
    """Return an id that nothing else has."""
    first = f"{slug(borough)}-{slug(name, 50)}" if borough else slug(name, 50)
    number, found = 2, first
    while found in taken:
        number, found = number + 1, f"{first}-{number}"
    return found


def _named(kind: str, wording: Wording) -> str:
    key = f"needs.{kind}"
    return wording.label(key) if wording.has(key) else ""


def _understood(line: str) -> str:
    if parse_lines((line,)):
        return ""
    return ("kept as text: the bot shows it and promises no time. To be understood write it like "
            "Tuesday 17:00-19:00 (term time)")  # fmt: skip


def _dated(seen: str) -> str:
    if seen_on(seen) is not None or seen == "undated":
        return ""
    return "no date is in it, so it counts as undated. Write it like 2026-11"
