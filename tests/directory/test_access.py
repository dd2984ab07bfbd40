"""Access lines are text: only what they plainly say counts."""

from __future__ import annotations

import pytest

from directory.access import Access, read_access
from directory.activities import Activities
from directory.model import Directory
from tests.directory.clubs import club, find, ids, why


@pytest.mark.parametrize(
    ("line", "step_free"),
    [
        ("Step-free", True), ("Step-free from the side door", True),
        ("Fully accessible building (2022)", True), ("Wheelchair accessible", True),
        ("Open to disabled young people; accessible venue; Solar group for teenagers", True),
        ("No steps", True), ("Lift to all floors", True), ("Wheelchair users welcome", True),
        ("Old building; 2018 news says disabled access was lacking", False),
        ("No step-free access", False), ("Not wheelchair accessible", False),
        ("Up a flight of stairs", False), ("Three steps to the door", False),
        ("Step-free access to the hall, but not the studio", None),
        ("Step-free except the stage", None), ("Ask about wheelchair access", None),
        ("For disabled young people", None), ("Girls only", None), ("By referral", None),
        ("", None), (None, None),
    ],
)  # fmt: skip
def test_step_free_is_what_is_plainly_said(line: str | None, step_free: bool | None) -> None:
    assert read_access(line).step_free is step_free


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Up to 25 with SEND on Fridays; all welcome", (("send", 25),)),
        ("Up to 25 with special educational needs or a disability", (("send", 25),)),
        ("Up to 25 if referred by a leaving care team", (("care-leavers", 25),)),
        ("Up to 25 people", ()), ("Call us up to 20 minutes before", ()),
    ],
)  # fmt: skip
def test_some_may_be_older(line: str, said: tuple[tuple[str, int], ...]) -> None:
    assert read_access(line).up_to == said


def test_the_verb_is_no_special_need() -> None:
    assert not read_access("Send an email first").send
    assert read_access("SEND provision available").send
    assert not read_access("Disabled access is poor").send


def test_the_access_lines_of_the_real_directory(directory: Directory) -> None:
    """Read by eye when this was written; a new line that says so belongs here as well."""
    found = {one.id: read_access(one.access) for one in directory.services.values()}
    assert {key for key, one in found.items() if one.step_free} == {
        "haringey-jacksons-lane-youth-circus", "tower-hamlets-half-moon-youth-theatre",
    }  # fmt: skip
    assert {key for key, one in found.items() if one.step_free is False} == {"hackney-pedro-club"}
    older = {key for key, one in found.items() if one.up_to}
    assert len(older) == 10
    assert found["tower-hamlets-safe-east"].up_to == (("care-leavers", 25),)


def test_step_free_is_a_filter_and_unknown_is_said(activities: Activities) -> None:
    lift = club("lift", 3, access="Step-free")
    stairs, unknown = club("stairs", 0.1, access="No step-free access"), club("unknown", 0.5)
    made_for = club("made-for", 0.6, access="For disabled young people", groups=("send",))
    found = find(activities, [stairs, unknown, made_for, lift], step_free=True)
    assert ids(found) == ["lift", "unknown", "made-for"]
    assert found.widened == ()
    assert "step-free" in why(found, "lift")
    assert "step-free access not known" in why(found, "unknown")
    none = find(activities, [stairs, unknown], step_free=True)
    assert (ids(none), none.widened) == (["unknown"], ("steps-unknown",))
    assert ids(find(activities, [stairs], step_free=True)) == []
    assert ids(find(activities, [stairs])) == ["stairs"]


def test_nothing_is_read_into_a_missing_line() -> None:
    assert read_access(None) == Access()
