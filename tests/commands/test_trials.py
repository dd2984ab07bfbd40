"""Trials: what is held out together, what is kept, what a bad file is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import neighbours
from bot.commands.content import ROOT
from bot.commands.evaluate import ablate, write_block
from bot.commands.trials import (
    FailedLayerError,
    Trial,
    UnusableFileError,
    cross_validate,
    folds_of,
    read_messages,
)
from bot.content.intent_files import load_intents
from intents.content import IntentContent
from intents.examples import Example
from intents.measure import labelled
from intents.model import Kind, Urgency


@pytest.fixture(scope="module")
def few() -> IntentContent:
    """One example of twelve, with their twins."""
    content, _ = load_intents(ROOT)
    return replace(content, examples=content.examples[::12])


def example(text: str, twin: str = "") -> Example:
    return Example(text, "housing", Urgency.NONE, twin=twin)


def test_twins_and_equal_texts_are_held_out_together() -> None:
    chain = [example("One", "x"), example("two", "x"), example("one "), example("two", "y"),
             example("three", "y")]  # fmt: skip
    others = [example(f"text {n}") for n in range(40)]
    placed = folds_of([*chain, *others], 5)
    assert len(set(placed[:5])) == 1
    assert set(placed) == set(range(5))


def test_an_example_stays_in_its_fold_when_others_are_added() -> None:
    old = [example(f"text {n}", f"t{n}") for n in range(30)]
    assert folds_of([*old, example("new")], 4)[:30] == folds_of(old, 4)


@pytest.mark.slow
def test_a_second_run_gives_the_same_out_of_the_cache(few: IntentContent, tmp_path: Path) -> None:
    trial = Trial(few, cache=tmp_path)
    first = cross_validate(trial, 2)
    assert len(first) == len(few.examples)
    assert len(list(tmp_path.glob("verdicts-*.json"))) == 2

    again = replace(trial, built={})
    assert cross_validate(again, 2) == first
    assert again.built == {}


@pytest.mark.slow
def test_switching_a_layer_off_is_another_trial(few: IntentContent, tmp_path: Path) -> None:
    trial = Trial(few, cache=tmp_path)
    off = replace(trial, without=frozenset({"words"}))
    assert trial.key() != off.key()
    assert [layer.name for layer in off.understander(few).layers()] == ["ngrams"]


@pytest.mark.slow
def test_each_layer_is_measured_in_every_set(few: IntentContent, tmp_path: Path) -> None:
    trial = Trial(few, cache=tmp_path)
    messages = [labelled(example) for example in few.examples[:40]]
    found = ablate(trial, few, messages)
    assert set(found) == {
        "all", "without words", "without ngrams", "without rules", "without mending",
        "words alone", "ngrams alone", "rules alone",
    }  # fmt: skip
    alone = found["ngrams alone"]
    assert sum(verdict.intents[0] == message.intent for message, verdict in alone) >= 30


@pytest.mark.slow
def test_a_layer_that_fails_is_no_figure(few: IntentContent, tmp_path: Path) -> None:
    trial = Trial(few, cache=tmp_path)
    layer = next(one for one in trial.understander(few).layers() if one.name == "ngrams")
    vars(layer)["read_all"] = None
    with pytest.raises(FailedLayerError, match="ngrams failed"):
        ablate(replace(trial, without=frozenset()), few, [labelled(few.examples[0])])


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("not json", "Expecting value"),
        ('{"text": "hi", "urgency": "none"}', "intent"),
        ('{"text": "hi", "intent": "greeting", "urgency": "high"}', "high"),
    ],
)
def test_a_bad_line_is_named_with_its_number(line: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "m.jsonl"
    file.write_text('{"text": "a", "intent": "greeting", "urgency": "none"}\n' + line)
    with pytest.raises(UnusableFileError, match=f"m.jsonl:2: .*{says}"):
        read_messages(file)


def test_messages_keep_what_is_known_about_them(tmp_path: Path) -> None:
    file = tmp_path / "m.jsonl"
    file.write_text(
        '{"text": "a", "intent": "housing", "urgency": "urgent", "kind": "abuse", '
        '"also": ["family"], "twin": "t1"}\n'
    )
    (found,) = read_messages(file)
    assert (found.kind, found.also, found.twin, found.slice) == (
        Kind.ABUSE.value, ("family",), "t1", "m",
    )  # fmt: skip


def test_the_place_of_an_example_is_the_line_on_which_it_stands(few: IntentContent) -> None:
    lines = neighbours.lines_of(few.examples)
    for one in few.examples[::50]:
        at = lines[one.origin, one.text]
        line = (ROOT / one.origin).read_text(encoding="utf-8").splitlines()[at - 1]
        assert one.text.split()[0] in line


def test_what_is_spoken_in_the_tests_is_found() -> None:
    said = set(neighbours.spoken_in_tests(ROOT))
    assert "any boxing near brixton?" in said
    assert "i want to die" in {text.casefold() for text in said}
    assert "=area.set" not in said


def test_a_table_is_written_between_its_marks_only(tmp_path: Path) -> None:
    file = tmp_path / "d.md"
    file.write_text("a\n<!-- x -->\nold\n<!-- end of x -->\nb\n")
    write_block("x", ["new"], file)
    assert file.read_text() == "a\n<!-- x -->\nnew\n<!-- end of x -->\nb\n"
    with pytest.raises(ValueError, match="expected the lines"):
        write_block("y", ["new"], file)
