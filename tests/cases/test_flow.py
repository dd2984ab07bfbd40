"""The moves of a case: the table, the drawing of it in the docs, and every pair of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cases import flow, record, tags
from bot.cases.flow import MOVES, Actor, Move, Outcome, Refused
from bot.cases.model import Case, Decision, Status, Worker
from bot.cases.record import Consent, Told
from bot.cases.standing import (
    BANDS,
    Standing,
    age_band,
    level,
    record_is_complete,
    since,
    standing,
)
from intents.model import Urgency

DOC = (Path(__file__).parents[2] / "docs/desk/cases.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=6)
SAM, ALI = Worker(1, "Sam"), Worker(2, "Ali")
LISTED = {"school": ("college",), "knife": ()}


def case(status: Status = Status.OPEN, **values: object) -> Case:
    given: dict[str, object] = {
        "id": 1, "chat_id": 7, "group_id": -1, "urgency": "emergency", "kind": "violence",
        "reason": "a word", "opened_at": NOW,
    }  # fmt: skip
    if status is not Status.OPEN:
        given |= {"worker": SAM, "claimed_at": NOW}
    if status is Status.CLOSED:
        given |= {"closed_at": NOW, "outcome": "safe", "decision": Decision()}
    return Case(status=status, **(given | values))  # type: ignore[arg-type]


def drawn() -> set[tuple[str, str, str]]:
    found = re.findall(r"^    (\w+) --> (\w+): ([\w-]+)$", DOC, flags=re.M)
    return {(before, move, after) for before, after, move in found}


def tabled() -> set[tuple[str, str, str]]:
    return set(re.findall(r"^\| (\w+) \| ([\w-]+) \| (\w+) \| ", DOC, flags=re.M)) - {
        ("from", "move", "to")
    }


def test_the_docs_draw_and_tell_exactly_the_moves_that_there_are() -> None:
    legal = {(str(before), str(move), str(after)) for (before, move), after in MOVES.items()}
    assert drawn() == legal
    assert tabled() == legal


def test_the_docs_tell_every_standing() -> None:
    section = DOC.partition("| standing | when |")[2].partition("\n## ")[0]
    told = re.findall(r"^\| ([a-z-]+) \| ", section, flags=re.M)
    assert [name for name in told if name != "---"] == list(Standing)


def tried(move: Move, of: Case) -> Case | Refused:
    """A move by somebody who may do it, where the status allows it."""
    sam, lead = Actor(SAM), Actor(ALI, lead=True)
    other = replace(of, id=2, status=Status.OPEN, worker=None)
    match move:
        case Move.CLAIM:
            return flow.claim(of, ALI, NOW)
        case Move.STEP_IN:
            return flow.claim(replace(of, waiting_since=NOW), ALI, LATER)
        case Move.OFFER:
            return flow.offer(of, sam, ALI)
        case Move.ACCEPT:
            return flow.claim(replace(of, offered_to=ALI), ALI, NOW)
        case Move.DECLINE:
            return flow.decline(replace(of, offered_to=ALI), sam)
        case Move.RELEASE:
            return flow.release(of, SAM)
        case Move.CLOSE:
            return flow.close(of, lead, Outcome.SAFE, NOW)
        case Move.MERGE:
            merged = flow.merge(of, other, lead)
            return merged if isinstance(merged, Refused) else merged[0]
        case Move.COME_BACK:
            return flow.come_back(of, "urgent", None, "again", NOW)
        case Move.REOPEN:
            return flow.reopen(of, sam, NOW, None)


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("status", Status)
def test_every_move_from_every_status_is_legal_or_refused(status: Status, move: Move) -> None:
    # One press claims, takes over or steps in: which of them it is depends on where the case is.
    claims = {Move.CLAIM, Move.STEP_IN, Move.ACCEPT}
    if (status, move) not in MOVES and not (status is Status.OPEN and move in claims):
        if move is Move.COME_BACK:
            with pytest.raises(KeyError):
                tried(move, case(status))
        else:
            assert isinstance(tried(move, case(status)), Refused)
        return
    after = tried(move, case(status))
    assert isinstance(after, Case)
    assert after.status is MOVES.get((status, move), Status.CLAIMED)


def test_who_stands_where_in_the_way_is_named() -> None:
    claimed = case(Status.CLAIMED)
    for refused in (flow.claim(claimed, ALI, NOW), flow.release(claimed, ALI),
                    flow.close(claimed, Actor(ALI), Outcome.SAFE, NOW),
                    flow.offer(claimed, Actor(ALI), ALI),
                    flow.claim(case(Status.CLOSED), ALI, NOW)):  # fmt: skip
        assert isinstance(refused, Refused)
        assert refused.worker == SAM


def test_who_steps_in_has_their_own_minutes() -> None:
    waiting = case(Status.CLAIMED, waiting_since=NOW)
    taken = flow.claim(waiting, ALI, LATER)
    assert isinstance(taken, Case)
    assert taken.before == SAM
    assert isinstance(flow.claim(taken, SAM, LATER + timedelta(minutes=4)), Refused)
    assert isinstance(flow.claim(taken, SAM, LATER + timedelta(minutes=5)), Case)


def test_standing_follows_who_wrote_last() -> None:
    now = case()
    assert standing(now) is Standing.OPEN
    taken = flow.claim(flow.person_wrote(now, NOW), SAM, NOW)
    assert isinstance(taken, Case)
    assert standing(taken) is Standing.CLAIMED
    ours = flow.person_wrote(taken, LATER)
    assert standing(ours) is Standing.WAITING_FOR_US
    assert since(ours) == NOW  # unanswered since they were taken
    theirs = flow.answered(ours, LATER)
    assert (standing(theirs), since(theirs)) == (Standing.WAITING_FOR_THEM, LATER)
    ended = flow.close(theirs, Actor(SAM), Outcome.SAFE, LATER)
    assert isinstance(ended, Case)
    assert standing(ended) is Standing.CLOSED
    assert standing(flow.come_back(ended, "urgent", None, "x", LATER)) is Standing.REOPENED


@pytest.mark.parametrize(
    ("was", "new", "then"),
    [("emergency", "concern", "urgent"), ("emergency", "emergency", "emergency"),
     ("concern", "concern", "concern"), ("urgent", "concern", "urgent"),
     ("concern", "urgent", "urgent")],
)  # fmt: skip
def test_a_case_that_comes_back_keeps_a_careful_level(was: str, new: str, then: str) -> None:
    back = flow.come_back(case(Status.CLOSED, urgency=was), new, None, "again", LATER)
    assert back.urgency == then
    assert back.asked_for_person == (then == "concern")
    assert (back.worker, back.before, back.decision) == (None, SAM, None)


def test_a_level_set_by_hand_holds_until_more_danger_is_written() -> None:
    lowered = flow.set_level(case(), Actor(SAM), Urgency.CONCERN)
    assert isinstance(lowered, Case)
    assert (level(lowered), lowered.priority_by) == (Urgency.CONCERN, SAM)
    assert level(flow.raised(lowered, "urgent", None, "more")) is Urgency.EMERGENCY
    same = flow.raised(lowered, "concern", None, "x")
    assert level(same) is Urgency.CONCERN
    mine = case(Status.CLAIMED, urgency="urgent")
    assert isinstance(flow.set_level(mine, Actor(ALI), Urgency.CONCERN), Refused)
    assert isinstance(flow.set_level(mine, Actor(ALI), Urgency.EMERGENCY), Case)


def test_only_cases_of_one_person_are_merged_and_the_open_one_goes_on() -> None:
    old, new = case(Status.CLOSED, tags=("knife",)), case(Status.CLAIMED, id=2)
    for pair in ((old, new), (new, old)):
        merged = flow.merge(*pair, Actor(SAM))
        assert not isinstance(merged, Refused)
        ends, goes_on = merged
        assert (ends.id, ends.merged_into, goes_on.id, goes_on.tags) == (1, 2, 2, ("knife",))
    for wrong in (replace(old, chat_id=8), replace(old, chat_id=0), replace(old, merged_into=3)):
        assert isinstance(flow.merge(wrong, new, Actor(SAM)), Refused)
    assert isinstance(flow.merge(old, new, Actor(ALI)), Refused)
    assert isinstance(flow.merge(old, old, Actor(SAM)), Refused)


@pytest.mark.parametrize(
    ("age", "band"),
    [(None, None), (5, "under-13"), (12, "under-13"), (13, "13-15"), (15, "13-15"), (16, "16-17"),
     (17, "16-17"), (18, "18-25"), (25, "18-25"), (26, "over-25"), (99, "over-25")],
)  # fmt: skip
def test_an_age_is_shown_as_its_band(age: int | None, band: str | None) -> None:
    assert age_band(age) == band
    assert len(BANDS) == 4


def test_a_serious_case_is_recorded_once_it_says_who_was_told() -> None:
    ended = case(Status.CLOSED)
    assert not record_is_complete(ended)
    assert not record_is_complete(record.told_done(ended))  # passed over
    assert record_is_complete(record.told(ended, Told.NOBODY))
    ticked = record.told(ended, Told.POLICE)
    assert not record_is_complete(ticked)  # not confirmed yet
    asked = record.told_done(ticked)
    assert record_is_complete(asked)
    assert asked.decision is not None
    assert asked.decision.step == "consent"
    done = record.why(record.agreed(asked, Consent.WITHOUT), "she was at risk")
    assert done.decision == Decision(("police",), "no", "she was at risk", "done")
    assert record_is_complete(case(Status.CLOSED, urgency="concern"))
    unticked = record.told(ticked, Told.POLICE)
    assert unticked.decision is not None
    assert unticked.decision.told == ()


def test_the_words_of_a_case_go_and_what_was_decided_stays() -> None:
    decided = Decision(("police",), "no", "words", "done")
    ended = case(Status.CLOSED, decision=decided, tags=("knife", "kays-brother"))
    bare = record.without_words(ended, LISTED)
    assert (bare.reason, bare.tags) == ("", ("knife",))
    assert bare.decision == replace(decided, why="")


def test_tags_have_one_spelling_and_a_measure() -> None:
    assert tags.words("#School, KNIFE college  ｋｎｉｆｅ x_y --", LISTED) == (
        "school", "knife", "x-y",
    )  # fmt: skip
    done = tags.tagged(case(tags=("a", "b")), ["a", "c" * 40, "d" * 41, *"efghijklm"])
    assert done.case.tags == ("a", "b", "c" * 40, *"efghijk")
    assert (done.too_long, done.too_many) == (("d" * 41,), ("l", "m"))
    assert tags.untagged(done.case, ["a", "nothing"]).tags[0] == "b"


def test_a_case_with_all_its_fields_comes_back_from_storage() -> None:
    full = case(
        Status.CLOSED, priority="urgent", priority_by=ALI, reopened_at=NOW, reopened_by=SAM,
        before=ALI, offered_to=ALI, decision=Decision(("police",), "yes", "why", "done"),
        tags=("a",), merged_into=4, erased=True,
    )  # fmt: skip
    assert Case.from_dict(full.to_dict()) == full
    older = full.to_dict()
    del older["before"], older["erased"]
    older["decision"] = {"told": ["police"], "consent": None, "why": ""}
    assert Case.from_dict(older).decision == Decision(("police",))
