"""Running for real, and the small commands that help to get there."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from functools import partial

from bot.app import BotApp
from bot.cases.plan import DeskPlan
from bot.commands.content import ROOT
from bot.content.catalogue import ContentError, Operation
from bot.content.desk_file import LivePlan
from bot.content.fitting import fit_aside
from bot.content.live import LiveContent
from bot.delivery.errors import RejectedError, StorageError
from bot.settings import Settings, SettingsError, read_settings, ready_to_run
from bot.storage.seal import Sealer
from bot.storage.units import UnitTable
from bot.telegram.listen import hear_group
from bot.telegram.poller import BadTokenError
from bot.telegram.startup import StartError

CANNOT_START = 78  # EX_CONFIG: started again by itself it would fail again
LISTEN_S = 120


def run(given: argparse.Namespace) -> int:
    """Run the bot against Telegram until it is stopped."""
    settings = _settings()
    if settings is None:
        return CANNOT_START
    if problems := ready_to_run(settings, Sealer.new_key()):
        _refuse(problems)
        return CANNOT_START
    log_to_stderr()
    desk = LivePlan(settings.desk_file.resolve(), ROOT) if settings.desk_file else None
    operation = Operation(
        settings.operator_name, settings.staff_hours, settings.retention_days,
        desk.plan if desk else DeskPlan,
    )  # fmt: skip
    cache = settings.data_dir.resolve() / "cache"
    content = LiveContent(
        ROOT, operation, cache, prepare=partial(fit_aside, ROOT, cache),
        units=lambda: UnitTable.open_usable(settings.postcodes_path),
    )  # fmt: skip
    try:
        asyncio.run(until_stopped(BotApp(settings, content, desk=desk)))
    except* ContentError as group:
        _refuse(["The content or the desk's plan has mistakes, and an unchecked answer could harm:",
                 *_said(group)])  # fmt: skip
    except* (StartError, StorageError, RejectedError, BadTokenError) as group:
        _refuse(_said(group))
    else:
        return 0
    return CANNOT_START


def _said(group: BaseExceptionGroup[Exception]) -> list[str]:
    """The sentences of all the errors in a group, however deep."""
    found: list[str] = []
    for error in group.exceptions:
        found += _said(error) if isinstance(error, BaseExceptionGroup) else [str(error)]
    return found


def _settings() -> Settings | None:
    try:
        return read_settings()
    except SettingsError as error:
        _refuse(error.problems)
        return None


def _refuse(sentences: list[str]) -> None:
    print("\n".join(["The bot does not start:", *sentences]), file=sys.stderr)


def log_to_stderr() -> None:
    """Times, levels and sentences; never what people write, and never the token."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in ("httpx", "httpcore", "telegram", "aiohttp.access", "watchfiles"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def until_stopped(app: BotApp) -> None:
    """Run until SIGINT or SIGTERM; what is not sent then is sent at the next start."""
    task = asyncio.ensure_future(app.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def new_key(given: argparse.Namespace) -> int:
    """Print a new key for DATA_KEY."""
    print(Sealer.new_key())
    return 0


def group_id(given: argparse.Namespace) -> int:
    """Print the number of each group in which the bot hears something, for two minutes."""
    settings = _settings()
    if settings is None:
        return CANNOT_START
    if settings.telegram_bot_token is None:
        _refuse(["TELEGRAM_BOT_TOKEN is not set: put it into .env first."])
        return CANNOT_START
    print("Add the bot to the staff group, or write /help there. Listening for two minutes ...")
    address = settings.telegram_api_url + settings.telegram_bot_token.get_secret_value()
    try:
        found = asyncio.run(hear_group(f"{address}/getUpdates", LISTEN_S, _show))
    except StartError as error:
        _refuse([str(error)])
        return CANNOT_START
    if not found:
        print("Heard nothing. Is the bot a member of the group?")
        return 1
    return 0


def _show(chat_id: int, kind: str, title: str) -> None:
    if kind == "private":
        print(f"A person wrote to the bot: {chat_id}    (for ON_CALL_CHAT_ID and the like)")
    else:
        print(f"STAFF_CHAT_ID={chat_id}    ({title})")
