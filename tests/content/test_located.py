"""YAML is read as typed, and every mistake is named by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.located import MAX_BYTES, Located, read_yaml
from bot.content.problems import Problem


def read(folder: Path, content: str | bytes) -> tuple[Located | None, list[Problem]]:
    path = folder / "a.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_yaml(path, folder)


def good(folder: Path, content: str | bytes) -> Located:
    located, problems = read(folder, content)
    assert problems == []
    assert located is not None
    return located


def bad(folder: Path, content: str | bytes) -> list[Problem]:
    located, problems = read(folder, content)
    assert located is None
    assert problems
    return problems


@pytest.mark.parametrize("typed", ["116123", "22:15", "no", "01234567", "1e3", "2026-11-22", "0x1"])
def test_values_stay_what_was_typed(tmp_path: Path, typed: str) -> None:
    assert good(tmp_path, f"phone: {typed}\n").data == {"phone": typed}


@pytest.mark.parametrize("typed", ["", " ", " ~", " null", " # a comment"])
def test_nothing_is_none(tmp_path: Path, typed: str) -> None:
    assert good(tmp_path, f"phone:{typed}\n").data == {"phone": None}


def test_quoted_null_is_text(tmp_path: Path) -> None:
    assert good(tmp_path, "a: 'null'\nb: \"\"\n").data == {"a": "null", "b": ""}


def test_every_path_knows_its_line(tmp_path: Path) -> None:
    located = good(tmp_path, "# top\nname: x\nlist:\n  - one\n  - key:\n      deep\n")
    assert located.lines == {
        (): 2, ("name",): 2, ("list",): 3, ("list", 0): 4, ("list", 1): 5, ("list", 1, "key"): 5,
    }  # fmt: skip
    assert located.line("list", 1, "missing") == 5
    assert located.file == "a.yaml"


def test_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    assert good(tmp_path, b"\xef\xbb\xbfname: caf\xc3\xa9\r\nb: |\r\n  two\r\n").data == {
        "name": "café",
        "b": "two\n",
    }


def test_duplicate_key_names_both_lines(tmp_path: Path) -> None:
    (problem,) = bad(tmp_path, "a:\n  name: x\n  other: y\n  name: z\n")
    assert problem.line == 4
    assert "a.yaml:2" in problem.what


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("a: 1\n\tb: 2\n", 2, "tab"),
        (b"a: 1\nname: caf\xe9\n", 2, "UTF-8"),
        ("", 1, "empty"),
        ("# only a comment\n", 1, "empty"),
        ("a: 1\nb: hours: 9 to 5\n", 2, "colon"),
        ("a: 1\nb: @home\n", 2, "quotes"),
        ("a: 1\nb: `x`\n", 2, "quotes"),
        ('a: 1\nb: "open\nc: 2\n', 2, "never closed"),
        ("a: 1\nb: [x, y\nc: 2\n", 2, "bracket"),
        ("a: 1\nb: &x 1\n", 2, "anchor"),
        ("a: 1\nb: *x\n", 2, "anchor"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "tag"),
        ("a: 1\nb: !important\n", 2, "tag"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: 1\n? [x, y]\n: 2\n", 2, "key"),
        ("a: 1\n: 2\n", 2, ""),
        ("a: 1\nb: x\x07y\n", 2, "control"),
        ("a:\n  - x\n b\n", 3, ""),
        ("a: 1\nb\nc: 2\n", 3, "colon"),
        ("[" * 50 + "]" * 50, 1, "nested"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line_and_advice(
    tmp_path: Path, content: str | bytes, line: int, says: str
) -> None:
    problem = bad(tmp_path, content)[0]
    assert says in f"{problem.what} {problem.instead}"
    assert problem.line == line
    assert problem.file == "a.yaml"
    assert problem.instead


def test_billion_laughs_ends_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert len(bad(tmp_path, "\n".join(lines))) > 29


def test_cyclic_alias_is_refused(tmp_path: Path) -> None:
    assert "anchor" in bad(tmp_path, "a: &a\n  b: *a\n")[0].what


def test_very_deep_nesting_does_not_exhaust_the_stack(tmp_path: Path) -> None:
    assert bad(tmp_path, "- " * 5_000 + "x")


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    (problem,) = bad(tmp_path, b"a: " + b"x" * MAX_BYTES)
    assert "too large" in problem.what


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    located, (problem,) = read_yaml(tmp_path / "none.yaml", tmp_path)
    assert located is None
    assert problem.file == "none.yaml"


def test_two_mistakes_are_both_named(tmp_path: Path) -> None:
    problems = bad(tmp_path, "a: 1\na: 2\nb: &x 3\n")
    assert [problem.line for problem in problems] == [2, 3]
