"""The command `schema`: what editors need to help while somebody types."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.content.schema_files import check_schemas, write_first_lines, write_schemas

ROOT = Path(__file__).resolve().parents[2]


def schema(given: argparse.Namespace) -> int:
    """Write the JSON Schemas, and the first line of each file of the directory that lacks it."""
    if given.check:
        late = [problem.file for problem in check_schemas(ROOT)]
        if late:
            print("\n".join(late), file=sys.stderr)
            print("not up to date: run python run_bot.py schema", file=sys.stderr)
            return 1
        print("All good")
        return 0
    for file in write_schemas(ROOT):
        print(f"{file}: written" if (ROOT / file).exists() else f"{file}: taken out")
    for file in write_first_lines(ROOT):
        print(f"{file}: first line")
    print("All good")
    return 0
