"""Starts a Python process and ends it with SIGKILL, as a power cut or the kernel would."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Victim:
    """One process that may be killed and started again; its output is kept in a file.

    Args:
        arguments: what follows `python`, such as ["run_bot.py"].
        log: where standard output and error go, appended.
        env: variables beside the present ones.
    """

    def __init__(
        self, arguments: Sequence[str], log: Path, env: Mapping[str, str] | None = None
    ) -> None:
        self.arguments = list(arguments)
        self.log = log
        self.env = {**os.environ, **(env or {})}
        self.kills = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self.arguments, cwd=ROOT, env=self.env, stdout=log, stderr=log
            )

    async def kill(self) -> None:
        """End the process at once; fails where it ended by itself before."""
        assert self._process is not None
        if not self.running:
            raise AssertionError(f"it ended by itself:\n{self.output()[-4000:]}")
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()
        self.kills += 1

    async def stop(self) -> int:
        """Ask the process to end, wait, and return its code."""
        assert self._process is not None
        if self.running:
            self._process.terminate()
        return await self._process.wait()

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


async def kill_again_and_again(
    victim: Victim,
    kills: int,
    rng: random.Random,
    *,
    shortest_s: float,
    longest_s: float,
    done: Callable[[], bool] = lambda: False,
) -> None:
    """Kill at random moments and start again at once; leaves the process running."""
    if not victim.running:
        await victim.start()
    for _ in range(kills):
        await asyncio.sleep(rng.uniform(shortest_s, longest_s))
        if done():
            return
        await victim.kill()
        await victim.start()
