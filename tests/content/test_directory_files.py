"""A bad file is named by line and left out; it never hides the good ones."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.content.directory_files import load_directory
from bot.content.problems import Problem, Severity
from directory.model import Directory, Venue

ROOT = Path(__file__).parents[2]

GOOD = """\
organisation: The Club
services:
  - id: the-club
    name: The Club
    what: A club.
    kinds: [find-activities]
    activities: [boxing]
    postcode: SW9 7UH
    ages: {min: 11, max: 16}
    when:
      - Monday 16:00-18:00
      - Some other evenings
    contact:
      phone: 020 7926 5555
    source:
      - https://example.org
    seen: 2026-10
    confidence: high
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("intents/words", "directory/postcodes"):
        shutil.copytree(ROOT / name, tmp_path / name)
    lambeth = tmp_path / "directory/boroughs/lambeth"
    lambeth.mkdir(parents=True)
    shutil.copy(ROOT / "directory/boroughs/lambeth/borough.yaml", lambeth)
    (lambeth / "good.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def load(root: Path, text: str = "", today: date | None = None) -> tuple[Directory, list[Problem]]:
    if text:
        (root / "directory/boroughs/lambeth/other.yaml").write_text(text, encoding="utf-8")
    return load_directory(root, today)


def other(old: str = "", new: str = "") -> str:
    text = GOOD.replace("id: the-club", "id: other").replace("name: The Club", "name: The Other")
    return text.replace(old, new)


def test_a_good_file(root: Path) -> None:
    directory, problems = load(root)
    assert problems == []
    service = directory.services["the-club"]
    assert (service.borough, service.organisation, service.venue) == (
        "Lambeth", "The Club", Venue.PLACE,
    )  # fmt: skip
    assert (service.age_min, service.age_max, service.free) == (11, 16, None)
    assert len(service.sessions) == 1
    assert len(service.when) == 2
    assert service.point is not None
    assert service.point_from == "postcode"
    assert service.assurance.seen_on == date(2026, 10, 1)
    assert directory.front_doors["Lambeth"].phone_day == "020 7926 5555"
    assert "UNCONFIRMED" in directory.myends["Lambeth"].status


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("kinds:", "kind:", 6, "did you mean `kinds`?"),
        ("find-activities", "find-activity", 6, "did you mean `find-activities`?"),
        ("[boxing]", "[boxin]", 7, "write `boxing`"),
        ("[boxing]", "[xyz]", 7, "not in intents/words/activities.yaml"),
        ("min: 11", "min: 19", 9, "youngest age (19) is above the oldest (16)"),
        ("SW9 7UH", "SW97", 8, "write it like SW9 7UH"),
        ("020 7926 5555", "20 7926", 14, "not a UK phone number"),
        ("020 7926 5555", "ask at the desk", 14, "not a UK phone number"),
        ("confidence: high", "confidence: sure", 18, "use one of: high, medium, low"),
        ("    seen: 2026-10\n", "", 3, "`seen` is missing"),
        ("    source:\n      - https://example.org\n", "", 3, "no source is given"),
        ("postcode: SW9 7UH", "near: Brixtn", 8, "did you mean `Brixton`?"),
        ("id: other", "id: the-club", 3, "is taken (by directory/boroughs/lambeth/good.yaml:3)"),
        ("id: other", "id: The Club!", 3, "`id` is not written in the expected way"),
        ("A club.", "A club: ours", 5, "colon"),
        ("    name", "\tname", 4, "tab"),
    ],
)
def test_a_bad_file_is_named_and_the_good_one_served(
    root: Path, old: str, new: str, line: int, says: str
) -> None:
    directory, problems = load(root, other(old, new))
    assert [(problem.line, problem.severity) for problem in problems] == [(line, Severity.ERROR)]
    assert says in str(problems[0])
    assert problems[0].file == "directory/boroughs/lambeth/other.yaml"
    assert set(directory.services) == {"the-club"}


PHONES = (
    "999", "116 000", "159", "0800 1111", "020 7364 5006 (option 3)", "0808 2000 247",
    "08 08 16 89 111",
)  # fmt: skip


@pytest.mark.parametrize("phone", PHONES)
def test_phones_that_ring(root: Path, phone: str) -> None:
    assert load(root, other("020 7926 5555", phone))[1] == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("SW9 7UH", "E8 1EA", "lies in Hackney, not in Lambeth"),
        ("SW9 7UH", "SW9 9ZZ", "not in the table"),
        ("    postcode: SW9 7UH\n", "", "cannot be ranked by distance"),
    ],
)
def test_warnings_do_not_keep_a_file_out(root: Path, old: str, new: str, says: str) -> None:
    directory, problems = load(root, other(old, new))
    assert [problem.severity for problem in problems] == [Severity.WARNING]
    assert says in str(problems[0])
    assert "other" in directory.services


def test_past_the_check_date_is_a_warning(root: Path) -> None:
    _, problems = load(root, other("2026-10", "2022-07"), date(2026, 11, 22))
    (problem,) = [one for one in problems if "`other` is past its check date" in one.what]
    assert problem.severity is Severity.WARNING


def test_a_broken_borough_file_does_not_hide_its_services(root: Path) -> None:
    (root / "directory/boroughs/lambeth/borough.yaml").write_text("borough: [", encoding="utf-8")
    directory, problems = load(root)
    assert len(problems) == 1
    assert directory.services["the-club"].borough == "Lambeth"


def test_a_missing_postcode_table_is_named(root: Path) -> None:
    (root / "directory/postcodes/cells.csv").unlink()
    directory, problems = load(root)
    assert problems[0].file == "directory/postcodes/cells.csv"
    assert "the-club" in directory.services


def test_a_name_of_an_area_in_the_wrong_borough(root: Path) -> None:
    path = root / "intents/words/areas.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "near: SW2 1J, aliases: [brixy", "near: E8 1E, aliases: [brixy"
    )
    path.write_text(text, encoding="utf-8")
    _, problems = load(root)
    assert "`near` lies in Hackney, not in Lambeth" in str(problems[0])


def test_the_whole_directory_is_without_errors() -> None:
    directory, problems = load_directory(ROOT)
    assert [str(one) for one in problems if one.severity is Severity.ERROR] == []
    assert len(directory.front_doors) == 8
    assert len(directory.myends) == 8
