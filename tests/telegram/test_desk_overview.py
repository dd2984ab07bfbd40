"""Lists of cases, one case, and searches, as workers see them."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.cases.model import Case, Line, Status, Worker
from bot.cases.plan import DeskPlan, Member, StaffGroup
from bot.cases.reveal import Step
from bot.delivery.ports import Unit
from bot.telegram import (
    alerts,
    casefile,
    clocks,
    desk,
    leaving,
    outgoing,
    passing,
    person,
    transcript,
)
from bot.telegram.members import Seat
from bot.telegram.office import MOVED, fact
from bot.telegram.render import LONGEST
from intents.model import Danger, Decision, Kind, Understanding, Urgency
from tests.conversation.small_world import meant, paged, small_world
from tests.support.sources import literal, sources
from tests.telegram import updates as raw
from tests.telegram.desk_bench import Bench

KAY, LEE = 5001, 5002
SAM, ALEX = 9001, 9002
GROUP = raw.GROUP
LINK = f"https://t.me/c/{str(GROUP).removeprefix('-100')}/"
# Events of a history that the code calls by a constant, as it is written there.
NAMED: dict[str, list[str]] = {
    "desk.FORGET": [desk.FORGET],
    "LEFT": [leaving.LEFT],
    "LOG": [outgoing.LOG],
    "LOST": [alerts.LOST],
    "CHAIN_SET": [clocks.CHAIN_SET],
    "MEDIA_LOG": [person.MEDIA_LOG],
    "PASSED": [passing.PASSED],
    "TRANSCRIPT": [transcript.TRANSCRIPT],
    "step": list(Step),
}
DANGERS = {"knife": paged(), "hit": paged(Kind.ABUSE, Urgency.URGENT)}


def understand(text: str) -> Understanding:
    danger = next((found for word, found in DANGERS.items() if word in text), Danger())
    return meant(text, "out-of-scope", decision=Decision.FALLBACK, danger=danger)


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench(replace(small_world(), understand=understand))
    await bench.start()
    yield bench
    await bench.stop()


async def kept(bench: Bench, **values: Any) -> int:
    """A case put into the store by hand."""
    given: dict[str, Any] = {
        "id": 0, "chat_id": 50, "group_id": GROUP, "urgency": "urgent", "kind": "abuse",
        "reason": "", "opened_at": bench.clock.now(), "card_message_id": 77,
    }  # fmt: skip
    notes = values.pop("notes", ())
    said = values.pop("said_by_them", ())

    def work(unit: Unit) -> int:
        case = unit.add_case(Case(**(given | values)))
        for author, texts in (("note", notes), ("person", said)):
            for text in texts:
                unit.add_line(case.id, Line(author, text, bench.clock.now()))
        return case.id

    number: int = await bench.look(work)
    return number


async def shown(bench: Bench, text: str, worker: int = SAM, **more: Any) -> str:
    bench.texts(GROUP)
    await bench.staff(worker, text, **more)
    return "\n".join(bench.texts(GROUP))


def buttons(bench: Bench) -> dict[str, str]:
    """The buttons under the last message, by what they say."""
    last = [c for c in bench.calls(GROUP) if "reply_markup" in c.params][-1]
    rows = last.params["reply_markup"]["inline_keyboard"]
    return {b["text"]: b.get("callback_data") or b["url"] for row in rows for b in row}


async def test_open_says_level_standing_age_and_leads_to_the_card(bench: Bench) -> None:
    assert await shown(bench, "/open") == "No open cases."
    await bench.says(LEE, "he hit me")
    await bench.says(KAY, "he has a <knife>")
    await bench.presses(SAM, "claim:1")
    await bench.wait(240)
    text = await shown(bench, "/open")
    card = bench.id_of(bench.calls(GROUP, role="card")[1])
    assert f'<a href="{LINK}{card}">#2 violence</a>' in text
    assert text.index("EMERGENCY") < text.index("#2") < text.index("URGENT") < text.index("#1")
    assert "nobody has it, 4 min" in text
    assert "Sam, they have waited 4 min for an answer" in text
    card_of_1 = bench.id_of(bench.calls(GROUP, role="card")[0])
    await bench.staff(SAM, "I'm here", reply_to=card_of_1)
    assert "Sam, it is their turn" in await shown(bench, "/open")


async def test_a_basic_group_has_no_links(bench: Bench) -> None:
    number = await kept(bench)
    await bench.look(lambda unit: unit.save_case(replace(unit.load_case(number), group_id=-4242)))
    await bench.look(lambda unit: unit.set_meta(fact(MOVED, GROUP), "-4242"))
    assert "href" not in await shown(bench, "/open")


async def test_a_long_list_has_pages_that_buttons_turn(bench: Bench) -> None:
    for n in range(19):
        await kept(bench, opened_at=bench.clock.now() - timedelta(minutes=n), area="<x> & y " * 40)
    text = await shown(bench, "/open")
    assert "Open cases: 19" in text
    assert len(text) < LONGEST
    assert "#19 " in text
    assert "#11 " not in text
    assert buttons(bench) == {"1 of 3 ⟳": "open-page:0", "More ›": "open-page:1"}
    await bench.presses(ALEX, "open-page:2")
    (turned,) = bench.calls(GROUP, "editMessageText")
    assert "#1 abuse" in turned.params["text"]
    assert list(buttons(bench).values()) == ["open-page:1", "open-page:2"]
    for odd in ("open-page:99", "open-page:x", "open-page:", "open-page:-1"):
        assert await bench.presses(ALEX, odd) == ""
    assert "3 of 3 ⟳" in str(bench.calls(GROUP, "editMessageText")[1].params)


async def test_a_page_of_cases_that_were_closed_meanwhile_says_so(bench: Bench) -> None:
    await bench.presses(SAM, "open-page:1")
    assert bench.calls(GROUP, "editMessageText")[-1].params["text"] == "No open cases."


async def test_cases_of_other_groups_are_counted_and_not_shown(bench: Bench) -> None:
    """Nor to a lead: an answer in a group is read by all who are in it."""
    bench.plan = DeskPlan(
        (StaffGroup("South", -1009), StaffGroup("Rest", GROUP)), (Member(SAM, "Sam", lead=True),)
    )
    other = await kept(bench, group_id=-1009, notes=["about brixton"])
    text = await shown(bench, "/open")
    assert "In other groups: South 1" in text
    assert "abuse" not in text
    for command in (f"/case {other}", f"/transcript {other}"):
        assert await shown(bench, command) == f"South has #{other} now."
    for words in ("brixton", str(other)):
        assert "Nothing found" in await shown(bench, f"/search {words}")
    for action in (f"transcript:{other}", f"transcript-here:{other}"):
        assert await bench.presses(SAM, action) == f"South has #{other} now."
    assert bench.calls(method="sendDocument") == []


async def test_only_members_turn_pages_and_look_further_back(bench: Bench) -> None:
    await kept(bench)
    bench.seats[GROUP, ALEX] = Seat.OUTSIDE
    for action in ("open-page:0", f"mine-page:{ALEX}:0", "search-on:99:abuse"):
        assert "not in this group any more" in await bench.presses(ALEX, action)
    assert bench.calls(GROUP) == [c for c in bench.calls(GROUP) if c.method.startswith("answer")]


async def test_mine_has_those_who_wait_for_us_first(bench: Bench) -> None:
    assert "You have no case" in await shown(bench, "/mine")
    now, sam = bench.clock.now(), Worker(SAM, "Sam")
    mine: dict[str, Any] = {"status": Status.CLAIMED, "worker": sam}
    await kept(bench, **mine, urgency="emergency", kind="violence")
    await kept(bench, **mine, waiting_since=now - timedelta(minutes=3))
    await kept(bench, **mine, waiting_since=now - timedelta(minutes=9))
    await kept(bench, status=Status.CLAIMED, worker=Worker(ALEX, "Alex"))
    text = await shown(bench, "/mine")
    assert [text.index(part) for part in ("wait for you", "#3", "#2", "You wait for", "#1")] == (
        sorted(text.index(part) for part in ("wait for you", "#3", "#2", "You wait for", "#1"))
    )
    assert "#4" not in text
    assert "#4" in await shown(bench, "/mine", ALEX)


async def test_nobody_turns_the_pages_of_somebody_elses_list(bench: Bench) -> None:
    for _ in range(9):
        await kept(bench, status=Status.CLAIMED, worker=Worker(SAM, "Sam"))
    await shown(bench, "/mine")
    forward = buttons(bench)["More ›"]
    assert "somebody else's list" in await bench.presses(ALEX, forward)
    assert bench.calls(GROUP, "editMessageText") == []
    await bench.presses(SAM, forward)
    assert "#9" in bench.calls(GROUP, "editMessageText")[0].params["text"]


async def test_case_shows_card_notes_and_history_in_london_time(bench: Bench) -> None:
    await bench.says(KAY, "he has a <knife>")
    await bench.presses(SAM, "claim:1")
    await bench.look(lambda unit: unit.add_line(1, Line("note", "mum <knows>", bench.clock.now())))
    await bench.look(lambda unit: unit.log(1, "new-thing", {}, bench.clock.now()))
    await bench.presses(SAM, "release:1")
    await bench.wait(60 * 60)
    text = await shown(bench, "/case #1")
    assert "he has a &lt;knife&gt;" in text
    assert "mum &lt;knows&gt;" in text
    local = f"{bench.clock.now():%Y} "
    assert f"{local}" in text
    for part in ("The case opened.", "a worker took it.", "new thing", "gave it back",
                 "the safeguarding lead was called. ("):  # fmt: skip
        assert part in text
    assert f"#{1}" in text
    found = buttons(bench)
    assert found["All that was said, as a file"] == "transcript:1"
    assert found["To the card"].startswith(LINK)
    logged = await bench.look(lambda unit: unit.audited(bench.clock.now() - timedelta(hours=1)))
    assert ("case-read", {"case": 1, "worker": SAM}) in [entry[1:] for entry in logged]


async def test_a_history_names_groups_and_who_may_see_an_account(bench: Bench) -> None:
    bench.plan = DeskPlan((StaffGroup("South", -1009), StaffGroup("Rest", GROUP)))
    number = await kept(bench)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("passed", {"from": GROUP, "to": -1009, "worker": 0}),
        ("passed", {"from": -1009, "to": GROUP, "worker": SAM}),
        ("reveal-asked", {"no": 1, "by": ALEX, "name": "Alex"}),
        ("reveal-told", {"no": 1, "by": ALEX, "told": True}),
        ("reveal-told", {"no": 1, "by": 0, "told": None}),
        ("reveal-told", {"no": 1, "by": ALEX, "told": False}),
    ]
    for name, data in steps:
        await bench.look(lambda unit, n=name, d=data: unit.log(number, n, d, bench.clock.now()))
    text = await shown(bench, f"/case {number}")
    for part in ("The bot passed it to South.", "a worker passed it to Rest.",
                 "Alex asked to see the account.", "had them told", "could not be told",
                 "chose not to tell them yet"):  # fmt: skip
        assert part in text


async def test_in_its_topic_a_case_needs_no_number(bench: Bench) -> None:
    await bench.says(KAY, "he has a knife")
    await bench.presses(SAM, "claim:1")
    case = await bench.look(lambda unit: unit.load_case(1))
    bench.texts(GROUP)
    assert "#1 EMERGENCY" in await shown(bench, "/case", topic=case.topic_id)
    assert bench.calls(GROUP)[-1].params["message_thread_id"] == case.topic_id
    assert buttons(bench)["To the topic"] == f"{LINK}{case.topic_id}"


@pytest.mark.parametrize("typed", ["", "x", "-1", "٣", "1.5", "9" * 30, "#"])
async def test_a_number_that_is_none_is_explained(bench: Bench, typed: str) -> None:
    for command in ("case", "transcript"):
        assert f"/{command} 12" in await shown(bench, f"/{command} {typed}")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("county", [1]), ("COUNTY lines", [1]), ("conty lines", [1]), ("#2", [2]), ("2", [2]),
        ("violence", [2]), ("lambeth", [2]), ("lambth", [2]), ("school", [3]), ("knife", []),
        ("county school", []), ("gang-related", [1]), ("abuse", [3]), ("😀", None), ("", None),
    ],
)  # fmt: skip
async def test_search_looks_everywhere_but_in_their_words(
    bench: Bench, words: str, found: list[int] | None
) -> None:
    await kept(bench, tags=("county-lines", "gang-related"), kind="exploitation",
               said_by_them=["he has a knife"])  # fmt: skip
    await kept(bench, kind="violence", borough="Lambeth", status=Status.CLOSED, outcome="safe")
    await kept(bench, notes=["the school <b>knows</b> " + "and " * 60])
    text = await shown(bench, f"/search {words}")
    if found is None:
        assert "Write what to look for" in text
        return
    assert [n for n in (1, 2, 3) if f"#{n} " in text] == found
    assert ("Nothing found" in text) == (not found)
    if found == [3] and words == "school":
        assert "the school &lt;b&gt;knows" in text


async def test_a_search_goes_further_back_when_asked(bench: Bench) -> None:
    for n in range(70):
        await kept(bench, tags=("needle",) if n == 3 else ())
    text = await shown(bench, "/search needle")
    assert "Nothing found" in text
    assert "back to #11" in text
    data = buttons(bench)["Look further back"]
    assert data == "search-on:11:needle"
    bench.texts(GROUP)
    await bench.presses(SAM, data)
    assert "#4 " in "\n".join(bench.texts(GROUP))
    assert "Write the search again" in await bench.presses(SAM, "search-on:x:y")
    await shown(bench, "/search " + "ö" * 80)
    assert len(buttons(bench)["Look further back"].encode()) <= 64


async def test_help_is_one_screen_with_every_command(bench: Bench) -> None:
    text = await shown(bench, "/help")
    assert "Sam from the team" in text
    for command in ("open", "mine", "case", "search", "transcript", "reveal", "stats", "help"):
        assert f"/{command} – " in text
    assert len(text) < 1800
    assert "/start" not in text


def test_what_is_written_into_a_history_has_plain_words(bench: Bench) -> None:
    events = set()
    for path in sources("bot/telegram"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("unit.log"):
                name = literal(node.args[1])
                events |= {name} if name else set(NAMED[ast.unparse(node.args[1])])
    events.update(casefile.TOLD.values())
    known = {*bench.world.wording.under("desk-overview.did-"), "alerted-{}"}
    assert sorted(events - known) == []
