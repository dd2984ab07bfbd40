"""The encoder in torch, for training only: a BERT with mean pooling and three questions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, WIDTH, INNER, HEADS, VOCABULARY, POSITIONS = 6, 384, 1536, 12, 30522, 512
EPS = 1e-12


class Block(nn.Module):
    """One transformer layer, in the order of the original BERT: normalise after adding."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=EPS)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=EPS)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x` is texts x tokens x width, `mask` is texts x 1 x 1 x tokens."""
        n, t, _ = x.shape
        q, k, v = (
            part(x).view(n, t, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm1(x + self.drop(self.attended(mixed.transpose(1, 2).reshape(n, t, WIDTH))))
        return self.norm2(x + self.drop(self.outer(functional.gelu(self.inner(x)))))


@dataclass(frozen=True)
class Answers:
    """The scores of a batch."""

    intent: Tensor  # texts x intents
    danger: Tensor  # texts
    level: Tensor  # texts; above 0: emergency
    kind: Tensor  # texts x kinds


class Encoder(nn.Module):
    """The sentence encoder with its heads in one matrix: intents, danger, level, kinds."""

    def __init__(self, intents: int, kinds: int, dropout: float = 0.1) -> None:
        super().__init__()
        # A batch holds few of the words: sparse gradients save a pass over all of them.
        self.words = nn.Embedding(VOCABULARY, WIDTH, sparse=True)
        self.places = nn.Embedding(POSITIONS, WIDTH)
        self.types = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=EPS)
        self.blocks = nn.ModuleList(Block(dropout) for _ in range(LAYERS))
        self.heads = nn.Linear(WIDTH, intents + 2 + kinds)
        self.drop = nn.Dropout(dropout)
        self.intents = intents

    def forward(self, ids: Tensor, mask: Tensor) -> Answers:
        """`ids` and `mask` are texts x tokens; `mask` is true where a token is."""
        x = self.words(ids) + self.places.weight[: ids.shape[1]] + self.types.weight[0]
        x = self.drop(self.norm(x))
        wide = mask[:, None, None, :]
        for block in self.blocks:
            x = block(x, wide)
        share = mask[:, :, None].to(x.dtype)
        pooled = (x * share).sum(1) / share.sum(1)
        scores = self.heads(self.drop(pooled))
        n = self.intents
        return Answers(scores[:, :n], scores[:, n], scores[:, n + 1], scores[:, n + 2 :])


def load_base(model: Encoder, path: Path) -> None:
    """Put the published weights into `model`. Raises SystemExit where the file is another."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise SystemExit(f"{path}: SHA-256 {found}, expected {WEIGHTS_SHA256}")
    theirs = load_file(path)
    ours = {
        "words.weight": "embeddings.word_embeddings.weight",
        "places.weight": "embeddings.position_embeddings.weight",
        "types.weight": "embeddings.token_type_embeddings.weight",
        **_both("norm", "embeddings.LayerNorm"),
    }
    for i in range(LAYERS):
        at = f"encoder.layer.{i}"
        for mine, name in (
            ("query", "attention.self.query"),
            ("key", "attention.self.key"),
            ("value", "attention.self.value"),
            ("attended", "attention.output.dense"),
            ("norm1", "attention.output.LayerNorm"),
            ("inner", "intermediate.dense"),
            ("outer", "output.dense"),
            ("norm2", "output.LayerNorm"),
        ):
            ours |= _both(f"blocks.{i}.{mine}", f"{at}.{name}")
    missing, unknown = model.load_state_dict(
        {mine: theirs[name] for mine, name in ours.items()}, strict=False
    )
    if unknown or set(missing) != {"heads.weight", "heads.bias"}:
        raise SystemExit(f"{path}: the weights do not fit: {missing}, {unknown}")


def _both(mine: str, theirs: str) -> dict[str, str]:
    return {f"{mine}.{part}": f"{theirs}.{part}" for part in ("weight", "bias")}


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Token rows as one batch with its mask."""
    longest = max(map(len, rows))
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros(len(rows), longest, dtype=torch.bool)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = True
    return ids, mask
