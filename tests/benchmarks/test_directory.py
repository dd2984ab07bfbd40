"""The benchmark of the directory: what it invents is marked, loads, and is searched in time."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from benchmarks.directory import SEARCH_BAR_MS, Figures, measure, picture, table_of
from benchmarks.generated import MARK, write_directory
from bot.content.directory_files import load_directory
from bot.content.problems import Severity

ROOT = Path(__file__).parents[2]
ROWS = [Figures(size, size / 1e4, 0.1, 60.0, 80.0, 0.5, 2.0, 3.0, 2.5, 1.0) for size in (100, 1000)]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("invented") / "project"
    write_directory(folder, 400)
    return folder


def test_every_entry_is_marked_as_invented_and_without_error(project: Path) -> None:
    directory, problems = load_directory(project)
    assert [str(one) for one in problems if one.severity is Severity.ERROR] == []
    assert len(directory.services) == 400
    for service in directory.services.values():
        assert service.id.startswith("generated-")
        assert MARK in service.organisation
        assert all("example.org" in source for source in service.assurance.source)
        assert service.contact.phone is not None
        assert service.contact.phone.startswith("020 7946 0")  # kept free for invented numbers


def test_the_boroughs_have_their_real_shares(project: Path) -> None:
    services = load_directory(project)[0].services.values()
    boroughs = {one.borough for one in services} - {None}
    assert len(boroughs) == 8
    assert all(sum(one.borough == name for one in services) > 10 for name in boroughs)


def test_the_same_seed_invents_the_same(project: Path, tmp_path: Path) -> None:
    write_directory(tmp_path / "again", 400)
    done = subprocess.run(
        ["diff", "-r", str(project / "directory/boroughs"),
         str(tmp_path / "again/directory/boroughs")], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == ""


def test_a_search_is_in_time(project: Path) -> None:
    figures = measure(project, 400)
    print(figures)
    assert figures.found > 0.95
    assert figures.p99_ms < SEARCH_BAR_MS


def test_the_picture_can_be_drawn_and_names_its_bars() -> None:
    drawn = ET.fromstring(picture(ROWS))  # noqa: S314 - our own text
    text = " ".join(drawn.itertext())
    assert "at most 5 ms" in text
    assert "at most 10 s" in text


def test_the_table_has_a_row_for_each_size() -> None:
    assert table_of(ROWS).count("\n") == 3
    assert "| 1,000 | 0.10 s |" in table_of(ROWS)


def test_the_page_has_figures_and_a_picture() -> None:
    page = (ROOT / "docs/directory.md").read_text(encoding="utf-8")
    assert "| 10,000 |" in page
    assert (ROOT / "docs/pictures/directory-growth.svg").exists()
