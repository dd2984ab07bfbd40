"""Which reports and suggestions a maintainer has seen to: small files beside the database.

Not in the database: that has one writer, the running bot. Lost with its folder, the list only
shows again what was done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAME = "wrong-done.json"
SUGGESTIONS = "suggestions-done.json"


def read_done(folder: Path, name: str = NAME) -> dict[str, int]:
    """Read how many reports of which entry were seen to, or which suggestions.

    Raises ValueError where the file is not what `write_done` wrote.
    """
    path = folder / name
    try:
        rows: Any = json.loads(path.read_text(encoding="utf-8"))
        return {str(key): int(number) for key, number in rows.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError, TypeError) as error:
        what = "is not the list of what was done"
        raise ValueError(
            f"{path}: {what} ({error}). Move it away: nothing else is in it."
        ) from None


def write_done(folder: Path, done: Mapping[str, int], name: str = NAME) -> None:
    """Write the list; the old file stays whole until the new one is."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{name}.new"
    fresh.write_text(json.dumps(done, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(fresh, folder / name)
