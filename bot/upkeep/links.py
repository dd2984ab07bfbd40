"""What was found at the web addresses of the directory, kept with its date and compared."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.upkeep.entries import Link


class State(StrEnum):
    """What is known of an address."""

    GOOD = "good"
    MOVED = "moved"  # it works, and says that it has another address now
    UNSURE = "unsure"  # it may be there: slow, out of order, or closed to programs
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One address as it was found."""

    address: str
    state: State
    detail: str = ""  # "404 Not Found", "no answer within 20 s"
    moved_to: str = ""
    offline: bool = False  # no connection at all, which may be our own network
    checked: str = ""  # the day, 2026-11-27
    since: str = ""  # the first day in this state


def load_findings(path: Path) -> dict[str, Finding]:
    """Read what was found last time; nothing where there is no such file.

    Raises ValueError where the file is not what `save_findings` wrote.
    """
    if not path.is_file():
        return {}
    try:
        rows: Any = json.loads(path.read_text(encoding="utf-8"))["addresses"]
        return {row["address"]: _finding(row) for row in rows}
    except (ValueError, KeyError, TypeError) as error:
        what = "is not a list of links that this command wrote"
        raise ValueError(f"{path}: {what} ({error}). Delete it and run again.") from None


def _finding(row: dict[str, Any]) -> Finding:
    known = {key: value for key, value in row.items() if key in Finding.__dataclass_fields__}
    return Finding(**known | {"state": State(row["state"])})


def save_findings(path: Path, findings: Mapping[str, Finding], now: datetime) -> None:
    """Write what was found; the old file stays whole until the new one is."""
    rows = [asdict(findings[address]) for address in sorted(findings)]
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    kept = {"checked": now.isoformat(timespec="seconds"), "addresses": rows}
    fresh.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(fresh, path)


def dated(
    found: Iterable[Finding], before: Mapping[str, Finding], now: datetime
) -> dict[str, Finding]:
    """Give each finding its day, and the first day in this state."""
    day = f"{now:%Y-%m-%d}"
    result = {}
    for one in found:
        old = before.get(one.address)
        since = old.since if old is not None and old.state is one.state else day
        result[one.address] = replace(one, checked=day, since=since)
    return result


def changed(after: Mapping[str, Finding], before: Mapping[str, Finding]) -> dict[str, Finding]:
    """Keep what is not as it was last time; what is new and good is no news."""
    fresh = {}
    for address, one in after.items():
        old = before.get(address)
        was = (old.state, old.moved_to) if old else (State.GOOD, "")
        if (one.state, one.moved_to) != was:
            fresh[address] = one
    return fresh


def no_network(found: Sequence[Finding]) -> bool:
    """Tell whether not one address could be reached, so that nothing was learnt."""
    return bool(found) and all(one.offline for one in found)


def link_lines(findings: Mapping[str, Finding], links: Sequence[Link]) -> list[str]:
    """The findings that somebody must act on, each with file and line, the worst first."""
    sections = (
        ("BROKEN, and young people can tap it", State.BROKEN, True),
        ("BROKEN, as a source", State.BROKEN, False),
        ("NOT SURE: look by hand", State.UNSURE, None),
        ("MOVED: write the new address", State.MOVED, None),
        ("GOOD again", State.GOOD, None),
    )
    lines: list[str] = []
    for title, state, shown in sections:
        rows = [
            f"  {link}: {_said(findings[link.address])}"
            for link in links
            if link.address in findings
            and findings[link.address].state is state
            and shown in (None, link.shown)
        ]
        lines += ["", title, *rows] if rows else []
    return lines


def _said(one: Finding) -> str:
    if one.state is State.MOVED:
        return f"{one.address} is now {one.moved_to}"
    since = f", since {one.since}" if one.since and one.since != one.checked else ""
    return f"{one.address} ({one.detail}{since})"


def totals(findings: Iterable[Finding]) -> str:
    """Count the addresses by their state, in one sentence."""
    states = [one.state for one in findings]
    parts = [f"{states.count(state)} {name}" for state, name in (
        (State.GOOD, "good"), (State.MOVED, "moved"), (State.UNSURE, "not sure"),
        (State.BROKEN, "broken"),
    )]  # fmt: skip
    return f"{len(states)} addresses: {', '.join(parts)}"
