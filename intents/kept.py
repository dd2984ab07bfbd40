"""What is derived from the content, kept on disk as JSON between starts; never pickled."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

MOST = 4  # files of one name that are kept: a few versions of the content


def code_version(*modules: ModuleType) -> str:
    """A SHA-256 over the source of the modules: what they derive is made anew when they change."""
    digest = hashlib.sha256()
    for module in modules:
        digest.update(Path(str(module.__file__)).read_bytes() + b"\0")
    return digest.hexdigest()


def digest_of(pieces: Iterable[str | bytes]) -> str:
    """A SHA-256 over pieces of text, which one cannot confuse by cutting them elsewhere."""
    digest = hashlib.sha256()
    for piece in pieces:
        raw = piece.encode("utf-8", "surrogatepass") if isinstance(piece, str) else piece
        digest.update(b"%d:" % len(raw))
        digest.update(raw)
    return digest.hexdigest()


def read_kept(folder: Path | None, name: str, key: str) -> Any | None:
    """What `keep` wrote under this name and key; None where there is nothing or it is damaged."""
    if folder is None:
        return None
    try:
        raw = _path(folder, name, key).read_bytes()
        checked, _, text = raw.partition(b"\n")
        if checked.decode("ascii", "replace") != hashlib.sha256(text).hexdigest():
            return None
        return json.loads(text)
    except (OSError, ValueError):
        return None


def keep(folder: Path | None, name: str, key: str, value: Any) -> None:
    """Write a value that JSON can hold; a reader never sees half a file.

    A folder that cannot be written to costs the next start its time, and nothing else.
    """
    if folder is None:
        return
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    path = _path(folder, name, key)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
            os.replace(part, path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        _forget_old(folder, name)
    except OSError:
        return


def _path(folder: Path, name: str, key: str) -> Path:
    return folder / f"{name}-{key[:24]}.json"


def _forget_old(folder: Path, name: str) -> None:
    kept = sorted(folder.glob(f"{name}-*.json"), key=lambda path: path.stat().st_mtime)
    for path in kept[:-MOST]:
        path.unlink(missing_ok=True)
