"""A local Bot API and a real bot over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.demo.api import LocalBotApi
from bot.telegram.transport import AiohttpRequest


@pytest.fixture(autouse=True)
def retry_after_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    # Otherwise python-telegram-bot 22 warns at every 429, and warnings are errors here.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def api() -> AsyncIterator[LocalBotApi]:
    api = LocalBotApi(seed=7, webhook_retry_s=0.02)
    await api.start()
    yield api
    await api.stop()


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    request = AiohttpRequest(read_timeout_s=2.0)
    await request.initialize()
    yield request
    await request.shutdown()


@pytest.fixture
async def bot(api: LocalBotApi) -> AsyncIterator[Bot]:
    transports = [AiohttpRequest(read_timeout_s=0.5) for _ in range(2)]
    async with Bot(
        api.token, base_url=api.base_url, request=transports[0], get_updates_request=transports[1]
    ) as bot:
        yield bot
