"""Start, commands, data, quick exit, media, odd texts, and not understanding."""

from __future__ import annotations

import pytest

from bot.conversation.commands import COMMANDS
from bot.conversation.events import Media
from bot.conversation.small import PROBLEMS, SHORT
from bot.conversation.state import ChatState, Count, GiveWords, Simple
from bot.conversation.world import LOCAL_INTENTS, SUPPORT_INTENTS
from intents.model import Danger, Decision, Kind, Urgency
from tests.conversation.chats import Chat, case
from tests.conversation.small_world import meant, small_world


@pytest.mark.parametrize("text", ["/start", "/START", "/start@our_bot", "/start  "])
def test_start_says_three_lines_and_has_a_button_for_every_step(text: str) -> None:
    chat = Chat()
    chat.says(text)
    assert chat.keys == ["start.welcome"]
    assert len(chat.text.splitlines()) == 3
    assert "999" in chat.text
    assert {"find:find-activities", "problems", "person", "unsafe", "about"} <= {
        b.action for b in chat.buttons
    }


@pytest.mark.parametrize(
    ("text", "borough"),
    [("/start lambeth", "Lambeth"), ("/start tower-hamlets", "Tower Hamlets"),
     ("/start Tower_Hamlets", "Tower Hamlets"), ("/start\nlambeth", "Lambeth"),
     ("/start leeds", None), ("/start <b>x</b>", None), ("/start se27", None)],
)  # fmt: skip
def test_a_poster_brings_its_borough(text: str, borough: str | None) -> None:
    chat = Chat()
    chat.says(text)
    assert chat.keys == ["start.welcome"]
    assert chat.state.borough == borough
    assert (borough is None) or f"<b>{borough}</b>" in chat.text


def test_after_a_poster_no_place_is_asked_for() -> None:
    chat = Chat()
    chat.says("/start lambeth")
    chat.wants("any boxing", activities=("boxing",))
    assert chat.keys == ["results.intro"]


@pytest.mark.parametrize("text", ["/", "/nonsense", "/start_now", "//", "/<b>"])
def test_an_unknown_command_is_answered_kindly(text: str) -> None:
    chat = Chat()
    chat.says(text)
    assert chat.keys == ["help.unknown-command"]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("argument", ["", " please", " brixton", " <i>" + "x" * 4000])
def test_every_command_answers_with_and_without_an_argument(name: str, argument: str) -> None:
    for chat in (Chat(), Chat(case=case())):
        chat.says(f"/{name}{argument}")
        assert len(chat.turn.replies) >= 1


def test_find_takes_words_after_it() -> None:
    chat = Chat()
    chat.says("/find brixton")
    assert chat.keys == ["area.set", "results.intro"]


def test_area_with_and_without_a_place() -> None:
    chat = Chat()
    chat.says("/area")
    assert chat.keys == ["area.ask"]
    chat.says("/area peckham")
    assert chat.keys == ["area.set"]
    assert chat.state.borough == "Southwark"


def test_forget_is_asked_once_and_then_nothing_is_left() -> None:
    chat = Chat()
    chat.says("/start lambeth")
    chat.says("/forget")
    assert chat.keys == ["help.forget-ask"]
    chat.taps("forget:no")
    assert chat.state.borough == "Lambeth"
    chat.taps("forget:yes")
    assert chat.keys == ["help.forgotten"]
    assert chat.act(Simple) == [Simple("forget")]
    assert chat.state == ChatState()


def test_forget_during_a_case_says_what_stays() -> None:
    chat = Chat(case=case())
    chat.says("/forget")
    assert chat.keys == ["help.forget-ask-case"]


def test_mydata_names_everything_that_is_kept() -> None:
    chat = Chat()
    chat.says("/mydata")
    assert chat.keys == ["help.mydata-nothing"]
    chat.wants("im 15 boxing in brixton", activities=("boxing",), place="brixton", age=15)
    chat.taps("see:art-room")
    chat.taps("avoid:art-room")
    chat.case = case()
    chat.says("/mydata")
    for said in ("Brixton, Lambeth", "15", "boxing", "number 3", "areas"):
        assert said in chat.text


@pytest.mark.parametrize("text", ["/hide", "hide", "Hide!", "quick exit", "delete this chat"])
def test_quick_exit_wipes_and_what_is_left_says_nothing(text: str) -> None:
    chat = Chat()
    chat.wants("boxing in brixton", place="brixton")
    chat.says(text)
    assert chat.keys == ["help.hidden"]
    assert chat.act(Simple) == [Simple("wipe")]
    assert chat.state.search is None
    assert chat.state.shown == ()


def test_stop() -> None:
    chat = Chat()
    chat.says("/stop")
    assert chat.keys == ["start.stop"]
    assert chat.act(Simple) == [Simple("stop")]
    assert chat.state.stopped
    chat.says("/start")
    assert not chat.state.stopped


@pytest.mark.parametrize("how", ["tap", "words", "command"])
def test_talking_to_a_person(how: str) -> None:
    chat = Chat()
    if how == "tap":
        chat.taps("person")
    elif how == "words":
        chat.wants("can i talk to a real person", "talk-to-human")
    else:
        chat.says("/person")
    assert chat.keys == ["danger.person-asked"]
    assert chat.raised is not None
    assert (chat.raised.urgency, chat.raised.asked_for_person) == ("concern", True)


def test_asking_again_for_a_person_does_not_open_another_case() -> None:
    chat = Chat(case=case())
    chat.taps("person")
    assert chat.keys == ["danger.passed-on"]
    assert chat.raised is None


