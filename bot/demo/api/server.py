"""The local Bot API: one aiohttp application that a real bot talks to as to Telegram."""

import asyncio
import inspect
import json
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from bot.demo.api.acts import act
from bot.demo.api.backend import Backend, Rules
from bot.demo.api.cast import Cast, build_world, default_cast
from bot.demo.api.control import Control
from bot.demo.api.errors import ActError, ApiError
from bot.demo.api.faults import Fault, Faults
from bot.demo.api.limits import Limits, LimitSettings
from bot.demo.api.methods import ALL, PROPER_NAMES
from bot.demo.api.params import Params, read_params
from bot.demo.api.updates import UpdateQueue
from bot.demo.api.webhook import WebhookPusher
from bot.demo.api.world import Clock, Json, World

CALLS_KEPT = 10_000
LARGEST_REQUEST = 60 * 1024 * 1024
STOP_WITHIN_S = 2.0


@dataclass(frozen=True)
class Call:
    """One call of the bot's and what it was answered."""

    method: str
    params: Json
    answer: Json
    at: datetime

    @property
    def ok(self) -> bool:
        """Whether the call was granted."""
        return bool(self.answer.get("ok"))


def _utc_now() -> datetime:
    return datetime.now(UTC)


class LocalBotApi:
    """A strict Telegram on 127.0.0.1 for one bot; see DESIGN.md, section 3."""

    def __init__(
        self,
        *,
        clock: Clock = _utc_now,
        cast: Cast | None = None,
        limits: LimitSettings | None = None,
        rules: Rules | None = None,
        seed: int | None = None,
        webhook_retry_s: float = 1.0,
    ) -> None:
        self.cast = cast or default_cast()
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.stopping = False
        self.on_reset: Callable[[], None] = lambda: None
        self._clock = clock
        self._rng = random.Random(seed)  # noqa: S311 - invented ids and faults, no secrets
        self._runner: web.AppRunner | None = None
        self._port = 0
        world = build_world(self.cast, clock, self._rng)
        updates = UpdateQueue(self._rng.randrange(10**8, 9 * 10**8), world.unix_now)
        pusher = WebhookPusher(updates, world.unix_now, webhook_retry_s)
        updates.on_put = pusher.kick
        self.backend = Backend(
            world, updates, Limits(clock, limits), Faults(self._rng), pusher, rules or Rules()
        )

    @property
    def world(self) -> World:
        """Return the present world; a reset exchanges it."""
        return self.backend.world

    @property
    def faults(self) -> Faults:
        """Return the faults on purpose."""
        return self.backend.faults

    @property
    def token(self) -> str:
        """Return the bot's token."""
        return self.cast.token

    @property
    def root_url(self) -> str:
        """Return the address of the demo page."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """Return the address up to /bot, as python-telegram-bot's base_url wants it."""
        return f"{self.root_url}/bot"

    async def start(self, port: int = 0) -> None:
        """Listen on a port of this machine; 0 takes a free one."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.add_routes(Control(self).routes())
        app.add_routes(
            [
                web.route("*", "/bot{token}/{method}", self._handle_call),
                web.route("*", "/bot{token}/", self._handle_unknown),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_WITHIN_S)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        address: tuple[str, int] = self._runner.addresses[0]
        self._port = address[1]

    async def stop(self) -> None:
        """End all that waits and close the port."""
        self.stopping = True
        self.backend.updates.end_poll()
        self.world.changed.notify()
        await self.backend.pusher.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def act(self, user_id: int, verb: str, **arguments: Any) -> Any:
        """Let a person do something, as POST /demo/act does; raises ActError."""
        if verb == "reset":
            return self.reset()
        return act(self.backend, user_id, verb, arguments)

    def explain(self, chat_id: int, message_id: int, explanation: Json) -> None:
        """Keep why the bot answered a person's message, for the page to show."""
        self.world.explain(chat_id, message_id, explanation)

    def reset(self) -> bool:
        """Start over with the same cast; what the bot has set about itself stays."""
        old, new = self.world, build_world(self.cast, self._clock, self._rng)
        new.profile, new.changed, new.version = old.profile, old.changed, old.version
        new.bot, new.toasts_shown = old.bot, old.toasts_shown
        # Ids go on from where they were: the running bot still remembers the old ones.
        new.next_account_message_id = old.next_account_message_id
        for chat_id, chat in old.chats.items():
            if chat_id in new.chats:
                new.chats[chat_id].next_message_id = chat.next_message_id
        self.backend.world = new
        self.backend.updates.pending.clear()
        self.backend.limits.clear()
        self.backend.faults.clear()
        new.touch()
        self.on_reset()
        return True

    async def _handle_unknown(self, request: web.Request) -> web.Response:
        return _answer(ApiError(404, "Not Found").body())

    async def _handle_call(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.cast.token:
            return _answer(ApiError(401, "Unauthorized").body())
        name = request.match_info["method"]
        method = PROPER_NAMES.get(name.lower(), name)
        try:
            params = await read_params(request)
        except ApiError as error:
            return _answer(self._record(method, Params({}, {}), error.body()))
        fault = self.faults.take(method, _chat_id(params))
        if fault is not None and (early := await self._before(request, method, params, fault)):
            return early
        answer = self._record(method, params, await self._run(method, params))
        if fault is not None and fault.do == "drop_after":
            return _hang_up(request)
        return _answer(answer)

    async def _before(
        self, request: web.Request, method: str, params: Params, fault: Fault
    ) -> web.Response | None:
        """Do what a fault does before the call; an answer ends the call there."""
        if fault.do == "error":
            return _answer(self._record(method, params, fault.as_error().body()))
        if fault.do in ("delay", "hang"):
            await asyncio.sleep(fault.seconds)
        return _hang_up(request) if fault.do in ("hang", "drop_before") else None

    async def _run(self, method: str, params: Params) -> Json:
        function = ALL.get(method.lower())
        if function is None:
            return ApiError(404, "Not Found: method not found").body()
        try:
            result = function(self.backend, params)
            if inspect.isawaitable(result):
                result = await result
        except ApiError as error:
            return error.body()
        return {"ok": True, "result": result}

    def _record(self, method: str, params: Params, answer: Json) -> Json:
        files = {name: upload.name for name, upload in params.uploads.items()}
        # The answer is copied: its messages live on and change in the world.
        frozen: Json = json.loads(json.dumps(answer))
        values = dict(params.values) | files
        self.calls.append(Call(method, values, frozen, self.world.now()))
        return frozen


def _chat_id(params: Params) -> int | None:
    try:
        return params.integer("chat_id")
    except ApiError:
        return None


def _answer(body: Json) -> web.Response:
    return web.json_response(body, status=200 if body["ok"] else body["error_code"])


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection, so that no answer arrives."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


__all__ = ["ActError", "Call", "LocalBotApi"]
