"""Write the small tables of directory/postcodes: `python tools/postcode_tables.py [FACTS]`.

FACTS is the folder with the postcode facts (../shared/facts/postcodes). `cells.csv` comes from
there as it is; the exact list of postcodes stays there. Written here are aggregates of it: which
districts there are, the names of authorities and wards, and points to test an import with.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
POSTCODES = ROOT / "directory/postcodes"
NO_PLACE = "non-geographic"
# Where so many postcodes share so few points, they are boxes in a sorting office.
BOXES = 0.1

# Wards whose name is an ordinary word: "in town" is not in Enfield.
WORDS = {
    "Abbey", "Beam", "Bridge", "Centenary", "Cheap", "Forest", "Grove", "Heath", "Jubilee",
    "Junction", "Lavender", "Town", "Tower", "Trinity", "Valley", "Village",
}  # fmt: skip


def main() -> None:
    """Write the four tables."""
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared/facts/postcodes"
    outward = _rows(given / "outward_gb.csv")
    boxes = _boxes(given)
    _write(
        "districts_gb.csv", ("district", "authority", "boxes"),
        (_district(row, boxes) for row in outward),
    )  # fmt: skip
    names = {row["main_code"]: row["main_name"] for row in outward if row["main_code"]}
    names |= {row["code"]: row["name"] for row in _rows(given / "boroughs.csv")}
    _write("authorities.csv", ("code", "name"), sorted(names.items()))
    _write(
        "wards.csv", ("ward", "borough", "lat", "lon"),
        sorted(
            (row["name"], row["borough"], f"{float(row['lat']):.4f}", f"{float(row['lon']):.4f}")
            for row in _rows(given / "wards.csv") if row["name"] not in WORDS
        ),
    )  # fmt: skip
    _write(
        "known_points.csv", ("postcode", "ward", "borough", "lat", "lon"),
        (
            (row["postcode"], row["ward"], row["expected_borough"], row["lat"], row["lon"])
            for row in _rows(given / "known_points.csv")
        ),
    )  # fmt: skip


def _district(row: dict[str, str], boxes: set[str]) -> Sequence[str]:
    name = row["outward"]
    if row["main_name"] == NO_PLACE:
        return name, "", "1"
    return name, row["main_name"], "1" if name in boxes else ""


def _boxes(given: Path) -> set[str]:
    """Districts of London that hold nothing but post office boxes."""
    points: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in ("postcodes_london.csv.gz", "postcodes_fringe.csv.gz"):
        with gzip.open(given / name, "rt", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                district = row["postcode"].partition(" ")[0]
                points[district].append((row["easting"], row["northing"]))
    return {name for name, found in points.items() if len(set(found)) / len(found) < BOXES}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with (POSTCODES / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
    print(f"directory/postcodes/{name}")


if __name__ == "__main__":
    main()
