"""Reads `intents/replies/*.yaml`: nested keys become "file.key.key".

`reply_keys.txt` beside this file says which keys the bot asks for, and which blanks it fills in
each; a key renamed by mistake shows when the files are checked, not when somebody waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import Any

from rapidfuzz import fuzz, process

from bot.content.located import Key, Located, read_yaml
from bot.content.problems import Problem
from bot.content.validate import nearest
from intents.phrase_table import PhraseTable
from intents.wording import Wording

REPLIES = "intents/replies"
REPLY_KEYS = Path(__file__).with_name("reply_keys.txt")
TAGS = frozenset({"b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"})

Keys = Mapping[str, frozenset[str]]  # a text's key, and the blanks that the bot fills in it

_HEAD = (
    "# Every text that the bot asks for, and the blanks that it fills in it. "
    "A developer who adds a text adds its key here: python tools/reply_keys.py\n"
)


def load_wording(root: Path) -> tuple[Wording, list[Problem]]:
    """Every text of `intents/replies`, and every problem in them.

    Of a file that cannot be read there are its own problems only, and no text.
    """
    keys = read_reply_keys()
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    there = {path.stem for path in (root / REPLIES).glob("*.yaml")}
    stems = {key.partition(".")[0] for key in keys}
    for stem in sorted(there | stems):
        if stem not in stems:
            problems.append(_unknown_file(stem, stems - there))
        located, found = read_yaml(root / REPLIES / f"{stem}.yaml", root)
        problems += found
        if located is None:
            continue
        read = _Read.of(located, stem)
        texts |= read.texts
        of_file = {key: blanks for key, blanks in keys.items() if key.startswith(f"{stem}.")}
        problems += read.faults(of_file)
        if stem in stems:
            problems += _unknown_keys(read, of_file) + _missing_keys(read, of_file)
    return Wording(texts), problems


def read_reply_keys() -> Keys:
    """Every key that the bot asks for, out of `reply_keys.txt`."""
    keys = {}
    for line in REPLY_KEYS.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            key, _, blanks = line.partition(":")
            keys[key.strip()] = frozenset(blanks.split())
    return keys


def written_reply_keys(root: Path) -> tuple[str, list[Problem]]:
    """What `reply_keys.txt` must say for the YAML as it stands, and why that cannot be told."""
    lines: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted((root / REPLIES).glob("*.yaml")):
        located, found = read_yaml(path, root)
        problems += found
        if located is None:
            continue
        read = _Read.of(located, path.stem)
        broken = read.faults(None)
        problems += broken
        if not broken:
            blanks = {key: sorted(set(_blanks(text))) for key, text in read.texts.items()}
            lines |= {
                key: f"{key}: {' '.join(of)}".removesuffix(": ") for key, of in blanks.items()
            }
    return _HEAD + "".join(f"{lines[key]}\n" for key in sorted(lines)), problems


@dataclass
class _Read:
    """One file as it was read: its texts, and the line of each key (of wrong values too)."""

    file: str
    texts: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)  # keys whose value is no text, and what

    @classmethod
    def of(cls, located: Located, stem: str) -> _Read:
        read = cls(located.file)
        for at, value in _leaves(located.data, ()):
            key = ".".join([stem, *map(str, at)])
            read.lines[key] = located.line(*at)
            if isinstance(value, str):
                read.texts[key] = value
            else:
                read.wrong[key] = "nothing" if value is None else "a list"
        return read

    def faults(self, keys: Keys | None) -> list[Problem]:
        """What is wrong in the texts themselves; blanks only where the keys are given."""
        problems = [
            Problem(self.file, self.lines[key], f"{key} must be a text", found, 'write "..." after')
            for key, found in self.wrong.items()
            if keys is None or key in keys
        ]
        for key, text in self.texts.items():
            allowed = None if keys is None else keys.get(key)
            problems += [
                Problem(self.file, self.lines[key], what, found, fix)
                for what, found, fix in _faults(text, allowed)
            ]
        return problems


def _leaves(node: Any, at: Key) -> Iterator[tuple[Key, Any]]:
    if isinstance(node, dict):
        for name, child in node.items():
            yield from _leaves(child, (*at, name))
    else:
        yield at, node


def _unknown_file(stem: str, gone: set[str]) -> Problem:
    """One problem for the whole file: each of its keys would only say the same."""
    near = nearest(stem, gone)
    fix = f"did you mean `{near}.yaml`?" if near else _TAKE_OUT
    return Problem(f"{REPLIES}/{stem}.yaml", 1, "the bot uses no text of this file", "", fix)


_TAKE_OUT = "take it out, or a developer adds it (python tools/reply_keys.py)"


def _unknown_keys(read: _Read, keys: Keys) -> list[Problem]:
    missing = keys.keys() - read.lines.keys()
    problems = []
    for key, line in read.lines.items():
        if key in keys:
            continue
        if below := sorted(_below(key, keys)):
            fix = f"indent these below it: {', '.join(_short(other) for other in below)}"
        else:
            # A key that is gone is likelier meant than one that is there already.
            near = _nearest(key, missing) or _nearest(key, keys)
            fix = f"did you mean `{near}`? If not, {_TAKE_OUT}" if near else _TAKE_OUT
        problems.append(Problem(read.file, line, f"the bot uses no text `{key}`", "", fix))
    return problems


def _missing_keys(read: _Read, keys: Keys) -> list[Problem]:
    unknown = read.lines.keys() - keys.keys()
    # A key with a value in place of the keys below it was named once, for all of them.
    named = {key for other in unknown for key in _below(other, keys)}
    problems = []
    for key in sorted(keys.keys() - read.lines.keys() - named):
        meant = _nearest(key, unknown)
        beside = meant or _nearest(key, read.lines, at_least=0)
        fix = f"did you mean `{meant}`? Write `{key}`" if meant else "write it"
        line = read.lines[beside] if beside else 1
        problems.append(Problem(read.file, line, f"the text `{key}` is missing", "", fix))
    return problems


def _below(key: str, keys: Iterable[str]) -> list[str]:
    return [other for other in keys if other.startswith(f"{key}.")]


def _short(key: str) -> str:
    return key.partition(".")[2]


def _nearest(key: str, keys: Iterable[str], at_least: int = 60) -> str | None:
    """The most similar key of the same file, whose name would make all of them similar."""
    by_short = {_short(other): other for other in sorted(keys)}
    found = process.extractOne(
        _short(key), by_short.keys(), scorer=fuzz.ratio, score_cutoff=at_least
    )
    return by_short[found[0]] if found else None


def _blanks(text: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


def text_faults(text: str) -> list[tuple[str, str, str]]:
    """What is wrong in a text of Telegram's HTML whose blanks are somebody else's matter."""
    return _faults(text, None)


def _faults(text: str, allowed: frozenset[str] | None) -> list[tuple[str, str, str]]:
    """What would make Telegram refuse this text, or leave a hole in it."""
    faults: list[tuple[str, str, str]] = []
    try:
        names = _blanks(text)
        if allowed is not None:
            faults += [_unknown_blank(name, allowed) for name in names if name not in allowed]
        faults += _with_more_than_a_name(text)
    except ValueError as error:
        faults.append(("a curly bracket stands alone", str(error), "write {{ for a bracket itself"))
    balance = _Balance()
    balance.feed(text)
    balance.close()
    return faults + balance.faults()


def _with_more_than_a_name(text: str) -> list[tuple[str, str, str]]:
    # What Python reads after the name ("{area:d}") fails only once the blank is filled.
    what = "a blank holds more than its name"
    return [
        (what, f"{{{name}{f'!{turned}' if turned else ''}{f':{spec}' if spec else ''}}}",
         f"write {{{name}}}")
        for _, name, spec, turned in Formatter().parse(text)
        if spec or turned
    ]  # fmt: skip


def _unknown_blank(name: str, allowed: frozenset[str]) -> tuple[str, str, str]:
    near = nearest(name, sorted(allowed))
    these = [near] if near else sorted(allowed)
    fix = "write " + " or ".join(f"{{{one}}}" for one in these) if these else "take it out"
    return ("nothing fills this blank", f"{{{name}}}", fix)


class _Balance(HTMLParser):
    """Finds tags that Telegram does not know, and tags left open."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self._faults: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            known = ", ".join(sorted(TAGS))
            self._faults.append(("Telegram does not know this tag", f"<{tag}>", f"use {known}"))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self._faults.append(("a tag is closed that is not open", f"</{tag}>", "take it out"))

    def faults(self) -> list[tuple[str, str, str]]:
        """What was found, with a tag that is never closed among it."""
        left = [("a tag is never closed", f"<{t}>", f"write </{t}> after it") for t in self._open]
        return self._faults + left


def load_phrase_table(root: Path, name: str) -> tuple[PhraseTable, list[Problem]]:
    """`intents/words/NAME.yaml`: each key a meaning, each value a list of short phrases."""
    located, problems = read_yaml(root / "intents" / "words" / f"{name}.yaml", root)
    meanings: dict[str, tuple[str, ...]] = {}
    if located is None:
        return PhraseTable(meanings), problems
    if not isinstance(located.data, dict) or not located.data:
        fix = 'write lines like meaning: ["one", "another"]'
        return PhraseTable(meanings), [Problem(located.file, 1, "no meaning is here", "", fix)]
    for meaning, phrases in located.data.items():
        if isinstance(phrases, list) and all(isinstance(phrase, str) for phrase in phrases):
            meanings[meaning] = tuple(phrases)
        else:
            line = located.lines.get((meaning,), 1)
            fix = f'write {meaning}: ["one", "another"]'
            problems.append(Problem(located.file, line, "a list of texts is needed", instead=fix))
    return PhraseTable(meanings), problems
