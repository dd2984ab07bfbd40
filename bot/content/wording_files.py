"""Reads `intents/replies/*.yaml`: nested keys become "file.key.key"."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from string import Formatter
from typing import Any

from rapidfuzz import process

from bot.content.located import Located, read_yaml
from bot.content.problems import Problem
from intents.phrase_table import PhraseTable
from intents.wording import Wording

# What the bot can fill in; a test holds this list against the texts and the code.
_BLANKS = """
    about access address age area areas author borough case confidentiality consortium contact
    cost date day email facts from front_door group helplines hours instagram kind km level lines
    mark media n name neighbourhoods number operator out outcome parts phone place problems reason
    retention search seen services standing status text time to told username waited webchat
    website what whatsapp when why words worker
"""
BLANKS = tuple(_BLANKS.split())
TAGS = frozenset({"b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"})


def load_wording(root: Path) -> tuple[Wording, list[Problem]]:
    """Every text of `intents/replies`, and every problem in them."""
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted((root / "intents" / "replies").glob("*.yaml")):
        located, found = read_yaml(path, root)
        problems += found
        if located is not None:
            _collect(located, located.data, (), path.stem, texts, problems)
    return Wording(texts), problems


def _collect(
    located: Located,
    node: Any,
    at: tuple[str | int, ...],
    key: str,
    texts: dict[str, str],
    problems: list[Problem],
) -> None:
    if isinstance(node, dict):
        for name, child in node.items():
            _collect(located, child, (*at, name), f"{key}.{name}", texts, problems)
        return
    line = located.lines.get(at, 1)
    if not isinstance(node, str):
        shown = "nothing" if node is None else type(node).__name__
        problems.append(
            Problem(located.file, line, f"{key} must be a text", shown, 'write "..." after it')
        )
        return
    problems += [
        Problem(located.file, line, what, found, fix) for what, found, fix in _faults(node)
    ]
    texts[key] = node


def _faults(text: str) -> list[tuple[str, str, str]]:
    """What would make Telegram refuse this text, or leave a hole in it."""
    faults: list[tuple[str, str, str]] = []
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
        faults += [_unknown_blank(name) for name in names if name not in BLANKS]
    except ValueError as error:
        faults.append(("a curly bracket stands alone", str(error), "write {{ for a bracket itself"))
    balance = _Balance()
    balance.feed(text)
    balance.close()
    return faults + balance.faults()


def _unknown_blank(name: str) -> tuple[str, str, str]:
    near = process.extractOne(name, BLANKS, score_cutoff=60) if name else None
    fix = f"write {{{near[0]}}}" if near else "use one that stands in another text, like {area}"
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
    for meaning, phrases in (located.data or {}).items():
        if isinstance(phrases, list) and all(isinstance(phrase, str) for phrase in phrases):
            meanings[meaning] = tuple(phrases)
        else:
            line = located.lines.get((meaning,), 1)
            fix = f'write {meaning}: ["one", "another"]'
            problems.append(Problem(located.file, line, "a list of texts is needed", instead=fix))
    return PhraseTable(meanings), problems
