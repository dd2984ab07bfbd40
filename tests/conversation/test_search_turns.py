"""Names of clubs, steps, and filters that stay: a conversation with the real directory."""

from __future__ import annotations

import re

import pytest

from bot.conversation.state import ChatState
from intents.model import Decision
from tests.conversation.chats import Chat
from tests.conversation.small_world import meant
from tests.support.real import real_catalogue


@pytest.fixture
def chat() -> Chat:
    world = real_catalogue().world
    chat = Chat(world)
    chat.state = ChatState(started=True).with_area(world.locate("SW9"))
    return chat


@pytest.mark.parametrize(
    ("text", "intent", "decision"),
    [
        ("marcus lipton", "set-area", Decision.ANSWER),
        ("is marcus lipton open", "out-of-scope", Decision.CLARIFY),
        ("Marcus Lipton Centre?", "greeting", Decision.FALLBACK),
    ],
)
def test_a_club_by_its_name_is_shown_where_nothing_else_is_sure(
    chat: Chat, text: str, intent: str, decision: Decision
) -> None:
    chat.says(meant(text, intent, decision=decision))
    assert chat.keys == ["results.detail"]
    assert "Marcus Lipton Centre" in chat.text
    assert chat.state.focus == "lambeth-ml-community-marcus-lipton"


def test_several_with_the_name_are_listed(chat: Chat) -> None:
    chat.says(meant("osmani trust", "out-of-scope", decision=Decision.FALLBACK))
    assert chat.keys == ["results.intro-anywhere"]
    assert len(chat.state.shown) == 2
    assert all("osmani" in key for key in chat.state.shown)


@pytest.mark.parametrize("text", ["blah blah", "im bored of this", "peckham", "youth club"])
def test_what_names_no_club_goes_on_as_before(chat: Chat, text: str) -> None:
    chat.says(meant(text, "out-of-scope", decision=Decision.FALLBACK))
    assert "results.detail" not in chat.keys


def test_a_sure_need_is_not_taken_for_a_name(chat: Chat) -> None:
    chat.wants("childline was useless, i need someone to talk to", "mental-health")
    assert chat.keys == ["topics.mental-health"]


def test_a_name_beside_an_activity_comes_first_wherever_it_is(chat: Chat) -> None:
    chat.wants("repton boxing", activities=("boxing",))
    assert chat.state.shown[0] == "tower-hamlets-repton-boxing"


def test_steps_are_remembered_with_the_search(chat: Chat) -> None:
    chat.wants("circus skills, im in a wheelchair", activities=("circus",), step_free=True)
    assert chat.state.search is not None
    assert chat.state.search.step_free
    assert chat.state.shown[0] == "haringey-jacksons-lane-youth-circus"
    assert "step-free" in chat.text
    chat.wants("boxing, im in a wheelchair", activities=("boxing",), step_free=True)
    assert "surely step-free" in chat.text


def test_a_walk_is_about_and_only_from_a_few_streets(chat: Chat) -> None:
    chat.wants("basketball", activities=("basketball",))
    assert "straight line" in chat.text
    assert "on foot" not in chat.text  # a district is a walk of its own
    chat.state = chat.state.with_area(chat.world.locate("SW9 8LF"))
    chat.wants("basketball", activities=("basketball",))
    assert re.search(r"about \d+ min on foot", chat.text)


def test_looking_further_keeps_what_was_asked_for(chat: Chat) -> None:
    chat.wants("free boxing for girls", activities=("boxing",), free=True, group=("girls",), age=9)
    before = chat.state.search
    chat.taps("further")
    assert chat.state.search == before
