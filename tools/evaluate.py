"""Measures understanding on our own examples, each judged by a model that has not seen it.

    python tools/evaluate.py [--folds N] [--misses N]

A danger and its harmless twin are always held out together. Prints the figures of score.py and
those of every slice. The thresholds in intents/words/thresholds.yaml are chosen by this alone.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.content.intent_files import load_intents  # noqa: E402
from intents.classify import prediction  # noqa: E402
from intents.content import Example, IntentContent  # noqa: E402
from intents.model import Understanding  # noqa: E402
from intents.understand import build_understander  # noqa: E402

SCORE = ROOT.parent / "shared" / "evaluation" / "score.py"


def fold_of(example: Example, folds: int) -> int:
    """The fold in which an example is held out; the same for both of a pair of twins."""
    return zlib.crc32((example.twin or example.text).encode("utf-8")) % folds


def cross_validate(content: IntentContent, folds: int) -> list[tuple[Example, Understanding]]:
    """Every example with what a model fitted without its fold makes of it."""
    results = []
    for fold in range(folds):
        seen = tuple(e for e in content.examples if fold_of(e, folds) != fold)
        understander = build_understander(replace(content, examples=seen), (), {}, None)
        for example in content.examples:
            if fold_of(example, folds) == fold:
                results.append((example, understander.understand(example.text)))
        print(f"fold {fold + 1} of {folds} done", file=sys.stderr)
    return results


def label(example: Example) -> dict[str, str]:
    """The example as score.py reads labels."""
    row = {"text": example.text, "intent": example.intent, "urgency": example.urgency.value}
    return {**row, "kind": example.kind.value} if example.kind else row


def print_slices(results: Sequence[tuple[Example, Understanding]]) -> None:
    """Dangers caught and harmless messages alarmed, by the way people write."""
    for name in sorted({example.slice for example, _ in results}):
        mine = [(e, u.danger) for e, u in results if e.slice == name]
        dangers = [d.paged or d.check_in for e, d in mine if e.urgency.paged]
        safe = [d.paged or d.check_in for e, d in mine if not e.urgency.paged]
        right = [
            e.intent == u.intent
            for e, u in results
            if e.slice == name and not e.urgency.paged and e.intent != "out-of-scope"
        ]
        print(
            f"{name:14} danger caught {mean(dangers)}   harmless alarmed {mean(safe)}"
            f"   top 1 {mean(right)}"
        )


def mean(hits: Sequence[bool]) -> str:
    """A share with its number."""
    return f"{sum(hits) / len(hits):6.1%} of {len(hits):<5}" if hits else f"{'-':>6}    {'':<5}"


def load_score() -> ModuleType:
    """The project's score.py, or a clear exit where it is not there."""
    if not SCORE.exists():
        sys.exit(f"{SCORE} is not there: it holds the measures")
    spec = importlib.util.spec_from_file_location("score", SCORE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--misses", type=int, default=0, metavar="N", help="print N misses")
    given = parser.parse_args()
    score = load_score()
    results = cross_validate(load_intents(ROOT)[0], given.folds)
    labels = [label(example) for example, _ in results]
    figures, misses = score.score(labels, [prediction(u) for _, u in results])
    for name, f in figures.items():
        print(f"{name:36} {f['share']:7.1%}  {f['hits']:5d}/{f['of']:<5d}")
    print_slices(results)
    print(*misses[: given.misses], sep="\n")


if __name__ == "__main__":
    main()
