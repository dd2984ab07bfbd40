"""Watching files: load again after every edit, and say whether that was good."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from bot.content.problems import Problem

log = logging.getLogger(__name__)
T = TypeVar("T")


async def watched(
    edits: AsyncIterator[object],
    reload: Callable[[], Awaitable[list[Problem]]],
    current: Callable[[], T],
    on_good: Callable[[T], Awaitable[None]],
    on_bad: Callable[[list[Problem]], Awaitable[None]],
) -> None:
    """Reload after every edit, until cancelled."""
    async for _ in edits:
        try:
            errors = await reload()
        except Exception as error:  # a fault of ours must not end the watching
            log.exception("an edit could not be loaded: %s", type(error).__name__)
            continue
        if errors:
            await on_bad(errors)
        else:
            await on_good(current())
