"""Changes single values in a YAML file, and leaves every other line as somebody wrote it.

What it would lose (a comment within a value that changes) it refuses. Whoever calls it reads the
result again and compares: only what was understood is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.content.writing import service_text

Entry = Mapping[str, Any]


class CannotEditError(Exception):
    """The file is written in a way that cannot be changed without losing something."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"{why} (line {line})")
        self.line = line


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change in one organisation's file."""

    organisation: str | None = None  # its new name
    services: Mapping[int, tuple[Entry, Entry]] = field(default_factory=dict)  # number: old, new
    additions: Sequence[Entry] = ()


def edited(text: str, edit: Edit) -> str:
    """Return the text of a file with the changes made.

    Raises CannotEditError where that would lose what somebody wrote.
    """
    mark, end = (
        ("\ufeff" if text.startswith("\ufeff") else ""),
        ("\r\n" if "\r\n" in text else "\n"),
    )
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    paper = _Paper(text.removesuffix("\n").split("\n"))
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    services = _child(root, "services")
    if not isinstance(root, yaml.MappingNode) or not isinstance(services, yaml.SequenceNode):
        raise CannotEditError(1, "this is not an organisation with its services")
    if edit.organisation is not None:
        paper.change(root, {}, {"organisation": edit.organisation})
    for number, (old, new) in edit.services.items():
        paper.change(services.value[number], old, new)
    if edit.additions:
        paper.append(services, edit.additions)
    return mark + paper.text().replace("\n", end)


def _child(node: Any, name: str) -> Any:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == name), None)


@dataclass
class _Paper:
    """A file's lines, and what is to be written over and between them."""

    lines: list[str]
    replaced: dict[int, tuple[int, list[str]]] = field(default_factory=dict)  # first: last, new
    inserted: dict[int, list[str]] = field(default_factory=dict)  # before this line

    def text(self) -> str:
        """Return the file as it is to be."""
        written: list[str] = []
        number = 0
        while number <= len(self.lines):
            written += self.inserted.get(number, [])
            if number == len(self.lines):
                break
            last, new = self.replaced.get(number, (number, [self.lines[number]]))
            written += new
            number = last + 1
        return "\n".join(written) + "\n"

    def change(self, node: yaml.Node, old: Entry, new: Entry) -> None:
        """Change a block of keys from what it says to what it should say."""
        if not isinstance(node, yaml.MappingNode) or node.flow_style:
            raise CannotEditError(node.start_mark.line + 1, "a block in brackets")
        there = {key.value: (key, value) for key, value in node.value}
        for name in old:
            if name not in new and name in there:
                self._write(*there[name], None)
        column, after = node.start_mark.column, node.start_mark.line
        if self.lines[after][:column].strip():  # `- id: …`: nothing can come before it
            after = _last_line(node.value[0][1], self.lines) + 1
        for name, value in new.items():
            if name not in there:
                self.inserted.setdefault(after, []).extend(_lines(name, value, column))
                continue
            key, below = there[name]
            after = _last_line(below, self.lines) + 1
            if value == old.get(name):
                continue
            block = isinstance(below, yaml.MappingNode) and not below.flow_style
            if block and isinstance(value, Mapping):
                self.change(below, old.get(name) or {}, value)
            else:
                self._write(key, below, value)

    def append(self, services: yaml.SequenceNode, entries: Iterable[Entry]) -> None:
        """Write new services after the last one."""
        if services.flow_style or not services.value:
            raise CannotEditError(services.start_mark.line + 1, "a list in brackets")
        first = services.value[0].start_mark
        dash = self.lines[first.line].rfind("-", 0, first.column)
        after = _last_line(services, self.lines) + 1
        for entry in entries:
            lines = service_text(entry, dash).splitlines()
            self.inserted.setdefault(after, []).extend(["", *lines])

    def _write(self, key: yaml.Node, below: yaml.Node, value: Any) -> None:
        first, last = key.start_mark.line, _last_line(below, self.lines)
        before = self.lines[first][: key.start_mark.column]
        if before.strip(" -"):
            raise CannotEditError(first + 1, "several keys on one line")
        new = [] if value is None else _lines(key.value, value, key.start_mark.column)
        comment = self._comment(key, below)
        if comment and (not new or new[0].endswith((">", ">-"))):
            raise CannotEditError(last + 1, f"the comment `{comment[:40]}` would be lost")
        if new:
            new[0] = before + new[0][len(before) :]
        if comment:
            new[-1] += f"  {comment}"
        self.replaced[first] = (last, new)

    def _comment(self, key: yaml.Node, below: yaml.Node) -> str:
        """Return the comment after a value; one within it would be lost, and is refused."""
        first, last = key.start_mark.line, _last_line(below, self.lines)
        bare = {number: list(self.lines[number]) for number in range(first, last + 1)}
        for node in (key, *_scalars(below)):
            _blank(bare, node, last)
        found = {number: "".join(letters).find("#") for number, letters in bare.items()}
        found = {number: column for number, column in found.items() if column >= 0}
        if not found:
            return ""
        if set(found) != {last} or not isinstance(below, yaml.ScalarNode):
            line = min(found) + 1
            raise CannotEditError(line, f"a comment within `{key.value}` would be lost")
        return self.lines[last][found[last] :]


def _lines(name: str, value: Any, column: int) -> list[str]:
    """Return a key with its value, in the house style, at a column."""
    lines = service_text({name: value}, max(column - 2, 0)).splitlines()
    head = lines[0].replace("- ", "  ", 1)
    lines = [head, *lines[1:]]
    return lines if column >= 2 else [line[2 - column :] for line in lines]


def _scalars(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [one for pair in node.value for part in pair for one in _scalars(part)]
    if isinstance(node, yaml.SequenceNode):
        return [one for part in node.value for one in _scalars(part)]
    return [node]


def _blank(bare: dict[int, list[str]], node: yaml.Node, last: int) -> None:
    """Blank out what belongs to a value, so that a `#` in it is not taken for a comment."""
    start, end = node.start_mark, node.end_mark
    block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    for number in range(start.line, min(end.line, last) + 1):
        letters = bare.get(number, [])
        since = start.column if number == start.line else 0
        until = end.column if number == end.line else len(letters)
        if block and number == start.line:
            continue  # `key: > # a comment`
        for column in range(since, min(until, len(letters))):
            letters[column] = " "


def _last_line(node: yaml.Node, lines: Sequence[str]) -> int:
    """Return the last line of a value; what comes after it, comments too, is not its own."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1][1], lines)
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1], lines)
    end = min(node.end_mark.line, len(lines) - 1)
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        end = end - 1 if node.end_mark.column == 0 and node.end_mark.line == end else end
        while end > node.start_mark.line and not lines[end].strip():
            end -= 1
    return end
