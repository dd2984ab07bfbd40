"""What happens at the start: what is verified, what is refused, and in which words."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands.run import LISTEN_S
from bot.demo.api import LocalBotApi
from bot.storage.errors import WrongKeyError
from bot.telegram.listen import hear_group
from bot.telegram.startup import StartError
from tests.support.running import GROUP, ROOT, RunningBot

CANNOT_START = 78


def run_bot(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python run_bot.py` as somebody types it, with nothing else in the environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, str(ROOT / "run_bot.py")],
        cwd=folder, env=kept | environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_without_settings_every_one_that_is_missing_is_named(tmp_path: Path) -> None:
    ended = run_bot(tmp_path)
    assert ended.returncode == CANNOT_START
    for name in ("TELEGRAM_BOT_TOKEN", "STAFF_CHAT_ID", "OPERATOR_NAME", "DATA_KEY"):
        assert name in ended.stderr
    assert "run_bot.py demo" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_wrong_values_are_named_and_secrets_are_not_repeated(tmp_path: Path) -> None:
    ended = run_bot(
        tmp_path, TELEGRAM_BOT_TOKEN="hunter2-secret", STAFF_CHAT_ID="12", OPERATOR_NAME="x",
        DATA_KEY="too-short-secret",
    )  # fmt: skip
    assert ended.returncode == CANNOT_START
    assert "STAFF_CHAT_ID is 12" in ended.stderr
    assert "does not look like a token" in ended.stderr
    assert "DATA_KEY is not a valid key" in ended.stderr
    assert "secret" not in ended.stderr.replace("WEBHOOK_SECRET", "")
    assert "Traceback" not in ended.stderr


async def test_a_refused_token_is_one_clear_sentence(api: LocalBotApi, tmp_path: Path) -> None:
    bot = RunningBot(api, tmp_path, telegram_bot_token="700000001:" + "x" * 30)
    with pytest.raises(StartError, match="does not accept TELEGRAM_BOT_TOKEN"):
        await bot.start()


async def test_a_staff_group_without_the_bot_is_refused(api: LocalBotApi, tmp_path: Path) -> None:
    api.act(9003, "remove_bot", chat_id=GROUP)
    with pytest.raises(StartError, match="not in the staff group"):
        await RunningBot(api, tmp_path).start()
    with pytest.raises(StartError, match="not in the staff group"):
        await RunningBot(api, tmp_path / "b", staff_chat_id=-100999).start()


async def test_another_key_does_not_open_the_store(api: LocalBotApi, tmp_path: Path) -> None:
    bot = RunningBot(api, tmp_path)
    await bot.start()
    await bot.stop()
    with pytest.raises(WrongKeyError, match="DATA_KEYS_OLD"):
        await RunningBot(api, tmp_path).start()


async def test_telegram_being_away_at_the_start_is_waited_for(
    api: LocalBotApi, tmp_path: Path
) -> None:
    api.faults.add(method="getMe", do="drop_before", times=1)
    api.faults.add(method="deleteWebhook", do="error", code=502, description="Bad Gateway")
    bot = RunningBot(api, tmp_path)
    await bot.start()
    assert bot.app is not None
    assert bot.app.health()["topics"] is True
    assert bot.app.health()["groups"] == {"staff": "ok"}
    await bot.stop()


async def test_commands_and_descriptions_are_set_for_each_kind_of_chat(
    api: LocalBotApi, bot: RunningBot
) -> None:
    scopes = [call.params["scope"] for call in api.calls if call.method == "setMyCommands"]
    assert [("all_private_chats" in str(s), str(GROUP) in str(s)) for s in scopes] == [
        (True, False),
        (False, True),
    ]
    assert {"setMyDescription", "setMyShortDescription"} <= {call.method for call in api.calls}


async def test_group_id_shows_the_group_and_loses_nothing(api: LocalBotApi) -> None:
    api.act(9001, "send_text", chat_id=GROUP, text="/help")
    shown: list[tuple[int, str, str]] = []
    url = f"{api.base_url}{api.token}/getUpdates"
    assert await hear_group(url, LISTEN_S, lambda *chat: shown.append(chat))
    assert shown == [(GROUP, "supergroup", "MyEnds staff")]
    assert len(api.backend.updates.pending) == 1
    with pytest.raises(StartError):
        await hear_group(url.replace("DEMO", "NONE"), LISTEN_S, lambda *_: None)
