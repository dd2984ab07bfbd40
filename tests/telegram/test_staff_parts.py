"""The parts of the desk do not claim each other's presses and commands."""

from __future__ import annotations

from collections import Counter
from types import ModuleType

import pytest

from bot.content.wording_files import load_wording
from bot.telegram import (
    canned,
    casefile,
    drill,
    duty,
    edits,
    handover,
    joining,
    learning,
    media,
    names,
    notes,
    overview,
    passing,
    presses,
    records,
    replies,
    report,
    reveal,
    reveal_show,
    search,
    shifts,
    staff,
    transcript,
)
from bot.telegram.deskhelp import SAME_AS_HELP
from tests.support.sources import ROOT


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (
            "PRESSES",
            (
                presses,
                handover,
                records,
                joining,
                replies,
                media,
                canned,
                passing,
                reveal,
                reveal_show,
                transcript,
                shifts,
                learning,
            ),
        ),
        ("FREE_PRESSES", (overview, search)),
        (
            "COMMANDS",
            (
                overview,
                casefile,
                transcript,
                search,
                notes,
                edits,
                names,
                canned,
                report,
                reveal,
                duty,
                shifts,
                drill,
            ),
        ),
    ],
)
def test_no_two_parts_claim_the_same(name: str, parts: tuple[ModuleType, ...]) -> None:
    claimed = Counter(key for part in parts for key in getattr(part, name))
    assert [key for key, times in claimed.items() if times > 1] == []
    added = {"help", "start"} if name == "COMMANDS" else set()  # made of all the others
    assert set(claimed) == set(getattr(staff, name)) - added, "a part is missing from this test"


def test_a_button_is_of_a_case_or_of_none() -> None:
    assert not set(staff.PRESSES) & set(staff.FREE_PRESSES)


def test_every_command_is_explained_in_the_help_and_in_the_menu() -> None:
    commands = set(staff.COMMANDS) - {SAME_AS_HELP}
    wording, _ = load_wording(ROOT)
    assert sorted(commands - set(wording.under("desk-help."))) == []
    assert sorted(commands - set(wording.under("commands.staff."))) == []
