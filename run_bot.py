"""The entry: `python run_bot.py COMMAND`; without a command it runs the bot."""

import sys

from bot.cli import main

if __name__ == "__main__":
    sys.exit(main())
