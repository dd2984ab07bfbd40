"""The desk's benchmark, small: a storm of cases, and a chain across kills and an outage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from benchmarks.desk import LEAD, NEW, ON_CALL, ChainRun, Storm, chain_settings
from benchmarks.desk_watch import Watched, at, most_in_a_window, people
from bot.demo.api import Person
from tests.support.herd import Herd


@pytest.fixture
async def api() -> AsyncIterator[Watched]:
    staff = [Person(ON_CALL, "Olu", "worker"), Person(LEAD, "Lea", "lead")]
    api = Watched([*people(NEW, 40), *staff])
    await api.start()
    yield api
    await api.stop()


def test_the_figures_are_counted_right() -> None:
    assert most_in_a_window([0, 1, 59, 60, 61]) == 3  # from 0, 1 or 59 on
    assert most_in_a_window([]) == 0
    assert at([3.0, 1.0, 2.0], 0.5) == 2.0
    assert at([3.0, 1.0, 2.0], 0.99) == 3.0


@pytest.mark.slow
async def test_a_small_storm_names_everybody_and_keeps_the_limit(
    api: Watched, tmp_path: Path
) -> None:
    herd = Herd(api, tmp_path)
    try:
        await herd.open()
        bot = await herd.start()
        storm = Storm(api, new=25, held=0, asking=0, seconds=2, quiet_s=0, settle_s=0)
        rows = await storm.run()
        await herd.kill(bot)
    finally:
        await herd.close()
    assert [str(row) for row in rows if row.passed is False] == []


@pytest.mark.slow
async def test_a_small_chain_reaches_everybody_across_kills_and_an_outage(
    api: Watched, tmp_path: Path
) -> None:
    herd = Herd(api, tmp_path, **chain_settings(150))
    try:
        await herd.open()
        run = ChainRun(api, herd, cases=20, a_second=10, kills=3, outage_s=2, scale=150)
        rows = await run.run()
    finally:
        await herd.close()
    missed = [row for row in rows if row.what.endswith("missed")]
    assert [row.found for row in missed] == ["0", "0"]
