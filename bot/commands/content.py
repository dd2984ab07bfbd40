"""Commands for those who edit YAML: check, ask, find, area, classify."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.content.catalogue import Catalogue, Operation, errors_of, load_catalogue
from bot.content.desk_file import load_desk
from bot.content.problems import Problem
from bot.content.schema_files import check_schemas
from bot.conversation.events import Said
from bot.conversation.finding import SEARCHED, topic_of, with_details
from bot.conversation.state import ChatState, Raise, Search
from bot.conversation.turn import take_turn
from bot.conversation.world import World
from bot.settings import SettingsError, read_settings
from bot.storage.units import UnitTable
from bot.upkeep.queries import load_queries
from directory.hours import LONDON
from directory.model import Area, Match, Results
from intents.classify import prediction
from intents.explain import explain

COARSE = "cells, from Code-Point Open 2025.4.0; import-postcodes builds the exact one"
NOTES = {
    "approximate": "this postcode is in no table: told by what is around it",
    "boxes": "a postcode of post office boxes",
    "no-such-postcode": "it looks like a postcode, but there is none like it",
}
ROOT = Path(__file__).resolve().parents[2]


def cache_folder() -> Path:
    """Where fitted models are kept, keyed by the content that they were fitted on."""
    return ROOT / "data" / "cache"


def exact_postcodes() -> UnitTable | None:
    """The table that `import-postcodes` wrote; None where there is none that can be used."""
    try:
        return UnitTable.open_usable(read_settings().postcodes_path)
    except SettingsError:  # these commands work without any setting
        return None


def catalogue(today: datetime | None = None) -> tuple[Catalogue, list[Problem]]:
    """The content of this folder, as somebody trying it out sees it."""
    day = today.date() if today else None
    operation = Operation("the team that runs this bot")
    return load_catalogue(ROOT, operation, cache_folder(), day, exact_postcodes())


def usable() -> Catalogue:
    """The content, or an end with every error named."""
    loaded, problems = catalogue()
    errors = errors_of(problems)
    if errors:
        print("\n".join(str(problem) for problem in errors), file=sys.stderr)
        sys.exit(1)
    return loaded


def check(given: argparse.Namespace) -> int:
    """Name every mistake in the YAML; 1 where there is an error."""
    loaded, problems = catalogue(datetime.now(UTC))
    problems += load_queries(ROOT, loaded.places.locate)[1]
    problems = sorted([*problems, *check_schemas(ROOT), *_desk_problems()])
    wanted = [Path(path).resolve() for path in given.paths]
    for path in wanted:
        if not path.exists():
            print(f"{path}: there is no such file or folder", file=sys.stderr)
            return 2
    shown = [problem for problem in problems if _below(problem, wanted)]
    errors = errors_of(shown)
    for problem in shown:
        if given.warnings or problem in errors:
            print(problem)
    warnings = len(shown) - len(errors)
    if errors:
        print(f"{len(errors)} to put right, {warnings} to look at")
        return 1
    if warnings and not given.warnings:
        print(f"{warnings} to look at: check --warnings shows them")
    print("All good")
    return 0


def _desk_problems() -> list[Problem]:
    """What is wrong in the desk's plan, where the settings name one."""
    try:
        path = read_settings().desk_file
    except SettingsError:  # `check` works without any setting
        return []
    return load_desk(path.resolve(), ROOT, datetime.now(UTC).date())[1] if path else []


def _below(problem: Problem, wanted: list[Path]) -> bool:
    file = (ROOT / problem.file).resolve()
    return not wanted or any(file == path or path in file.parents for path in wanted)


