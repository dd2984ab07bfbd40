"""Loads the desk's plan: the file against its model, then every name in it against the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import date
from pathlib import Path

from watchfiles import Change, awatch

from bot.cases.chain import Chain, Chains
from bot.cases.plan import (
    Away,
    Clocks,
    DeskPlan,
    DrillPlan,
    Levels,
    Member,
    Opening,
    Quiet,
    Shift,
    StaffGroup,
)
from bot.content.catalogue import ContentError, errors_of
from bot.content.desk_schema import (
    ChainEntry,
    DeskFile,
    DrillEntry,
    LevelsEntry,
    ShiftEntry,
    as_list,
)
from bot.content.located import Key, Located, read_yaml
from bot.content.problems import Problem, Severity
from bot.content.validate import one_of, validate
from bot.content.watching import watched
from bot.content.word_files import load_areas
from intents.model import Kind

SETTLE_MS = 400  # an editor writes a file in several steps


def load_desk(
    path: Path, root: Path, today: date | None = None
) -> tuple[DeskPlan | None, list[Problem]]:
    """The plan in a file, and every problem in it; None where one of them is an error."""
    located, problems = read_yaml(path, root)
    if located is None:
        return None, problems
    content, problems = validate(DeskFile, located)
    problems += _unknown_words(located, [area.name for area in load_areas(root)[0].boroughs])
    if content is not None:
        problems += _Check(content, located, today).problems()
    usable = content is not None and not errors_of(problems)
    return (_plan(content) if content and usable else None), sorted(problems)


def _unknown_words(located: Located, boroughs: list[str]) -> list[Problem]:
    """Boroughs, kinds and people that nothing else knows; also in a file that has other faults."""
    data = located.data if isinstance(located.data, dict) else {}
    entries = {
        part: [(n, one) for n, one in enumerate(rows) if isinstance(one, dict)]
        for part, rows in data.items()
        if isinstance(rows, list)
    }
    people = [str(one["name"]) for _, one in entries.get("people", []) if one.get("name")]
    known: dict[str, tuple[str, list[str]]] = {
        "boroughs": ("a borough of London", boroughs),
        "kinds": ("a kind of danger", list(Kind)),
        "who": ("one of `people`", people),
    }
    return [
        Problem(located.file, located.line(part, number, key), f"`{key}` names what is not {what}",
                f"`{word}`", one_of(word, words))
        for part, rows in entries.items()
        for number, one in rows
        for key, (what, words) in known.items()
        if one.get(key) and not isinstance(one[key], dict)
        for word in as_list(one[key])
        if word not in words
    ]  # fmt: skip


class _Check:
    """What no single line can see."""

    def __init__(self, content: DeskFile, located: Located, today: date | None) -> None:
        self._content, self._located, self._today = content, located, today
        self._people = [person.name for person in content.people]

    def problems(self) -> Iterable[Problem]:
        """All of them, in no order."""
        yield from self._twice()
        yield from self._reached()
        yield from self._never_chosen()
        for number, shift in enumerate(self._content.rota):
            yield from self._shift(shift, ("rota", number))
        for level in ("emergency", "urgent", "concern"):
            yield from self._order(getattr(self._content.chain, level), ("chain", level))
        if self._content.drill is not None:
            yield from self._drill_hours(self._content.drill)

    def _problem(self, at: Key, what: str, found: str = "", instead: str = "",
                 severity: Severity = Severity.ERROR) -> Problem:  # fmt: skip
        return Problem(self._located.file, self._located.line(*at), what, found, instead, severity)

    def _twice(self) -> Iterable[Problem]:
        for part, key, entries in (
            ("groups", "name", [one.name for one in self._content.groups]),
            ("groups", "chat", [one.chat for one in self._content.groups]),
            ("people", "name", self._people),
            ("people", "id", [one.id for one in self._content.people]),
        ):
            seen: dict[object, int] = {}
            for number, value in enumerate(entries):
                if value in seen:
                    first = self._located.line(part, seen[value], key)
                    what = f"`{key}` stands twice in `{part}` (the first is in line {first})"
                    yield self._problem((part, number, key), what, f"`{value}`", "change one")
                seen.setdefault(value, number)

    def _reached(self) -> Iterable[Problem]:
        if not any({"on-call", "lead"} & set(one.roles) for one in self._content.people):
            what = "nobody could be called when the group does not answer"
            instead = "give somebody the role `lead` or `on-call`"
            yield self._problem(("people",), what, "", instead)

    def _never_chosen(self) -> Iterable[Problem]:
        """A group that takes everything leaves nothing to those after it."""
        for number, group in enumerate(self._content.groups[:-1]):
            if not group.boroughs and not group.kinds:
                what = f"`{group.name}` takes every case, so the groups after it get none"
                instead = "give it boroughs or kinds, or put it last"
                yield self._problem(("groups", number), what, "", instead)

    def _shift(self, shift: ShiftEntry, at: Key) -> Iterable[Problem]:
        if (shift.days is None) == (shift.dates is None):
            found = "neither" if shift.days is None else "both"
            yield self._problem(at, "a shift has either `days` or `dates`", found)
        if shift.dates and self._today and max(shift.dates) < self._today:
            what = "a shift that is over"
            yield self._problem(at, what, f"`{max(shift.dates)}`", "take it out", Severity.WARNING)
        roles = {one.name: one.roles for one in self._content.people}
        for name in shift.who:
            if name in roles and shift.role not in roles[name]:
                what = f"`{name}` has not the role of this shift"
                instead = f"add `{shift.role}` to the `roles` of `{name}`"
                yield self._problem((*at, "role"), what, f"`{shift.role}`", instead)

    def _order(self, chain: ChainEntry, at: Key) -> Iterable[Problem]:
        if not chain.again <= chain.on_call <= chain.lead:
            what = "the steps of a chain come one after the other"
            found = f"again {chain.again:g}, on-call {chain.on_call:g}, lead {chain.lead:g}"
            yield self._problem(at, what, found, "write minutes that grow")

    def _drill_hours(self, drill: DrillEntry) -> Iterable[Problem]:
        """A drill begins on one day, so hours past midnight leave no moment for it."""
        if drill.start >= drill.end:
            what = "a drill has no hours in which it could begin"
            found = f"from {drill.start:%H:%M} to {drill.end:%H:%M}"
            instead = "write a `to` that is later on the same day, 23:59 at the latest"
            yield self._problem(("drill", "to"), what, found, instead)


def _plan(content: DeskFile) -> DeskPlan:
    ids = {person.name: person.id for person in content.people}
    chains = content.chain
    return DeskPlan(
        groups=tuple(
            StaffGroup(one.name, one.chat, frozenset(one.boroughs), frozenset(one.kinds))
            for one in content.groups
        ),
        members=tuple(
            Member(one.id, one.name, "lead" in one.roles, frozenset(one.boroughs),
                   "on-call" in one.roles)
            for one in content.people
        ),
        shifts=tuple(
            Shift(tuple(ids[name] for name in one.who), one.start, one.end,
                  one.days or frozenset(), frozenset(one.dates or ()), one.role,
                  frozenset(one.boroughs))
            for one in content.rota
        ),
        away=tuple(
            Away(ids[name], day, day) for one in content.away for name in one.who
            for day in one.dates
        ),
        hours=tuple(
            Opening(one.days, one.start, one.end, frozenset(one.boroughs), one.bank_holidays)
            for one in content.hours
        ),
        closed=frozenset(content.closed),
        quiet=Quiet(content.quiet.start, content.quiet.end) if content.quiet else None,
        calm_waits=content.calm == "waits",
        chains=Chains(_chain(chains.emergency), _chain(chains.urgent), _chain(chains.concern)),
        clocks=Clocks(
            _levels(content.clocks.first_answer), _levels(content.clocks.next_answer),
            content.clocks.closing_hours,
        ),
        duty_hours=content.duty_hours,
        drill=_drill(content.drill) if content.drill else None,
    )  # fmt: skip


def _drill(entry: DrillEntry) -> DrillPlan:
    return DrillPlan(entry.every_weeks, entry.days, entry.start, entry.end, entry.ends_after)


def _chain(entry: ChainEntry) -> Chain:
    return Chain(entry.again, entry.on_call, entry.lead, entry.repeat)


def _levels(entry: LevelsEntry) -> Levels:
    return Levels(entry.emergency, entry.urgent, entry.concern)


class LivePlan:
    """Holds the plan that runs; a good edit takes effect, a bad one never does."""

    def __init__(self, path: Path, root: Path) -> None:
        self._path = path
        self._root = root
        self._current: DeskPlan | None = None

    def load(self) -> DeskPlan:
        """Load for the first time; raises `ContentError` where the file has an error."""
        plan, problems = load_desk(self._path, self._root)
        if plan is None:
            raise ContentError(errors_of(problems))
        self._current = plan
        return plan

    def plan(self) -> DeskPlan:
        """The plan that runs."""
        return self._current if self._current is not None else self.load()

    async def reload(self) -> list[Problem]:
        """Load aside and exchange whole; where there is an error the old plan goes on."""
        plan, problems = await asyncio.to_thread(load_desk, self._path, self._root)
        if plan is not None:
            self._current = plan
        return errors_of(problems)

    async def watch(
        self,
        on_good: Callable[[DeskPlan], Awaitable[None]],
        on_bad: Callable[[list[Problem]], Awaitable[None]],
    ) -> None:
        """Reload after every edit, until cancelled."""
        await watched(self._edits(), self.reload, self.plan, on_good, on_bad)

    def _edits(self) -> AsyncIterator[set[tuple[Change, str]]]:
        name = self._path.name
        return awatch(
            self._path.parent,
            watch_filter=lambda _change, path: Path(path).name == name,
            debounce=SETTLE_MS,
            recursive=False,
        )
