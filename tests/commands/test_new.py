"""A new entry, asked for step by step: every answer checked at once, nothing ever overwritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.commands.new import run_new
from bot.content.directory_files import load_directory
from bot.upkeep.dialogue import Terminal

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 27)
CLUB = "directory/boroughs/lambeth/example-club.yaml"
GOOD = {
    "Where is it": ["lambeth"],
    "What is the organisation": ["Example Club"],
    "What is the service": ["Boxing for beginners"],
    "What is it": ["Boxing for beginners, with kit to borrow."],
    "Which needs": ["1 find-mentor"],
    "What can people do": ["boxing"],
    "The address": ["Example Hall, 1 Example Road, London"],
    "The postcode": ["sw9 7aa"],
    "For which ages": ["11-17"],
    "Is it free": ["yes"],
    "When?": ["Tuesday 17:00-19:00"],
    "Phone": ["020 7946 0000"],
    "Email": ["hi@example.org"],
    "Website": ["example.org/boxing"],
    "Where did you see": ["example.org/boxing"],
    "How sure": ["medium"],
    "Why is it": ["own page"],
    "Write this": ["yes"],
}
WRITTEN = """\
# One organisation and its services. What each line means: directory/README.md
organisation: Example Club
services:

  - id: lambeth-boxing-for-beginners
    name: Boxing for beginners
    what: Boxing for beginners, with kit to borrow.
    kinds: [find-activities, find-mentor]
    activities: [boxing]
    address: Example Hall, 1 Example Road, London
    postcode: SW9 7AA
    ages: {min: 11, max: 17}
    free: yes
    when:
      - Tuesday 17:00-19:00
    contact:
      phone: 020 7946 0000
      email: hi@example.org
      website: https://example.org/boxing
    source:
      - https://example.org/boxing
    seen: 2026-11
    confidence: medium
    reason: own page
"""


class Person:
    """Answers by the beginning of the question; Enter where nothing is left to say."""

    def __init__(self, **changed: list[str]) -> None:
        self.answers = {key: list(values) for key, values in GOOD.items()}
        self.answers |= {key.replace("_", " "): list(values) for key, values in changed.items()}
        self.told: list[str] = []
        self.asked: list[str] = []
        self.last = ""

    def ask(self, prompt: str) -> str:
        self.asked.append(prompt)
        key = next((key for key in self.answers if prompt.startswith(key)), "")
        if prompt.startswith(("Keep it", "  and")):
            key = next((key for key in self.answers if prompt.startswith(key)), self.last)
        elif key:
            self.last = key
        left = self.answers.get(key, [])
        return left.pop(0) if left else ""

    @property
    def heard(self) -> str:
        return "\n".join(self.told)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with the real vocabulary, and of the postcodes what is needed: it is read often."""
    (tmp_path / "intents").mkdir()
    (tmp_path / "intents/words").symlink_to(ROOT / "intents/words")
    postcodes = tmp_path / "directory/postcodes"
    postcodes.mkdir(parents=True)
    for table in (ROOT / "directory/postcodes").glob("*.csv"):
        lines = table.read_text("utf-8").splitlines(keepends=True)
        few = [line for line in lines[1:] if line.startswith(("SW9", "E8", "E,", "SW,"))]
        (postcodes / table.name).write_text("".join([lines[0], *few]), "utf-8")
    (tmp_path / "directory/boroughs/lambeth").mkdir(parents=True)
    (tmp_path / "directory/national").mkdir()
    return tmp_path


def talk(root: Path, person: Person, from_file: str | None = None) -> int:
    terminal = Terminal(person.ask, person.told.append)
    return run_new(root, terminal, TODAY, root / from_file if from_file else None)


def faults_of(root: Path) -> list[str]:
    return [str(one) for one in load_directory(root, TODAY)[1] if one.file == CLUB]


def test_it_writes_a_valid_file_in_the_style_of_the_house(root: Path) -> None:
    assert talk(root, Person()) == 0
    assert (root / CLUB).read_text("utf-8") == WRITTEN
    assert faults_of(root) == []
    assert "lambeth-boxing-for-beginners" in load_directory(root)[0].services


BAD = (
    ("Where is it", "lambet", "did you mean `lambeth`?"),
    ("What is the organisation", "???", "A name has letters or digits in it."),
    ("Its short", "Bad Id", "`id` is not written in the expected way"),
    ("What is it", "x" * 2001, "should have at most 2000 characters"),
    ("Which needs", "find-activites", "did you mean `find-activities`?"),
    ("Which needs", "99", "write a number from 1 to"),
    ("What can people do", "boxxing", "did you mean `boxing`?"),
    ("The postcode", "SW97A", "write it like SW9 7UH"),
    ("For which ages", "16", "write 11-16, or 11+ for 11 and over, or up to 16"),
    ("For which ages", "16-11", "the youngest age (16) is above the oldest (11)"),
    ("Is it free", "maybe", "write yes or no"),
    ("Phone", "12345", "is not a UK phone number"),
    ("Email", "not an email", "write it like hello@example.org"),
    ("Website", "not a page", "write it like https://example.org/boxing"),
    ("How sure", "very", "write a number from 1 to 3"),
)


