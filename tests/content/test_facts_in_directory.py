"""Nothing in the directory is invented, and everything that may be shown is there."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content.directory_files import load_directory
from directory.model import Confidence, Directory, Query, Service, Venue
from directory.search import Index

ROOT = Path(__file__).parents[2]
FACTS = ROOT / "../shared/facts"
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
OWN = {"lambeth-ecosystem-coldharbour"}  # made of the borough's MyEnds facts

pytestmark = pytest.mark.skipif(not FACTS.is_dir(), reason="../shared/facts is not there")

Entry = dict[str, Any]


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(ROOT)[0]


@pytest.fixture(scope="module")
def local() -> dict[str, Entry]:
    files = [yaml.safe_load(path.read_text(encoding="utf-8"))
             for path in sorted((FACTS / "local").glob("*.yaml"))]  # fmt: skip
    return {entry["id"]: entry | {"borough": file["borough"]}
            for file in files for entry in file["entries"]}  # fmt: skip


@pytest.fixture(scope="module")
def national() -> dict[str, Entry]:
    text = (FACTS / "national.yaml").read_text(encoding="utf-8")
    return {entry["id"]: entry for entry in yaml.safe_load(text)["services"]}


def same(found: str | None, given: Any) -> bool:
    return (found or "") == " ".join(str(given or "").split())


def differences(service: Service, entry: Entry) -> list[str]:
    contact = service.contact
    pairs = {
        "name": service.name, "what": service.what, "phone": contact.phone,
        "email": contact.email, "website": contact.website, "seen": service.assurance.seen,
        "text": contact.text, "whatsapp": contact.whatsapp, "webchat": contact.webchat,
        "instagram": contact.instagram, "hours": contact.hours, "address": service.address,
        "postcode": service.postcode, "cost": service.cost,
    }  # fmt: skip
    wrong = [f"{service.id}: {key}: {found!r} is not {entry.get(key)!r}"
             for key, found in pairs.items() if not same(found, entry.get(key))]  # fmt: skip
    if service.assurance.confidence.value != entry["confidence"].split(":")[0]:
        wrong.append(f"{service.id}: confidence")
    if list(service.assurance.source) != entry["source"] + (entry.get("corroboration") or []):
        wrong.append(f"{service.id}: source")
    return wrong


def test_every_fact_is_as_given(
    directory: Directory, local: dict[str, Entry], national: dict[str, Entry]
) -> None:
    facts = {**local, **national}
    wrong = []
    for service in directory.services.values():
        if service.id not in OWN:
            wrong += differences(service, facts[service.id])
    assert wrong == []


def test_local_facts_keep_their_ages_times_and_venue(
    directory: Directory, local: dict[str, Entry]
) -> None:
    for key, entry in local.items():
        service = directory.services[key]
        ages = entry["ages"]
        assert (service.age_min, service.age_max) == (ages["min"], ages["max"]), key
        assert [" ".join(line.split()) for line in entry["when"] or []] == list(service.when), key
        assert service.venue == Venue(entry.get("venue") or "place"), key
        assert service.borough == entry["borough"], key
        assert service.closed == bool(entry.get("closed")), key
        assert service.myends == entry["myends"], key


def test_what_may_be_shown_is_there_and_nothing_else(
    directory: Directory, local: dict[str, Entry], national: dict[str, Entry]
) -> None:
    shown = {
        one.id for one in directory.services.values()
        if one.assurance.confidence is not Confidence.LOW and not one.closed
    } - OWN  # fmt: skip
    sure = {key for key, entry in {**local, **national}.items()
            if not entry["confidence"].startswith("low") and not entry.get("closed")}  # fmt: skip
    assert shown == sure
    near, wide = len(shown & set(local)), len(shown & set(national))
    print(f"shown as sure: {near} local of {len(local)}, {wide} national of {len(national)}")
    assert len(sure & set(local)) >= 171
    assert len(sure & set(national)) >= 93


def test_what_a_search_serves_is_that_and_the_unsure_only_as_such(
    directory: Directory, local: dict[str, Entry], national: dict[str, Entry]
) -> None:
    """The other direction: nothing reaches people that the facts do not allow."""
    index = Index(directory)
    facts = {**local, **national}
    unsure = []
    for service in index.services:
        entry = facts.get(service.id)
        if entry is None:
            assert service.id in OWN
            continue
        assert not entry.get("closed"), service.id
        if entry["confidence"].startswith("low"):
            unsure.append(service.id)
            match = index.one(service.id, Query(), NOW)
            assert match is not None
            assert match.check_first, service.id
            assert "may not be running" in match.why
            assert service.borough, "an unsure helpline is not there at all"
    sure = len(index.services) - len(unsure)
    print(f"served: {len(index.services)}, of them {len(unsure)} only as “may be running”")
    assert sure == sum(1 for one in facts.values() if may_be_shown(one)) + len(OWN)


def may_be_shown(entry: Entry) -> bool:
    return not entry["confidence"].startswith("low") and not entry.get("closed")


def test_a_national_number_of_low_confidence_is_not_there_at_all(
    directory: Directory, national: dict[str, Entry]
) -> None:
    low = {key for key, entry in national.items() if entry["confidence"].startswith("low")}
    assert low
    assert low & set(directory.services) == set()


def test_nothing_unverified_is_there(directory: Directory) -> None:
    names = {service.name.lower() for service in directory.services.values()}
    for path in (FACTS / "local").glob("*.yaml"):
        for lead in yaml.safe_load(path.read_text(encoding="utf-8")).get("unverified") or []:
            if "is an entry now" in str(lead):
                continue
            name = lead.get("name") if isinstance(lead, dict) else str(lead).split(":")[0]
            assert str(name).lower() not in names


def test_no_number_or_address_that_could_not_be_confirmed_is_there(directory: Directory) -> None:
    """The facts name numbers from memory, old ones and dead ones, so that nobody uses them."""
    doubtful = set()
    for path in FACTS.glob("local/*.yaml"):
        for lead in yaml.safe_load(path.read_text(encoding="utf-8")).get("unverified") or []:
            doubtful |= numbers(str(lead))
    national = yaml.safe_load((FACTS / "national.yaml").read_text(encoding="utf-8"))
    for lead in national["unverified"]:
        doubtful |= numbers(str(lead["value"]))
        doubtful |= set(re.findall(r"[a-z.-]+\.(?:org\.uk|gov\.uk|uk|org|com)", lead["value"]))
    for lead in national["closed_or_renamed"]:
        doubtful |= numbers(lead["name"])
    doubtful -= {"116000"}  # SafeCall's own number; only that it takes texts is not confirmed
    print(f"{len(doubtful)} numbers and addresses that must not be there")
    assert len(doubtful) > 20
    for service in directory.services.values():
        contact = service.contact
        for written in (contact.phone, contact.text, contact.whatsapp, contact.website):
            assert not numbers(written or "") & doubtful, service.id
            assert not any(one in (written or "") for one in doubtful if "." in one), service.id


def numbers(text: str) -> set[str]:
    """Every telephone number of a text, without its spaces."""
    found = re.findall(r"\b0[\d ]{8,13}\d\b|\b116 ?\d{3}\b|\b[6-8]\d{4}\b", text)
    return {one.replace(" ", "") for one in found}


def test_front_doors_and_myends_are_as_given(directory: Directory) -> None:
    for path in (FACTS / "local").glob("*.yaml"):
        facts = yaml.safe_load(path.read_text(encoding="utf-8"))
        door, given = directory.front_doors[facts["borough"]], facts["safeguarding"]
        assert door.phone_day == given["phone_day"]
        assert door.phone_out_of_hours == given["phone_out_of_hours"]
        assert door.hours_day == given["hours_day"]
        assert same(door.note, given["note"])
        myends = directory.myends[facts["borough"]]
        assert same(myends.status, facts["myends"]["status"])
        assert list(myends.neighbourhoods) == facts["myends"]["neighbourhoods"]
        assert same(myends.lead, facts["myends"]["lead"])


def test_a_named_place_that_stands_for_an_address_is_in_its_borough(directory: Directory) -> None:
    for service in directory.services.values():
        if service.point_from not in (None, "postcode"):
            assert service.address, service.id
