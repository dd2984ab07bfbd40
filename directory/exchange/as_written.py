"""What the standard has no field for, or another form: carried along, so that nothing is lost.

A record is read back as a stranger would read it. Where that gives another value than ours,
ours goes into an attribute, beside what the record was read as. Whoever changes the record itself
changes what is read, and then their change counts, not our attribute.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from directory.exchange.columns import Row, by_name
from directory.exchange.terms import WRITTEN, Json, attribute

_NOTHING = None  # what is not known, in JSON


def carried(row: Mapping[str, Any], read: Mapping[str, Any]) -> list[Json]:
    """Return the attributes that a record needs beside what is read out of it."""
    made = []
    for number, column in enumerate(by_name()):
        written, seen = row.get(column, _NOTHING), read.get(column, _NOTHING)
        if written == seen:
            continue
        value = {"written": written} | ({"read": seen} if seen is not _NOTHING else {})
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        made.append(attribute(row["id"], number, WRITTEN, column, text))
    return made


def restored(read: Mapping[str, Any], attributes: list[Json]) -> Row:
    """Return what is read out of a record, with what its attributes have carried along."""
    row = dict(read)
    for one in attributes:
        named = one.get("taxonomy_term")
        if not isinstance(named, dict) or named.get("taxonomy") != WRITTEN.name:
            continue
        column, value = str(named.get("name")), _value(one.get("value"))
        if column not in by_name() or value is None:
            continue
        if read.get(column, _NOTHING) != value.get("read", _NOTHING):
            continue  # somebody has changed the record since
        if value["written"] is _NOTHING:
            row.pop(column, None)
        else:
            row[column] = value["written"]
    return row


def is_ours(attributes: list[Json]) -> bool:
    """Tell whether a record comes from a feed of ours."""
    return any(
        isinstance(one.get("taxonomy_term"), dict)
        and one["taxonomy_term"].get("taxonomy") == WRITTEN.name
        for one in attributes
    )


def _value(text: Any) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (TypeError, ValueError):
        return None
    return value if isinstance(value, dict) and "written" in value else None
