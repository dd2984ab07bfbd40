"""Write bot/content/reply_keys.txt out of intents/replies: `python tools/reply_keys.py`.

For developers who add, rename or drop a text, or change its blanks. Look at the difference before
you keep it: what goes from the list is no longer missed by `check`.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.content.wording_files import (  # noqa: E402  the project's folder comes first
    REPLY_KEYS,
    written_reply_keys,
)


def main() -> None:
    """Rewrite the list, or leave it as it is where a file has a mistake."""
    text, problems = written_reply_keys(ROOT)
    if problems:
        sys.exit("\n".join(str(problem) for problem in problems))
    REPLY_KEYS.write_text(text, encoding="utf-8", newline="\n")
    print(f"{REPLY_KEYS.relative_to(ROOT).as_posix()}: {text.count(chr(10)) - 1} keys")


if __name__ == "__main__":
    main()
