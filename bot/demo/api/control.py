"""The demo's own routes: the page, the state, its changes, and people's acts."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from bot.demo.api.errors import ActError
from bot.demo.api.state import snapshot

if TYPE_CHECKING:
    from bot.demo.api.server import LocalBotApi

PAGE = Path(__file__).parent.parent / "page"
EVENTS_A_SECOND = 20
PING_S = 15
SHOWN_IN_PAGE = frozenset({"image/png", "image/jpeg"})


class Control:
    """The handlers of /, /page and /demo."""

    def __init__(self, api: "LocalBotApi") -> None:
        self._api = api

    def routes(self) -> list[web.AbstractRouteDef]:
        """Return the routes to be added to the application."""
        static: list[web.AbstractRouteDef] = [web.static("/page", PAGE)] if PAGE.is_dir() else []
        return [
            web.get("/", self.page),
            web.get("/demo/state", self.state),
            web.get("/demo/events", self.events),
            web.post("/demo/act", self.act),
            web.get("/demo/why", self.why),
            web.get("/demo/file", self.file),
            *static,
        ]

    async def page(self, request: web.Request) -> web.StreamResponse:
        """Serve the page's first file."""
        index = PAGE / "index.html"
        if not index.is_file():
            raise web.HTTPNotFound(text="bot/demo/page/index.html is missing")
        return web.FileResponse(index, headers={"Cache-Control": "no-store"})

    async def state(self, request: web.Request) -> web.Response:
        """Serve the snapshot."""
        return web.json_response(snapshot(self._api.backend))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Tell the page whenever the state has changed, at most 20 times a second."""
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        stream = web.StreamResponse(headers=headers)
        await stream.prepare(request)
        told = -1
        while not self._api.stopping:
            if told != self._api.world.version:
                told = self._api.world.version
                line = f"data: {json.dumps({'version': told})}\n\n"
            else:
                line = ": still here\n\n"
            try:
                await stream.write(line.encode())
            except ConnectionError:
                break
            await asyncio.sleep(1 / EVENTS_A_SECOND)
            if told == self._api.world.version and not self._api.stopping:
                await self._api.world.changed.wait(PING_S)
        return stream

    async def act(self, request: web.Request) -> web.Response:
        """Let a person do something."""
        # Only JSON: a foreign web page cannot send that here without asking the browser first.
        if request.content_type != "application/json":
            return _refused("send application/json")
        try:
            given = await request.json()
        except ValueError:
            return _refused("the body is no JSON")
        if not isinstance(given, dict) or not isinstance(given.get("do"), str):
            return _refused("send an object with as and do")
        who, verb = given.pop("as", 0), given.pop("do")
        if isinstance(who, bool) or not isinstance(who, int):
            return _refused("as must be a user id")
        try:
            result = self._api.act(who, verb, **{str(k): v for k, v in given.items()})
        except ActError as error:
            return _refused(str(error))
        return web.json_response({"ok": True, "result": result})

    async def why(self, request: web.Request) -> web.Response:
        """Serve the bot's explanation for one message."""
        key = f"{request.query.get('chat_id')}:{request.query.get('message_id')}"
        explanation = self._api.world.explanations.get(key)
        if explanation is None:
            return web.json_response({"ok": False, "error": "no explanation"}, status=404)
        return web.json_response(explanation)

    async def file(self, request: web.Request) -> web.Response:
        """Serve a file that the bot uploaded; only pictures are shown, all else is downloaded."""
        file = self._api.world.files.get(request.query.get("id", ""))
        if file is None:
            return web.json_response({"ok": False, "error": "no such file"}, status=404)
        shown = file.mime_type in SHOWN_IN_PAGE
        # Never as a page of this site: a file may hold words that people wrote.
        kind = file.mime_type if shown else "application/octet-stream"
        way = "inline" if shown else "attachment"
        name = quote(file.name.replace("/", "_"))
        return web.Response(body=file.content, content_type=kind, headers={
            "Content-Disposition": f"{way}; filename*=UTF-8''{name}",
            "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
        })  # fmt: skip


def _refused(reason: str) -> web.Response:
    return web.json_response({"ok": False, "error": reason}, status=400)
