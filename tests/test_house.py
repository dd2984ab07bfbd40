"""The house rules that a machine can hold: imports run downwards, nothing grows too long."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FUNCTION, LONGEST_FILE = 50, 400

CORE = ("intents", "directory")
MIDDLE = ("bot.conversation", "bot.cases", "bot.delivery")

# What each part may import of our own packages, besides itself.
MAY_IMPORT = {
    "intents": (),
    "directory": ("intents",),
    "bot.cases": CORE,
    "bot.conversation": (*CORE, "bot.cases"),
    "bot.delivery": (*CORE, "bot.cases", "bot.conversation"),
    "bot.storage": (*CORE, *MIDDLE),
    "bot.telegram": (*CORE, *MIDDLE),
    "bot.content": (*CORE, *MIDDLE),
    "bot.demo": (*CORE, *MIDDLE),
    "bot.upkeep": (*CORE, *MIDDLE, "bot.content"),
    "bot.settings": ("bot.cases",),
    "bot.app": ("bot", *CORE),
    "bot.commands": ("bot", *CORE),
    "bot.cli": ("bot.commands",),
}
# Which parts may know these outside packages.
ONLY_IN = {
    "telegram": ("bot.telegram", "bot.app"),
    "sqlite3": ("bot.storage",),
    "aiosqlite": ("bot.storage",),
    "aiohttp": ("bot.telegram", "bot.demo", "bot.app", "bot.upkeep"),
    "yaml": ("bot.content",),
    "sklearn": ("intents",),
    "PIL": ("bot.telegram.drawing",),  # imported by the process that draws only
}


def sources() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    return [ROOT / name for name in sorted(set(listed)) if (ROOT / name).exists()]


def part_of(module: str) -> str:
    """The part of the house that a module belongs to."""
    return max((part for part in MAY_IMPORT if within(module, part)), key=len, default="")


def within(module: str, part: str) -> bool:
    return module == part or module.startswith(part + ".")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def house() -> list[tuple[Path, str]]:
    """Every module of the house with its dotted name."""
    found = []
    for path in sources():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[0] in ("bot", "intents", "directory"):
            found.append((path, ".".join(part for part in parts if part != "__init__")))
    return found


def test_every_module_belongs_to_a_part_of_the_house() -> None:
    homeless = [name for _, name in house() if name != "bot" and not part_of(name)]
    assert homeless == []


def test_imports_run_downwards() -> None:
    breaches = []
    for path, name in house():
        part = part_of(name)
        for line, target in imports(path):
            other = part_of(target)
            allowed = MAY_IMPORT.get(part, ())
            if other and other != part and not any(within(target, a) for a in allowed):
                breaches.append(f"{path.relative_to(ROOT)}:{line}: {part} must not import {target}")
    assert breaches == []


def test_outside_packages_are_known_only_where_they_belong() -> None:
    breaches = []
    for path, name in house():
        for line, target in imports(path):
            homes = ONLY_IN.get(target.partition(".")[0])
            if homes and not any(within(name, home) for home in homes):
                breaches.append(f"{path.relative_to(ROOT)}:{line}: {target} belongs in {homes}")
    assert breaches == []


def test_no_function_and_no_file_is_too_long() -> None:
    long = []
    for path in sources():
        text = path.read_text(encoding="utf-8")
        where = path.relative_to(ROOT)
        if (lines := text.count("\n")) > LONGEST_FILE:
            long.append(f"{where}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{where}:{node.lineno}: {node.name} has {length} lines")
    assert long == []


@pytest.mark.parametrize(
    ("module", "target"), [("intents.match", "bot.content"), ("bot.cases.flow", "bot.telegram")]
)
def test_the_import_rule_would_see_a_breach(module: str, target: str) -> None:
    allowed = MAY_IMPORT[part_of(module)]
    assert not any(within(target, a) for a in allowed)
