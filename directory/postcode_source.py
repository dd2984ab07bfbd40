"""Official postcode files, read as a stream: Code-Point Open's zip, ONSPD and NSPL as zip or CSV.

The largest is 1.5 GB; one line of it is in memory at a time.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from directory.postcode_layouts import BadRowError, MissingColumnError, Reader, Row, code_point, ons
from directory.units import Edition

MOST_BAD = 20  # rows that may be unreadable; more is another file than it seems
WATCHED = 2_000  # rows between two calls of what watches
LONGEST_LINE = 100_000
LARGEST = 8_000_000_000  # bytes unpacked; the largest official file has 1.5 GB
_CODE_POINT = re.compile(r"(?:^|/)Data/CSV/[a-z]{1,2}\.csv$", re.IGNORECASE)
_ONS = re.compile(r"(?:^|/)(ONSPD|NSPL)\d*_([A-Z]{3})_(20\d\d)[^/]*\.csv$", re.IGNORECASE)
_SPLIT = re.compile(r"(?:^|/)multi_csv/", re.IGNORECASE)
_MANIFEST = re.compile(r"^\s*([A-Z]{1,2})\s+(\d+)\s*$", re.MULTILINE)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


class PostcodeFileError(Exception):
    """The file cannot be used: `where: what`, with what was found and what to do."""


@dataclass
class Tally:
    """What has been read so far, and what was left out and why."""

    read: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    bytes_read: Callable[[], int] = lambda: 0
    watch: Callable[[], None] = lambda: None  # called after every few thousand rows


@dataclass(frozen=True)
class OfficialFile:
    """A file that was recognised; `rows` streams it."""

    path: Path
    members: tuple[str, ...]  # within the zip; empty for a plain CSV
    edition: Edition
    size: int  # bytes, unpacked
    rows_promised: dict[str, int] = field(default_factory=dict)  # by postcode area

    def rows(self, areas: frozenset[str], tally: Tally) -> Iterator[Row]:
        """Give the rows of these postcode areas; raises PostcodeFileError where it must stop."""
        done = 0
        for name in self.members or ("",):
            with _reading(self.path, name) as stream:
                before, counted = done, _Counted(stream)
                tally.bytes_read = lambda c=counted, b=before: b + c.done  # type: ignore[misc]
                start = tally.read
                yield from self._member(counted, name, areas, tally)
                done += counted.done
            self._keep_promise(name, tally.read - start)

    def _member(
        self, stream: _Counted, name: str, areas: frozenset[str], tally: Tally
    ) -> Iterator[Row]:
        text = io.TextIOWrapper(
            io.BufferedReader(stream, 1 << 18), "utf-8-sig", errors="replace", newline=""
        )
        # Cut where no line of such a file would end, so that one without line ends fills no memory.
        lines = csv.reader(iter(lambda: text.readline(LONGEST_LINE), ""))
        read = self._reader(lines, name, areas)
        for line in lines:
            if not line:
                continue
            tally.read += 1
            if tally.read % WATCHED == 0:
                tally.watch()
            try:
                row = read(line)
            except (BadRowError, IndexError) as error:
                self._note_bad(f"{self._where(name)}:{lines.line_num}: found {error}", tally)
                continue
            if isinstance(row, Row):
                yield row
            else:
                tally.left_out[row] += 1

    def _reader(self, lines: Any, name: str, areas: frozenset[str]) -> Reader:
        if self.edition.product == "Code-Point Open":
            return code_point(areas)
        try:
            return ons(next(lines, []), areas)
        except MissingColumnError as error:
            raise PostcodeFileError(f"{self._where(name)}:1: {error}") from None

    def _note_bad(self, what: str, tally: Tally) -> None:
        tally.bad.append(what)
        tally.left_out["unreadable"] += 1
        if len(tally.bad) > MOST_BAD:
            shown = "\n".join(tally.bad[:5])
            raise PostcodeFileError(f"{shown}\nMore than {MOST_BAD} rows cannot be read.")

    def _keep_promise(self, name: str, found: int) -> None:
        """Compare with the number of rows that Code-Point Open's metadata gives."""
        area = Path(name).stem.upper()
        promised = self.rows_promised.get(area)
        if promised is not None and promised != found:
            raise PostcodeFileError(
                f"{self._where(name)}: {found} rows, expected {promised} (Doc/metadata.txt). "
                "Download the file again."
            )

    def _where(self, name: str) -> str:
        return f"{self.path.name}/{name}" if name else self.path.name


def recognise(path: Path) -> OfficialFile:
    """Tell which official file this is; raises PostcodeFileError where it is none."""
    if not path.is_file():
        raise PostcodeFileError(f"{path}: there is no such file")
    with _faults_named(path):
        return _in_zip(path) if zipfile.is_zipfile(path) else _plain(path)


