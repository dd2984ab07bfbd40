"""The two layouts of official postcode files: which column is what, and one row read.

Column names of the ONS files carry a year that moves ("lad25cd", "lad26cd"), so they are matched
by pattern. A column that is missing stops the import: a silent default would load an empty London.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from directory.grid import to_degrees

LONDON = "E09"  # every London borough's code begins so
NOT_GB = ("BT", "JE", "GY", "IM")  # Northern Ireland has another licence; the islands no points
LONDON_BOX = ((51.2, 51.8), (-0.6, 0.4))  # degrees: south and north, west and east
_SHAPE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_LETTERS = re.compile(r"[A-Z]+")
_NO_LAT = 99.0  # ONS writes 99.999999 where there is no position
_COLUMNS = {
    "postcode": (r"pcds",),
    "ended": (r"doterm",),
    "authority": (r"lad(\d\d)cd", r"oslaua", r"laua"),
    "lat": (r"lat",),
    "lon": (r"long",),
    "easting": (r"east1m", r"oseast1m"),
    "northing": (r"north1m", r"osnrth1m"),
}
_EXPECTED = {
    "postcode": "pcds",
    "ended": "doterm",
    "authority": "lad26cd (any two digits), oslaua or laua",
    "lat": "lat and long, or east1m and north1m",
}
# Code-Point Open has no header: postcode, quality, easting, northing, country, two of the NHS,
# county, district, ward.
CODE_POINT_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One postcode of an official file, in or around London."""

    postcode: str  # without a space
    lat: float
    lon: float
    code: str  # of the authority: "E09000022"
    ended: int | None = None  # 201905


class BadRowError(ValueError):
    """A row that is not what its layout says; the text says what was found."""


class MissingColumnError(ValueError):
    """The header lacks a column; the text says which, and what was found."""


Reader = Callable[[Sequence[str]], Row | str]  # a row, or why it is left out


def area_of(postcode: str) -> str:
    """Return the letters with which a postcode begins."""
    found = _LETTERS.match(postcode)
    return found.group() if found else ""


def code_point(areas: frozenset[str]) -> Reader:
    """Make the reader of Code-Point Open's rows; only these postcode areas are kept."""

    def read(row: Sequence[str]) -> Row | str:
        if len(row) < CODE_POINT_COLUMNS:
            raise BadRowError(f"{len(row)} columns, expected {CODE_POINT_COLUMNS}")
        postcode, reason = _wanted(row[0], areas)
        if reason:
            return reason
        east, north = _number(row[2], "easting"), _number(row[3], "northing")
        code = row[8].strip()
        if not east or not north or not code:
            return "without a position"
        return _placed(Row(postcode, *to_degrees(east, north), code))

    return read


def ons(header: Sequence[str], areas: frozenset[str]) -> Reader:
    """Make the reader of an ONSPD or NSPL file by its header; only these areas are kept."""
    at = _columns(header)
    width = len(header)
    lat_at, lon_at = at.get("lat"), at.get("lon")

    def position(row: Sequence[str]) -> tuple[float, float] | None:
        if lat_at is not None and lon_at is not None:
            lat, lon = _number(row[lat_at], "lat"), _number(row[lon_at], "long")
            return None if lat > _NO_LAT or not lat else (lat, lon)
        east = _number(row[at["easting"]], "easting")
        north = _number(row[at["northing"]], "northing")
        return to_degrees(east, north) if east and north else None

    def read(row: Sequence[str]) -> Row | str:
        if len(row) != width:
            raise BadRowError(f"{len(row)} columns, the header has {width}")
        postcode, reason = _wanted(row[at["postcode"]], areas)
        if reason:
            return reason
        code = row[at["authority"]].strip()
        point = position(row)
        if point is None or not code:
            return "without a position"
        return _placed(Row(postcode, *point, code, _month(row[at["ended"]])))

    return read


def _columns(header: Sequence[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    at: dict[str, int] = {}
    for meaning, patterns in _COLUMNS.items():
        # Of two years the later one counts; it sorts last.
        found = sorted(
            (name, number)
            for number, name in enumerate(names)
            for pattern in patterns
            if re.fullmatch(pattern, name)
        )
        if found:
            at[meaning] = found[-1][1]
    for meaning, expected in _EXPECTED.items():
        grid = meaning == "lat" and {"easting", "northing"} <= at.keys()
        if meaning not in at and not grid:
            raise MissingColumnError(
                f"no column for {meaning}, found {', '.join(names)[:200]}, expected {expected}"
            )
    if "lat" in at and "lon" not in at and "easting" not in at:
        raise MissingColumnError("a column lat but no long, expected both")
    return at


def _wanted(typed: str, areas: frozenset[str]) -> tuple[str, str]:
    """Return the postcode without spaces, and why it is left out where it is."""
    postcode = typed.replace(" ", "").upper()
    area = area_of(postcode)
    if area in NOT_GB:
        return postcode, "Northern Ireland and the islands"
    # Far away there are shapes of long ago (NPT, GIR), which are none of our business.
    if area and area not in areas:
        return postcode, "far from London"
    if not _SHAPE.fullmatch(postcode):
        raise BadRowError(f"{typed[:12]!r} where a postcode should be")
    return postcode, ""


def _placed(row: Row) -> Row:
    """Return the row; refuse one of a London borough whose point is elsewhere, or no number."""
    (south, north), (west, east) = LONDON_BOX
    inside = south <= row.lat <= north and west <= row.lon <= east
    if row.code.startswith(LONDON) and not inside:
        raise BadRowError(f"{row.lat:.4f}, {row.lon:.4f} for a postcode in London ({row.code})")
    return row


def _number(typed: str, what: str) -> float:
    try:
        return float(typed) if typed.strip() else 0.0
    except ValueError:
        raise BadRowError(f"{typed[:12]!r} where the {what} should be") from None


def _month(typed: str) -> int | None:
    typed = typed.strip()
    if not typed:
        return None
    if not re.fullmatch(r"(?:19|20)\d{4}", typed):
        raise BadRowError(f"{typed[:12]!r} where doterm should be (a month like 201905)")
    return int(typed)
