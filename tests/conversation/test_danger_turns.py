"""Danger first: whatever is open, wherever it stands, in words, edits, captions and commands."""

from __future__ import annotations

import pytest

from bot.cases.model import Status
from bot.conversation.events import Media
from bot.conversation.state import Asked, Relay, SetCheckIn, Simple
from intents.model import Kind, Urgency
from tests.conversation.chats import Chat, case
from tests.conversation.small_world import maybe, meant, paged, small_world

KNIFE = meant("any boxing near brixton btw theres a man outside with a shank", danger=paged())
DONE = meant("im so done", "mental-health", danger=maybe())


def asked_chat() -> Chat:
    chat = Chat()
    chat.says(DONE)
    assert chat.keys == ["check-in.ask"]
    return chat


@pytest.mark.parametrize("asked", ["area", "age", "borough", "check-in", "clarify"])
def test_danger_comes_before_whatever_question_is_open(asked: str) -> None:
    chat = Chat()
    chat.state = type(chat.state)(asked=Asked(asked))
    chat.says(KNIFE)
    assert chat.keys == ["danger.violence.emergency"]
    assert chat.raised is not None
    assert (chat.raised.urgency, chat.raised.kind) == ("emergency", "violence")
    assert "999" in chat.text
    assert chat.state.asked is None


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("urgency", [Urgency.EMERGENCY, Urgency.URGENT])
def test_every_kind_of_danger_has_its_own_words_and_says_who_was_told(
    kind: Kind, urgency: Urgency
) -> None:
    chat = Chat()
    chat.says(meant("x", danger=paged(kind, urgency)))
    assert chat.keys == [f"danger.{kind}.{urgency}"]
    assert small_world().wording.text("danger.told", hours="")[:20] in chat.text
    assert [b.action for b in chat.buttons] == ["safe-now", "hide"]
    assert chat.turn.replies[0].urgent


def test_an_unknown_kind_of_danger_gets_the_words_for_any() -> None:
    chat = Chat()
    chat.says(meant("x", danger=paged(None, Urgency.URGENT)))
    assert chat.keys == ["danger.any.urgent"]


def test_only_sure_helplines_and_the_boroughs_front_door_are_named() -> None:
    chat = Chat()
    chat.wants("brixton", "set-area", place="brixton")
    chat.says(meant("x", danger=paged(Kind.SUICIDE, Urgency.URGENT)))
    assert "116 123" in chat.text
    assert "020 7926 3100" in chat.text
    assert "Shaky" not in chat.text


def test_hours_are_said_only_where_they_are_set() -> None:
    assert "Usually" not in small_world().wording.text("danger.told", hours="")
    chat = Chat()
    chat.says(KNIFE)
    assert "Usually" not in chat.text


@pytest.mark.parametrize("text", ["/help he has a shank", "/start", "/unknown"])
def test_a_command_cannot_swallow_danger(text: str) -> None:
    chat = Chat()
    chat.says(meant(text, danger=paged()))
    assert chat.raised is not None


def test_a_command_with_worrying_words_is_asked_about() -> None:
    chat = Chat()
    chat.says(meant("/help im so done", danger=maybe()))
    assert chat.keys == ["check-in.ask"]


def test_a_caption_is_read_for_danger() -> None:
    chat = Chat()
    chat.sends(Media.PICTURE, KNIFE.text, KNIFE)
    assert chat.keys == ["danger.violence.emergency"]


def test_an_edit_is_read_again_for_danger_and_for_nothing_else() -> None:
    chat = Chat()
    for quiet in (meant("any boxing"), meant("/forget"), meant("hide", "out-of-scope")):
        chat.says(quiet, edited=True)
        assert chat.turn.replies == ()
        assert chat.turn.acts == ()
    chat.says(KNIFE, edited=True)
    assert chat.keys == ["danger.violence.emergency"]
    chat.says(DONE, edited=True)
    assert chat.keys == ["check-in.ask"]


def test_the_first_worrying_message_is_asked_about_with_a_reminder_set() -> None:
    chat = asked_chat()
    assert chat.act(SetCheckIn) == [SetCheckIn(10)]
    assert chat.raised is None
    assert {b.action for b in chat.buttons} == {
        "check:safe", "check:unsure", "check:unsafe", "person",
    }  # fmt: skip


def test_worry_for_somebody_else_is_asked_about_them() -> None:
    chat = Chat()
    chat.says(meant("my mate is so done", danger=maybe(), for_other="friend"))
    assert chat.keys == ["check-in.ask-other"]


