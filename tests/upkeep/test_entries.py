"""Every entry and every web address is found with its file and line."""

from __future__ import annotations

from pathlib import Path

from bot.content.directory_files import load_directory
from bot.upkeep.entries import find_entries, find_links

ROOT = Path(__file__).resolve().parents[2]


def test_every_service_and_front_door_of_the_directory_has_its_line() -> None:
    directory, _ = load_directory(ROOT)
    found = find_entries(ROOT)
    assert set(found.services) == set(directory.services)
    assert set(found.front_doors) == set(directory.front_doors)
    for service_id, entry in found.services.items():
        lines = (ROOT / entry.file).read_text(encoding="utf-8").splitlines()
        assert lines[entry.line - 1].strip() == f"- id: {service_id}"
        assert lines[entry.seen_line - 1].strip().startswith("seen:")


def test_a_link_knows_its_line_and_whether_people_can_tap_it(tmp_path: Path) -> None:
    folder = tmp_path / "directory/national"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text(
        "organisation: A\n"
        "services:\n"
        "  - id: a\n"
        "    what: see https://example.org/not-a-link for more\n"
        "    contact:\n"
        "      website: https://example.org/a\n"
        "    source:\n"
        "      - https://example.org/source\n"
        "  - id: gone\n"
        "    closed: yes\n"
        "    contact: {website: https://example.org/gone}\n",
        encoding="utf-8",
    )
    (folder / "broken.yaml").write_text("a: [\n", encoding="utf-8")
    links = find_links(tmp_path)
    assert [(str(link), link.address, link.shown) for link in links] == [
        ("directory/national/a.yaml:6", "https://example.org/a", True),
        ("directory/national/a.yaml:8", "https://example.org/source", False),
    ]
