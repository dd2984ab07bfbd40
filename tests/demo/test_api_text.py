"""HTML and entities, with strings that like to break things."""

import pytest
from telegram import Bot, MessageEntity
from telegram.error import BadRequest
from telegram.helpers import mention_html

from bot.demo.api import LocalBotApi
from bot.demo.api.entities import clean, finish
from bot.demo.api.errors import ApiError
from bot.demo.api.telegram_html import parse_html
from tests.support.actors import young_person

NASTY = (
    "👨‍👩‍👧‍👦",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿 flag",
    "שלום مرحبا",
    "Z̷̙̊a̵̢͝l̷̰̔g̶̡̏o̵̦̊",
    "a&b <c> \"d\" 'e'",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𝟚𝟘",
    "*_`[]()~>#+-=|{}.!",
    "tab\there",
    "\u200bzero\u200dwidth",
)


@pytest.mark.parametrize("text", NASTY)
async def test_offsets_count_utf16_units(api: LocalBotApi, bot: Bot, text: str) -> None:
    young_person(api).start()
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    sent = await bot.send_message(5001, f"{escaped} <b>{escaped}</b> end", parse_mode="HTML")
    assert sent.text == f"{text} {text} end"
    assert sent.parse_entities([MessageEntity.BOLD]) == {
        e: text for e in sent.entities if e.type == "bold"
    }
    assert sum(e.type == "bold" for e in sent.entities) == 1
    api.calls.clear()


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<i>😀a</i>b", "😀ab", [("italic", 0, 3)]),
        ("😀<b>x<u>y</u></b>", "😀xy", [("underline", 3, 1), ("bold", 2, 2)]),
        ("<B>x</B>", "x", [("bold", 0, 1)]),
        ("<s></s>x", "x", []),
        ("&#128512;&#x1F600;&lt;&nbsp;&", "😀😀<&nbsp;&", []),
        ("&#12345678;&#0;", "&#12345678;&#0;", []),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<pre>a  b</pre>", "a  b", [("pre", 0, 4)]),
        ("<a href='x'>no link</a>", "no link", []),
        ("<b>x</>", "x", [("bold", 0, 1)]),
    ],
)
def test_html(source: str, text: str, entities: list) -> None:
    found, marks = parse_html(source)
    assert found == text
    assert [(e["type"], e["offset"], e["length"]) for e in marks] == entities


def test_html_arguments() -> None:
    _, marks = parse_html('<a href="https://a.uk?x=1&amp;y=2">q</a><a href="a.uk">r</a>')
    assert [m["url"] for m in marks] == ["https://a.uk?x=1&y=2", "http://a.uk/"]
    _, marks = parse_html('<pre><code class="language-python">x</code></pre>')
    assert marks == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("é<abac>", 'Unsupported start tag "abac" at byte offset 2'),
        ("é<b", "Unclosed start tag at byte offset 2"),
        ("😀<b a=", 'Unclosed start tag "b" at byte offset 4'),
        ("<b a='x", "Unclosed start tag at byte offset 0"),
        ("<b =x>y</b>", 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<b a=x,>y</b>", "Unexpected end of name token at byte offset 6"),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b ", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("5 < 6", 'Unsupported start tag "" at byte offset 2'),
    ],
)
def test_html_that_is_refused(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as error:
        parse_html(source)
    assert error.value.description == f"Bad Request: can't parse entities: {reason}"


async def test_a_name_with_markup_is_refused_unescaped(api: LocalBotApi, bot: Bot) -> None:
    young_person(api).start()
    with pytest.raises(BadRequest, match=r"(?i)can't parse entities: unsupported start tag"):
        await bot.send_message(5001, "hi <boss>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"(?i)unsupported parse_mode"):
        await bot.send_message(5001, "*hi*", parse_mode="MarkdownV2")
    sent = await bot.send_message(5001, mention_html(5001, "<b>"), parse_mode="HTML")
    assert sent.text == "<b>"
    assert sent.entities[0].type in ("text_link", "text_mention")


def test_commands_and_links_are_found() -> None:
    text, marks = finish(
        "  😀 /start@my_bot see https://a.org/x, b.co.uk. #tag me@x.org @some_one ", []
    )
    units = text.encode("utf-16-le")
    words = [
        (m["type"], units[m["offset"] * 2 : (m["offset"] + m["length"]) * 2].decode("utf-16-le"))
        for m in marks
    ]
    assert words == [
        ("bot_command", "/start@my_bot"),
        ("url", "https://a.org/x"),
        ("url", "b.co.uk"),
        ("hashtag", "#tag"),
        ("email", "me@x.org"),
        ("mention", "@some_one"),
    ]


def test_no_links_within_code() -> None:
    text, marks = parse_html("<code>/start a.org</code> /go")
    assert [m["type"] for m in finish(text, marks)[1]] == ["code", "bot_command"]


def test_control_characters_are_dropped() -> None:
    assert clean("a\rb\x00c\u202ed\ne") == "ab cd\ne"


async def test_explicit_entities(api: LocalBotApi, bot: Bot) -> None:
    young_person(api).start()
    sent = await bot.send_message(5001, "  😀 bold", entities=[MessageEntity("bold", 5, 4)])
    assert sent.text == "😀 bold"
    assert list(sent.parse_entities().values()) == ["bold"]
    with pytest.raises(BadRequest, match=r"(?i)entity begins or ends outside"):
        await bot.send_message(5001, "bold", entities=[MessageEntity("bold", 3, 4)])
