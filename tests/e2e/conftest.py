from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo.api import LocalBotApi
from tests.support import spec
from tests.support.running import RunningBot


@pytest.fixture
async def api() -> AsyncIterator[LocalBotApi]:
    """A local Telegram; at the end every call and object is held against the Bot API's data."""
    api = LocalBotApi(seed=5, webhook_retry_s=0.05)
    await api.start()
    yield api
    await api.stop()
    if not spec.SPEC_FILE.is_file():
        return
    problems = []
    for call in api.calls:
        if call.ok:
            problems += spec.call_problems(call.method, call.params, call.answer["result"])
    assert problems == []


@pytest.fixture
async def bot(api: LocalBotApi, tmp_path: Path) -> AsyncIterator[RunningBot]:
    bot = RunningBot(api, tmp_path)
    await bot.start()
    yield bot
    await bot.stop()
