"""What only the real store does: its file, its lock, its durability, its errors."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.delivery.errors import RejectedError, StorageError
from bot.delivery.model import Call, Incoming
from bot.delivery.ports import Unit
from bot.storage.errors import DamagedError, InUseError, NewerDatabaseError, WrongKeyError
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
WORDS = "somebody hurts me at home"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bot.sqlite"


def read(path: Path) -> bytes:
    return path.read_bytes()


def write(path: Path, content: bytes, mode: int = 0o600) -> None:
    path.parent.mkdir(exist_ok=True)
    path.touch(mode)
    path.write_bytes(content)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def items(count: int, words: str = WORDS) -> list[Incoming]:
    return [Incoming(f"u:{n}", "c:1", "update", {"text": words}) for n in range(count)]


async def test_the_file_is_for_its_owner_only(path: Path, sealer: Sealer) -> None:
    store = await SqliteStore.open(path, sealer)
    await store.transact(lambda unit: unit.add_incoming(items(1), NOW))
    for file in path.parent.iterdir():
        assert mode_of(file) == 0o600, file
    await store.close()


async def test_a_file_that_others_could_read_is_closed_to_them(path: Path, sealer: Sealer) -> None:
    write(path, b"", mode=0o644)
    await (await SqliteStore.open(path, sealer)).close()
    assert mode_of(path) == 0o600


async def test_the_connection_is_set_for_durability(path: Path, sealer: Sealer) -> None:
    store = await SqliteStore.open(path, sealer)

    def pragmas() -> list[object]:
        names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "trusted_schema")
        raw = store._connection.raw
        return [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await store._connection.run(pragmas) == ["wal", 2, 1, 1, 0]
    await store.close()


async def test_a_group_waits_for_the_disk_as_soon_as_one_in_it_must(
    path: Path, sealer: Sealer
) -> None:
    store = await SqliteStore.open(path, sealer)

    def mode(unit: Unit) -> int:
        return int(store._connection.raw.execute("PRAGMA synchronous").fetchone()[0])

    assert await store.transact(mode, durable=False) == 1
    assert await store.transact(mode) == 2
    both = await asyncio.gather(store.transact(mode, durable=False), store.transact(mode))
    assert both == [2, 2]
    assert await store.transact(mode, durable=False) == 1
    await store.close()


async def test_a_second_process_is_refused_and_may_follow(path: Path, sealer: Sealer) -> None:
    store = await SqliteStore.open(path, sealer)
    with pytest.raises(InUseError, match="another bot process already uses this database"):
        await SqliteStore.open(path, sealer)
    await store.close()
    await (await SqliteStore.open(path, sealer)).close()


async def test_no_words_stand_in_the_files(path: Path, sealer: Sealer) -> None:
    store = await SqliteStore.open(path, sealer)

    def work(unit: Unit) -> None:
        unit.add_incoming(items(3), NOW)
        unit.enqueue("u:1", [Call("sendMessage", {"text": WORDS}, 7, data={"x": WORDS})], NOW)
        unit.save_chat(7, {"said": WORDS}, NOW)

    await store.transact(work)
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"u:1" in content
    assert b"hurts" not in content
    await store.close()


async def test_what_is_finished_is_overwritten(path: Path, sealer: Sealer) -> None:
    store = await SqliteStore.open(path, sealer)
    await store.transact(lambda unit: unit.add_incoming(items(50), NOW))
    await store.close()
    rows = sqlite3.connect(path)
    tokens = [row[0] for row in rows.execute("SELECT sealed FROM inbox")]
    rows.close()
    assert all(token in read(path) for token in tokens)
    store = await SqliteStore.open(path, sealer)
    await store.transact(lambda unit: [unit.finish(row.id, NOW) for row in unit.pending(0, 99)])
    await store.close()
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert not any(token in content for token in tokens)


async def test_another_key_is_refused_and_a_rotated_one_opens(path: Path) -> None:
    old, new = Sealer.new_key(), Sealer.new_key()
    store = await SqliteStore.open(path, Sealer([old]))
    await store.transact(lambda unit: unit.save_chat(7, {"a": 1}, NOW))
    await store.close()
    with pytest.raises(WrongKeyError, match="add the old one to DATA_KEYS_OLD"):
        await SqliteStore.open(path, Sealer([new]))
    store = await SqliteStore.open(path, Sealer([new, old]))
    assert await store.transact(lambda unit: unit.load_chat(7)) == {"a": 1}
    await store.close()


async def test_a_newer_database_is_refused_and_left_alone(path: Path, sealer: Sealer) -> None:
    await (await SqliteStore.open(path, sealer)).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(NewerDatabaseError, match="schema version 99"):
        await SqliteStore.open(path, sealer)


@pytest.mark.parametrize("content", [b"this is no database at all" * 100, None])
async def test_a_damaged_file_is_refused(path: Path, sealer: Sealer, content: bytes | None) -> None:
    if content is None:
        store = await SqliteStore.open(path, sealer)
        await store.transact(lambda unit: unit.add_incoming(items(300), NOW))
        await store.close()
        whole = bytearray(read(path))
        whole[8192 : len(whole) // 2] = b"\xaa" * (len(whole) // 2 - 8192)
        content = bytes(whole)
    write(path, content)
    with pytest.raises(DamagedError, match="restore the last backup"):
        await SqliteStore.open(path, sealer)
    assert read(path) == content


async def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, sealer: Sealer) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "bot.sqlite"
    with pytest.raises(StorageError, match=re.escape(str(path))):
        await SqliteStore.open(path, sealer)


async def test_a_full_disk_fails_every_caller_and_heals(path: Path, sealer: Sealer) -> None:
    store = await SqliteStore.open(path, sealer)
    raw = store._connection.raw

    def pages(limit: int) -> None:
        raw.execute(f"PRAGMA max_page_count = {limit}")

    full = await store._connection.run(lambda: int(raw.execute("PRAGMA page_count").fetchone()[0]))
    await store._connection.run(lambda: pages(full))
    results = await asyncio.gather(
        *(
            store.transact(lambda unit, n=n: unit.save_chat(n, {"x": "y" * 5000}, NOW))  # type: ignore[misc]
            for n in range(20)
        ),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [StorageError] * 20
    await store._connection.run(lambda: pages(10**6))
    assert (
        await store.transact(lambda unit: unit.chats_idle_since(NOW.replace(year=2030), 99)) == []
    )
    await store.transact(lambda unit: unit.add_incoming(items(1), NOW))
    await store.close()


async def test_a_value_that_the_database_refuses_is_no_storage_error(
    path: Path, sealer: Sealer
) -> None:
    store = await SqliteStore.open(path, sealer)
    with pytest.raises(RejectedError, match="add_history"):
        await store.transact(lambda unit: unit.log(99, "opened", {}, NOW))
    await store.close()


async def test_what_waits_when_closing_is_written(path: Path, sealer: Sealer) -> None:
    store = await SqliteStore.open(path, sealer)
    waiting = [
        asyncio.create_task(store.transact(lambda unit, n=n: unit.set_meta(str(n), "x")))  # type: ignore[misc]
        for n in range(30)
    ]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*waiting)
    store = await SqliteStore.open(path, sealer)
    assert await store.transact(lambda unit: unit.get_meta("29")) == "x"
    await store.close()


async def test_a_cancelled_caller_harms_nobody(path: Path, sealer: Sealer) -> None:
    store = await SqliteStore.open(path, sealer)
    task = asyncio.create_task(store.transact(lambda unit: unit.set_meta("a", "x")))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await store.transact(lambda unit: unit.add_incoming(items(1), NOW)) == 1
    await store.close()
