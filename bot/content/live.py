"""The content that runs now; an edit takes effect when it is good, and never when it is bad."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from watchfiles import Change, awatch

from bot.content.catalogue import Catalogue, ContentError, Operation, errors_of, load_catalogue
from bot.content.problems import Problem
from bot.content.watching import watched
from bot.conversation.world import World
from directory.units import Units

SETTLE_MS = 400  # an editor writes a file in several steps


class LiveContent:
    """Holds one loaded catalogue and exchanges it whole."""

    def __init__(
        self,
        root: Path,
        operation: Operation,
        cache_dir: Path | None,
        prepare: Callable[[], Awaitable[None]] | None = None,
        units: Callable[[], Units | None] = lambda: None,
    ) -> None:
        """`prepare` runs before a reload, to fit models in another process.

        `units` opens the exact table of postcodes; it is asked at every load.
        """
        self._root = root
        self._operation = operation
        self._cache_dir = cache_dir
        self._prepare = prepare
        self._units = units
        self._current: Catalogue | None = None

    def load(self) -> Catalogue:
        """Load for the first time; raises `ContentError` where a file has an error."""
        catalogue, problems = self._load()
        if errors := errors_of(problems):
            raise ContentError(errors)
        self._current = catalogue
        return catalogue

    def ensure(self) -> None:
        """Load, unless that was done before."""
        if self._current is None:
            self.load()

    @property
    def current(self) -> Catalogue:
        """The catalogue that runs."""
        if self._current is None:
            return self.load()
        return self._current

    def world(self) -> World:
        """What conversations know."""
        return self.current.world

    async def reload(self) -> list[Problem]:
        """Load aside, check, exchange whole; where there is an error the old version goes on."""
        if self._prepare is not None:
            await self._prepare()
        catalogue, problems = await asyncio.to_thread(self._load)
        errors = errors_of(problems)
        if not errors:
            self._current = catalogue
        return errors

    def _load(self) -> tuple[Catalogue, list[Problem]]:
        return load_catalogue(self._root, self._operation, self._cache_dir, units=self._units())

    async def watch(
        self,
        on_good: Callable[[Catalogue], Awaitable[None]],
        on_bad: Callable[[list[Problem]], Awaitable[None]],
    ) -> None:
        """Reload after every edit, until cancelled."""
        await watched(self._edits(), self.reload, lambda: self.current, on_good, on_bad)

    def _edits(self) -> AsyncIterator[set[tuple[Change, str]]]:
        return awatch(
            self._root / "intents",
            self._root / "directory",
            watch_filter=lambda _change, path: path.endswith((".yaml", ".csv")),
            debounce=SETTLE_MS,
        )
