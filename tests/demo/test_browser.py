"""The whole journey in a real browser: the demo as `make demo` starts it, clicked and typed."""

import pytest
from playwright.async_api import Page, expect

from tests.demo.browser import GROUP, PICTURES, in_browser, on_phone, says

pytestmark = in_browser


@pytest.mark.timeout(180)
async def test_from_start_to_a_closed_case(page: Page) -> None:
    await expect(page.get_by_text("Simulation", exact=False).first).to_be_visible()
    await page.get_by_test_id("start").click()
    await on_phone(page, "In danger now? Call 999.")

    await says(page, "any boxing near brixton")
    await on_phone(page, "Brixton, Lambeth")
    phone = page.get_by_test_id("phone")
    cards = phone.locator('[data-action^="see:"]')
    await expect(cards.first).to_be_visible()
    await cards.first.click()
    await on_phone(page, "Where:")

    await says(page, "anything cheaper")
    await on_phone(page, "With that in mind")

    await says(page, "then there's a man outside my door with a knife")
    await on_phone(page, "call 999")
    await on_phone(page, "I've told the team")

    staff = page.get_by_test_id("staff")
    await expect(staff.get_by_text("EMERGENCY: violence").first).to_be_visible()
    await staff.locator('[data-action="claim:1"]').click()
    await on_phone(page, "Sam from the team has read this")

    topic = page.locator('[data-testid^="topic-"]', has_text="#1 violence").first
    await topic.click()
    relayed = staff.locator(f'[data-testid^="message-{GROUP}-"]', has_text="a man outside my door")
    await expect(relayed.last).to_be_visible()
    number = (await relayed.last.get_attribute("data-testid")).rpartition("-")[2]
    await page.get_by_test_id(f"reply-{GROUP}-{number}").click()
    await page.get_by_test_id("staff-input").fill("I'm here. Stay inside, are you on to 999?")
    await page.get_by_test_id("staff-send").click()
    await on_phone(page, "Stay inside, are you on to 999?")
    await expect(staff.get_by_text("👍").first).to_be_visible()

    await says(page, "yes they are coming")
    await expect(staff.get_by_text("yes they are coming").last).to_be_visible()
    PICTURES.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=PICTURES / "conversation.png")

    await page.get_by_test_id("topic-general").click()
    await staff.locator('[data-action="close:1"]').click()
    await staff.locator('[data-action="end:1:emergency"]').click()
    await on_phone(page, "closed for now")
    await expect(staff.get_by_text("Closed by Sam").first).to_be_visible()


@pytest.mark.timeout(120)
async def test_by_keyboard_alone_on_a_narrow_phone(page: Page) -> None:
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.get_by_test_id("phone-input").focus()
    await page.keyboard.type("hello")
    await page.keyboard.press("Enter")
    await on_phone(page, "What's up?")
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
