"""What `check` says beyond the shape of a file: each mistake with its line and what to write."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.content.crosscheck import crosscheck
from bot.content.directory_files import load_directory
from bot.content.located import Lines
from bot.content.problems import Problem, Severity
from bot.content.wording_files import load_phrase_table, load_wording
from directory.phones import Phone, PhoneFault, read_phone
from intents.content import IntentContent, Words

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 26)
LAMBETH = "directory/boroughs/lambeth"

CLUB = """\
organisation: The Club
services:
  - id: lambeth-club
    name: The Club
    what: A club.
    kinds: [find-activities]
    postcode: SW9 7UH
    ages: {min: 11, max: 16}
    when:
      - Monday 16:00-18:00
    contact:
      phone: 020 7926 5555
    source:
      - https://example.org
    seen: 2026-10
    confidence: high
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("intents/words", "directory/postcodes"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / LAMBETH).mkdir(parents=True)
    shutil.copy(ROOT / LAMBETH / "borough.yaml", tmp_path / LAMBETH)
    return tmp_path


def put(root: Path, text: str, file: str = f"{LAMBETH}/club.yaml") -> None:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def said(root: Path, today: date | None = None) -> list[Problem]:
    """What is said, but for the gaps and the age of the borough's own file."""
    found = load_directory(root, today)[1]
    return [one for one in found if not one.file.endswith("borough.yaml")]


def changed(root: Path, old: str, new: str, today: date | None = None) -> list[Problem]:
    assert old in CLUB
    put(root, CLUB.replace(old, new))
    return said(root, today)


def test_a_good_file_has_nothing_said_about_it(root: Path) -> None:
    put(root, CLUB)
    assert said(root, TODAY) == []


@pytest.mark.parametrize(
    ("phone", "severity", "says"),
    [
        ("020 7926 5555 5", "error", "12 digits are too many"),
        ("020 7926 55", "error", "9 digits are too few"),
        ("020 7926 555", "error", "no such number is in use"),
        ("ask at the desk", "error", "is not a UK phone number"),
        ("+1 212 555 1234", "error", "can be rung from here"),
        ("85258", "error", "write it under `text`"),
        ("116 124", "error", "too few"),
        # what a spreadsheet makes of numbers
        ("2079265555", "error", "has lost its leading zero"),
        ("01234567", "error", "8 digits are too few"),
        ("22:15", "error", "is not a UK phone number"),
        ("no", "error", "is not a UK phone number"),
        # can be rung, and is hard to read or to know again
        ("116123", "warning", "write 116 123"),
        ("02079265555", "warning", "write 020 7926 5555"),
        ("+44 20 7926 5555", "warning", "write 020 7926 5555"),
        ("020-7926-5555", "warning", "write 020 7926 5555"),
    ],
)
def test_phones(root: Path, phone: str, severity: str, says: str) -> None:
    (problem,) = changed(root, "020 7926 5555", phone)
    assert (problem.line, problem.severity) == (12, severity)
    assert says in str(problem)
    assert f"`{phone}`" in problem.found


@pytest.mark.parametrize(
    "phone", ["999", "112", "101", "105", "111", "119", "159", "116 000", "116 123", "0800 1111",
              "18000", "0808 2000 247", "(020) 7926 5555", "020 7364 5006 (option 3)"]
)  # fmt: skip
def test_numbers_that_can_be_rung(phone: str) -> None:
    found = read_phone(phone)
    assert isinstance(found, Phone)
    assert not found.unusual


def test_short_numbers_are_allowed_by_name_only() -> None:
    for digits in ("100", "123", "155", "1471", "116 124", "118 118"):
        assert isinstance(read_phone(digits), PhoneFault), digits


@pytest.mark.parametrize(
    ("text", "says"),
    [("SHOUT to 85258", ""), ("07418 341800", ""), ("REGISTER to 999 (then reply YES)", ""),
     ("HELP to 8525", ""), ("HELP to 0741 834180", "write it like SHOUT to 85258")],
)  # fmt: skip
def test_ways_to_text(root: Path, text: str, says: str) -> None:
    found = changed(root, "      phone: 020 7926 5555\n", f"      text: {text}\n")
    assert bool(found) is bool(says)
    assert says in "".join(map(str, found))


