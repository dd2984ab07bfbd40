"""What training leaves behind: the torch state with its labels and its data's hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from tools.encoder_data import Sample, counts, data_hash
from tools.encoder_net import Encoder


def write_state(
    folder: Path,
    model: Encoder,
    intents: Sequence[str],
    kinds: Sequence[str],
    plan: Any,
    samples: Sequence[Sample],
    held: Sequence[Sample],
) -> None:
    """Keep everything that the next step needs."""
    torch.save(
        {
            "state": model.state_dict(),
            "intents": list(intents),
            "kinds": list(kinds),
            "plan": asdict(plan),
            "samples": len(samples),
            "counts": counts(samples),
            "data": data_hash(samples),
            "held": [h.raw for h in held],
        },
        folder / "state.pt",
    )