@pytest.mark.parametrize("word", ["ok", "OK.", "k", "fine", "i guess", "👍", "banana", "im fine"])
def test_ok_is_not_i_am_safe(word: str) -> None:
    chat = asked_chat()
    chat.says(word)
    assert chat.keys == ["check-in.again"]
    assert chat.raised is None
    assert chat.act(SetCheckIn) == [SetCheckIn(10)]


def test_twice_unsure_pages() -> None:
    chat = asked_chat()
    chat.says("idk")
    chat.taps("check:unsure")
    assert chat.keys == ["danger.any.urgent"]
    assert chat.raised is not None
    assert "not sure" in chat.raised.reason
    assert chat.state.asked is None


@pytest.mark.parametrize("word", ["no", "nah", "not really", "im scared", "help", "ayuda"])
def test_no_pages(word: str) -> None:
    chat = asked_chat()
    chat.says(word)
    assert chat.raised is not None
    assert chat.raised.urgency == "urgent"
    assert chat.raised.kind == "suicide"


@pytest.mark.parametrize("word", ["yes im safe", "yh im safe", "Yes, I'm safe!", "im safe"])
def test_safe_in_words_closes_the_question(word: str) -> None:
    chat = asked_chat()
    chat.says(word)
    assert chat.keys == ["check-in.safe"]
    assert chat.act(SetCheckIn) == [SetCheckIn(None)]
    assert chat.state.asked is None
    chat.keeps_silent()
    assert chat.raised is None


NEGATED = [
    "im not safe", "im unsafe", "yeah im not safe", "yes unsafe", "im nt safe", "not im safe",
    "yes im not safe", "totally not safe", "totally unsafe", "i aint safe", "im never safe",
    "yeah im nt safe", "all good im not safe", "im not at home", "yes i am not",
]  # fmt: skip


@pytest.mark.parametrize("text", NEGATED)
def test_a_negated_safe_is_never_read_as_safe(text: str) -> None:
    assert small_world().answers.meaning(text) != "safe"


@pytest.mark.parametrize("phrase", small_world().answers.meanings["safe"])
def test_no_phrase_for_safe_reads_as_safe_with_a_no_in_it(phrase: str) -> None:
    words = phrase.split()
    for negation in ("not", "nt", "never", "aint", "un"):
        for at in range(len(words) + 1):
            said = " ".join([*words[:at], negation, *words[at:]])
            assert small_world().answers.meaning(said) != "safe", said


def test_denial_is_respected_and_a_person_is_offered() -> None:
    chat = asked_chat()
    chat.says("leave it")
    assert chat.keys == ["check-in.denied"]
    assert [b.action for b in chat.buttons] == ["person"]
    assert chat.raised is None


def test_silence_pages_as_silence_and_says_so() -> None:
    chat = asked_chat()
    chat.keeps_silent()
    assert chat.raised is not None
    assert "no answer" in chat.raised.reason
    assert chat.keys == ["check-in.silent"]
    chat.keeps_silent()
    assert chat.raised is None


ELSEWHERE = ["menu", "ask-area", "ask-age", "more", "about", "find:find-activities", "problems",
             "forget:no", "nonsense", "back"]  # fmt: skip


@pytest.mark.parametrize("action", ELSEWHERE)
def test_tapping_elsewhere_does_not_silence_the_check_in(action: str) -> None:
    chat = asked_chat()
    chat.taps(action)
    chat.keeps_silent()
    assert chat.raised is not None


@pytest.mark.parametrize("text", ["/start", "/stop", "/hide", "hide", "/help", "/area brixton"])
def test_commands_and_quick_exit_do_not_silence_the_check_in(text: str) -> None:
    chat = asked_chat()
    chat.says(text)
    assert not chat.text.startswith("Just checking")
    chat.keeps_silent()
    assert chat.raised is not None


def test_something_clear_is_answered_while_the_question_stays() -> None:
    chat = asked_chat()
    chat.wants("any boxing near brixton", activities=("boxing",), place="brixton")
    assert "results.intro" in chat.keys
    assert chat.state.asked is not None
    assert chat.state.asked.what == "check-in"


@pytest.mark.parametrize("how", ["tap", "words"])
def test_asking_for_a_person_at_the_check_in_is_urgent(how: str) -> None:
    chat = asked_chat()
    chat.taps("person") if how == "tap" else chat.wants("get me a person", "talk-to-human")
    assert chat.raised is not None
    assert (chat.raised.urgency, chat.raised.kind) == ("urgent", "suicide")
    assert not chat.raised.asked_for_person


def test_worries_that_pile_up_page() -> None:
    chat = asked_chat()
    chat.taps("check:safe")
    chat.says(DONE)
    chat.taps("check:safe")
    chat.says(DONE)
    chat.state = type(chat.state)(worries=2)
    chat.says(DONE)
    assert chat.raised is not None
    assert chat.raised.urgency == "urgent"


