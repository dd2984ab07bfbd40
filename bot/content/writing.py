"""Writes entries of the directory as a person would: the house style, read back as they stand.

The reader takes every value as text (bot/content/located.py), so quotes are only for what YAML
itself would misread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

WIDTH = 96
LONG = 80  # a longer text goes on over several lines
HEAD = "# One organisation and its services. What each line means: directory/README.md"

# The order in which people look for things; what is not named here comes before the source.
_FIRST = (
    "id", "name", "what", "kinds", "activities", "tags", "groups", "coverage", "venue", "address",
    "postcode", "near", "ages", "ages_note", "free", "cost", "when", "contact", "access",
    "confidentiality", "caution", "note", "myends", "closed",
)  # fmt: skip
_LAST = ("source", "corroboration", "seen", "confidence", "reason")
_CONTACTS = (
    "phone", "text", "whatsapp", "webchat", "email", "website", "instagram", "hours",
)  # fmt: skip
# Written in one line, in brackets: short words only.
_IN_ONE_LINE = ("kinds", "activities", "tags", "groups", "ages")
_FOR_EDITORS = "# yaml-language-server:"
_LONGEST_LINE = 200
_NO_TEXT = {"", "~", "null", "Null", "NULL"}  # read as nothing where they stand bare
_MISREAD = re.compile(r"^[\s\-?:,\[\]{}#&*!|>'\"%@`]|^---|^\.\.\.|: |:$| #|\s$")


def organisation_text(organisation: str, services: Iterable[Mapping[str, Any]]) -> str:
    """Return a whole file of the directory: one organisation and its services."""
    head = _dump({"organisation": _clean(organisation)})
    below = "\n".join(service_text(service) for service in services)
    return f"{HEAD}\n{head}services:\n\n{below}"


def line_for_editors(folder: Path) -> str:
    """Return the line that the files of a folder begin with, for editors; empty without one."""
    for path in sorted(folder.glob("*.yaml")):
        with path.open(encoding="utf-8", errors="replace") as file:
            first = file.readline(_LONGEST_LINE).strip()
        if path.name != "borough.yaml" and first.startswith(_FOR_EDITORS):
            return f"{first}\n"
    return ""


def service_text(service: Mapping[str, Any], indent: int = 2) -> str:
    """Return one service as an item of `services`; what is unknown is left out."""
    lines = _dump([_ordered(_clean(service))]).splitlines()
    return "".join(f"{' ' * indent}{line}".rstrip() + "\n" for line in lines)


def _ordered(service: dict[str, Any]) -> dict[str, Any]:
    known = {*_FIRST, *_LAST}
    names = [*_FIRST, *(name for name in service if name not in known), *_LAST]
    if isinstance(contact := service.get("contact"), dict):
        ways = [*_CONTACTS, *(way for way in contact if way not in _CONTACTS)]
        service["contact"] = {way: contact[way] for way in ways if way in contact}
    return {name: service[name] for name in names if name in service}


class _Bracketed(list[Any]):
    """A list that is written in one line."""


class _BracketedBlock(dict[str, Any]):
    """A block that is written in one line."""


def _clean(value: Any) -> Any:
    """Drop what is not known, and tidy line breaks; values become text."""
    if isinstance(value, Mapping):
        kept = {str(key): _clean(below) for key, below in value.items()}
        kept |= {key: _bracketed(kept[key]) for key in _IN_ONE_LINE if kept.get(key)}
        return {key: below for key, below in kept.items() if below not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [below for one in value if (below := _clean(one)) not in (None, "", [], {})]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if value is None else " ".join(str(value).split())


def _bracketed(value: Any) -> Any:
    if isinstance(value, dict):
        return _BracketedBlock(value)
    return _Bracketed(value) if isinstance(value, list) else value


class _Writer(yaml.SafeDumper):
    """Writes lists indented, and text in the plainest form that reads back the same."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the items of a list below their key."""
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write every value out: the reader refuses references."""
        return True


def _as_text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = text not in _NO_TEXT and not _MISREAD.search(text)
    # A folded text loses its line breaks again only where no word is longer than a line.
    folds = len(text) > LONG and all(len(word) < LONG for word in text.split())
    style = None if plain else ">" if folds else '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _as_list(writer: yaml.SafeDumper, value: Any) -> yaml.Node:
    return writer.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


def _as_block(writer: yaml.SafeDumper, value: Any) -> yaml.Node:
    return writer.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)


_Writer.add_representer(str, _as_text)
_Writer.add_representer(_Bracketed, _as_list)
_Writer.add_representer(_BracketedBlock, _as_block)
# No value is a number, a date or a yes for the reader, so none of them needs quotes.
_Writer.yaml_implicit_resolvers = {}


def _dump(content: Any) -> str:
    text: str = yaml.dump(
        content, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=WIDTH - 2
    )
    return text
