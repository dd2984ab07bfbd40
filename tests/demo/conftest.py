import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from telegram import Bot

from bot.demo.api import LocalBotApi
from tests.support import spec

STAFF = -1001000000001


class HandClock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 19, 40, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what the server tells nobody about, such as a poll that has arrived."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def retry_after_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    # Otherwise python-telegram-bot 22 warns at every 429, and warnings are errors here.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def api(clock: HandClock) -> AsyncIterator[LocalBotApi]:
    api = LocalBotApi(clock=clock, seed=7, webhook_retry_s=0.02)
    await api.start()
    yield api
    await api.stop()
    check_traffic(api)


@pytest.fixture
async def bot(api: LocalBotApi) -> AsyncIterator[Bot]:
    async with Bot(api.token, base_url=api.base_url) as bot:
        yield bot


def check_traffic(api: LocalBotApi) -> None:
    """Every granted call and all that it returned must fit the Bot API's description."""
    if not spec.SPEC_FILE.is_file():
        return
    problems = []
    for call in api.calls:
        if call.ok:
            problems += spec.call_problems(call.method, call.params, call.answer["result"])
    for pending in api.backend.updates.pending:
        problems += spec.object_problems(pending.update, "Update")
    for chat in api.world.chats.values():
        for message in chat.messages.values():
            problems += spec.object_problems(message, "Message")
    assert problems == []
