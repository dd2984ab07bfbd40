"""The lists that a maintainer works through say where, since when and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.cli import main
from bot.commands.upkeep import activity_table, gap_lines, own_lines, stale_lines, table
from bot.conversation.world import SERVED
from bot.upkeep.entries import Entries, Entry
from directory.coverage import Gap, coverage
from directory.model import Contact, Directory, FrontDoor
from directory.stale import to_check
from tests.conversation.small_world import SURE, helpline, service

TODAY = date(2026, 11, 27)
OLD = replace(SURE, seen="2020-01", seen_on=date(2020, 1, 1))


def listed(directory: Directory, entries: Entries, days: int = 0) -> str:
    return "\n".join(stale_lines(to_check(directory, TODAY, days), entries, TODAY, days, 9))


def test_a_stale_entry_has_its_line_its_date_and_what_to_do() -> None:
    club = service("club", assurance=OLD)
    door = FrontDoor("Lambeth", "MASH", "020 7946 0001", None, None, None, OLD)
    entries = Entries({"club": Entry("directory/a.yaml", 4, 12)},
                      {"Lambeth": Entry("directory/b.yaml", 2, 8)})  # fmt: skip
    text = listed(Directory({"club": club}, {"Lambeth": door}), entries)
    assert "2 of 9 entries are past their check date." in text
    assert "directory/b.yaml:8: FRONT DOOR, its number is given in danger: MASH" in text
    assert "Ring 020 7946 0001" in text
    assert "directory/a.yaml:12: Club [club]" in text
    assert "seen `2020-01`, due 2021-07, confidence high" in text
    assert "write today's month into `seen`" in text


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        (Contact(email="a@example.org"), "Write to a@example.org, or look at https://example.org"),
        (Contact(website="https://b.org"), "Look at https://b.org"),
        (Contact(), "Look at https://example.org"),
    ],
)
def test_what_to_do_takes_the_quickest_way_that_is_known(contact: Contact, said: str) -> None:
    assurance = replace(OLD, source=("https://example.org",))
    club = service("club", assurance=assurance, contact=contact)
    assert said in listed(Directory({"club": club}), Entries())


def test_an_entry_without_any_way_is_asked_about_on_the_spot() -> None:
    club = service("club", assurance=replace(OLD, source=("a leaflet",)), contact=Contact())
    assert "Ask the youth workers of the area" in listed(Directory({"club": club}), Entries())


def test_nothing_stale_says_so_and_no_more() -> None:
    assert listed(Directory({"club": service("club")}), Entries()) == (
        "0 of 9 entries are past their check date."
    )


def test_the_table_marks_what_is_missing_and_what_is_unsure() -> None:
    services = [
        service("old", kinds=("eating",), assurance=OLD),
        helpline("x", "family", phone="1"),
    ]
    cells = coverage(services, ["eating", "family"], ["Lambeth", "Tower Hamlets"], TODAY)
    lines = [line.split() for line in table("Support", cells)]
    assert lines == [
        ["Support", "Lambeth", "TowerHam."], ["eating", "1?/1?", "0!/0!"],
        ["family", "1/1", "1/1"],
    ]  # fmt: skip


def test_gaps_are_named_in_words() -> None:
    lines = gap_lines(
        [Gap("eating", (11, 12), SERVED, True), Gap("family", (18,), ("Brent",), False)]
    )
    assert lines == [
        "GAPS: nothing that fits: 1", "  eating, age 11 to 12: all eight boroughs",
        "Only what may not be running (somebody should ring): 1", "  family, age 18: Brent",
    ]  # fmt: skip
    assert gap_lines([])[0] == "GAPS: nothing that fits: none"


def test_kinds_of_activity_and_needs_without_a_local_service_are_shown() -> None:
    assert activity_table({"sport": {"Brent": 0, "Lambeth": 3}})[1].split() == ["sport", "-", "3"]
    assert own_lines({"Brent": ["family"], "Lambeth": []})[1:] == [
        "  Brent: family",
        "  Lambeth: none",
    ]


def test_the_commands_run_on_the_real_directory(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", "--strict"]) == 0
    assert "GAPS: nothing that fits: none" in capsys.readouterr().out
    assert main(["stale", "--days", "30"]) == 0
    out = capsys.readouterr().out
    assert "within 30 days" in out
    assert "directory/boroughs/lambeth/borough.yaml:" in out
    assert main(["stale", "--days", "-1"]) == 2
