"""The figures of `evaluate` as text, as Markdown and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from intents.measure import (
    COST,
    Bin,
    Confusion,
    Judged,
    Share,
    by_slice,
    calibration_error,
    confusions,
    danger_pairs,
    figures,
    found_at,
    intent_pairs,
    reliability,
    twins_apart,
)

CONFUSIONS_SHOWN = 25
SLICE_COLUMNS = {
    "danger caught": "caught",
    "false pages": "false pages",
    "needless check-ins": "check-ins",
    "served": "served",
    "answered wrong": "sure, wrong",
}
ABLATION_COLUMNS = (
    "top 1",
    "top 3",
    "served",
    "answered wrong",
    "out-of-scope answered",
    "danger caught",
    "emergency caught",
    "false pages",
    "needless check-ins",
)
ALARMS = 0.05  # share of harmless messages that may alarm where layers are compared by their scores


def percent(share: float) -> str:
    """A share as people read it; "-" where there is none."""
    return "-" if math.isnan(share) else f"{share:.1%}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A Markdown table, padded so that it reads well as plain text too."""
    cells = [[str(cell).replace("|", "/") for cell in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    return [lines[0], "| " + " | ".join("-" * w for w in widths) + " |", *lines[1:]]


def figure_lines(judged: Sequence[Judged]) -> list[str]:
    """The figures of score.py with their intervals, and the twins."""
    named = {**figures(judged), "twins told apart": twins_apart(judged)}
    rows = [
        (name, percent(s.share), f"{s.hits}/{s.of}", f"{s.interval[0]:.1%} to {s.interval[1]:.1%}")
        for name, s in named.items()
        if s.of
    ]
    return table(("figure", "share", "of", "95 %"), rows)


def reliability_lines(judged: Sequence[Judged]) -> list[str]:
    """What was said beside what happened, for intents and for danger."""
    lines = []
    for name, pairs in (("intents", intent_pairs(judged)), ("danger", danger_pairs(judged))):
        bins = reliability(pairs)
        lines += ["", f"**Probabilities of {name}**, mean error {calibration_error(bins):.3f}", ""]
        rows = [(_range(b), percent(b.said), percent(b.happened), b.n) for b in bins if b.n]
        lines += table(("probability", "said", "happened", "n"), rows)
    return lines


def _range(b: Bin) -> str:
    return f"{b.low:.1f} to {b.high:.1f}"


def confusion_lines(judged: Sequence[Judged], texts: bool = True) -> list[str]:
    """The costliest confusions; `texts` adds a message of each."""
    found = confusions(judged)
    weights = ", ".join(f"{name} {cost}" for name, cost in COST.items())
    lines = ["", f"**The confusions that cost most** (weights: {weights})", ""]
    head = ("cost", "n", "mistake", "it was", "taken for", "such as")
    rows = [_confusion(one) for one in found[:CONFUSIONS_SHOWN]]
    width = len(head) if texts else len(head) - 1
    return lines + table(head[:width], [row[:width] for row in rows])


def _confusion(c: Confusion) -> tuple[object, ...]:
    text = " ".join(c.examples[0].split()) if c.examples else ""
    shown = text if len(text) <= 60 else text[:59] + "…"
    return (c.cost, c.n, c.mistake, c.truth, c.taken_for, shown)


def slice_lines(judged: Sequence[Judged]) -> list[str]:
    """The main figures for each way of writing."""
    lines = ["", "**By the way people write**", ""]
    rows = [
        (name, *(_counted(found.get(key)) for key in SLICE_COLUMNS))
        for name, found in by_slice(judged).items()
    ]
    return lines + table(("slice", *SLICE_COLUMNS.values()), rows)


def _counted(share: Share | None) -> str:
    return f"{share.share:.1%} of {share.of}" if share is not None and share.of else "-"


def report_lines(judged: Sequence[Judged], texts: bool = True) -> list[str]:
    """Everything, in the order in which it matters."""
    return [
        *figure_lines(judged),
        *slice_lines(judged),
        *confusion_lines(judged, texts),
        *reliability_lines(judged),
    ]


def ablation_lines(variants: Mapping[str, Sequence[Judged]]) -> list[str]:
    """One row for each set of layers."""
    head = ("layers", *ABLATION_COLUMNS, f"danger found at {ALARMS:.0%} alarms")
    rows = []
    for name, judged in variants.items():
        found = figures(judged)
        shares = [percent(found[key].share) if key in found else "-" for key in ABLATION_COLUMNS]
        rows.append((name, *shares, percent(found_at(judged, ALARMS))))
    return table(head, rows)


def as_data(judged: Sequence[Judged], texts: bool = True) -> dict[str, Any]:
    """Everything as plain data, ready for JSON; what cannot be counted is null."""
    shown = 2 if texts else 0
    return {
        "messages": len(judged),
        "figures": {name: _share_data(share) for name, share in figures(judged).items()},
        "twins": _share_data(twins_apart(judged)),
        "slices": {
            name: {key: _share_data(share) for key, share in found.items()}
            for name, found in by_slice(judged).items()
        },
        "confusions": [{**asdict(c), "cost": c.cost} for c in confusions(judged, shown)],
        "reliability": {
            "intents": [_bin_data(b) for b in reliability(intent_pairs(judged))],
            "danger": [_bin_data(b) for b in reliability(danger_pairs(judged))],
        },
    }


def _share_data(share: Share) -> dict[str, float | int | None]:
    low, high = share.interval
    found = {"share": share.share, "hits": share.hits, "of": share.of, "low": low, "high": high}
    return {key: None if math.isnan(value) else value for key, value in found.items()}


def _bin_data(b: Bin) -> dict[str, float | int | None]:
    return {key: None if math.isnan(value) else value for key, value in asdict(b).items()}
