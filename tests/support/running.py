"""The real bot inside a test: real HTTP to the local Bot API, a real SQLite file, real content."""

from __future__ import annotations

import asyncio
import contextlib
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import BotApp
from bot.content.catalogue import Operation
from bot.content.desk_file import LivePlan
from bot.content.live import LiveContent
from bot.demo.api import LocalBotApi
from bot.settings import Settings
from bot.storage.seal import Sealer

ROOT = Path(__file__).resolve().parents[2]
GROUP = -1001000000001


@cache
def real_content() -> LiveContent:
    """Everything under intents/ and directory/, as the demo loads it."""
    operation = Operation("the <Test> Trust", "weekdays 10:00 to 18:00")
    content = LiveContent(ROOT, operation, ROOT / "data" / "cache")
    content.load()
    return content


def settings_for(api: LocalBotApi, folder: Path, key: str, **more: Any) -> Settings:
    """Settings for the local Bot API."""
    given: dict[str, Any] = {
        "telegram_bot_token": SecretStr(api.token),
        "telegram_api_url": api.base_url,
        "staff_chat_id": GROUP,
        "operator_name": "the <Test> Trust",
        "data_dir": folder,
        "data_key": SecretStr(key),
        "listen_port": 0,
    }
    return Settings(_env_file=None, **(given | more))


class RunningBot:
    """A bot that can be started and stopped on the same data."""

    def __init__(
        self, api: LocalBotApi, folder: Path, *, desk: LivePlan | None = None, **settings: Any
    ) -> None:
        self.api = api
        self.desk = desk
        self.settings = settings_for(api, folder, Sealer.new_key(), **settings)
        self.explained: list[tuple[int, int]] = []
        self._task: asyncio.Task[None] | None = None
        self.app: BotApp | None = None

    async def start(self) -> None:
        """Start, and wait until it listens; an error at start is raised here."""
        ready = asyncio.Event()
        self.app = BotApp(
            self.settings,
            real_content(),
            observe=lambda chat, message, _u, _t: self.explained.append((chat, message)),
            on_ready=ready.set,
            desk=self.desk,
            watch=False,
        )
        self._task = asyncio.create_task(self.app.run())
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({self._task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._task.done():
            self._task.result()

    async def stop(self) -> None:
        """Stop as Ctrl+C does."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def stored(self, work: Any) -> Any:
        """Look into the store."""
        assert self.app is not None
        assert self.app.parts is not None
        return await self.app.parts.store.transact(work)
