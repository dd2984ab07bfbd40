"""With the real content: every reply is one that Telegram takes, whatever is written or tapped."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation import finding
from bot.conversation.danger import safety_reply
from bot.conversation.state import ChatState, Search, Turn
from bot.conversation.world import LOCAL_INTENTS, SERVED, SUPPORT_INTENTS
from bot.demo.api.telegram_html import parse_html
from bot.telegram.render import LONGEST, units
from intents.model import Kind, Urgency
from tests.conversation.chats import Chat
from tests.support.real import real_catalogue

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)  # most lines are closed


def check(turn: Turn) -> None:
    """What Telegram would say to these replies."""
    for reply in turn.replies:
        shown, _ = parse_html(reply.text)
        assert shown.strip()
        assert units(reply.text) <= LONGEST, "would be cut in two, perhaps within a tag"
        for button in (b for row in reply.buttons for b in row):
            assert button.url or 1 <= len(button.action.encode()) <= 64
            assert 0 < len(button.label) <= 40


def test_every_service_can_be_looked_at() -> None:
    world = real_catalogue().world
    for service in world.services.values():
        # A longer id would be cut off on its button and never be found again.
        assert len(f"avoid:{service.id}".encode()) <= 64, service.id
        if service.closed:
            continue
        check(finding.see(ChatState(), service.id, world, NOW))


@pytest.mark.parametrize("borough", SERVED)
@pytest.mark.parametrize("intent", sorted(LOCAL_INTENTS | SUPPORT_INTENTS))
def test_every_need_is_answered_in_every_borough(intent: str, borough: str) -> None:
    world = real_catalogue().world
    state = ChatState().with_area(world.locate(borough))
    search = Search(kinds=(intent,))
    if intent in SUPPORT_INTENTS:
        check(finding.support(state, (intent,), search, world, NOW))
    check(finding.begin(state, search, world, NOW))


@pytest.mark.parametrize("intent", sorted(SUPPORT_INTENTS))
def test_every_hard_topic_names_somebody_to_turn_to(intent: str) -> None:
    world = real_catalogue().world
    turn = finding.support(ChatState(), (intent,), Search(kinds=(intent,)), world, NOW)
    check(turn)
    assert 1 <= len(turn.state.shown) <= 3


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("level", ["emergency", "urgent"])
@pytest.mark.parametrize("now", [NOW, NIGHT], ids=["evening", "night"])
def test_every_safety_step_names_a_number_and_fits(kind: Kind, level: str, now: datetime) -> None:
    world = real_catalogue().world
    for borough in (None, *SERVED):
        reply = safety_reply(ChatState(borough=borough), kind.value, Urgency(level), world, now)
        check(Turn(ChatState(), (reply,)))
        assert "• <b>" in reply.text
        assert "told the team" in reply.text


def test_every_service_that_is_named_first_for_a_topic_exists() -> None:
    world = real_catalogue().world
    for topic, ids in world.wording.under("topics.first.").items():
        for service_id in ids.split(","):
            assert service_id.strip() in world.services, f"topics.first.{topic}: {service_id}"


NASTY = ["", "\0", "<b>", "&amp;", "‮rtl", "Z̸̡͈a̵l̶g̷o", "😀" * 2048, "a" * 4096, "ｈｅｌｐ", "ﷺ" * 99,
         "{area}", "%s", "../../etc", "/start " + "x" * 4000, "1" * 4000, "SW9" * 1000,
         "'; drop table chats; --", "🇬🇧👩‍👩‍👧", "\n" * 300 + "x", "٣ ٤ ٥"]  # fmt: skip


@pytest.mark.parametrize("text", NASTY)
def test_odd_texts_are_answered(text: str) -> None:
    chat = Chat(real_catalogue().world)
    chat.says(text)
    assert chat.turn.replies
    check(chat.turn)


LINES = ["any boxing near brixton", "anything cheaper", "the second one", "how do i get there",
         "what about weekends", "sw9", "im 14", "no", "ok", "leave it", "i feel low",
         "hide", "can i talk to someone", "my mates got a knife", "/start lambeth", "/forget",
         "nah", "not my ends", "im in london", "peckham", "theyre gonna kill me",
         "im so done"]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=60)), max_size=8), st.data())
def test_no_conversation_breaks(texts: list[str], data: st.DataObject) -> None:
    chat = Chat(real_catalogue().world)
    for text in texts:
        chat.says(text)
        check(chat.turn)
        actions = [button.action for button in chat.buttons if button.action]
        if actions and data.draw(st.booleans()):
            chat.taps(data.draw(st.sampled_from(actions)))
            check(chat.turn)
            assert chat.turn.replies


@pytest.mark.parametrize("service_id", ["lambeth-3pillars-gym", "lambeth-alford-house-music"])
def test_an_area_that_is_avoided_is_left_out_with_the_real_search(service_id: str) -> None:
    chat = Chat(real_catalogue().world)
    chat.says("/start lambeth")
    chat.taps("find:find-activities")
    chat.taps(f"see:{service_id}")
    chat.taps(f"avoid:{service_id}")
    assert chat.keys == ["results.avoid-set", "results.intro-again"]
    (label,) = chat.state.avoid
    assert label.startswith("SE11")
    shown = set(chat.state.shown)
    for _ in range(12):
        chat.taps("more")
        shown |= set(chat.state.shown)
    assert len(shown) > 9
    assert service_id not in shown


def test_without_a_postcode_the_named_area_is_avoided_and_not_the_whole_borough() -> None:
    world = real_catalogue().world
    found = (s for s in world.services.values() if s.point is not None and s.postcode is None)
    named = next(s for s in found if s.point_from and not s.closed)
    chat = Chat(world)
    chat.taps(f"avoid:{named.id}")
    assert chat.state.avoid == (named.point_from,)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("he from angell town and hes outside wood green tube",
         "he from [place] and hes outside [place] tube"),
        ("bruv man got a shank, jayden frm brixton 07911123456",
         "bruv man got a shank, [name] frm [place] [number]"),
        ("i live in manchester w my nan", "i live in [place] w my nan"),
    ],
)  # fmt: skip
def test_an_example_loses_its_places_and_keeps_its_slang(text: str, left: str) -> None:
    assert real_catalogue().world.scrub(text) == left
