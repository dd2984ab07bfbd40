"""YAML read as people typed it: every value is text, every value knows its line.

YAML's own typing turns `116123` into a number, `22:15` into 1335 and `no` into False. Here
plain words stay text, so that nobody has to know when to use quotes; the models give types.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.content.problems import Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_PROBLEMS = 50  # of one file; whoever has put those right sees the next

# The C parser is about ten times faster; both raise the same exceptions.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Key = tuple[str | int, ...]

_NULLS = {"", "~", "null", "Null", "NULL"}
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_TAB_INDENT = re.compile(r"^ *\t[ \t]*(?=[^\s])", re.MULTILINE)

# What the parser says, and what a person can do about it.
_ADVICE = (
    (
        "mapping values are not allowed",
        "a colon followed by a space in the middle of a text",
        'put the whole text in "double quotes", or check the indentation of this line',
    ),
    ("could not find expected ':'", "a key without its colon", "write it as `key: value`"),
    ("simple key", "a key without its colon", "write it as `key: value`"),
    (
        "cannot start any token",
        "a sign that no plain text may begin with",
        'put the text in "double quotes"',
    ),
    (
        "unexpected end of stream",
        "a quotation mark or bracket is opened and never closed",
        "close it, or remove it",
    ),
    ("quoted scalar", "a quotation mark is opened and never closed", "close it, or remove it"),
    ("unknown escape", "a backslash inside double quotes", "use 'single quotes' for this text"),
    ("expected <block end>", "the indentation does not fit", "line it up with its neighbours"),
    ("did not find expected key", "the indentation or the quotes do not fit",
     "line it up with its neighbours, two spaces a level; a text that begins with a quotation "
     "mark must also end with it"),
    ("expected '-'", "the indentation does not fit", "begin each item with `- ` in one column"),
    ("sequence entries", "a list begins where none can be", "put it on a line of its own"),
    ("expected ',' or", "a bracket is not closed, or a comma is missing", "close the bracket"),
    ("document start", "something stands before or after the content", "remove it"),
)  # fmt: skip


@dataclass(frozen=True)
class Located:
    """One file's content: text, lists and mappings, with the line of each path of keys."""

    file: str  # relative to the project's folder
    data: Any
    lines: dict[Key, int]  # lines as people count, from 1; () is the start of the content

    def line(self, *path: str | int) -> int:
        """Return the line of a path of keys, or that of its nearest parent that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class Lines:
    """Finds the line of a key in a file that was read before; reads it again only when asked."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read: dict[str, Located | None] = {}

    def __call__(self, file: str, *keys: str | int) -> int:
        """Return the line, or that of the nearest parent; 1 where the file cannot be read."""
        if file not in self._read:
            self._read[file] = read_yaml(self._root / file, self._root)[0]
        located = self._read[file]
        return located.line(*keys) if located is not None else 1


class _StopReadingError(Exception):
    """The file cannot be read any further."""


def read_yaml(path: Path, root: Path) -> tuple[Located | None, list[Problem]]:
    """Read one YAML file; None where there is any problem, all of which are listed.

    `root` is the project's folder: problems name files relative to it.
    """
    file = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    text, problems = _read_text(path, file)
    if text is None:
        return None, problems
    builder = _Builder(file)
    try:
        builder.build(text)
    except yaml.YAMLError as error:
        builder.problems.append(_syntax_problem(error, text, file))
    except _StopReadingError:
        pass
    if builder.problems:
        return None, first_ones(builder.problems, len(builder.problems))
    return Located(file, builder.result, builder.lines), []


def first_ones(problems: Iterable[Problem], of: int) -> list[Problem]:
    """Return the first problems of a file in the order of its lines; `of` is how many there are."""
    shown = sorted(problems, key=lambda problem: problem.line)[:MAX_PROBLEMS]
    if of <= MAX_PROBLEMS:
        return shown
    what, instead = "there is more like this in the file", "put these right first"
    last = shown[-1]
    return [*shown, Problem(last.file, last.line, what, "", instead)]


def _read_text(path: Path, file: str) -> tuple[str | None, list[Problem]]:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # reading from a pipe would wait for ever
            what = "this is not a file with text in it"
            return None, [Problem(file, 1, what, "a folder or a device", "take it out")]
        if found.st_size > MAX_BYTES:
            problem = Problem(
                file, 1, "the file is too large", f"{found.st_size / 1e6:.1f} MB",
                f"split it; at most {MAX_BYTES // 1_000_000} MB a file",
            )  # fmt: skip
            return None, [problem]
        raw = path.read_bytes()
    except OSError as error:
        what = "the file cannot be read"
        return None, [
            Problem(file, 1, what, error.strerror or "an error", "check that it is there")
        ]
    return _decode(raw, file)


