"""Encryption of everything stored that people wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.storage.errors import WrongKeyError


class Sealer:
    """Encrypts JSON values with the first key (DATA_KEY) and opens with any (DATA_KEYS_OLD).

    Raises:
        ValueError: no key, or one that is no Fernet key (its value is not shown).
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("DATA_KEY is empty: at least one key is needed")
        self._fernet = MultiFernet([_fernet(key, number) for number, key in enumerate(keys, 1)])
        # Made once: json.dumps would make one for every value.
        self._to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    @staticmethod
    def new_key() -> str:
        """A fresh random key, as DATA_KEY takes it."""
        return Fernet.generate_key().decode()

    def seal(self, value: Any) -> bytes:
        """Encrypt a JSON value."""
        return self._fernet.encrypt(self._to_json(value).encode("utf-8", "surrogatepass"))

    def open(self, sealed: bytes) -> Any:
        """Decrypt what `seal` made; WrongKeyError when no key fits."""
        try:
            text = self._fernet.decrypt(sealed)
        except InvalidToken:
            raise WrongKeyError from None
        return json.loads(text.decode("utf-8", "surrogatepass"))


def _fernet(key: str, number: int) -> Fernet:
    try:
        return Fernet(key.strip())
    except ValueError:
        raise ValueError(
            f"key {number} of DATA_KEY and DATA_KEYS_OLD is not valid: 32 random bytes in URL-safe "
            "base64, 44 characters. Start the bot with DATA_KEY empty: it shows a fresh one."
        ) from None
