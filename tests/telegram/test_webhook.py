"""The webhook: stored first, then 200."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.storage.memory import MemoryStore
from bot.telegram.webhook import (
    BODY_LIMIT,
    SECRET_HEADER,
    health_handler,
    make_web_app,
    webhook_handler,
)
from tests.support.clock import HandClock

SECRET = {SECRET_HEADER: "right-secret"}
UPDATE = {"update_id": 5, "message": {"chat": {"id": 7}, "text": "hi"}}


class Bench:
    def __init__(self) -> None:
        self.store = MemoryStore()
        self.health: dict[str, Any] = {"ok": True, "inbox": 0}
        self.stored = 0
        handler = webhook_handler(self.store, "right-secret", HandClock(), self.note)
        app = make_web_app("/hook", handler, health_handler(lambda: self.health))
        self.client: Any = TestClient(TestServer(app))

    def note(self) -> None:
        self.stored += 1

    async def keys(self) -> list[str]:
        rows = await self.store.transact(lambda unit: unit.pending(0, 9))
        return [row.item.key for row in rows]


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    async with bench.client:
        yield bench


async def test_an_update_is_stored_once_and_confirmed(bench: Bench) -> None:
    for _ in range(2):
        response = await bench.client.post("/hook", json=UPDATE, headers=SECRET)
        assert response.status == 200
    assert await bench.keys() == ["u:5"]
    assert bench.stored == 2


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: "ünïcode"}])
async def test_a_wrong_secret_is_refused(bench: Bench, headers: dict[str, str]) -> None:
    response = await bench.client.post("/hook", json=UPDATE, headers=headers)
    assert response.status == 401
    assert await bench.keys() == []


async def test_a_store_that_fails_leaves_the_update_with_telegram(bench: Bench) -> None:
    await bench.store.close()
    response = await bench.client.post("/hook", json=UPDATE, headers=SECRET)
    assert response.status == 503
    assert bench.stored == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe"])
async def test_what_is_no_update_is_refused(bench: Bench, body: bytes) -> None:
    assert (await bench.client.post("/hook", data=body, headers=SECRET)).status == 400


async def test_too_much_is_refused(bench: Bench) -> None:
    body = json.dumps({"update_id": 1, "x": "x" * BODY_LIMIT}).encode()
    whole = io.BytesIO(body)
    assert (await bench.client.post("/hook", data=whole, headers=SECRET)).status == 413

    async def in_parts() -> AsyncIterator[bytes]:
        yield body

    assert (await bench.client.post("/hook", data=in_parts(), headers=SECRET)).status == 413
    assert await bench.keys() == []


async def test_health_is_shown(bench: Bench) -> None:
    response = await bench.client.get("/healthz")
    assert (response.status, await response.json()) == (200, {"ok": True, "inbox": 0})
    bench.health = {"ok": False}
    assert (await bench.client.get("/healthz")).status == 503


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="WEBHOOK_SECRET"):
        webhook_handler(MemoryStore(), "", HandClock(), lambda: None)
