"""Files that come from others, read with their limits, and files for others, written whole."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from directory.exchange.feed import EACH, INDEX, SERVICES, read_text, services_in
from directory.exchange.incoming import Slip

LARGEST_TABLE = 20_000_000  # bytes; ten thousand services have about eight million
LARGEST_FEED = 300_000_000
SAVE_AS = "save it as `CSV UTF-8 (comma delimited)`"


class ExchangeError(Exception):
    """A file that cannot be read or written at all; says what to do."""


def read_csv_text(path: Path) -> tuple[str, list[Slip]]:
    """Return the text of a spreadsheet's file; a slip where it is in another encoding."""
    raw = _read(path, LARGEST_TABLE)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):  # "Unicode text", as Excel calls it
        return _decoded(raw, "utf-16")
    if raw.startswith(b"PK\x03\x04"):
        return "", [Slip(1, "", "this is an Excel workbook, not CSV", "", SAVE_AS)]
    return _decoded(raw, "utf-8-sig")


def _decoded(raw: bytes, encoding: str) -> tuple[str, list[Slip]]:
    try:
        return raw.decode(encoding), []
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{raw[error.start]:02x} (saved as Windows-1252, perhaps)"
        return "", [Slip(row, "", "the file is not UTF-8 text", found, SAVE_AS)]


def read_feed(path: Path) -> list[Any]:
    """Return the services of a feed: one file, or a folder of them.

    Raises ExchangeError where it is none.
    """
    files, left, records = _files(path), LARGEST_FEED, []
    for file in files:
        raw = _read(file, left)
        left -= len(raw)
        try:
            found = services_in(read_text(raw.decode("utf-8")))
        except ValueError as error:  # not UTF-8, not JSON
            raise ExchangeError(f"{file}: not JSON ({error})") from None
        if found is None:
            what = "no services of Open Referral in it, found neither `contents` nor `services`"
            raise ExchangeError(f"{file}:1: {what}, give a feed or a page of its /services")
        records += found
    return records


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    each = sorted((path / EACH).glob("*.json"))
    if not each and (path / SERVICES).is_file():
        return [path / SERVICES]
    files = each or sorted(path.glob("*.json"))
    if not files:
        raise ExchangeError(f"{path}: no JSON file is in this folder")
    return files


def _read(path: Path, largest: int) -> bytes:
    try:
        if (size := path.stat().st_size) > largest:
            raise ExchangeError(f"{path}: too large ({size / 1e6:.0f} MB, at most "
                                f"{largest / 1e6:.0f} MB), split it")  # fmt: skip
        return path.read_bytes()
    except OSError as error:
        raise ExchangeError(f"{path}: cannot be read ({error.strerror})") from None


def write_text(path: Path, text: str) -> None:
    """Write a file whole, or not at all.

    Raises ExchangeError where it cannot be written.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(text.encode("utf-8"))
        os.replace(beside, path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ExchangeError(f"{path}: cannot be written ({error.strerror})") from None


def write_folder(path: Path, texts: Mapping[str, str]) -> None:
    """Write the files of a feed; a folder of something else is left alone.

    Raises ExchangeError where it cannot be written.
    """
    if path.is_dir() and any(path.iterdir()) and not (path / INDEX).is_file():
        raise ExchangeError(f"{path}: other files are in this folder, name a new one")
    # Services that are gone; the index comes last, when all that it stands for is there.
    gone = set((path / EACH).glob("*.json")) - {path / name for name in texts}
    for name in sorted(texts, key=lambda one: one == INDEX):
        write_text(path / name, texts[name])
    for file in gone:
        file.unlink()
