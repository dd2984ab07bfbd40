"""A whole shift in a real browser: three cases, two workers, hand-over, failure, close, report."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.demo.browser import GROUP, PICTURES, in_browser, on_phone, says

pytestmark = in_browser
PATIENCE_MS = 90_000  # the group takes 20 messages a minute, and what is less urgent waits
AYO, KAI, ZEE, SAM, MAYA = 5001, 5002, 5003, 9001, 9002


async def person(page: Page, number: int) -> None:
    await page.get_by_test_id(f"person-tab-{number}").click()


async def worker(page: Page, number: int) -> None:
    await page.get_by_test_id(f"worker-tab-{number}").click()


async def room(page: Page, case: int | None) -> None:
    if case is None:
        await page.get_by_test_id("topic-general").click()
    else:
        await page.locator('[data-testid^="topic-"]', has_text=f"#{case} ").first.click()


async def press(page: Page, action: str) -> None:
    button = page.get_by_test_id("staff").locator(f'[data-action="{action}"]').last
    await button.click(timeout=PATIENCE_MS)


async def pick(page: Page, start: str) -> None:
    """The same by how the action begins."""
    button = page.get_by_test_id("staff").locator(f'[data-action^="{start}"]').last
    await button.click(timeout=PATIENCE_MS)


async def shown(page: Page, text: str) -> Locator:
    found = page.get_by_test_id("staff").get_by_text(text).last
    await expect(found).to_be_visible(timeout=PATIENCE_MS)
    return found


async def writes(page: Page, text: str, under: str = "") -> None:
    """A worker writes, as a reply to the message with these words if any are given."""
    if under:
        staff = page.get_by_test_id("staff")
        target = staff.locator(f'[data-testid^="message-{GROUP}-"]', has_text=under).last
        await expect(target).to_be_visible(timeout=PATIENCE_MS)
        number = (await target.get_attribute("data-testid") or "").rpartition("-")[2]
        await page.get_by_test_id(f"reply-{GROUP}-{number}").click()
    await page.get_by_test_id("staff-input").fill(text)
    await page.get_by_test_id("staff-send").click()


@pytest.mark.timeout(600)
async def test_three_cases_two_workers_and_a_report(page: Page) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    await person(page, AYO)
    await says(page, "theres a man outside my door with a knife")
    await on_phone(page, "I've told the team")
    await person(page, KAI)
    await says(page, "i want to kill myself tonight")
    await on_phone(page, "I've told the team")
    await worker(page, SAM)
    await room(page, None)
    await press(page, "claim:1")
    await worker(page, MAYA)
    await press(page, "claim:2")
    await shown(page, "Maya has this")

    await _answers(page)
    await _hands_over(page)
    await _fails(page)
    await _ends(page)


async def _answers(page: Page) -> None:
    # Sam answers in words, then with a ready reply, which is seen before it goes.
    await worker(page, SAM)
    await room(page, 1)
    await writes(page, "Is the door locked? Stay away from it.", "with a knife")
    await person(page, AYO)
    await on_phone(page, "Is the door locked?")
    await shown(page, "👍")
    await writes(page, "/r slow")
    await pick(page, "r-pick:1:")
    await pick(page, "r-send:1:")
    await on_phone(page, "Sam from the team")
    await page.screenshot(path=PICTURES / "desk.png")


async def _hands_over(page: Page) -> None:
    # Maya has to go: she asks Sam, who takes it over; the young person is told.
    await worker(page, MAYA)
    await room(page, None)
    await press(page, "more:2")
    await press(page, "hand:2")
    await press(page, f"give:2:{SAM}")
    await worker(page, SAM)
    await room(page, None)
    await press(page, "claim:2")
    await shown(page, "Sam has this")
    await person(page, KAI)
    await on_phone(page, "Sam")


async def _fails(page: Page) -> None:
    # Zee asks for a person and then blocks the bot: what Sam writes does not arrive, and says so.
    await person(page, ZEE)
    await says(page, "can i talk to a real person please")
    await on_phone(page, "the team")
    await room(page, None)
    await press(page, "claim:3")
    await page.get_by_test_id("block").click()
    await room(page, 3)
    await writes(page, "Hi, I am here now.", "real person")
    await shown(page, "💔")


async def _ends(page: Page) -> None:
    # Over: how it ended, who was told, and the card says so.
    await room(page, None)
    for action in ("close:1", "end:1:emergency", "told:1:done", "agreed:1:yes", "why:1:skip"):
        await press(page, action)
    await person(page, AYO)
    await on_phone(page, "closed for now")
    await shown(page, "Closed by Sam")

    await writes(page, "/open")
    await shown(page, "Open cases")
    await writes(page, "/stats 4")
    picture = page.get_by_test_id("staff").locator("img").last
    await expect(picture).to_be_visible(timeout=PATIENCE_MS)
    await page.screenshot(path=PICTURES / "report.png")
