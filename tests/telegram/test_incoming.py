"""Which chat an update belongs to, whatever kind it is."""

from __future__ import annotations

from typing import Any

import pytest

from bot.telegram.incoming import incoming, lane_of

CHAT = {"chat": {"id": -5, "type": "supergroup"}, "from": {"id": 9}}


@pytest.mark.parametrize(
    ("update", "lane"),
    [
        ({"message": CHAT}, "c:-5"),
        ({"edited_message": CHAT}, "c:-5"),
        ({"channel_post": CHAT}, "c:-5"),
        ({"message_reaction": {**CHAT, "user": {"id": 9}}}, "c:-5"),
        ({"my_chat_member": CHAT}, "c:-5"),
        ({"callback_query": {"from": {"id": 9}, "message": CHAT}}, "c:-5"),
        ({"callback_query": {"from": {"id": 9}, "inline_message_id": "x"}}, "c:9"),
        ({"inline_query": {"from": {"id": 9}}}, "c:9"),
        ({"poll_answer": {"user": {"id": 9}}}, "c:9"),
        ({"message": {"chat": {"id": "text"}}}, "c:0"),
        ({"message": {"chat": {"id": True}}}, "c:0"),
        ({"message": None, "poll": {"id": "5"}}, "c:0"),
        ({"brand_new": [1]}, "c:0"),
        ({}, "c:0"),
    ],
)
def test_the_lane_is_the_chat(update: dict[str, Any], lane: str) -> None:
    assert lane_of({"update_id": 1, **update}) == lane


def test_an_update_without_a_number_still_has_a_key_of_its_own() -> None:
    keys = {incoming(update).key for update in ({"a": 1}, {"a": 2}, {"update_id": "x"})}
    assert len(keys) == 3
    assert incoming({"a": 1}).key == incoming({"a": 1}).key
    assert incoming({"update_id": 7}).key == "u:7"
