"""A worker's formatting, made safe: what Telegram shows a person, cut where it is too long.

Whatever comes in, what goes out is sound: only tags that are known, all of them closed, in every
piece. Links to accounts are taken out: nobody's account is shown to a young person.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from html.parser import HTMLParser

from bot.telegram.render import LONGEST, cut_at, units

PLAIN_TAGS = frozenset({"b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler"})
SAME = {"strong": "b", "em": "i", "ins": "u", "strike": "s", "del": "s"}
LINKS = ("http://", "https://", "mailto:", "tel:")


@dataclass(frozen=True, slots=True)
class Run:
    """Words with the tags around them, outermost first."""

    text: str
    tags: tuple[str, ...] = ()


def pieces(markup: str, header: int = 0) -> list[str]:
    """Formatted text as messages that each fit, the first one with room for a header of `header`.

    Telegram counts what is shown, not the tags, and so does this; only space at a cut is lost.
    """
    runs = _runs(markup)
    whole = "".join(run.text for run in runs)
    found: list[str] = []
    start, room = 0, LONGEST - header
    while start < len(whole):
        rest = whole[start:]
        end = start + (len(rest) if units(rest) <= room else max(cut_at(rest, room), 1))
        if whole[start:end].strip():
            found.append(_rendered(runs, start, end))
            room = LONGEST
        start = end
        while start < len(whole) and whole[start] in "\n " and found:
            start += 1
    return found


class _Reader(HTMLParser):
    """Reads markup into runs; a tag that is not known leaves its words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self._open: list[tuple[str, str | None]] = []  # as written, and as shown if at all

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag that Telegram knows and that is not open already."""
        shown = _shown(tag, dict(attrs))
        if shown is not None and any(shown == other for _, other in self._open):
            shown = None
        inside = {other for _, other in self._open}
        if shown == "code" and "pre" in inside:
            shown = None  # the language of a block of code
        self._open.append((tag, shown))

    def handle_endtag(self, tag: str) -> None:
        """Close the tag, and what was left open inside it."""
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        """Words stand under the tags that are open."""
        self.runs.append(Run(data, tuple(shown for _, shown in self._open if shown)))


def _shown(tag: str, attributes: dict[str, str | None]) -> str | None:
    if tag == "span" and attributes.get("class") == "tg-spoiler":
        return "tg-spoiler"
    if tag == "a":
        href = (attributes.get("href") or "").strip()
        return f'a href="{html.escape(href)}"' if href.lower().startswith(LINKS) else None
    tag = SAME.get(tag, tag)
    return tag if tag in PLAIN_TAGS else None


def _runs(markup: str) -> list[Run]:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.runs


def _rendered(runs: list[Run], start: int, end: int) -> str:
    """The words from `start` to `end`, each run under its own tags."""
    shown: list[str] = []
    at = 0
    open_tags: tuple[str, ...] = ()
    for run in runs:
        text = run.text[max(start - at, 0) : max(end - at, 0)]
        at += len(run.text)
        if not text:
            continue
        same = _shared(open_tags, run.tags)
        shown += [f"</{tag.split()[0]}>" for tag in reversed(open_tags[same:])]
        shown += [f"<{tag}>" for tag in run.tags[same:]]
        shown.append(html.escape(text, quote=False))
        open_tags = run.tags
    shown += [f"</{tag.split()[0]}>" for tag in reversed(open_tags)]
    return "".join(shown).strip()


def _shared(before: tuple[str, ...], after: tuple[str, ...]) -> int:
    """How many of the outer tags go on."""
    for n, (one, other) in enumerate(zip(before, after, strict=False)):
        if one != other:
            return n
    return min(len(before), len(after))


def plain(markup: str) -> str:
    """Formatted text without its formatting."""
    return "".join(run.text for run in _runs(markup))
