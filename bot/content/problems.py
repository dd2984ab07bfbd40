"""A problem in a file that somebody edited: where, what, what was found, what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps the file from being used; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake, as `check` prints it: `file:line: what, found, instead`."""

    file: str  # relative to the project's folder
    line: int  # as people count, from 1
    what: str
    found: str = ""
    instead: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        parts = [self.what]
        if self.found:
            parts.append(f"found {self.found}")
        if self.instead:
            parts.append(self.instead)
        mark = "" if self.severity is Severity.ERROR else "warning: "
        return f"{self.file}:{self.line}: {mark}{', '.join(parts)}"
