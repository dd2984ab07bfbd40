"""Cases, chats, facts and counts of the fake store."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.cases.model import Case, Line, Link, Status
from bot.storage.chats_sql import suggestion_number
from bot.storage.memory_tables import MemoryPart, as_json


class MemoryCases(MemoryPart):
    """Implements bot.cases.ports.CaseUnit."""

    def add_case(self, case: Case) -> Case:
        """Store a new case and return it with its number."""
        stored = Case.from_dict(as_json({**case.to_dict(), "id": self._tables.next_id("cases")}))
        self._tables.cases[stored.id] = stored
        return stored

    def load_case(self, case_id: int) -> Case | None:
        """A case by its number."""
        return self._tables.cases.get(case_id)

    def save_case(self, case: Case) -> None:
        """Store a changed case."""
        if case.id not in self._tables.cases:
            raise LookupError(f"there is no case {case.id}")
        self._tables.cases[case.id] = Case.from_dict(as_json(case.to_dict()))

    def _newest(self, fits: Callable[[Case], bool]) -> Case | None:
        fitting = [case for case in self._tables.cases.values() if fits(case)]
        return max(fitting, key=lambda case: case.id, default=None)

    def open_case_of(self, chat_id: int) -> Case | None:
        """The case of this person that is not closed."""
        return self._newest(lambda c: c.chat_id == chat_id and c.status != Status.CLOSED)

    def latest_case_of(self, chat_id: int) -> Case | None:
        """The newest case of this person, closed or not."""
        return self._newest(lambda case: case.chat_id == chat_id)

    def cases_of(self, chat_id: int) -> list[Case]:
        """Every case of this person, by number."""
        return [case for _, case in sorted(self._tables.cases.items()) if case.chat_id == chat_id]

    def cases_in(self, statuses: Collection[Status]) -> list[Case]:
        """All cases in these states, by number."""
        return [case for _, case in sorted(self._tables.cases.items()) if case.status in statuses]

    def cases_before(self, case_id: int | None, limit: int) -> list[Case]:
        """The newest cases with a number below this one (None: of all), newest first."""
        numbers = sorted(self._tables.cases, reverse=True)
        fitting = [n for n in numbers if case_id is None or n < case_id]
        return [self._tables.cases[n] for n in fitting[:limit]]

    def case_of_topic(self, group_id: int, topic_id: int) -> Case | None:
        """The case whose topic this is."""
        return self._newest(lambda c: (c.group_id, c.topic_id) == (group_id, topic_id))

    def add_line(self, case_id: int, line: Line) -> None:
        """Keep what was said in a case."""
        self._tables.lines.setdefault(case_id, []).append(line)

    def lines(self, case_id: int) -> list[Line]:
        """What was said in a case, oldest first."""
        return list(self._tables.lines.get(case_id, ()))

    def erase_lines(self, case_id: int) -> None:
        """Erase the words of a case; what was decided stays."""
        self._tables.lines.pop(case_id, None)

    def unlink_case(self, case_id: int) -> None:
        """Cut a case from its person (chat id 0)."""
        case = self._tables.cases.get(case_id)
        if case is None or not case.chat_id:
            return
        for key, link in list(self._tables.links.items()):
            if link.case_id == case_id and link.chat_id == case.chat_id:
                del self._tables.links[key]
            elif link.case_id == case_id and link.peer_chat_id == case.chat_id:
                self._tables.links[key] = replace(link, peer_chat_id=None, peer_message_id=None)
        self._tables.cases[case_id] = replace(case, chat_id=0)

    def link(self, link: Link) -> None:
        """Note which case a Telegram message belongs to."""
        self._tables.links[link.chat_id, link.message_id] = link

    def find_link(self, chat_id: int, message_id: int) -> Link | None:
        """What a Telegram message is to us."""
        return self._tables.links.get((chat_id, message_id))

    def links_of(self, case_id: int, role: str) -> list[Link]:
        """The messages of a case with one role, oldest first."""
        links = self._tables.links.values()
        return [link for link in links if (link.case_id, link.role) == (case_id, role)]

    def log(self, case_id: int, event: str, data: dict[str, Any], now: datetime) -> None:
        """Append to the case's history; no message text."""
        self._tables.history.setdefault(case_id, []).append((now, event, as_json(data)))

    def history(self, case_id: int) -> list[tuple[datetime, str, dict[str, Any]]]:
        """The case's history, oldest first."""
        return list(self._tables.history.get(case_id, ()))


