"""What somebody states is kept: age, group, cost, time; what is given up is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from directory.activities import Activities
from directory.lines import parse_lines
from directory.model import Confidence
from tests.directory.clubs import FRESH, club, find, helpline, ids, why

CLUB = {"age_min": 11, "age_max": 16}


@pytest.mark.parametrize(
    ("ages", "age", "fits"),
    [
        (CLUB, 10, False), (CLUB, 11, True), (CLUB, 16, True), (CLUB, 17, False),
        ({"age_max": 25}, 25, True), ({"age_max": 25}, 26, False), ({"age_max": 25}, 10, True),
        ({"age_min": 16}, 15, False), ({"age_min": 16}, 16, True), ({"age_min": 16}, 25, True),
        ({}, 10, True), ({}, 25, True),
    ],
)  # fmt: skip
def test_both_ends_of_an_age_are_meant(
    activities: Activities, ages: dict[str, int], age: int, fits: bool
) -> None:
    assert ids(find(activities, [club("a", **ages)], age=age)) == ["a"] * fits


def test_known_ages_come_before_unknown_ones(activities: Activities) -> None:
    found = find(activities, [club("unknown"), club("known", 1.2, **CLUB)], age=12)
    assert ids(found) == ["known", "unknown"]
    assert "ages not stated" in why(found, "unknown")
    assert "for ages 11-16" in why(found, "known")


def test_older_with_send_where_the_entry_says_so(activities: Activities) -> None:
    hub = club("hub", age_min=8, age_max=19, access="Up to 25 with SEND", tags=("send",))
    assert ids(find(activities, [hub], age=22)) == []
    found = find(activities, [hub], age=22, groups=("send",))
    assert ids(found) == ["hub"]
    assert "up to 25 for young people with SEND" in why(found, "hub")
    assert ids(find(activities, [hub], age=26, groups=("send",))) == []
    assert ids(find(activities, [hub], age=22, groups=("girls",))) == []


@pytest.mark.parametrize("group", ["girls", "boys", "send", "lgbtq", "muslim", "young-carers"])
def test_a_group_that_is_asked_for_is_kept(activities: Activities, group: str) -> None:
    theirs, all_of_us = club("theirs", 4, groups=(group,)), club("all", 0.1)
    found = find(activities, [theirs, all_of_us], groups=(group,))
    assert (ids(found), found.widened) == (["theirs"], ())
    open_one = find(activities, [all_of_us], groups=(group,))
    assert (ids(open_one), open_one.widened) == (["all"], ("groups",))


@pytest.mark.parametrize(
    ("changes", "group"),
    [
        ({"tags": ("girls",)}, "girls"), ({"tags": ("autism",)}, "send"),
        ({"tags": ("refugee",)}, "refugees"), ({"access": "Up to 25 with SEND"}, "send"),
    ],
)  # fmt: skip
def test_a_club_for_all_that_welcomes_a_group_fits_it(
    activities: Activities, changes: dict[str, object], group: str
) -> None:
    found = find(activities, [club("welcomes", **changes), club("other", 0.1)], groups=(group,))
    assert (ids(found), found.widened) == (["welcomes"], ())
    assert any(reason.startswith("has something for") for reason in why(found, "welcomes"))


def test_of_two_groups_both_are_meant(activities: Activities) -> None:
    both = club("both", 4, groups=("girls",), tags=("send",))
    girls, mixed = club("girls", 0.2, groups=("girls",)), club("mixed", 0.1)
    asked = ("girls", "send")
    assert ids(find(activities, [girls, mixed, both], groups=asked)) == ["both"]
    one = find(activities, [girls, mixed], groups=asked)
    assert (ids(one), one.widened) == (["girls"], ("groups",))
    none = find(activities, [mixed], groups=asked)
    assert (ids(none), none.widened) == (["mixed"], ("groups",))


def test_what_is_only_for_others_comes_last_and_says_so(activities: Activities) -> None:
    girls, far = club("girls", 0.1, groups=("girls",)), club("far", 9)
    found = find(activities, [girls, far])
    assert (ids(found), found.widened) == (["far", "girls"], ("further",))
    assert "girls only" in why(found, "girls")
    assert ids(find(activities, [girls, far], groups=("boy",))) == ["far"]
    assert ids(find(activities, [girls, far], groups=("girl",))) == ["girls"]


def test_where_only_that_is_left_nothing_else_is_given_up(activities: Activities) -> None:
    girls = club("girls", groups=("girls",), activities=("boxing",), free=True)
    paid = club("paid", activities=("boxing",), free=False)
    found = find(activities, [girls, paid], activities=("boxing",), free=True)
    assert (ids(found), found.widened) == (["girls"], ())


def test_a_worry_keeps_the_group_too(activities: Activities) -> None:
    kinds = ("mental-health",)
    line, theirs = helpline("line", kinds=kinds), helpline("theirs", kinds=kinds, groups=("lgbtq",))
    found = find(activities, [line, theirs], kinds=kinds, groups=("lgbtq",))
    assert (ids(found), found.widened) == (["theirs", "line"], ())
    open_one = find(activities, [line], kinds=kinds, groups=("lgbtq",))
    assert (ids(open_one), open_one.widened) == (["line"], ("groups",))


def test_faith_is_an_activity_and_a_group(activities: Activities) -> None:
    church = club("church", 3, activities=("youth-club", "faith-group"))
    assert ids(find(activities, [club("other", 0.1), church], activities=("faith",))) == ["church"]
    muslim = helpline("muslim", kinds=("mental-health",), groups=("muslim",))
    line = helpline("line", kinds=("mental-health",))
    found = find(activities, [line, muslim], kinds=("mental-health",), groups=("muslim",))
    assert ids(found)[0] == "muslim"
    assert ids(find(activities, [line, muslim], kinds=("mental-health",))) == ["line", "muslim"]


def test_free_is_known_first_then_unknown_and_paid_only_when_it_is_said(
    activities: Activities,
) -> None:
    free, unknown = club("free", 3, free=True), club("unknown", 1)
    paid = club("paid", 0.1, free=False, cost="£2")
    found = find(activities, [paid, unknown, free], free=True)
    assert (ids(found), found.widened) == (["free", "unknown"], ())
    assert "cost not known" in why(found, "unknown")
    unsure = find(activities, [paid, unknown], free=True)
    assert (ids(unsure), unsure.widened) == (["unknown"], ("cost",))
    only = find(activities, [paid], free=True)
    assert (ids(only), only.widened[-1]) == (["paid"], "cost")
    assert "not free: £2" in why(only, "paid")


def test_free_food(activities: Activities) -> None:
    bank = club("bank", 2, kinds=("money-food",), activities=("free-food",))
    debt, plain = helpline("debt", kinds=("money-food",)), club("plain", 0.1)
    found = find(activities, [debt, plain, bank], kinds=("money-food",),
                 activities=("free-food",))  # fmt: skip
    assert ids(found)[0] == "bank"
    fun = club("fun", 1, activities=("youth-club", "free-food"))
    assert ids(find(activities, [plain, fun], activities=("dinner",))) == ["fun"]


def test_half_term_asks_for_what_is_for_holidays(activities: Activities) -> None:
    weekly = club("weekly", 0.5, sessions=parse_lines(["Monday 17:00-19:00"]))
    term = club("term", 0.5, sessions=parse_lines(["Monday 17:00-19:00 (term time)"]))
    scheme = club("scheme", 2, activities=("holiday-scheme",))
    found = find(activities, [weekly, scheme, term], days=("half-term",))
    assert ids(found) == ["scheme", "weekly"]
    assert found.widened == ("times-unknown",)


def test_an_activity_beside_a_need_decides_only_where_it_belongs_to_it(
    activities: Activities,
) -> None:
    kinds = ("get-involved",)
    helpers = [club(f"v{n}", 6 + n, kinds=kinds, activities=("volunteering",)) for n in range(3)]
    council = club("council", 0.1, kinds=kinds, activities=("youth-voice",))
    found = find(activities, [council, *helpers], kinds=kinds, activities=("volunteering",))
    assert (ids(found)[0], found.widened) == ("v0", ("further",))
    jobs = club("jobs", 1, kinds=("find-work",))
    gyms = [club(f"g{n}", 0.5, activities=("gym",)) for n in range(3)]
    job = find(activities, [jobs, *gyms], kinds=("find-work",), activities=("gym",))
    assert (ids(job), job.widened) == (["jobs"], ("similar",))


def test_what_may_not_be_running_comes_after_what_is_further(activities: Activities) -> None:
    shaky = club("shaky", 0.1, assurance=replace(FRESH, confidence=Confidence.LOW))
    found = find(activities, [shaky, club("sure", 9)])
    assert (ids(found), found.widened) == (["sure", "shaky"], ("further",))
    assert [match.check_first for match in found.matches] == [False, True]
