"""What `check` says about the directory as a whole: doubles, gaps, files that nobody reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.problems import Problem, Severity
from bot.conversation.world import LOCAL_INTENTS, SUPPORT_INTENTS
from directory.model import Confidence, Service
from directory.phones import Phone, read_phone

NO_SERVICES = ("directory/queries.yaml",)  # of bot/upkeep
FOLDERS = ("boroughs", "london", "national", "postcodes")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands, and its lines by key."""

    file: str
    lines: Mapping[str, int]  # "id", "name", "postcode", "phone"

    def __str__(self) -> str:
        return f"{self.file}:{self.lines['id']}"


def check_doubles(
    services: Mapping[str, Service], places: Mapping[str, Place]
) -> Iterator[Problem]:
    """Services that stand twice, and numbers that two organisations share."""
    there: dict[tuple[str, str], Service] = {}
    ringing: dict[str, Service] = {}
    for key, place in places.items():
        one = services[key]
        if one.closed:
            continue
        if one.postcode:
            name = re.sub(r"[^a-z0-9]", "", one.name.lower())
            first = there.setdefault((name, one.postcode), one)
            if first is not one:
                # The same house can be listed in two boroughs by two of their pages.
                twice = first.borough == one.borough
                yield Problem(
                    place.file, place.lines["name"],
                    f"a service of this name and postcode is there already ({places[first.id]})",
                    f"`{one.name}`, {one.postcode}", "make one entry of both",
                    Severity.ERROR if twice else Severity.WARNING,
                )  # fmt: skip
        read = read_phone(one.contact.phone) if one.contact.phone else None
        if isinstance(read, Phone):
            first = ringing.setdefault(read.digits, one)
            if _strangers(first, one):
                yield Problem(
                    place.file, place.lines["phone"],
                    f"{first.organisation} has the same phone number ({places[first.id]})",
                    f"`{one.contact.phone}`", "check which of them it belongs to",
                    Severity.WARNING,
                )  # fmt: skip


def _strangers(one: Service, other: Service) -> bool:
    """Tell whether two services belong to organisations of which neither names the other."""
    names = [service.organisation.lower() for service in (one, other)]
    texts = [
        f"{name} {service.name} {service.address or ''} {service.what}".lower()
        for name, service in zip(names, (one, other), strict=True)
    ]
    return names[0] not in texts[1] and names[1] not in texts[0]


def check_gaps(services: Iterable[Service], files: Mapping[str, str]) -> Iterator[Problem]:
    """Needs for which a borough has nothing that may be shown as sure; `files` by borough.

    Something to do has to be in the borough. For a worry a helpline is an answer, too.
    """
    shown = [
        one for one in services
        if not one.closed and one.assurance.confidence is not Confidence.LOW
    ]  # fmt: skip
    everywhere = {kind for one in shown if one.borough is None for kind in one.kinds}
    for borough, file in sorted(files.items()):
        here = {kind for one in shown if one.borough == borough for kind in one.kinds}
        missing = sorted(LOCAL_INTENTS - here) + sorted(SUPPORT_INTENTS - here - everywhere)
        if missing:
            yield Problem(
                file, 1, f"{borough} has no service of these kinds: {', '.join(missing)}", "",
                "add one, as soon as one is known", Severity.WARNING,
            )  # fmt: skip


def check_strays(root: Path) -> Iterator[Problem]:
    """Files in the folders of the directory that nothing reads."""
    base = root / "directory"
    for path in sorted(base.rglob("*.y*ml")):
        parts = path.relative_to(base).parts
        file = path.relative_to(root).as_posix()
        if file in NO_SERVICES:
            continue
        depth = 3 if parts[0] == "boroughs" else 2
        if parts[0] not in FOLDERS or parts[0] == "postcodes" or len(parts) != depth:
            yield Problem(
                file, 1, "nothing reads this file: it is not in a folder of the directory", "",
                "move it to directory/boroughs/<borough>, directory/london or directory/national",
                Severity.WARNING,
            )  # fmt: skip
        elif path.suffix != ".yaml":
            yield Problem(
                file, 1, "nothing reads this file", f"`{path.suffix}`",
                f"name it {path.stem}.yaml", Severity.WARNING,
            )  # fmt: skip
