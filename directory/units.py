"""Unit postcodes ("SW9 7UH") out of an official file: values, the port, and what must be shown.

Nothing here knows how the table is kept: whoever starts the bot hands in a `Units`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from directory.cells import Cell

_OGL = "Licensed under the Open Government Licence v3.0."
# What must be shown with the data, by the publisher of the file.
_WORDS = {
    "Code-Point Open": (
        "Contains OS data © Crown copyright and database right {year}.",
        "Contains Royal Mail data © Royal Mail copyright and database right {year}.",
        "Contains National Statistics data © Crown copyright and database right {year}.",
        _OGL,
    ),
    "ONS": (
        "Contains OS data © Crown copyright and database right {year}.",
        "Contains Royal Mail data © Royal Mail copyright and database right {year}.",
        "Source: Office for National Statistics licensed under the Open Government Licence v.3.0.",
    ),
}


@dataclass(frozen=True, slots=True)
class Edition:
    """Which official file a table was made from."""

    product: str  # "Code-Point Open", "ONSPD", "NSPL"
    edition: str  # "2025.4.0", "August 2026"
    year: int  # of the attribution

    @property
    def name(self) -> str:
        """The file as people call it: "Code-Point Open 2025.4.0"."""
        return f"{self.product} {self.edition}"

    @property
    def attribution(self) -> tuple[str, ...]:
        """The sentences that the licence wants shown."""
        words = _WORDS.get(self.product, _WORDS["ONS"])
        return tuple(sentence.format(year=self.year) for sentence in words)


@dataclass(frozen=True, slots=True)
class Unit:
    """One postcode: where its middle lies, and in whose area."""

    postcode: str  # without a space: "SW97UH"
    lat: float
    lon: float
    authority: str  # "Lambeth", "Epping Forest"; empty where its code is not known
    london: bool
    ended: int | None = None  # year and month in which Royal Mail ended it: 201905


class Units(Protocol):
    """An exact table of the postcodes in and around London."""

    @property
    def edition(self) -> Edition:
        """Which file it was made from."""

    def get(self, postcode: str) -> Unit | None:
        """Return a postcode given without a space; None where it is not in the table."""

    def below(self, outward: str, digit: str = "") -> Cell | None:
        """Add up the living postcodes of a district or a sector; None where there are none."""

    def near(self, lat: float, lon: float, metres: float) -> list[tuple[float, Unit]]:
        """Return the living postcodes within so many metres of a point, the nearest first."""
