"""Long polling that confirms an update only after it is stored."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from telegram.error import NetworkError

from bot.delivery.clock import Clock
from bot.delivery.errors import StorageError
from bot.delivery.ports import Store
from bot.telegram.incoming import incoming
from bot.telegram.transport import AiohttpRequest

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 1.0
PAUSE_FACTOR = 1.5
LONGEST_PAUSE_S = 5.0  # somebody may have written of a danger meanwhile
CONFLICT_PAUSE_S = 10.0
# After a week without updates Telegram numbers them afresh: an old offset could confirm, and so
# lose, a lower number. Without one, repeats come, and the inbox knows them.
OFFSET_VALID = timedelta(days=1)
BATCH = 100


class BadTokenError(Exception):
    """Telegram refuses the token."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram refuses TELEGRAM_BOT_TOKEN. Copy the token again from @BotFather into .env "
            "(it looks like 123456789:AA...), then start the bot again."
        )


class _RefusedError(Exception):
    """An answer that is no batch of updates."""

    def __init__(self, status: int, retry_after_s: float | None = None) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.retry_after_s = retry_after_s


class Poller:
    """Fetches updates, stores them, and only then confirms them.

    Args:
        request: a transport used for nothing else.
        base_url: up to and with "/bot", the token follows.
        token: of the bot.
        store: where the inbox is.
        clock: the time.
        on_stored: called after updates were stored; it wakes the inbox.
        allowed_updates: the kinds to ask for.
        poll_s: how long Telegram may keep a request open when there is nothing.
    """

    def __init__(
        self,
        request: AiohttpRequest,
        base_url: str,
        token: str,
        store: Store,
        clock: Clock,
        on_stored: Callable[[], None],
        allowed_updates: Sequence[str],
        *,
        poll_s: int = 30,
    ) -> None:
        self._request = request
        self._url = f"{base_url}{token}/getUpdates"
        self._store = store
        self._clock = clock
        self._on_stored = on_stored
        self._allowed = list(allowed_updates)
        self._poll_s = poll_s
        self._offset: int | None = None
        self._offset_at: datetime | None = None
        self._failures = 0
        self.ticked_at: datetime | None = None

    async def run(self) -> None:
        """Run until cancelled; BadTokenError when the token is refused, nothing else ends it."""
        while True:
            pause = await self._step()
            self.ticked_at = self._clock.now()
            if pause:
                await self._clock.sleep(pause)

    async def _step(self) -> float:
        """One request; seconds to wait before the next."""
        try:
            await self._keep(await self._fetch())
        except _RefusedError as error:
            return self._refused(error)
        except NetworkError as error:
            log.warning("getUpdates: %s", type(error).__name__)
        except StorageError as error:
            # Not confirmed: Telegram keeps the updates until the store works again.
            log.error("updates cannot be stored: %s", error)
        else:
            self._failures = 0
            return 0.0
        return self._longer_pause()

    def _refused(self, error: _RefusedError) -> float:
        if error.status in (401, 404):
            raise BadTokenError from None
        if error.status == 409:
            log.error(
                "Another program fetches this bot's updates, or a webhook is set (409). "
                "Stop the other one; this one tries again in %d s.",
                CONFLICT_PAUSE_S,
            )
            return CONFLICT_PAUSE_S
        log.warning("getUpdates: status %d", error.status)
        return max(self._longer_pause(), error.retry_after_s or 0.0)

    def _longer_pause(self) -> float:
        # The power is bounded before it is taken: a network hole may last for days.
        pause = FIRST_PAUSE_S * PAUSE_FACTOR ** min(self._failures, 20)
        self._failures += 1
        return min(pause, LONGEST_PAUSE_S)

    async def _fetch(self) -> list[Any]:
        body: dict[str, Any] = {
            "limit": BATCH,
            "timeout": self._poll_s,
            "allowed_updates": self._allowed,
        }
        offset = self._current_offset()
        if offset is not None:
            body["offset"] = offset
        status, payload = await self._request.post_json(self._url, body, self._poll_s + 10.0)
        answer = _parse(payload)
        if status != 200 or answer.get("ok") is not True:
            retry_after = (answer.get("parameters") or {}).get("retry_after")
            raise _RefusedError(status, retry_after)
        return list(answer.get("result") or ())

    def _current_offset(self) -> int | None:
        if self._offset_at is not None and self._clock.now() - self._offset_at > OFFSET_VALID:
            self._offset = None
        return self._offset

    async def _keep(self, updates: list[Any]) -> None:
        items = [incoming(update) for update in updates if isinstance(update, dict)]
        if not items:
            return
        now = self._clock.now()
        await self._store.transact(lambda unit: unit.add_incoming(items, now))
        numbers = [item.payload.get("update_id") for item in items]
        known = [number for number in numbers if isinstance(number, int)]
        if known:
            self._offset, self._offset_at = max(known) + 1, now
        self._on_stored()


def _parse(payload: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(payload)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
