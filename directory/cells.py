"""The postcode cells: where a postcode without its last letter lies, in compact arrays."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from directory.model import Point

OUTSIDE = "outside London"

MOST_NEAREST = 8
_METRES_PER_DEGREE = 111_200.0
_LONDON_COSINE = 0.6225  # of 51.5 degrees north: a degree of longitude is that much shorter


@dataclass(frozen=True)
class Cell:
    """One row: a cell, a sector or a district."""

    key: str  # without spaces: "SW97U", "SW97", "SW9"
    lat: float
    lon: float
    shares: tuple[tuple[str, float], ...]  # borough and share of its postcodes, largest first


@dataclass(frozen=True)
class Table:
    """Sorted keys with their points and the share (in hundredths) of each borough."""

    keys: NDArray[np.bytes_]
    lat: NDArray[np.float32]
    lon: NDArray[np.float32]
    shares: NDArray[np.uint8]
    boroughs: tuple[str, ...]

    def __contains__(self, key: str) -> bool:
        return self._find(key) is not None

    def get(self, key: str) -> Cell | None:
        """Return one row; None where there is none."""
        row = self._find(key)
        return None if row is None else self.row(row)

    def row(self, row: int) -> Cell:
        """Return one row by its number."""
        shares = self.shares[row]
        order = np.argsort(shares, kind="stable")[::-1]
        named = tuple(
            (self.boroughs[borough], float(shares[borough]) / 100)
            for borough in order
            if shares[borough]
        )
        key = self.keys[row].decode()
        return Cell(key, float(self.lat[row]), float(self.lon[row]), named)

    def middle(self, borough: str) -> Point | None:
        """Return the mean point of the rows that lie in a borough."""
        if borough not in self.boroughs:
            return None
        inside = self.shares[:, self.boroughs.index(borough)] > 50
        return Point(float(self.lat[inside].mean()), float(self.lon[inside].mean()))

    def nearest(self, lat: float, lon: float, times: float = 1.0) -> tuple[list[Cell], float]:
        """Return the row nearest to a point, with its distance in metres.

        With `times`, rows that are no more than so many times as far come after it.
        """
        north = (self.lat - lat) * _METRES_PER_DEGREE
        east = (self.lon - lon) * _METRES_PER_DEGREE * _LONDON_COSINE
        square = north * north + east * east
        least = float(square.min())
        rows = np.flatnonzero(square <= least * times * times)
        # From far away all are about as far.
        rows = rows[np.argsort(square[rows], kind="stable")][:MOST_NEAREST]
        return [self.row(int(row)) for row in rows], least**0.5

    def _find(self, key: str) -> int | None:
        wanted = np.bytes_(key.encode("ascii", "replace"))
        row = int(np.searchsorted(self.keys, wanted))
        return row if row < len(self.keys) and self.keys[row] == wanted else None


@dataclass(frozen=True)
class Postcodes:
    """Cells ("SW97U"), sectors ("SW97") and districts ("SW9")."""

    cells: Table
    sectors: Table
    districts: Table


def load_cells(path: Path) -> Postcodes:
    """Read cells.csv, and add it up to sectors and districts."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    boroughs, shares = _shares([row[4] for row in rows])
    points = np.array([(float(row[2]), float(row[3])) for row in rows])
    weights = np.array([int(row[1]) for row in rows], dtype=float)
    cells = [row[0] for row in rows]

    def table(keys: list[str]) -> Table:
        return _add_up(keys, points, weights, shares, boroughs)

    return Postcodes(
        cells=table([cell.replace(" ", "") for cell in cells]),
        sectors=table([cell[:-1].replace(" ", "") for cell in cells]),
        districts=table([cell.partition(" ")[0] for cell in cells]),
    )


def _shares(said: list[str]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The boroughs of "Lambeth=0.9;Southwark=0.1", and the share of each in every row."""
    names: dict[str, int] = {}
    known: dict[str, list[tuple[int, float]]] = {}  # nearly all rows say the same few things
    for text in dict.fromkeys(said):
        parts = [part.rpartition("=") for part in text.split(";")]
        known[text] = [(names.setdefault(n, len(names)), float(value)) for n, _, value in parts]
    shares = np.zeros((len(said), len(names)))
    for row, text in enumerate(said):
        for borough, part in known[text]:
            shares[row, borough] = part
    return tuple(names), shares


def _add_up(
    keys: list[str],
    points: NDArray[np.float64],
    weights: NDArray[np.float64],
    shares: NDArray[np.float64],
    boroughs: tuple[str, ...],
) -> Table:
    unique, groups = np.unique(np.array(keys, dtype="S7"), return_inverse=True)
    total = np.bincount(groups, weights)

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(groups, values * weights) / total

    parts = np.column_stack([mean(shares[:, column]) for column in range(shares.shape[1])])
    return Table(
        keys=unique,
        lat=mean(points[:, 0]).astype(np.float32),
        lon=mean(points[:, 1]).astype(np.float32),
        # Rounded down, so that a cell is never more certain than the table says.
        shares=np.floor(parts * 100 + 1e-6).astype(np.uint8),
        boroughs=boroughs,
    )
