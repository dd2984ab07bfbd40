"""The whole bot with a desk plan: groups by borough, and the person on call by the plan."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.desk_file import LivePlan
from bot.demo.api import LocalBotApi
from bot.demo.api.cast import Group, default_cast
from tests.support.actors import Actor
from tests.support.running import GROUP, ROOT, RunningBot

SOUTH, AYO, SAM, MAYA, RUTH = -1001000000002, 5001, 9001, 9002, 9003
PLAN = f"""
groups:
  - name: South
    chat: {SOUTH}
    boroughs: Lambeth, Southwark
  - name: Rest
    chat: {GROUP}
people:
  - name: Maya
    id: {MAYA}
    roles: worker, on-call
  - name: Ruth
    id: {RUTH}
    roles: lead
hours:
  - days: monday to sunday
    from: 00:00
    to: 24:00
chain:
  emergency: {{again: 0.02, on-call: 0.04, lead: 0.06}}
"""
WITHIN_S = 30


@pytest.fixture
async def south(tmp_path: Path) -> AsyncIterator[tuple[LocalBotApi, RunningBot]]:
    """A local Telegram with two staff groups, and a bot whose plan names both."""
    cast = default_cast()
    group = Group(SOUTH, "South", (SAM, MAYA, RUTH), owner=RUTH)
    api = LocalBotApi(seed=5, cast=replace(cast, groups=(*cast.groups, group)))
    await api.start()
    file = tmp_path / "desk.yaml"
    file.write_text(PLAN, encoding="utf-8")
    for worker in (MAYA, RUTH):
        Actor(api, worker).start()
    bot = RunningBot(api, tmp_path / "data", desk=LivePlan(file, ROOT), staff_chat_id=None)
    await bot.start()
    yield api, bot
    await bot.stop()
    await api.stop()


async def test_a_case_goes_to_its_group_and_up_the_plans_chain(
    south: tuple[LocalBotApi, RunningBot],
) -> None:
    api, bot = south
    assert bot.app is not None
    assert bot.app.health()["groups"] == {"South": "ok", "Rest": "ok"}
    ayo, group, rest = Actor(api, AYO), Actor(api, SAM, SOUTH), Actor(api, SAM, GROUP)
    maya, ruth = Actor(api, MAYA), Actor(api, RUTH)
    ayo.start("lambeth")
    await ayo.wait_for("999")
    ayo.say("theres a man outside my door with a knife")
    await group.wait_for("EMERGENCY: violence")
    for called in (maya, ruth):
        await called.wait_for("EMERGENCY: violence", timeout_s=WITHIN_S)
    assert "EMERGENCY" not in rest.transcript()
