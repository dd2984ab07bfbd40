"""Checks objects and calls against the Bot API as data (../shared/botapi/api.json)."""

import functools
import json
from pathlib import Path
from typing import Any

import pytest

SPEC_FILE = Path(__file__).parents[2] / "../shared/botapi/api.json"
_PRIMITIVES: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
}


@functools.cache
def load_spec() -> dict[str, Any]:
    if not SPEC_FILE.is_file():
        pytest.skip(f"the Bot API description is not here: {SPEC_FILE}")
    return json.loads(SPEC_FILE.read_text(encoding="utf-8"))


def object_problems(value: Any, type_name: str) -> list[str]:
    """Return what is wrong with an object that the server sends."""
    return _Checker(load_spec(), as_form=False).value(value, [type_name], type_name)


def call_problems(method: str, params: dict[str, Any], result: Any = None) -> list[str]:
    """Return what is wrong with a call, and with its result where there is one."""
    spec = load_spec()["methods"].get(method)
    if spec is None:
        return [f"{method}: unknown method"]
    checker = _Checker(load_spec(), as_form=True)
    problems = checker.fields(params, spec.get("fields", []), method)
    if result is not None:
        strict = _Checker(load_spec(), as_form=False)
        problems += strict.value(result, spec["returns"], f"{method} result")
    return problems


class _Checker:
    def __init__(self, spec: dict[str, Any], *, as_form: bool) -> None:
        self.types = spec["types"]
        self.as_form = as_form

    def value(self, value: Any, allowed: list[str], path: str) -> list[str]:
        attempts = [self.one(self.decoded(value, name), name, path) for name in allowed]
        return min(attempts, key=len) if attempts else []

    def decoded(self, value: Any, name: str) -> Any:
        """Values of forms arrive as text; all but texts and files are JSON."""
        if not (self.as_form and isinstance(value, str)) or name in ("String", "InputFile"):
            return value
        try:
            return json.loads(value)
        except ValueError:
            return value

    def one(self, value: Any, name: str, path: str) -> list[str]:
        if name == "InputFile":
            return []
        if name in _PRIMITIVES:
            fits = isinstance(value, _PRIMITIVES[name])
            if isinstance(value, bool) and name != "Boolean":
                fits = False
            return [] if fits else [f"{path}: {value!r} is no {name}"]
        if name.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{path}: {value!r} is no array"]
            inner = name.removeprefix("Array of ")
            return [p for i, v in enumerate(value) for p in self.value(v, [inner], f"{path}[{i}]")]
        return self.structure(value, name, path)

    def structure(self, value: Any, name: str, path: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is no {name}"]
        subtypes = self.types[name].get("subtypes")
        if subtypes:
            return min((self.structure(value, s, path) for s in subtypes), key=len)
        return self.fields(value, self.types[name].get("fields", []), path)

    def fields(self, given: dict[str, Any], spec: list[dict[str, Any]], path: str) -> list[str]:
        known = {field["name"]: field for field in spec}
        problems = [
            f"{path}: {name} is missing"
            for name, field in known.items()
            if field["required"] and name not in given
        ]
        for name, value in given.items():
            if name not in known:
                problems.append(f"{path}: unknown field {name}")
                continue
            problems += self.value(value, known[name]["types"], f"{path}.{name}")
            # Lengths count after the markup is parsed, which only the server can do.
            if "parse_mode" not in given:
                problems += self.length(value, known[name].get("limit"), f"{path}.{name}")
        return problems

    def length(self, value: Any, limit: dict[str, Any] | None, path: str) -> list[str]:
        if not limit or not isinstance(value, str):
            return []
        in_bytes = limit["unit"] == "bytes"
        size = len(value.encode()) if in_bytes else len(value.encode("utf-16-le")) // 2
        if limit["min"] <= size <= limit["max"]:
            return []
        return [f"{path}: {size} {limit['unit']}, allowed {limit['min']} to {limit['max']}"]
