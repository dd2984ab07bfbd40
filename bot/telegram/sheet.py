"""The report as words and lengths of bars: what the picture and its text alternative both say."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.cases.figures import Figures, Group
from bot.cases.suppression import REST, Share, Shown
from bot.telegram.render import units
from directory.hours import LONDON
from intents.wording import Markup, Wording, joined

CAPTION = 1024  # UTF-16 units under a picture


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that is read first."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart."""

    label: str
    short: str  # under a column
    value: str
    length: int  # of the bar; only its ratio to the others counts
    note: str = ""  # the time to the first answer


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars that belong together; without bars `empty` says why."""

    title: str
    bars: tuple[Bar, ...]
    empty: str
    heads: tuple[str, str] | None = None  # above notes and values
    columns: bool = False  # upright, for times


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole report; JSON values, so that another process can draw it."""

    title: str
    span: str
    first: Tile
    tiles: tuple[Tile, ...] = ()
    charts: tuple[Chart, ...] = ()
    lines: tuple[str, ...] = ()
    foot: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)


def make_sheet(found: Figures, weeks: int, wording: Wording) -> Sheet:
    """The figures in words."""
    title = "desk-report.title-one" if weeks == 1 else "desk-report.title"
    enough = bool(found.alerts)
    return Sheet(
        title=wording.label(title, weeks=weeks),
        span=wording.label("desk-report.span", since=_date(found.since), until=_date(found.until)),
        first=Tile(count(found.alerts, wording), wording.label("desk-report.alerts")),
        tiles=_tiles(found, wording) if enough else (),
        charts=_charts(found, wording) if enough else (),
        lines=_lines(found, wording),
        foot=wording.label("desk-report.rounded"),
    )


def count(number: Shown, wording: Wording) -> str:
    """A count in words."""
    if number is None:
        return wording.label("desk-report.few")
    return wording.label("desk-report.about", n=number) if number else wording.label(
        "desk-report.none"
    )  # fmt: skip


def _share(part: Share, wording: Wording) -> str:
    return wording.label(f"desk-report.share-{part.word}", percent=part.percent)


def _span(span: timedelta | None, wording: Wording) -> str:
    if span is None:
        return wording.label("desk-report.share-unknown")
    for unit, name in ((timedelta(days=2), "days"), (timedelta(hours=1), "hours")):
        if span >= unit:
            one = timedelta(days=1) if name == "days" else timedelta(hours=1)
            return wording.label(f"desk-report.unit-{name}", n=span // one)
    return wording.label("desk-report.unit-minutes", n=span // timedelta(minutes=1))


def _date(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def _tiles(found: Figures, wording: Wording) -> tuple[Tile, ...]:
    shown = (
        (_span(found.p50, wording), "p50"),
        (_span(found.p90, wording), "p90"),
        (_share(found.quick, wording), "quick"),
        (_share(found.answered, wording), "answered"),
        (_share(found.out_of_hours, wording), "out-of-hours"),
        (_share(found.false_alarms, wording), "false-alarms"),
    )
    return tuple(Tile(value, wording.label(f"desk-report.{name}")) for value, name in shown)


def _charts(found: Figures, wording: Wording) -> tuple[Chart, ...]:
    listed = (
        ("by-kind", [_bar(g, _kind(g.label, wording), wording) for g in found.kinds], False),
        ("by-hour", [_hour(group, wording) for group in found.hours], True),
        ("by-day", [_day(group, wording) for group in found.days], True),
        ("by-outcome", [_bar(g, _ending(g.label, wording), wording) for g in found.outcomes],
         False),
    )  # fmt: skip
    empty = wording.label("desk-report.too-few")
    heads = wording.label("desk-report.head-time"), wording.label("desk-report.head-number")
    return tuple(
        Chart(
            wording.label(f"desk-report.{name}"), tuple(bars), empty,
            heads if name == "by-kind" and any(bar.note for bar in bars) else None, columns,
        )
        for name, bars, columns in listed
    )  # fmt: skip


def _bar(group: Group, label: str, wording: Wording, short: str = "") -> Bar:
    note = _span(group.median, wording) if group.median else ""
    return Bar(label, short or label, str(group.count or 0), group.count or 0, note)


def _kind(label: str, wording: Wording) -> str:
    return wording.label("desk-report.rest" if label == REST else f"kinds.{label}")


def _ending(label: str, wording: Wording) -> str:
    if label == REST:
        return wording.label("desk-report.rest")
    for key in (f"desk-report.outcome-{label}", f"staff.outcome-{label}"):
        if wording.has(key):
            return wording.label(key)
    return label


def _hour(group: Group, wording: Wording) -> Bar:
    first, _, last = group.label.partition("-")
    label = wording.label("desk-report.hour", first=first, last=last)
    single = int(last) - int(first) == 1
    short = first if single else wording.label("desk-report.hour-short", first=first, last=last)
    return _bar(group, label, wording, short)


def _day(group: Group, wording: Wording) -> Bar:
    return _bar(group, wording.label(f"desk-report.day-{group.label}"), wording)


def _lines(found: Figures, wording: Wording) -> tuple[str, ...]:
    now, long = count(found.open_now, wording), found.open_long
    lines = [wording.label("desk-report.open-now", n=now)]
    if found.open_now and not isinstance(long, str):
        lines = [wording.label("desk-report.open-long", n=now, long=count(long, wording))]
    if not found.alerts:
        key = "desk-report.no-cases" if found.alerts == 0 else "desk-report.too-few-cases"
        return (wording.label(key), *lines)
    lines.append(wording.label("desk-report.back", n=count(found.back, wording)))
    if found.missed != 0:
        lines.append(wording.label("desk-report.missed", n=count(found.missed, wording)))
    return tuple(lines)


def sheet_text(sheet: Sheet, wording: Wording, longest: int | None = None) -> Markup:
    """The same as text; what does not fit goes from the end, and is said to be in the picture."""
    head = wording.text("desk-report.text", title=sheet.title, span=sheet.span)
    tiles = [
        wording.text("desk-report.text-tile", value=tile.value, label=tile.label)
        for tile in (sheet.first, *sheet.tiles)
    ]
    lines = [wording.text("desk-report.text-line", line=line) for line in sheet.lines]
    charts = [_chart_text(chart, wording) for chart in sheet.charts if chart.bars]
    parts, foot = [*tiles, *charts, *lines], wording.text("desk-report.rounded")
    more = wording.text("desk-report.more-in-picture")
    whole = joined([head, *parts, foot], "\n")
    while longest is not None and units(whole) > longest and parts:
        parts.pop()
        whole = joined([head, *parts, more, foot], "\n")
    return whole


def _chart_text(chart: Chart, wording: Wording) -> Markup:
    rows = [
        wording.text(
            "desk-report.row-time" if bar.note and chart.heads else "desk-report.row",
            label=bar.short, value=bar.value, **({"time": bar.note} if bar.note else {}),
        )
        for bar in chart.bars
    ]  # fmt: skip
    title = wording.text("desk-report.text-chart", title=chart.title)
    return Markup(f"{title} {', '.join(rows)}")
