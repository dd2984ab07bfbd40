"""Identifiers of a feed: always the same for the same thing, so that two exports compare equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from uuid import UUID, uuid5

# Never change it: every identifier that others have kept hangs on it.
SPACE = UUID("e2c15f33-ccc5-52ab-8a00-1b3c415a7f5d")

_LONGEST_ID = 80  # as directory/schema.py has it


def stable_id(kind: str, *parts: str) -> str:
    """Return the UUID of a thing: of a service by its id, of an organisation by its name."""
    return str(uuid5(SPACE, "\x1f".join((kind, *parts))))


def slug(text: str) -> str:
    """Return a text as an id or a file name: small letters, digits and hyphens."""
    text = text.lower().replace("’", "").replace("'", "").replace("&", " and ")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def new_id(where: str, name: str) -> str:
    """Return an id for a service that a person has added: place and name."""
    return "-".join(part for part in (slug(where), slug(name)) if part)[:_LONGEST_ID].strip("-")


class KnownIds:
    """The ids that there are, to find a feed's service again at each import.

    Ours are recognised by their UUID; those that came with an earlier import of somebody
    else's feed end in the beginning of theirs.
    """

    def __init__(self, ids: Iterable[str]) -> None:
        known = sorted(ids)
        self._ours = {stable_id("service", one): one for one in known}
        self._by_end = {one.rpartition("-")[2]: one for one in known}

    def find(self, uuid: UUID, name: str) -> str:
        """Return the id of a feed's service; a new one where it was never seen."""
        end = uuid.hex[:8]
        found = self._ours.get(str(uuid)) or self._by_end.get(end)
        return found or "-".join(part for part in (slug(name), end) if part)