@pytest.mark.parametrize(
    ("old", "new", "line", "severity", "says"),
    [
        ("name: The Club", "name: The Club, 11-18", 8, "warning", "`11-18`, `ages` says 11 to 16"),
        ("name: The Club", "name: The Club for ages 18 to 25", 8, "error", "`ages` says 11 to 16"),
        ("name: The Club", "name: The Club 18+", 8, "error", "min: 18"),
        ("name: The Club", "name: The Club, under 10s", 8, "error", "max: 9"),
        ("name: The Club", "name: Club for school years 9 to 11", 8, "warning", "ages 13 to 16"),
        ("what: A club.", "what: A club for ages 11 to 14.", 8, "warning", "`what` says"),
        ("    ages: {min: 11, max: 16}\n", "    ages_note: all\n", 0, "", ""),
    ],
)
def test_ages_that_a_name_contradicts(
    root: Path, old: str, new: str, line: int, severity: str, says: str
) -> None:
    found = changed(root, old, new)
    assert [(one.line, one.severity) for one in found] == ([(line, severity)] if line else [])
    assert says in "".join(map(str, found))


@pytest.mark.parametrize(
    "name", ["The Club, 11-16", "Club 11 to 16", "Club 11+", "24-7 Prayer Boxing", "7-a-side",
             "Open 10-12pm", "Club 16:00-18:00", "4-4-2 football", "2019-20 club"]
)  # fmt: skip
def test_names_that_say_the_same_or_no_ages(root: Path, name: str) -> None:
    assert changed(root, "name: The Club", f'name: "{name}"') == []


def test_a_name_with_ages_where_none_are_given(root: Path) -> None:
    put(root, CLUB.replace("    ages: {min: 11, max: 16}\n", "")
        .replace("name: The Club", "name: The Club (11-16)"))  # fmt: skip
    (problem,) = said(root)
    assert (problem.line, problem.severity) == (4, Severity.WARNING)
    assert "write `ages: {min: 11, max: 16}`" in str(problem)


@pytest.mark.parametrize(
    ("line", "severity", "says"),
    [
        ("Monday 25:00-26:00", "error", "cannot be"),
        ("Monday 18:00-16:00", "error", "the end after the start"),
        ("Mon 4pm-6pm", "warning", "write `Monday 16:00-18:00`"),
        (
            "4pm to 6pm weekdays (term time)",
            "warning",
            "write `Monday to Friday 16:00-18:00 (term time)`",
        ),
        ("Mondays 16:00 to 18:00", "warning", "write `Monday 16:00-18:00`"),
        ("After school", "", ""),
        ("Monday 4pm-6pm (2019)", "", ""),
        ("Three evenings from 17:00", "", ""),
    ],
)
def test_lines_of_times(root: Path, line: str, severity: str, says: str) -> None:
    found = changed(root, "Monday 16:00-18:00", line)
    assert [(one.line, one.severity) for one in found] == ([(10, severity)] if severity else [])
    assert says in "".join(map(str, found))


SCHEDULE = """\
    schedule:
      - {days: [Monday], start: 16:00, end: 18:00}
      - {days: [Tuesday], start: 17:00, from: 2026-09-01, until: 2026-09-29}
      - {dates: [2026-11-20], start: 17:00, ages: {min: 11, max: 19}}
    closed:
      - {from: 2026-10-01, to: 2026-10-09, why: repairs}
"""


