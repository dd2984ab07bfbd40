"""The ready replies: what `check` says of mistakes, and what the real ones must never say."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from bot.content.canned_files import BOROUGH, CANNED, load_canned
from bot.content.directory_files import load_directory
from bot.content.problems import Problem
from bot.content.wording_files import load_wording
from directory.model import Directory
from intents.canned import Canned, find
from tests.conversation.small_world import SERVICES
from tests.test_wording import CLAIMS, METHODS, PROMISE, SECRECY

ROOT = Path(__file__).parents[2]
KNOWN = {one.id: one for one in SERVICES}
GOOD = """group: "To begin"
replies:
  - id: hello
    name: "Hello there"
    words: ["hi"]
    text: "Hello, how are you in {borough}?"
  - id: ring
    name: "Ring"
    words: ["number"]
    text: "They listen: {childline}"
"""


@cache
def directory() -> Directory:
    return load_directory(ROOT)[0]


@cache
def real() -> tuple[Canned, ...]:
    replies, problems = load_canned(ROOT, directory().services)
    assert [str(problem) for problem in problems] == []
    return replies


def read(tmp_path: Path, text: str) -> tuple[tuple[Canned, ...], list[Problem]]:
    (tmp_path / CANNED).mkdir(parents=True)
    (tmp_path / CANNED / "a.yaml").write_text(text, encoding="utf-8")
    return load_canned(tmp_path, KNOWN)


def test_a_good_file_is_read_whole(tmp_path: Path) -> None:
    replies, problems = read(tmp_path, GOOD)
    assert problems == []
    assert [(one.id, one.group, one.blanks()) for one in replies] == [
        ("hello", "To begin", ("borough",)), ("ring", "To begin", ("childline",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "line", "what", "instead"),
    [
        ("{childline}", "{chldline}", 10, "nothing fills this blank", "`{childline}`"),
        ("{borough}", "{brough}", 6, "nothing fills this blank", "`{borough}`"),
        ("{borough}", "{shaky}", 6, "no high confidence", "high confidence"),
        ("{borough}", "{borough", 6, "a curly bracket stands alone", "{{"),
        ("how are", "<b>how are", 6, "never closed", "</b>"),
        ("how are", "<script>how are</script>", 6, "does not know this tag", "use a, b"),
        ("id: ring", "id: hello", 7, "this id is used twice", "write another"),
        ('"Ring"', '"Hello there"', 8, "this name is used twice", "write another"),
        ("id: ring", "id: Ring Me", 7, "`id` is not written in the expected way", "README"),
        ("words: [", "wrds: [", 5, "`wrds` is not a key here", "`words`"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, before: str, after: str, line: int, what: str, instead: str
) -> None:
    assert before in GOOD
    _, problems = read(tmp_path, GOOD.replace(before, after, 1))
    (problem,) = problems
    assert (problem.file, problem.line) == (f"{CANNED}/a.yaml", line)
    assert what in problem.what
    assert instead in problem.instead


def test_there_are_enough_of_every_sort() -> None:
    assert len(real()) >= 25
    assert len({one.group for one in real()}) >= 8


@pytest.mark.parametrize("pattern", [SECRECY, PROMISE, METHODS, CLAIMS])
def test_none_says_what_must_never_be_said(pattern: re.Pattern[str]) -> None:
    assert [one.id for one in real() if pattern.search(one.text)] == []


THERAPY = re.compile(
    r"\b(therap\w+|treat(ment|s)?|cure[sd]?|heal(s|ed|ing)?|diagnos\w+|counsell\w+"
    r"|will (help|work|calm|make you)|you('ll| will) feel (better|calm))\b", re.IGNORECASE,
)  # fmt: skip


def test_none_claims_to_treat_or_that_it_will_work() -> None:
    assert [one.id for one in real() if THERAPY.search(one.text)] == []


def test_no_number_stands_in_a_text_but_999() -> None:
    digits = {one.id: re.findall(r"\d{3,}", re.sub(r"\{[^}]*\}", "", one.text)) for one in real()}
    assert {name: found for name, found in digits.items() if set(found) - {"999"}} == {}


def test_none_repeats_what_the_bot_says() -> None:
    wording, _ = load_wording(ROOT)
    bot = {sentence for text in wording.texts.values() for sentence in sentences(text)}
    said = [(one.id, s) for one in real() for s in sentences(one.text)]
    assert [pair for pair in said if pair[1] in bot and len(pair[1].split()) > 4] == []


def sentences(text: str) -> list[str]:
    """Sentences without tags and blanks, in small letters."""
    bare = re.sub(r"<[^>]*>|\{[^}]*\}", "", text)
    return [" ".join(one.lower().split()) for one in re.split(r"[.?!:\n]+", bare) if one.strip()]


def syllables(word: str) -> int:
    """Groups of vowels, without the silent e: right for most plain words."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith("le") and groups > 1
    return max(groups - silent, 1)


def grade(text: str) -> float:
    """The school year that can read a text, by Flesch and Kincaid: 4 to 6 is age 9 to 11."""
    parts = sentences(text)
    words = [re.sub(r"[^a-z]", "", word) for part in parts for word in part.split()]
    words = [word for word in words if word]
    return 0.39 * len(words) / len(parts) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_measure_of_reading_tells_plain_from_official() -> None:
    assert grade("Sit down. Have some tea. Then tell me.") < 2
    assert grade("Safeguarding professionals prioritise multidisciplinary intervention.") > 12


def test_a_child_of_nine_to_eleven_can_read_them() -> None:
    hard = {one.id: round(grade(one.text), 1) for one in real() if grade(one.text) > 6}
    assert hard == {}


def test_names_are_buttons_and_the_word_shown_finds_it() -> None:
    for one in real():
        assert len(one.name) <= 32
        found = [hit.id for hit in find(one.words[0], real())]
        assert one.id in found, f"/r {one.words[0]} finds {found} and not {one.id}"
        assert [hit.id for hit in find(one.name, real())] == [one.id]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("brething", "breathe"), ("no consent", "have-to-share"), ("shfit", "i-have-to-go"),
     ("nudes", "numbers-picture"), ("not in truble", "no-trouble"),
     ("out of hours", "council-night"),
     ("BELIEVE", "i-believe-you"), ("spell", "no-rush")],
)  # fmt: skip
def test_a_few_words_find_the_reply_slips_and_all(typed: str, meant: str) -> None:
    assert find(typed, real())[0].id == meant


@pytest.mark.parametrize("typed", ["", "   ", "zzz qqq", "🙂", "?!"])
def test_nonsense_finds_nothing(typed: str) -> None:
    assert find(typed, real()) == []


def test_every_blank_is_a_boroughs_or_a_helplines() -> None:
    blanks = {blank for one in real() for blank in one.blanks()}
    assert blanks - set(BOROUGH) <= set(directory().services)
    assert {"front_door_day", "front_door_out", "childline"} <= blanks
