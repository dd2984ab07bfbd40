"""What maintainers can do to the wording by mistake is said by `check`, and said once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.content.crosscheck import crosscheck
from bot.content.problems import Problem
from bot.content.wording_files import (
    REPLY_KEYS,
    load_phrase_table,
    load_wording,
    read_reply_keys,
    written_reply_keys,
)
from directory.model import Directory
from intents.content import IntentContent, IntentInfo

ROOT = Path(__file__).parents[2]
REPLIES = "intents/replies"
ANSWERS = "intents/words/answers.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with the real texts, to be spoilt."""
    shutil.copytree(ROOT / REPLIES, tmp_path / REPLIES)
    (tmp_path / ANSWERS).parent.mkdir()
    shutil.copy(ROOT / ANSWERS, tmp_path / ANSWERS)
    return tmp_path


def edit(root: Path, file: str, before: str, after: str) -> int:
    """Change a text once, as a maintainer would; gives the line, from 1."""
    path = root / REPLIES / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return text[: text.index(before)].count("\n") + 1


def spoil(root: Path, file: str, text: str = 'a: "never closed\n') -> None:
    (root / file).write_text(text, encoding="utf-8")


def checked(root: Path, intents: tuple[str, ...] = ()) -> list[Problem]:
    """All that is said about the texts and the answers, read alone and looked at together."""
    wording, problems = load_wording(root)
    answers, more = load_phrase_table(root, "answers")
    content = IntentContent(intents=tuple(IntentInfo(name, "find", ()) for name in intents))
    return [*problems, *more, *crosscheck(wording, Directory(), content, answers)]


def test_the_list_of_keys_is_up_to_date() -> None:
    text, problems = written_reply_keys(ROOT)
    assert problems == []
    same = REPLY_KEYS.read_text(encoding="utf-8") == text
    assert same, "texts or their blanks have changed: run python tools/reply_keys.py"


def test_the_list_is_sorted_and_names_blanks_after_the_key() -> None:
    head, *lines = REPLY_KEYS.read_text(encoding="utf-8").splitlines()
    assert head.startswith("#")
    assert "danger.helpline: contact name" in lines
    keys = [line.partition(":")[0] for line in lines]
    assert keys == sorted(set(keys)) == list(read_reply_keys())


def test_the_real_texts_have_no_problem(root: Path) -> None:
    assert checked(root) == []


def test_a_renamed_key_is_said_from_both_sides(root: Path) -> None:
    line = edit(root, "danger.yaml", "call-999:", "cal-999:")
    unknown, missing = checked(root)
    assert (unknown.file, unknown.line) == (f"{REPLIES}/danger.yaml", line)
    assert "no text `danger.cal-999`" in unknown.what
    assert "did you mean `danger.call-999`?" in unknown.instead
    assert (missing.file, missing.line) == (unknown.file, line)
    assert missing.what == "the text `danger.call-999` is missing"
    assert "did you mean `danger.cal-999`?" in missing.instead


def test_a_key_that_is_gone_is_meant_rather_than_one_that_is_there(root: Path) -> None:
    edit(root, "results.yaml", "day-3:", "day-03:")
    unknown, _ = checked(root)
    assert "did you mean `results.day-3`?" in unknown.instead


def test_a_renamed_kind_of_danger_gives_two_problems_a_text(root: Path) -> None:
    edit(root, "danger.yaml", "suicide:", "suicde:")
    said = [problem.what for problem in checked(root)]
    assert len(said) == 6
    assert said.count("the text `danger.suicide.emergency` is missing") == 1


def test_a_text_taken_out_is_missing_beside_its_neighbours(root: Path) -> None:
    edit(root, "results.yaml", 'day-3: "Thursday"\n', "")
    (missing,) = checked(root)
    near = (root / REPLIES / "results.yaml").read_text().splitlines()[missing.line - 1]
    assert near.startswith("day-")
    assert missing.instead == "write it"


