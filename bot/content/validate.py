"""Content checked against its model, with words for people who do not program."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError
from rapidfuzz import fuzz, process

from bot.content.located import MAX_PROBLEMS, Located, first_ones
from bot.content.problems import Problem

M = TypeVar("M", bound=BaseModel)
Step = str | int

_SHOWN = 60  # characters of a wrong value that are shown
_LARGE = 50_000  # values in a file
_SAMPLE = 200  # items of a list


def validate(model: type[M], located: Located) -> tuple[M | None, list[Problem]]:
    """Check one file's content against a model; None where there is any problem.

    Keys that the model does not know are problems too, at every level.
    """
    details: list[Any] = []
    if len(located.lines) > _LARGE:
        # Half a million mistakes take seconds to list; the first of each list show them as well.
        details = _faults(model, _beginning(located.data))[1]
    if not details:
        content, details = _faults(model, located.data)
        if content is not None:
            return content, []
    many = len(details)
    # Of thousands of mistakes nobody reads more than the first, and each takes time to explain.
    details = _telling(model, details[: 2 * MAX_PROBLEMS])
    problems = {_problem(model, located, detail): None for detail in details}
    return None, first_ones(problems, many if many > 2 * MAX_PROBLEMS else len(problems))


def _faults(model: type[M], data: Any) -> tuple[M | None, list[Any]]:
    try:
        return model.model_validate(data, extra="forbid"), []
    except ValidationError as error:
        return None, list(error.errors(include_url=False))


def _beginning(data: Any) -> Any:
    """Return the data with long lists cut short."""
    if isinstance(data, dict):
        return {key: _beginning(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_beginning(value) for value in data[:_SAMPLE]]
    return data


def _telling(model: type[BaseModel], details: list[Any]) -> list[Any]:
    """Leave out what only repeats another problem."""
    within = {one["loc"][:length] for one in details for length in range(len(one["loc"]))}
    meant = {
        (*one["loc"][:-1], nearest(str(one["loc"][-1]), _keys(model, one["loc"][:-1])))
        for one in details
        if one["type"] == "extra_forbidden"
    }
    return [
        one
        for one in details
        # A list whose items are wrong is also too short; a misspelt key is also a missing one.
        if not (one["type"] == "too_short" and one["loc"] in within)
        and not (one["type"] == "missing" and one["loc"] in meant)
    ]


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the most similar of some words, or None where none is similar."""
    lowered = {other.lower(): other for other in words}
    found = process.extractOne(word.lower(), lowered.keys(), scorer=fuzz.ratio, score_cutoff=60)
    return lowered[found[0]] if found else None


def one_of(word: str, words: Iterable[str], otherwise: str = "") -> str:
    """Say what could be written instead of a word that is not one of `words`."""
    words = list(words)
    guess = nearest(word, words)
    if guess is not None:
        return f"did you mean `{guess}`?"
    return otherwise or f"use one of: {', '.join(words)}"


def _problem(model: type[BaseModel], located: Located, detail: Any) -> Problem:
    path = _path(detail["loc"], located.data)
    what, found, instead = _words(model, path, detail)
    return Problem(located.file, located.line(*path), what, found, instead)


def _path(loc: tuple[Step, ...], data: Any) -> tuple[Step, ...]:
    """Leave out the steps that are pydantic's own (names of union members)."""
    path: list[Step] = []
    for place, step in enumerate(loc):
        if _has(data, step):
            data = data[step]
        elif place != len(loc) - 1 or not isinstance(data, dict):
            continue
        path.append(step)
    return tuple(path)


def _has(data: Any, step: Step) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data)


def _name(path: tuple[Step, ...]) -> str:
    if not path:
        return "the file"
    if isinstance(path[-1], int):
        owner = f" of `{path[-2]}`" if len(path) > 1 else ""
        return f"item {path[-1] + 1}{owner}"
    return f"`{path[-1]}`"


