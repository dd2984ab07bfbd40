"""`export` and `import` as a maintainer runs them, over a copy of the real directory."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import build_parser
from bot.commands.exchange import run_export, run_import
from bot.content.catalogue import errors_of
from bot.content.directory_files import load_directory
from bot.content.shelf import BOROUGH_FILE, read_shelf
from directory.exchange.columns import Row, by_name
from directory.exchange.table import letter
from directory.model import Directory

ROOT = Path(__file__).parents[2]
Run = Callable[..., int]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the directory; what no command here writes is only linked."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "directory", root / "directory",
                    ignore=shutil.ignore_patterns("postcodes", "*.py", "__pycache__"))  # fmt: skip
    (root / "directory/postcodes").symlink_to(ROOT / "directory/postcodes")
    (root / "intents").symlink_to(ROOT / "intents")
    return root


@pytest.fixture
def run(root: Path) -> Run:
    def run(*arguments: object) -> int:
        given = build_parser().parse_args([str(one) for one in arguments])
        return (run_export if given.command == "export" else run_import)(root, given)

    return run


def loaded(root: Path) -> Directory:
    directory, problems = load_directory(root)
    assert errors_of(problems) == []
    return directory


def rows(root: Path) -> dict[str, Row]:
    return {row["id"]: row for row in read_shelf(root)[0].rows()}


def texts(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(root.glob("directory/**/*.yaml"))}


def empty(root: Path) -> None:
    for path in texts(root):
        if path.name != BOROUGH_FILE:
            path.unlink()


@pytest.mark.parametrize(
    ("option", "name"),
    [("--csv", "services.csv"), ("--open-referral", "feed.json"), ("--open-referral", "feed")],
)
def test_out_and_into_an_empty_directory_is_the_same_directory(
    run: Run, root: Path, tmp_path: Path, option: str, name: str
) -> None:
    before, entries = loaded(root), rows(root)
    assert run("export", option, tmp_path / name) == 0
    empty(root)
    assert loaded(root).services == {}
    assert run("import", option, tmp_path / name, "--write") == 0
    assert loaded(root) == before
    assert rows(root) == entries


@pytest.mark.parametrize(
    ("option", "name"), [("--csv", "services.csv"), ("--open-referral", "feed.json")]
)
def test_out_and_in_again_touches_no_file(
    run: Run, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, name: str
) -> None:
    before = texts(root)
    run("export", option, tmp_path / name)
    assert run("import", option, tmp_path / name, "--write") == 0
    assert texts(root) == before
    end = capsys.readouterr().out.splitlines()[-1]
    assert end == f"0 new, 0 changed, {len(rows(root))} as they were: nothing to write"


def test_two_exports_are_equal(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run("export", "--csv", tmp_path / f"{name}.csv", "--open-referral", tmp_path / name)
    for file in ("a.csv", "a/services.json", "a/taxonomy_terms.json", "a/index.json"):
        twin = tmp_path / file.replace("a", "b", 1)
        assert (tmp_path / file).read_bytes() == twin.read_bytes()


def test_nothing_is_written_without_write(
    run: Run, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "services.csv"
    run("export", "--csv", file)
    before = texts(root)
    file.write_bytes(file.read_bytes().replace(b",116 123,", b",116 000,"))
    capsys.readouterr()
    assert run("import", "--csv", file) == 0
    assert texts(root) == before
    shown = capsys.readouterr().out
    assert "directory/national/samaritans.yaml\n  change samaritans: Samaritans\n" in shown
    assert "    contact.phone: 116 123 -> 116 000\n" in shown
    assert shown.endswith("as they were: nothing is written yet, --write does it\n")
    assert run("import", "--csv", file, "--write") == 0
    (changed,) = [path for path, text in texts(root).items() if text != before[path]]
    assert changed.read_bytes() == before[changed].replace(b"phone: 116 123", b"phone: 116 000")


def test_mistakes_are_named_by_row_and_column_and_nothing_is_written(
    run: Run, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "services.csv"
    run("export", "--csv", file)
    lines = file.read_bytes().decode("utf-8").split("\r\n")
    number = next(n for n, line in enumerate(lines, 1) if ",childline," in line)
    line = lines[number - 1].replace(",0800 1111,", ",ask,").replace(",yes,", ",maybe,")
    file.write_bytes("\r\n".join([*lines[: number - 1], line, *lines[number:]]).encode("utf-8"))
    before = texts(root)
    capsys.readouterr()
    assert run("import", "--csv", file, "--write") == 1
    shown = capsys.readouterr().out.splitlines()
    letters = [letter(list(by_name()).index(name)) for name in ("free", "contact.phone")]
    places = [f"{file}:{number}:{one}" for one in letters]
    assert [told.split(": ")[0] for told in shown[:-1]] == places
    assert shown[-1] == "2 to put right, nothing is written"
    assert texts(root) == before


def test_a_public_feed_leaves_out_what_is_for_staff(run: Run, root: Path, tmp_path: Path) -> None:
    before = rows(root)
    assert run("export", "--open-referral", tmp_path / "feed.json", "--public") == 0
    feed = json.loads((tmp_path / "feed.json").read_text(encoding="utf-8"))
    shown = [row for row in before.values() if row.get("closed") != "yes"]
    assert feed["total_items"] == len(shown) < len(before)
    assert run("import", "--open-referral", tmp_path / "feed.json", "--write") == 0
    assert rows(root) == before  # what it lacks stays


def test_a_strangers_feed(
    run: Run, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = {
        "id": "5d3b7f9e-0c1a-4f3e-9d55-1f6f0b6a2c11", "name": "Example Judo", "status": "active",
        "description": "Judo for beginners.", "organization": {"name": "Example Council"},
        "funding": [{"id": "x", "source": "grants"}],
    }  # fmt: skip
    feed = tmp_path / "council.json"
    feed.write_text(json.dumps({"contents": [service]}), encoding="utf-8")
    assert run("import", "--open-referral", feed) == 1
    shown = capsys.readouterr().out
    assert f"{feed}:1:where: `where` is missing, one of: Brent, " in shown
    assert f"{feed}:1:kinds: `kinds` is missing" in shown
    more = ("--where", "Brent", "--kinds", "find-activities", "--source", "https://example.org")
    assert run("import", "--open-referral", feed, "--write", *more) == 0
    assert "Left out, the directory has no place for it: funding (1)" in capsys.readouterr().out
    new = loaded(root).services["example-judo-5d3b7f9e"]
    assert (new.borough, new.assurance.confidence, new.assurance.seen) == (
        "Brent",
        "low",
        "undated",
    )
    assert run("import", "--open-referral", feed, "--write", *more) == 0
    assert "1 as they were: nothing to write" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "status", "says"),
    [
        ("a.csv", b"id,name\r\nx,Caf\xe9\r\n", 1, "a.csv:2: the file is not UTF-8 text, found"),
        ("a.csv", b"PK\x03\x04....", 1, "this is an Excel workbook, not CSV, save it"),
        ("a.csv", "id,name\r\nx,Café\r\n".encode("utf-16"), 1, "a.csv:2:organisation"),
        ("a.json", b"{", 2, "a.json: not JSON ("),
        ("a.json", b"[NaN]", 2, "NaN is not a number of JSON"),
        ("a.json", b"\xff", 2, "not JSON"),
        ("a.json", b'{"x": 1}', 2, "no services of Open Referral in it"),
        ("a.json", b"[" * 100_000, 2, "nested too deeply"),
        ("a.json", b'[{"id": 1}]', 1, "a.json:1:id: `id` is not a UUID, found `1`"),
    ],
)  # fmt: skip
def test_bad_files_are_named(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes,
    status: int, says: str,
) -> None:  # fmt: skip
    file = tmp_path / name
    file.write_bytes(content)
    option = "--csv" if name.endswith(".csv") else "--open-referral"
    assert run("import", option, file, "--write") == status
    shown = capsys.readouterr()
    assert says in shown.out + shown.err


def test_files_that_are_too_large_or_not_there(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(50_000_000)
    assert run("import", "--csv", tmp_path / "large.csv") == 2
    assert "too large (50 MB, at most 20 MB)" in capsys.readouterr().err
    assert run("import", "--csv", tmp_path / "none.csv") == 2
    assert "cannot be read (No such file or directory)" in capsys.readouterr().err
    assert run("import", "--open-referral", tmp_path) == 2
    assert "no JSON file is in this folder" in capsys.readouterr().err


def test_a_folder_of_something_else_is_left_alone(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "letter.txt").write_text("keep me", encoding="utf-8")
    assert run("export", "--open-referral", folder) == 2
    assert "other files are in this folder" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_services_that_are_gone_leave_the_folder(run: Run, root: Path, tmp_path: Path) -> None:
    run("export", "--open-referral", tmp_path / "feed")
    each = len(list((tmp_path / "feed/services").iterdir()))
    (root / "directory/national/childline.yaml").unlink()
    run("export", "--open-referral", tmp_path / "feed")
    assert len(list((tmp_path / "feed/services").iterdir())) == each - 1


def test_a_directory_with_errors_is_neither_written_out_nor_into(
    run: Run, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("export", "--csv", tmp_path / "services.csv")
    (root / "directory/national/childline.yaml").write_text("organisation: x", encoding="utf-8")
    for command in ("export", "import"):
        assert run(command, "--csv", tmp_path / "services.csv") == 1
        assert (
            "directory/national/childline.yaml:1: `services` is missing" in capsys.readouterr().err
        )


def test_an_export_needs_to_know_what(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export") == 2
    assert "--csv FILE" in capsys.readouterr().err
