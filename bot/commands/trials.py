"""Trials of understanding: our own examples without what was learnt from them, or other messages.

Verdicts and fitted models are kept under data/cache/evaluate, keyed by everything they depend on.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.commands.content import ROOT
from bot.content.directory_files import load_directory
from bot.content.word_files import load_activities, load_areas
from directory.names import all_names
from intents.content import IntentContent
from intents.examples import Example
from intents.measure import Judged, Message, Verdict, labelled, verdict
from intents.model import Kind, Urgency
from intents.understand import Understander, build_understander

MENDING = "mending"  # reads nothing itself: it puts right what the layers read
LAYERS = ("words", "ngrams", "rules", "encoder", MENDING)
CACHE = ROOT / "data" / "cache" / "evaluate"
KEPT_FILES = 48  # of verdicts; older ones belong to content that has changed since


class UnusableFileError(Exception):
    """A file of labelled messages that cannot be read; the message says where and what."""


class FailedLayerError(Exception):
    """A layer failed while it was measured: figures without it would not be what they say."""


@dataclass(frozen=True)
class Trial:
    """How messages are judged."""

    content: IntentContent
    without: frozenset[str] = frozenset()  # layers that are switched off
    weights: Path | None = None  # the encoder's folder
    cache: Path = CACHE
    places: tuple[str, ...] = ()
    activities: Mapping[str, str] = field(default_factory=dict)
    parents: Mapping[str, str | None] = field(default_factory=dict)  # the families of activities
    names: frozenset[str] = frozenset()  # of the directory; nothing of theirs is mended
    built: dict[str, Understander] = field(default_factory=dict)  # whole ones, by content

    def understander(self, content: IntentContent) -> Understander:
        """One that knows this content only."""
        key = content.fingerprint()
        if key not in self.built:
            self.built.clear()  # one is enough at a time, and large
            self.built[key] = build_understander(
                content, self.places, self.activities, self.cache, self.weights, self.parents,
                self.names,
            )  # fmt: skip
        return without(self.built[key], self.without)

    def key(self, *what: object) -> str:
        """Names everything that a verdict depends on."""
        content = self.content
        parts = [
            content.fingerprint(),
            repr(content.rules),
            repr(sorted(content.thresholds.values.items())),
            repr(sorted(self.without)),
            repr(sorted(self.names)),
            _hash_of(sorted((ROOT / "intents").glob("*.py"))),
            _hash_of([self.weights / "encoder.json"] if self.weights else []),
            repr(what),
        ]
        return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()[:24]


def without(understander: Understander, names: Iterable[str]) -> Understander:
    """The same understander with some layers switched off."""
    off = set(names)
    if off & {layer.name for layer in understander.layers()}:
        kept = [layer for layer in understander.layers() if layer.name not in off]
        understander = understander.with_layers(kept)
    if MENDING in off:
        understander = understander.without_mending()
    return understander.with_rules(None) if "rules" in off else understander


def layers_of(trial: Trial, content: IntentContent) -> frozenset[str]:
    """Which layers read a message in this trial."""
    learnt = {layer.name for layer in trial.understander(content).layers()}
    return frozenset(learnt | {"rules", MENDING}) - trial.without


def new_trial(content: IntentContent, weights: Path | None, off: Iterable[str] = ()) -> Trial:
    """A trial with the names of places and the activities that the bot reads."""
    areas, _ = load_areas(ROOT)
    activities, _ = load_activities(ROOT)
    directory, _ = load_directory(ROOT)
    return Trial(
        content, frozenset(off), weights, places=tuple(areas.phrases),
        activities=activities.phrases, parents=activities.parents,
        names=frozenset(all_names(directory)),
    )  # fmt: skip


def folds_of(examples: Sequence[Example], folds: int) -> list[int]:
    """The fold in which each example is held out.

    Twins share one, and so do equal texts; it hangs on the texts alone, so that it stays the same
    when others are added.
    """
    leader: dict[str, str] = {}

    def first(key: str) -> str:
        while leader.setdefault(key, key) != key:
            key = leader[key]
        return key

    keys = ["t:" + " ".join(e.text.casefold().split()) for e in examples]
    for key, example in zip(keys, examples, strict=True):
        if example.twin:
            one, other = sorted((first(key), first(f"w:{example.twin}")))
            leader[other] = one
    return [zlib.crc32(first(key).encode("utf-8")) % folds for key in keys]


def cross_validate(trial: Trial, folds: int) -> list[Judged]:
    """Every example with the verdict of layers that were learnt without its fold."""
    placed = folds_of(trial.content.examples, folds)
    results: list[Judged] = []
    for fold in range(folds):
        held = [e for e, at in zip(trial.content.examples, placed, strict=True) if at == fold]
        seen = [e for e, at in zip(trial.content.examples, placed, strict=True) if at != fold]
        results += judge_held(trial, seen, held, f"fold {fold + 1} of {folds}")
    return results


def judge_held(
    trial: Trial, seen: Sequence[Example], held: Sequence[Example], name: str
) -> list[Judged]:
    """Examples judged by layers learnt from other examples; out of the cache where they are."""
    messages = [labelled(example) for example in held]
    return judge(trial, replace(trial.content, examples=tuple(seen)), messages, name)


def judge(
    trial: Trial, content: IntentContent, messages: Sequence[Message], name: str
) -> list[Judged]:
    """Messages judged by layers learnt from this content; out of the cache where they are."""
    texts = [message.text for message in messages]
    path = trial.cache / f"verdicts-{trial.key(content.fingerprint(), texts)}.json"
    verdicts = _cached(path)
    if verdicts is None:
        print(f"{name}: {len(texts)} messages ...", file=sys.stderr, flush=True)
        understander = trial.understander(content)
        verdicts = verdicts_on(understander, texts)
        _keep(path, verdicts)
    return list(zip(messages, verdicts, strict=True))


def verdicts_on(understander: Understander, texts: Sequence[str]) -> list[Verdict]:
    """What an understander makes of texts; raises `FailedLayerError` where a layer failed."""
    found = [verdict(understander.understand(text)) for text in texts]
    for layer, number in understander.health.failures.items():
        error = understander.health.last_error[layer]
        raise FailedLayerError(f"the layer {layer} failed {number} times: {error}")
    return found


def _cached(path: Path) -> list[Verdict] | None:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [
            Verdict(**{**row, "ranked": tuple((name, share) for name, share in row["ranked"])})
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(path: Path, verdicts: Sequence[Verdict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    found = path.parent.glob("verdicts-*.json")
    by_age = sorted(found, key=lambda p: p.stat().st_mtime, reverse=True)
    for old in by_age[KEPT_FILES - 1 :]:
        old.unlink(missing_ok=True)
    aside = path.with_suffix(".part")
    aside.write_text(json.dumps([asdict(v) for v in verdicts]), encoding="utf-8")
    aside.replace(path)


def _hash_of(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + path.read_bytes() if path.exists() else b"missing")
    return digest.hexdigest()


def read_messages(path: Path) -> list[Message]:
    """Labelled messages out of a JSON Lines file. Raises UnusableFileError with file and line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableFileError(f"{path}: cannot be read ({type(error).__name__})") from None
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(_message(json.loads(line), path.stem))
            except (ValueError, KeyError, TypeError) as error:
                raise UnusableFileError(
                    f"{path}:{number}: {error}; found {line[:60]!r}, expected "
                    '{"text": "...", "intent": "...", "urgency": "none"}'
                ) from None
    if not found:
        raise UnusableFileError(f"{path}: no messages in it")
    return found


def _message(row: Mapping[str, Any], origin: str) -> Message:
    kind = row.get("kind")
    return Message(
        str(row["text"]),
        str(row["intent"]),
        Urgency(row["urgency"]),
        Kind(kind).value if kind else None,
        tuple(row.get("also", ())),
        str(row.get("slice") or origin),
        str(row.get("twin") or ""),
    )
