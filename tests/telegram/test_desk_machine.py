"""Random shifts: three workers, three young people, and whatever they do in whatever order.

After each step: no case is where no legal move leads, every word of a young person that is for
staff stands in the staff group under their own case, and every reply of a worker is on exactly the
phone that it was for, or the worker was told that it is not.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.cases.flow import MOVES, Outcome
from bot.cases.model import Case, Status, Worker
from bot.cases.record import Consent, Told
from bot.cases.standing import Standing, standing
from bot.conversation.events import Media, Reachability, Said, Tapped
from bot.conversation.state import ChatState
from bot.delivery.model import Call
from bot.telegram import buttons, reopening, workers
from bot.telegram.staff import PRESSES
from intents.model import Danger, Decision, Kind, Understanding, Urgency
from tests.conversation.small_world import maybe, meant, paged, small_world
from tests.telegram.desk_direct import DirectDesk
from tests.telegram.updates import GROUP

RESULTS = ("arrived", "told")
STEPS_WANTED = 20_000
EXAMPLES, STEPS = 480, 80
TAKEN: Counter[str] = Counter()  # what happened in all the runs

PEOPLE = (5001, 5002, 5003)
SAM, ALI, JO = Worker(9001, "Sam"), Worker(9002, "Ali"), Worker(9003, "Jo")
WORKERS = (SAM, ALI, JO)
LEADS = (JO.id,)
DANGERS = {"knife": paged(), "hit": paged(Kind.ABUSE, Urgency.URGENT), "tired": maybe()}
STATUS_CHANGES = {(before, after) for (before, _), after in MOVES.items()}
TOKEN = re.compile(r"\b[pwn]x\d+x\b")
THUMBS_UP = "\N{THUMBS UP SIGN}"
OTHER_ACTS = ["/person", "hide", "/forget", "photo", "safe", "block"]
ARGUMENTS = [*Outcome, *Told, *Consent, "done", "skip", "ask", "1", "9002", ""]
LEAPS = (3, 20, 130, 310, 700, 1000, 3600, 86400, 86400 * 8, 86400 * 95)


def understand(text: str) -> Understanding:
    danger = next((found for word, found in DANGERS.items() if word in text), Danger())
    if "thanks" in text:
        return meant(text, "thanks")
    return meant(text, "out-of-scope", decision=Decision.FALLBACK, danger=danger)


WORLD = replace(small_world(), understand=understand)
person = st.sampled_from(PEOPLE)
worker = st.sampled_from(WORKERS)
pick = st.integers(0, 30)


class Shift(RuleBasedStateMachine):
    """One shift of the desk."""

    @initialize(topics=st.booleans())
    def starts(self, topics: bool) -> None:
        self.desk = DirectDesk(WORLD, topics=topics, leads=LEADS)
        self.desk.refuse = self.refuse
        self.blocked: set[int] = set()
        self.dead_topics: set[int] = set()
        self.owner: dict[int, int] = {}  # whose case it is, known since it was opened
        self.answerable: list[tuple[int, int]] = []  # (message in the group, its case)
        self.prompts: list[int] = []  # questions why
        self.replied: dict[str, int] = {}  # a worker's token: for whom
        self.writers: dict[str, int] = {}  # a person's token: whose
        self.last_said: dict[int, int] = {}
        self.before: dict[int, Case] = {}
        self.tokens = 0

    def refuse(self, call: Call) -> str | None:
        if call.chat_id in self.blocked:
            return "blocked"
        if call.params.get("message_thread_id") in self.dead_topics:
            return "topic-gone"
        return None

    # ---- what people do -----------------------------------------------------------------------

    def token(self, kind: str) -> str:
        self.tokens += 1
        return f"{kind}x{self.tokens}x"

    def begins(self, what: str) -> None:
        TAKEN[what] += 1
        self.before = dict(self.desk.tables.cases)
        self.desk.begin()

    def person_says(self, who: int, word: str, edit: int | None = None) -> None:
        self.begins("edit" if edit else f"says {word}")
        token, number = self.token("p"), edit or self.desk.new_id()
        text = f"{word} {token}"
        self.writers[token] = who
        self.last_said[who] = number
        must = self.must_reach_staff(who, word, edited=bool(edit))
        event = Said(who, number, text, self.desk.now, edited=bool(edit))
        self.desk.does(event, understand(text))
        if must:
            assert self.in_group(token), f"{text!r} of {who} did not reach staff"
        self.ends()

    def must_reach_staff(self, who: int, word: str, *, edited: bool) -> bool:
        if word in ("knife", "hit") or self.desk.unit.open_case_of(who) is not None:
            return True
        asked = ChatState.from_dict(self.desk.unit.load_chat(who)).asked
        resting = reopening.resting_case(self.desk.job(), who)
        return resting is not None and asked is None and not edited and word != "thanks"

    def in_group(self, token: str) -> bool:
        return any(call.chat_id == GROUP and token in str(call.params.get("text", ""))
                   for call in self.desk.made)  # fmt: skip

    @rule(who=person, word=st.sampled_from(["knife", "hit", "tired", "plain", "plain", "thanks"]))
    def says(self, who: int, word: str) -> None:
        self.person_says(who, word)

    @rule(who=person, word=st.sampled_from(["knife", "plain"]))
    def edits(self, who: int, word: str) -> None:
        if number := self.last_said.get(who):
            self.person_says(who, word, edit=number)

    @rule(
        who=person, what=st.sampled_from(["/person", "hide", "/forget", "photo", "safe", "block"])
    )
    def does_something_else(self, who: int, what: str) -> None:
        self.begins(what)
        now = self.desk.now
        if what == "photo":
            self.desk.does(Said(who, self.desk.new_id(), "", now, media=Media.PICTURE))
        elif what == "block":
            self.blocked ^= {who}
            self.desk.does(Reachability(who, who in self.blocked, now))
        elif what == "safe":
            self.desk.does(Tapped(who, 1, "safe-now", "q", now))
        else:
            self.desk.does(Said(who, self.desk.new_id(), what, now), understand(what))
        if what == "/forget":
            self.desk.does(Tapped(who, 1, "forget:yes", "q", now))
        self.ends()

    # ---- what workers do ----------------------------------------------------------------------

    def presses(self, who: Worker, action: str) -> None:
        self.begins(f"press {action.partition(':')[0]}")
        answers = self.desk.presses(who, action)
        assert len(answers) == 1, f"{action}: {len(answers)} answers"
        self.ends()

    @rule(who=worker, case=pick, button=pick)
    def presses_what_a_card_shows(self, who: Worker, case: int, button: int) -> None:
        found = self.some_case(case)
        if found is None:
            return
        rows = buttons.card_buttons(found, WORLD.wording, self.desk.now)
        shown = [one.action for row in rows for one in row]
        if found.status is Status.OPEN or f"close:{found.id}" in shown:
            shown += [f"end:{found.id}:{outcome}" for outcome in Outcome]
        if shown:
            self.presses(who, shown[button % len(shown)])

    @rule(who=worker, case=pick, to=worker)
    def hands_over(self, who: Worker, case: int, to: Worker) -> None:
        found = self.some_case(case)
        if found is None:
            return
        if found.worker is not None:
            who = next(one for one in WORKERS if one.id == found.worker.id)
        self.presses(who, f"give:{found.id}:{to.id}")
        if to in workers.known(self.desk.job()) and who != to and found.worker == who:
            self.presses(to, f"claim:{found.id}")
            if found.status is Status.CLAIMED:
                taken = self.desk.unit.load_case(found.id)
                assert taken is not None
                assert taken.worker == to

    @rule(who=worker, one=pick, other=pick)
    def merges(self, who: Worker, one: int, other: int) -> None:
        first = self.some_case(one)
        if first is None:
            return
        theirs = [case for case in self.desk.tables.cases.values() if self.owner[case.id]
                  == self.owner[first.id] and case.id != first.id]  # fmt: skip
        second = theirs[other % len(theirs)] if theirs else self.some_case(other)
        if second is not None:
            self.presses(who, f"join:{first.id}:{second.id}")

    @rule(who=worker, case=pick, level=st.sampled_from(["emergency", "urgent", "concern", "x"]))
    def sets_the_level(self, who: Worker, case: int, level: str) -> None:
        if found := self.some_case(case):
            self.presses(who, f"set:{found.id}:{level}")

    @rule(who=person, case=pick)
    def weeks_later(self, who: int, case: int) -> None:
        """Old cases are there, a new one opens, and a lead opens an old one again."""
        self.begins("time")
        self.desk.passes(86400 * 8)
        self.ends()
        self.person_says(who, "knife")
        closed = [one for one in self.desk.tables.cases.values()
                  if one.status is Status.CLOSED and one.chat_id == who]  # fmt: skip
        if closed:
            self.presses(JO, f"reopen:{closed[case % len(closed)].id}")

    @rule(who=worker, case=st.integers(0, 9), verb=st.sampled_from(sorted(PRESSES)),
          argument=st.sampled_from(ARGUMENTS))  # fmt: skip
    def presses_anything(self, who: Worker, case: int, verb: str, argument: str) -> None:
        self.presses(who, f"{verb}:{case}:{argument}")

    @rule(one=worker, two=worker, case=pick)
    def press_at_once(self, one: Worker, two: Worker, case: int) -> None:
        """Two workers take a case: one has it, the other is told who."""
        found = self.some_case(case)
        if found is None or one == two:
            return
        self.presses(one, f"claim:{found.id}")
        mine = self.desk.unit.load_case(found.id)
        assert mine is not None
        if mine.status is not Status.CLAIMED or mine.worker != one or mine.offered_to == two:
            return
        self.begins("press claim")
        (told,) = self.desk.presses(two, f"claim:{found.id}")
        has_it = self.desk.unit.load_case(found.id)
        assert has_it is not None
        assert has_it.worker is not None
        assert has_it.worker == two or has_it.worker.name in told.params["text"]
        self.ends()

    @rule(who=worker, at=st.integers(0, 60), force=st.booleans())
    def replies(self, who: Worker, at: int, force: bool) -> None:
        if not self.answerable:
            return
        message, case = self.answerable[-1 - at % len(self.answerable)]
        self.begins("reply")
        token = self.token("w")
        self.replied[token] = meant_for = self.owner[case]
        written = self.desk.staff(who, ("!" if force else "") + token, reply_to=message)
        phones = [call.chat_id for call in self.desk.made
                  if call.chat_id != GROUP and token in call.params.get("text", "")]  # fmt: skip
        assert phones in ([], [meant_for]), f"{token} for {meant_for} is on {phones}"
        told = [call for call in self.desk.made if call.chat_id == GROUP and _about(call, written)]
        assert told, f"{token}: {who.name} was told nothing"
        if not phones:
            assert not any(THUMBS_UP in str(call.params) for call in told), "it did not arrive"
        TAKEN["arrived" if phones else "told"] += 1
        self.ends()

    @rule(who=worker, at=pick, what=st.sampled_from(["/note {}", "/tag {} school", "{}"]))
    def writes_for_staff_only(self, who: Worker, at: int, what: str) -> None:
        """A note, a tag, or talk in a topic: never on a phone."""
        self.begins("note")
        token = self.token("n")
        found = self.some_case(at)
        topic = found.topic_id if found else None
        reply_to = None
        if what != "{}" and self.answerable:
            reply_to = self.answerable[at % len(self.answerable)][0]
        self.desk.staff(who, what.format(token), reply_to, topic)
        self.ends()

    @rule(who=worker, at=pick)
    def says_why(self, who: Worker, at: int) -> None:
        if self.prompts:
            self.begins("why")
            prompt = self.prompts[at % len(self.prompts)]
            self.desk.staff(who, self.token("n"), reply_to=prompt)
            assert any(call.role == "note" for call in self.desk.made), "no word about the reason"
            self.ends()

    @rule(at=pick)
    def deletes_a_topic(self, at: int) -> None:
        found = self.some_case(at)
        if found is not None and found.topic_id:
            self.dead_topics.add(found.topic_id)

    @rule(seconds=st.sampled_from(LEAPS))
    def time_passes(self, seconds: int) -> None:
        self.begins("time")
        self.desk.passes(seconds)
        self.ends()

    def some_case(self, number: int) -> Case | None:
        cases = list(self.desk.tables.cases.values())
        return cases[-1 - number % len(cases)] if cases else None

    # ---- what must hold -----------------------------------------------------------------------

    def ends(self) -> None:
        """After each event: whose is what was sent, and where did the cases go."""
        for case in self.desk.tables.cases.values():
            self.owner.setdefault(case.id, case.chat_id)
        for call in self.desk.made:
            self.look_at(call)
        for number, case in self.desk.tables.cases.items():
            was = self.before.get(number)
            if was is not None and was.status is not case.status:
                assert (was.status, case.status) in STATUS_CHANGES, f"{was} became {case}"

    def look_at(self, call: Call) -> None:
        text = html.unescape(str(call.params.get("text", "")))
        owner = self.owner.get(call.case_id or 0)
        for token in TOKEN.findall(text):
            if call.chat_id == GROUP and token in self.writers:
                assert self.writers[token] == owner, f"{token} stands under another's case"
            if call.chat_id in PEOPLE:
                assert self.replied.get(token) == call.chat_id, f"{token} went astray"
        if call.chat_id in PEOPLE and call.case_id is not None:
            assert owner == call.chat_id, f"a word of case {call.case_id} went to {call.chat_id}"
        number = self.desk.ids.get(id(call))
        if call.chat_id == GROUP and number is not None and call.case_id is not None:
            if call.role in ("card", "relay-in"):
                self.answerable.append((number, call.case_id))
            elif call.role == "why":
                self.prompts.append(number)

    @invariant()
    def every_case_is_whole(self) -> None:
        if not hasattr(self, "desk"):
            return
        timers = self.desk.tables.timers
        chained = {key.split(":")[1] for key in timers if key.startswith("chain:")}
        alive: Counter[int] = Counter()
        for case in self.desk.tables.cases.values():
            alive[case.chat_id] += case.status is not Status.CLOSED
            assert standing(case) in Standing
            _whole(case, str(case.id) in chained)
            closed_with_words = case.status is Status.CLOSED and not case.erased
            assert not closed_with_words or f"erase:{case.id}" in timers
            if case.merged_into:
                other = self.desk.tables.cases[case.merged_into]
                assert self.owner[other.id] == self.owner[case.id]
                assert self.desk.unit.lines(case.id) == []
            if case.erased:
                assert (case.reason, self.desk.unit.lines(case.id)) == ("", [])
        assert all(number <= 1 for who, number in alive.items()), "two open cases of one person"


def _about(call: Call, message: int) -> bool:
    """Whether a call says something about a worker's message."""
    target = call.params.get("reply_parameters", {}).get("message_id")
    reacts = call.method == "setMessageReaction" and call.params["message_id"] == message
    return reacts or target == message


