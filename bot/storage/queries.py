"""Reads the .sql files: `-- name --`, a line of purpose, then the query."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

SQL_FOLDER = Path(__file__).parent / "sql"
_HEADING = re.compile(r"^-- (\w+) --\n-- (\S.*)\n", re.MULTILINE)


def load_queries(folder: Path = SQL_FOLDER) -> dict[str, str]:
    """All queries by name; ValueError names the file of one that is given twice."""
    queries: dict[str, str] = {}
    for path in sorted(folder.glob("*.sql")):
        for name, query in _parse(path.read_text(encoding="utf-8")):
            if name in queries:
                raise ValueError(f"{path}: the query {name!r} stands in two places")
            queries[name] = query
    return queries


def _parse(text: str) -> Iterator[tuple[str, str]]:
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    for heading, end in zip(headings, ends, strict=True):
        yield heading[1], text[heading.end() : end].strip()