def test_a_schedule_against_everything_else(root: Path) -> None:
    found = changed(root, "    contact:\n", SCHEDULE + "    contact:\n", TODAY)
    assert [(one.line, one.severity, one.what) for one in found] == [
        (13, "warning", "this session is over"),
        (14, "warning", "a session is for ages that `ages` leaves out"),
        (14, "warning", "this session is over"),
        (16, "warning", "this closed period is over"),
    ]
    without_today = said(root)
    assert [one.line for one in without_today] == [14]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("[Monday], start: 16:00", "[Monday], start: 16:30", 10, "what `schedule` does not"),
        ("[Monday]", "[Mondy]", 12, "did you mean `Monday`?"),
        ("[Monday]", "[Monday], weaks: [first]", 12, "did you mean `weeks`?"),
        ("until: 2026-09-29", "until: 2026-08-29", 13, "is after `until`"),
        ("until: 2026-09-29", "until: 2026-09-29, rule: FREQ=DAILY", 13, "one of `days`"),
        ("from: 2026-09-01, until: 2026-09-29", "from: 2026-09-02, until: 2026-09-05", 13,
         "no day of this session lies between"),
        ("2026-11-20", "2026-10-05", 14, "a day on which it is closed, found 2026-10-05"),
        ("2026-11-20", "20/11/2026", 14, "write it as 2026-11-20"),
        ("start: 16:00", "start: 960", 12, "made this number out of 16:00"),
        ("why: repairs", "why: repairs}\n      - {from: 2026-10-09, why: more", 17, "overlap"),
        ("to: 2026-10-09", "to: 2026-09-09", 16, "is after `to`"),
        ("why: repairs", "reason: repairs", 16, "`why` is missing"),
    ],
)  # fmt: skip
def test_mistakes_in_a_schedule(root: Path, old: str, new: str, line: int, says: str) -> None:
    assert old in SCHEDULE
    text = SCHEDULE.replace(old, new).replace(", ages: {min: 11, max: 19}", "")
    found = changed(root, "    contact:\n", text + "    contact:\n")
    assert (line, True) in [(one.line, says in str(one)) for one in found], found


@pytest.mark.parametrize(
    ("hours", "says"),
    [("Mon-Fri 09:00-17:00", ""), ("Mon-Fri 9-5", ""), ("Mon-Fri 09:00-17:00 or so", "write them"),
     ("daytime; times not confirmed", "")],
)  # fmt: skip
def test_opening_hours(root: Path, hours: str, says: str) -> None:
    found = changed(root, "      phone: 020 7926 5555\n", f"      hours: {hours}\n")
    assert bool(found) is bool(says)
    assert says in "".join(map(str, found))


@pytest.mark.parametrize(
    ("typed", "severity", "says"),
    [
        ("sw97uh", "error", "write SW9 7UH"),
        ("SW9  7UH", "error", "write SW9 7UH"),
        ("SW9", "error", "write it like SW9 7UH"),
        ("SW9 9ZZ", "warning", "is not in the table"),
        ("E8 1EA", "warning", "lies in Hackney, not in Lambeth"),
    ],
)
def test_postcodes(root: Path, typed: str, severity: str, says: str) -> None:
    (problem,) = changed(root, "SW9 7UH", typed)
    assert (problem.line, problem.severity) == (7, severity)
    assert says in str(problem)


def other(name: str, organisation: str = "The Other") -> str:
    text = CLUB.replace("lambeth-club", "lambeth-other").replace(
        "The Club\ns", f"{organisation}\ns"
    )
    return text.replace("name: The Club", f"name: {name}")


def test_doubles(root: Path) -> None:
    put(root, CLUB)
    put(root, other("the club", "The Club"), f"{LAMBETH}/other.yaml")
    (twice,) = said(root)
    assert (twice.line, twice.severity) == (4, Severity.ERROR)
    assert f"is there already ({LAMBETH}/club.yaml:3)" in twice.what
    put(root, other("Another"), f"{LAMBETH}/other.yaml")
    (phone,) = said(root)
    assert (phone.line, phone.severity) == (12, Severity.WARNING)
    assert f"The Club has the same phone number ({LAMBETH}/club.yaml:3)" in phone.what
    put(root, other("Another", "The Club and The Other"), f"{LAMBETH}/other.yaml")
    assert said(root) == []  # one names the other


