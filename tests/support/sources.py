"""Reads our own source: which wordings it uses, and which words stand in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLANK = "{}"


@dataclass(frozen=True)
class Use:
    """A wording's key in the code; `{}` stands for what is only known when it runs."""

    where: str
    key: str
    call: ast.Call | None  # the call that it is an argument of


def sources(*folders: str) -> list[Path]:
    """The Python files below these folders or files."""
    paths = [ROOT / folder for folder in folders]
    return sorted(f for p in paths for f in ([p] if p.is_file() else p.rglob("*.py")))


def uses(stems: frozenset[str], *folders: str) -> Iterator[Use]:
    """Every literal that has the shape of a wording's key."""
    shape = re.compile(rf"(?:{'|'.join(map(re.escape, sorted(stems)))})\.[a-z0-9{{}}.-]+")
    for path in sources(*folders):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = {id(arg): node for node in ast.walk(tree) if isinstance(node, ast.Call)
                 for arg in node.args}  # fmt: skip
        inside = {id(v) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for v in n.values}
        for node in ast.walk(tree):
            text = None if id(node) in inside else literal(node)
            if text is not None and shape.fullmatch(text):
                where = f"{path.relative_to(ROOT)}:{node.lineno}"  # type: ignore[attr-defined]
                yield Use(where, text, calls.get(id(node)))


def literal(node: ast.AST) -> str | None:
    """A text of the source, an f-string with `{}` in its blanks, or None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else BLANK for v in node.values)
    return None


def words_in(path: Path, quiet_calls: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Texts of a file with their lines, but docstrings and arguments of calls that say nothing."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and literal(node.value) is not None:
            left_out.add(id(node.value))
        elif _is_quiet(node, quiet_calls):
            left_out |= {id(part) for part in ast.walk(node)}
    for node in ast.walk(tree):
        text = literal(node)
        if text is not None and id(node) not in left_out:
            yield node.lineno, text  # type: ignore[attr-defined]


def _is_quiet(node: ast.AST, quiet_calls: frozenset[str]) -> bool:
    """Whether what stands below is read by maintainers and operators only."""
    if isinstance(node, ast.Assign):
        return getattr(node.targets[0], "id", "") in ("reason", "why")
    if isinstance(node, ast.Call):
        return called(node) in quiet_calls
    return isinstance(node, ast.Raise | ast.Assert)


def called(call: ast.Call) -> str:
    """What is called: "Ignored", or "log" for log.info and the like."""
    function = call.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.value.id
    return function.id if isinstance(function, ast.Name) else ""
