"""Draws a report: a portrait picture that reads well on a phone. Run as a process of its own.

One blue on white, dark enough for all kinds of colour sight; every bar has its number in words.
"""

from __future__ import annotations

import io
import json
import os
import sys
import unicodedata
from functools import cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

WIDTH, MARGIN = 1080, 64
INSIDE = WIDTH - 2 * MARGIN
PAPER, INK, FAINT = "#ffffff", "#1a1a1a", "#555555"
BLUE, PALE = "#0072b2", "#e6f1f8"  # Okabe and Ito's blue, and a tint of it
TITLE, HUGE, BIG, VALUE, HEAD, TEXT, SMALL = 64, 112, 66, 52, 46, 38, 33
NICENESS = 10  # answering young people goes first

# Signs that Pillow's typeface lacks, as the nearest that it has.
PLAIN = str.maketrans({"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...",
                       "·": "-", "\N{NO-BREAK SPACE}": " "})  # fmt: skip

Json = dict[str, Any]
Font = ImageFont.FreeTypeFont


@cache
def font(size: int) -> Font:
    """Pillow's own typeface, so that the picture looks the same on every machine."""
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont)  # Pillow's wheels have FreeType
    return found


class Page:
    """A roll of paper that is written from the top down; `y` is where to go on."""

    def __init__(self, height: int) -> None:
        self.image = Image.new("RGB", (WIDTH, height), PAPER)
        self.pen = ImageDraw.Draw(self.image)
        self.y = MARGIN

    def text(self, x: float, y: float, words: str, size: int, fill: str = INK, *,
             anchor: str = "la", bold: bool = False) -> None:  # fmt: skip
        """Words at a place."""
        weight = max(1, size // 40) if bold else 0
        self.pen.text((x, y), drawable(words), fill, font(size), anchor=anchor,
                      stroke_width=weight, stroke_fill=fill)  # fmt: skip

    def paragraph(self, words: str, size: int, fill: str = INK, *, bold: bool = False) -> None:
        """Words over the whole width, in as many lines as it takes."""
        for line in wrapped(words, size, INSIDE):
            self.text(MARGIN, self.y, line, size, fill, bold=bold)
            self.y += round(size * 1.3)

    def gap(self, height: int) -> None:
        """Leave room."""
        self.y += height


@cache
def _box(sign: str) -> bytes:
    return bytes(font(TEXT).getmask(sign))


def drawable(words: str) -> str:
    """In signs that the typeface has: what it lacks, accents too, would be drawn as boxes."""
    plain = unicodedata.normalize("NFKD", words.translate(PLAIN))
    return "".join(s for s in plain if s.isspace() or _box(s) != _box("\uffff"))


def wrapped(words: str, size: int, width: float, most: int = 99) -> list[str]:
    """Lines that fit a width; where they are more than `most`, the last one ends in dots."""
    lines = [""]
    for word in drawable(words).split():
        longer = f"{lines[-1]} {word}".strip()
        if font(size).getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]}..."]
    return [shortened(line, size, width) for line in lines]


def shortened(words: str, size: int, width: float) -> str:
    """A line that fits, cut where it must be."""
    if font(size).getlength(words) <= width:
        return words
    while words and font(size).getlength(f"{words}...") > width:
        words = words[:-1]
    return f"{words.rstrip()}..."


def draw(sheet: Json) -> bytes:
    """The report as PNG, as high as it needs to be."""
    height = _write(Page(8000), sheet) + MARGIN
    page = Page(height)
    _write(page, sheet)
    out = io.BytesIO()
    page.image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _write(page: Page, sheet: Json) -> int:
    page.paragraph(sheet["title"], TITLE, bold=True)
    page.paragraph(sheet["span"], TEXT, FAINT)
    page.gap(6)
    _first(page, sheet["first"])
    if sheet["tiles"]:
        _tiles(page, sheet["tiles"])
    for line in sheet["lines"]:
        page.paragraph(line, TEXT)
        page.gap(4)
    charts = sheet["charts"]
    while charts:
        # Two with columns share the width; bars that lie need all of it.
        beside = 2 if all(chart["columns"] for chart in charts[:2]) else 1
        _rule(page)
        _row(page, charts[:beside])
        charts = charts[beside:]
    page.gap(30)
    page.paragraph(sheet["foot"], SMALL, FAINT)
    return page.y


def _rule(page: Page) -> None:
    page.gap(16)
    page.pen.line((MARGIN, page.y, WIDTH - MARGIN, page.y), "#cccccc", 3)
    page.gap(22)


