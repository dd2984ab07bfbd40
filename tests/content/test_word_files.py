"""The vocabularies load, and their mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.word_files import ACTIVITIES, AREAS, load_activities, load_areas

ROOT = Path(__file__).parents[2]


def write(folder: Path, file: str, text: str) -> Path:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return folder


def test_the_real_ones() -> None:
    areas, problems = load_areas(ROOT)
    assert problems == []
    assert len(areas.areas) >= 250
    assert len(areas.boroughs) == 33
    assert len(areas.served) == 8
    assert areas.phrases["peckz"] == "Peckham"
    activities, problems = load_activities(ROOT)
    assert problems == []
    assert activities.phrases["footy"] == "football"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("  - {name: A, borough: Brent, near: HA9 0F}\n"
         "  - {name: B, borough: Brent, near: HA9 0F, aliases: [a]}\n", "stands twice"),
        ("  - {name: A, borough: Brnt, near: HA9 0F}\n", "did you mean `Brent`?"),
        ("  - {name: A, borough: Brent, near: Wembley}\n", "expected way"),
        ("  - {name: A, borough: Brent}\n", "`near` is missing"),
    ],
)  # fmt: skip
def test_mistakes_in_areas(tmp_path: Path, text: str, says: str) -> None:
    head = "boroughs:\n  - {name: Brent, served: yes}\nareas:\n"
    _, problems = load_areas(write(tmp_path, AREAS, head + text))
    assert says in "\n".join(map(str, problems))
    assert problems[0].line >= 4


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: {family: b}\n", "not an activity of this file"),
        ("a: {aliases: [x]}\nb: {aliases: [X]}\n", "stands twice"),
        ("a: {alias: [x]}\n", "did you mean `aliases`?"),
    ],
)
def test_mistakes_in_activities(tmp_path: Path, text: str, says: str) -> None:
    activities, problems = load_activities(write(tmp_path, ACTIVITIES, text))
    assert says in "\n".join(map(str, problems))
    assert activities.names == ()


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    assert load_areas(tmp_path)[1][0].file == AREAS
    assert load_activities(tmp_path)[1][0].file == ACTIVITIES
