"""The parts of the desk do not claim each other's presses and commands."""

from __future__ import annotations

from collections import Counter
from types import ModuleType

import pytest

from bot.telegram import drill, duty, handover, learning, overview, presses, staff


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("PRESSES", (presses, handover, learning)),
        ("COMMANDS", (overview, duty, handover, drill)),
    ],
)
def test_no_two_parts_claim_the_same(name: str, parts: tuple[ModuleType, ...]) -> None:
    claimed = Counter(key for part in parts for key in getattr(part, name))
    assert [key for key, times in claimed.items() if times > 1] == []
    assert set(claimed) == set(getattr(staff, name)), "a part is missing from this test"
