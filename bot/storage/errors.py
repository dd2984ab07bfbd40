"""What can go wrong with storage.

bot.delivery.errors.StorageError   try again later
├── InUseError                     another process has the database
├── WrongKeyError                  DATA_KEY does not open what is stored
├── NewerDatabaseError             the database was written by a newer version of the bot
└── DamagedError                   the file is no database, or a damaged one
bot.delivery.errors.RejectedError  the database refuses a value
"""

from __future__ import annotations

from pathlib import Path

from bot.delivery.errors import RejectedError, StorageError

__all__ = [
    "DamagedError",
    "InUseError",
    "NewerDatabaseError",
    "RejectedError",
    "StorageError",
    "WrongKeyError",
]


class InUseError(StorageError):
    """Another process has the database."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path}: another bot process already uses this database. "
            "Stop that process first, or give this one a DATA_DIR of its own."
        )
        self.path = path


class WrongKeyError(StorageError):
    """The key does not open what is stored."""

    def __init__(self) -> None:
        super().__init__(
            "DATA_KEY does not open what is stored. Put back the key that it was stored with; "
            "to change keys, set DATA_KEY to the new one and add the old one to DATA_KEYS_OLD."
        )


class NewerDatabaseError(StorageError):
    """The database was written by a newer version."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"{path}: the database has schema version {found}, this version of the bot knows "
            f"{known}. Start the newer version of the bot, or restore a backup from before."
        )
        self.found = found
        self.known = known


class DamagedError(StorageError):
    """The file is no database, or a damaged one."""

    def __init__(self, path: Path, finding: str) -> None:
        super().__init__(
            f"{path}: the database is damaged ({finding}). "
            "Keep the file, restore the last backup and start again."
        )
        self.path = path
