"""The demo: the real bot against a local Telegram, with a page that shows both sides."""

from __future__ import annotations

import argparse
import asyncio
import logging
import shutil
import sys
import webbrowser
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot.app import BotApp
from bot.commands.content import ROOT, cache_folder, exact_postcodes
from bot.commands.run import until_stopped
from bot.content.catalogue import ContentError, Operation
from bot.content.fitting import fit_aside
from bot.content.live import LiveContent
from bot.conversation.state import Turn
from bot.demo.api import LocalBotApi
from bot.demo.explained import explained
from bot.settings import Settings
from bot.storage.seal import Sealer
from intents.model import Understanding

STAFF_GROUP = -1001000000001
LEAD = 9003


def demo(given: argparse.Namespace) -> int:
    """Run the demo until it is stopped."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    try:
        asyncio.run(_demo(given))
    except ContentError as error:
        print("The demo does not start, because the content has mistakes:", file=sys.stderr)
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Port {given.port} cannot be used ({error.strerror}). Try: demo --port 8091",
              file=sys.stderr)  # fmt: skip
        return 1
    return 0


async def _demo(given: argparse.Namespace) -> None:
    api = LocalBotApi()
    await api.start(given.port)
    folder = _folder(api, keep=given.keep)
    print(f"The demo is at {api.root_url}  (Ctrl+C ends it)", flush=True)

    def observe(
        chat_id: int, message_id: int, understood: Understanding | None, turn: Turn
    ) -> None:
        if understood is not None:  # again, with every layer's reasons
            understood = content.current.understander.explain(understood.text)
        api.explain(chat_id, message_id, explained(understood, turn))

    def ready() -> None:
        print("The bot is ready.", flush=True)
        if not given.no_browser:
            webbrowser.open(api.root_url)

    again = asyncio.Event()
    api.on_reset = again.set
    operation = Operation("the MyEnds demo on this computer", "weekdays 10:00 to 18:00")
    cache = cache_folder()
    content = LiveContent(
        ROOT, operation, cache, prepare=partial(fit_aside, ROOT, cache), units=exact_postcodes
    )
    # In a thread, so that the page is there while the models are fitted for the first time.
    await asyncio.to_thread(content.load)
    try:
        while True:
            app = BotApp(demo_settings(api, folder), content, observe=observe, on_ready=ready)
            if not await _until_reset(app, again):
                break
            folder, ready = _folder(api, keep=False), lambda: None
    finally:
        await api.stop()


async def _until_reset(app: BotApp, again: asyncio.Event) -> bool:
    """Run until the page's "Start again" (true: forget everything) or until stopped."""
    again.clear()
    running = asyncio.create_task(until_stopped(app))
    waiting = asyncio.create_task(again.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if running.done():
        running.result()
        return False
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return True


def _folder(api: LocalBotApi, *, keep: bool) -> Path:
    """Where this demo keeps its data; two demos at once have two ports and two folders."""
    folder = ROOT / "data" / "demo" / api.root_url.rpartition(":")[2]
    if not keep:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def demo_settings(api: LocalBotApi, folder: Path) -> Settings:
    """Settings for the local Bot API; the key lives beside the demo's throw-away data."""
    key_file = folder / "key"
    if not key_file.exists():
        key_file.write_text(Sealer.new_key(), encoding="ascii")
        key_file.chmod(0o600)
    return Settings(
        _env_file=None,  # type: ignore[call-arg] # what .env says is for the real bot
        telegram_bot_token=SecretStr(api.token),
        telegram_api_url=api.base_url,
        staff_chat_id=STAFF_GROUP,
        operator_name="the MyEnds demo on this computer",
        data_dir=folder,
        listen_port=0,
        database_url="",
        data_key=SecretStr(key_file.read_text(encoding="ascii")),
    )
