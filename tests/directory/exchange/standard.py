"""The standard as JSON Schema, for the library that checks it: made of hsds.yaml.

Stricter than the standard's own: a field that it does not know, or that is empty, is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import yaml

Json = dict[str, Any]

_DAY = r"[+-]?\d?(MO|TU|WE|TH|FR|SA|SU)"
_SIMPLE: dict[str, Json] = {
    "text": {"type": "string", "minLength": 1},
    "uuid": {"type": "string", "format": "uuid"},
    "uri": {"type": "string", "format": "uri"},
    "email": {"type": "string", "format": "email"},
    "date": {"type": "string", "format": "date"},
    "clock": {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"},
    "days": {
        "type": "string",
        "pattern": r"^[+-]?\d?(MO|TU|WE|TH|FR|SA|SU)(,[+-]?\d?(MO|TU|WE|TH|FR|SA|SU))*$",
    },
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "anything": {},
}
FORMATS = jsonschema.FormatChecker(["uuid", "email", "date"])


@FORMATS.checks("uri")
def is_uri(value: object) -> bool:
    parts = urlsplit(str(value))
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in str(value)


@cache
def definitions() -> Json:
    """Every object of the standard as a JSON Schema."""
    path = Path(__file__).with_name("hsds.yaml")
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: _object(fields, table) for name, fields in table.items()}


def _object(fields: Json, table: Json) -> Json:
    return {
        "type": "object",
        "properties": {name.rstrip("!"): _kind(kind, table) for name, kind in fields.items()},
        "required": [name[:-1] for name in fields if name.endswith("!")],
        "additionalProperties": False,
    }


def _kind(kind: Any, table: Json) -> Json:
    if isinstance(kind, list):
        return {"type": "array", "minItems": 1, "items": _kind(kind[0], table)}
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if kind in table:
        return {"$ref": f"#/$defs/{kind}"}
    return {"enum": kind.split(" | ")}


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    schema = {"$ref": f"#/$defs/{name}", "$defs": definitions()}
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=FORMATS)


def faults(name: str, content: Any) -> list[str]:
    """What is wrong with an object of the standard."""
    return [
        f"{error.json_path}: {error.message}" for error in _validator(name).iter_errors(content)
    ]


def within(content: Any, key: str) -> Iterator[Any]:
    """Every value under a key, at any depth."""
    if isinstance(content, dict):
        for name, below in content.items():
            if name == key:
                yield below
            yield from within(below, key)
    elif isinstance(content, list):
        for below in content:
            yield from within(below, key)