def test_a_worrying_answer_to_the_check_in_counts_as_unsure() -> None:
    chat = asked_chat()
    chat.says(DONE)
    assert chat.keys == ["check-in.again"]
    chat.says(DONE)
    assert chat.raised is not None


def test_one_tap_says_i_do_not_feel_safe() -> None:
    chat = Chat()
    chat.taps("unsafe")
    assert chat.keys == ["danger.any.urgent"]
    assert chat.raised is not None


def test_pressing_it_again_in_a_case_tells_staff_again() -> None:
    chat = Chat(case=case())
    chat.taps("unsafe")
    assert chat.keys == ["danger.again-emergency"]
    assert chat.raised is not None


def test_safe_now_only_says_that_staff_know_where_they_do() -> None:
    chat = Chat()
    chat.taps("safe-now")
    assert chat.keys == ["check-in.safe"]
    chat.case = case()
    chat.taps("safe-now")
    assert chat.keys == ["danger.safe-now"]
    assert chat.act(Simple) == [Simple("safe-now")]


def test_old_check_in_buttons_still_take_danger_seriously() -> None:
    chat = Chat()
    chat.taps("check:unsafe")
    assert chat.raised is not None
    chat = Chat()
    chat.taps("check:safe")
    assert chat.raised is None


def test_quiet_while_a_worker_has_the_case() -> None:
    chat = Chat(case=case(status=Status.CLAIMED))
    for said in (meant("any boxing near brixton"), DONE, meant("hello", "greeting")):
        chat.says(said)
        assert chat.turn.replies == ()
        assert chat.turn.acts == (Relay(said.text),)


def test_before_anybody_has_it_they_are_told_once_that_it_was_passed_on() -> None:
    chat = Chat(case=case())
    chat.wants("hello", "greeting")
    assert chat.keys == ["danger.passed-on"]
    chat.wants("anyone there", "talk-to-human")
    assert chat.keys == []
    assert chat.act(Relay) == [Relay("anyone there")]


def test_new_danger_breaks_the_quiet_and_the_same_again_does_not() -> None:
    chat = Chat(case=case(status=Status.CLAIMED, urgency="urgent", kind="violence"))
    chat.says(KNIFE)
    assert chat.keys == ["danger.violence.emergency"]
    assert chat.act(Relay) == [Relay(KNIFE.text)]
    chat.case = case(status=Status.CLAIMED, urgency="emergency", kind="violence")
    chat.says(KNIFE)
    assert chat.keys == []
    chat.says(meant("took pills", danger=paged(Kind.SUICIDE)))
    assert chat.keys == ["danger.suicide.emergency"]


def test_a_kind_is_learnt_for_a_case_that_began_without_one() -> None:
    chat = Chat(case=case(kind=None))
    chat.says(meant("he hits me", danger=paged(Kind.ABUSE, Urgency.URGENT)))
    assert chat.keys == ["danger.abuse.urgent"]


def test_in_a_case_edits_pictures_and_commands() -> None:
    chat = Chat(case=case(status=Status.CLAIMED))
    chat.says(meant("i meant tomorrow"), edited=True)
    assert chat.act(Relay) == [Relay("i meant tomorrow", edited=True)]
    chat.sends(Media.VOICE)
    assert chat.keys == ["understand.in-case-media"]
    assert chat.act(Simple) == [Simple("media:voice")]
    chat.sends(Media.PICTURE, "this one", meant("this one"))
    assert chat.turn.acts == (Relay("this one"), Simple("media:picture"))
    chat.says("/privacy")
    assert chat.keys == ["help.privacy"]
    chat.says("hide")
    assert chat.act(Simple) == [Simple("wipe")]


def test_where_they_are_goes_to_staff_about_so_and_no_nearer() -> None:
    chat = Chat(case=case(status=Status.CLAIMED))
    chat.shares(51.4613, -0.1156)
    assert chat.keys == ["danger.place-passed-on"]
    assert chat.act(Simple) == [Simple(f"place:{chat.world.nearest(0, 0).label}")]
    chat.case = case()  # nobody has it yet: the bot still answers
    chat.shares(51.4613, -0.1156)
    assert chat.keys[0] == "danger.place-passed-on"
    assert len(chat.keys) > 1
    assert chat.act(Simple)
    chat.case = None
    chat.shares(51.4613, -0.1156)
    assert "danger.place-passed-on" not in chat.keys
    assert chat.act(Simple) == []


def test_words_in_a_case_answer_an_open_check_in() -> None:
    chat = asked_chat()
    chat.case = case(status=Status.CLAIMED)
    chat.wants("hello", "greeting")
    chat.case = None
    chat.keeps_silent()
    assert chat.raised is None
