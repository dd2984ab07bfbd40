"""Pushing updates to the bot's webhook: in order per chat, again until it answers 2xx."""

import asyncio
from collections.abc import Callable

import aiohttp

from bot.demo.api.updates import Pending, UpdateQueue, Webhook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
LONGEST_WAIT_S = 60.0


class WebhookPusher:
    """Pushes what waits in the queue, one request per chat at a time."""

    def __init__(
        self, queue: UpdateQueue, unix_now: Callable[[], int], first_wait_s: float = 1.0
    ) -> None:
        self._queue = queue
        self._unix_now = unix_now
        self._first_wait_s = first_wait_s
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    def kick(self) -> None:
        """Start a lane for each chat that has updates and none running."""
        webhook = self._queue.webhook
        if webhook is None:
            return
        for item in self._queue.pending:
            if len(self._lanes) >= webhook.max_connections:
                return
            if item.lane not in self._lanes:
                self._lanes[item.lane] = asyncio.create_task(self._run(item.lane, webhook))

    def restart(self) -> None:
        """End all lanes and begin again, as the webhook has changed."""
        lanes, self._lanes = self._lanes, {}
        for task in lanes.values():
            task.cancel()
        self.kick()

    async def stop(self) -> None:
        """End all lanes and close the connections."""
        lanes, self._lanes = list(self._lanes.values()), {}
        for task in lanes:
            task.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _run(self, lane: int, webhook: Webhook) -> None:
        failures = 0
        while self._queue.webhook is webhook and (item := self._queue.first_of(lane)):
            problem = await self._push(webhook, item)
            if problem is None:
                self._queue.done(item)
                failures = 0
            else:
                webhook.last_error_date, webhook.last_error_message = self._unix_now(), problem
                await asyncio.sleep(self._wait_s(failures))
                failures += 1
        if self._lanes.get(lane) is asyncio.current_task():
            del self._lanes[lane]
            self.kick()

    def _wait_s(self, failures: int) -> float:
        # Telegram waits 1 s, 1 s, 2 s, 4 s ... between its attempts.
        return min(self._first_wait_s * float(2 ** max(0, failures - 1)), LONGEST_WAIT_S)

    async def _push(self, webhook: Webhook, item: Pending) -> str | None:
        headers = {SECRET_HEADER: webhook.secret_token} if webhook.secret_token else {}
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        try:
            async with self._session.post(webhook.url, json=item.update, headers=headers) as answer:
                if 200 <= answer.status < 300:
                    return None
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            return "Read timeout expired"
        except (aiohttp.ClientError, OSError):
            return "Connection refused"
