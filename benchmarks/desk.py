"""The staff desk under load: the real bot, a real SQLite file, the strict local Bot API.

Run: python -m benchmarks.desk [storm] [steady] [chain] [--minutes N]; without a name all three,
about twelve minutes. Times are real where the limits are: 20 messages a minute in the group. The
chain runs with short minutes (it says so), and so does the outage.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.desk_watch import NAMED, Row, Watched, at, below, limit_rows, people, until
from bot.cases.model import Status
from bot.demo.api import Person
from bot.storage.seal import Sealer
from bot.storage.sqlite import SqliteStore
from tests.support.herd import GROUP, Herd

KNIFE = "there is a man with a knife outside my door"
QUESTIONS = ("any boxing near brixton", "anything free in peckham", "football in hackney saturday")
WORKER, ON_CALL, LEAD = 9001, 9101, 9102
HELD, ASKING, NEW = 5100, 5200, 6000  # the first ids of people with a claimed case, and so on


@dataclass
class Storm:
    """New cases all at once, while claimed ones and other young people go on.

    Args:
        new: how many new cases, spread over `seconds`.
        held: how many claimed cases, each of which gets two more lines meanwhile.
        asking: how many other young people.
        quiet_s: how long the others are measured before, with nothing else going on.
        settle_s: for so long nothing goes to the group before the new cases come; the claims
            before cost five messages each.
    """

    api: Watched
    new: int = 60
    held: int = 5
    asking: int = 20
    seconds: float = 60.0
    quiet_s: float = 40.0
    settle_s: float = 62.0
    every_s: float = 4.0  # between two questions of one person

    async def run(self) -> list[Row]:
        """The figures."""
        api = self.api
        await self._claims()
        await self._ask(min(5.0, self.quiet_s))  # so that nothing is met for the first time
        quiet = await self._ask(self.quiet_s)
        await until(self._settled, 3 * self.settle_s)
        begun: list[float] = []
        lines: dict[str, float] = {}
        _, _, busy = await asyncio.gather(
            self._write(begun), self._lines(lines), self._ask(self.seconds)
        )
        numbers = range(self.held + 1, self.held + self.new + 1)
        await until(lambda: set(numbers) <= set(api.named()))
        await until(lambda: all(api.when(GROUP, text) for text in lines))
        named, never = api.named(), float("inf")
        waits = [
            named.get(number, never) - start for number, start in zip(numbers, begun, strict=True)
        ]
        relays = [(api.when(GROUP, text) or never) - start for text, start in lines.items()]
        return [
            below(f"{self.new} new cases in {self.seconds:g} s: named, slowest", max(waits), 10.0),
            Row("  the same, p50 and p99", f"{at(waits, 0.5):.2f} / {at(waits, 0.99):.2f} s"),
            Row("  messages that told several together", str(self._lists())),
            *limit_rows(api),
            *self._beside(relays, quiet, busy),
        ]

    def _beside(
        self, relays: Sequence[float], quiet: Sequence[float], busy: Sequence[float]
    ) -> list[Row]:
        """What went on beside the new cases."""
        rows = []
        if relays:
            what = f"  {len(relays)} relays of {self.held} claimed cases: p50 and slowest"
            rows.append(Row(what, f"{at(relays, 0.5):.2f} / {max(relays):.2f} s"))
        if quiet and busy:
            what = f"answers to {self.asking} others"
            more = (at(busy, 0.99) - at(quiet, 0.99)) * 1000
            rows += [
                Row(f"  {len(quiet)} {what}, quiet: p50 / p99", _both(quiet)),
                Row(f"  {len(busy)} {what}, storm: p50 / p99", _both(busy)),
                below("  p99 above quiet", more, 50.0, "ms"),
            ]
        return rows

    def _settled(self) -> bool:
        last = self.api.counted[-1] if self.api.counted else 0.0
        return time.monotonic() - last >= self.settle_s

    def _lists(self) -> int:
        return sum(len(set(NAMED.findall(text))) > 1 for _, text, _ in self.api.sent[GROUP])

    async def _claims(self) -> None:
        api = self.api
        for n in range(self.held):
            api.say(HELD + n, KNIFE)
            await until(lambda n=n: n + 1 in api.named())  # type: ignore[misc]
            message = next(m for _, text, m in api.sent[GROUP] if f"#{n + 1} " in text)
            api.act(WORKER, "press", chat_id=GROUP, message_id=message, data=f"claim:{n + 1}")
        await until(lambda: all("from the team" in self._said(HELD + n) for n in range(self.held)))

    def _said(self, chat: int) -> str:
        return " ".join(text for _, text, _ in self.api.sent.get(chat, []))

    async def _write(self, begun: list[float]) -> None:
        for n in range(self.new):
            begun.append(self.api.say(NEW + n, KNIFE))
            await asyncio.sleep(self.seconds / self.new)

    async def _lines(self, lines: dict[str, float]) -> None:
        for round_ in range(2):
            for n in range(self.held):
                await asyncio.sleep(self.seconds / self.held / 2)
                text = f"line {round_} of {n}"
                lines[text] = self.api.say(HELD + n, text)

    async def _ask(self, seconds: float) -> list[float]:
        """Everybody else asks again and again; how long each answer took."""
        found: list[float] = []
        end = time.monotonic() + seconds
        await asyncio.gather(*(self._person(n, end, found) for n in range(self.asking)))
        return found

    async def _person(self, n: int, end: float, found: list[float]) -> None:
        await asyncio.sleep(self.every_s * n / self.asking)
        asked = 0
        while time.monotonic() < end:
            before = len(self.api.sent.get(ASKING + n, []))
            start = self.api.say(ASKING + n, QUESTIONS[asked % len(QUESTIONS)])
            asked += 1
            await asyncio.sleep(self.every_s)
            answers = self.api.sent.get(ASKING + n, [])[before:]
            found.append(answers[0][0] - start if answers else float("inf"))


def _both(values: Sequence[float]) -> str:
    return f"{at(values, 0.5) * 1000:.0f} / {at(values, 0.99) * 1000:.0f} ms"


async def steady(api: Watched, minutes: float, every_s: float = 10.0) -> list[Row]:
    """One new case every ten seconds, that nobody takes."""
    begun = []
    for n in range(max(1, int(minutes * 60 / every_s))):
        begun.append(api.say(NEW + n, KNIFE))
        await asyncio.sleep(every_s)
    await until(lambda: len(api.named()) == len(begun))
    waits = [api.named()[n + 1] - start for n, start in enumerate(begun)]
    return [
        below(f"one new case every {every_s:g} s, {minutes:g} minutes: p99", at(waits, 0.99), 2.0),
        Row("  the same, p50 and slowest", f"{at(waits, 0.5):.2f} / {max(waits):.2f} s"),
        *limit_rows(api),
    ]


@dataclass
class ChainRun:
    """Unclaimed cases, a bot that is killed, a Telegram that cannot be reached."""

    api: Watched
    herd: Herd
    cases: int = 500
    a_second: float = 8.0
    kills: int = 10
    outage_s: float = 60.0
    scale: float = 10.0  # how much shorter the minutes are
    seed: int = 5

    @property
    def settings(self) -> dict[str, str]:
        """The chain's times, shortened."""
        return chain_settings(self.scale)

    async def run(self) -> list[Row]:
        """The figures."""
        rng = random.Random(self.seed)
        for person in (ON_CALL, LEAD):
            self.api.act(person, "start")
        bot = await self.herd.start()
        writing = asyncio.create_task(self._write())
        whole = self.cases / self.a_second + 10 * 60 / self.scale
        outage = asyncio.create_task(self._outage(whole * 0.4))
        for _ in range(self.kills):
            await asyncio.sleep(whole / self.kills * rng.uniform(0.6, 1.4))
            await self.herd.kill(bot)
            bot = await self.herd.start()
        await writing
        gone = await outage
        everybody = set(range(1, self.cases + 1))
        for chat in (ON_CALL, LEAD):
            await until(lambda chat=chat: everybody <= set(self.api.named(chat)))  # type: ignore[misc]
        await self.herd.kill(bot)
        due = await self._due()
        return [*self._rows("second", ON_CALL, "alerted-on-call", due, gone),
                *self._rows("third", LEAD, "alerted-lead", due, gone),
                *limit_rows(self.api)]  # fmt: skip

    async def _write(self) -> None:
        for n in range(self.cases):
            self.api.say(NEW + n, KNIFE)
            await asyncio.sleep(1 / self.a_second)

    async def _outage(self, after: float) -> tuple[float, float]:
        await asyncio.sleep(after)
        return await self.api.outage(self.outage_s) if self.outage_s else (0.0, 0.0)

    async def _due(self) -> dict[str, dict[int, float]]:
        """When each step of each case was due, from the store."""
        sealer = Sealer([self.herd.environment["DATA_KEY"]])
        store = await SqliteStore.open(self.herd.folder / "bot.sqlite3", sealer)
        shift = time.monotonic() - datetime.now(UTC).timestamp()

        def read(unit: Any) -> dict[str, dict[int, float]]:
            found: dict[str, dict[int, float]] = {}
            for case in unit.cases_in((Status.OPEN,)):
                for _, event, data in unit.history(case.id):
                    if "due" in data:
                        due = datetime.fromisoformat(data["due"]).timestamp() + shift
                        found.setdefault(event, {}).setdefault(case.id, due)
            return found

        try:
            return await store.transact(read)
        finally:
            await store.close()

    def _rows(self, who: str, chat: int, event: str, due: dict[str, dict[int, float]],
              gone: tuple[float, float]) -> list[Row]:  # fmt: skip
        named = self.api.named(chat)
        late = {True: [0.0], False: [0.0]}  # by whether Telegram could not be reached
        for number, moment in due.get(event, {}).items():
            # Who alerts in an outage can only be told when it ends.
            within = gone[0] - 1 <= moment < gone[1]
            arrived = named.get(number, float("inf"))
            late[within].append(arrived - (gone[1] if within else moment))
        missed = self.cases - len(set(named) & set(due.get(event, {})))
        what = f"{self.cases} unclaimed cases, {self.kills} kills: {who} person"
        usual, within = late[False], late[True]
        return [
            Row(f"{what} missed", str(missed), "0", missed == 0),
            below("  latest after it was due", max(usual), 5.0),
            Row("  the same, p50 and p99", f"{at(usual, 0.5):.2f} / {at(usual, 0.99):.2f} s"),
            below(f"  {len(within) - 1} due in the outage: latest after its end", max(within), 5.0),
        ]


