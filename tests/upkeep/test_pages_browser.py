"""The pages in a real browser: on a narrow phone, on a wide screen, and as A4 on paper."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright

from bot.content.directory_files import load_directory
from bot.content.word_files import load_activities
from bot.content.wording_files import load_wording
from bot.conversation.world import SERVED
from bot.upkeep.pages import Printing, slug, write_pages

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PICTURES = ROOT / "data" / "pictures"
NAMES = [f"{slug(one)}{kind}" for one in SERVED for kind in ("", "-poster")]

browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        browser_path is None,
        reason="NO BROWSER HERE: install Chromium (tools/get_browser.sh), this test is not done",
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    how = Printing("a_rather_long_name_for_some_bot", "The Example Trust for Young People",
                   "weekdays 10:00 to 18:00", date(2026, 11, 27))  # fmt: skip
    activities, _ = load_activities(ROOT)
    wording, _ = load_wording(ROOT)
    write_pages(folder, load_directory(ROOT)[0], activities, wording, how)
    return folder


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        yield await browser.new_page(viewport={"width": 360, "height": 740})
        await browser.close()


@pytest.mark.timeout(120)
async def test_no_page_is_wider_than_a_phone_and_none_fetches_anything(
    page: Page, folder: Path
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in NAMES:
        await page.goto(f"{(folder / name).as_uri()}.html")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360, name
    assert [url.rpartition("/")[2] for url in asked] == [f"{name}.html" for name in NAMES]


@pytest.mark.timeout(180)
async def test_a_poster_is_one_sheet_of_a4_and_a_page_few(page: Page, folder: Path) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        await page.goto(f"{(folder / name).as_uri()}.html")
        printed = await page.pdf(prefer_css_page_size=True)
        sheets = len(re.findall(rb"/Type\s*/Page\b", printed))
        # Chromium rounds A4 to whole points.
        width, height = map(
            float, re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)[0]
        )
        assert (round(width), round(height)) in {(595, 842), (596, 842)}, name
        assert sheets == 1 if name.endswith("-poster") else 2 <= sheets <= 7, (name, sheets)
        if name.startswith("lambeth"):
            (PICTURES / f"{name}.pdf").write_bytes(printed)
            await page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@pytest.mark.timeout(60)
async def test_every_link_has_a_name_and_the_parts_can_be_found_without_seeing(
    page: Page, folder: Path
) -> None:
    await page.goto(f"{(folder / 'lambeth').as_uri()}.html")
    names = await page.evaluate("[...document.links].map(a => a.textContent.trim())")
    assert names
    assert all(names)
    assert await page.get_by_role("navigation").count() == 1
    assert await page.get_by_role("main").count() == 1
    assert await page.get_by_role("contentinfo").count() == 1
    code = page.get_by_role("img", name=re.compile("QR code that opens the Telegram bot"))
    assert await code.count() == 1
    await page.keyboard.press("Tab")
    skip = await page.evaluate("document.activeElement.textContent")
    assert skip == "Skip to the places"


@pytest.mark.timeout(60)
async def test_words_are_dark_enough_to_read(page: Page, folder: Path) -> None:
    """Every colour of text against white: at least 4.5 to 1, as WCAG 2.2 AA asks."""
    for name in ("lambeth", "lambeth-poster"):
        await page.goto(f"{(folder / name).as_uri()}.html")
        colours = await page.evaluate(
            "[...document.querySelectorAll('body *')].map(e => getComputedStyle(e).color)"
        )
        assert len(set(colours)) >= 2
        for colour in set(colours):
            parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
            line = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
            light = 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]
            assert 1.05 / (light + 0.05) >= 4.5, colour
