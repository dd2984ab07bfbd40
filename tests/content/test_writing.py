"""What the tools write reads back as it was, and looks as if a person had written it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.located import read_yaml
from bot.content.validate import validate
from bot.content.writing import organisation_text, service_text
from directory.schema import OrganisationFile

ROOT = Path(__file__).resolve().parents[2]
# What people type or copy from a page: any printable sign, and what YAML has a meaning for.
TEXT = st.one_of(
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), min_size=1),
    st.lists(
        st.sampled_from(["a: b", "#1", "- x", "null", "~", "no", "22:15", "'", '"', "{", "]",
                         "*", "&", "!", "%", "@", ">", "|", "---", "...", "\\", "a" * 90]),
        min_size=1, max_size=12,
    ).map(" ".join),
)  # fmt: skip


def tidy(text: str) -> str:
    return " ".join(text.split())


def read_back(text: str, folder: Path) -> Any:
    path = folder / "written.yaml"
    path.write_text(text, encoding="utf-8")
    located, problems = read_yaml(path, folder)
    assert problems == [], text
    assert located is not None
    return located.data


@given(name=TEXT, what=TEXT, lines=st.lists(TEXT, max_size=3), tags=st.lists(TEXT, max_size=3))
def test_every_text_reads_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, name: str, what: str, lines: list[str],
    tags: list[str],
) -> None:  # fmt: skip
    service = {"id": "x", "name": name, "what": what, "when": lines, "tags": tags}
    data = read_back(organisation_text(name, [service]), tmp_path_factory.mktemp("w"))
    found = data["services"][0]
    assert data.get("organisation") == (tidy(name) or None)
    assert found.get("what") == (tidy(what) or None)
    for key, given_list in (("when", lines), ("tags", tags)):
        assert found.get(key, []) == [tidy(one) for one in given_list if tidy(one)]


def test_it_is_the_style_of_the_house() -> None:
    text = organisation_text("Example Club", [{
        "confidence": "high", "seen": "2026-11", "id": "lambeth-example", "name": "Boxing",
        "what": "Boxing for beginners.", "kinds": ["find-activities"], "free": True,
        "ages": {"min": 11, "max": 16}, "address": None, "activities": [], "extra": "kept",
        "contact": {"website": "https://example.org", "phone": "020 7946 0000"},
        "when": ["Monday 17:00-19:00"], "source": ["https://example.org/boxing"],
    }])  # fmt: skip
    assert text == (
        "# One organisation and its services. What each line means: directory/README.md\n"
        "organisation: Example Club\n"
        "services:\n"
        "\n"
        "  - id: lambeth-example\n"
        "    name: Boxing\n"
        "    what: Boxing for beginners.\n"
        "    kinds: [find-activities]\n"
        "    ages: {min: 11, max: 16}\n"
        "    free: yes\n"
        "    when:\n"
        "      - Monday 17:00-19:00\n"
        "    contact:\n"
        "      phone: 020 7946 0000\n"
        "      website: https://example.org\n"
        "    extra: kept\n"
        "    source:\n"
        "      - https://example.org/boxing\n"
        "    seen: 2026-11\n"
        "    confidence: high\n"
    )


def test_the_files_that_are_there_read_back_the_same_after_writing(tmp_path: Path) -> None:
    folders = ("boroughs/*", "london", "national")
    files = [path for folder in folders for path in (ROOT / "directory").glob(f"{folder}/*.yaml")]
    assert len(files) > 200
    for path in files:
        located, _ = read_yaml(path, ROOT)
        assert located is not None
        if path.name == "borough.yaml":
            continue
        before, _ = validate(OrganisationFile, located)
        written = organisation_text(located.data["organisation"], located.data["services"])
        copy = tmp_path / "copy.yaml"
        copy.write_text(written, encoding="utf-8")
        again, problems = read_yaml(copy, tmp_path)
        assert problems == [], path
        assert again is not None
        assert validate(OrganisationFile, again)[0] == before, path


def test_a_service_takes_the_indentation_of_its_neighbours() -> None:
    assert service_text({"id": "x", "when": ["a"]}, indent=0) == "- id: x\n  when:\n    - a\n"
