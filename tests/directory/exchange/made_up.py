"""Services that nobody runs: rows with everything that a row may hold, for laws to be tried on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from directory.exchange.columns import Row, tidy
from directory.model import Confidence, Venue
from directory.schema import Group, Kind

# What spreadsheets, lists and feeds trip over, beside whatever hypothesis thinks of.
TRAPS = (
    "=HYPERLINK(1)",
    "+44 20 7926 5555",
    "-1",
    "@SUM(A1)",
    "'=1",
    "'",
    "''",
    "2026-11",
    "24/7",
    "1-2",
    "Nov-26",
    "May 2026",
    "0123",
    "1e5",
    "12.50",
    "TRUE",
    "a; b",
    "a\\",
    "\\;",
    ";",
    'say "hi"',
    "a, b",
    "999",
    "116 123",
    "020 7364 5006 (option 3)",
    "Monday 17:00-19:00",
    "Friday 18:00 (term time)",
    "Tuesday to Thursday 10:00-11:30",
    "free & easy <b>",
    "Ünïcode ☂ 日本",
    "SW9 7UH, London",
    "{}",
    "[1]",
    "null",
    "~",
    "yes",
    "# no comment",
    "- item",
    "key: value",
    "x" * 300,
    "One. Two! Three?",
)

# How long an example takes says nothing: other work may share the machine.
steady = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

texts = (st.sampled_from(TRAPS) | st.text(max_size=60)).map(tidy).filter(bool)
ids = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)
lists = st.lists(texts, min_size=1, max_size=4)

_TEXTS = (
    "coverage", "address", "near", "ages_note", "cost", "contact.phone", "contact.text",
    "contact.whatsapp", "contact.webchat", "contact.email", "contact.website", "contact.instagram",
    "contact.hours", "access", "confidentiality", "caution", "note", "reason",
)  # fmt: skip


def words(allowed: Any) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(get_args(allowed)), min_size=1, max_size=4)


required: dict[str, st.SearchStrategy[Any]] = {
    "where": st.sampled_from(["Lambeth", "Tower Hamlets", "London", "national"]),
    "organisation": texts,
    "id": ids,
    "name": texts,
    "what": texts,
    "kinds": words(Kind),
    "seen": st.sampled_from(["2026-11", "2019 to 2023", "undated", "about 2024", "2026-11-22"])
    | texts,
    "confidence": st.sampled_from([str(one) for one in Confidence]),
}
optional: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(_TEXTS, texts),
    **dict.fromkeys(("activities", "tags", "when", "source", "corroboration"), lists),
    "groups": words(Group),
    "venue": st.sampled_from([str(Venue.ONLINE), str(Venue.BOROUGH_WIDE)]),
    "postcode": st.sampled_from(["SW9 7UH", "E1 6AN"]),
    "ages.min": st.integers(0, 18).map(str), "ages.max": st.integers(18, 120).map(str),
    "free": st.sampled_from(["yes", "no"]), "myends": st.just("yes"), "closed": st.just("yes"),
}  # fmt: skip

SESSIONS: list[Row] = [
    {"days": ["Monday", "Friday"], "start": "17:00", "end": "19:00", "only": "term-time"},
    {"days": ["Saturday"], "weeks": ["first"], "start": "10:00", "bank_holidays": "no"},
    {"days": ["Tuesday"], "every": "2 weeks", "start": "22:00", "end": "01:00",
     "from": "2026-09-08", "until": "2027-07-16", "ages": {"min": "16"}},
    {"dates": ["2026-12-05", "2026-12-12"], "start": "12:00", "end": "15:00"},
    {"rule": "FREQ=MONTHLY;BYMONTHDAY=1", "start": "09:00", "from": "2026-09-01",
     "note": "the first"},
    {"rule": "FREQ=DAILY", "from": "2026-09-01", "start": "09:00", "note": "daily"},
]  # fmt: skip
optional["schedule"] = st.lists(st.sampled_from(SESSIONS), min_size=1, max_size=3)
PERIOD: Row = {"from": "2026-12-21", "to": "2027-01-03", "why": "Christmas"}
optional["closed"] = st.just("yes") | st.just([PERIOD])

row = st.fixed_dictionaries(required, optional=optional)


def rows(largest: int = 4) -> st.SearchStrategy[list[Row]]:
    return st.lists(row, max_size=largest, unique_by=lambda one: one["id"])


def by_id(found: Iterable[Row]) -> list[Row]:
    return sorted(found, key=lambda one: str(one["id"]))
