"""What training leaves behind: the torch state, and out of it the files that the bot loads."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from intents.encoder import FORMAT, MANIFEST
from tools.encoder_data import Sample, counts, data_hash
from tools.encoder_net import WEIGHTS_SHA256, Encoder
from tools.encoder_onnx import export

LARGEST = 30_000_000  # bytes of the weights file
TEMPLATE = Path(__file__).with_name("encoder_card.md")


@dataclass(frozen=True, slots=True)
class Run:
    """A finished training with everything that tells what it was."""

    state: dict[str, Any]
    intents: list[str]
    kinds: list[str]
    plan: dict[str, Any]
    samples: int
    counts: dict[str, int]
    data: str  # SHA-256 of texts and labels
    held: list[str]  # texts that were not trained on
    trained: list[str] = field(default_factory=list)  # texts that were; empty in older states


def write_state(
    folder: Path,
    model: Encoder,
    labels: tuple[Sequence[str], Sequence[str]],
    plan: dict[str, Any],
    samples: Sequence[Sample],
    held: Sequence[Sample],
    trained: Sequence[str],
) -> None:
    """Keep everything that the next step needs."""
    folder.mkdir(parents=True, exist_ok=True)
    run = Run(
        model.state_dict(),
        list(labels[0]),
        list(labels[1]),
        plan,
        len(samples) - len(held),
        counts(samples),
        data_hash(samples),
        [one.raw for one in held],
        list(trained),
    )
    torch.save(asdict(run), folder / "state.pt")


def read_state(folder: Path) -> Run:
    """What `write_state` kept."""
    return Run(**torch.load(folder / "state.pt"))


def write_weights(
    run: Run, calibration: Mapping[str, float], vocabulary: Path, folder: Path
) -> None:
    """Write encoder.onnx, vocab.txt and the manifest that names their hashes.

    Raises SystemExit where the weights would be larger than we want in the repository.
    """
    folder.mkdir(parents=True, exist_ok=True)
    export({name: t.numpy() for name, t in run.state.items()}, folder / "encoder.onnx")
    size = (folder / "encoder.onnx").stat().st_size
    if size > LARGEST:
        raise SystemExit(f"{folder / 'encoder.onnx'}: {size} bytes, at most {LARGEST}")
    shutil.copyfile(vocabulary, folder / "vocab.txt")
    files = {name: digest(folder / name) for name in ("encoder.onnx", "vocab.txt")}
    manifest = {
        "format": FORMAT,
        "base": {"name": "sentence-transformers/all-MiniLM-L6-v2", "sha256": WEIGHTS_SHA256},
        "data": {"sha256": run.data, "examples": sum(run.counts.values()), **run.counts},
        "plan": run.plan,
        "intents": run.intents,
        "kinds": run.kinds,
        "calibration": dict(calibration),
        "files": files,
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def write_card(folder: Path, run: Run, figures: Mapping[str, Mapping[str, float]]) -> None:
    """The model card: the template with the figures of this training."""
    names = [name for name in figures["float"] if name != "of"]
    table = [f"| {n} | {figures['float'][n]} | {figures['8 bit'][n]} |" for n in names]
    size = (folder / "encoder.onnx").stat().st_size
    filled = {
        "examples": str(sum(run.counts.values())),
        "counts": ", ".join(f"{n} {name}" for name, n in sorted(run.counts.items())),
        "data": run.data,
        "held": str(len(run.held)),
        "trained": str(run.plan.get("examples", run.samples)),
        "epochs": _epochs(run.plan),
        "seed": str(run.plan["seed"]),
        "base": WEIGHTS_SHA256,
        "megabytes": f"{size / 1e6:.1f}",
        "calibration": ", ".join(f"{n} {v}" for n, v in figures["calibration"].items()),
        "table": "\n".join(table),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in filled.items():
        text = text.replace("{" + name + "}", value)
    (folder / "MODEL_CARD.md").write_text(text, encoding="utf-8")


def _epochs(plan: Mapping[str, Any]) -> str:
    told = f"{plan['epochs']} epochs from a learning rate of {plan['rate']} down"
    if (other := plan.get("other")) is None:
        return told
    share = f"{100 * other.get('share', 0.5):.0f} % of the weights are those of"
    return f"{told}; {share} an earlier such training on {other['examples']} ({_epochs(other)})"


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
