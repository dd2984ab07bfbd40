"""Two versions of the directory are asked the same, and every change has its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.content.directory_files import load_directory
from bot.conversation.world import SERVED
from bot.upkeep.queries import Asked, QueriesFile, asked, counted, load_queries
from bot.upkeep.replay import Difference, Version, compare, difference_lines
from directory.activities import Activities
from directory.model import Contact, Directory, Query, Service
from directory.places import Places
from directory.search import Index
from intents.model import Understanding
from tests.conversation.small_world import locate, meant, service, small_world
from tests.directory.conftest import places  # noqa: F401 - a fixture

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
WORDING = small_world().wording
EATING = Asked("“eating”, age 15", Query(kinds=("eating",), age=15))


def version(*services: Service) -> Version:
    directory = Directory({one.id: one for one in services})
    return Version(directory, Index(directory, Activities(), lambda _: None), [])


def changed(old: Version, new: Version, question: Asked = EATING) -> Difference:
    return compare(old, new, [question], WORDING, NOW)


def told(old: Version, new: Version, question: Asked = EATING) -> str:
    return "\n".join(difference_lines(changed(old, new, question), (old, new)))


A, B, C, D = (service(name, kinds=("eating",), organisation=name) for name in "abcd")


def test_the_same_directory_changes_nothing() -> None:
    assert told(version(A, B), version(B, A)) == (
        "0 of 1 questions have another answer, 0 of them none any more; 0 cards read differently."
    )


def test_what_came_and_what_went_have_their_reasons() -> None:
    old = version(A, B, C)
    assert "- 1. A [a]: no longer in the directory" in told(old, version(B, C))
    assert "- 1. A [a]: closed" in told(old, version(replace(A, closed=True), B, C))
    assert "- 1. A [a]: does not fit any more" in told(old, version(replace(A, age_min=18), B, C))
    text = told(old, version(replace(A, kinds=("family", "eating")), B, C, D))
    assert "- 1. A [a]: lower now, place 4" in text
    assert "+ 3. D [d]: new" in text


def test_an_answer_that_is_lost_is_shouted() -> None:
    text = told(version(A), version())
    assert "1 of them none any more" in text
    assert "“eating”, age 15: NO ANSWER ANY MORE" in text


def test_another_order_is_told_as_such() -> None:
    text = told(version(A, B), version(replace(A, kinds=("family", "eating")), B))
    assert "1. B, was 2." in text
    assert "2. A, was 1." in text


def test_a_search_that_must_be_widened_says_so() -> None:
    question = Asked("free", Query(kinds=("eating",), free=True))
    text = told(version(A), version(replace(A, free=False, cost="£2")), question)
    assert "widened: cost, was nothing" in text


def test_a_card_that_reads_differently_is_shown_once_for_all_questions() -> None:
    new = replace(A, contact=Contact(phone="020 7946 0999"), age_max=16)
    found = compare(version(A), version(new), [EATING, EATING], WORDING, NOW)
    assert found.answers == []
    text = "\n".join(difference_lines(found, (version(), version())))
    assert "card of A [a], in 2 answer(s)" in text
    assert "- Phone: 020 7946 0000\n" in text
    assert "+ up to age 16\n  + Phone: 020 7946 0999" in text


def test_files_that_this_program_cannot_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "directory/national").mkdir(parents=True)
    (tmp_path / "directory/national/bad.yaml").write_text("a: [\n", encoding="utf-8")
    _, problems = load_directory(tmp_path)
    broken = Version(Directory(), Index(Directory(), Activities(), lambda _: None), problems)
    text = "\n".join(difference_lines(Difference(), (version(), broken)))
    assert text.startswith("NEW: left out, since this program finds errors in them: ")
    assert "directory/national/bad.yaml" in text


def understand(text: str) -> Understanding:
    return meant(text, "find-activities", activities=["boxing"], age=12)


def test_a_typical_question_becomes_the_search_that_the_bot_would_make() -> None:
    entry = QueriesFile.model_validate(
        {"queries": [{"wish": "boxing", "area": "brixton", "age": "15", "day": "tonight"}]}
    ).queries[0]
    found = asked(entry, understand, locate)
    assert found.words == "“boxing”, age 15, brixton, tonight"
    query = found.query
    assert (query.kinds, query.activities, query.age, query.days, query.text) == (
        ("find-activities",), ("boxing",), 15, ("tonight",), "",
    )  # fmt: skip
    assert query.area is not None
    assert query.area.borough == "Lambeth"


@pytest.mark.parametrize(
    ("label", "kinds", "borough", "words"),
    [
        ("find-work/Lambeth", ("find-work",), "Lambeth", "find-work, Lambeth (asked 7 times)"),
        ("a+b/anywhere", ("a", "b"), None, "a, b, no area given (asked 7 times)"),
        ("any/Brent", (), "Brent", "anything, Brent (asked 7 times)"),
    ],
)
def test_a_counted_search_is_asked_again(
    label: str, kinds: tuple[str, ...], borough: str | None, words: str
) -> None:
    found = counted(label, 7, locate)
    assert (found.query.kinds, found.words) == (kinds, words)
    assert (found.query.area.borough if found.query.area else None) == borough


def test_mistakes_in_the_questions_are_named(tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()
    (tmp_path / "directory/queries.yaml").write_text(
        "queries:\n  - {wish: a, day: tonite}\n  - {wish: b, area: xyzzy}\n  - {wish: c}\n", "utf-8"
    )
    kept, problems = load_queries(tmp_path, locate)
    assert [entry.wish for entry in kept] == ["c"]
    assert [str(problem) for problem in problems] == [
        "directory/queries.yaml:2: `day` is no day, found `tonite`, did you mean `tonight`?",
        "directory/queries.yaml:3: `area` is no place, found `xyzzy`, "
        "write it like SW9, Brixton or Lambeth",
    ]


def test_the_typical_questions_are_sound_and_cover_every_borough(places: Places) -> None:  # noqa: F811
    kept, problems = load_queries(ROOT, places.locate)
    assert problems == []
    assert len(kept) >= 120
    areas = [places.locate(entry.area) for entry in kept if entry.area]
    boroughs = [one for area in areas for one in (area.borough, *area.choices)]
    assert all(boroughs.count(borough) >= 8 for borough in SERVED)
