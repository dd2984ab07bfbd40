"""Examples that no test message is like, and examples that are like those of another intent."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.commands.content import ROOT
from bot.commands.evaluate import DEVELOPMENT, usable_content
from bot.commands.trials import UnusableFileError, new_trial, read_messages
from bot.content.located import Key, read_yaml
from intents.examples import Example
from intents.learnt import WordsLayer
from intents.match import Near
from intents.understand import Understander

LOOKED_AT = 5  # nearest examples of a test message that count as used
SPOKEN = ("they", "edits")  # keys of a dialogue under which stands what a person writes


def unused(given: argparse.Namespace) -> int:
    """Count the examples that no test message has among its nearest, by file."""
    trial = new_trial(usable_content(), None)
    find = finder(trial.understander(trial.content))
    try:
        texts = list(spoken_in_tests(ROOT))
    except UnusableFileError as error:
        print(error, file=sys.stderr)
        return 2
    used = {near.index for text in texts for _, near in find(text)[:LOOKED_AT]}
    left = [e for i, e in enumerate(trial.content.examples) if i not in used]
    total = Counter(e.origin for e in trial.content.examples)
    for origin, number in sorted(Counter(e.origin for e in left).items()):
        print(f"{origin}: {number} of {total[origin]}")
    print(f"{len(left)} of {len(trial.content.examples)} examples are near none of "
          f"{len(texts)} test messages")  # fmt: skip
    if given.list:
        lines = lines_of(left)
        print("\n".join(f'{_place(e, lines)}: "{e.text}"' for e in left))
    return 0


def overlap(given: argparse.Namespace) -> int:
    """Name the examples whose nearest other example is of another intent."""
    trial = new_trial(usable_content(), None)
    find = finder(trial.understander(trial.content))
    thieves = [
        (e, other, near)
        for e in trial.content.examples
        for other, near in _nearest_others(e, find(e.text))
        if other.intent != e.intent and near.likeness >= given.alike
    ]
    thieves.sort(key=lambda found: -found[2].likeness)
    lines = lines_of([e for e, other, _ in thieves for e in (e, other)])
    for e, other, near in thieves:
        print(f'{_place(e, lines)}: {e.intent}: "{e.text}"')
        print(
            f'    {near.likeness:.2f} like {other.intent}: "{other.text}" ({_place(other, lines)})'
        )
    print(f"{len(thieves)} of {len(trial.content.examples)} examples have one of another intent "
          f"nearest to them, at least {given.alike:.2f} alike")  # fmt: skip
    return 0


def _nearest_others(
    example: Example, found: Sequence[tuple[Example, Near]]
) -> list[tuple[Example, Near]]:
    """The nearest example besides itself and its twin, which is alike on purpose."""
    own = (example.text, example.twin)
    others = [(e, n) for e, n in found if e.text != own[0] and not (own[1] and e.twin == own[1])]
    return others[:1]


def lines_of(examples: Iterable[Example]) -> dict[tuple[str, str], int]:
    """The line on which each example stands, by file and text."""
    found: dict[tuple[str, str], int] = {}
    for origin in sorted({example.origin for example in examples}):
        located, _ = read_yaml(ROOT / origin, ROOT)
        if located is not None:
            for text, path in _strings(located.data):
                found.setdefault((origin, text), located.line(*path))
    return found


def _place(example: Example, lines: Mapping[tuple[str, str], int]) -> str:
    return f"{example.origin}:{lines.get((example.origin, example.text), 1)}"


def finder(understander: Understander) -> Callable[[str], Sequence[tuple[Example, Near]]]:
    """Looks for the examples nearest to a text, best first."""
    layer = next(one for one in understander.layers() if isinstance(one, WordsLayer))

    def find(text: str) -> list[tuple[Example, Near]]:
        nearest = layer.nearest(understander.normal(text).words)
        return [(layer.example(near), near) for near in nearest]

    return find


def spoken_in_tests(root: Path) -> Iterator[str]:
    """What a person writes in the tests and in the development files."""
    for path in sorted((root / "tests").glob("dialogues/*.yaml")):
        yield from (text for text, keys in _strings(_yaml(path, root)) if keys[-1] in SPOKEN)
    for path in sorted((root / "tests").glob("intents/*.yaml")):
        yield from (text for text, _ in _strings(_yaml(path, root)))
    for path in sorted(DEVELOPMENT.glob("dev_*.jsonl")):
        yield from (message.text for message in read_messages(path))


def _yaml(path: Path, root: Path) -> Any:
    located, problems = read_yaml(path, root)
    if located is None:
        raise UnusableFileError("\n".join(map(str, problems)))
    return located.data


def _strings(data: Any, path: Key = ()) -> Iterator[tuple[str, Key]]:
    """Every text in YAML, with the keys that lead to it."""
    if isinstance(data, str):
        yield data, path
    elif isinstance(data, dict | list):
        for key, item in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _strings(item, (*path, key))
