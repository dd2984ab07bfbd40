"""The content of intents/, kept between starts for as long as no file of it changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import TypeAdapter

from bot.content import intent_files, located, problems, validate
from bot.content.intent_files import load_intents
from bot.content.problems import Problem
from intents import content as contents
from intents import model, patterns, schema
from intents.content import IntentContent
from intents.kept import code_version, digest_of, keep, read_kept

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
    found = TypeAdapter(Found)
    kept = read_kept(cache_dir, NAME, key)
    if kept is not None:
        try:
            content, faults = found.validate_python(kept)
            return content, faults
        except ValueError:  # whole, but not of this shape: made anew below
            pass
    read = load_intents(root)
    keep(cache_dir, NAME, key, found.dump_python(read, mode="json"))
    return read


def _depends_on(root: Path) -> Iterator[str | bytes]:
    modules = (intent_files, located, problems, validate, contents, model, patterns, schema)
    yield code_version(*modules)
    for folder in FOLDERS:
        for path in sorted((root / "intents" / folder).glob("*.yaml")):
            yield path.relative_to(root).as_posix()
            yield path.read_bytes()