def test_a_new_text_is_for_developers_to_add(root: Path) -> None:
    line = edit(root, "start.yaml", "greeting:", 'qqqqqqqq: "x"\ngreeting:')
    (unknown,) = checked(root)
    assert unknown.line == line
    assert unknown.instead.startswith("take it out, or a developer adds it")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('told-nothing: "nothing yet"', "told-nothing:", "must be a text, found nothing"),
        ('told-nothing: "nothing yet"', "told-nothing: [a]", "must be a text, found a list"),
        ("You have #{case}.", "You have #{cas}.", "found {cas}, write {case}"),
        ("You have #{case}.", "You have #{area}.", "found {area}, write {case}"),
        ("nothing yet", "nothing {area}", "nothing fills this blank, found {area}, take it out"),
        ("nothing yet", "nothing {}", "nothing fills this blank, found {}, take it out"),
        ("{n} min", "{n:d} min", "more than its name, found {n:d}, write {n}"),
        ("nothing yet", "nothing }", "a curly bracket stands alone"),
        ("nothing yet", "<b>nothing", "a tag is never closed"),
        ("nothing yet", "<em>nothing</em>", "Telegram does not know this tag"),
    ],
)
def test_a_mistake_in_a_text_is_said_once(root: Path, before: str, after: str, says: str) -> None:
    line = edit(root, "staff.yaml", before, after)
    (problem,) = checked(root)
    assert problem.line == line
    assert says in str(problem)


def test_a_blank_of_another_text_offers_this_texts_own(root: Path) -> None:
    edit(root, "danger.yaml", "<b>{name}</b>: {contact}", "<b>{name}</b>: {webchat}")
    (problem,) = checked(root)
    assert problem.instead == "write {contact} or {name}"


def test_one_value_in_place_of_a_block_is_said_once(root: Path) -> None:
    path = root / REPLIES / "commands.yaml"
    text = path.read_text(encoding="utf-8")
    begin, end = text.index("staff:"), text.index("description:")
    path.write_text(f'{text[:begin]}staff: "x"\n{text[end:]}', encoding="utf-8")
    (problem,) = checked(root)
    assert problem.instead.startswith("indent these below it: staff.case, ")


@pytest.mark.parametrize("name", ["danger", "intents", "topics"])
def test_of_a_file_that_cannot_be_read_only_that_is_said(root: Path, name: str) -> None:
    spoil(root, f"{REPLIES}/{name}.yaml")
    (problem,) = checked(root, ("find-work", "new-one") if name == "intents" else ("find-work",))
    assert problem.file == f"{REPLIES}/{name}.yaml"
    assert "never closed" in problem.what


def test_a_file_that_is_gone_or_renamed_is_one_problem_each(root: Path) -> None:
    path = root / REPLIES / "danger.yaml"
    path.rename(path.with_name("dangers.yaml"))
    gone, unknown = checked(root)
    assert (gone.file, gone.what) == (f"{REPLIES}/danger.yaml", "the file cannot be read")
    assert unknown.file == f"{REPLIES}/dangers.yaml"
    assert unknown.instead == "did you mean `danger.yaml`?"


@pytest.mark.parametrize("text", ['a: "never closed\n', "{}\n", "just words\n", "- a\n"])
def test_answers_that_cannot_be_used_are_one_problem(root: Path, text: str) -> None:
    spoil(root, ANSWERS, text)
    (problem,) = checked(root)
    assert problem.file == ANSWERS


def test_a_file_without_any_text_misses_all_of_them(root: Path) -> None:
    spoil(root, f"{REPLIES}/start.yaml", "{}\n")
    wanted = [key for key in read_reply_keys() if key.startswith("start.")]
    assert [problem.what for problem in checked(root)] == [
        f"the text `{key}` is missing" for key in wanted
    ]


def test_an_intent_without_a_name_is_found_though_the_list_lacks_it(root: Path) -> None:
    said = [problem.what for problem in checked(root, ("find-work", "new-one"))]
    assert said == ["new-one has no name for its button"]


def test_a_safety_text_is_missed_though_the_list_lacks_it(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(root, "danger.yaml", '  helplines: "childline"\n', "")
    text, _ = written_reply_keys(root)
    assert "danger.any.helplines" not in text
    (tmp_path / "keys.txt").write_text(text, encoding="utf-8")
    monkeypatch.setattr("bot.content.wording_files.REPLY_KEYS", tmp_path / "keys.txt")
    said = [problem.what for problem in checked(root)]
    assert said == ["the safety text any.helplines is missing"]
    spoil(root, f"{REPLIES}/danger.yaml")
    (problem,) = checked(root)
    assert "never closed" in problem.what


def test_the_list_is_not_written_out_of_files_that_cannot_be_read(root: Path) -> None:
    spoil(root, f"{REPLIES}/danger.yaml")
    _, (problem,) = written_reply_keys(root)
    assert problem.file == f"{REPLIES}/danger.yaml"
