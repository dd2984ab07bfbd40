"""The bar: thirty everyday wishes from each borough, the right kind first in nine of ten."""

from __future__ import annotations

from benchmarks.wishes import BAR, Answer, Wish, answers, read_table, summary
from bot.commands.content import search_for
from directory.activities import Activities
from directory.model import Area, Results
from directory.places import Places
from directory.search import Index
from tests.support.real import real_catalogue

TABLE = read_table()


def test_the_table_has_thirty_wishes_and_a_postcode_in_each_borough(places: Places) -> None:
    assert len(TABLE.wishes) == len({wish.say for wish in TABLE.wishes}) == 30
    assert set(TABLE.postcodes) == places.areas.served
    for borough, postcode in TABLE.postcodes.items():
        assert places.locate(postcode).borough == borough


def test_every_right_answer_exists(index: Index, activities: Activities) -> None:
    """A wish that nothing could grant would measure nothing."""
    for wish in TABLE.wishes:
        everything = index.search(wish.asked(Area("", None, None, None, certain=False)), TABLE.now)
        assert everything.matches, wish.say


def test_the_search_alone(index: Index, activities: Activities, places: Places) -> None:
    def ask(wish: Wish, area: Area) -> Results:
        return index.search(wish.asked(area), TABLE.now)

    held_to_the_bar(list(answers(TABLE, ask, places.locate, activities)))


def test_in_words_through_the_understanding(activities: Activities) -> None:
    world = real_catalogue().world

    def ask(wish: Wish, area: Area) -> Results:
        return search_for(world, wish.say, area, TABLE.now)

    held_to_the_bar(list(answers(TABLE, ask, world.locate, activities)))


def held_to_the_bar(found: list[Answer]) -> None:
    print(summary(found))
    right = sum(one.right for one in found)
    misses = "\n".join(str(one) for one in found if not one.right)
    assert right >= BAR * len(found), misses