def chain_settings(scale: float) -> dict[str, str]:
    """Who comes next in the chain, and its times, so much shorter."""
    minutes = {"AGAIN": 2, "ON_CALL": 5, "LEAD": 10}
    times = {f"ALERT_{name}_MINUTES": str(value / scale) for name, value in minutes.items()}
    return times | {"ON_CALL_CHAT_ID": str(ON_CALL), "SAFEGUARDING_LEAD_CHAT_ID": str(LEAD)}


async def with_bot(scenario: str, minutes: float) -> list[Row]:
    """One scenario on a fresh Telegram and a fresh database."""
    everybody = [*people(HELD, 5), *people(ASKING, 20), *people(NEW, 500)]
    everybody += [Person(ON_CALL, "Olu", "worker"), Person(LEAD, "Lea", "lead")]
    api = Watched(everybody)
    await api.start()
    with tempfile.TemporaryDirectory() as folder:
        scale = 10.0 if scenario == "chain" else 1.0
        herd = Herd(api, Path(folder), **chain_settings(scale))
        try:
            await herd.open()
            if scenario == "chain":
                return await ChainRun(api, herd, scale=scale).run()
            bot = await herd.start()
            work = Storm(api).run() if scenario == "storm" else steady(api, minutes)
            rows = await work
            await herd.kill(bot)
            return rows
        finally:
            await herd.close()
            await api.stop()


async def main() -> None:
    """Run what was asked for and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", choices=["storm", "steady", "chain", []])
    parser.add_argument("--minutes", type=float, default=4.0, help="of the steady scenario")
    given = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; minutes of the chain are 10 times shorter")
    for scenario in given.scenarios or ["storm", "steady", "chain"]:
        for row in await with_bot(scenario, given.minutes):
            print(row, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
