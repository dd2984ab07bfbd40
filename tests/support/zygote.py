"""Starts the real bot quickly and often: content is loaded once, then each "start" forks a bot.

Each fork is a whole process with its own loop, store and connections; only what never changes
(modules and content) is there already. Lines on stdin: "start"; on stdout: the fork's pid.
"""

import asyncio
import os
import sys
from pathlib import Path

from bot.app import BotApp
from bot.content.catalogue import Operation
from bot.content.live import LiveContent
from bot.settings import Settings


def main() -> None:
    root, cache = Path(sys.argv[1]), Path(sys.argv[2])
    content = LiveContent(root, Operation("the kill test"), cache)
    content.load()
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() != "start":
            continue
        child = os.fork()
        if child == 0:
            _bot(content)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("gone", flush=True)


def _bot(content: LiveContent) -> None:
    os.close(0)
    settings = Settings(_env_file=None)
    try:
        asyncio.run(BotApp(settings, content, watch=False).run())
    finally:
        os._exit(1)


if __name__ == "__main__":
    main()
