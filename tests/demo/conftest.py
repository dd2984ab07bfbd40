import asyncio
import re
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, async_playwright
from telegram import Bot

from bot.demo.api import LocalBotApi
from tests.demo.browser import ARGUMENTS, ROOT, WAIT_MS, browser_path
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


@pytest.fixture
async def demo() -> AsyncIterator[str]:
    """The demo as a process of its own; its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "run_bot.py", "demo", "--no-browser", "--port", "0",
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        address = ""
        async with asyncio.timeout(90):
            while line := (await process.stdout.readline()).decode():
                found = re.search(r"http://\S+", line)
                address = found[0] if found else address
                if "ready" in line:
                    break
        assert address
        yield address
    finally:
        process.terminate()
        await process.communicate()


@pytest.fixture
async def page(demo: str) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": 1280, "height": 860})
        page.set_default_timeout(WAIT_MS)
        await page.goto(demo)
        yield page
        await browser.close()
