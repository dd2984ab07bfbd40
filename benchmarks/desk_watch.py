"""What the desk's benchmark sees: the local Bot API with a clock beside it, and a table's lines."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.delivery.limits import COUNTED_METHODS
from bot.demo.api import LocalBotApi, Person, default_cast
from tests.support.herd import GROUP

NAMED = re.compile(r"#(\d+) (?:EMERGENCY|URGENT|please answer)")
WINDOW_S = 60.0
PATIENCE_S = 90.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; without a bar it is only told."""

    what: str
    found: str
    bar: str = ""
    passed: bool | None = None

    def __str__(self) -> str:
        mark = {None: "", True: "pass", False: "FAIL"}[self.passed]
        return f"{self.what:62} {self.found:>24}  {self.bar:12} {mark}"


def below(what: str, found: float, bar: float, unit: str = "s") -> Row:
    """A figure that must not be above its bar."""
    return Row(what, f"{found:.2f} {unit}", f"{bar:g} {unit}", found <= bar)


def at(values: Sequence[float], share: float) -> float:
    """A percentile, by rank; the largest where there are few."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else float("inf")


def most_in_a_window(times: Sequence[float]) -> int:
    """The most of these within any minute."""
    return max((sum(t <= u < t + WINDOW_S for u in times) for t in times), default=0)


class Watched(LocalBotApi):
    """The local Bot API, with an eye on what arrives where and when."""

    def __init__(self, people: Sequence[Person]) -> None:
        cast = default_cast()
        super().__init__(cast=replace(cast, people=(*cast.people, *people)))
        self.sent: dict[int, list[tuple[float, str, int]]] = {}  # chat -> (when, text, message)
        self.counted: list[float] = []  # calls that count in the group
        self.refused = 0  # 429 in the group

    def _record(self, method: str, params: Any, answer: Any) -> Any:
        frozen = super()._record(method, params, answer)
        chat = int(params.values.get("chat_id") or 0)
        now = time.monotonic()
        if chat == GROUP and method in COUNTED_METHODS:
            self.refused += frozen.get("error_code") == 429
            if frozen["ok"]:
                self.counted.append(now)
        if frozen["ok"] and method == "sendMessage":
            text = str(params.values.get("text", ""))
            message = int(frozen["result"]["message_id"])
            self.sent.setdefault(chat, []).append((now, text, message))
        return frozen

    def say(self, person: int, text: str) -> float:
        """A person writes; when."""
        if not self.world.people[person].started:
            self.act(person, "start")
        now = time.monotonic()
        self.act(person, "send_text", chat_id=person, text=text)
        return now

    def named(self, chat: int = GROUP) -> dict[int, float]:
        """When each case was first named in a chat."""
        found: dict[int, float] = {}
        for when, text, _ in self.sent.get(chat, []):
            for number in NAMED.findall(text):
                found.setdefault(int(number), when)
        return found

    def when(self, chat: int, wanted: str) -> float | None:
        """When a text with these words came first."""
        return next((t for t, text, _ in self.sent.get(chat, []) if wanted in text), None)

    async def outage(self, seconds: float) -> tuple[float, float]:
        """Nobody reaches Telegram for so long; from when to when."""
        start, port = time.monotonic(), self._port
        await self.stop()
        await asyncio.sleep(seconds)
        self.stopping = False
        await self.start(port)
        return start, time.monotonic()


async def until(met: Callable[[], bool], seconds: float = PATIENCE_S) -> bool:
    """Wait for something, but not for ever."""
    end = time.monotonic() + seconds
    while not met() and time.monotonic() < end:  # noqa: ASYNC110 - the API tells nobody
        await asyncio.sleep(0.05)
    return met()


def people(first: int, number: int) -> list[Person]:
    """So many young people."""
    return [Person(first + n, f"P{n}", "young") for n in range(number)]


def limit_rows(api: Watched) -> list[Row]:
    """Whether the group's limit held."""
    most = most_in_a_window(api.counted)
    return [
        Row("  most messages in the group in any 60 s", str(most), "20", most <= 20),
        Row("  refused by Telegram (429)", str(api.refused), "0", api.refused == 0),
    ]