def test_two_pages_of_one_house_in_two_boroughs_are_a_warning(root: Path) -> None:
    put(root, CLUB)
    text = CLUB.replace("lambeth-club", "london-club")
    put(root, text, "directory/london/club.yaml")
    (twice,) = said(root)
    assert twice.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (f"{LAMBETH}/club.yml", "name it club.yaml"),
        ("directory/club.yaml", "move it"),
        ("directory/boroughs/club.yaml", "move it"),
        (f"{LAMBETH}/old/club.yaml", "move it"),
        ("directory/nationl/club.yaml", "move it"),
    ],
)
def test_files_that_nobody_reads(root: Path, file: str, says: str) -> None:
    put(root, CLUB, file)
    (problem,) = said(root)
    assert (problem.file, problem.severity) == (file, Severity.WARNING)
    assert "nothing reads this file" in problem.what
    assert says in problem.instead


def test_a_borough_in_the_wrong_folder(root: Path) -> None:
    (root / LAMBETH).rename(root / "directory/boroughs/lambth")
    (problem,) = load_directory(root)[1]
    assert "this folder is for another borough" in problem.what
    assert "directory/boroughs/lambeth" in problem.instead


def test_what_a_borough_lacks_and_its_old_front_door(root: Path) -> None:
    put(root, CLUB)
    found = [one for one in load_directory(root, TODAY)[1] if one.file.endswith("borough.yaml")]
    gap, door = found
    assert (gap.line, gap.severity) == (1, Severity.WARNING)
    assert "Lambeth has no service of these kinds" in gap.what
    assert "find-mentor" in gap.what
    assert "find-activities" not in gap.what
    assert "the front door is past its check date" in door.what


def test_a_day_that_is_still_to_come_was_not_seen(root: Path) -> None:
    (problem,) = changed(root, "2026-10", "2027-10", TODAY)
    assert "a day that is still to come" in problem.what


def test_all_mistakes_of_all_files_come_in_one_run(root: Path) -> None:
    put(root, CLUB.replace("kinds", "kind").replace("020 7926 5555", "020"))
    put(root, other("Another").replace("SW9 7UH", "SW9").replace("[find-activities]", "[x]"),
        f"{LAMBETH}/other.yaml")  # fmt: skip
    found = [(one.file.rpartition("/")[2], one.line) for one in said(root)]
    assert found == [("club.yaml", 6), ("other.yaml", 6)]
    put(root, CLUB.replace("020 7926 5555", "020").replace("SW9 7UH", "SW9"))
    assert [one.line for one in said(root) if "club.yaml" in one.file] == [7, 12]


@pytest.fixture
def texts(root: Path) -> Path:
    shutil.copytree(ROOT / "intents/replies", root / "intents/replies")
    shutil.copytree(ROOT / "directory/national", root / "directory/national")
    return root


def crossed(root: Path, content: IntentContent | None = None) -> list[Problem]:
    wording, _ = load_wording(root)
    answers, _ = load_phrase_table(root, "answers")
    directory, _ = load_directory(root)
    return crosscheck(wording, directory, content or IntentContent(), answers, Lines(root))


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("danger.yaml", 'helplines: "papyrus-', 'helplines: "papyrs-',
         "papyrs-hopeline247 is not a service of directory/, did you mean `papyrus-hopeline247`?"),
        ("danger.yaml", "the-havens, childline", "the-heavens, childline",
         "the-heavens is not a service"),
    ],
)  # fmt: skip
def test_dead_references_are_named_by_line(
    texts: Path, file: str, old: str, new: str, says: str
) -> None:
    shutil.copytree(ROOT / "directory/london", texts / "directory/london")
    path = texts / "intents/replies" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    (problem,) = crossed(texts)
    assert (problem.file, problem.line) == (f"intents/replies/{file}", line)
    assert says in str(problem)


def test_a_day_that_the_search_does_not_know(texts: Path) -> None:
    shutil.copytree(ROOT / "directory/london", texts / "directory/london")
    words = Words(details={"days": {"sat": ("sat",), "satrday": ("x",), "12-25": ("xmas",)},
                           "parts_of_day": {"evenin": ("eve",)}})  # fmt: skip
    day, part = crossed(texts, IntentContent(words=words))
    assert "did you mean" in day.instead
    assert part.instead == "did you mean `evening`?"
    assert {day.file, part.file} == {"intents/words/details.yaml"}
