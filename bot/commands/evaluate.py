"""How well messages are understood, measured: on our own examples, or on files of messages."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bot.commands.content import ROOT
from bot.commands.figures import ablation_lines, as_data, figure_lines, report_lines, slice_lines
from bot.commands.trials import (
    LAYERS,
    MENDING,
    FailedLayerError,
    Trial,
    UnusableFileError,
    cross_validate,
    folds_of,
    judge,
    judge_held,
    layers_of,
    new_trial,
    read_messages,
)
from bot.content.catalogue import errors_of
from bot.content.intent_files import load_intents
from intents.content import IntentContent
from intents.examples import Example
from intents.layers import Reading
from intents.measure import Judged, Message, labelled

DOCS = ROOT / "docs" / "understanding.md"
DEVELOPMENT = ROOT.parent / "shared" / "evaluation"
WEIGHTS = ROOT / "intents" / "weights"
NOTHING_OFF: frozenset[str] = frozenset()


def evaluate(given: argparse.Namespace) -> int:
    """Print the figures, or what each layer is worth."""
    try:
        trial = _trial(given)
        if given.ablation:
            return _ablation(trial, given)
        name, judged = _judged(trial, given)
    except (UnusableFileError, FailedLayerError) as error:
        print(error, file=sys.stderr)
        return 2
    told = f"{name}. {_made_on(trial)}"
    if given.json:
        data = {
            "on": told,
            "content": trial.content.fingerprint(),
            **as_data(judged, texts=not given.files),
        }
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        print("\n".join([told, "", *report_lines(judged, texts=not given.files)]))
    if given.write_docs:
        lines = [told, "", *figure_lines(judged), *slice_lines(judged)]
        where = "files" if given.files else "held-out examples" if given.held else "our examples"
        write_block(f"figures on {where}", lines)
    return 0


def _trial(given: argparse.Namespace) -> Trial:
    content = usable_content()
    folder = Path(given.weights) if given.weights else WEIGHTS
    if given.weights and not folder.is_dir():
        raise UnusableFileError(f"{folder}: there is no such folder")
    weights = folder if (folder / "encoder.json").exists() else None
    return new_trial(content, weights, given.without)


def usable_content() -> IntentContent:
    """Our examples and words, or an end with every error in them."""
    content, problems = load_intents(ROOT)
    if errors := errors_of(problems):
        print("\n".join(map(str, errors)), file=sys.stderr)
        sys.exit(1)
    return content


def _judged(trial: Trial, given: argparse.Namespace) -> tuple[str, list[Judged]]:
    if given.files:
        messages = [m for file in given.files for m in read_messages(Path(file))]
        names = ", ".join(Path(file).name for file in given.files)
        judged = judge(trial, trial.content, messages, names)
        return f"{len(messages)} messages of {names}", judged
    if given.held:
        seen, held = parted(trial.content.examples, Path(given.held))
        judged = judge_held(trial, seen, held, "held out")
        return f"{len(held)} of our examples that no layer was fitted on", judged
    # The encoder cannot be trained again for every fold, and has seen these examples.
    judged = cross_validate(replace(trial, weights=None), given.folds)
    folds = f"{given.folds} folds, twins together, each judged by layers that have not seen it"
    return f"{len(judged)} of our own examples in {folds}; without the encoder", judged


def parted(
    examples: Sequence[Example], listed: Path
) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """The examples that a run of tools/train_encoder.py was fitted on, and those it held out."""
    try:
        texts = set(json.loads(listed.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise UnusableFileError(f"{listed}: expected a JSON list of texts ({error})") from None
    held = tuple(e for e in examples if e.text in texts)
    if not held:
        raise UnusableFileError(f"{listed}: none of its texts is an example of ours")
    return tuple(e for e in examples if e.text not in texts), held


def _made_on(trial: Trial) -> str:
    off = f", without {', '.join(sorted(trial.without))}" if trial.without else ""
    return f"Content {trial.content.fingerprint()[:12]}, {datetime.now(UTC):%d %B %Y}{off}."


def _ablation(trial: Trial, given: argparse.Namespace) -> int:
    lines = [_made_on(trial)]
    for name, part, content, messages in _sets(trial, given):
        found = ablate(part, content, messages)
        lines += ["", f"**{name}**", "", *ablation_lines(found)]
    print("\n".join(lines))
    if given.write_docs:
        write_block("ablation", lines)
    return 0


def _sets(
    trial: Trial, given: argparse.Namespace
) -> Iterator[tuple[str, Trial, IntentContent, list[Message]]]:
    """What layers are compared on: its name, the trial, what is known, what is judged."""
    examples = trial.content.examples
    if given.held:
        seen, held = parted(examples, Path(given.held))
        name, part = "held out from every layer", trial
    else:
        placed = folds_of(examples, given.folds)
        seen = tuple(e for e, at in zip(examples, placed, strict=True) if at)
        held = tuple(e for e, at in zip(examples, placed, strict=True) if not at)
        name = f"held out (one fold of {given.folds}); without the encoder, which has seen them"
        part = replace(trial, weights=None, built={})
    known = replace(trial.content, examples=seen)
    yield f"{len(held)} of our examples, {name}", part, known, [labelled(e) for e in held]
    files = [Path(f) for f in given.files] or sorted(DEVELOPMENT.glob("dev_*.jsonl"))
    if files:
        messages = [m for file in files for m in read_messages(file)]
        names = ", ".join(file.name for file in files)
        shipped = WEIGHTS if (WEIGHTS / "encoder.json").exists() else None
        whole = replace(trial, weights=shipped, built={})
        yield f"{len(messages)} messages of {names}", whole, whole.content, messages


def ablate(
    trial: Trial, content: IntentContent, messages: Sequence[Message]
) -> dict[str, list[Judged]]:
    """The messages judged by all layers, without each, and by each alone on words as written."""
    there = [name for name in LAYERS if name in layers_of(trial, content)]
    for layer in trial.understander(content).layers():
        # Each set of layers asks the same: a layer answers once for a message, and remembers.
        vars(layer)["read_all"] = _remembering(layer.read_all)
    sets = {"all": NOTHING_OFF}
    sets |= {f"without {name}": frozenset({name}) for name in there}
    sets |= {f"{name} alone": frozenset(there) - {name} for name in there if name != MENDING}
    return {
        name: judge(replace(trial, without=off), content, messages, name)
        for name, off in sets.items()
    }


def _remembering(
    read_all: Callable[[Sequence[Sequence[str]]], list[Reading]],
) -> Callable[[Sequence[Sequence[str]]], list[Reading]]:
    one = cache(lambda words: read_all([words])[0])
    return lambda texts: [one(tuple(words)) for words in texts]


def write_block(name: str, lines: Sequence[str], path: Path = DOCS) -> None:
    """Put lines between `<!-- name -->` and `<!-- end of name -->` in a document."""
    text = path.read_text(encoding="utf-8")
    start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, found, rest = text.partition(start)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"{path}: expected the lines {start} and {end}")
    body = "\n".join(lines).strip()
    path.write_text(f"{before}{start}\n{body}\n{end}{after}", encoding="utf-8")
    print(f"written into {path.name}: {name}", file=sys.stderr)
