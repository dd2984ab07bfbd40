"""The weekly digest through the whole bot: one that is overdue comes at the start, quietly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.demo.api import LocalBotApi
from bot.telegram.digest import NEXT
from bot.upkeep.done import NAME
from tests.support.actors import worker
from tests.support.running import GROUP, RunningBot


def sent(api: LocalBotApi) -> list[dict[str, object]]:
    calls = [call.params for call in api.calls if call.ok and call.method == "sendMessage"]
    return [one for one in calls if "The directory this week" in str(one["text"])]


async def test_an_overdue_digest_comes_at_the_start_and_leaves_out_what_was_done(
    api: LocalBotApi, tmp_path: Path
) -> None:
    bot = RunningBot(api, tmp_path)
    await bot.start()
    late = datetime.now(UTC) - timedelta(days=3)
    await bot.stored(lambda unit: unit.set_meta(NEXT, late.isoformat()))
    for name in ("childline", "samaritans"):
        await bot.stored(lambda unit, name=name: unit.count("wrong-entry", name, "2026-11-20"))
    await bot.stop()
    assert sent(api) == []

    (tmp_path / NAME).write_text('{"samaritans": 1}', encoding="utf-8")
    await bot.start()
    await worker(api).wait_for("The directory this week", timeout_s=30)
    await bot.stop()
    (digest,) = sent(api)
    assert int(str(digest["chat_id"])) == GROUP
    assert digest["disable_notification"] in (True, "true")
    text = str(digest["text"])
    assert "Childline: 1" in text
    assert "Samaritans: 1" not in text


async def test_switched_off_nothing_comes(api: LocalBotApi, tmp_path: Path) -> None:
    bot = RunningBot(api, tmp_path, weekly_digest=False)
    await bot.start()
    assert await bot.stored(lambda unit: unit.get_meta(NEXT)) == ""
    await bot.stop()
    assert sent(api) == []
