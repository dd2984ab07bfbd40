"""What cases need from storage."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol

from bot.cases.model import Case, Line, Link, Status


class CaseUnit(Protocol):
    """Cases, the words in them, and which Telegram message belongs to which."""

    def add_case(self, case: Case) -> Case:
        """Store a new case and return it with its number."""

    def load_case(self, case_id: int) -> Case | None:
        """A case by its number."""

    def save_case(self, case: Case) -> None:
        """Store a changed case."""

    def open_case_of(self, chat_id: int) -> Case | None:
        """The case of this person that is not closed."""

    def latest_case_of(self, chat_id: int) -> Case | None:
        """The newest case of this person, closed or not."""

    def cases_of(self, chat_id: int) -> list[Case]:
        """Every case of this person, by number."""

    def cases_in(self, statuses: Collection[Status]) -> list[Case]:
        """All cases in these states, by number."""

    def cases_before(self, case_id: int | None, limit: int) -> list[Case]:
        """The newest cases with a number below this one (None: of all), newest first."""

    def case_of_topic(self, group_id: int, topic_id: int) -> Case | None:
        """The case whose topic this is."""

    def add_line(self, case_id: int, line: Line) -> None:
        """Keep what was said in a case, sealed."""

    def lines(self, case_id: int) -> list[Line]:
        """What was said in a case, oldest first."""

    def erase_lines(self, case_id: int) -> None:
        """Erase the words of a case; what was decided stays."""

    def unlink_case(self, case_id: int) -> None:
        """Cut a case from its person (chat id 0), for someone who asked to be forgotten."""

    def link(self, link: Link) -> None:
        """Note which case a Telegram message belongs to."""

    def find_link(self, chat_id: int, message_id: int) -> Link | None:
        """What a Telegram message is to us."""

    def links_of(self, case_id: int, role: str) -> list[Link]:
        """The messages of a case with one role, oldest first."""

    def log(self, case_id: int, event: str, data: dict[str, Any], now: datetime) -> None:
        """Append to the case's history; no message text."""

    def history(self, case_id: int) -> list[tuple[datetime, str, dict[str, Any]]]:
        """The case's history, oldest first."""
