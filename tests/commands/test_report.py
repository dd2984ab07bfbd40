"""The report tells counts and no persons, beside a running bot, and only who has the key."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.commands.report import CANNOT_START, read_stored, report, report_lines, word_lines
from bot.delivery.counted import visible
from bot.delivery.errors import StorageError
from bot.settings import Settings
from bot.storage.errors import WrongKeyError
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LAMBETH = "find-activities/Lambeth"


def settings(folder: Path, key: str) -> Settings:
    return Settings(data_dir=folder, data_key=key, _env_file=None)  # type: ignore[call-arg]


@pytest.fixture
def key() -> str:
    return Sealer.new_key()


async def counted(folder: Path, key: str, *rows: tuple[str, str, str, int]) -> SqliteStore:
    """A store that goes on running, with these counts in it."""
    store = await SqliteStore.open(folder / "bot.sqlite3", Sealer([key]))
    for what, label, day, number in rows:
        await store.transact(lambda u, r=(what, label, day, number): u.count(*r))  # type: ignore[misc]
    return store


async def test_counts_are_read_beside_a_running_bot_and_summed_over_the_days(
    tmp_path: Path, key: str
) -> None:
    store = await counted(
        tmp_path, key,
        ("search", LAMBETH, "2026-11-22", 4), ("search", LAMBETH, "2026-11-16", 3),
        ("search", LAMBETH, "2026-11-15", 100), ("unmet", "housing/Barnet", "2026-11-20", 6),
    )  # fmt: skip
    try:
        found = read_stored(settings(tmp_path, key), 7, NOW).counts
    finally:
        await store.close()
    assert found["search"] == {LAMBETH: 7}
    assert found["unmet"] == {"housing/Barnet": 6}
    assert found["not-understood"] == {}


async def test_who_has_another_key_reads_nothing(tmp_path: Path, key: str) -> None:
    store = await counted(tmp_path, key, ("search", LAMBETH, "2026-11-22", 9))
    await store.close()
    with pytest.raises(WrongKeyError):
        read_stored(settings(tmp_path, Sealer.new_key()), 7, NOW)


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path, key: str) -> None:
    with pytest.raises(StorageError, match="no database"):
        read_stored(settings(tmp_path, key), 7, NOW)
    assert list(tmp_path.iterdir()) == []


def test_small_numbers_are_hidden_with_their_labels() -> None:
    shown = visible({"a/Barnet": 4, "b/Bexley": 5, "c/Brent": 12})
    assert shown == {"c/Brent": 12, "b/Bexley": 5, "(rarer ones together)": "fewer than 5"}
    assert visible({"a": 3, "b": 4}) == {"(rarer ones together)": 7}
    assert visible({}) == {}


def test_the_report_names_every_sort_of_count_even_where_there_is_none() -> None:
    lines = report_lines({"unmet": {"housing/Barnet": 6}}, 30)
    assert "             6  housing/Barnet" in lines
    assert lines.count("          none") == 6


@pytest.mark.parametrize(("days", "says"), [(30, "DATA_KEY is not set"), (0, "--days 0")])
def test_what_is_missing_is_one_sentence(
    days: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATA_KEY", raising=False)
    assert report(argparse.Namespace(days=days, json=False, words=False)) == CANNOT_START
    assert says in capsys.readouterr().err


async def test_as_json_it_is_for_other_programs(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    store = await counted(tmp_path, key, ("wrong-entry", "some-club", today, 8))
    await store.transact(lambda unit: unit.give_words("wagwan for the ting", today))
    await store.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATA_KEY", key)
    assert report(argparse.Namespace(days=1, json=True, words=True)) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"]["wrong-entry"] == {"some-club": 8}
    assert told["words"] == ["wagwan for the ting"]


def test_given_words_are_shown_only_where_that_was_asked_for() -> None:
    assert "a b" not in "\n".join(word_lines(["a\nb"], shown=False))
    assert word_lines(["a\nb"], shown=True)[-1].strip() == "a b"
