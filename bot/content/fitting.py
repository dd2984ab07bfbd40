"""Fits the models in a process of its own: python -m bot.content.fitting ROOT CACHE."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.content.catalogue import Operation, load_catalogue

PROJECT = Path(__file__).resolve().parents[2]


async def fit_aside(root: Path, cache_dir: Path) -> None:
    """Load the content elsewhere, so that what takes long is in the cache and the bot answers.

    Both paths must be absolute.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.content.fitting", str(root), str(cache_dir),
        cwd=PROJECT, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    await process.wait()


if __name__ == "__main__":
    load_catalogue(Path(sys.argv[1]), Operation("nobody"), Path(sys.argv[2]))
