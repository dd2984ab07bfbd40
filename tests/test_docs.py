"""The documents say what is: commands, settings, links, files, and examples that can be copied."""

import argparse
import re
import subprocess
from pathlib import Path

import pytest

from bot.cli import build_parser
from bot.content.located import read_yaml
from bot.content.validate import validate
from directory.schema import OrganisationFile
from intents.schema import PhrasesFile, RulesFile, UrgentFile

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BEHAVIOURS = ROOT / "docs/safety/behaviours.md"

AN_ENTRY = (
    "organisation: x\nservices:\n  - id: x\n    name: x\n    what: x\n    kinds: [find-work]\n"
    "    source: [x]\n    seen: undated\n    confidence: low\n"
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A file or folder of ours in `code`: it has a slash, and begins with a folder that we have.
NAMED = re.compile(r"`((?:bot|directory|docs|intents|tests|tools|benchmarks|\.ci)/[^`\s]*)`")
PLACEHOLDER = re.compile(r"[<>*…]|NNNN|example")


def documents() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    return [ROOT / name for name in sorted(set(listed)) if (ROOT / name).exists()]


def prose(path: Path) -> str:
    """A document without its blocks of code."""
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", prose(path), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def commands() -> dict[str, argparse.ArgumentParser]:
    found = [a for a in build_parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(found[0].choices)


def documented_commands() -> dict[str, str]:
    section = README.read_text(encoding="utf-8").partition("## Commands")[2].partition("\n## ")[0]
    cells = [row[0].strip("`") for row in rows(section) if row[0].startswith("`")]
    return {cell.split()[0]: cell for cell in cells}


def test_every_command_stands_in_the_readme_and_no_other() -> None:
    assert sorted(documented_commands()) == sorted(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_the_readme_names_every_option_of_a_command_and_no_other(name: str) -> None:
    options = {o for a in commands()[name]._actions for o in a.option_strings if o[:2] == "--"}
    said = set(re.findall(r"--[a-z-]+", documented_commands().get(name, "")))
    assert said == options - {"--help"}


def test_every_setting_is_explained_where_people_look() -> None:
    settings = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), flags=re.M)
    told = README.read_text("utf-8") + (ROOT / "docs/running.md").read_text("utf-8")
    assert len(settings) > 10
    assert [name for name in settings if f"`{name}`" not in told] == []


def test_links_lead_to_files_and_headings_that_are_there() -> None:
    broken = []
    for document in documents():
        for target in LINK.findall(prose(document)):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            file = (document.parent / name).resolve() if name else document
            if not file.exists() or (anchor and anchor not in anchors(file)):
                broken.append(f"{document.relative_to(ROOT)}: {target}")
    assert broken == []


def test_files_that_documents_name_are_there() -> None:
    missing = []
    for document in documents():
        for name in NAMED.findall(prose(document)):
            if PLACEHOLDER.search(name) or (ROOT / name).exists():
                continue
            missing.append(f"{document.relative_to(ROOT)}: {name}")
    assert missing == []


def test_decisions_are_numbered_without_gaps_and_dated() -> None:
    files = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [file.name[:4] for file in files] == [f"{n:04}" for n in range(1, len(files) + 1)]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.startswith(f"# {file.name[:4]}: "), file.name
        assert re.search(r"^\*\d{1,2} [A-Z][a-z]+ 20\d\d\. [A-Z][a-z ]+\.\*$", text, flags=re.M), (
            file.name
        )
        parts = ["## Context", "## Choice", "## Consequences"]
        assert [part for part in parts if f"\n{part}\n" not in text] == [], file.name


def behaviours() -> list[list[str]]:
    return [row for row in rows(BEHAVIOURS.read_text(encoding="utf-8")) if row[0].isdigit()]


def test_all_25_safety_behaviours_have_a_state_and_name_what_meets_them() -> None:
    found = behaviours()
    assert [int(row[0]) for row in found] == list(range(1, 26))
    assert {row[2] for row in found} <= {"Met", "Partly", "Not yet"}
    unproved = [row[0] for row in found if row[2] == "Met" and not NAMED.search(row[3])]
    silent = [row[0] for row in found if row[2] != "Met" and "ot yet" not in row[3]
              and row[2] != "Not yet" and "must" not in row[3]]  # fmt: skip
    assert (unproved, silent) == ([], [])


def test_the_count_of_behaviours_is_right() -> None:
    states = [row[2] for row in behaviours()]
    met, partly, not_yet = (states.count(state) for state in ("Met", "Partly", "Not yet"))
    count = f"Count: {met} met, {partly} partly, {not_yet} not yet."
    assert count in BEHAVIOURS.read_text(encoding="utf-8")


def test_the_hazard_log_has_no_gaps_and_no_empty_field() -> None:
    found = [row for row in rows((ROOT / "docs/safety/hazards.md").read_text("utf-8"))
             if re.fullmatch(r"H\d+", row[0])]  # fmt: skip
    assert len(found) >= 20
    assert [row[0] for row in found] == [f"H{n}" for n in range(1, len(found) + 1)]
    assert [row[0] for row in found if len(row) != 7 or not all(row)] == []


def example(document: Path, begins: str) -> str:
    """The YAML block of a document that has this line."""
    blocks = re.findall(r"^```yaml\n(.*?)^```", document.read_text("utf-8"), flags=re.M | re.S)
    return next(block for block in blocks if begins in block)


@pytest.mark.parametrize(
    ("document", "line", "before", "model"),
    [
        (README, "organisation:", "", OrganisationFile),
        (ROOT / "directory/README.md", "organisation:", "", OrganisationFile),
        (ROOT / "directory/README.md", "    schedule:", AN_ENTRY, OrganisationFile),
        (README, "phrases:", "intent: find-mentor\nabout: a mentor\n", PhrasesFile),
        (ROOT / "CONTRIBUTING.md", "  typos:",
         "intent: find-mentor\nabout: a mentor\nphrases:\n", PhrasesFile),
        (ROOT / "CONTRIBUTING.md", "twins:",
         "kind: violence\nabout: x\nintent: violence-worry\n", UrgentFile),
        (ROOT / "CONTRIBUTING.md", "    say:", "kind: violence\nrules:\n", RulesFile),
    ],
)  # fmt: skip
def test_examples_can_be_copied(
    tmp_path: Path, document: Path, line: str, before: str, model: type
) -> None:
    file = tmp_path / "copied.yaml"
    file.write_text(before + example(document, line), encoding="utf-8")
    located, problems = read_yaml(file, tmp_path)
    assert problems == []
    assert located is not None
    assert validate(model, located)[1] == []
