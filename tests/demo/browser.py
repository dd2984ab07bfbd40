"""What the browser tests share: where the browser is, and how a person uses the page."""

import shutil
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
GROUP = -1001000000001
WAIT_MS = 15_000
PICTURES = ROOT / "data" / "pictures"

browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(
        browser_path is None,
        reason="NO BROWSER HERE: install Chromium (tools/get_browser.sh), this test is not done",
    ),
]


async def says(page: Page, text: str) -> None:
    await page.get_by_test_id("phone-input").fill(text)
    await page.get_by_test_id("phone-input").press("Enter")


async def on_phone(page: Page, text: str) -> None:
    await expect(page.get_by_test_id("phone").get_by_text(text).last).to_be_visible(timeout=WAIT_MS)
