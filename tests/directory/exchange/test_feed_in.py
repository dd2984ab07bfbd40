"""A stranger's feed: taken for what it says, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from directory.exchange.columns import Row
from directory.exchange.feed_in import Import, Stranger, left_out, read_records, short
from directory.exchange.ids import KnownIds
from directory.exchange.incoming import Incoming, Slip
from directory.exchange.schedules import back
from directory.lines import parse_line

Json = dict[str, Any]

UUID = "5d3b7f9e-0c1a-4f3e-9d55-1f6f0b6a2c11"

# A record as a council's directory might publish it; everything in it is invented.
RECORD: Json = {
    "id": UUID, "name": "Example Youth Boxing",
    "description": "<p>Boxing for <b>beginners</b> &amp; up.</p>", "status": "active",
    "url": "https://council.example/boxing", "email": "boxing@council.example",
    "minimum_age": 11, "maximum_age": 18, "assured_date": "2026-10-03", "alert": "Ask for Sam",
    "organization": {"id": "x", "name": "Example Council", "description": "A council."},
    "contacts": [{"id": "c", "phones": [
        {"id": "p0", "number": "+44 20 7926 1111", "type": "fax"},
        {"id": "p1", "number": "+44 (0)20 7926 5555", "type": "voice"},
        {"id": "p2", "number": "85258", "type": "text"},
    ]}],
    "cost_options": [{"id": "o", "amount": 2.5, "amount_description": "a session"}],
    "schedules": [{"id": "s", "freq": "WEEKLY", "interval": 1, "byday": "MO,WE",
                   "opens_at": "17:00:00", "closes_at": "19:00", "description": None}],
    "service_at_locations": [{"id": "l", "location": {
        "id": "m", "location_type": "physical", "name": "Hall",
        "addresses": [{"id": "a", "address_1": "1 Example Road", "city": "London",
                       "state_province": "London", "postal_code": "sw97uh", "country": "GB",
                       "address_type": "physical"}],
        "accessibility": [{"id": "y", "description": "Ramp at the side"}],
    }}],
    "languages": [{"id": "g", "name": "Somali"}], "funding": [],
    "attributes": [
        {"id": "t", "taxonomy_term": {"id": "u", "name": "Boxing", "description": "Boxing",
                                      "taxonomy": "Council words"}},
        {"id": "v", "taxonomy_term": {"id": "w", "name": "Education help", "description": "x"}},
        {"id": "z", "taxonomy_term": None},
    ],
}  # fmt: skip


VIRTUAL: Json = {"location_type": "virtual"}


def given(*known: str, **stranger: Any) -> Import:
    return Import(
        KnownIds(known), Stranger(**stranger),
        lambda word: "boxing" if word.lower() == "boxing" else None,
        lambda postcode: "Lambeth" if postcode == "SW9 7UH" else None,
    )  # fmt: skip


def read(record: Json, setting: Import | None = None) -> Incoming:
    found, slips = read_records([record], setting or given())
    assert slips == []
    return found[0]


def test_a_record_of_a_strangers_feed() -> None:
    assert read(RECORD).values == {
        "where": "Lambeth", "organisation": "Example Council",
        "id": "example-youth-boxing-5d3b7f9e", "name": "Example Youth Boxing",
        "what": "Boxing for beginners & up.", "kinds": ["education-help", "find-activities"],
        "activities": ["boxing"], "address": "1 Example Road, London", "postcode": "SW9 7UH",
        "ages.min": "11", "ages.max": "18", "free": "no", "cost": "GBP 2.5 a session",
        "when": ["Monday and Wednesday 17:00-19:00"], "contact.phone": "020 7926 5555",
        "contact.text": "85258", "contact.email": "boxing@council.example",
        "contact.website": "https://council.example/boxing", "access": "Ramp at the side",
        "corroboration": [f"an Open Referral feed, service {UUID}"], "seen": "2026-10-03",
        "confidence": "low", "reason": "from an Open Referral feed; not checked by us",
    }  # fmt: skip


def test_what_is_only_supposed_never_changes_a_service_that_is_there() -> None:
    incoming = read(RECORD)
    supposed = {"where", "confidence", "reason", "corroboration"}
    assert incoming.given == set(incoming.values) - supposed


def test_whoever_imports_can_say_what_the_feed_does_not() -> None:
    bare = {key: RECORD[key] for key in ("id", "name", "description", "status", "organization")}
    row = read(bare, given(where="London", kinds=("housing",), confidence="medium",
                           source="https://council.example/api")).values  # fmt: skip
    assert row == {
        "where": "London", "organisation": "Example Council", "kinds": ["housing"],
        "id": "example-youth-boxing-5d3b7f9e", "name": "Example Youth Boxing",
        "what": "Boxing for beginners & up.", "venue": "borough-wide", "seen": "undated",
        "confidence": "medium", "reason": "from an Open Referral feed; not checked by us",
        "source": ["https://council.example/api"],
    }  # fmt: skip
    assert "kinds" not in read(bare).values


def test_the_same_service_is_found_again_under_another_name() -> None:
    again = read(RECORD | {"name": "Boxing (new name)"}, given("example-youth-boxing-5d3b7f9e"))
    assert again.values["id"] == "example-youth-boxing-5d3b7f9e"


def test_what_is_not_taken_over_is_named() -> None:
    assert left_out(RECORD) == ["alert", "languages"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": "temporarily closed"}, {"closed": "yes"}),
        ({"cost_options": [{"amount": 0}]}, {"free": "yes", "cost": None}),
        ({"cost_options": [{"amount": 0}, {"amount": 5}]}, {"free": None}),
        ({"cost_options": [{"amount": "x"}]}, {"free": None}),
        ({"fees_description": "Ask"}, {"cost": "Ask"}),
        ({"minimum_age": 11.5, "maximum_age": True}, {"ages.min": None, "ages.max": None}),
        ({"service_at_locations": []}, {"venue": "borough-wide", "address": None}),
        (
            {"service_at_locations": [{"location": {"location_type": "virtual"}}]},
            {"venue": "online"},
        ),
        ({"contacts": None, "phones": [{"number": "no number"}]}, {"contact.phone": "no number"}),
        (
            {"schedules": "x", "attributes": 5, "cost_options": [7]},
            {"when": None, "activities": None},
        ),
    ],
)
def test_what_other_records_say(changes: Json, expected: Row) -> None:
    row = read(RECORD | changes).values
    assert {name: row.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("record", "slips"),
    [
        (5, [Slip(1, "", "not a service", "`5`", "a service is an object")]),
        (RECORD | {"id": "7"},
         [Slip(1, "id", "`id` is not a UUID", "`7`", "the standard asks for one")]),
        (RECORD | {"name": " "}, [Slip(1, "name", "`name` is missing")]),
        (RECORD | {"organization": None, "name": None}, [
            Slip(1, "name", "`name` is missing"),
            Slip(1, "organization", "`organization` with a `name` is missing", "",
                 "take the full record of the service (/services/{id})"),
        ]),
    ],
)  # fmt: skip
def test_what_is_no_service(record: Any, slips: list[Slip]) -> None:
    assert read_records([record], given()) == ([], slips)


def test_a_long_description_gives_its_first_sentences() -> None:
    assert short("One. Two.") == "One. Two."
    assert short(f"{'a' * 200}. {'b' * 90}. {'c' * 90}.") == f"{'a' * 200}. {'b' * 90}."
    assert short(f"{'a' * 400}. b.") == f"{'a' * 400}."


WEEKLY: Json = {"freq": "WEEKLY", "byday": "MO", "opens_at": "17:00", "closes_at": "19:00"}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "Monday 17:00-19:00"),
        ({"closes_at": None}, "Monday 17:00"),
        ({"byday": "WE,MO,TU"}, "Monday to Wednesday 17:00-19:00"),
        ({"byday": "SU, FR"}, "Friday and Sunday 17:00-19:00"),
        ({"byday": "FR,SA,MO"}, "Monday, Friday and Saturday 17:00-19:00"),
        ({"description": "Ask for Sam"}, "Monday 17:00-19:00 (Ask for Sam)"),
        ({"description": "Monday 17:00-19:00 (girls)"}, "Monday 17:00-19:00 (girls)"),
    ],
)
def test_plain_weekly_schedules_are_sessions(changes: Json, line: str) -> None:
    assert back([WEEKLY | changes]) == [line]
    session = parse_line(line)
    assert session is not None
    assert f"{session.start:%H:%M}" == "17:00"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"interval": 2}, "17:00 to 19:00, weekly, Monday, every 2 weeks"),
        ({"valid_to": "2026-12-20"}, "17:00 to 19:00, weekly, Monday, until 2026-12-20"),
        ({"opens_at": "17:00Z", "closes_at": "19:00Z"}, "17:00 UTC to 19:00 UTC, weekly, Monday"),
        ({"freq": "MONTHLY", "byday": "1SA"}, "17:00 to 19:00, monthly, 1SA"),
        ({"freq": None}, "17:00 to 19:00, not said how often, Monday"),
        (
            {"description": "Tuesday 17:00-19:00"},
            "17:00 to 19:00, weekly, Monday, or Tuesday 17:00-19:00",
        ),
        ({"opens_at": "25:00", "description": "Ring us"}, "Ring us"),
        ({"opens_at": None, "description": "Weekdays"}, "Weekdays"),
    ],
)
def test_other_schedules_are_words_and_no_promise(changes: Json, line: str) -> None:
    assert back([WEEKLY | changes]) == [line]
    assert parse_line(line) is None
