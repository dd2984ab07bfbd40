"""The published encoder fine-tuned on a few examples of each intent, as ours is on our own.

Needs the virtual environment for training (docs/decisions/0010-sentence-encoder.md): torch. How the
numbers below were chosen, and what each is worth, stands in RESULTS-public.md.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.public_engine import Shares, ToShares, VectorHead, softmax
from tools.encoder_data import slip
from tools.encoder_net import WIDTH, Encoder, load_base, padded
from tools.train_encoder import encode, make_tokenizer

EPOCHS = 8
RATE, HEAD_RATE = 1e-4, 2e-3
TOGETHER, GROUPS = 4, 8  # examples of one intent in a batch, and intents in it
WARMTH, PULL = 0.15, 2.0  # of the likenesses within a batch, and how much they count
SMOOTHING, DROPOUT = 0.1, 0.1
SLIPPED = 0.2  # share of examples that get a typing slip
UNREAD = 0.3  # share of the tokens that are left out
LONGEST = 40  # tokens of an example
STEPS_APART = 4  # of the second half's steps each so many count for the mean of the weights
NEARNESS = 0.05  # of likenesses to the examples, when they vote
AT_ONCE = 16  # texts of like length, so that little is padded

Rows = Sequence[Sequence[int]]
Floats = NDArray[np.float32]


def tuned(texts: Sequence[str], intents: Sequence[str], base: Path, trainings: int) -> ToShares:
    """Fine-tune on these examples, several times, and keep the mean of the weights.

    Three opinions count alike: the head that was trained with the encoder, a logistic regression on
    the vectors it gives now, and the votes of the examples by their likeness.
    """
    torch.set_flush_denormal(True)
    tokenizer = make_tokenizer(base / "vocab.txt")
    rows = encode(tokenizer, texts)
    labels = sorted(set(intents))
    means = []
    for seed in range(1, trainings + 1):
        model = Tuned(len(labels), base)
        model.begin(VectorHead.fit(model.vectors(rows), intents))
        means.append(learn(model, lambda said: encode(tokenizer, said), texts, intents, seed))
    model.take([torch.stack(same).mean(0) for same in zip(*means, strict=True)])
    known = model.vectors(rows)
    linear = VectorHead.fit(known, intents)
    right = np.asarray([[intent == label for label in labels] for intent in intents], dtype=float)

    def opinion(asked: Sequence[str]) -> Shares:
        vectors = model.vectors(encode(tokenizer, asked))
        votes = softmax((vectors @ known.T).astype(float) / NEARNESS) @ right
        return np.asarray((model.shares(vectors) + linear(vectors) + votes) / 3)

    return opinion


class Tuned(nn.Module):
    """The encoder with a head of its own on vectors of length one; word vectors stay."""

    def __init__(self, labels: int, base: Path) -> None:
        super().__init__()
        self.encoder = Encoder(1, 1, DROPOUT)
        load_base(self.encoder, base / "model.safetensors")
        self.encoder.words.requires_grad_(False)
        self.encoder.heads.requires_grad_(False)  # not asked
        self.head = nn.Linear(WIDTH, labels)
        self._seen: list[Tensor] = []
        # What is dropped from last is the mean over the tokens.
        self.encoder.drop.register_forward_pre_hook(lambda _, given: self._seen.append(given[0]))

    def begin(self, head: VectorHead) -> None:
        """Let the head begin as this one: a random head would pull the encoder out of shape."""
        with torch.no_grad():
            self.head.weight.copy_(torch.from_numpy(head.weights.T))
            self.head.bias.copy_(torch.from_numpy(head.bias))

    def trained(self) -> list[nn.Parameter]:
        """What is trained of the encoder."""
        return [p for p in self.encoder.parameters() if p.requires_grad]

    def take(self, weights: Sequence[Tensor]) -> None:
        """Put these in place of what is trained, the head's last."""
        with torch.no_grad():
            mine = [*self.trained(), *self.head.parameters()]
            for kept, other in zip(mine, weights, strict=True):
                kept.copy_(other)

    def pooled(self, rows: Rows, at_once: int = AT_ONCE, unread: float = 0.0) -> Tensor:
        """The mean over the tokens of each text, with a share of the tokens left out."""
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        parts = []
        for start in range(0, len(order), at_once):
            ids, mask = padded([rows[i] for i in order[start : start + at_once]])
            if unread:
                kept = torch.rand(mask.shape) >= unread
                kept[:, 0] = True
                mask = mask & kept
            self.encoder(ids, mask)
            parts.append(self._seen[-1])
            self._seen.clear()
        return torch.cat(parts)[torch.tensor(order).argsort()]

    @torch.inference_mode()
    def vectors(self, rows: Rows) -> Floats:
        """Vectors of length one."""
        self.eval()
        return functional.normalize(self.pooled(rows), dim=1).numpy()

    @torch.inference_mode()
    def shares(self, vectors: Floats) -> Shares:
        """What the head that was trained with the encoder makes of vectors."""
        return softmax(self.head(torch.from_numpy(vectors)).double().numpy())


def learn(
    model: Tuned,
    tokens: Callable[[Sequence[str]], Rows],
    texts: Sequence[str],
    intents: Sequence[str],
    seed: int,
) -> list[Tensor]:
    """Train to name the intent and to bring examples of one intent together.

    Returns the mean of the weights over the second half of the steps.
    """
    torch.manual_seed(seed)
    chance = random.Random(seed)
    labels = sorted(set(intents))
    right = torch.tensor([labels.index(intent) for intent in intents])
    plan = [batch for _ in range(EPOCHS) for batch in batches(intents, chance)]
    groups = [
        {"params": model.trained(), "lr": RATE},
        {"params": list(model.head.parameters()), "lr": HEAD_RATE},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: max(0.02, 1 - step / len(plan))
    )
    weights = [*model.trained(), *model.head.parameters()]
    mean = [weight.detach().clone() for weight in weights]
    counted = 0
    model.train()
    for step, batch in enumerate(plan):
        said = [slip(texts[i], chance) if chance.random() < SLIPPED else texts[i] for i in batch]
        pooled = model.pooled([row[:LONGEST] for row in tokens(said)], unread=UNREAD)
        loss = loss_of(model, pooled, right[batch])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.trained(), 1.0)
        optimiser.step()
        schedule.step()
        if step >= len(plan) // 2 and step % STEPS_APART == 0:
            counted += 1
            for kept, now in zip(mean, weights, strict=True):
                kept.lerp_(now.detach(), 1 / counted)
    return mean


def loss_of(model: Tuned, pooled: Tensor, right: Tensor) -> Tensor:
    """The intent's name, and how examples of one intent lie together."""
    dropped = functional.dropout(pooled, DROPOUT)
    scores = model.head(functional.normalize(dropped, dim=1))
    named = functional.cross_entropy(scores, right, label_smoothing=SMOOTHING)
    return named + PULL * apart(pooled, right)


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
