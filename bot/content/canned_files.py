"""Reads `intents/canned/*.yaml`: the ready replies of youth workers, one group a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.content.located import Located, read_yaml
from bot.content.problems import Problem
from bot.content.validate import nearest, validate
from bot.content.wording_files import text_faults
from directory.model import Confidence, Service
from intents.canned import Canned
from intents.schema import CannedFile

CANNED = "intents/canned"
BOROUGH = ("borough", "front_door_day", "front_door_out")


def load_canned(
    root: Path, services: Mapping[str, Service]
) -> tuple[tuple[Canned, ...], list[Problem]]:
    """Every ready reply in the order of the files, and every problem in them.

    A reply with a problem is left out. Numbers are looked for in `services`, where there are any:
    a directory that cannot be read has problems of its own.
    """
    replies: dict[str, Canned] = {}
    first: dict[str, str] = {}  # where each id and name was used first
    problems: list[Problem] = []
    for path in sorted((root / CANNED).glob("*.yaml")):
        located, found = read_yaml(path, root)
        problems += found
        if located is None:
            continue
        file, found = validate(CannedFile, located)
        problems += found
        for n, one in enumerate(file.replies if file is not None else ()):
            reply = Canned(one.id, one.name, file.group if file else "", tuple(one.words),
                           one.text.strip())  # fmt: skip
            faults = [*_faults(reply, services, located, n), *_twice(reply, first, located, n)]
            problems += faults
            if not faults:
                replies[reply.id] = reply
    return tuple(replies.values()), problems


def _faults(
    reply: Canned, services: Mapping[str, Service], located: Located, n: int
) -> Iterator[Problem]:
    line = located.line("replies", n, "text")
    broken = False
    for what, found, instead in text_faults(reply.text):
        broken = True
        yield Problem(located.file, line, what, found, instead)
    if "<blockquote" in reply.text:
        what = "a quote inside the quote in which workers see the text first"
        yield Problem(located.file, line, what, "<blockquote>", "take it out")
    if broken or not services:
        return
    for blank in reply.blanks():
        if blank in BOROUGH:
            continue
        service = services.get(blank)
        if service is None:
            near = nearest(blank, [*BOROUGH, *services])
            fix = f"did you mean `{{{near}}}`?" if near else f"use {', '.join(BOROUGH)}"
            fix += ", or the id of a helpline of directory/national"
            yield Problem(located.file, line, "nothing fills this blank", f"{{{blank}}}", fix)
        elif service.assurance.confidence is not Confidence.HIGH:
            what = "this number has no high confidence, so it is not given as sure"
            fix = "use the id of a helpline with high confidence"
            yield Problem(located.file, line, what, f"{{{blank}}}", fix)


def _twice(reply: Canned, first: dict[str, str], located: Located, n: int) -> Iterator[Problem]:
    for field, value in (("id", reply.id), ("name", reply.name.casefold())):
        line = located.line("replies", n, field)
        key = f"{field} {value}"
        if key in first:
            what = f"this {field} is used twice (the first is at {first[key]})"
            yield Problem(located.file, line, what, f"`{getattr(reply, field)}`", "write another")
        else:
            first[key] = f"{located.file}:{line}"
