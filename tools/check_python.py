"""Say in one sentence when this Python is too old, before pip says it in fifty."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - older ones run this file to be told so
    sys.exit(
        f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. "
        "Install it, then say which one: make demo PYTHON=python3.11"
    )
