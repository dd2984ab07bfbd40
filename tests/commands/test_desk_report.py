"""The desk's report for maintainers: in words, as a picture, beside a running bot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cases.model import Case, Status
from bot.cli import main
from bot.commands.desk_report import CANNOT_START
from bot.delivery.ports import Unit
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore


@pytest.fixture
async def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a bot that has had 60 cases, most of them in the last four weeks."""
    key = Sealer.new_key()
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATA_KEY", key)
    store = await SqliteStore.open(tmp_path / "bot.sqlite3", Sealer([key]))
    now = datetime.now(UTC)

    def work(unit: Unit) -> None:
        for n in range(60):
            at = now - timedelta(days=59 - n, hours=1)
            case = unit.add_case(Case(0, n + 1, -1, "urgent", "abuse", "he hit me", at,
                                      Status.CLOSED, outcome="safe"))  # fmt: skip
            unit.log(case.id, "claimed", {}, at + timedelta(minutes=2))

    await store.transact(work)
    await store.close()
    return tmp_path


def test_it_is_told_in_words_and_drawn(running: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = running / "report.png"
    assert main(["desk-report", "--weeks", "4", "--png", str(picture)]) == 0
    told = capsys.readouterr().out
    assert "about 30 cases opened" in told
    assert "all taken, after 5 minutes at most" in told
    assert "<" not in told
    assert "he hit me" not in told
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert main(["desk-report", "--weeks", "52"]) == 0
    assert "about 60 cases opened" in capsys.readouterr().out


@pytest.mark.parametrize("weeks", ["0", "53", "-4"])
def test_odd_numbers_of_weeks_are_refused(weeks: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["desk-report", f"--weeks={weeks}"]) == CANNOT_START
    assert "expected 1 to 52" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(
    running: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["desk-report", "--png", str(running / "no" / "x.png")]) == CANNOT_START
    assert "cannot be written" in capsys.readouterr().err


def test_without_a_database_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("DATA_KEY", Sealer.new_key())
    assert main(["desk-report"]) == CANNOT_START
    assert "no database there" in capsys.readouterr().err