def _decode(raw: bytes, file: str) -> tuple[str | None, list[Problem]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        saved = "UTF-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "Latin-1 or Windows-1252"
        found = f"byte 0x{raw[error.start]:02x} (saved as {saved}, perhaps)"
        what = "the file is not UTF-8 text"
        return None, [Problem(file, line, what, found, "save it again with the encoding UTF-8")]
    problems = []
    if tab := _TAB_INDENT.search(text):
        line = text.count("\n", 0, tab.start()) + 1
        what = "a tab is used for indentation"
        problems.append(Problem(file, line, what, "a tab", "use two spaces a level"))
    if odd := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        found = f"U+{ord(odd.group()):04X}"
        problems.append(Problem(file, line, "an invisible control character", found, "remove it"))
    return (None, problems) if problems else (text.replace("\r\n", "\n"), [])


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    start = getattr(error, "context_mark", None)
    said = f"{getattr(error, 'context', '') or ''} {getattr(error, 'problem', '') or error}"
    lines = text.split("\n")
    # An unclosed quotation mark is noticed at the file's end, but is mended where it begins.
    if start is not None and ("quoted scalar" in said or "flow" in said):
        mark = start
    line = min(mark.line, len(lines) - 1) if mark is not None else 0
    found = f"`{lines[line].strip()[:60]}`"
    for fragment, what, instead in _ADVICE:
        if fragment in said:
            return Problem(file, line + 1, what, found, instead)
    return Problem(file, line + 1, f"not YAML ({said.strip()})", found, "compare the README")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


class _Builder:
    """Builds plain data out of the parser's events, so that no YAML type is ever applied."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.lines: dict[Key, int] = {}
        self.result: Any = None

    def build(self, text: str) -> None:
        events = iter(yaml.parse(text, Loader=_LOADER))
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._problem(event, "a second document begins", "---", "one to a file")
                    raise _StopReadingError
            elif isinstance(event, yaml.NodeEvent):
                self.result = self._node(event, events, ())
        if self.result is None and not self.problems:
            what = "the file is empty"
            self.problems.append(Problem(self.file, 1, what, "", "see the folder's README"))

    def _problem(self, event: yaml.Event, what: str, found: str, instead: str) -> None:
        line = _line(event)
        self.problems.append(Problem(self.file, line, what, found, instead))
        if len(self.problems) > MAX_PROBLEMS:
            raise _StopReadingError

    def _node(self, event: yaml.NodeEvent, events: Iterator[Any], path: Key) -> Any:
        self.lines.setdefault(path, _line(event))
        self._refuse_unneeded(event)
        if len(path) > MAX_DEPTH:
            self._problem(event, "too deeply nested", f"{len(path)} levels", "write it flatter")
            raise _StopReadingError
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        if isinstance(event, yaml.ScalarEvent):
            return None if not event.style and event.value in _NULLS else event.value
        return None  # an alias, already refused

    def _refuse_unneeded(self, event: yaml.NodeEvent) -> None:
        # Without aliases there are no cycles and no "billion laughs", and nobody needs them here.
        if isinstance(event, yaml.AliasEvent):
            instead = 'write the value out; put a text that begins with * in "quotes"'
            self._problem(event, "a reference to an anchor", f"*{event.anchor}", instead)
        elif event.anchor is not None:
            instead = 'remove it; put a text that begins with & in "quotes"'
            self._problem(event, "an anchor", f"&{event.anchor}", instead)
        elif getattr(event, "tag", None) is not None:
            instead = 'remove it; put a text that begins with ! in "quotes"'
            self._problem(event, "a YAML tag", str(event.tag), instead)  # type: ignore[attr-defined]

    def _mapping(self, events: Iterator[Any], path: Key) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            below = (*path, key)
            line = _line(event)
            if key in result:
                what = f"`{key}` stands twice (the first is at {self.file}:{self.lines[below]})"
                self._problem(event, what, f"`{key}:`", "keep one of them")
            else:
                self.lines[below] = line
            result[key] = self._node(next(events), events, below)
        return result

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._problem(event, "a key that is not one word", "a list or block", "`key: value`")
            raise _StopReadingError
        self._refuse_unneeded(event)
        if not event.value:
            self._problem(event, "a colon without a key", "`:`", "write it as `key: value`")
        return str(event.value)

    def _sequence(self, events: Iterator[Any], path: Key) -> list[Any]:
        result: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            result.append(self._node(event, events, (*path, len(result))))
        return result