def test_a_bad_answer_is_asked_again_with_what_to_write(root: Path) -> None:
    person = Person(Its_short=["lambeth-boxing-for-beginners"])
    for question, bad, _ in BAD:
        person.answers[question].insert(0, bad)
    assert talk(root, person) == 0
    assert [advice for _, _, advice in BAD if advice not in person.heard] == []
    assert (root / CLUB).read_text("utf-8") == WRITTEN


DOUBTFUL = (
    ("The postcode", "E8 1EA", "lies in Hackney, not in Lambeth"),
    ("When?", "Thurs 5pm", "promises no time"),
    ("When did you see", "2019", "is past its check date"),
)


def test_a_doubtful_answer_is_kept_only_when_they_say_so(root: Path) -> None:
    person = Person(When_did_you_see=["last summer", "2026-11"])
    for question, doubtful, _ in DOUBTFUL:
        person.answers[question].insert(0, doubtful)
    assert talk(root, person) == 0
    assert [doubt for _, _, doubt in DOUBTFUL if doubt not in person.heard] == []
    assert "counts as undated" in person.heard
    assert (root / CLUB).read_text("utf-8") == WRITTEN
    (root / CLUB).unlink()
    person = Person(**{question: [doubtful] for question, doubtful, _ in DOUBTFUL})
    person.answers["Keep it"] = ["yes"] * 4
    assert talk(root, person) == 0
    text = (root / CLUB).read_text("utf-8")
    assert [doubtful for _, doubtful, _ in DOUBTFUL if doubtful not in text] == []


def test_enter_leaves_out_what_is_not_known(root: Path) -> None:
    needed = ("Where is it", "What is the", "What is it", "Which", "Where did", "How sure", "Write")
    person = Person()
    person.answers = {k: v for k, v in person.answers.items() if k.startswith(needed)}
    assert talk(root, person) == 0
    text = (root / CLUB).read_text("utf-8")
    keys = [line.split(":")[0].strip(" -") for line in text.splitlines()[4:] if ":" in line]
    assert keys == ["id", "name", "what", "kinds", "source", "https", "seen", "confidence"]
    assert "has no postcode" in person.heard  # said once, at the end


def test_what_is_needed_is_asked_for_until_it_comes(root: Path) -> None:
    person = Person(What_is_it=["", "", "?", *GOOD["What is it"]])
    assert talk(root, person) == 0
    assert person.heard.count("This one is needed. What happens there") == 2
    assert "  What happens there and for whom" in person.heard


def test_going_back_changes_an_answer_and_keeps_the_others(root: Path) -> None:
    changed = {"For_which_ages": ["11-16", "11-17"], "Is_it_free": ["<", "yes"]}
    person = Person(Phone=["020 7946 0000", ""], By_text=["<", ""], **changed)
    assert talk(root, person) == 0
    assert (root / CLUB).read_text("utf-8") == WRITTEN
    assert "so far: {'min': 11, 'max': 16}" in person.heard
    assert "so far: 020 7946 0000" in person.heard


@pytest.mark.parametrize("where", ["Where is it", "Which needs", "When?", "Write this"])
def test_stopping_anywhere_writes_nothing(root: Path, where: str) -> None:
    person = Person(**{where.replace(" ", "_"): ["stop"]})
    assert talk(root, person) == 1
    assert "nothing was written" in person.heard
    assert not list((root / "directory/boroughs").rglob("*.yaml"))


def test_without_a_yes_at_the_end_nothing_is_written(root: Path) -> None:
    assert talk(root, Person(Write_this=["perhaps", "no"])) == 1
    assert not (root / CLUB).exists()


def test_when_nobody_answers_any_more_nothing_is_written(root: Path) -> None:
    def ask(prompt: str) -> str:
        raise EOFError

    told: list[str] = []
    assert run_new(root, Terminal(ask, told.append), TODAY, None) == 1
    assert told[-1] == "\nStopped: nothing was written."


def test_a_file_that_is_there_is_never_overwritten(root: Path) -> None:
    (root / CLUB).write_text("# mine\n", encoding="utf-8")
    person = Person(What_is_the_organisation=["Example Club", "Other Club"])
    assert talk(root, person) == 0
    assert f"new --from {CLUB}" in person.heard
    assert (root / CLUB).read_text("utf-8") == "# mine\n"
    assert (root / CLUB).with_name("other-club.yaml").exists()


