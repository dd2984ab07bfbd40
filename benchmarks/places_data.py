"""Postcodes to measure with, as people would type them, and files like the official ones.

All is made from ../shared/facts/postcodes, which is read where it lies and is not part of the
project: `FACTS.is_dir()` tells whether it is there.
"""

from __future__ import annotations

import csv
import gzip
import random
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
FACTS = ROOT.parent / "shared/facts/postcodes"
SEED = 20261122

Row = Mapping[str, str]


@dataclass(frozen=True)
class Postcode:
    """One postcode with the truth about it."""

    written: str  # "SW9 7UH"
    borough: str
    lat: float
    lon: float


# The typing slips of facts/postcodes/README.md, section 6; no postcode of London has an O.
NOISE: dict[str, Callable[[str], str]] = {
    "lower case, no space": lambda typed: typed.lower().replace(" ", ""),
    "SW9-7UH": lambda typed: typed.replace(" ", "-"),
    "SW9.7UH": lambda typed: typed.replace(" ", "."),
    "double space": lambda typed: typed.replace(" ", "  "),
    "S W 9 7 U H": lambda typed: " ".join(typed.replace(" ", "")),
    "O for 0": lambda typed: typed.replace("0", "O"),
    "I for 1": lambda typed: typed.replace("1", "I"),
    "L for 1": lambda typed: typed.replace("1", "L"),
    "S for 5": lambda typed: typed.replace("5", "S"),
}


def london() -> Iterator[Row]:
    """Every postcode of London, as the facts have them."""
    yield from _zipped("postcodes_london.csv.gz")


def fringe() -> Iterator[Row]:
    """Postcodes outside London that share a district with it."""
    yield from _zipped("postcodes_fringe.csv.gz")


def _zipped(name: str) -> Iterator[Row]:
    with gzip.open(FACTS / name, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


@cache
def boroughs() -> dict[str, str]:
    """The name of each borough's code."""
    with (FACTS / "boroughs.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


@cache
def drawn(number: int, seed: int = SEED) -> tuple[Postcode, ...]:
    """Postcodes of London drawn by chance, the same for the same seed."""
    names = boroughs()
    rows = random.Random(seed).sample(list(london()), number)
    return tuple(
        Postcode(r["postcode"], names[r["borough_code"]], float(r["lat"]), float(r["lon"]))
        for r in rows
    )


def known() -> list[tuple[str, str]]:
    """The postcodes of known_points.csv with their boroughs."""
    with (FACTS / "known_points.csv").open(encoding="utf-8") as file:
        return [(row["postcode"], row["expected_borough"]) for row in csv.DictReader(file)]


def noisy(written: str, chance: random.Random) -> str:
    """One typing slip, of those that change this postcode."""
    typed = [slip(written) for slip in NOISE.values()]
    return chance.choice([one for one in typed if one != written])


METADATA = (
    "ORDNANCE SURVEY\nPRODUCT: OS CODE-POINT_03.02\nDATASET VERSION NUMBER: 2025.4.0\n"
    "COPYRIGHT DATE: 20251020\nRM UPDATE DATE: 20251017\n"
)


def write_code_point(path: Path, rows: Iterable[Row]) -> None:
    """Write rows in the shape of Code-Point Open's zip: no header, padded, one file an area."""
    areas: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        outward, inward = row["postcode"].split()
        area = "".join(sign for sign in outward[:2] if sign.isalpha())
        code = row.get("borough_code") or row["la_code"]
        areas[area].append(
            f'"{outward:4}{inward}",{row.get("quality") or 10},{row["easting"]},{row["northing"]},'
            f'"E92000001","E19000003","E18000007","","{code}","{row.get("ward_code", "")}"\r\n'
        )
    manifest = "".join(f"{area:>8}\t{len(lines)}\n" for area, lines in sorted(areas.items()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for area, lines in areas.items():
            archive.writestr(f"Data/CSV/{area.lower()}.csv", "".join(lines))
        archive.writestr("Doc/metadata.txt", METADATA + manifest)
        archive.writestr("Doc/licence.txt", "\xa9 Crown copyright".encode("latin-1"))


NSPL_HEADER = (
    "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty26cd,ced25cd,lad26cd,"
    "wd26cd,nhser24cd,ctry26cd,rgn26cd,pcon24cd,ttwa15cd,itl25cd,npark16cd,lsoa21cd,msoa21cd,"
    "wz11cd,sicbl26cd,bua24cd,ruc21ind,oac21ind,lat,long,lep21cd1,lep21cd2,pfa23cd,imd25ind,icb26cd"
)


def ons_lines(rows: Iterable[Row], header: str = NSPL_HEADER) -> Iterator[str]:
    """Rows in the shape of an ONS file with this header; `doterm` is kept where it is given."""
    names = header.split(",")
    yield f"\ufeff{header}\r\n"
    for row in rows:
        code = row.get("borough_code") or row["la_code"]
        values = {
            "pcds": row["postcode"], "dointr": "198001", "doterm": row.get("doterm", ""),
            "lat": row["lat"], "long": row["lon"], "lad26cd": code, "oslaua": code, "laua": code,
            "east1m": row["easting"], "north1m": row["northing"],
        }  # fmt: skip
        cells = (values.get(name, "") for name in names)
        yield ",".join(f'"{cell}"' if not cell[:1].isdigit() else cell for cell in cells) + "\r\n"


def write_ons(path: Path, lines: Iterable[str], member: str = "Data/NSPL_AUG_2026_UK.csv") -> None:
    """Write lines as the one large CSV of an ONS zip, beside the parts that it is split into."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open(member, "w", force_zip64=True) as file:
            for line in lines:
                file.write(line.encode("utf-8"))
        folder, _, name = member.rpartition("/")
        archive.writestr(f"{folder}/multi_csv/{name[:-4]}_BR.csv", "pcds\r\n")
