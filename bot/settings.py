"""The environment, read once: frozen settings, or every problem at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.cases.chain import Chain

TOKEN = r"^\d{5,}:[A-Za-z0-9_-]{20,}$"  # noqa: S105 - the shape of a token, not one
KEY = r"[A-Za-z0-9_-]{43}="  # 32 bytes in URL-safe base64


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Optional = BeforeValidator(_blank_is_none)


class Settings(BaseSettings):
    """Every setting; `.env.example` explains each, and a test holds the two together."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    telegram_bot_token: Annotated[SecretStr | None, Optional] = None
    telegram_api_url: str = Field("https://api.telegram.org/bot", pattern=r"^https?://.+/bot$")
    staff_chat_id: Annotated[int | None, Optional] = None
    on_call_chat_id: Annotated[int | None, Optional] = None
    safeguarding_lead_chat_id: Annotated[int | None, Optional] = None
    desk_file: Annotated[Path | None, Optional] = None
    operator_name: str = ""
    staff_hours: str = ""
    database_url: str = ""
    data_dir: Path = Path("data")
    data_key: Annotated[SecretStr | None, Optional] = None
    data_keys_old: SecretStr = SecretStr("")
    webhook_url: Annotated[str | None, Optional] = None
    webhook_secret: Annotated[SecretStr | None, Optional] = None
    listen_host: str = "127.0.0.1"
    listen_port: int = Field(8080, ge=0, le=65535)
    alert_again_minutes: float = Field(2, gt=0)
    alert_on_call_minutes: float = Field(5, gt=0)
    alert_lead_minutes: float = Field(10, gt=0)
    case_reopens_days: int = Field(7, ge=0, le=365)
    retention_days: int = Field(90, ge=1, le=3650)
    weekly_digest: bool = True
    weekly_report: bool = True

    @property
    def chain(self) -> Chain:
        """Who is alerted when."""
        return Chain(self.alert_again_minutes, self.alert_on_call_minutes, self.alert_lead_minutes)

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        if self.database_url.startswith("sqlite:///"):
            return Path(self.database_url.removeprefix("sqlite:///"))
        return self.data_dir / "bot.sqlite3"

    @property
    def postcodes_path(self) -> Path:
        """The table of unit postcodes that `import-postcodes` writes."""
        return self.data_dir / "postcodes.sqlite3"


@dataclass
class SettingsError(Exception):
    """The settings are not fit to run with; `problems` are sentences, one a setting."""

    problems: list[str]

    def __str__(self) -> str:
        return "\n".join(self.problems)


def read_settings(**given: Any) -> Settings:
    """The settings out of the environment and `.env`, or `SettingsError` with every problem."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError([_sentence(problem) for problem in error.errors()]) from None


def _sentence(problem: Any) -> str:
    """What is wrong with one setting; a secret's value is never repeated."""
    name = str(problem["loc"][0]).upper() if problem["loc"] else "settings"
    secret = any(part in name for part in ("TOKEN", "KEY", "SECRET"))
    found = "" if secret else f", found {problem['input']!r}"
    return f"{name}: {problem['msg'].lower()}{found}. See .env.example for what to write."


def _key_problems(settings: Settings) -> list[str]:
    """Keys that are no keys; their values are never repeated."""
    key = settings.data_key.get_secret_value() if settings.data_key else ""
    old = settings.data_keys_old.get_secret_value().split(",")
    named = [("DATA_KEY", key), *(("DATA_KEYS_OLD", value.strip()) for value in old)]
    return [
        f"{name} is not a valid key (44 letters and digits that end with =). "
        "python run_bot.py new-key prints a fresh one."
        for name, value in named
        if value and not re.fullmatch(KEY, value.strip())
    ]


def _desk_problems(settings: Settings) -> list[str]:
    """What stands in the desk's plan stands nowhere else."""
    if settings.desk_file is None:
        return []
    if not settings.desk_file.is_file():
        return [
            f"DESK_FILE is {settings.desk_file}, and there is no such file. "
            "Copy desk.example.yaml there and change it."
        ]
    given = {
        "ON_CALL_CHAT_ID": settings.on_call_chat_id,
        "SAFEGUARDING_LEAD_CHAT_ID": settings.safeguarding_lead_chat_id,
        "STAFF_HOURS": settings.staff_hours.strip(),
    }
    return [
        f"{name} is set, and DESK_FILE too. Who is called and when somebody is there stands in one "
        f"place only: take {name} out of .env."
        for name, value in given.items()
        if value
    ]


def ready_to_run(settings: Settings, new_key: str) -> list[str]:
    """What is missing for running against Telegram, as sentences that say what to do."""
    problems = []
    token = settings.telegram_bot_token
    if token is None:
        problems.append(
            "TELEGRAM_BOT_TOKEN is not set. Get a token from @BotFather and put it into .env, "
            "or try the bot without one: python run_bot.py demo"
        )
    elif not re.match(TOKEN, token.get_secret_value()):
        problems.append(
            "TELEGRAM_BOT_TOKEN does not look like a token (123456789:ABC...). "
            "Copy it whole from @BotFather."
        )
    problems += _desk_problems(settings)
    if settings.staff_chat_id is None and settings.desk_file is None:
        problems.append(
            "STAFF_CHAT_ID is not set: nobody would see an urgent message. Add the bot to the "
            "staff group, run: python run_bot.py group-id, and put the number it prints into .env."
        )
    elif settings.staff_chat_id is not None and settings.staff_chat_id >= 0:
        problems.append(
            f"STAFF_CHAT_ID is {settings.staff_chat_id}, which is a person. A group's number "
            "begins with a minus: python run_bot.py group-id prints it."
        )
    if not settings.operator_name.strip():
        problems.append("OPERATOR_NAME is not set. Write who runs this bot: people are told so.")
    if settings.data_key is None:
        problems.append(
            "DATA_KEY is not set, so what people write could not be encrypted. "
            f"Put this line into .env and keep a copy in a safe place:\n  DATA_KEY={new_key}"
        )
    problems += _key_problems(settings)
    if settings.webhook_url and settings.webhook_secret is None:
        problems.append(
            "WEBHOOK_SECRET is not set: with WEBHOOK_URL anybody could pretend to be Telegram. "
            "Write a long random word (letters, digits, _ and -)."
        )
    if settings.database_url.startswith("postgresql"):
        problems.append(
            "DATABASE_URL names PostgreSQL, which this version does not have yet. "
            "Leave it empty to use a SQLite file under DATA_DIR."
        )
    return problems
