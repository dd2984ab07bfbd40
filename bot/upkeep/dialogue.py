"""Asks the questions of `new` in a terminal, checks each answer at once, and writes the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.content.problems import Problem, Severity
from bot.upkeep.answers import Entry, Question, Shape, UnfitError, get, put, value_of
from bot.upkeep.draft import Target, as_seen, news, tried

BACK, MORE, NOTHING, STOP = "<", "?", "-", "stop"
INTRO = (
    "Enter leaves out what you do not know; nothing is guessed. ? explains a question, "
    "< goes back one, stop ends without writing."
)
KEEP = "Keep it all the same? yes, or write it again: "


class StoppedError(Exception):
    """They ended it; nothing is written."""


class BackError(Exception):
    """One question back."""


@dataclass
class Terminal:
    """Where questions are asked; `ask` raises EOFError when nobody answers any more."""

    ask: Callable[[str], str]
    tell: Callable[[str], None]

    def answer(self, prompt: str) -> str:
        """Return what was typed; the words that mean "back" and "stop" are raised."""
        try:
            typed = self.ask(prompt).strip()
        except EOFError:
            raise StoppedError from None
        if typed.lower() == STOP:
            raise StoppedError
        if typed == BACK:
            raise BackError
        return typed


@dataclass
class Interview:
    """One service in the making."""

    terminal: Terminal
    target: Target
    questions: Sequence[Question]
    today: date
    entry: Entry = field(default_factory=dict)
    _tried: dict[str, list[Problem]] = field(default_factory=dict)
    _doubts: list[str] = field(default_factory=list)

    def run(self) -> Entry:
        """Ask everything; returns the entry. Raises StoppedError."""
        at = 0
        trail: list[int] = []
        while at < len(self.questions):
            question = self.questions[at]
            if not question.applies(self.entry):
                self.entry = put(self.entry, question.key, None)
                at += 1
                continue
            try:
                value = self._ask(question)
            except BackError:
                at = trail.pop() if trail else 0
                continue
            self.entry = put(self.entry, question.key, value)
            trail.append(at)
            at += 1
        return self.entry

    def _ask(self, question: Question) -> Any:
        """The value; an answer from before, where they went back, stays with Enter."""
        for number, (value, meaning) in enumerate(question.choices, 1):
            self.terminal.tell(f"  {number:>2} {value}" + (f": {meaning}" if meaning else ""))
        kept = get(self.entry, question.key)
        if kept is not None:
            self.terminal.tell(f"  so far: {kept} (Enter keeps it, {NOTHING} takes it out)")
        if question.shape is Shape.LINES:
            return self._lines(question, kept)
        default = "" if kept is not None else question.default(self.entry)
        shown = f"{question.ask}{f' [{default}]' if default else ''}: "
        return self._one(question, shown, default, kept)

    def _lines(self, question: Question, kept: Any) -> list[str] | None:
        lines: list[str] = []
        while True:
            shown = "  and: " if lines else f"{question.ask}: "
            line = self._one(question, shown, "", lines or kept, lines)
            if not isinstance(line, str):
                return lines or line
            lines.append(line)

    def _one(
        self, question: Question, shown: str, default: str, kept: Any, before: Sequence[str] = ()
    ) -> Any:
        """Ask until an answer can be used; with Enter alone what was kept stays."""
        typed = ""
        while True:
            typed = typed or self.terminal.answer(shown) or default
            if typed == MORE:
                self.terminal.tell(f"  {question.more}")
            elif typed in ("", NOTHING):
                if typed == "" and kept is not None:
                    return kept
                if not question.needed:
                    return None
                self.terminal.tell(f"  This one is needed. {question.more}")
            elif (value := self._value(question, typed, before)) is not None:
                doubts = self._doubts
                for doubt in doubts:
                    self.terminal.tell(f"  {doubt}")
                typed = self.terminal.answer(KEEP) if doubts else "yes"
                if typed.lower() in ("y", "yes"):
                    return value
                continue
            typed = ""

    def _value(self, question: Question, typed: str, before: Sequence[str]) -> Any:
        """The value of an answer, or None after saying what is wrong with it."""
        try:
            value = value_of(question, typed)
        except UnfitError as error:
            self.terminal.tell(f"  {error}")
            return None
        whole = [*before, value] if question.shape is Shape.LINES else value
        errors, self._doubts = self._faults(question, whole)
        self._doubts += [note] if (note := question.note(str(value))) else []
        for one in errors:
            self.terminal.tell(f"  {said(one)}")
        return None if errors else value

    def _faults(self, question: Question, value: Any) -> tuple[list[Problem], list[str]]:
        """What the check says of this answer that it did not say before."""
        old, _ = self._try(put(self.entry, question.key, None))
        found, first = self._try(put(self.entry, question.key, value))
        fresh = news(found, as_seen(old))
        errors = [one for one in fresh if one.severity is Severity.ERROR]
        # What is said of the whole entry (no postcode yet) may still be answered: it comes last.
        doubts = [said(one) for one in fresh if one not in errors and one.line != first]
        return errors, doubts

    def _try(self, entry: Entry) -> tuple[list[Problem], int]:
        """The problems of a draft, and the line on which its service begins."""
        target = replace(self.target, before="")
        text = target.text(placeholders(self.today) | entry)
        if text not in self._tried:
            self._tried[text] = tried(target, text, self.today, whole=False)
        return self._tried[text], text[: text.index("\n  - id:")].count("\n") + 2


def placeholders(today: date) -> Entry:
    """What stands in for answers that have not been given yet, so that a draft can be checked."""
    return {
        "id": "new-service", "name": "New service", "what": "A new service.",
        "kinds": ["find-activities"], "source": ["https://example.org"], "seen": f"{today:%Y-%m}",
        "confidence": "medium",
    }  # fmt: skip


def said(problem: Problem) -> str:
    """A problem without its file and line, which the answer on the screen is."""
    return ", ".join(part for part in (problem.what, problem.found and f"found {problem.found}",
                                       problem.instead) if part)  # fmt: skip
