"""The table of unit postcodes, written: aside, and into its place only when all is well."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from bot.storage.errors import StorageError
from bot.storage.queries import load_queries
from bot.storage.units import APPLICATION, DEGREE, FOLDER, SCHEMA, VERSION, UnitTable
from directory.postcode_layouts import LONDON, Row
from directory.units import Edition

_BATCH = 5_000
_ABANDONED = timedelta(days=1)  # what an import that was killed has left is removed after a day
_SUFFIX = ".importing"


class UnitWriter:
    """Builds a table beside the one in use; `unit_writer` makes and clears it away."""

    def __init__(self, path: Path, target: Path) -> None:
        self._path = path
        self._target = target
        self._queries = load_queries(FOLDER)
        self._codes: dict[str, int] = {}
        self._connection = sqlite3.connect(path, isolation_level=None)
        # Thrown away where anything goes wrong, so no journal is needed.
        for line in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -16000",
                     f"application_id = {APPLICATION}", f"user_version = {VERSION}"):  # fmt: skip
            self._connection.execute(f"PRAGMA {line}")
        self._connection.executescript(SCHEMA.read_text(encoding="utf-8"))

    def add(self, rows: Iterable[Row]) -> None:
        """Keep rows as they come; one that comes twice counts once."""
        given = iter(rows)
        while batch := list(islice(given, _BATCH)):
            self._connection.execute("BEGIN")
            self._connection.executemany(self._queries["add_unit"], map(self._values, batch))
            self._connection.execute("COMMIT")

    def _values(self, row: Row) -> tuple[str, int, int, int, int | None]:
        authority = self._codes.setdefault(row.code, len(self._codes) + 1)
        lat, lon = round(row.lat * DEGREE), round(row.lon * DEGREE)
        return row.postcode, lat, lon, authority, row.ended

    def finish(self, edition: Edition, names: Mapping[str, str], imported: str) -> UnitTable:
        """Round the table off and give it for looking at; it is not in use yet."""
        run = self._connection.execute
        for code, number in self._codes.items():
            values = {"id": number, "code": code, "name": names.get(code, ""),
                      "london": int(code.startswith(LONDON))}  # fmt: skip
            run(self._queries["add_authority"], values)
        about = {"product": edition.product, "edition": edition.edition,
                 "year": str(edition.year), "imported": imported}  # fmt: skip
        for name, value in about.items():
            run(self._queries["add_about"], {"name": name, "value": value})
        run(self._queries["drop_far"])
        run(self._queries["index_units"])
        run("VACUUM")
        self._connection.close()
        table = UnitTable.open(self._path)
        assert table is not None
        return table

    def put_in_place(self) -> None:
        """Exchange the table in use for this one, in one step."""
        file = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
        self._path.chmod(0o600)
        self._path.replace(self._target)
        folder = os.open(self._target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


@contextmanager
def unit_writer(target: Path, now: datetime) -> Iterator[UnitWriter]:
    """Make a table aside; whatever happens, nothing of it stays but what was put in place.

    Raises StorageError where the folder or the disk does not allow it.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _clear_away(target, now)
        # Two imports at once have two files; the one that ends last is in use.
        handle, name = tempfile.mkstemp(suffix=_SUFFIX, prefix=f"{target.name}.", dir=target.parent)
        os.close(handle)
    except OSError as error:
        raise StorageError(f"{target}: cannot be written: {error.strerror}") from error
    path = Path(name)
    writer = None
    try:
        writer = UnitWriter(path, target)
        yield writer
    except sqlite3.Error as error:
        raise StorageError(f"{path}: cannot be written: {error}") from error
    except OSError as error:
        raise StorageError(f"{target}: cannot be written: {error.strerror}") from error
    finally:
        if writer is not None:
            writer.close()
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _clear_away(target: Path, now: datetime) -> None:
    for old in target.parent.glob(f"{target.name}.*{_SUFFIX}"):
        with suppress(OSError):
            if now.timestamp() - old.stat().st_mtime > _ABANDONED.total_seconds():
                old.unlink()
