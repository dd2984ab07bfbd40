"""A value changes, and nothing else in the file: no comment, no order, no line break."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content.located import read_yaml
from bot.content.yaml_edit import CannotEditError, Edit, edited

FILE = """\
# One organisation and its services.
organisation: The Club  # since 1950
services:

  # the boxing
  - id: boxing
    name: Boxing   # ring the bell
    what: Boxing for beginners and up, with a coach, on two evenings, and once
      a month on a Saturday.
    kinds: [find-activities]
    ages: {min: 11, max: 16}
    when:
      - Monday 16:00-18:00
      - "Friday: by arrangement"
    contact:
      # the desk is in the hall
      phone: 020 7926 5555
      website: https://example.org/#boxing
    note: >-
      The side door.

      # not a comment
    seen: 2026-10
    confidence: high

  - id: chess
    name: Chess
    seen: undated
    confidence: low
"""


def change(number: int, old: dict[str, Any], new: dict[str, Any]) -> Edit:
    return Edit(services={number: (old, new)})


def differing(new: str, old: str = FILE) -> list[str]:
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=0))[2:]
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ({"name": "Boxing"}, {"name": "Boxing!"},
         ["-    name: Boxing   # ring the bell", "+    name: Boxing!  # ring the bell"]),
        ({"what": "x"}, {"what": "Boxing."},
         ["-    what: Boxing for beginners and up, with a coach, on two evenings, and once",
          "-      a month on a Saturday.", "+    what: Boxing."]),
        ({"ages": {"min": "11"}}, {"ages": {"min": "12", "max": "16"}},
         ["-    ages: {min: 11, max: 16}", "+    ages: {min: 12, max: 16}"]),
        ({"when": ["x"]}, {"when": ["Monday 16:00-18:00"]},
         ['-      - "Friday: by arrangement"']),
        ({"contact": {"phone": "020 7926 5555"}}, {"contact": {"phone": "999"}},
         ["-      phone: 020 7926 5555", "+      phone: 999"]),
        ({"contact": {"phone": "020 7926 5555", "website": "https://example.org/#boxing"}},
         {"contact": {"phone": "020 7926 5555"}}, ["-      website: https://example.org/#boxing"]),
        ({"contact": {"website": "https://example.org/#boxing"}},
         {"contact": {"website": "https://example.org/#boxing", "hours": "24/7"}},
         ["+      hours: 24/7"]),
        ({"note": "x"}, {}, ["-    note: >-", "-      The side door.", "-",
                             "-      # not a comment"]),
        ({"seen": "2026-10"}, {"seen": "2026-10", "reason": "own page: new"},
         ['+    reason: "own page: new"']),
        ({"kinds": ["find-activities"]}, {"kinds": ["find-activities"], "free": "no"},
         ["+    free: no"]),
        ({"ages": {"min": "11"}}, {}, ["-    ages: {min: 11, max: 16}"]),
    ],
)  # fmt: skip
def test_only_what_changes_is_written(
    old: dict[str, Any], new: dict[str, Any], lines: list[str]
) -> None:
    assert differing(edited(FILE, change(0, old, new))) == lines


def test_new_services_come_last() -> None:
    new = {"id": "judo", "name": "Judo"}
    text = edited(FILE, Edit(additions=[new, {"id": "go"}]))
    assert text == f"{FILE}\n  - id: judo\n    name: Judo\n\n  - id: go\n"


def test_the_organisation_changes_its_name() -> None:
    text = edited(FILE, Edit(organisation="The New Club"))
    assert differing(text) == [
        "-organisation: The Club  # since 1950", "+organisation: The New Club  # since 1950",
    ]  # fmt: skip


def test_several_changes_at_once() -> None:
    edit = Edit("New", {0: ({"seen": "2026-10"}, {"seen": "2026-11"}),
                        1: ({"name": "Chess"}, {"name": "Chess club", "free": "yes"})},
                [{"id": "go"}])  # fmt: skip
    added = [line[1:].strip() for line in differing(edited(FILE, edit)) if line[0] == "+"]
    assert added == ["organisation: New  # since 1950", "seen: 2026-11", "name: Chess club",
                     "free: yes", "", "- id: go"]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_marks_stay(end: str, mark: str) -> None:
    text = mark + FILE.replace("\n", end)
    new = edited(text, change(1, {"seen": "undated"}, {"seen": "2026-11"}))
    assert new == text.replace("undated", "2026-11")


def test_a_file_without_a_last_line_end() -> None:
    text = edited(FILE.removesuffix("\n"), change(1, {"seen": "undated"}, {"seen": "2026-11"}))
    assert text == FILE.replace("undated", "2026-11")


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("      - Monday 16:00-18:00\n", "      - Monday 16:00-18:00  # not in May\n", 13),
        ("    when:\n", "    when:\n      # the caretaker has the keys\n", 13),
    ],
)
def test_a_comment_is_never_lost(before: str, after: str, line: int) -> None:
    text = FILE.replace(before, after)
    with pytest.raises(CannotEditError, match="comment") as raised:
        edited(text, change(0, {"when": ["x"]}, {"when": ["y"]}))
    assert raised.value.line == line
    assert edited(text, change(0, {"seen": "2026-10"}, {"seen": "2026-11"})) != text


def test_a_comment_of_a_line_that_goes_is_never_lost() -> None:
    with pytest.raises(CannotEditError, match="ring the bell"):
        edited(FILE, change(0, {"name": "Boxing"}, {}))


@pytest.mark.parametrize(
    "text",
    ["organisation: x\nservices: [{id: a, name: b}]\n", "organisation: x\nservices:\n  - {id: a}\n",
     "{organisation: x, services: [{id: a}]}\n", "organisation: x\n", "-x\n"],
)  # fmt: skip
def test_what_is_written_in_another_way_is_refused(text: str) -> None:
    with pytest.raises(CannotEditError):
        edited(text, change(0, {"name": "b"}, {"name": "c"}))


values = st.text(min_size=1, max_size=120).map(lambda text: " ".join(text.split())).filter(bool)
news = st.fixed_dictionaries(
    {"id": st.just("boxing"), "name": values},
    optional={
        "what": values, "note": values, "seen": values, "cost": values, "access": values,
        "kinds": st.lists(values, min_size=1, max_size=3),
        "when": st.lists(values, min_size=1, max_size=3),
        "contact": st.dictionaries(st.sampled_from(["phone", "website"]), values, min_size=1),
        "ages": st.dictionaries(st.sampled_from(["min", "max"]), values, min_size=1),
    },
)  # fmt: skip


@given(news)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_read_back(tmp_path: Path, new: dict[str, Any]) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(FILE, encoding="utf-8")
    located, _ = read_yaml(path, tmp_path)
    assert located is not None
    old, other = located.data["services"]
    # The comments of the file that stand in the way of some changes are another test's.
    text = FILE.replace("  # ring the bell", "").replace("      # the desk is in the hall\n", "")
    path.write_text(edited(text, change(0, old, new)), encoding="utf-8", newline="")
    again, problems = read_yaml(path, tmp_path)
    assert problems == []
    assert again is not None
    assert again.data["services"] == [new, other]
    assert next(iter(again.data["services"][0])) == "id"