def _whole(case: Case, has_chain: bool) -> None:
    """The fields of a case fit its status."""
    match case.status:
        case Status.OPEN:
            assert case.worker is None
            assert (case.claimed_at, case.closed_at, case.waiting_since) == (None, None, None)
            assert case.offered_to is None
            assert has_chain, "nobody is called for an open case"
        case Status.CLAIMED:
            assert case.worker is not None
            assert case.claimed_at is not None
            assert (case.closed_at, case.outcome) == (None, None)
            assert has_chain or case.waiting_since is None, "nobody notices a worker's silence"
        case Status.CLOSED:
            assert case.worker is not None
            assert case.closed_at is not None
            assert case.outcome in list(Outcome)
            assert case.offered_to is None
            assert not has_chain, "somebody is called for a closed case"


Shift.TestCase.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, derandomize=True,
    database=None, phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.mark.timeout(600)  # a minute of work, but a busy machine may take longer
class TestShift(Shift.TestCase):  # type: ignore[misc, name-defined]
    """The machine, as pytest finds it."""


def test_enough_was_tried() -> None:
    """Runs after the machine, in the same process."""
    steps = sum(number for what, number in TAKEN.items() if what not in RESULTS)
    print(steps, dict(TAKEN.most_common()))
    assert steps >= STEPS_WANTED
    assert min(TAKEN[what] for what in (*RESULTS, "press join")) > 100
