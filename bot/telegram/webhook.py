"""Receives updates by webhook: stored first, then confirmed with 200."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.delivery.clock import Clock
from bot.delivery.errors import StorageError
from bot.delivery.ports import Store
from bot.telegram.incoming import incoming

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name, no secret
BODY_LIMIT = 1024 * 1024  # bytes; a real update is far smaller

Handler = Callable[[web.Request], Awaitable[web.Response]]


def webhook_handler(
    store: Store, secret: str, clock: Clock, on_stored: Callable[[], None]
) -> Handler:
    """A handler for Telegram's POST requests.

    Answers 200 when the update is stored, 401 for a wrong secret, 400 for what is no update, 413
    for too much, 503 when it cannot be stored (Telegram repeats it).

    Raises:
        ValueError: no secret: anybody could write in another person's name.
    """
    if not secret:
        raise ValueError("WEBHOOK_SECRET is empty: set 20 or more letters and digits")
    wanted = secret.encode()

    async def handle(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, wanted):
            return web.Response(status=401)
        update = await _read_update(request)
        if update is None:
            return web.Response(status=400)
        item, now = incoming(update), clock.now()
        try:
            await store.transact(lambda unit: unit.add_incoming([item], now))
        except StorageError as error:
            log.error("an update cannot be stored: %s", error)
            return web.Response(status=503, headers={"Retry-After": "2"})
        on_stored()
        return web.Response()

    return handle


async def _read_update(request: web.Request) -> dict[str, Any] | None:
    if (request.content_length or 0) > BODY_LIMIT:
        raise web.HTTPRequestEntityTooLarge(BODY_LIMIT, request.content_length or 0)
    try:
        update = json.loads(await request.read())
    except ValueError:
        return None
    return update if isinstance(update, dict) else None


def health_handler(health: Callable[[], dict[str, Any]]) -> Handler:
    """A handler for /healthz: 200 while `health()["ok"]` is true, else 503, with the details."""

    async def handle(request: web.Request) -> web.Response:
        report = health()
        return web.json_response(report, status=200 if report.get("ok") else 503)

    return handle


def make_web_app(webhook_path: str, webhook: Handler | None, health: Handler) -> web.Application:
    """The server's routes; without a webhook only /healthz."""
    app = web.Application(client_max_size=BODY_LIMIT)
    app.router.add_get("/healthz", health)
    if webhook is not None:
        app.router.add_post(webhook_path, webhook)
    return app