def _show(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a block of keys"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    return f"`{text[:_SHOWN]}…`" if len(text) > _SHOWN else f"`{text}`"


def _words(
    model: type[BaseModel], path: tuple[Step, ...], detail: Any
) -> tuple[str, str, str]:  # fmt: skip
    kind, name = detail["type"], _name(path)
    context = detail.get("ctx", {})
    found = _show(detail["input"])
    if kind == "missing":
        return f"{name} is missing", "", f"add `{path[-1]}: …`" if path else ""
    if kind == "extra_forbidden":
        return f"{name} is not a key here", "", one_of(str(path[-1]), _keys(model, path[:-1]))
    if kind in ("literal_error", "enum"):
        allowed = [word.strip(" '") for word in _allowed(context["expected"])]
        return f"{name} is not one of the words allowed", found, one_of(found.strip("`"), allowed)
    if kind in ("value_error", "assertion_error"):
        return f"{name}: {context['error']}", found if "`" in found else "", ""
    for prefix, (what, instead) in _PLAIN.items():
        if kind.startswith(prefix):
            return f"{name} {what}", found, instead
    if say := _LIMITS.get(kind):
        return f"{name} {say(context)}", found, ""
    return f"{name}: {detail['msg'][0].lower()}{detail['msg'][1:]}", found, ""


def _allowed(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")


_LIST_ADVICE = "write each on a line of its own that begins with `- `"
_PLAIN = {
    "string_type": ("should be text", "write one text after the colon"),
    "int": ("should be a whole number", "write digits only, for example 14"),
    "float": ("should be a number", "for example 51.46"),
    "bool": ("should be yes or no", "write yes or no"),
    "date": ("should be a date", "write it as 2026-11-22"),
    "time": ("should be a time", "write it as 18:30"),
    "list_type": ("should be a list", _LIST_ADVICE),
    "tuple_type": ("should be a list", _LIST_ADVICE),
    "set_type": ("should be a list", _LIST_ADVICE),
    "frozen_set_type": ("should be a list", _LIST_ADVICE),
    "dict_type": ("should be a block of `key: value` lines", "indent each by two spaces"),
    "model_type": ("should be a block of `key: value` lines", "indent each by two spaces"),
    "model_attributes_type": (
        "should be a block of `key: value` lines",
        "indent each by two spaces",
    ),
    "string_pattern_mismatch": ("is not written in the expected way", "see the folder's README"),
}
_LIMITS: dict[str, Callable[[Any], str]] = {
    "greater_than_equal": lambda context: f"should be {context['ge']} or more",
    "less_than_equal": lambda context: f"should be {context['le']} or less",
    "greater_than": lambda context: f"should be more than {context['gt']}",
    "less_than": lambda context: f"should be less than {context['lt']}",
    "too_short": lambda context: f"should have at least {context['min_length']}",
    "too_long": lambda context: f"should have at most {context['max_length']}",
    "string_too_short": lambda context: (
        f"should have at least {context['min_length']} characters"
        if context["min_length"] > 1
        else "should not be empty"
    ),
    "string_too_long": lambda context: f"should have at most {context['max_length']} characters",
}


def _keys(model: type[BaseModel], path: tuple[Step, ...]) -> list[str]:
    """List the keys that are valid at a path, over all models that may stand there."""
    found = _members(model)
    for step in path:
        found = [below for kind in found for below in _below(kind, step)]
    names = []
    for kind in found:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += [field.alias or name for name, field in kind.model_fields.items()]
    return list(dict.fromkeys(names))


def _below(kind: Any, step: Step) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = kind.model_fields.items()
        return [
            member
            for name, field in fields
            if step in (name, field.alias)
            for member in _members(field.annotation)
        ]
    arguments = get_args(kind)
    if not arguments:
        return []
    return _members(arguments[-1] if get_origin(kind) is dict else arguments[0])


def _members(annotation: Any) -> list[Any]:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return [member for part in get_args(annotation) for member in _members(part)]
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return _members(annotation.model_fields["root"].annotation)
    return [annotation]
