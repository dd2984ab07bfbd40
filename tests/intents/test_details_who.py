"""For whom, for what exactly, and where it is no place of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content.word_files import load_activities, load_areas
from intents.content import IntentContent
from intents.details import DetailReader
from intents.model import Details
from intents.normalise import Normaliser

ROOT = Path(__file__).parents[2]


class Reader:
    """The real words, places and activities, read as the bot reads them."""

    def __init__(self, content: IntentContent) -> None:
        places = list(load_areas(ROOT)[0].phrases)
        activities = load_activities(ROOT)[0]
        self.normal = Normaliser(content.words, places)
        self.details = DetailReader(content.words, places, activities.phrases, activities.parents)

    def __call__(self, text: str) -> Details:
        return self.details(text, self.normal(text))


@pytest.fixture(scope="module")
def read(content: IntentContent) -> Reader:
    return Reader(content)


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("im a 15 year old boy looking for football in lambeth sw9", ("boy",)),
        ("15yo lad here", ("boy",)),
        ("im a guy into boxing", ("boy",)),
        ("football for my son", ("boy",)),
        ("anything for boys", ("boy",)),
        ("boxing for my little brother", ("boy",)),
        ("im a girl", ("girl",)),
        ("as a girl id like to box", ("girl",)),
        ("14yo girl here", ("girl",)),
        ("dance for my 9 year old daughter", ("girl",)),
        ("football for girls", ("girls",)),
        ("just for girls?", ("girls",)),
        ("girls only boxing for my daughter", ("girls",)),
        ("boys only pls", ("boys",)),
        ("for my son and my daughter", ()),
        ("this 15 year old boy keeps hitting me", ()),
        ("a girl in my class is bullying me", ()),
        ("any boxing near me", ()),
    ],
)
def test_for_whom(read: Reader, text: str, group: tuple[str, ...]) -> None:
    assert read(text).group == group


@pytest.mark.parametrize(
    ("text", "activities"),
    [
        ("any man dem got a boxing ting round peckham ends", ("boxing",)),
        ("youth club with football", ("football",)),
        ("somewhere to go with my friends", ("youth-club",)),
        ("a sport like tennis", ("tennis",)),
        ("any sport or music", ("sport", "music")),
        ("any gyms in SE15", ("gym",)),
        ("im in reading, any football", ("football",)),
    ],
)
def test_for_what(read: Reader, text: str, activities: tuple[str, ...]) -> None:
    found = tuple(mention.value for mention in read(text).activities)
    assert sorted(found) == sorted(activities)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("im in birmingham any youth clubs", "birmingham"),
        ("any boxing in slough", "slough"),
        ("youth club in manchester", "manchester"),
        ("I'm in Reading, any football?", "reading"),
        ("im from leeds but stay in bow", "bow"),
        ("i support liverpool", None),
        ("i need help with reading", None),
    ],
)
def test_where(read: Reader, text: str, place: str | None) -> None:
    found = read(text).place
    assert (found.value if found else None) == place
