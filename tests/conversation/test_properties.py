"""Laws of a turn: it never raises, its buttons fit, its state comes back and keeps no words."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cases.model import Status
from bot.conversation.commands import COMMANDS
from bot.conversation.events import Media
from bot.conversation.state import Asked, ChatState, Search, Turn
from bot.conversation.taps import TAPS
from bot.demo.api.telegram_html import parse_html
from intents.model import Decision, Kind, Urgency
from tests.conversation.chats import Chat, case
from tests.conversation.small_world import AREAS, SERVICES, maybe, meant, paged, small_world

FULL_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
IDS = [service.id for service in SERVICES]
INTENTS = sorted(small_world().wording.under("intents."))
MARKUP = st.sampled_from(["<b>", "</b>", "&", "&amp;", "<", ">", "*_`[", "{area}", "{", "}}", "\0"])
texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.one_of(MARKUP, st.text(max_size=9)), max_size=20).map(" ".join),
    st.sampled_from([f"/{name} x" for name in COMMANDS]),
    st.sampled_from(["the second one", "anything cheaper", "no", "ok", "leave it", "hide"]),
)
actions = st.one_of(
    st.text(max_size=64),
    st.builds("{}:{}".format, st.sampled_from(sorted(TAPS)), st.text(max_size=40)),
    st.builds(
        "{}:{}".format,
        st.sampled_from(sorted(TAPS)),
        st.sampled_from([*IDS, *INTENTS, "yes", "no", "safe", "unsure", "unsafe", "today", "free",
                         "Lambeth", "SW9"]),
    ),
)  # fmt: skip
dangers = st.one_of(
    st.none(),
    st.builds(paged, st.sampled_from([None, *Kind]),
              st.sampled_from([Urgency.URGENT, Urgency.EMERGENCY])),
    st.builds(maybe, st.sampled_from(list(Kind))),
)  # fmt: skip
understandings = st.builds(
    lambda text, intent, decision, danger, place, age, activity: meant(
        text, intent, decision=decision, danger=danger,
        **({"place": place} if place else {}), **({"age": age} if age else {}),
        **({"activities": (activity,)} if activity else {}),
    ),
    texts, st.sampled_from(INTENTS), st.sampled_from(list(Decision)), dangers,
    st.one_of(st.none(), st.sampled_from(sorted(AREAS))), st.one_of(st.none(), st.integers(5, 99)),
    st.one_of(st.none(), st.sampled_from(["boxing", "curling"])),
)  # fmt: skip
steps = st.lists(
    st.one_of(
        st.tuples(st.just("says"), understandings),
        st.tuples(st.just("edits"), understandings),
        st.tuples(st.just("taps"), actions),
        st.tuples(st.just("sends"), st.sampled_from(list(Media))),
        st.tuples(st.just("shares"), st.just((51.46, -0.11))),
        st.tuples(st.just("silent"), st.none()),
        st.tuples(st.just("case"), st.sampled_from([None, *Status])),
    ),
    max_size=12,
)


def play(chat: Chat, step: tuple[str, Any]) -> Turn:
    name, what = step
    if name == "says":
        return chat.says(what)
    if name == "edits":
        return chat.says(what, edited=True)
    if name == "taps":
        return chat.taps(what)
    if name == "sends":
        return chat.sends(what)
    if name == "shares":
        return chat.shares(*what)
    if name == "silent":
        return chat.keeps_silent()
    chat.case = None if what in (None, Status.CLOSED) else case(status=what)
    return Turn(chat.state)


def check(turn: Turn) -> None:
    for reply in turn.replies:
        parse_html(reply.text)  # raises what Telegram would refuse
        assert reply.text.strip()
        for button in (b for row in reply.buttons for b in row):
            assert button.label.strip()
            assert button.url or 1 <= len(button.action.encode()) <= 64
            assert button.url or button.action.partition(":")[0] in TAPS
    assert len(turn.toast or "") <= 200


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_no_conversation_raises_and_every_reply_is_one_that_telegram_takes(
    played: list[tuple[str, Any]],
) -> None:
    chat = Chat()
    for step in played:
        check(play(chat, step))
        stored = json.dumps(chat.state.to_dict())
        assert not FULL_POSTCODE.search(stored), stored


SECRET = "zqxjkvbp"
worded = st.builds(
    lambda text, danger, decision, intent: meant(
        f"{text} {SECRET}", intent, danger=danger, decision=decision
    ),
    texts.filter(lambda text: not text.startswith("/")),
    st.one_of(
        st.none(),
        st.just(paged(word=SECRET)),
        st.just(maybe(word=SECRET)),
    ),
    st.sampled_from(list(Decision)),
    st.sampled_from(INTENTS),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(worded, min_size=1, max_size=6))
def test_the_stored_state_never_holds_what_was_written(said: list[Any]) -> None:
    chat = Chat()
    for understood in said:
        chat.says(understood)
        assert SECRET not in json.dumps(chat.state.to_dict())


@pytest.mark.parametrize("said", ["SW9 8LA", "sw98la", "im at sw9 8la", "/area sw9 8la",
                                  "/start SW9-8LA", "/find sw9 8la"])  # fmt: skip
def test_of_a_full_postcode_only_the_sector_is_kept(said: str) -> None:
    chat = Chat()
    if said.startswith("/"):
        chat.says(said)
    else:
        chat.wants(said, "set-area", place="sw9 8la")
    assert "SW9 8" in json.dumps(chat.state.to_dict())
    assert not FULL_POSTCODE.search(json.dumps(chat.state.to_dict()))


words = st.one_of(st.none(), st.text(min_size=1, max_size=12))
searches = st.builds(
    Search,
    kinds=st.lists(st.sampled_from(INTENTS), max_size=3).map(tuple),
    activities=st.lists(st.text(max_size=9), max_size=3).map(tuple),
    age=st.one_of(st.none(), st.integers(1, 99)),
    free=st.booleans(),
    days=st.lists(st.sampled_from(["mon", "today"]), max_size=2).map(tuple),
    part_of_day=words,
    groups=st.lists(st.text(max_size=9), max_size=2).map(tuple),
)
asked = st.builds(
    Asked,
    what=st.sampled_from(["area", "borough", "check-in", "age", "clarify"]),
    kind=words,
    reason=st.text(max_size=9),
    times=st.integers(0, 3),
    choices=st.lists(st.text(max_size=9), max_size=3).map(tuple),
)
degrees = st.one_of(st.none(), st.floats(-90, 90, allow_nan=False).map(lambda x: round(x, 3)))
states = st.builds(
    ChatState,
    started=st.booleans(),
    borough=words,
    sector=words,
    place=words,
    lat=degrees,
    lon=degrees,
    age=st.one_of(st.none(), st.integers(1, 99)),
    avoid=st.lists(st.text(max_size=9), max_size=3).map(tuple),
    asked=st.one_of(st.none(), asked),
    search=st.one_of(st.none(), searches),
    shown=st.lists(st.sampled_from(IDS), max_size=3).map(tuple),
    seen=st.lists(st.sampled_from(IDS), max_size=3).map(tuple),
    focus=words,
    topic=words,
    told_passed_on=st.booleans(),
    missed=st.integers(0, 9),
    worries=st.integers(0, 9),
    denied=st.booleans(),
    stopped=st.booleans(),
    last_message_id=st.integers(0, 2**40),
)


@settings(deadline=None)
@given(states)
def test_a_state_comes_back_whole_from_json(state: ChatState) -> None:
    assert ChatState.from_dict(json.loads(json.dumps(state.to_dict()))) == state


def test_the_meridian_is_a_place() -> None:
    state = ChatState(lat=51.5, lon=0.0)
    assert ChatState.from_dict(state.to_dict()).area() is not None


def test_a_state_of_another_version_is_read_as_far_as_it_is_known() -> None:
    row = {
        "age": 15,
        "shoe_size": 9,
        "search": {"kinds": ["find-work"], "mood": "x"},
        "asked": None,
    }
    state = ChatState.from_dict(row)
    assert (state.age, state.search) == (15, Search(kinds=("find-work",)))
    assert ChatState.from_dict(None) == ChatState()
