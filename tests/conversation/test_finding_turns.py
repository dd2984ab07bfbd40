"""Finding something: the area once, cards, follow-ups, avoiding an area, nothing found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.state import Count
from directory.model import Results
from intents.model import Decision
from tests.conversation.chats import Chat
from tests.conversation.small_world import AREAS, meant, small_world


def found_chat() -> Chat:
    """A chat with boxing, football and art on the screen."""
    chat = Chat()
    chat.wants("something to do in brixton", place="brixton")
    assert chat.state.shown == ("boxing-club", "girls-football", "art-room")
    return chat


def test_the_area_is_asked_for_once_and_the_search_goes_on() -> None:
    chat = Chat()
    chat.wants("any boxing", activities=("boxing",))
    assert chat.keys == ["area.ask"]
    keyboard = chat.turn.replies[0].keyboard
    assert ("Brent", "Croydon") in keyboard
    assert keyboard[-1] == ("Anywhere in London",)
    chat.wants("SW9", "set-area", place="sw9")
    assert chat.keys == ["area.set", "results.intro"]
    assert "SW9, Lambeth" in chat.text
    assert chat.state.shown == ("boxing-club",)
    chat.wants("any art", activities=("art",))
    assert chat.keys == ["results.intro"]


def test_a_place_that_is_not_known_is_asked_for_once_more_and_then_no_more() -> None:
    chat = Chat()
    chat.wants("any boxing")
    chat.says("asdfgh")
    assert chat.keys == ["area.ask-again"]
    chat.says("qwerty")
    assert chat.keys == ["understand.fallback"]


@pytest.mark.parametrize("answer", ["Anywhere in London", "anywhere in london", "not telling you"])
def test_no_place_is_fine(answer: str) -> None:
    chat = found_chat()
    chat.taps("ask-area")
    chat.says(answer)
    assert chat.keys == ["results.intro-anywhere"]
    assert chat.state.area() is None


def test_no_place_with_nothing_looked_for_leads_to_the_menu() -> None:
    chat = Chat()
    chat.says("/area")
    chat.says("Anywhere in London")
    assert chat.keys == ["help.menu"]


def test_a_place_across_boroughs_is_asked_about_and_keeps_the_sector() -> None:
    chat = Chat()
    chat.wants("youth club")
    chat.wants("se27", "set-area", place="se27")
    assert chat.keys == ["area.choose"]
    assert [b.action for b in chat.buttons] == ["borough:Lambeth", "borough:Southwark"]
    chat.taps("borough:Southwark")
    assert (chat.state.sector, chat.state.borough) == ("SE27", "Southwark")
    assert "results.intro" in chat.keys


def test_every_borough_can_be_chosen_where_any_is_meant() -> None:
    eight = ("Brent", "Croydon", "Hackney", "Haringey", "Lambeth", "Newham", "Southwark")
    london = replace(AREAS["se27"], label="London", sector=None, choices=eight)
    chat = Chat(replace(small_world(), locate=lambda text: london))
    chat.wants("in london", "set-area", place="london")
    assert [b.label for b in chat.buttons] == list(eight)


@pytest.mark.parametrize(
    ("place", "key"),
    [("ealing", "area.outside-boroughs"), ("leeds", "area.outside-london"),
     ("brixtn", "area.repaired"), ("brixton", "area.set")],
)  # fmt: skip
def test_what_is_said_back_about_a_place(place: str, key: str) -> None:
    chat = Chat()
    chat.wants(f"something in {place}", place=place)
    assert chat.keys[0] == key
    assert len(chat.keys) == 2


def test_of_a_shared_location_only_the_sector_is_kept() -> None:
    chat = Chat()
    chat.wants("any boxing")
    chat.shares(51.46321, -0.11234)
    assert chat.keys == ["area.set", "results.intro"]
    assert (chat.state.sector, chat.state.borough) == ("SW9 8", "Lambeth")
    middle = AREAS["sw9 8"].point
    assert middle is not None
    assert (chat.state.lat, chat.state.lon) == (round(middle.lat, 3), round(middle.lon, 3))


def test_a_card_says_what_decides_whether_to_go() -> None:
    chat = found_chat()
    for said in ("1. Boxing Club", "0.7 km", "£2", "ages 12 and up", "2026-10", "for girls"):
        assert said in chat.text
    assert [b.action for b in chat.buttons][:3] == [
        "see:boxing-club", "see:girls-football", "see:art-room",
    ]  # fmt: skip


def test_more_goes_on_and_ends_kindly() -> None:
    chat = found_chat()
    chat.taps("more")
    assert chat.state.shown == ("music-studio", "nowhere-club")
    chat.taps("more")
    assert chat.keys == ["results.no-more"]


@pytest.mark.parametrize(
    ("said", "service"),
    [("the second one", "girls-football"), ("2", "girls-football"), ("first one", "boxing-club"),
     ("the last one", "art-room"), ("teh second one", "girls-football")],
)  # fmt: skip
def test_the_second_one(said: str, service: str) -> None:
    chat = found_chat()
    chat.says(said)
    assert chat.keys == ["results.detail"]
    assert chat.state.focus == service


def test_the_third_of_one_is_asked_about() -> None:
    chat = Chat()
    chat.wants("boxing in brixton", activities=("boxing",), place="brixton")
    chat.says("the third one")
    assert chat.keys == ["results.which"]


def test_anything_cheaper_keeps_the_rest_of_the_search() -> None:
    chat = found_chat()
    chat.says("anything cheaper")
    assert chat.keys == ["results.intro-again"]
    assert chat.state.search is not None
    assert chat.state.search.free
    assert "Boxing Club" not in chat.text


def test_a_price_that_was_given_up_is_said() -> None:
    chat = Chat()
    chat.wants("boxing in brixton", activities=("boxing",), place="brixton")
    chat.says("anything free")
    assert "Nothing that I know to be free" in chat.text


@pytest.mark.parametrize(
    ("text", "details", "field", "value"),
    [("what about weekends", {"days": ("weekend",)}, "days", ("weekend",)),
     ("and in the evening", {"part_of_day": "evening"}, "part_of_day", "evening"),
     ("for girls", {"group": ("girls",)}, "groups", ("girls",)),
     ("im 14", {"age": 14}, "age", 14)],
)  # fmt: skip
def test_short_additions_refine_the_search(
    text: str, details: dict[str, object], field: str, value: object
) -> None:
    chat = found_chat()
    chat.says(meant(text, "out-of-scope", decision=Decision.FALLBACK, **details))
    assert chat.keys == ["results.intro-again"]
    assert getattr(chat.state.search, field) == value


def test_another_place_moves_the_same_search() -> None:
    chat = found_chat()
    chat.wants("what about peckham", "set-area", place="peckham")
    assert chat.keys == ["area.set", "results.intro"]
    assert chat.state.borough == "Southwark"


def test_how_do_i_get_there() -> None:
    chat = found_chat()
    chat.says("how do i get there")
    assert chat.keys == ["results.which"]
    chat.taps("see:boxing-club")
    chat.says("how do i get there")
    assert chat.keys == ["results.directions"]
    assert chat.turn.replies[0].venue is not None
    chat.taps("see:nowhere-club")
    chat.says("wheres that")
    assert chat.keys == ["results.directions-unknown"]
    assert "020 7946 0000" in chat.text


def test_is_it_just_boys() -> None:
    chat = found_chat()
    chat.taps("see:boxing-club")
    chat.says("is it just boys")
    assert chat.keys == ["results.boys-only"]
    chat.taps("see:girls-football")
    chat.says("can boys go")
    assert "for girls" in chat.text


def test_an_area_that_is_not_safe_for_them_is_left_out_from_then_on() -> None:
    chat = found_chat()
    chat.taps("see:art-room")
    chat.says("cant go there")
    assert chat.keys == ["results.avoid-set", "results.intro-again"]
    assert "art-room" not in chat.state.shown
    chat.wants("art", activities=("art",))
    assert "Art Room" not in chat.text


def test_which_place_is_not_safe_is_asked_where_it_is_not_clear() -> None:
    chat = found_chat()
    chat.says("opps live there")
    assert chat.keys == ["results.avoid-which"]


def test_nothing_found_is_said_and_counted_and_offers_what_is_left() -> None:
    chat = Chat()
    chat.wants("curling in brixton", activities=("curling",), place="brixton")
    assert chat.keys == ["area.set", "results.none"]
    assert chat.act(Count) == [Count("unmet", "find-activities/Lambeth")]
    assert [b.action for b in chat.buttons] == ["further", "person"]
    chat.taps("further")
    assert chat.state.borough == "Lambeth"


def test_looking_further_forgets_the_place_for_this_search_only() -> None:
    seen = []

    def search(query: object, now: object) -> Results:
        seen.append(query)
        return Results((), 0)

    chat = Chat(replace(small_world(), search=search))
    chat.wants("curling in brixton", place="brixton")
    chat.taps("further")
    assert seen[-1].area is None
    assert chat.state.place == "Brixton, Lambeth"


def test_something_wrong_is_counted_without_a_name() -> None:
    chat = found_chat()
    chat.taps("wrong:art-room")
    assert chat.keys == ["help.wrong-reported"]
    assert chat.act(Count) == [Count("wrong-entry", "art-room")]


def test_the_age_can_be_given_and_skipped() -> None:
    chat = found_chat()
    chat.taps("ask-age")
    chat.says("14")
    assert chat.keys == ["results.age-set", "results.intro-again"]
    assert chat.state.age == 14
    chat.taps("ask-age")
    chat.wants("any art", activities=("art",))
    assert chat.keys == ["results.intro"]


@pytest.mark.parametrize("text", ["٣", "²", "0", "400", "99999999999999999999999", "-4"])
def test_odd_ages_are_no_ages(text: str) -> None:
    chat = found_chat()
    chat.taps("ask-age")
    chat.says(text)
    assert chat.state.age is None


def test_an_age_for_somebody_else_is_not_kept_as_ones_own() -> None:
    chat = Chat()
    chat.wants("my brother is 12", age=12, for_other="brother", place="brixton")
    assert chat.state.age is None
    assert chat.state.search is not None
    assert chat.state.search.age == 12


def test_a_hard_topic_names_the_feeling_then_help_then_a_person() -> None:
    chat = Chat()
    chat.wants("i feel low", "mental-health")
    assert chat.keys == ["topics.mental-health"]
    text = chat.text
    assert text.index("That sounds heavy") < text.index("0800 1111") < text.index("Want places")
    assert {"ask-area", "person"} <= {b.action for b in chat.buttons}


def test_a_hard_topic_with_an_undecided_place_still_names_the_feeling_first() -> None:
    chat = Chat()
    chat.wants("i feel low im in se27", "mental-health", place="se27")
    assert chat.text.index("That sounds heavy") < chat.text.index("Which one are you in")
