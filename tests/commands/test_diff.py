"""The whole command: two folders, the real questions, and what the database has counted."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, today = Sealer.new_key(), f"{datetime.now(UTC):%Y-%m-%d}"
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATA_KEY", key)
    store = await SqliteStore.open(tmp_path / "bot.sqlite3", Sealer([key]))
    await store.transact(lambda unit: unit.count("search", "eating/Lambeth", today, 9))
    await store.transact(lambda unit: unit.count("unmet", "housing/Barnet", today, 2))
    await store.close()


def test_a_helpline_that_goes_changes_answers(
    database: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "directory", tmp_path / "new")
    (tmp_path / "new/national/beat.yaml").unlink()
    assert main(["diff", str(ROOT), str(tmp_path / "new")]) == 0
    out = capsys.readouterr().out
    assert "typical questions (directory/queries.yaml), 1 counted ones (report)" in out
    assert "eating, Lambeth (asked 9 times): NO ANSWER ANY MORE" in out
    assert "no longer in the directory" in out
    assert "Barnet" not in out


def test_what_is_no_version_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "no-such-revision", str(ROOT)]) == 2
    assert "neither a folder nor a revision" in capsys.readouterr().err