class MemoryChats(MemoryPart):
    """Implements bot.conversation.ports.ChatUnit."""

    def load_chat(self, chat_id: int) -> dict[str, Any] | None:
        """The stored state, or None for a new person."""
        stored = self._tables.chats.get(chat_id)
        state: dict[str, Any] | None = as_json(stored[0]) if stored else None
        return state

    def save_chat(self, chat_id: int, state: dict[str, Any], now: datetime) -> None:
        """Store the state."""
        self._tables.chats[chat_id] = as_json(state), now

    def forget_chat(self, chat_id: int) -> None:
        """Erase state and message ids of a person."""
        self._tables.chats.pop(chat_id, None)
        for key in [key for key in self._tables.messages if key[0] == chat_id]:
            del self._tables.messages[key]

    def remember_message(self, chat_id: int, message_id: int, role: str, now: datetime) -> None:
        """Note one of our messages in a chat."""
        self._tables.messages[chat_id, message_id] = now

    def forget_messages_before(self, before: datetime) -> None:
        """Drop message ids that are too old to delete anything with."""
        for key in [key for key, at in self._tables.messages.items() if at < before]:
            del self._tables.messages[key]

    def recent_messages(self, chat_id: int, since: datetime) -> list[int]:
        """Ids of our messages in a chat since a time, oldest first."""
        found = [
            (at, message_id)
            for (chat, message_id), at in self._tables.messages.items()
            if chat == chat_id and at >= since
        ]
        return [message_id for _, message_id in sorted(found)]

    def chats_idle_since(self, before: datetime, limit: int) -> list[int]:
        """Chats whose state has not changed since `before`."""
        idle = [(at, chat) for chat, (_, at) in self._tables.chats.items() if at < before]
        return [chat for _, chat in sorted(idle)[:limit]]


class MemoryMeta(MemoryPart):
    """Implements bot.delivery.ports.MetaUnit."""

    def get_meta(self, key: str) -> str | None:
        """A stored fact."""
        return self._tables.meta.get(key)

    def set_meta(self, key: str, value: str) -> None:
        """Store a fact."""
        self._tables.meta[key] = value

    def count(self, what: str, label: str, day: str, by: int = 1) -> None:
        """Add to an anonymous daily count."""
        self._tables.counts[what, day, label] += by

    def counts(self, what: str, since_day: str) -> list[tuple[str, str, int]]:
        """(day, label, number), oldest first."""
        return sorted(
            (day, label, number)
            for (kind, day, label), number in self._tables.counts.items()
            if kind == what and day >= since_day
        )

    def give_words(self, text: str, day: str) -> None:
        """Keep words that somebody gave for learning."""
        self._tables.given_words.append((day, as_json(text)))

    def given_words(self, since_day: str) -> list[tuple[str, str]]:
        """(day, text) of the words given since a day."""
        return sorted(row for row in self._tables.given_words if row[0] >= since_day)

    def forget_words_before(self, day: str) -> None:
        """Erase words that were given before a day."""
        kept = [row for row in self._tables.given_words if row[0] >= day]
        self._tables.given_words[:] = kept

    def suggest(self, data: dict[str, Any], day: str) -> None:
        """Keep an example that a worker gave for learning."""
        number = suggestion_number()
        while number in self._tables.suggestions:
            number = suggestion_number()
        self._tables.suggestions[number] = (day, as_json(data))

    def suggestions(self, since_day: str) -> list[tuple[int, str, dict[str, Any]]]:
        """(number, day, example) of what workers gave, oldest day first."""
        rows = [(number, day, data) for number, (day, data) in self._tables.suggestions.items()]
        return sorted((row for row in rows if row[1] >= since_day), key=lambda row: row[1::-1])

    def forget_suggestions_before(self, day: str) -> None:
        """Erase examples that were given before a day."""
        for number, (given, _) in list(self._tables.suggestions.items()):
            if given < day:
                del self._tables.suggestions[number]

    def audit(self, kind: str, data: dict[str, Any], now: datetime) -> None:
        """Append to the log of what staff decided; no message text."""
        self._tables.audit.append((now, kind, as_json(data)))

    def audited(self, since: datetime) -> list[tuple[datetime, str, dict[str, Any]]]:
        """The log of what staff decided since a time, oldest first."""
        return [entry for entry in self._tables.audit if entry[0] >= since]

    def backlog(self) -> dict[str, int]:
        """How many rows wait."""
        statuses = [entry.status for entry in self._tables.inbox.values()]
        return {
            "inbox": statuses.count("new"),
            "quarantined": statuses.count("quarantined"),
            "outbox": len(self._tables.outbox),
            "timers": len(self._tables.timers),
        }
