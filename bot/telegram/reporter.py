"""Makes the report: counted in small steps, drawn in another process.

It has a lane of its own in the outbox (DRAW stands for a call, and makes none), so that an alert to
the same group never waits for a picture. A step reads a few cases, so that nobody who writes waits.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot.cases.figures import Past, figures
from bot.cases.model import Case, Status
from bot.conversation.world import World
from bot.delivery.model import Call, Outcome, Sent
from bot.delivery.ports import Store, Unit
from bot.telegram.render import LONGEST
from bot.telegram.sheet import CAPTION, Sheet, make_sheet, sheet_text

log = logging.getLogger(__name__)

DRAW, LANE = "drawReport", 1  # no chat has this number
AT_ONCE = 25  # cases a step; each costs some tenths of a millisecond
DRAWN_WITHIN_S = 60.0
ROOM = 200  # in a message, for what is said besides the report
ROOT = Path(__file__).resolve().parents[2]
NOT_CLOSED = tuple(status for status in Status if status is not Status.CLOSED)

Draw = Callable[[Sheet], Awaitable[bytes]]


class DrawingError(Exception):
    """The picture could not be drawn; the text has no content of the report."""


class Reporter:
    """Answers calls that ask for a report.

    Args:
        store: where the cases are.
        world: the wording of the moment.
        clock: the time.
        draw: makes a PNG of a sheet; raises `DrawingError`.
    """

    def __init__(
        self,
        store: Store,
        world: Callable[[], World],
        clock: Callable[[], datetime],
        draw: Draw | None = None,
    ) -> None:
        self._store = store
        self._world = world
        self._clock = clock
        self._draw = draw or drawn_aside

    async def made(self, call: Call) -> Outcome:
        """The report that a call asks for: text, caption, and the picture if there is one."""
        wording = self._world().wording
        sheet = await self.sheet(int(call.data["weeks"]))
        text = sheet_text(sheet, wording, LONGEST - ROOM)
        made: dict[str, str] = {"text": text, "caption": sheet_text(sheet, wording, CAPTION)}
        try:
            made["picture"] = base64.b64encode(await self._draw(sheet)).decode("ascii")
        except DrawingError as error:
            log.warning("the report goes without its picture: %s", error)
        return Sent(made)

    async def sheet(self, weeks: int) -> Sheet:
        """The report of the last weeks in words."""
        until = self._clock()
        since = until - timedelta(weeks=weeks)
        pasts = await self._pasts(since)
        still_open = await self._store.transact(lambda unit: unit.cases_in(NOT_CLOSED))
        found = figures(pasts, still_open, since, until)
        return make_sheet(found, weeks, self._world().wording)

    async def _pasts(self, since: datetime) -> list[Past]:
        found: list[Past] = []
        before: int | None = None
        while True:
            step = await self._store.transact(_step(before, since), durable=False)
            found += step
            if len(step) < AT_ONCE:
                return found
            before = step[-1].case.id


def _step(before: int | None, since: datetime) -> Callable[[Unit], list[Past]]:
    return lambda unit: pasts_before(unit, before, since)


def pasts_before(unit: Unit, before: int | None, since: datetime) -> list[Past]:
    """The next few cases with their history, newest first; fewer than asked for at the end."""
    cases = unit.cases_before(before, AT_ONCE)
    return [_past(unit, case) for case in cases if case.opened_at >= since]


def _past(unit: Unit, case: Case) -> Past:
    return Past(case, unit.history(case.id))


async def drawn_aside(sheet: Sheet) -> bytes:
    """The sheet as PNG, by a process of its own: its memory goes back, and it cannot stop us."""
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.telegram.drawing", cwd=ROOT,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as error:
        raise DrawingError(f"no process: {type(error).__name__}") from None
    try:
        async with asyncio.timeout(DRAWN_WITHIN_S):
            picture, _ = await process.communicate(json.dumps(sheet.to_dict()).encode())
    except TimeoutError:
        raise DrawingError(f"not drawn within {DRAWN_WITHIN_S:g} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not picture:
        raise DrawingError(f"the drawing process ended with {process.returncode}")
    return picture
