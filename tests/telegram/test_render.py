"""Replies as calls: Telegram's limits are kept, and nothing is lost or broken on the way."""

from __future__ import annotations

import html
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.state import LOCATION, Button, Reply
from bot.delivery.model import Priority
from bot.demo.api.telegram_html import parse_html
from bot.telegram.render import (
    LONGEST,
    answer_press,
    keyboard,
    reply_calls,
    reply_keyboard,
    split,
    units,
)
from directory.model import Point

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
words = st.lists(
    st.sampled_from(["hello", "a", "😀👩‍👩‍👧", "x" * 70, "&", "<b>", "é", "\n", "\n\n", "ﷺ"])
)


def test_emoji_count_twice() -> None:
    assert units("a😀") == 3


@given(words.map(" ".join), st.integers(20, 120))
def test_splitting_loses_nothing_but_space(text: str, longest: int) -> None:
    pieces = split(text, longest)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(piece.strip() and units(piece) <= longest for piece in pieces)


@given(st.text(), st.integers(20, 60))
def test_escaped_text_stays_readable_when_it_is_split(text: str, longest: int) -> None:
    pieces = split(html.escape(text, quote=False), longest)
    got = "".join(parse_html(piece)[0] for piece in pieces)
    assert "".join(got.split()) == "".join(text.split())


def test_a_text_that_fits_is_one_piece() -> None:
    text = "x" * LONGEST
    assert split(text) == [text]
    assert len(split(text + "y")) == 2


@pytest.mark.parametrize("text", ["", " ", "\n\n", " " * 9000])
def test_nothing_is_no_message(text: str) -> None:
    assert split(text) == []


def test_a_reply_with_buttons() -> None:
    row = (Button("Yes", "yes", style="danger"), Button("Web", "", url="https://e.org"))
    (call,) = reply_calls(7, Reply("<b>hi</b>", (row,), urgent=True))
    assert call.method == "sendMessage"
    assert call.priority is Priority.DANGER
    assert call.params["parse_mode"] == "HTML"
    assert call.params["reply_markup"] == keyboard((row,))
    shown = call.params["reply_markup"]["inline_keyboard"][0]
    assert shown[0] == {"text": "Yes", "callback_data": "yes", "style": "danger"}
    assert shown[1] == {"text": "Web", "url": "https://e.org"}


def test_long_text_has_its_buttons_under_the_last_piece() -> None:
    calls = reply_calls(7, Reply("word " * 2000, ((Button("Yes", "yes"),),)))
    assert len(calls) == 3
    assert ["reply_markup" in call.params for call in calls] == [False, False, True]


def test_a_place_is_a_text_and_a_pin() -> None:
    pin = Reply("here", venue=Point(51.4, -0.1), venue_name="x" * 200, venue_address="y" * 300)
    _, venue = reply_calls(7, pin)
    assert venue.method == "sendVenue"
    assert (len(venue.params["title"]), len(venue.params["address"])) == (100, 200)


def test_the_keyboard_for_a_place_asks_for_the_position() -> None:
    shown = reply_keyboard(((f"{LOCATION} Share",), ("Brent", "Croydon")))
    assert shown["keyboard"][0][0]["request_location"]
    assert shown["keyboard"][1] == [{"text": "Brent"}, {"text": "Croydon"}]
    assert shown["one_time_keyboard"]


def test_the_answer_to_a_press_is_short_and_soon_worthless() -> None:
    call = answer_press("q", 7, NOW, "x" * 300, alert=True)
    assert len(call.params["text"]) == 200
    assert call.expires is not None
    assert call.expires > NOW
    assert "text" not in answer_press("q", 7, NOW).params
