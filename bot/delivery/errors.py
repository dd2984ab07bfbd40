"""What can go wrong in the durable core, beside the handlers' own errors.

StorageError            the place where everything lives does not work now; try again later
└── (bot.storage adds its own: wrong key, newer database, second process)
RejectedError           the database refuses a value; trying again does not help
"""

from __future__ import annotations


class StorageError(Exception):
    """What is stored cannot be read or written now."""


class RejectedError(Exception):
    """The database refuses a value that the code gave it."""
