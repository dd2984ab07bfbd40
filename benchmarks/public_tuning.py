"""The published encoder fine-tuned on a few examples of each intent, as ours is on our own.

Needs the virtual environment for training (docs/decisions/0010-sentence-encoder.md): torch.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from tools.encoder_data import slip
from tools.encoder_net import Encoder, load_base, padded
from tools.train_encoder import encode, make_tokenizer

EPOCHS = 8
RATE, HEAD_RATE = 5e-5, 2e-3
TOGETHER, GROUPS = 4, 8  # examples of one intent in a batch, and intents in it
WARMTH = 0.07  # of the likenesses within a batch
SLIPPED = 0.2  # share of examples that get a typing slip
SEED = 1

Floats = NDArray[np.float32]


def tuned(
    texts: Sequence[str], intents: Sequence[str], base: Path
) -> Callable[[Sequence[str]], Floats]:
    """Fine-tune on these examples; returns what turns texts into vectors of length one.

    Trained to name the intent and to bring examples of one intent together; word vectors stay.
    """
    torch.manual_seed(SEED)
    torch.set_flush_denormal(True)
    chance = random.Random(SEED)
    labels = sorted(set(intents))
    right = torch.tensor([labels.index(intent) for intent in intents])
    tokenizer = make_tokenizer(base / "vocab.txt")
    model, optimiser, rest = _start(len(labels), base)
    pooled: list[Tensor] = []
    model.heads.register_forward_pre_hook(lambda _, given: pooled.append(given[0]))
    steps = EPOCHS * len(list(batches(intents, chance)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda n: max(0.02, 1 - n / steps))
    model.train()
    for _ in range(EPOCHS):
        for batch in batches(intents, chance):
            said = [
                slip(texts[i], chance) if chance.random() < SLIPPED else texts[i] for i in batch
            ]
            scores = model(*padded(encode(tokenizer, said))).intent
            loss = functional.cross_entropy(scores, right[batch], label_smoothing=0.1)
            loss = loss + 0.5 * apart(pooled[-1], right[batch])
            pooled.clear()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(rest, 1.0)
            optimiser.step()
            schedule.step()
    model.eval()

    @torch.inference_mode()
    def vectors(asked: Sequence[str]) -> Floats:
        rows = encode(tokenizer, asked)
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        out = np.empty((len(rows), rest[-1].shape[0]), dtype=np.float32)
        for start in range(0, len(order), 64):
            part = order[start : start + 64]
            pooled.clear()
            model(*padded([rows[i] for i in part]))
            out[part] = functional.normalize(pooled[-1], dim=1).numpy()
        return out

    return vectors


def _start(labels: int, base: Path) -> tuple[Encoder, torch.optim.Optimizer, list[Tensor]]:
    """The published weights, what trains them, and those of them that are trained."""
    model = Encoder(labels, 1)
    load_base(model, base / "model.safetensors")
    model.words.weight.requires_grad_(False)
    heads = list(model.heads.parameters())
    rest = [p for n, p in model.named_parameters() if n.split(".")[0] not in ("heads", "words")]
    groups = [{"params": rest, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}]
    return model, torch.optim.AdamW(groups, weight_decay=0.01), list(rest)


def _typed(text: str, chance: random.Random) -> str:
    return slip(text, chance) if chance.random() < SLIPPED else text


def batches(intents: Sequence[str], chance: random.Random) -> Iterator[list[int]]:
    """Batches in which every intent has company of its own."""
    places: dict[str, list[int]] = defaultdict(list)
    for i, intent in enumerate(intents):
        places[intent].append(i)
    groups = []
    for mine in places.values():
        chance.shuffle(mine)
        groups += [mine[i : i + TOGETHER] for i in range(0, len(mine), TOGETHER)]
    chance.shuffle(groups)
    for i in range(0, len(groups), GROUPS):
        yield [place for group in groups[i : i + GROUPS] for place in group]


def apart(vectors: Tensor, labels: Tensor) -> Tensor:
    """How far examples of one intent are from being alike and others from being apart."""
    unit = functional.normalize(vectors, dim=1)
    itself = torch.eye(len(unit), dtype=torch.bool)
    likeness = (unit @ unit.T / WARMTH).masked_fill(itself, -1e4)
    same = (labels[:, None] == labels[None, :]) & ~itself
    some = same.any(1)
    if not some.any():
        return vectors.sum() * 0
    share = likeness - torch.logsumexp(likeness, 1, keepdim=True)
    return -((share * same).sum(1)[some] / same.sum(1)[some]).mean()
