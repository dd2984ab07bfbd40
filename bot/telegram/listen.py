"""Hears which groups the bot is in, for whoever sets it up; confirms and so loses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from telegram.error import NetworkError

from bot.telegram.startup import StartError
from bot.telegram.transport import AiohttpRequest

POLL_S = 5
PAUSE_S = 1.0
REFUSED = (401, 404)
Show = Callable[[int, str, str], None]  # a chat's id, its type, its title


async def hear_group(url: str, seconds: float, show: Show) -> bool:
    """Show each chat that something comes from, until a group is among them or time is up.

    `url` is that of getUpdates. Raises `StartError` when the token is refused.
    """
    seen: set[int] = set()
    request = AiohttpRequest()
    await request.initialize()
    try:
        async with asyncio.timeout(seconds):
            while not any(chat_id < 0 for chat_id in seen):
                for update in await _updates(request, url):
                    _note(update, seen, show)
    except TimeoutError:
        pass
    finally:
        await request.shutdown()
    return any(chat_id < 0 for chat_id in seen)


async def _updates(request: AiohttpRequest, url: str) -> list[dict[str, Any]]:
    """What waits at Telegram; nothing where the network fails."""
    try:
        code, body = await request.do_request(f"{url}?timeout={POLL_S}", "GET")
    except NetworkError:
        await asyncio.sleep(PAUSE_S)
        return []
    if code in REFUSED:
        raise StartError(
            "Telegram does not accept TELEGRAM_BOT_TOKEN. Copy it whole from @BotFather."
        )
    found: list[dict[str, Any]] = json.loads(body).get("result") or []
    if not found:
        await asyncio.sleep(PAUSE_S)
    return found


def _note(update: dict[str, Any], seen: set[int], show: Show) -> None:
    for part in update.values():
        chat = part.get("chat") if isinstance(part, dict) else None
        if chat and chat["id"] not in seen and chat["type"] != "channel":
            seen.add(chat["id"])
            show(chat["id"], chat["type"], chat.get("title", ""))
