"""Cases in SQL, and the change of a group's id, which touches calls, cases and timers."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.cases.model import Case, Line, Link, Status
from bot.storage.database import Row, SqlUnit, from_micros, to_micros
from bot.storage.merging import moved, replace_id


class SqlCases(SqlUnit):
    """Implements bot.cases.ports.CaseUnit, and `rename_chat`."""

    def add_case(self, case: Case) -> Case:
        """Store a new case and return it with its number."""
        row = self._db.first("add_case", **self._columns(case))
        if row is None:
            raise LookupError("the database gave no number for a new case")
        return replace(case, id=row[0])

    def save_case(self, case: Case) -> None:
        """Store a changed case."""
        if not self._db.do("save_case", id=case.id, **self._columns(case)):
            raise LookupError(f"there is no case {case.id}")

    def _columns(self, case: Case) -> dict[str, Any]:
        return {
            "chat_id": case.chat_id,
            "group_id": case.group_id,
            "topic_id": case.topic_id,
            "status": str(case.status),
            "sealed": self._sealer.seal(case.to_dict()),
        }

    def load_case(self, case_id: int) -> Case | None:
        """A case by its number."""
        return self._case(self._db.first("load_case", id=case_id))

    def open_case_of(self, chat_id: int) -> Case | None:
        """The case of this person that is not closed."""
        return self._case(self._db.first("open_case_of", chat_id=chat_id))

    def latest_case_of(self, chat_id: int) -> Case | None:
        """The newest case of this person, closed or not."""
        return self._case(self._db.first("latest_case_of", chat_id=chat_id))

    def cases_of(self, chat_id: int) -> list[Case]:
        """Every case of this person, by number."""
        return [self._open(row) for row in self._db.all("cases_of", chat_id=chat_id)]

    def cases_in(self, statuses: Collection[Status]) -> list[Case]:
        """All cases in these states, by number."""
        wanted = json.dumps([str(status) for status in statuses])
        return [self._open(row) for row in self._db.all("cases_in", statuses=wanted)]

    def cases_before(self, case_id: int | None, limit: int) -> list[Case]:
        """The newest cases with a number below this one (None: of all), newest first."""
        rows = self._db.all("cases_before", case_id=case_id, limit=limit)
        return [self._open(row) for row in rows]

    def case_of_topic(self, group_id: int, topic_id: int) -> Case | None:
        """The case whose topic this is."""
        return self._case(self._db.first("case_of_topic", group_id=group_id, topic_id=topic_id))

    def _case(self, row: Row | None) -> Case | None:
        return None if row is None else self._open(row)

    def _open(self, row: Row) -> Case:
        return replace(Case.from_dict(self._sealer.open(row[1])), id=row[0])

    def add_line(self, case_id: int, line: Line) -> None:
        """Keep what was said in a case, sealed."""
        value = [line.author, line.text, line.at.isoformat(), line.message_id, line.by]
        self._db.do("add_line", case_id=case_id, sealed=self._sealer.seal(value))

    def lines(self, case_id: int) -> list[Line]:
        """What was said in a case, oldest first."""
        values = [self._sealer.open(row[0]) for row in self._db.all("lines", case_id=case_id)]
        return [
            Line(author, text, datetime.fromisoformat(at), *more)  # older lines are shorter
            for author, text, at, *more in values
        ]

    def erase_lines(self, case_id: int) -> None:
        """Erase the words of a case; what was decided stays."""
        self._db.do("erase_lines", case_id=case_id)

    def unlink_case(self, case_id: int) -> None:
        """Cut a case from its person (chat id 0)."""
        case = self.load_case(case_id)
        if case is None or not case.chat_id:
            return
        self._db.do("drop_person_links", case_id=case_id, chat_id=case.chat_id)
        self._db.do("cut_peer_links", case_id=case_id, chat_id=case.chat_id)
        self.save_case(replace(case, chat_id=0))

    def link(self, link: Link) -> None:
        """Note which case a Telegram message belongs to."""
        self._db.do(
            "add_link",
            chat_id=link.chat_id,
            message_id=link.message_id,
            case_id=link.case_id,
            role=link.role,
            peer_chat_id=link.peer_chat_id,
            peer_message_id=link.peer_message_id,
        )

    def find_link(self, chat_id: int, message_id: int) -> Link | None:
        """What a Telegram message is to us."""
        row = self._db.first("find_link", chat_id=chat_id, message_id=message_id)
        return None if row is None else Link(*row)

    def links_of(self, case_id: int, role: str) -> list[Link]:
        """The messages of a case with one role, oldest first."""
        return [Link(*row) for row in self._db.all("links_of", case_id=case_id, role=role)]

    def log(self, case_id: int, event: str, data: dict[str, Any], now: datetime) -> None:
        """Append to the case's history; no message text."""
        sealed = self._sealer.seal(data)
        self._db.do("add_history", case_id=case_id, event=event, sealed=sealed, now=to_micros(now))

    def history(self, case_id: int) -> list[tuple[datetime, str, dict[str, Any]]]:
        """The case's history, oldest first."""
        rows = self._db.all("history", case_id=case_id)
        return [(from_micros(at), event, self._sealer.open(sealed)) for at, event, sealed in rows]

    def rename_chat(self, old: int, new: int) -> None:
        """A group has a new id: in calls, cases and timers.

        Links keep the old id on purpose: the new group numbers its messages afresh, and a reply
        to one of those must never reach the person of an old case. Cards are gone likewise.
        """
        self._move_calls(old, new)
        self._db.do("move_sent", old=old, new=new)
        for row in self._db.all("cases_of_group", group_id=old):
            self.save_case(replace(self._open(row), group_id=new, card_message_id=None))
        self._move_timers(old, new)

    def _move_calls(self, old: int, new: int) -> None:
        for row_id, sealed in self._db.all("calls_of_chat", chat_id=old):
            body = moved(self._sealer.open(sealed), old, new)
            if body is None:
                self._db.do("close_call", id=row_id)
            else:
                self._db.do("move_call", id=row_id, chat_id=new, sealed=self._sealer.seal(body))

    def _move_timers(self, old: int, new: int) -> None:
        for key, due, lane, kind, sealed in self._db.all("all_timers"):
            data = self._sealer.open(sealed)
            changed = replace_id(data, old, new)
            new_lane = f"c:{new}" if lane == f"c:{old}" else lane
            if changed != data or new_lane != lane:
                fresh = self._sealer.seal(changed)
                self._db.do("set_timer", key=key, due=due, lane=new_lane, kind=kind, sealed=fresh)
