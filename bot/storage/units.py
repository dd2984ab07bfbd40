"""The table of unit postcodes, read: a SQLite file that an import wrote and nobody changes."""

from __future__ import annotations

import logging
import sqlite3
import weakref
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

from bot.storage.database import Row
from bot.storage.errors import DamagedError, StorageError
from bot.storage.queries import load_queries
from directory.cells import OUTSIDE, Cell
from directory.units import Edition, Unit

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "postcodes"  # its queries
SCHEMA = Path(__file__).with_name("postcodes_schema.sql")
APPLICATION = 0x4D79506F  # "MyPo": so that no other SQLite file is taken for this one
VERSION = 1
DEGREE = 100_000  # positions are whole numbers of this part of a degree
_METRES = 111_200.0


class UnitTable:
    """Implements directory.units.Units. Make it with `UnitTable.open`; any thread may ask it."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._queries = load_queries(FOLDER)
        self._path = path
        about: dict[str, str] = dict(self._rows("units_about"))
        self._edition = Edition(about["product"], about["edition"], int(about["year"]))
        self.imported = about["imported"]
        # Content that is exchanged whole lets go of its table whenever it is collected.
        self._close = weakref.finalize(self, connection.close)

    @classmethod
    def open(cls, path: Path) -> UnitTable | None:
        """Open a table; None where there is none. Raises StorageError for one that is unfit."""
        if not path.is_file():
            return None
        try:
            # Nobody writes into it: an import puts a new file in its place. So no lock is needed.
            address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise StorageError(f"{path}: cannot be opened: {error}") from error
        try:
            _look(connection, path)
            return cls(connection, path)
        except (sqlite3.Error, KeyError, ValueError) as error:
            connection.close()
            raise DamagedError(path, str(error)) from error
        except BaseException:
            connection.close()
            raise

    @classmethod
    def open_usable(cls, path: Path) -> UnitTable | None:
        """Open a table; None where there is none that can be used, which is logged."""
        try:
            return cls.open(path)
        except StorageError as error:
            log.warning("%s The coarse table answers instead.", error)
            return None

    def close(self) -> None:
        """Let go of the file."""
        self._close()

    @property
    def edition(self) -> Edition:
        """Which file it was made from."""
        return self._edition

    def get(self, postcode: str) -> Unit | None:
        """Return a postcode given without a space; None where it is not in the table."""
        rows = self._safely("unit", postcode=postcode)
        return _unit(rows[0]) if rows else None

    def below(self, outward: str, digit: str = "") -> Cell | None:
        """Add up the living postcodes of a district or a sector; None where there are none."""
        prefix = outward + digit
        # By their length "E1 7AA", in the sector E1 7, is told from "E17 3AA", in the district E17.
        rows = self._safely("units_below", first=prefix, after=f"{prefix}~",
                            length=len(outward) + 3)  # fmt: skip
        total = sum(row[2] for row in rows)
        if not total:
            return None
        lat = sum(row[3] * row[2] for row in rows) / total / DEGREE
        lon = sum(row[4] * row[2] for row in rows) / total / DEGREE
        shares: dict[str, float] = {}
        for name, london, number, _, _ in rows:
            name = name if london else OUTSIDE
            shares[name] = shares.get(name, 0.0) + number / total
        ordered = sorted(shares.items(), key=lambda item: -item[1])
        return Cell(prefix, lat, lon, tuple(ordered))

    def near(self, lat: float, lon: float, metres: float) -> list[tuple[float, Unit]]:
        """Return the living postcodes within so many metres of a point, the nearest first."""
        narrow = cos(radians(lat))
        north, east = metres / _METRES, metres / (_METRES * max(narrow, 0.1))
        rows = self._safely(
            "units_near",
            south=int((lat - north) * DEGREE), north=int((lat + north) * DEGREE) + 1,
            west=int((lon - east) * DEGREE) - 1, east=int((lon + east) * DEGREE) + 1,
        )  # fmt: skip
        units = [_unit(row) for row in rows]
        found = [
            (hypot(unit.lat - lat, (unit.lon - lon) * narrow) * _METRES, unit) for unit in units
        ]
        return sorted(
            (pair for pair in found if pair[0] <= metres),
            key=lambda pair: (pair[0], pair[1].postcode),
        )

    def counts(self) -> dict[str, int]:
        """How many living postcodes each authority has."""
        return dict(self._rows("units_by_authority"))

    def ended(self) -> int:
        """How many postcodes of the table are no longer in use."""
        return int(self._rows("units_ended")[0][0])

    def _safely(self, query: str, **values: Any) -> list[Row]:
        """Nothing where the file turns out to be damaged: the coarse table answers then."""
        try:
            return self._rows(query, **values)
        except sqlite3.Error as error:
            log.warning("%s: cannot be read (%s); import it again", self._path, error)
            return []

    def _rows(self, query: str, **values: Any) -> list[Row]:
        return self._connection.execute(self._queries[query], values).fetchall()


def _look(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION:
        raise StorageError(f"{path}: this is no table of postcodes. Move it away and import again.")
    if version != VERSION:
        raise StorageError(
            f"{path}: made by another version of the bot ({version}, expected {VERSION}). "
            "Import the file again: python run_bot.py import-postcodes FILE"
        )


def _unit(row: Row) -> Unit:
    postcode, lat, lon, name, london, ended = row
    return Unit(postcode, lat / DEGREE, lon / DEGREE, name, bool(london), ended)