def ask(given: argparse.Namespace) -> int:
    """What the bot would do with a message, and why."""
    loaded = usable()
    world = loaded.world
    now = datetime.now(UTC)
    state = ChatState(started=True)
    if given.area:
        state = state.with_area(world.locate(given.area))
    understood = loaded.understander.explain(given.text) if given.text.strip() else None
    event = Said(chat_id=1, message_id=1, text=given.text, at=now)
    turn = take_turn(event, state, None, understood, world, now)
    replies = [reply.text for reply in turn.replies]
    buttons = [[b.label for row in reply.buttons for b in row] for reply in turn.replies]
    alerts = [f"{a.urgency} {a.kind or ''}: {a.reason}" for a in turn.acts if isinstance(a, Raise)]
    if given.json:
        verdict = prediction(understood) if understood else {}
        lines = explain(understood) if understood else []
        shown = {"verdict": verdict, "why": lines, "replies": replies, "alerts": alerts}
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return 0
    print("\n".join(explain(understood)) if understood else "nothing to read in it")
    for alert in alerts:
        print(f"\nSTAFF ARE ALERTED: {alert}")
    for reply, labels in zip(replies, buttons, strict=True):
        print(f"\n--- the bot says ---\n{reply}")
        if labels:
            print("[" + "] [".join(labels) + "]")
    return 0


def find(given: argparse.Namespace) -> int:
    """Search the directory."""
    world = usable().world
    now = _moment(given.at)
    area = world.locate(given.area) if given.area else None
    if area is not None and area.outcome == "not-a-place":
        print(f"--area {given.area!r} is not a place that I know. Try SW9 or Brixton.",
              file=sys.stderr)  # fmt: skip
        return 2
    results = search_for(world, given.text, area, now, given.age, given.limit)
    if given.json:
        for match in results.matches:
            print(json.dumps(_row(match), ensure_ascii=False))
        return 0
    if results.widened:
        print(f"(widened: {', '.join(results.widened)})")
    for number, match in enumerate(results.matches, 1):
        print(f"{number}. {match.service.name} [{match.service.id}]: {', '.join(match.why)}")
    if not results.matches:
        print("nothing found")
    return 0


def search_for(
    world: World, text: str, area: Area | None, now: datetime, age: int | None = None,
    limit: int = 3,
) -> Results:  # fmt: skip
    """Search the directory for what a message asks, as `find` does."""
    understood = world.understand(text)
    topic = topic_of(understood)
    search = with_details(Search(kinds=(topic,)), understood.details)
    query = search.query(ChatState(age=age))
    query = replace(query, area=area, limit=limit, text=understood.normal, typed=text)
    if understood.intent not in SEARCHED and not query.activities:
        found = world.search(replace(query, kinds=()), now)  # a name, or words that nobody taught
        if found.matches:
            return found
    return world.search(query, now)


def _moment(given: str | None) -> datetime:
    if not given:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        sys.exit(f"--at {given!r} is not a time. Write it like 2026-11-22T18:00")
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def _row(match: Match) -> dict[str, Any]:
    service = match.service
    upcoming = match.next_session.isoformat() if match.next_session else None
    return {
        "id": service.id,
        "name": service.name,
        "distance_m": match.distance_m,
        "borough": service.borough,
        "kind": service.kinds[0] if service.kinds else None,
        "next_session": upcoming,
        "why": list(match.why),
    }


def area(given: argparse.Namespace) -> int:
    """What a typed place means, and which table says so."""
    loaded = usable()
    found = loaded.world.locate(given.text)
    units = loaded.places.lookup.units
    if given.json:
        row = asdict(found)
        point = row.pop("point") or {"lat": None, "lon": None}
        table = units.edition.name if units else COARSE
        print(json.dumps(row | point | {"table": table}, ensure_ascii=False))
        return 0
    note = f" ({NOTES[found.note]})" if found.note else ""
    if found.outcome == "not-a-place":
        print(f"not a place that I know{note}")
        return 1
    sure = "" if found.certain else f" (not certain: {', '.join(found.choices)})"
    print(f"{found.label}: {found.outcome}, borough {found.borough}, sector {found.sector}"
          f"{sure}{note}")  # fmt: skip
    print(f"Table: {units.edition.name if units else COARSE}. {loaded.world.attribution}")
    return 0


def classify(given: argparse.Namespace) -> int:
    """One prediction a line for a file of labelled messages."""
    path = Path(given.file)
    if not path.is_file():
        print(f"{path}: there is no such file", file=sys.stderr)
        return 2
    understand = usable().world.understand
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            text = json.loads(line)["text"]
        except (ValueError, KeyError, TypeError):
            print(f'{path}:{number}: expected {{"text": "..."}}, found {line[:60]!r}',
                  file=sys.stderr)  # fmt: skip
            return 2
        print(json.dumps(prediction(understand(text)), ensure_ascii=False))
    return 0
