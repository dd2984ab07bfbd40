"""Bad files among all real ones: each named by file and line at once, and all others served."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from bot.content.catalogue import Operation
from bot.content.directory_files import load_directory
from bot.content.live import LiveContent
from bot.content.located import MAX_PROBLEMS
from bot.content.problems import Problem, Severity

ROOT = Path(__file__).parents[2]
BAD = "directory/boroughs/lambeth/bad.yaml"
SECONDS = 2.0  # more than the good files alone take

ENTRY = """\
  - id: lambeth-{name}
    name: The {name} club
    what: A club.
    kinds: [find-activities]
    postcode: SW9 7UH
    source: [https://example.org]
    seen: 2026-10
    confidence: high
"""
HEAD = "organisation: The Club\nservices:\n"
LAUGHS = "\n".join(
    ["a0: &a0 [ha, ha]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
)

# What is written to the file; the line that is named, and what is said of it.
Case = tuple[bytes, int, str]
CASES: dict[str, Case] = {
    "50 MB": (b"x" * 50_000_000, 1, "too large, found 50.0 MB"),
    "50 MB of entries": (HEAD.encode() + ENTRY.format(name="a").encode() * 260_000, 1, "too large"),
    "nearly 2 MB of one mistake": (b"a: b\n" * 390_000, 2, "stands twice"),
    "nearly 2 MB of entries that are none": (
        HEAD.encode() + b"  - what: is this\n" * 100_000, 3, "is missing",
    ),
    "a cyclic alias": (b"organisation: &a\n  services: *a\n", 1, "an anchor"),
    "a billion laughs": (LAUGHS.encode(), 1, "an anchor"),
    "tabs": (HEAD.encode() + b"\t- id: x\n", 3, "a tab"),
    "latin-1": (b"organisation: Caf\xe9\n", 1, "UTF-8"),
    "utf-16": ("organisation: Club\n".encode("utf-16"), 1, "UTF-16"),
    "empty": (b"", 1, "empty"),
    "only a comment": (b"# nothing here yet\n", 1, "empty"),
    "zeros": (b"organisation: \x00\x00\n", 1, "control character"),
    "deep": (b"- " * 900_000, 1, "too deeply nested"),
    "brackets": (b"{" * 900_000, 1, ""),
    "never closed": (b'organisation: "The Club\nservices: []\n', 1, "never closed"),
    "code": (b"organisation: !!python/object/apply:os.system [ls]\n", 1, "a YAML tag"),
    "a list": (b"- organisation\n", 1, "the file should be a block"),
    "a number": (b"42\n", 1, "the file should be a block"),
    "a web page": (b"<!DOCTYPE html><html><body>Not found: 404</body></html>\n", 1, ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "directory", folder / "directory",
                    ignore=shutil.ignore_patterns("*.py", "__pycache__"))  # fmt: skip
    shutil.copytree(ROOT / "intents/words", folder / "intents/words")
    return folder


@pytest.fixture(scope="module")
def alone(root: Path) -> tuple[frozenset[str], float]:
    """What the good files give, and how long that takes."""
    begun = time.perf_counter()
    directory, problems = load_directory(root)
    assert [str(one) for one in problems if one.severity is Severity.ERROR] == []
    return frozenset(directory.services), time.perf_counter() - begun


def errors(found: list[Problem]) -> list[Problem]:
    return [one for one in found if one.severity is Severity.ERROR]


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_named_at_once_and_the_rest_is_served(
    root: Path, alone: tuple[frozenset[str], float], name: str
) -> None:
    content, line, says = CASES[name]
    path = root / BAD
    path.write_bytes(content)
    try:
        begun = time.perf_counter()
        directory, found = load_directory(root)
        taken = time.perf_counter() - begun
    finally:
        path.unlink()
    named = errors(found)
    assert {problem.file for problem in named} == {BAD}
    assert named[0].line == line
    assert says in str(named[0])
    assert len(named) <= MAX_PROBLEMS + 1
    assert frozenset(directory.services) == alone[0]
    assert taken < 3 * alone[1] + SECONDS


def test_a_pipe_is_not_waited_for(root: Path, alone: tuple[frozenset[str], float]) -> None:
    os.mkfifo(root / BAD)
    try:
        directory, found = load_directory(root)
    finally:
        (root / BAD).unlink()
    (problem,) = errors(found)
    assert "not a file with text" in problem.what
    assert frozenset(directory.services) == alone[0]


def test_a_folder_and_a_link_to_nowhere(root: Path, alone: tuple[frozenset[str], float]) -> None:
    (root / BAD).mkdir()
    away = root / "directory/national/away.yaml"
    away.symlink_to(root / "nowhere")
    try:
        directory, found = load_directory(root)
    finally:
        (root / BAD).rmdir()
        away.unlink()
    assert {problem.file for problem in errors(found)} == {BAD, "directory/national/away.yaml"}
    assert frozenset(directory.services) == alone[0]


def test_a_byte_order_mark_and_windows_lines_are_no_mistake(root: Path) -> None:
    text = HEAD + ENTRY.format(name="windows")
    (root / BAD).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    try:
        directory, found = load_directory(root)
    finally:
        (root / BAD).unlink()
    assert errors(found) == []
    assert "lambeth-windows" in directory.services


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kinds: [find-activities]", "kinds: [find-activity]", "did you mean `find-activities`?"),
        ("name: The bad club", "nam: The bad club", "did you mean `name`?"),
        ("SW9 7UH", "SW9", "not written in full"),
        ("id: lambeth-bad", "id: lambeth-good", "is taken"),
        ("confidence: high", "confidence: high\n    contact: {phone: 020 7}", "too few"),
        ("confidence: high", 'confidence: high\n    when: ["Monday 25:00-26:00"]', "cannot be"),
        ("confidence: high", "confidence: high\n    schedule: [{days: [Monday], start: 5pm}]",
         "17:00"),
    ],
)  # fmt: skip
def test_one_bad_entry_among_good_ones(
    root: Path, alone: tuple[frozenset[str], float], old: str, new: str, says: str
) -> None:
    bad = ENTRY.format(name="bad")
    assert old in bad
    text = HEAD + ENTRY.format(name="good") + bad.replace(old, new) + ENTRY.format(name="last")
    (root / BAD).write_text(text, encoding="utf-8")
    try:
        directory, found = load_directory(root)
    finally:
        (root / BAD).unlink()
    (problem,) = errors(found)
    assert says in str(problem)
    assert 11 <= problem.line <= 19  # the second entry
    assert frozenset(directory.services) - alone[0] == {"lambeth-good", "lambeth-last"}


@pytest.fixture(scope="module")
def live(root: Path, tmp_path_factory: pytest.TempPathFactory) -> LiveContent:
    """The running bot's content, with few examples so that it loads quickly."""
    for folder in ("replies", "rules"):
        shutil.copytree(ROOT / "intents" / folder, root / "intents" / folder)
    for file in ("phrases/find-work.yaml", "phrases/out-of-scope.yaml", "phrases/eating.yaml",
                 "urgent/violence.yaml"):  # fmt: skip
        (root / "intents" / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "intents" / file, root / "intents" / file)
    live = LiveContent(root, Operation("Test"), tmp_path_factory.mktemp("cache"))
    live.load()
    return live


@pytest.mark.parametrize("name", ["a billion laughs", "latin-1", "empty", "one bad entry"])
async def test_the_running_bot_keeps_the_last_good_version_whole(
    live: LiveContent, root: Path, name: str
) -> None:
    before = live.current
    bad = HEAD + ENTRY.format(name="good") + ENTRY.format(name="bad").replace("kinds", "kind")
    content = CASES[name][0] if name in CASES else bad.encode()
    (root / BAD).write_bytes(content)
    try:
        found = await live.reload()
        assert {problem.file for problem in found} == {BAD}
        assert live.current is before  # never half a catalogue
        (root / BAD).write_text(HEAD + ENTRY.format(name="good"), encoding="utf-8")
        assert await live.reload() == []
        added = live.current.world.services.keys() - before.world.services.keys()
        assert added == {"lambeth-good"}
    finally:
        (root / BAD).unlink()
    assert await live.reload() == []


@pytest.mark.parametrize(
    "file", ["intents/phrases/eating.yaml", "intents/replies/area.yaml", "intents/words/exit.yaml",
             "intents/rules/concepts.yaml", "intents/words/areas.yaml"]
)  # fmt: skip
@pytest.mark.parametrize("name", ["a billion laughs", "nearly 2 MB of one mistake", "empty"])
async def test_other_files_are_named_too(
    live: LiveContent, root: Path, file: str, name: str
) -> None:
    path, before = root / file, live.current
    good = path.read_bytes()
    path.write_bytes(CASES[name][0])
    try:
        found = await live.reload()
    finally:
        path.write_bytes(good)
    assert file in {problem.file for problem in found}
    assert live.current is before
