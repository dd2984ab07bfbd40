"""Our feed: it passes the standard, two exports are equal, and nothing is lost in it."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import jsonschema
import phonenumbers
import pytest
from hypothesis import given
from phonenumbers import shortnumberinfo

from bot.content.directory_files import load_directory
from directory.exchange.columns import Row
from directory.exchange.feed import (
    INDEX,
    SERVICES,
    as_text,
    folder,
    page,
    read_text,
    records_of,
    services_in,
)
from directory.exchange.feed_in import Import, Stranger, read_records
from directory.exchange.feed_out import Export, for_others, names_of, record_of
from directory.exchange.ids import KnownIds, stable_id
from directory.exchange.schedules import planned
from directory.lines import parse_line
from directory.model import Directory, Point
from tests.directory.exchange.made_up import PERIOD, SESSIONS, by_id, rows, steady
from tests.directory.exchange.standard import faults, within

Json = dict[str, Any]

NOBODY = Import(KnownIds(()), Stranger(), lambda word: None, lambda postcode: None)
# A folder with the standard's own schemas (schema/compiled), where somebody has it.
OFFICIAL = os.environ.get("HSDS_SCHEMAS", "")


def export(some: list[Row], directory: Directory | None = None) -> Export:
    services = directory.services if directory else {}
    points = {name: one.point for name, one in services.items() if one.point}
    return Export(points, "may be running, ask them first", names_of(some))


def back(text: str) -> list[Row]:
    found, slips = read_records(services_in(read_text(text)) or [], NOBODY)
    assert slips == []
    return by_id(one.values for one in found)


@pytest.fixture(scope="module")
def real(real_rows: list[Row], directory: Directory) -> list[Json]:
    return records_of(real_rows, export(real_rows, directory))


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(Path(__file__).parents[3])[0]


@given(rows(2))
@steady
def test_out_and_in_is_the_same(some: list[Row]) -> None:
    assert back(as_text(page(records_of(some, export(some))))) == by_id(some)


@given(rows(2))
@steady
def test_whatever_a_service_says_passes_the_standard(some: list[Row]) -> None:
    assert [
        fault for one in records_of(some, export(some)) for fault in faults("service", one)
    ] == []


def test_out_and_in_is_the_same_for_the_real_directory(
    real: list[Json], real_rows: list[Row]
) -> None:
    assert len(real) == len(real_rows) > 250
    assert back(as_text(page(real))) == by_id(real_rows)


def test_the_real_directory_passes_the_standard(real: list[Json]) -> None:
    assert [fault for one in real for fault in faults("service", one)] == []
    assert faults("page", page(real)) == []


def test_a_folder_passes_the_standard(real_rows: list[Row], directory: Directory) -> None:
    files = folder(real_rows, export(real_rows, directory))
    kinds = {
        SERVICES: "service", "organizations.json": "organization", "taxonomies.json": "taxonomy",
        "taxonomy_terms.json": "taxonomy_term", "service_at_locations.json": "service_at_location",
    }  # fmt: skip
    assert faults("index", files[INDEX]) == []
    for name, kind in kinds.items():
        assert faults("page", files[name]) == []
        assert [fault for one in files[name]["contents"] for fault in faults(kind, one)] == []
    each = [content for name, content in files.items() if name.startswith("services/")]
    assert sorted(one["id"] for one in each) == sorted(
        one["id"] for one in files[SERVICES]["contents"]
    )
    terms = {one["id"] for one in files["taxonomy_terms.json"]["contents"]}
    assert {one["id"] for one in within(each, "taxonomy_term")} == terms


@pytest.mark.skipif(not OFFICIAL, reason="HSDS_SCHEMAS names no folder")
def test_the_real_directory_passes_the_schemas_of_the_standard(real: list[Json]) -> None:
    schema = json.loads(Path(OFFICIAL, "service.json").read_text(encoding="utf-8"))
    check = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert [error.message for one in real for error in check.iter_errors(one)] == []


def test_two_exports_are_equal(
    real_rows: list[Row], real: list[Json], directory: Directory
) -> None:
    shuffled = random.Random(7).sample(real_rows, len(real_rows))
    again = records_of(shuffled, export(shuffled, directory))
    assert as_text(page(again)) == as_text(page(real))


def test_identifiers_never_change() -> None:
    assert stable_id("service", "childline") == "6929d0d7-8386-5f3c-b7e8-56b351309eaf"
    assert stable_id("organization", "Childline") == "b4bff07b-0c31-5a0d-8fbf-0dcb0c26ff7e"


def test_each_identifier_stands_for_one_thing(real: list[Json]) -> None:
    things: dict[str, Any] = {}
    for record in real:
        for one in _objects(record):
            assert things.setdefault(one["id"], one) == one


def _objects(content: Any) -> list[Json]:
    if isinstance(content, list):
        return [one for below in content for one in _objects(below)]
    if not isinstance(content, dict):
        return []
    own = [content] if "id" in content else []
    return own + [one for below in content.values() for one in _objects(below)]


def test_every_phone_rings(real: list[Json]) -> None:
    numbers = [one["number"] for phones in within(real, "phones") for one in phones]
    assert len(numbers) > 90
    for number in numbers:
        parsed = phonenumbers.parse(number, None if number.startswith("+") else "GB")
        if number.startswith("+"):
            assert phonenumbers.is_valid_number(parsed), number
            assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == number
        else:
            assert shortnumberinfo.is_valid_short_number_for_region(parsed, "GB"), number


CLUB: Row = {
    "where": "Lambeth", "organisation": "The Club", "id": "lambeth-the-club", "name": "Boxing",
    "what": "Boxing for beginners.", "kinds": ["find-activities"], "activities": ["boxing"],
    "address": "The Club, 1 Example Road, London", "postcode": "SW9 7UH", "ages.min": "11",
    "ages.max": "16", "ages_note": "school years 7 to 11", "free": "yes", "cost": "Free",
    "when": ["Monday and Wednesday 17:00-19:00", "Friday 16:00-18:00 (term time)", "Some days"],
    "contact.phone": "020 7926 5555", "contact.text": "CLUB to 85258", "access": "Step-free",
    "contact.email": "club@example.org", "contact.website": "https://example.org",
    "contact.hours": "Mon-Fri 15:00-20:00", "source": ["https://example.org/boxing"],
    "seen": "2026-11", "confidence": "low", "reason": "own page, years old",
}  # fmt: skip


def test_what_a_record_says() -> None:
    point = {"lambeth-the-club": Point(51.4721234, -0.1123456)}
    record = record_of(CLUB, Export(point, "ring first", names_of([CLUB])))
    said = {
        "name": "Boxing", "description": "Boxing for beginners.", "status": "active",
        "url": "https://example.org", "email": "club@example.org", "minimum_age": 11,
        "maximum_age": 16, "eligibility_description": "school years 7 to 11",
        "fees_description": "Free", "assured_date": "2026-11-01", "alert": "ring first",
    }  # fmt: skip
    assert {name: record[name] for name in said} == said
    assert record["organization"]["name"] == "The Club"
    (cost,) = record["cost_options"]
    assert (cost["amount"], cost["currency"]) == (0, "GBP")
    voice, text = record["contacts"][0]["phones"]
    assert (voice["number"], voice["type"]) == ("+442079265555", "voice")
    assert voice["description"] == "Mon-Fri 15:00-20:00"
    assert (text["number"], text["type"]) == ("85258", "text")
    assert "service_areas" not in record


def test_where_and_when_a_record_says() -> None:
    point = {"lambeth-the-club": Point(51.4721234, -0.1123456)}
    record = record_of(CLUB, Export(point))
    weekly, term, words = record["schedules"]
    rule = ("freq", "interval", "byday", "opens_at", "closes_at")
    assert [weekly[name] for name in rule] == ["WEEKLY", 1, "MO,WE", "17:00", "19:00"]
    assert "freq" not in term
    assert (term["byday"], term["opens_at"]) == ("FR", "16:00")
    assert words["description"] == "Some days"
    assert "opens_at" not in words
    location = record["service_at_locations"][0]["location"]
    assert (location["latitude"], location["longitude"]) == (51.47212, -0.11235)
    assert "postcode SW9 7UH, not of the door" in location["description"]
    assert location["accessibility"][0]["description"] == "Step-free"
    address = location["addresses"][0]
    assert (address["address_1"], address["postal_code"]) == ("The Club, 1 Example Road", "SW9 7UH")


def test_a_schedule_as_rules() -> None:
    found = planned("x", SESSIONS)
    assert [one.get("freq") for one in found] == [
        None, "MONTHLY", "WEEKLY", None, None, "MONTHLY", None,
    ]  # fmt: skip
    term, first_saturday, every, first, second, month = found[:6]
    assert (term["byday"], term["opens_at"], term["closes_at"]) == ("MO,FR", "17:00", "19:00")
    assert first_saturday["byday"] == "1SA"
    assert (every["interval"], every["valid_from"], every["valid_to"], every["dtstart"]) == (
        2, "2026-09-08", "2027-07-16", "2026-09-08",
    )  # fmt: skip
    assert [one["valid_from"] for one in (first, second)] == ["2026-12-05", "2026-12-12"]
    assert [one["valid_to"] for one in (first, second)] == ["2026-12-05", "2026-12-12"]
    assert month["bymonthday"] == "1"
    assert len({one["id"] for one in found}) == len(found)


def test_a_schedule_in_words() -> None:
    told = [one["description"] for one in planned("x", SESSIONS)]
    assert told == [
        "17:00 to 19:00, Monday and Friday, only in term time",
        "10:00, first Saturday of the month, not on bank holidays",
        "22:00 to 01:00, Tuesday, every 2 weeks, from 2026-09-08, until 2027-07-16, "
        "ages 16 to any",
        *["12:00 to 15:00, 2026-12-05, 2026-12-12"] * 2,
        "09:00, from 2026-09-01, the first", "09:00, from 2026-09-01, daily",
    ]  # fmt: skip
    assert [words for words in told if parse_line(words)] == []


def test_what_is_known_exactly_goes_before_the_lines() -> None:
    record = record_of(CLUB | {"schedule": SESSIONS}, Export())
    assert record["schedules"] == planned(CLUB["id"], SESSIONS)
    (found,) = read_records([record], NOBODY)[0]
    assert found.values == CLUB | {"schedule": SESSIONS}


def test_a_time_at_which_nobody_is_there_is_not_the_end() -> None:
    row = CLUB | {"closed": [PERIOD]}
    assert record_of(row, Export())["status"] == "active"
    assert for_others([row]) == [row]


def test_how_sure_it_is_and_where_it_was_seen() -> None:
    said = {
        (one["link_type"], one["taxonomy_term"]["name"], one.get("value"))
        for one in record_of(CLUB, Export())["attributes"]
    }
    assert ("need", "find-activities", None) in said
    assert ("activity", "boxing", None) in said
    assert ("confidence", "low", "own page, years old") in said
    assert ("evidence", "source", "https://example.org/boxing") in said


@pytest.mark.parametrize(
    ("changes", "area", "kinds"),
    [
        ({"venue": "online", "coverage": "England"}, "England", ["virtual"]),
        ({"venue": "borough-wide"}, "Lambeth", []),
        ({"near": "Brixton"}, None, ["physical"]),
        ({}, None, []),
    ],
)
def test_venues(changes: Row, area: str | None, kinds: list[str]) -> None:
    row = {key: value for key, value in CLUB.items() if key not in ("address", "postcode")}
    record = record_of(row | changes, Export())
    assert [one["name"] for one in record.get("service_areas", ())] == ([area] if area else [])
    links = record.get("service_at_locations", [])
    assert [one["location"]["location_type"] for one in links] == kinds


def test_for_others_nothing_closed_and_nothing_for_staff(real_rows: list[Row]) -> None:
    some = for_others(real_rows)
    closed = {row["id"] for row in real_rows if row.get("closed") == "yes"}
    assert closed
    assert {row["id"] for row in some} == {row["id"] for row in real_rows} - closed
    text = as_text(page(records_of(some, export(some))))
    private = [row[name] for row in real_rows for name in ("caution", "note") if name in row]
    assert private
    assert [words for words in private if json.dumps(words, ensure_ascii=False)[1:-1] in text] == []


def test_what_may_no_longer_run_says_so(real: list[Json], real_rows: list[Row]) -> None:
    low = {stable_id("service", row["id"]) for row in real_rows if row["confidence"] == "low"}
    assert {one["id"] for one in real if "alert" in one} == low


def test_whoever_changes_the_record_is_heard(real: list[Json], real_rows: list[Row]) -> None:
    """Our own attributes hold only as long as nobody has changed what they stand beside."""
    row = next(row for row in real_rows if row.get("contact.phone") == "0808 2000 247")
    record = next(one for one in real if one["id"] == stable_id("service", row["id"]))
    changed = json.loads(json.dumps(record))
    changed["contacts"][0]["phones"][0]["number"] = "+442079265555"
    changed["assured_date"] = "2026-11-20"
    (found,) = read_records([changed], NOBODY)[0]
    assert found.values == row | {"contact.phone": "020 7926 5555", "seen": "2026-11-20"}


def test_the_wrapping_of_a_feed_does_not_matter(real: list[Json]) -> None:
    some, organization = real[:2], {"id": "x", "name": "The Club"}
    bare = {key: value for key, value in real[0].items() if key != "organization"}
    assert services_in(page(some)) == some
    assert services_in(some) == some
    assert services_in({"services": some}) == some
    assert services_in(some[0]) == some[:1]
    nested = {"organizations": [{**organization, "services": [bare]}]}
    assert services_in(nested) == [{**bare, "organization": organization}]
    assert services_in({"anything": "else"}) is None
    assert services_in("text") is None
