"""Where each entry of the directory stands, so that a list can say `file:line`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.content.located import Key, Located, read_yaml

_YES = ("yes", "y", "true", "on", "1")
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One service, or a borough's front door, as it stands in its file."""

    file: str  # relative to the project's folder
    line: int  # of its id, or of the front door
    seen_line: int  # of `seen`, which a check changes

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Link:
    """One web address as it stands in a file."""

    address: str
    file: str
    line: int
    shown: bool  # young people can tap it; otherwise it is a source

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Entries:
    """The places of every service by its id, of every front door by its borough."""

    services: dict[str, Entry] = field(default_factory=dict)
    front_doors: dict[str, Entry] = field(default_factory=dict)


def find_entries(root: Path) -> Entries:
    """Find every service and front door below the project's folder; faulty files are left out."""
    found = Entries()
    for located in _files(root):
        data = located.data if isinstance(located.data, dict) else {}
        if isinstance(data.get("front_door"), dict):
            found.front_doors[str(data.get("borough"))] = _entry(located, "front_door")
        services = data.get("services")
        for number, service in enumerate(services if isinstance(services, list) else []):
            if isinstance(service, dict) and isinstance(service.get("id"), str):
                at = _entry(located, "services", number, "id")
                found.services.setdefault(service["id"], at)
    return found


def _entry(located: Located, *path: str | int) -> Entry:
    above = path[:-1] if path[-1] == "id" else path
    return Entry(located.file, located.line(*path), located.line(*above, "seen"))


def find_links(root: Path) -> list[Link]:
    """Find every web address of the directory, in the order of the files and lines."""
    links = []
    for located in _files(root):
        closed = set(_closed(located.data))
        for path, value in _leaves(located.data, ()):
            if _ADDRESS.fullmatch(value) and path[:2] not in closed:
                shown = bool({"contact", "youth_offer"} & set(path)) and "source" not in path
                links.append(Link(value, located.file, located.line(*path), shown))
    return links


def _closed(data: Any) -> Iterator[Key]:
    services = data.get("services") if isinstance(data, dict) else None
    for number, service in enumerate(services if isinstance(services, list) else []):
        if isinstance(service, dict) and str(service.get("closed")).lower() in _YES:
            yield ("services", number)


def _leaves(node: Any, at: Key) -> Iterator[tuple[Key, str]]:
    if isinstance(node, dict):
        for key, below in node.items():
            yield from _leaves(below, (*at, key))
    elif isinstance(node, list):
        for number, below in enumerate(node):
            yield from _leaves(below, (*at, number))
    elif isinstance(node, str):
        yield at, node


def _files(root: Path) -> Iterator[Located]:
    folder = root / "directory"
    paths = [*folder.glob("boroughs/*/*.yaml"), *folder.glob("london/*.yaml"),
             *folder.glob("national/*.yaml")]  # fmt: skip
    for path in sorted(paths):
        located, _ = read_yaml(path, root)
        if located is not None:
            yield located
