"""The real bot as a process that can be killed and started again within a second."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

from bot.demo.api import LocalBotApi
from bot.storage.seal import Sealer

ROOT = Path(__file__).resolve().parents[2]
GROUP = -1001000000001


class Herd:
    """Starts the bot again whenever it was killed; `more` are settings beside the usual ones."""

    def __init__(self, api: LocalBotApi, folder: Path, **more: str) -> None:
        self.environment = os.environ | {
            "TELEGRAM_BOT_TOKEN": api.token,
            "TELEGRAM_API_URL": api.base_url,
            "STAFF_CHAT_ID": str(GROUP),
            "OPERATOR_NAME": "the kill test",
            "DATA_DIR": str(folder),
            "DATA_KEY": Sealer.new_key(),
            "LISTEN_PORT": "0",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONPATH": str(ROOT),
            **more,
        }
        self.folder = folder
        self.log = (folder / "log").open("wb")

    async def open(self) -> None:
        """Load the content, once for all starts."""
        cache = ROOT / "data" / "cache"
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.zygote", str(ROOT), str(cache),
            cwd=ROOT, env=self.environment, stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=self.log,
        )  # fmt: skip
        assert await self._line() == "ready"

    async def start(self) -> int:
        """A fresh bot on the same data; its process id."""
        self.process.stdin.write(b"start\n")
        return int(await self._line())

    async def kill(self, pid: int) -> None:
        """End a bot at once, as a power cut would."""
        os.kill(pid, signal.SIGKILL)
        assert await self._line() == "gone"

    async def _line(self) -> str:
        async with asyncio.timeout(60):
            line = (await self.process.stdout.readline()).decode().strip()
        assert line, (self.folder / "log").read_text()[-2000:]
        return line

    async def close(self) -> None:
        """End everything that was started."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        await self.process.communicate()
        self.log.close()
