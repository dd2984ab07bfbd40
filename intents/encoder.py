"""The sentence encoder: a small transformer, fine-tuned on our own examples, as one more layer.

Its files lie in `intents/weights`; tools/train_encoder.py makes them. It runs on onnxruntime.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.layers import Layer, Reading
from intents.model import Kind, Reason

Floats = NDArray[np.float32]
MANIFEST = "encoder.json"
FORMAT = 1  # raise it when the files change in shape
WINDOW = 72  # tokens read at once, with the two marks; time grows with it
OVERLAP = 12  # tokens that neighbouring windows share, so that no sentence is cut in both
MOST_WINDOWS = 3
ROOM = WINDOW - 2
LONG = 1_500  # characters; of a longer text only three slices are made into tokens
SLICE = 400  # characters; more than a window holds of usual words
CERTAIN = 6.0  # log-odds at which an opinion is cut off
EXPLAINED = 24  # words left out one by one to see what they did
START, END = 101, 102  # the vocabulary's marks

Window = list[int]


class EncoderUnusableError(Exception):
    """The encoder's files are missing, damaged or of another version; the message says which."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the manifest says: labels in the order of the scores, and their calibration."""

    intents: tuple[str, ...]
    kinds: tuple[Kind, ...]
    calibration: Mapping[str, float]
    files: Mapping[str, str]  # name: SHA-256

    @classmethod
    def load(cls, path: Path) -> Card:
        """Read the manifest. Raises EncoderUnusableError."""
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            if told["format"] != FORMAT:
                raise EncoderUnusableError(
                    f"{path}: format {told['format']}, this code reads {FORMAT}"
                )
            calibration = {name: float(value) for name, value in told["calibration"].items()}
            kinds = tuple(Kind(name) for name in told["kinds"])
            return cls(tuple(told["intents"]), kinds, calibration, dict(told["files"]))
        except FileNotFoundError as error:
            raise EncoderUnusableError(
                f"{path}: missing; the bot runs without the encoder"
            ) from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise EncoderUnusableError(
                f"{path}: not a manifest ({type(error).__name__})"
            ) from error


class EncoderLayer(Layer):
    """Layer 4: what the fine-tuned encoder makes of a message."""

    name = "encoder"
    reads_whole = True

    def __init__(self, session: Any, tokenizer: Any, card: Card) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._card = card
        self.intents = card.intents

    def read(self, words: Sequence[str]) -> Reading:
        """What the encoder makes of these words, and of the stops between them."""
        return self.read_text(" ".join(words))

    def read_text(self, text: str) -> Reading:
        """What the encoder makes of a text; of a long one it reads at most MOST_WINDOWS windows.

        The intents are those of all windows, danger and its kind those of the gravest.
        """
        windows = self.windows(text)
        if not windows:
            return Reading()
        table = np.stack([self.scores(window) for window in windows])
        n, c = len(self._card.intents), self._card.calibration
        intents = _softmax(table[:, :n] * c["intent.slope"]).mean(axis=0)
        worst = table[int(table[:, n].argmax())]
        kinds = _softmax(worst[n + 2 :] * c["kind.slope"])
        return Reading(
            dict(zip(self._card.intents, intents.tolist(), strict=True)),
            _bounded(worst[n] * c["danger.slope"] + c["danger.intercept"]),
            _bounded(worst[n + 1] * c["level.slope"] + c["level.intercept"]),
            dict(zip(self._card.kinds, kinds.tolist(), strict=True)),
        )

    def explain(self, words: Sequence[str], intent: str, kind: Kind | None) -> tuple[Reason, ...]:
        """The words without which it would be less sure: each is left out once."""
        said = list(words)[:EXPLAINED]
        if intent not in self._card.intents or len(said) < 2:
            return ()
        whole = self.read(said)
        less = [self.read(said[:i] + said[i + 1 :]) for i in range(len(said))]
        sure = whole.intents[intent]
        drops = [sure - one.intents.get(intent, 0.0) for one in less]
        reasons = [_reason("encoder", f"without these words less sure of {intent}", said, drops)]
        if kind is not None:
            odds = [(whole.danger or 0.0) - (one.danger or 0.0) for one in less]
            told = "without these words less like a danger"
            reasons.append(_reason("danger-model", f"encoder: {told}", said, odds))
        return tuple(reason for reason in reasons if reason.words)

    def scores(self, window: Window) -> Floats:
        """The raw scores of one window of tokens: intents, danger, level, kinds."""
        ids = np.asarray([window], dtype=np.int64)
        scores: Floats = self._session.run(None, {"ids": ids})[0][0]
        if not np.isfinite(scores).all():
            raise ValueError("the encoder gave a number that is none")
        return scores

    def windows(self, text: str) -> list[Window]:
        """Tokens in windows: all of a usual message; of a very long one start, middle and end."""
        if len(text) > LONG:
            half = (len(text) - SLICE) // 2
            slices = text[:SLICE], text[half : half + SLICE], text[-SLICE:]
            first, middle, last = (self._ids(one) for one in slices)
            chosen = [first[:ROOM], middle[:ROOM], last[-ROOM:]]
        else:
            chosen = _even(self._ids(text))
        return [[START, *ids, END] for ids in chosen if ids]

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids


def load_encoder(folder: Path) -> EncoderLayer:
    """The layer in `folder`, all files checked. Raises EncoderUnusableError, naming the file."""
    card = Card.load(folder / MANIFEST)
    paths = {name: _whole(folder / name, digest) for name, digest in card.files.items()}
    try:
        import onnxruntime  # only here: the bot also runs where it is not installed
        from tokenizers import BertWordPieceTokenizer
    except ImportError as error:
        raise EncoderUnusableError(f"{error.name} is not installed") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a message takes milliseconds; other messages need the rest
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(paths["encoder.onnx"]), options, providers=["CPUExecutionProvider"]
    )
    tokenizer = BertWordPieceTokenizer(str(paths["vocab.txt"]), lowercase=True)
    layer = EncoderLayer(session, tokenizer, card)
    found = len(layer.scores([START, END]))
    expected = len(card.intents) + 2 + len(card.kinds)
    if found != expected:
        raise EncoderUnusableError(f"{folder}: {found} scores, the manifest names {expected}")
    return layer


def _even(ids: list[int]) -> list[list[int]]:
    """As few windows as do, all of one size; of many the first, the middle one and the last."""
    n = len(ids)
    if n <= ROOM:
        return [ids]
    count = math.ceil((n - OVERLAP) / (ROOM - OVERLAP))
    size = math.ceil((n + (count - 1) * OVERLAP) / count)
    starts = [min(i * (size - OVERLAP), n - size) for i in range(count)]
    if count > MOST_WINDOWS:
        starts = [starts[0], starts[count // 2], starts[-1]]
    return [ids[at : at + size] for at in starts]


def _whole(path: Path, digest: str) -> Path:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderUnusableError(f"{path}: cannot be read ({type(error).__name__})") from error
    if found != digest:
        raise EncoderUnusableError(
            f"{path}: SHA-256 {found[:12]}…, the manifest says {digest[:12]}…"
        )
    return path


def _reason(layer: str, text: str, words: Sequence[str], drops: Sequence[float]) -> Reason:
    ranked = sorted(range(len(words)), key=lambda i: -drops[i])[:4]
    strong = [i for i in ranked if drops[i] > 0.02]
    best = min(1.0, max(drops)) if strong else 0.0
    return Reason(layer, text, tuple(words[i] for i in strong), best)


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


def _bounded(odds: float) -> float:
    return float(min(max(odds, -CERTAIN), CERTAIN))
