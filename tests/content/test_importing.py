"""An import is worked out whole first: what is wrong is named at its cell, and nothing is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.content.catalogue import errors_of
from bot.content.directory_files import load_directory
from bot.content.importing import DirectoryError, Outcome, prepare, write
from bot.content.shelf import read_shelf
from directory.exchange.columns import Row, by_name
from directory.exchange.incoming import Incoming
from tests.directory.exchange.made_up import PERIOD, SESSIONS

ROOT = Path(__file__).parents[2]
LAMBETH = "directory/boroughs/lambeth"

CLUB = """\
# The Club has two services.
organisation: The Club
services:

  - id: lambeth-boxing
    name: Boxing
    what: Boxing.
    kinds: [find-activities]
    activities: [boxing]
    postcode: SW9 7UH
    ages: {min: 11, max: 16}
    contact:
      phone: 020 7926 5555  # ring twice
    source:
      - https://example.org
    seen: 2026-10
    confidence: high

  # asked them in October
  - id: lambeth-chess
    name: Chess
    what: Chess.
    kinds: [find-activities]
    venue: borough-wide
    source:
      - https://example.org
    seen: 2026-10
    confidence: medium
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("intents/words", "directory/postcodes"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for borough in ("lambeth", "hackney"):
        folder = tmp_path / "directory/boroughs" / borough
        folder.mkdir(parents=True)
        shutil.copy(ROOT / "directory/boroughs" / borough / "borough.yaml", folder)
    for name in ("london", "national"):
        (tmp_path / "directory" / name).mkdir()
    (tmp_path / LAMBETH / "the-club.yaml").write_text(CLUB, encoding="utf-8")
    return tmp_path


def rows(root: Path) -> list[Row]:
    return read_shelf(root)[0].rows()


def worked_out(root: Path, *changed: Row, columns: frozenset[str] | None = None) -> Outcome:
    given = columns or frozenset(by_name())
    return prepare(root, [Incoming(number, row, given) for number, row in enumerate(changed, 2)])


def told(outcome: Outcome) -> list[str]:
    return [slip.told("f") for slip in outcome.slips]


def test_nothing_changes_nothing(root: Path) -> None:
    outcome = worked_out(root, *rows(root))
    assert (outcome.slips, outcome.changes, outcome.texts, outcome.same) == ([], [], {}, 2)


def test_one_value_changes_one_line_and_keeps_its_comment(root: Path) -> None:
    boxing, chess = rows(root)
    outcome = worked_out(root, boxing | {"contact.phone": "020 7926 1111"}, chess)
    assert told(outcome) == []
    assert [(one.id, one.names) for one in outcome.changes] == [
        ("lambeth-boxing", ["contact.phone"])
    ]
    write(root, outcome)
    text = (root / LAMBETH / "the-club.yaml").read_text(encoding="utf-8")
    assert text == CLUB.replace("7926 5555", "7926 1111")


def test_an_empty_cell_takes_a_value_away_and_a_missing_column_does_not(root: Path) -> None:
    boxing, _ = rows(root)
    without = {name: value for name, value in boxing.items() if name != "activities"}
    (change,) = worked_out(root, without).changes
    assert change.names == ["activities"]
    kept = worked_out(root, without, columns=frozenset({"id", "name"}))
    assert (kept.changes, kept.same) == ([], 1)


def test_a_service_that_the_file_lacks_stays(root: Path) -> None:
    boxing, _ = rows(root)
    outcome = worked_out(root, boxing | {"cost": "Free"})
    write(root, outcome)
    assert outcome.absent == ["lambeth-chess"]
    assert "lambeth-chess" in load_directory(root)[0].services


NEW: Row = {
    "where": "Lambeth", "organisation": "The Club", "name": "Judo", "what": "Judo.",
    "kinds": ["find-activities"], "venue": "borough-wide", "source": ["https://example.org"],
    "seen": "2026-11", "confidence": "high",
}  # fmt: skip


def test_a_new_service_goes_into_its_organisations_file(root: Path) -> None:
    outcome = worked_out(root, NEW)
    write(root, outcome)
    text = (root / LAMBETH / "the-club.yaml").read_text(encoding="utf-8")
    assert text.startswith(CLUB)
    assert text.removeprefix(CLUB).startswith("\n  - id: lambeth-judo\n    name: Judo\n")
    assert load_directory(root)[0].services["lambeth-judo"].organisation == "The Club"


def test_schedules_and_closed_times_are_written(root: Path) -> None:
    boxing, _ = rows(root)
    more = {"schedule": SESSIONS, "closed": [PERIOD]}
    write(root, worked_out(root, boxing | more, NEW | more))
    there = {row["id"]: row for row in rows(root)}
    assert there["lambeth-boxing"] == boxing | more
    assert there["lambeth-judo"]["schedule"] == SESSIONS
    changed = [*SESSIONS[:1], *SESSIONS[2:]]
    write(root, worked_out(root, boxing | more | {"schedule": changed}))
    assert rows(root)[0]["schedule"] == changed


def test_new_organisations_get_files_of_their_own(root: Path) -> None:
    cafe = "Café & Co’s"
    new = [
        {"organisation": cafe}, {"organisation": "Café and Cos", "name": "Go"},
        {"organisation": "Borough", "name": "A"}, {"organisation": "日本", "name": "B"},
        {"where": "national", "organisation": cafe, "name": "C"},
        {"where": "hackney", "name": "D"}, {"organisation": cafe, "name": "E"},
    ]  # fmt: skip
    outcome = worked_out(root, *(NEW | one for one in new))
    assert told(outcome) == []
    assert sorted(outcome.texts) == [
        "directory/boroughs/hackney/the-club.yaml", f"{LAMBETH}/borough-2.yaml",
        f"{LAMBETH}/cafe-and-cos-2.yaml", f"{LAMBETH}/cafe-and-cos.yaml",
        f"{LAMBETH}/organisation.yaml", "directory/national/cafe-and-cos.yaml",
    ]  # fmt: skip
    write(root, outcome)
    directory, problems = load_directory(root)
    assert errors_of(problems) == []
    assert directory.services["national-c"].borough is None
    assert directory.services["hackney-d"].borough == "Hackney"
    assert directory.services["lambeth-e"].organisation == "Café & Co’s"


def test_a_new_file_begins_as_its_neighbours_do(root: Path) -> None:
    line = "# yaml-language-server: $schema=../../schema.json\n"
    (root / LAMBETH / "the-club.yaml").write_text(line + CLUB, encoding="utf-8")
    (text,) = worked_out(root, NEW | {"organisation": "Other"}).texts.values()
    assert text.startswith(f"{line}# One organisation")


def test_an_organisation_is_renamed_whole(root: Path) -> None:
    new = [row | {"organisation": "The New Club"} for row in (*rows(root), NEW)]
    outcome = worked_out(root, *new)
    write(root, outcome)
    assert list(outcome.texts) == [f"{LAMBETH}/the-club.yaml"]
    text = (root / LAMBETH / "the-club.yaml").read_text(encoding="utf-8")
    assert text.startswith(CLUB.replace("organisation: The Club", "organisation: The New Club"))
    assert "id: lambeth-judo" in text


@pytest.mark.parametrize(
    ("changes", "slips"),
    [
        ({"where": "Hackney"}, [("where", f"by hand ({LAMBETH}/the-club.yaml)")]),
        ({"where": "Kent"}, [("where", "one of: Hackney, Lambeth, London, national")]),
        ({"organisation": "Other"}, [("organisation", "write `The Club`, or change all services")]),
        ({"what": None}, [("what", "`what` is missing")]),
        (
            {"contact.phone": "ask", "activities": ["boxin"], "postcode": "SW97"},
            [
                ("activities", "found `boxin`, write `boxing`"),
                ("contact.phone", "found `ask`, write it like 020 7926 5555"),
                ("postcode", "found `SW97`, write it like SW9 7UH"),
            ],
        ),
        (
            {"ages.min": "x", "confidence": "sure", "contact.phone": "ask"},
            [
                ("ages.min", "found `x`, write digits only"),
                ("confidence", "found `sure`, use one of: high, medium, low"),
                ("contact.phone", "found `ask`, write it like 020 7926 5555"),
            ],
        ),
    ],
)
def test_mistakes_are_named_at_their_cells_all_at_once(
    root: Path, changes: Row, slips: list[tuple[str, str]]
) -> None:
    boxing, chess = rows(root)
    row = {name: value for name, value in (boxing | changes).items() if value is not None}
    outcome = worked_out(root, row, chess | {"cost": "Free"})
    assert [(slip.row, slip.column) for slip in outcome.slips] == [(2, name) for name, _ in slips]
    for line, (_, says) in zip(told(outcome), slips, strict=True):
        assert says in line
    with pytest.raises(ValueError, match="not written"):
        write(root, outcome)


def test_mistakes_of_new_rows(root: Path) -> None:
    boxing, _ = rows(root)
    lines = told(worked_out(root, boxing, boxing, NEW | {"name": "Boxing"}, {"id": "x"}))
    assert lines[:2] == [
        "f:3:id: `id` stands twice (the first is in row 2), found `lambeth-boxing`, "
        "keep one of the rows",
        "f:4:id: `id` is missing, and the service seems to be there already, "
        "write its id `lambeth-boxing`, or a new one",
    ]
    missing = ["confidence", "kinds", "name", "organisation", "seen", "what", "where"]
    assert [line.partition(" is missing")[0] for line in lines[2:]] == [
        f"f:5:{name}: `{name}`" for name in missing
    ]


def test_what_cannot_be_changed_without_a_loss_is_refused(root: Path) -> None:
    boxing, _ = rows(root)
    path = root / LAMBETH / "the-club.yaml"
    path.write_text(CLUB.replace("    source:\n", "    source:  # all old\n", 1), encoding="utf-8")
    (line,) = told(worked_out(root, boxing | {"source": ["https://example.org/new"]}))
    assert "a comment within `source` would be lost (line 14)" in line
    assert line.endswith("change it by hand")


def test_new_warnings_are_told(root: Path) -> None:
    boxing, _ = rows(root)
    (warning,) = worked_out(root, boxing | {"postcode": "E8 1EA"}).warnings
    assert "lies in Hackney, not in Lambeth" in warning


def test_nothing_goes_into_a_directory_with_errors(root: Path) -> None:
    (root / LAMBETH / "broken.yaml").write_text("organisation: [", encoding="utf-8")
    with pytest.raises(DirectoryError, match=r"broken\.yaml:1"):
        worked_out(root, NEW)


def test_a_file_that_changes_meanwhile_is_not_overwritten(root: Path) -> None:
    boxing, _ = rows(root)
    outcome = worked_out(root, boxing | {"cost": "Free"})
    path = root / LAMBETH / "the-club.yaml"
    path.write_text(CLUB.replace("Boxing.", "Boxing!"), encoding="utf-8")
    with pytest.raises(DirectoryError, match="changed meanwhile"):
        write(root, outcome)
    assert "Free" not in path.read_text(encoding="utf-8")
