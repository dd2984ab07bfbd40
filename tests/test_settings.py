"""Settings: every one is explained, every problem is named at once, no secret is repeated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, read_settings, ready_to_run

ROOT = Path(__file__).parents[1]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
SECRET = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOpp"
GOOD = {
    "telegram_bot_token": SECRET, "staff_chat_id": -1001234567890, "operator_name": "A Trust",
    "data_key": "k" * 43 + "=",
}  # fmt: skip


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def in_example() -> dict[str, str]:
    return dict(line.split("=", 1) for line in EXAMPLE if re.match(r"[A-Z_]+=", line))


def test_the_example_has_every_setting_and_nothing_else() -> None:
    assert sorted(in_example()) == sorted(name.upper() for name in Settings.model_fields)


def test_every_setting_of_the_example_is_explained_above_it() -> None:
    for at, line in enumerate(EXAMPLE):
        if not re.match(r"[A-Z_]+=", line):
            continue
        above = next(
            before for before in reversed(EXAMPLE[:at]) if not re.match("[A-Z_]+=", before)
        )
        assert above.startswith("# "), f"{line} has no explanation above it"
        assert len(above) > 20, line


def test_the_example_as_it_stands_is_read_and_says_what_the_defaults_are(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("\n".join(EXAMPLE), encoding="utf-8")
    assert read_settings() == Settings(_env_file=None)


def test_the_example_holds_no_secret() -> None:
    found = in_example()
    for name in ("TELEGRAM_BOT_TOKEN", "DATA_KEY", "DATA_KEYS_OLD", "WEBHOOK_SECRET"):
        assert found[name] == ""


def test_good_settings_are_ready() -> None:
    assert ready_to_run(read_settings(**GOOD), "new-key") == []


def test_everything_that_is_missing_is_named_at_once() -> None:
    problems = "\n".join(ready_to_run(read_settings(), "new-key"))
    for name in ("TELEGRAM_BOT_TOKEN", "STAFF_CHAT_ID", "OPERATOR_NAME", "DATA_KEY"):
        assert name in problems
    assert "python run_bot.py demo" in problems
    assert "DATA_KEY=new-key" in problems


@pytest.mark.parametrize(
    ("changed", "name"),
    [({"telegram_bot_token": "hello"}, "TELEGRAM_BOT_TOKEN"),
     ({"staff_chat_id": 5001}, "STAFF_CHAT_ID"),
     ({"operator_name": "   "}, "OPERATOR_NAME"),
     ({"webhook_url": "https://e.org/hook"}, "WEBHOOK_SECRET"),
     ({"database_url": "postgresql://u:p@h/d"}, "DATABASE_URL")],
)  # fmt: skip
def test_each_unsafe_setting_is_one_sentence_with_its_name(
    changed: dict[str, object], name: str
) -> None:
    (problem,) = ready_to_run(read_settings(**(GOOD | changed)), "new-key")
    assert problem.startswith(name)


BAD = {
    "STAFF_CHAT_ID": "the staff group", "LISTEN_PORT": "99999", "ALERT_AGAIN_MINUTES": "0",
    "RETENTION_DAYS": "soon", "TELEGRAM_API_URL": "https://api.telegram.org",
    "ON_CALL_CHAT_ID": "@sam",
}  # fmt: skip


def test_every_malformed_setting_is_named_at_once_with_what_was_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in BAD.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        read_settings()
    assert len(error.value.problems) == len(BAD)
    for name, value in BAD.items():
        (line,) = [line for line in error.value.problems if line.startswith(f"{name}:")]
        assert value in line
        assert ".env.example" in line


@pytest.mark.parametrize("bad", [["x", "y"], 7, {"a": SECRET}])
def test_a_secret_is_never_repeated(bad: object) -> None:
    given = {"telegram_bot_token": bad, "data_key": bad, "webhook_secret": bad}
    with pytest.raises(SettingsError) as error:
        read_settings(**given)
    shown = str(error.value)
    assert SECRET not in shown
    assert "TELEGRAM_BOT_TOKEN" in shown
    assert "DATA_KEY" in shown


def test_a_token_of_the_wrong_shape_is_not_repeated() -> None:
    (problem,) = ready_to_run(read_settings(**(GOOD | {"telegram_bot_token": "s3cret"})), "k")
    assert "s3cret" not in problem


def test_settings_do_not_show_secrets_when_they_are_printed() -> None:
    shown = repr(read_settings(**GOOD))
    assert SECRET not in shown
    assert GOOD["data_key"] not in shown


def test_empty_lines_in_env_mean_not_set(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("STAFF_CHAT_ID=\nWEBHOOK_URL= \nDATA_KEY=\n", encoding="utf-8")
    settings = read_settings()
    assert (settings.staff_chat_id, settings.webhook_url, settings.data_key) == (None, None, None)


def test_where_the_database_is() -> None:
    assert read_settings(data_dir="here").database_path == Path("here/bot.sqlite3")
    given = read_settings(database_url="sqlite:///there/x.sqlite3")
    assert given.database_path == Path("there/x.sqlite3")
