"""A young person's tap becomes a line on a maintainer's list, until it is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from bot.commands.report import CANNOT_START
from bot.delivery.counted import Reported, reported
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore
from bot.upkeep.done import NAME, read_done, write_done
from bot.upkeep.entries import find_entries

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    ("2026-11-20", "childline", 1), ("2026-11-22", "lambeth-baytree-spark", 2),
    ("2026-11-21", "lambeth-baytree-spark", 1), ("2026-11-25", "gone-club", 1),
]  # fmt: skip


def test_what_waits_comes_first_the_most_often_and_latest() -> None:
    found = reported(ROWS, {"lambeth-baytree-spark": 3})
    assert found == [
        Reported("gone-club", 1, "2026-11-25"),
        Reported("childline", 1, "2026-11-20"),
        Reported("lambeth-baytree-spark", 3, "2026-11-22", 3),
    ]
    assert [one.waiting for one in found] == [1, 1, 0]


def test_what_is_reported_again_after_it_was_done_waits_again() -> None:
    assert reported(ROWS, {"lambeth-baytree-spark": 1})[0].waiting == 2


@pytest.mark.parametrize("text", ["[]", "x", '{"a": "b"}', '{"a": null}'])
def test_a_spoilt_list_is_named_and_not_overwritten(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="Move it away"):
        read_done(tmp_path)


def test_the_list_reads_back(tmp_path: Path) -> None:
    assert read_done(tmp_path) == {}
    write_done(tmp_path / "new", {"b": 2, "a": 1})
    assert read_done(tmp_path / "new") == {"a": 1, "b": 2}
    assert [path.name for path in (tmp_path / "new").iterdir()] == [NAME]


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with reports in it, which a bot holds open while the command reads."""
    key = Sealer.new_key()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATA_KEY", key)
    store = await SqliteStore.open(tmp_path / "bot.sqlite3", Sealer([key]))
    for day, label, number in ROWS:
        await store.transact(
            lambda unit, row=(label, day, number): unit.count("wrong-entry", *row)  # type: ignore[misc]
        )
    await store.close()
    return tmp_path


def test_the_command_names_each_entry_and_takes_it_off_the_list(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["wrong"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("3 entries wait that people said are wrong\n")
    spark = f"{find_entries(ROOT).services['lambeth-baytree-spark']}: Spark youth club for girls"
    assert (
        f"  {spark} [lambeth-baytree-spark]\n      3 reports, the last on 2026-11-22; not done"
        in out
    )
    assert "  (no longer in the directory) [gone-club]\n      1 report, " in out

    assert main(["wrong", "--done", "lambeth-baytree-spark"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("2 entries wait that people said are wrong (1 done: --all shows them)")
    assert "spark" not in out
    assert main(["wrong", "--all"]) == 0
    assert "3 reports, the last on 2026-11-22; done" in capsys.readouterr().out
    assert main(["wrong", "--undone", "lambeth-baytree-spark"]) == 0
    assert "3 entries wait" in capsys.readouterr().out


def test_an_id_that_nobody_reported_is_not_marked(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["wrong", "--done", "lambeth-baytree-sparks"]) == 2
    assert "did you mean lambeth-baytree-spark?" in capsys.readouterr().err
    assert not (database / NAME).exists()


def test_without_the_key_nothing_is_read(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_KEY", Sealer.new_key())
    assert main(["wrong"]) == CANNOT_START
    assert "DATA_KEY" in capsys.readouterr().err
    monkeypatch.setenv("DATA_KEY", "")
    assert main(["wrong"]) == CANNOT_START
