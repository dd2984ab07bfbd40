"""The command that asks for a new entry, step by step, and writes a file that passes the check."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from bot.commands.content import ROOT
from bot.content.located import read_yaml
from bot.content.problems import Severity
from bot.content.validate import nearest, validate
from bot.content.wording_files import load_wording
from bot.conversation.world import SERVED
from bot.upkeep.answers import slug
from bot.upkeep.dialogue import INTRO, BackError, Interview, StoppedError, Terminal, said
from bot.upkeep.draft import Target, tried, write
from bot.upkeep.entries import find_entries
from bot.upkeep.questions import questions
from directory.schema import OrganisationFile

PLACES = (*(slug(borough) for borough in SERVED), "london", "national")


class RefusedError(Exception):
    """There is nothing that could be written; the text says why and what to do."""


def new(given: argparse.Namespace) -> int:
    """Ask for an entry and write it."""
    terminal = Terminal(input, print)
    today = datetime.now(UTC).date()
    return run_new(ROOT, terminal, today, Path(given.from_file) if given.from_file else None)


def run_new(root: Path, terminal: Terminal, today: date, from_file: Path | None) -> int:
    """Ask, check, show, write; 1 where nothing was written, 2 where nothing can be."""
    try:
        terminal.tell(INTRO)
        target = _existing(root, from_file) if from_file else _fresh(root, terminal)
        return _add(target, terminal, today)
    except RefusedError as error:
        print(error, file=sys.stderr)
        return 2
    except StoppedError:
        terminal.tell("\nStopped: nothing was written.")
        return 1


def _fresh(root: Path, terminal: Terminal) -> Target:
    """A file that is not there yet, for an organisation."""
    for number, name in enumerate(PLACES, 1):
        terminal.tell(f"  {number:>2} {name}")
    place = _ask(terminal, "Where is it?", "one of these, by number or word", PLACES)
    folder = place if place in ("london", "national") else f"boroughs/{place}"
    while True:
        name = _ask(terminal, "What is the organisation called?", "its name, as it writes it")
        file = f"directory/{folder}/{slug(name)}.yaml"
        if not slug(name):
            terminal.tell("  A name has letters or digits in it.")
        elif (root / file).exists():
            terminal.tell(f"  {file} is there already. To add a service to it, stop here and run: "
                          f"python run_bot.py new --from {file}")  # fmt: skip
        else:
            return Target(root, file, name)


def _ask(terminal: Terminal, shown: str, needed: str, allowed: Sequence[str] = ()) -> str:
    while True:
        try:
            typed = terminal.answer(f"{shown} ")
        except BackError:
            continue
        if typed.isdigit() and 1 <= int(typed) <= len(allowed):
            return allowed[int(typed) - 1]
        if typed and (not allowed or typed.lower().replace(" ", "-") in allowed):
            return typed.lower().replace(" ", "-") if allowed else typed
        guess = nearest(typed, allowed) if typed else None
        terminal.tell(f"  did you mean `{guess}`?" if guess else f"  This one is needed: {needed}.")


def _existing(root: Path, path: Path) -> Target:
    """An organisation's file that gets one more service."""
    whole = path if path.is_absolute() or path.exists() else root / path
    whole, base = whole.resolve(), (root / "directory").resolve()
    if not whole.is_file() or base not in whole.parents or whole.name == "borough.yaml":
        raise RefusedError(f"--from {path}: expected a file of an organisation in {base}")
    located, problems = read_yaml(whole, root.resolve())
    content, more = validate(OrganisationFile, located) if located else (None, [])
    if content is None:
        found = "\n".join(str(problem) for problem in problems + more)
        raise RefusedError(f"{found}\nPut this right first, then run it again.")
    before = whole.read_bytes().decode("utf-8")
    file = whole.relative_to(root.resolve()).as_posix()
    return Target(root, file, content.organisation, before)


def _add(target: Target, terminal: Terminal, today: date) -> int:
    wording, _ = load_wording(ROOT)
    folder = Path(target.file).parent.name
    borough = next((one for one in SERVED if slug(one) == folder), None)
    asked = questions(borough, today, wording, find_entries(target.root).services)
    terminal.tell(f"\n{target.organisation}: {target.file}")
    entry = Interview(terminal, target, asked, today).run()
    if entry.get("venue") == "place":  # what goes without saying is not written
        del entry["venue"]
    text = target.text(entry)
    problems = tried(target, text, today, whole=True)
    terminal.tell(f"\n{text[len(target.before.rstrip()) :].lstrip()}")
    for one in problems:
        terminal.tell(f"  {'' if one.severity is Severity.ERROR else 'to look at: '}{said(one)}")
    if any(one.severity is Severity.ERROR for one in problems):
        terminal.tell("Nothing was written: put this right by hand, or answer again.")
        return 1
    if not _agreed(terminal, target.file):
        raise StoppedError
    try:
        write(target, text)
    except OSError as error:
        terminal.tell(f"Nothing was written: {error.strerror} ({target.file})")
        return 1
    find = f'python run_bot.py find "{entry["name"]}" --area "{borough or "London"}"'
    terminal.tell(f"Written: {target.file}. Try it: {find}")
    return 0


def _agreed(terminal: Terminal, file: str) -> bool:
    while True:
        typed = _ask(terminal, f"Write this to {file}? yes or no:", "yes or no").lower()
        if typed in ("yes", "y", "no", "n"):
            return typed in ("yes", "y")
        terminal.tell(f"  found `{typed}`: write yes or no")
