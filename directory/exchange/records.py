"""Reading somebody else's JSON: what is not there, or of another type, counts as not there."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from directory.exchange.columns import tidy

Json = dict[str, Any]

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def objects(owner: Mapping[str, Any], key: str) -> list[Json]:
    """Return the objects of a list."""
    value = owner.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text_of(owner: Mapping[str, Any], key: str) -> str:
    """Return a text on one line; empty where there is none."""
    value = owner.get(key)
    return tidy(value) if isinstance(value, str) else ""


def plain_text(owner: Mapping[str, Any], key: str) -> str:
    """Return a text that may have HTML in it, without."""
    value = text_of(owner, key)
    if _TAG.search(value):
        value = html.unescape(_TAG.sub(" ", value))
    return tidy(value)


def whole_number(owner: Mapping[str, Any], key: str) -> str | None:
    """Return a number of years as text; None where there is none."""
    value = owner.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        return None
    return str(int(value))
