"""What is said of each sort of place, what is kept of it, and what is offered there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.state import Count
from bot.conversation.world import SERVED
from directory.model import Area
from tests.conversation.chats import Chat
from tests.conversation.small_world import AREAS, maybe, meant, small_world


def asked_chat() -> Chat:
    chat = Chat()
    chat.wants("any boxing", activities=("boxing",))
    assert chat.keys == ["area.ask"]
    return chat


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("sw9 8la", "area.set"),
        ("brixtn", "area.repaired"),
        ("sw9 8zz", "area.set-approximate"),
        ("n1p 2ab", "area.boxes"),
        ("ealing", "area.outside-boroughs"),
        ("leeds", "area.outside-london"),
        ("camberwell", "area.choose"),
        ("zz9 9zz", "area.no-such-postcode"),
        ("en77 8aa", "area.boxes-no-place"),
        ("asdfgh", "area.ask-again"),
    ],
)
def test_each_sort_of_place_has_its_own_answer(typed: str, key: str) -> None:
    chat = asked_chat()
    chat.says(typed)
    assert chat.keys[0] == key


@pytest.mark.parametrize("typed", ["zz9 9zz", "en77 8aa"])
def test_a_wrong_postcode_is_asked_for_once_more_and_then_no_more(typed: str) -> None:
    chat = asked_chat()
    chat.says(typed)
    assert chat.turn.replies[0].keyboard
    chat.says(typed)
    assert chat.keys == ["understand.fallback"]


def test_outside_the_eight_the_borough_is_named_and_what_is_there() -> None:
    chat = asked_chat()
    chat.says("ealing")
    assert "<b>Ealing</b>" in chat.text
    for borough in SERVED:
        assert borough in chat.text
    assert "gov.uk/find-local-council" in chat.text
    assert chat.keys == ["area.outside-boroughs", "results.intro"]
    assert chat.state.borough == "Ealing"


def test_a_boroughs_own_number_is_said_where_it_is_known() -> None:
    world = small_world()
    door = replace(world.front_doors["Lambeth"], borough="Ealing", phone_day="020 7946 0111")
    chat = Chat(replace(world, front_doors={"Ealing": door}))
    chat.wants("any boxing in ealing", activities=("boxing",), place="ealing")
    assert "020 7946 0111" in chat.text
    assert "gov.uk/find-local-council" not in chat.text


def test_the_address_of_the_councils_is_the_directorys(directory_urls: set[str]) -> None:
    text = small_world().wording.text("area.council")
    assert any(url.removeprefix("https://") in text for url in directory_urls)


@pytest.fixture(scope="module")
def directory_urls() -> set[str]:
    from bot.content.directory_files import load_directory
    from tests.conversation.small_world import ROOT

    services = load_directory(ROOT)[0].services
    return {services["council-homelessness-help"].contact.website or "?"}


def test_outside_london_a_worry_gets_what_works_everywhere() -> None:
    chat = Chat()
    chat.wants("i feel low and im in leeds", "mental-health", place="leeds")
    assert "childline" in chat.state.shown
    assert chat.state.outside
    chat.taps("more")
    chat.wants("what about boxing", activities=("boxing",))
    assert chat.keys == ["results.none"]
    assert [b.action for b in chat.buttons] == ["problems", "person"]
    assert "London" in chat.text
    assert chat.act(Count) == [Count("unmet", "find-activities/outside London")]


def test_outside_london_an_old_borough_is_no_longer_looked_in() -> None:
    chat = Chat()
    chat.wants("boxing in brixton", activities=("boxing",), place="brixton")
    assert chat.state.shown == ("boxing-club",)
    chat.wants("im in leeds now", "set-area", place="leeds")
    assert chat.keys[0] == "area.outside-london"
    assert (chat.state.borough, chat.state.lat, chat.state.place) == (None, None, "Leeds")
    assert chat.state.shown == ()
    chat.says("/start")
    assert "Leeds" not in chat.text
    chat.says("/mydata")
    assert "Leeds" in chat.text


def test_back_in_london_places_come_again() -> None:
    chat = asked_chat()
    chat.says("leeds")
    chat.wants("brixton", "set-area", place="brixton")
    chat.wants("boxing", activities=("boxing",))
    assert not chat.state.outside
    assert chat.state.shown == ("boxing-club",)


def test_anywhere_in_london_takes_back_a_place_outside() -> None:
    chat = asked_chat()
    chat.says("leeds")
    chat.taps("ask-area")
    chat.says("Anywhere in London")
    assert not chat.state.outside
    assert chat.state.place is None


def test_nothing_asked_for_outside_london_offers_somebody_to_talk_to() -> None:
    chat = Chat()
    chat.says("/area leeds")
    assert chat.keys == ["area.outside-london"]
    assert [b.action for b in chat.buttons] == ["problems", "person"]


@pytest.mark.parametrize("way", ["tap", "words"])
def test_a_choice_of_boroughs_keeps_the_named_place(way: str) -> None:
    chat = Chat()
    chat.wants("any boxing in camberwell", activities=("boxing",), place="camberwell")
    assert chat.keys == ["area.choose"]
    if way == "tap":
        chat.taps("borough:Southwark")
    else:
        chat.wants("southwark", "set-area", place="southwark")
    assert "Camberwell, Southwark" in chat.text
    assert (chat.state.borough, chat.state.lat) == ("Southwark", 51.474)


def test_another_place_in_answer_to_the_choice_is_that_place() -> None:
    chat = Chat()
    chat.wants("any boxing in camberwell", activities=("boxing",), place="camberwell")
    chat.wants("peckham", "set-area", place="peckham")
    assert chat.state.place == "Peckham, Southwark"
    assert chat.state.lat == 51.47


def test_outside_london_can_be_the_choice() -> None:
    border = Area("BR6 7", None, "BR6 7", AREAS["sw9"].point, False,
                  ("Bromley", "outside London"), outcome="choose")  # fmt: skip
    plain = small_world().locate
    world = replace(small_world(), locate=lambda t: border if t == "br6 7nz" else plain(t))
    chat = Chat(world)
    chat.wants("br6 7nz", "set-area", place="br6 7nz")
    chat.taps("borough:outside London")
    assert chat.keys == ["area.outside-london"]


def test_a_postcode_that_only_the_gazetteer_can_read_counts() -> None:
    plain = small_world().locate
    world = replace(
        small_world(), locate=lambda t: AREAS["sw9 8la"] if "S W 9 8 L A" in t else plain(t)
    )
    chat = Chat(world)
    chat.wants("any boxing near S W 9 8 L A", activities=("boxing",))
    assert chat.keys == ["area.set", "results.intro"]
    chat = Chat(world)
    chat.wants("any boxing")
    chat.wants("S W 9 8 L A", "out-of-scope", place="s")  # a part of it was taken for the place
    assert chat.state.sector == "SW9 8"


@pytest.mark.parametrize(
    ("known", "place", "kept"),
    [
        (None, "ealing", ("Ealing", "Ealing")),
        (None, "leeds", (None, "Leeds")),
        ("brixton", "leeds", ("Lambeth", "Brixton, Lambeth")),
        ("brixton", "ealing", ("Ealing", "Ealing")),
        (None, "camberwell", (None, None)),
    ],
)
def test_what_staff_learn_of_a_place_in_danger(
    known: str | None, place: str, kept: tuple[str | None, str | None]
) -> None:
    chat = Chat()
    if known:
        chat.says(f"/area {known}")
    chat.says(meant("help me", "violence-worry", danger=maybe(), place=place))
    assert (chat.state.borough, chat.state.place) == kept


def test_the_privacy_notice_names_the_tables_that_are_in_use() -> None:
    chat = Chat(replace(small_world(), attribution="Contains OS data © 2031."))
    chat.says("/privacy")
    assert "Contains OS data © 2031." in chat.text