@pytest.mark.parametrize("media", list(Media))
def test_each_kind_of_media_says_what_to_do_instead(media: Media) -> None:
    chat = Chat()
    chat.sends(media)
    assert chat.keys == [f"understand.{media}"]
    assert chat.turn.acts == ()
    assert "person" in {b.action for b in chat.buttons}


def test_words_under_a_picture_are_answered_and_the_picture_is_mentioned() -> None:
    chat = Chat()
    text = "boxing in brixton"
    chat.sends(Media.PICTURE, text, meant(text, place="brixton"))
    assert chat.keys == ["area.set", "results.intro", "understand.picture"]


def test_an_empty_message_is_answered() -> None:
    chat = Chat()
    chat.says(meant("   "))
    assert chat.keys == ["understand.empty"]


def test_bots_are_not_answered() -> None:
    from bot.conversation.events import Said
    from bot.conversation.turn import take_turn
    from tests.conversation.small_world import NOW

    said = Said(1, 1, "hi", NOW, is_bot=True)
    turn = take_turn(said, ChatState(), None, meant("hi"), small_world(), NOW)
    assert (turn.replies, turn.acts) == ((), ())


def test_a_long_message_is_answered_and_told_that_all_was_read() -> None:
    chat = Chat()
    chat.wants("boxing " * 580 + "brixton", place="brixton")
    assert chat.keys[-1] == "understand.too-long"


@pytest.mark.parametrize("text", ["x" * 4096, "😀" * 100, "مرحبا", "Z̸̡a̵l̶g̷o", "ｂｏｘｉｎｇ", "‮abc"])
def test_what_is_not_understood_is_said_kindly_and_then_a_person_is_offered(text: str) -> None:
    chat = Chat()
    chat.says(text)
    assert chat.keys[0] == "understand.fallback"
    assert chat.act(Count) == [Count("not-understood", "all")]
    chat.says(text)
    assert chat.keys[0] == "understand.fallback-again"
    assert "person" in {b.action for b in chat.buttons}


def test_not_sure_offers_the_three_likeliest() -> None:
    chat = Chat()
    chat.says(meant("i need to sort it", "housing", decision=Decision.CLARIFY))
    assert chat.keys == ["understand.clarify"]
    assert [b.action for b in chat.buttons][:3] == ["find:housing", "find:family", "find:help"]


@pytest.mark.parametrize("action", ["nonsense", "", "find:", "find:nonsense", "see:gone",
                                    "map:gone", "wrong:gone", "avoid:gone", "narrow:today",
                                    "narrow:moon", "more", "back", "further",
                                    "check:maybe"])  # fmt: skip
def test_old_and_broken_buttons_lead_somewhere(action: str) -> None:
    chat = Chat()
    chat.taps(action)
    assert len(chat.turn.replies) == 1
    assert chat.raised is None


def test_every_intent_has_an_answer_of_its_own() -> None:
    wording = small_world().wording
    for intent in wording.under("intents."):
        chat = Chat()
        chat.wants("x", intent)
        assert chat.keys, intent
        known = {"talk-to-human", "set-area", "delete-data"} | LOCAL_INTENTS | SUPPORT_INTENTS
        assert intent in known | set(SHORT), intent


@pytest.mark.parametrize("name", SUPPORT_INTENTS)
def test_every_hard_topic_names_the_feeling(name: str) -> None:
    assert small_world().wording.has(f"topics.{name}")


def test_the_problem_buttons_lead_to_topics() -> None:
    assert set(PROBLEMS.values()) <= SUPPORT_INTENTS
    chat = Chat()
    chat.taps("problems")
    assert len(chat.buttons) == len(PROBLEMS) + 2


def test_about_myends_is_honest_about_its_status() -> None:
    chat = Chat()
    chat.says("/start lambeth")
    chat.wants("what is myends", "about-myends")
    assert "Angell Town" in chat.text
    assert "confirmation" in chat.text


def test_blocking_is_noted() -> None:
    chat = Chat()
    chat.blocks()
    assert chat.turn.acts == (Simple("blocked"),)
    chat.blocks(blocked=False)
    assert chat.turn.acts == (Simple("unblocked"),)


def asked_to_teach() -> Chat:
    chat = Chat()
    chat.says("wagwan for the ting")
    assert "teach" not in {b.action for b in chat.buttons}
    chat.says("the ting tho")
    assert "teach" in {b.action for b in chat.buttons}
    assert chat.act(GiveWords) == []
    chat.taps("teach")
    assert chat.keys == ["understand.teach-ask"]
    assert chat.act(GiveWords) == []
    return chat


def test_words_are_kept_only_after_a_tap_and_are_answered_all_the_same() -> None:
    chat = asked_to_teach()
    chat.wants("any boxing in brixton", activities=("boxing",))
    assert chat.act(GiveWords) == [GiveWords("any boxing in brixton")]
    assert chat.keys[0] == "understand.teach-thanks"
    assert len(chat.keys) > 1
    chat.says("and this is not kept")
    assert chat.act(GiveWords) == []


@pytest.mark.parametrize("text", ["leave it", "no", "/help"])
def test_whoever_would_rather_not_gives_nothing(text: str) -> None:
    chat = asked_to_teach()
    chat.says(text)
    assert chat.act(GiveWords) == []


def test_a_danger_is_never_kept_as_words_to_learn_from() -> None:
    chat = asked_to_teach()
    chat.says(meant("hes outside with a knife", danger=Danger(Urgency.EMERGENCY, Kind.VIOLENCE)))
    assert chat.raised is not None
    assert chat.act(GiveWords) == []
