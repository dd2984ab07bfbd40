"""The schemas for editors are current, fit every real file, and underline what `check` refuses."""

from __future__ import annotations

import json
import re
import shutil
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from bot.content.schema_files import (
    FOLDER,
    SETTINGS,
    check_first_lines,
    directory_files,
    first_line,
    kind_of,
    kinds,
    out_of_date,
    schemas,
    write_first_lines,
    write_schemas,
)

ROOT = Path(__file__).parents[2]
SCHEMAS = {name: json.loads(text) for name, text in schemas(ROOT).items()}
YAML_FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("directory", "intents")
    for path in (ROOT / folder).rglob("*.yaml")
    if path.name != "queries.yaml"  # of bot/upkeep, which checks it
)
SMALL = [file for file in YAML_FILES if (ROOT / file).stat().st_size < 60_000]


class Core(yaml.SafeLoader):
    """YAML 1.2, as editors read it: `no` and 2026-11-22 are texts, 999 and 1.5 are numbers."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|false|True|False", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?", "-+.0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    Core.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"), list(first)
    )


def faults(file: str, text: str) -> list[str]:
    kind = kind_of(file)
    assert kind is not None
    found = Draft7Validator(SCHEMAS[kind.path]).iter_errors(yaml.load(text, Core))  # noqa: S506
    return [one.message for one in found]


def test_they_are_current() -> None:
    assert out_of_date(ROOT) == [], "the models have changed: run python run_bot.py schema"


def test_every_yaml_file_has_a_kind_and_every_kind_a_file() -> None:
    homeless = [file for file in YAML_FILES if kind_of(file) is None]
    assert homeless == []
    used = {kind.name for file in YAML_FILES if (kind := kind_of(file))}
    assert used == {kind.name for kind in kinds()}


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_they_are_schemas(name: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("file", SMALL)
def test_no_good_file_has_a_red_line(file: str) -> None:
    assert faults(file, (ROOT / file).read_text(encoding="utf-8")) == []


GOOD = """\
organisation: The Club
services:
  - id: the-club
    name: The Club
    what: A club.
    kinds: [find-activities]
    activities: [boxing, something-new]
    ages: {min: 11}
    free: no
    schedule:
      - {days: [Saturday], weeks: [first], start: 10:00, end: 12:00, only: term-time}
      - {dates: [2026-12-05], start: 17:00, bank_holidays: yes}
    closed: [{from: 2026-12-21, to: 2027-01-03, why: Christmas}]
    contact: {phone: 116123, text: 85258, website: https://example.org}
    source: [https://example.org]
    seen: 2026
    confidence: high
"""
CLUB = "directory/boroughs/lambeth/the-club.yaml"


def test_what_needs_no_quotes_gets_no_red_line() -> None:
    assert faults(CLUB, GOOD) == []
    assert faults(CLUB, GOOD.replace("closed: [{from: 2026-12-21, to: 2027-01-03, why: Christmas}]",
                                     "closed: yes")) == []  # fmt: skip
    assert faults(CLUB, GOOD.replace("free: no", "free:")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: The Club", "nam: The Club"),
        ("    what: A club.\n", ""),
        ("find-activities", "find-activity"),
        ("min: 11", "min: eleven"),
        ("min: 11", "minimum: 11"),
        ("free: no", "free: maybe"),
        ("Saturday", "Saturdays"),
        ("first]", "1st]"),
        ("10:00,", "10am,"),
        ("term-time", "term"),
        ("2026-12-05", "5/12/2026"),
        ("confidence: high", "confidence: sure"),
        ("why: Christmas", "reason: Christmas"),
        ("id: the-club", "id: The Club"),
        ("organisation:", "organization:"),
    ],
)
def test_what_check_refuses_is_underlined(old: str, new: str) -> None:
    assert old in GOOD
    assert faults(CLUB, GOOD.replace(old, new))


def test_hovering_explains_the_keys() -> None:
    service = SCHEMAS[f"{FOLDER}/organisation.schema.json"]["$defs"]["ServiceEntry"]
    unexplained = [name for name, key in service["properties"].items() if not _described(key)]
    assert set(unexplained) <= {"address", "cost", "contact"}


def _described(key: dict[str, Any]) -> bool:
    return "description" in key or "$ref" in key


def test_every_file_of_the_directory_names_its_schema() -> None:
    assert [str(problem) for problem in check_first_lines(ROOT)] == []
    for path in directory_files(ROOT):
        line = path.read_text(encoding="utf-8").partition("\n")[0]
        target = path.parent / line.partition("$schema=")[2]
        assert target.resolve().is_file(), path


def test_code_associates_each_file_with_its_schema() -> None:
    settings = json.loads((ROOT / SETTINGS).read_text(encoding="utf-8"))["yaml.schemas"]
    globs = [(glob, schema.removeprefix("./")) for schema, found in settings.items()
             for glob in ([found] if isinstance(found, str) else found)]  # fmt: skip
    for file in YAML_FILES:
        kind = kind_of(file)
        assert kind is not None
        if kind.name == "borough":  # its first line says it, and goes before the settings
            continue
        assert {schema for glob, schema in globs if fnmatch(file, glob)} == {kind.path}, file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "intents/words", tmp_path / "intents/words")
    lambeth = tmp_path / "directory/boroughs/lambeth"
    lambeth.mkdir(parents=True)
    shutil.copy(ROOT / "directory/boroughs/lambeth/borough.yaml", lambeth)
    return tmp_path


def test_what_is_written_is_current_and_what_is_left_over_goes(root: Path) -> None:
    assert len(write_schemas(root)) == len(SCHEMAS)
    assert (out_of_date(root), write_schemas(root)) == ([], [])
    (root / FOLDER / "old.schema.json").write_text("{}")
    (root / FOLDER / "borough.schema.json").write_text("{}")
    assert out_of_date(root) == [f"{FOLDER}/borough.schema.json", f"{FOLDER}/old.schema.json"]
    write_schemas(root)
    assert out_of_date(root) == []


@pytest.mark.parametrize(
    "before", ["", "# about it\n", "# yaml-language-server: $schema=../wrong.json\n"]
)
def test_the_first_line_is_put_in_once(root: Path, before: str) -> None:
    path = root / CLUB
    path.write_text(before + GOOD, encoding="utf-8")
    assert write_first_lines(root) == [CLUB]
    assert write_first_lines(root) == []
    first, rest = path.read_text(encoding="utf-8").split("\n", 1)
    assert first == first_line(CLUB)
    assert rest == ("# about it\n" if "about" in before else "") + GOOD


def test_a_file_without_the_line_is_a_warning(root: Path) -> None:
    (root / CLUB).write_text(GOOD, encoding="utf-8")
    (problem,) = check_first_lines(root)
    assert (problem.file, problem.line) == (CLUB, 1)
    assert "../../../schemas/organisation.schema.json" in problem.instead
    (root / CLUB).write_bytes(b"caf\xe9")
    assert list(check_first_lines(root)) == []
