"""Reading what the running bot has stored, for commands; only who has the key reads anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bot.delivery.ports import Unit
from bot.settings import Settings
from bot.storage.reading import read_only
from bot.storage.seal import Sealer

T = TypeVar("T")


def read_database(settings: Settings, work: Callable[[Unit], T]) -> T:
    """Run `work` on one state of the database, beside a running bot.

    Raises StorageError where the database cannot be read, ValueError for an unfit DATA_KEY.
    """
    key = settings.data_key.get_secret_value() if settings.data_key else ""
    if not key:
        raise ValueError("DATA_KEY is not set. Put it into .env, as for running the bot.")
    old = settings.data_keys_old.get_secret_value().split(",")
    sealer = Sealer([key, *(k.strip() for k in old if k.strip())])

    def opened(unit: Unit) -> T:
        # What is stored can be opened only with the right key; who has none reads no counts.
        if (sealed := unit.get_meta("key_check")) is not None:
            sealer.open(sealed.encode("ascii"))
        return work(unit)

    return read_only(settings.database_path, sealer, opened)
