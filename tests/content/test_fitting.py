"""What takes long is made by another process, and found by this one."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.fitting import fit_aside
from bot.content.intent_files import load_intents
from intents import linear
from intents.understand import build_understander

ROOT = Path(__file__).resolve().parents[2]
KEPT = {"intents", "plain", "linear"}


async def test_the_cache_is_made_where_it_is_looked_for(tmp_path: Path) -> None:
    project, cache = tmp_path / "project", tmp_path / "cache"
    for name in ("intents", "directory", "run_bot.py"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, project / name)
    for folder in ("phrases", "urgent"):
        for path in sorted((project / "intents" / folder).glob("*.yaml"))[2:]:
            path.unlink()  # few examples are enough here
    await fit_aside(project, cache)
    assert {path.name.partition("-")[0] for path in cache.iterdir()} == KEPT


@pytest.mark.parametrize("breaks", [False, True])
def test_a_model_fitted_by_another_process_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, breaks: bool
) -> None:
    content, _ = load_intents(ROOT)
    few = replace(content, examples=content.examples[::40])
    here = build_understander(few, (), {}, tmp_path / "here")
    monkeypatch.setattr(linear, "ASIDE", 100)
    if breaks:
        monkeypatch.setattr(linear, "get_context", broken)
    aside = build_understander(few, (), {}, tmp_path / "aside")
    for text in ("any boxing near brixton", "he said he will stab me"):
        assert aside.understand(text) == here.understand(text)
    assert not aside.health.failures


def broken(method: str) -> None:
    """No other process starts."""
    raise OSError(f"{method}: no")