def _first(page: Page, tile: Json) -> None:
    size = HUGE if font(HUGE).getlength(tile["value"]) < INSIDE / 2 else BIG
    page.text(MARGIN, page.y + HUGE, tile["value"], size, BLUE, anchor="ls", bold=True)
    beside = MARGIN + font(size).getlength(drawable(tile["value"])) + 28
    page.text(beside, page.y + HUGE, tile["label"], HEAD, anchor="ls")
    page.y += HUGE + 40


def _tiles(page: Page, tiles: list[Json]) -> None:
    """A number and what it is, one below the other."""
    step, pad = 64, 20
    height = step * len(tiles) + 2 * pad
    page.pen.rounded_rectangle((MARGIN, page.y, WIDTH - MARGIN, page.y + height), 24, PALE)
    numbers = max(font(VALUE).getlength(drawable(tile["value"])) for tile in tiles)
    x = MARGIN + 36 + numbers
    for n, tile in enumerate(tiles):
        line = page.y + pad + step * n + 48
        page.text(x, line, tile["value"], VALUE, BLUE, anchor="rs", bold=True)
        room = WIDTH - MARGIN - 24 - (x + 30)
        page.text(x + 30, line, shortened(drawable(tile["label"]), TEXT, room), TEXT, anchor="ls")
    page.y += height + 24


def _row(page: Page, charts: list[Json]) -> None:
    between = 60
    width = (INSIDE - between * (len(charts) - 1)) / len(charts)
    top, low = page.y, page.y
    for n, chart in enumerate(charts):
        page.y, x = top, MARGIN + n * (width + between)
        page.text(x, page.y, shortened(drawable(chart["title"]), HEAD, width), HEAD, bold=True)
        page.y += 70
        if not chart["bars"]:
            page.text(x, page.y, chart["empty"], TEXT, FAINT)
            page.y += 54
        elif chart["columns"]:
            _columns(page, chart["bars"], x, width)
        else:
            _bars(page, chart)
        low = max(low, page.y)
    page.y = low


def _bars(page: Page, chart: Json) -> None:
    """Lying: label, time and number above, the bar below."""
    bars, heads = chart["bars"], chart["heads"]
    longest = max(bar["length"] for bar in bars) or 1
    right, notes = WIDTH - MARGIN, WIDTH - MARGIN - 130
    room = (notes - 210 if heads else right - 110) - MARGIN
    if heads:
        page.text(notes, page.y - 40, heads[0], SMALL, FAINT, anchor="rs")
        page.text(right, page.y - 40, heads[1], SMALL, FAINT, anchor="rs")
    for bar in bars:
        page.text(MARGIN, page.y, shortened(drawable(bar["label"]), TEXT, room), TEXT)
        page.text(right, page.y, bar["value"], TEXT, anchor="ra", bold=True)
        if heads:
            page.text(notes, page.y, bar["note"], TEXT, FAINT, anchor="ra")
        page.gap(46)
        length = max(10, round(INSIDE * bar["length"] / longest))
        page.pen.rounded_rectangle((MARGIN, page.y, MARGIN + length, page.y + 16), 6, BLUE)
        page.gap(26)


def _columns(page: Page, bars: list[Json], x: float, width: float) -> None:
    """Standing, in the order of time, with their numbers on top where there is room for them."""
    high, step = 190, width / len(bars)
    tallest = max(bar["length"] for bar in bars) or 1
    base = page.y + high + 44
    widest = max(font(SMALL).getlength(bar["short"]) for bar in bars)
    every = 1 if step >= widest + 6 else -(-len(bars) // 4)
    for n, bar in enumerate(bars):
        middle = x + step * (n + 0.5)
        height = round(high * bar["length"] / tallest)
        half = min(step * 0.38, 60)
        if height:
            page.pen.rectangle((middle - half, base - height, middle + half, base), BLUE)
        if step >= font(SMALL).getlength(bar["value"]) + 6 or bar["length"] == tallest:
            page.text(middle, base - height - 10, bar["value"], SMALL, anchor="ms", bold=True)
        if n % every == 0:
            page.text(middle, base + 12, bar["short"], SMALL, FAINT, anchor="ma")
    page.pen.line((x, base, x + width, base), FAINT, 3)
    page.y = base + 62


def main() -> None:
    """Sheet as JSON in, PNG out."""
    os.nice(NICENESS)
    sys.stdout.buffer.write(draw(json.load(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
