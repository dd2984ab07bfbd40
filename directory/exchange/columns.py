"""A service as one flat row: what stands in a line of a spreadsheet.

The columns follow directory/schema.py, so that a new key of the YAML is a new column at once. A
row holds only what is known; its values are text, lists of text, or what JSON can say.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from directory.schema import Assured, ServiceEntry

Row = dict[str, Any]

WHERE, ORGANISATION, ID = "where", "organisation", "id"
LONDON, NATIONAL = "London", "national"  # `where`, besides the boroughs


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    LIST = "list"  # of words or sentences
    DATA = "data"  # anything deeper, as JSON


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and where its value stands in a service of the YAML."""

    name: str
    path: tuple[str, ...]
    kind: Kind = Kind.TEXT


@lru_cache(maxsize=1)
def columns() -> tuple[Column, ...]:
    """Return every column in its fixed order: where and whose, the service, what vouches for it."""
    own = [name for name in ServiceEntry.model_fields if name not in Assured.model_fields]
    last = [name for name in ServiceEntry.model_fields if name in Assured.model_fields]
    found = [Column(WHERE, ()), Column(ORGANISATION, ())]
    for name in (*own, *last):
        field = ServiceEntry.model_fields[name]
        found += _below((field.alias or name,), field.annotation)
    return tuple(found)


@lru_cache(maxsize=1)
def by_name() -> Mapping[str, Column]:
    """Return the columns by their names."""
    return {column.name: column for column in columns()}


def _below(path: tuple[str, ...], annotation: Any) -> Iterator[Column]:
    members = [member for member in _members(annotation) if member is not type(None)]
    if len(members) == 1 and isinstance(members[0], type) and issubclass(members[0], BaseModel):
        for name, field in members[0].model_fields.items():
            yield from _below((*path, field.alias or name), field.annotation)
        return
    yield Column(".".join(path), path, _kind(members))


def _kind(members: list[Any]) -> Kind:
    if all(_is_scalar(member) for member in members):
        return Kind.TEXT
    if len(members) == 1 and get_origin(members[0]) in (tuple, list):
        items = [part for part in get_args(members[0]) if part is not Ellipsis]
        if all(_is_scalar(member) for item in items for member in _members(item)):
            return Kind.LIST
    return Kind.DATA


def _is_scalar(kind: Any) -> bool:
    if get_origin(kind) is Literal:
        return True
    return isinstance(kind, type) and issubclass(kind, (str, int, float, bool, Enum))


def _members(annotation: Any) -> list[Any]:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return [member for part in get_args(annotation) for member in _members(part)]
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    return [annotation]


def row_of(where: str, organisation: str, entry: ServiceEntry) -> Row:
    """Return a service as a row; what is unknown, or stands at its default, is left out."""
    stated = entry.model_dump(exclude_defaults=True, by_alias=True)
    row: Row = {WHERE: where, ORGANISATION: tidy(organisation)}
    for column in columns():
        value: Any = stated if column.path else None
        for step in column.path:
            value = value.get(step) if isinstance(value, dict) else None
        if value not in (None, (), [], {}):
            row[column.name] = as_typed(value)
    return row


def as_typed(value: Any) -> Any:
    """Return a value as somebody types it into the YAML, where every single value is text."""
    if isinstance(value, Mapping):
        return {str(key): as_typed(below) for key, below in value.items() if below is not None}
    if isinstance(value, (list, tuple)):
        return [as_typed(below) for below in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return tidy(str(value.value if isinstance(value, Enum) else value))


def tidy(text: str) -> str:
    """Return a text on one line: line breaks and doubled spaces count as one space."""
    return " ".join(text.split())


def entry_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the service of a row as its YAML has it, in the order of the columns."""
    entry: dict[str, Any] = {}
    for column in columns():
        if not column.path or column.name not in row:
            continue
        below = entry
        for step in column.path[:-1]:
            below = below.setdefault(step, {})
        below[column.path[-1]] = row[column.name]
    return entry
