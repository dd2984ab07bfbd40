"""What is derived from the content, kept on disk between starts as plain arrays and JSON.

Never pickled: a file that somebody else wrote there could run code.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

TOLD = "told"  # the array that holds what is said about the others
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


def read_arrays(folder: Path | None, name: str, key: str) -> tuple[Any, Arrays] | None:
    """What `keep_arrays` wrote under this name and key; None where it is not there or damaged."""
    if folder is None:
        return None
    try:
        # A part of a .npz is checked by its CRC as it is read.
        with _path(folder, name, key).open("rb") as opened, np.load(opened) as file:
            arrays = {name: file[name] for name in file.files}
        return json.loads(arrays.pop(TOLD).tobytes()), arrays
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def keep_arrays(
    folder: Path | None, name: str, key: str, told: Any, arrays: Arrays, most: int = MOST
) -> None:
    """Write arrays of numbers, and what is `told` about them in JSON; nobody sees half a file.

    A folder that cannot be written to costs the next start its time, and nothing else.
    """
    if folder is None:
        return
    # In ASCII: one sign beyond it would make the whole text four times as large when it is read.
    said = json.dumps(told, separators=(",", ":")).encode("ascii")
    parts = {TOLD: np.frombuffer(said, dtype=np.uint8), **arrays}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, **parts)  # type: ignore[arg-type]  # takes a name for an option
            os.replace(part, _path(folder, name, key))
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        _forget_old(folder, name, most)
    except OSError:
        return


def _path(folder: Path, name: str, key: str) -> Path:
    return folder / f"{name}-{key[:24]}.npz"


def _forget_old(folder: Path, name: str, most: int) -> None:
    kept = sorted(folder.glob(f"{name}-*"), key=lambda path: path.stat().st_mtime)
    for path in kept[:-most]:
        path.unlink(missing_ok=True)
