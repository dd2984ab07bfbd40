"""The content of intents/, kept between starts for as long as no file of it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from bot.content import intent_files, located, problems, validate
from bot.content.intent_files import load_intents
from bot.content.problems import Problem
from intents import content as contents
from intents import examples, model, patterns, schema
from intents.content import IntentContent
from intents.examples import Examples
from intents.kept import code_version, digest_of, keep_arrays, read_arrays

NAME = "intents"
FOLDERS = ("phrases", "urgent", "words", "rules")
Found = tuple[IntentContent, list[Problem]]


def load_intents_kept(root: Path, cache_dir: Path | None) -> Found:
    """What `load_intents` gives; read anew only where a file or the reading code has changed."""
    if cache_dir is None:
        return load_intents(root)
    try:
        key = digest_of(_depends_on(root))
    except OSError:  # a file that cannot be read: whoever reads it names it
        return load_intents(root)
    kept = _kept(cache_dir, key)
    if kept is not None:
        return kept
    content, faults = load_intents(root)
    columns, arrays = Examples.of(content.examples).to_keep()
    rest = replace(content, examples=())
    said = TypeAdapter(Found).dump_python((rest, faults), mode="json")
    keep_arrays(cache_dir, NAME, key, [said, columns], arrays)
    return content, faults


def _kept(cache_dir: Path, key: str) -> Found | None:
    found = read_arrays(cache_dir, NAME, key)
    if found is None:
        return None
    try:
        (said, columns), arrays = found
        content, faults = TypeAdapter(Found).validate_python(said)
        return replace(content, examples=Examples.kept(columns, arrays)), faults
    except (ValueError, KeyError, TypeError):  # whole, but not of this shape: made anew
        return None


def _depends_on(root: Path) -> Iterator[str | bytes]:
    modules = (intent_files, located, problems, validate, contents, examples, model, patterns)
    yield code_version(*modules, schema)
    for folder in FOLDERS:
        for path in sorted((root / "intents" / folder).glob("*.yaml")):
            yield path.relative_to(root).as_posix()
            yield path.read_bytes()