def test_a_file_that_somebody_else_made_meanwhile_is_not_overwritten(root: Path) -> None:
    person = Person()
    ask = person.ask

    def ask_slowly(prompt: str) -> str:
        if prompt.startswith("Write this"):
            (root / CLUB).write_text("# theirs\n", encoding="utf-8")
        return ask(prompt)

    assert run_new(root, Terminal(ask_slowly, person.told.append), TODAY, None) == 1
    assert (root / CLUB).read_text("utf-8") == "# theirs\n"


def test_an_id_that_is_taken_gets_a_number_or_is_refused(root: Path) -> None:
    assert talk(root, Person()) == 0
    person = Person(
        What_is_the_organisation=["Other Club"], Phone=["020 7946 0001"], The_postcode=["SW9 8LA"],
        The_address=["Other Hall"], Website=["other.example.org"], Email=["other@example.org"],
    )  # fmt: skip
    assert talk(root, person) == 0
    text = (root / CLUB).with_name("other-club.yaml").read_text("utf-8")
    assert "id: lambeth-boxing-for-beginners-2" in text


def test_a_line_for_editors_is_taken_from_the_neighbours(root: Path) -> None:
    line = "# yaml-language-server: $schema=../../../schemas/organisation.schema.json\n"
    (root / CLUB).with_name("neighbour.yaml").write_text(line + OLD, encoding="utf-8")
    assert talk(root, Person()) == 0
    assert (root / CLUB).read_text("utf-8") == line + WRITTEN


def test_a_national_service_has_no_place_and_no_borough(root: Path) -> None:
    wide = {"Where_is_it": ["10"], "For_which_part": ["UK"], "When_can_they": ["24/7"]}
    person = Person(Which_needs=["mental-health"], **wide)
    assert talk(root, person) == 0
    text = (root / "directory/national/example-club.yaml").read_text("utf-8")
    assert "id: boxing-for-beginners\n" in text
    assert "    coverage: UK\n    venue: online\n" in text
    assert "postcode" not in text
    assert not [one for one in person.asked if one.startswith(("The address", "Is it part of"))]


OLD = """\
# A comment that stays.
organisation: Example Club
services:
- id: lambeth-old
  name: Old   # and this one
  what: Old.
  kinds: [find-mentor]
  venue: borough-wide
  source: [https://example.org]
  seen: 2026-10
  confidence: high
"""


@pytest.mark.parametrize("lines", [str, lambda text: text.replace("\n", "\r\n")])
def test_a_service_is_added_below_the_others_and_they_stay_as_they_are(
    root: Path, lines: Callable[[str], str]
) -> None:
    (root / CLUB).write_bytes(lines(OLD).encode())
    person = Person()
    assert talk(root, person, CLUB) == 0
    text = (root / CLUB).read_bytes().decode()
    assert text.startswith(lines(OLD))
    assert text.count("\r\n") in (0, text.count("\n"))
    added = text.removeprefix(lines(OLD)).replace("\r\n", "\n")
    assert added.startswith("\n- id: lambeth-boxing-for-beginners\n  name: Boxing for beginners\n")
    assert set(load_directory(root)[0].services) == {"lambeth-old", "lambeth-boxing-for-beginners"}
    assert "Where is it" not in "".join(person.asked)


def test_a_file_in_another_order_is_left_alone(root: Path) -> None:
    head, _, services = OLD.partition("services:")
    name = "organisation: Example Club\n"
    turned = f"services:{services}{name}"
    assert name in head
    (root / CLUB).write_text(turned, encoding="utf-8")
    person = Person()
    assert talk(root, person, CLUB) == 1
    assert "Nothing was written" in person.heard
    assert (root / CLUB).read_text("utf-8") == turned


def test_a_file_that_changed_meanwhile_is_left_alone(root: Path) -> None:
    (root / CLUB).write_text(OLD, encoding="utf-8")
    person = Person()
    ask = person.ask

    def ask_slowly(prompt: str) -> str:
        if prompt.startswith("Write this"):
            (root / CLUB).write_text(f"{OLD}# new\n", encoding="utf-8")
        return ask(prompt)

    assert run_new(root, Terminal(ask_slowly, person.told.append), TODAY, root / CLUB) == 1
    assert (root / CLUB).read_text("utf-8") == f"{OLD}# new\n"
    assert "changed by somebody else" in person.heard


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (CLUB, "organisation: [\n", "Put this right first"),
        ("directory/boroughs/lambeth/borough.yaml", OLD, "expected a file of an organisation"),
        ("elsewhere.yaml", OLD, "expected a file of an organisation"),
        (CLUB, None, "expected a file of an organisation"),
    ],
)
def test_what_nothing_can_be_added_to_is_refused(
    root: Path, name: str, text: str | None, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (root / name).write_text(text, encoding="utf-8")
    assert talk(root, Person(), name) == 2
    assert says in capsys.readouterr().err
