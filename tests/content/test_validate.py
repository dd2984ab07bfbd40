"""Content that does not fit its model is explained by line, with what to write instead."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, Field, field_validator

from bot.content.located import read_yaml
from bot.content.problems import Problem
from bot.content.validate import nearest, validate


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Ages(BaseModel):
    min: int | None = Field(default=None, ge=0, le=120)
    max: int | None = None


class Entry(BaseModel):
    name: str = Field(min_length=1)
    colour: Colour = Colour.RED
    ages: Ages = Ages()
    free: bool | None = None
    kinds: tuple[Literal["job", "sport"], ...] = ()
    seen: date | None = None
    extra: dict[str, Ages] = {}

    @field_validator("name")
    @classmethod
    def _no_digits(cls, name: str) -> str:
        if name.isdigit():
            raise ValueError("a name is not a number")
        return name


class Book(BaseModel):
    entries: list[Entry] = Field(min_length=1)


def check(folder: Path, content: str) -> tuple[Book | None, list[Problem]]:
    path = folder / "a.yaml"
    path.write_text(content, encoding="utf-8")
    located, problems = read_yaml(path, folder)
    assert located is not None, problems
    return validate(Book, located)


def test_good_content_gets_its_types(tmp_path: Path) -> None:
    book, problems = check(
        tmp_path,
        "entries:\n  - name: A\n    free: no\n    ages: {min: 11}\n    kinds: [job]\n"
        "    seen: 2026-01-02\n",
    )
    assert problems == []
    assert book is not None
    entry = book.entries[0]
    assert (entry.free, entry.ages.min, entry.kinds) == (False, 11, ("job",))
    assert entry.seen == date(2026, 1, 2)


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        ("- colour: red", 2, "`name` is missing"),
        ("- nam: x\n    name: y", 2, "did you mean `name`"),
        ("- name: x\n    ages:\n      minimum: 3", 4, "min"),
        ("- name: x\n    ages:\n      min: ten", 4, "whole number, found `ten`"),
        ("- name: x\n    ages:\n      min: 300", 4, "120 or less"),
        ("- name: x\n    free: maybe", 3, "yes or no, found `maybe`"),
        ("- name: x\n    colour: grene", 3, "did you mean `green`?"),
        ("- name: x\n    colour: qqq", 3, "use one of: red, green"),
        ("- name: x\n    kinds: job", 3, "should be a list, found `job`"),
        ("- name: x\n    kinds:\n      - job\n      - sprot", 5, "did you mean `sport`?"),
        ("- name: x\n    seen: last year", 3, "2026-11-22"),
        ("- name: ~", 2, "should be text, found nothing"),
        ('- name: ""', 2, "should not be empty"),
        ("- name: 123", 2, "a name is not a number"),
        ("- name: x\n    ages: young", 3, "`key: value`"),
        ("- name: x\n    extra: {a: {mix: 1}}", 3, "mix"),
        ("- text", 2, "item 1 of `entries`"),
    ],
)  # fmt: skip
def test_each_mistake_is_explained(tmp_path: Path, lines: str, line: int, says: str) -> None:
    book, problems = check(tmp_path, f"entries:\n  {lines}\n")
    assert book is None
    (problem,) = problems
    assert says in str(problem)
    assert problem.line == line


def test_all_mistakes_come_in_one_run_and_in_order(tmp_path: Path) -> None:
    _, problems = check(tmp_path, "entries:\n  - name: x\n    fre: no\n  - colour: blue\n")
    assert [problem.line for problem in problems] == [3, 4, 4]


def test_content_of_the_wrong_shape_is_explained(tmp_path: Path) -> None:
    _, (problem,) = check(tmp_path, "- a\n- b\n")
    assert "the file should be a block" in problem.what


def test_nearest_is_none_where_nothing_is_similar() -> None:
    assert nearest("zzzz", ["name", "kinds"]) is None
    assert nearest("Kind", ["name", "kinds"]) == "kinds"
