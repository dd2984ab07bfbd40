"""A small line plot as SVG, by hand: a plotting library would be the heaviest thing installed."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDE, HIGH = 300, 230  # of one panel's drawing area
LEFT, TOP, BELOW, GAP = 60, 44, 56, 74
Scale = Callable[[float], float]
COLOURS = ("#1d4ed8", "#b45309", "#047857")
INSET = 28  # from the axes to the first and the last size, so that no label lies on an axis
GREY, RED = "#6b7280", "#b91c1c"


@dataclass(frozen=True)
class Series:
    """One line: a value for each size."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True)
class Panel:
    """One drawing with axes of its own; `bar` is the limit that must not be passed."""

    title: str
    unit: str
    lines: tuple[Series, ...]
    bar: float | None = None


def plot(across: str, sizes: Sequence[int], panels: Sequence[Panel]) -> str:
    """Draw panels beside each other, both axes logarithmic; returns the SVG."""
    width = LEFT + len(panels) * WIDE + (len(panels) - 1) * GAP + 40
    height = TOP + HIGH + BELOW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for number, panel in enumerate(panels):
        parts += _panel(panel, sizes, LEFT + number * (WIDE + GAP), across)
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, sizes: Sequence[int], left: float, across: str) -> list[str]:
    low, high = _decades(panel)
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])
    right, bottom = left + WIDE, TOP + HIGH

    def x(size: float) -> float:
        share = (math.log10(size) - first) / (last - first) if last > first else 0.5
        return left + INSET + share * (WIDE - 2 * INSET)

    def y(value: float) -> float:
        share = (math.log10(max(value, 10.0**low)) - low) / (high - low)
        return bottom - share * HIGH

    parts = [_text(left, TOP - 20, f"{panel.title} ({panel.unit})", weight="bold")]
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(_line(left, at, right, at, "#e5e7eb"))
        parts.append(_text(left - 8, at + 4, f"{10.0**power:g}", anchor="end", fill=GREY))
    for size in sizes:
        parts.append(_text(x(size), bottom + 20, f"{size:,}", anchor="middle", fill=GREY))
    parts.append(_text(left + WIDE / 2, bottom + 42, across, anchor="middle", fill=GREY))
    parts += [_line(left, bottom, right, bottom, GREY), _line(left, TOP, left, bottom, GREY)]
    if panel.bar is not None:
        parts.append(_line(left, y(panel.bar), right, y(panel.bar), RED, dashed=True))
        label = f"at most {panel.bar:g} {panel.unit}"
        parts.append(_text(left + 8, y(panel.bar) - 6, label, fill=RED))
    for series, colour in zip(panel.lines, COLOURS, strict=False):
        parts += _drawn(series, sizes, colour, x, y)
    return parts


def _drawn(series: Series, sizes: Sequence[int], colour: str, x: Scale, y: Scale) -> list[str]:
    points = [(x(size), y(value)) for size, value in zip(sizes, series.values, strict=True)]
    path = " ".join(f"{one:.1f},{other:.1f}" for one, other in points)
    parts = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>']
    for (one, other), value in zip(points, series.values, strict=True):
        parts.append(f'<circle cx="{one:.1f}" cy="{other:.1f}" r="4" fill="{colour}"/>')
        parts.append(_text(one, other - 9, f"{value:.3g}", anchor="middle", fill=colour))
    (x0, y0), (x1, y1) = points[0], points[min(1, len(points) - 1)]
    middle = ((x0 + x1) / 2, (y0 + y1) / 2 + 20)
    parts.append(_text(*middle, series.name, anchor="middle", fill=colour, weight="bold"))
    return parts


def _decades(panel: Panel) -> tuple[int, int]:
    values = [value for series in panel.lines for value in series.values if value > 0]
    values += [panel.bar] if panel.bar is not None else []
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values) * 1.3))
    return low, max(high, low + 1)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}"{dash}/>')  # fmt: skip


def _text(
    x: float, y: float, text: str, *, anchor: str = "start", fill: str = "#111827",
    weight: str = "normal",
) -> str:  # fmt: skip
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" '
            f'font-weight="{weight}">{html.escape(text)}</text>')  # fmt: skip
