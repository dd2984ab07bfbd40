"""The command that looks whether the web addresses of the directory still work."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.content import ROOT
from bot.upkeep.entries import Link, find_links
from bot.upkeep.fetch import Checker, Manners
from bot.upkeep.links import (
    Finding,
    State,
    changed,
    dated,
    link_lines,
    load_findings,
    no_network,
    save_findings,
    totals,
)

TELL_EVERY = 25


def links(given: argparse.Namespace) -> int:
    """Check every address; 1 where one is broken, 2 where nothing could be reached."""
    return run_links(ROOT, datetime.now(UTC), only_changed=given.only_changed)


def run_links(
    root: Path, now: datetime, *, only_changed: bool, manners: Manners | None = None
) -> int:
    """Check the addresses below a project's folder, keep what was found, and name what is wrong."""
    kept = root / "data" / "links.json"
    try:
        before = load_findings(kept)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    there = find_links(root)
    addresses = list(dict.fromkeys(link.address for link in there))
    found: list[Finding] = []
    try:
        asyncio.run(_check(addresses, found, manners))
    except KeyboardInterrupt:
        print("stopped; what was checked so far is kept", file=sys.stderr)
    if no_network(found):
        print("Not one address could be reached. Is there a network? Nothing was kept.",
              file=sys.stderr)  # fmt: skip
        return 2
    known = {address: before[address] for address in addresses if address in before}
    after = known | dated(found, before, now)
    save_findings(kept, after, now)
    return _tell(after, before, there, only_changed)


def _tell(
    after: Mapping[str, Finding], before: Mapping[str, Finding], there: Sequence[Link],
    only_changed: bool,
) -> int:  # fmt: skip
    fresh = changed(after, before)
    shown = fresh if only_changed else {a: f for a, f in after.items() if f.state is not State.GOOD}
    print(totals(after.values()))
    print("\n".join(link_lines(shown, there)))
    if only_changed and not fresh:
        print("Nothing has changed since the last time.")
    return 1 if any(one.state is State.BROKEN for one in shown.values()) else 0


async def _check(addresses: Sequence[str], found: list[Finding], manners: Manners | None) -> None:
    def on_each(finding: Finding) -> None:
        found.append(finding)
        if len(found) % TELL_EVERY == 0 or len(found) == len(addresses):
            print(f"{len(found)} of {len(addresses)} checked", file=sys.stderr)

    async with Checker(manners) as checker:
        await checker.check_all(addresses, on_each)