def _in_zip(path: Path) -> OfficialFile:
    with zipfile.ZipFile(path) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
        code_points = tuple(sorted(name for name in sizes if _CODE_POINT.search(name)))
        members = code_points or _ons_members(sizes)
        total = sum(sizes[name] for name in members)
        if not members:
            raise PostcodeFileError(
                f"{path.name}: neither Code-Point Open (Data/CSV/sw.csv) nor ONSPD or NSPL "
                f"(Data/ONSPD_AUG_2026_UK.csv), found {', '.join(sorted(sizes)[:5]) or 'nothing'}"
            )
        if total > LARGEST:
            raise PostcodeFileError(f"{path.name}: {total:,} bytes unpacked, expected 2 GB at most")
        if not code_points:
            edition = _ons_edition(f"{path.name}/{members[0]}")
            return OfficialFile(path, members, edition, total)
        name = next((n for n in sizes if n.lower().endswith("doc/metadata.txt")), None)
        if name is None:
            raise PostcodeFileError(f"{path.name}: no Doc/metadata.txt, which names the edition")
        # 40 kB are twenty times what it has.
        text = archive.open(name).read(40_000).decode("latin-1")
    promised = {area: int(rows) for area, rows in _MANIFEST.findall(text)}
    return OfficialFile(path, members, _code_point_edition(path, text), total, promised)


def _ons_members(names: dict[str, int]) -> tuple[str, ...]:
    """The one file of all postcodes; where it is not there, those it is split into."""
    found = sorted(name for name in names if _ONS.search(name))
    whole = [name for name in found if not _SPLIT.search(name)]
    return tuple(whole[:1] or found)


def _plain(path: Path) -> OfficialFile:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        head = file.readline(LONGEST_LINE)
    if head.startswith("PK"):
        raise zipfile.BadZipFile("a zip whose end is missing")
    if not re.search(r"\bpcds\b", head, re.IGNORECASE):
        raise PostcodeFileError(
            f"{path.name}:1: no column pcds, found {head.strip()[:60]!r}. Give Code-Point Open as "
            "the zip that it comes in; ONSPD or NSPL as a zip or as its one large CSV."
        )
    named = _ONS.search(path.name)
    edition = _ons_edition(path.name) if named else _edition_inside(path)
    return OfficialFile(path, (), edition, path.stat().st_size)


def _ons_edition(name: str) -> Edition:
    found = _ONS.search(name)
    assert found is not None
    short = [month[:3].upper() for month in _MONTHS]
    month = found[2].upper()
    if month not in short:
        raise PostcodeFileError(f"{name}: {month} is no month, expected a name like _AUG_2026_")
    year = int(found[3])
    return Edition(found[1].upper(), f"{_MONTHS[short.index(month)]} {year}", year)


def _edition_inside(path: Path) -> Edition:
    """The edition of a renamed file: the month in which its newest postcode came."""
    newest = ""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = csv.reader(iter(lambda: file.readline(LONGEST_LINE), ""))
        names = [name.strip().lower() for name in next(lines, [])]
        if "dointr" not in names:
            raise PostcodeFileError(
                f"{path.name}:1: neither its name nor a column dointr tells the edition. "
                "Give it the name that it was published under, like ONSPD_AUG_2026_UK.csv."
            )
        at = names.index("dointr")
        for line in lines:
            if len(line) > at and line[at] > newest and re.fullmatch(r"20\d{4}", line[at]):
                newest = line[at]
    if not newest:
        raise PostcodeFileError(f"{path.name}: the column dointr holds no month")
    month = _MONTHS[min(max(int(newest[4:]), 1), 12) - 1]
    return Edition("ONS postcodes", f"up to {month} {newest[:4]}", int(newest[:4]))


def _code_point_edition(path: Path, text: str) -> Edition:
    version = re.search(r"DATASET VERSION NUMBER:\s*(\S+)", text)
    date = re.search(r"COPYRIGHT DATE:\s*((?:19|20)\d\d)", text)
    if version is None or date is None:
        raise PostcodeFileError(
            f"{path.name}/Doc/metadata.txt: no DATASET VERSION NUMBER or COPYRIGHT DATE"
        )
    return Edition("Code-Point Open", version[1], int(date[1]))


class _Counted(io.RawIOBase):
    """A stream that knows how much of it was read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._stream.read(len(buffer))
        buffer[: len(found)] = found
        self.done += len(found)
        return len(found)


@contextmanager
def _reading(path: Path, member: str) -> Iterator[IO[bytes]]:
    with _faults_named(path):
        if not member:
            with path.open("rb") as file:
                yield file
            return
        with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
            yield stream


@contextmanager
def _faults_named(path: Path) -> Iterator[None]:
    """Say in one sentence what a damaged file does to the reading of it."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        again = "It is damaged or not whole: download it again."
        raise PostcodeFileError(f"{path.name}: {error}. {again}") from error
    except RuntimeError as error:  # zipfile: a password is needed
        raise PostcodeFileError(f"{path.name}: {error}") from error
    except csv.Error as error:
        raise PostcodeFileError(f"{path.name}: this is no CSV: {error}") from error
    except OSError as error:
        raise PostcodeFileError(f"{path.name}: {error.strerror or error}") from error
