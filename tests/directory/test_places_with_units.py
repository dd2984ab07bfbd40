"""With the exact table: no question where there is no doubt, and the coarse table for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.content.directory_files import load_directory
from bot.storage.units import UnitTable
from bot.storage.units_writer import unit_writer
from directory.places import Places, load_places
from directory.postcode_layouts import Row
from directory.units import Edition
from tests.support.postcodes import EPPING, POSTCODES, areas

NOW = datetime(2026, 11, 26, tzinfo=UTC)
NAMES = {"E09000022": "Lambeth", "E09000028": "Southwark", "E09000025": "Newham",
         EPPING: "Epping Forest"}  # fmt: skip
ROWS = (
    Row("SE18LA", 51.5032, -0.1078, "E09000022"),
    Row("SE18LB", 51.5032, -0.1068, "E09000028"),
    Row("SW97UH", 51.46779, -0.10372, "E09000022"),
    Row("SW97ZZ", 51.468, -0.104, "E09000022", 201905),
    Row("E169AA", 51.51, 0.03, "E09000025"),  # a sector that the cells do not have
    Row("IG75AA", 51.61, 0.09, EPPING),
    Row("IG74AA", 51.61, 0.1, "E09000022"),
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UnitTable]:
    target = tmp_path_factory.mktemp("data") / "postcodes.sqlite3"
    with unit_writer(target, NOW) as writer:
        writer.add(ROWS)
        writer.finish(Edition("Code-Point Open", "2026.3.0", 2026), NAMES, "2026-11-26").close()
        writer.put_in_place()
    found = UnitTable.open(target)
    assert found is not None
    yield found
    found.close()


@pytest.fixture(scope="module")
def exact(table: UnitTable) -> Places:
    return load_places(POSTCODES, areas(), table)


def test_a_cell_across_a_border_is_settled(places: Places, exact: Places) -> None:
    assert places.locate("SE1 8LA").outcome == "choose"
    assert exact.locate("SE1 8LA").borough == "Lambeth"
    assert exact.locate("SE1 8LB").borough == "Southwark"


def test_what_is_kept_of_a_person_is_no_finer_than_before(places: Places, exact: Places) -> None:
    coarse, area = places.locate("SW9 7UH"), exact.locate("SW9 7UH")
    assert (area.point, area.sector, area.label) == (coarse.point, "SW9 7", "SW9 7, Lambeth")


def test_a_postcode_that_the_table_lacks_is_approximate(exact: Places) -> None:
    area = exact.locate("SW9 7UJ")
    assert (area.borough, area.note) == ("Lambeth", "approximate")


def test_one_that_has_ended_still_says_where(exact: Places) -> None:
    area = exact.locate("SW9 7ZZ")
    assert (area.borough, area.note) == ("Lambeth", "")


def test_a_new_sector_is_known(exact: Places) -> None:
    area = exact.locate("E16 9AA")
    assert (area.borough, area.note) == ("Newham", "")
    assert exact.locate("E16 9").borough == "Newham"


def test_just_outside_names_the_authority(exact: Places) -> None:
    area = exact.locate("IG7 5AA")
    assert (area.label, area.outcome) == ("IG7 5 (Epping Forest)", "outside-london")


def test_a_shared_location_goes_by_the_postcodes_around(exact: Places) -> None:
    assert exact.nearest(51.4678, -0.1037).borough == "Lambeth"
    assert set(exact.nearest(51.5032, -0.1073).choices) == {"Lambeth", "Southwark"}
    assert exact.nearest(51.61, 0.0899).label == "Epping Forest"
    assert exact.nearest(53.48, -2.24).outcome == "outside-london"


def test_slips_are_settled_by_what_exists(exact: Places) -> None:
    area = exact.locate("5W9 7UH")
    assert (area.borough, area.repaired, area.note) == ("Lambeth", True, "")


DIRECTORY = """organisation: Somebody
services:
  - id: one
    name: One
    what: Something.
    kinds: [find-activities]
    postcode: {postcode}
    contact: {{phone: 020 7946 0000}}
    source: [https://example.org]
    seen: 2026-11
    confidence: high
"""


@pytest.mark.parametrize(
    ("postcode", "said"),
    [
        ("SW9 7UH", ""),
        ("SW9 7ZZ", "no longer in use, found `SW9 7ZZ`, ended 2019-05"),
        ("SW9 7UJ", "not in the table"),
        ("SE1 8LB", "lies in Southwark, not in Lambeth"),
        ("IG7 5AA", "lies in Epping Forest, not in Lambeth"),
    ],
)
def test_check_says_what_the_table_knows(
    tmp_path: Path, table: UnitTable, postcode: str, said: str
) -> None:
    root = Path(__file__).parents[2]
    for name in ("intents", "directory/postcodes"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).symlink_to(root / name)
    folder = tmp_path / "directory/boroughs/lambeth"
    folder.mkdir(parents=True)
    (folder / "borough.yaml").symlink_to(root / "directory/boroughs/lambeth/borough.yaml")
    (folder / "one.yaml").write_text(DIRECTORY.format(postcode=postcode), encoding="utf-8")
    loaded, problems = load_directory(tmp_path, None, table)
    about = [str(problem) for problem in problems if "one.yaml" in problem.file]
    assert (len(about), said in " ".join(about)) == (bool(said), True)
    unit = table.get(postcode.replace(" ", ""))
    point = loaded.services["one"].point
    assert point is not None
    if unit is not None:
        assert (point.lat, point.lon) == (unit.lat, unit.lon)
