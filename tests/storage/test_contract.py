"""What every store must do: the same suite runs on the fake and on SQLite."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.cases.model import Case, Line, Link, Status, Worker
from bot.delivery.errors import StorageError
from bot.delivery.model import Incoming, Timer
from bot.delivery.ports import Store, Unit

NOW = datetime(2026, 11, 22, 20, 0, 0, 123456, tzinfo=UTC)
NASTY = "ʇǝsʇ \x00 👩‍👩‍👧 'quoted' \"double\" %s {x} ‮rtl \ud83d"


def update(number: int, lane: str = "c:1", **payload: object) -> Incoming:
    return Incoming(f"u:{number}", lane, "update", {"update_id": number, **payload})


def case(**values: object) -> Case:
    given = {"chat_id": 7, "group_id": -1, "urgency": "page", "kind": "weapon", "reason": "knife"}
    return Case(id=0, opened_at=NOW, **{**given, **values})  # type: ignore[arg-type]


async def add(store: Store, *items: Incoming) -> int:
    return await store.transact(lambda unit: unit.add_incoming(items, NOW))


async def pending_keys(store: Store) -> list[str]:
    rows = await store.transact(lambda unit: unit.pending(0, 100))
    return [row.item.key for row in rows]


async def test_incoming_rows_come_back_whole_and_in_order(store: Store) -> None:
    items = [update(5, text=NASTY), update(3, lane="c:2"), update(4, n=[1, None, True, 1.5])]
    assert await add(store, *items) == 3
    rows = await store.transact(lambda unit: unit.pending(0, 10))
    assert [row.item for row in rows] == items
    assert [row.received_at for row in rows] == [NOW] * 3
    assert await store.transact(lambda unit: unit.pending(rows[0].id, 1)) == [rows[1]]


async def test_a_repeated_update_is_dropped_also_after_it_was_handled(store: Store) -> None:
    assert await add(store, update(1), update(1), update(2)) == 2
    row = (await store.transact(lambda unit: unit.pending(0, 1)))[0]
    await store.transact(lambda unit: unit.finish(row.id, NOW))
    assert await add(store, update(1)) == 0
    assert await pending_keys(store) == ["u:2"]


async def test_keys_of_handled_rows_are_forgotten_after_days(store: Store) -> None:
    await add(store, update(1))
    await store.transact(lambda unit: unit.finish(unit.pending(0, 1)[0].id, NOW))
    later = NOW + timedelta(days=6)
    assert await store.transact(lambda unit: unit.add_incoming([update(1)], later)) == 0
    much_later = NOW + timedelta(days=8)
    assert await store.transact(lambda unit: unit.add_incoming([update(1)], much_later)) == 1


async def test_ids_go_on_upwards_when_old_rows_are_pruned(store: Store) -> None:
    await add(store, update(1))
    first = (await store.transact(lambda unit: unit.pending(0, 1)))[0]
    await store.transact(lambda unit: unit.finish(first.id, NOW))
    later = NOW + timedelta(days=30)
    await store.transact(lambda unit: unit.add_incoming([update(2)], later))
    rows = await store.transact(lambda unit: unit.pending(first.id, 10))
    assert [row.item.key for row in rows] == ["u:2"]


async def test_attempts_are_counted_and_quarantine_puts_a_row_aside(store: Store) -> None:
    await add(store, update(1), update(2))
    row = (await store.transact(lambda unit: unit.pending(0, 1)))[0]
    await store.transact(lambda unit: unit.retry_later(row.id, "ValueError", NOW))
    again = (await store.transact(lambda unit: unit.pending(0, 1)))[0]
    assert (again.id, again.attempts) == (row.id, 1)
    await store.transact(lambda unit: unit.quarantine(row.id, "ValueError", NOW))
    assert await pending_keys(store) == ["u:2"]
    aside = await store.transact(lambda unit: unit.quarantined(10))
    assert [(found.item, found.attempts) for found in aside] == [(row.item, 2)]
    await store.transact(lambda unit: unit.add_incoming([], NOW + timedelta(days=8)))
    assert await store.transact(lambda unit: unit.quarantined(10)) == []


async def test_an_exception_undoes_everything_and_comes_out(store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.add_incoming([update(1)], NOW)
        unit.set_meta("a", "b")
        unit.save_chat(1, {"x": 1}, NOW)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await store.transact(work)
    assert await pending_keys(store) == []
    assert await store.transact(lambda unit: unit.get_meta("a")) is None
    assert await store.transact(lambda unit: unit.load_chat(1)) is None


async def test_of_many_at_once_only_the_failing_ones_are_undone(store: Store) -> None:
    def work(number: int) -> int:
        def run(unit: Unit) -> int:
            unit.count("work", "all", "2026-11-22")
            unit.add_incoming([update(number)], NOW)
            if number % 3 == 0:
                raise ArithmeticError(str(number))
            return number

        return run  # type: ignore[return-value]

    results = await asyncio.gather(
        *(store.transact(work(n)) for n in range(60)),  # type: ignore[arg-type]
        return_exceptions=True,
    )
    for number, result in enumerate(results):
        if number % 3 == 0:
            assert isinstance(result, ArithmeticError)
            assert str(result) == str(number)
        else:
            assert result == number
    counted = await store.transact(lambda unit: unit.counts("work", ""))
    assert counted == [("2026-11-22", "all", 40)]
    assert len(await pending_keys(store)) == 40


async def test_a_stop_iteration_does_not_stop_the_store(store: Store) -> None:
    with pytest.raises((StopIteration, RuntimeError)):
        await store.transact(lambda unit: next(iter(())))
    assert await add(store, update(1)) == 1


async def test_a_closed_store_says_so(store: Store) -> None:
    await store.close()
    with pytest.raises(StorageError, match="closed"):
        await store.transact(lambda unit: None)
    await store.close()


async def test_due_timers_become_incoming_rows_once(store: Store) -> None:
    timer = Timer("case:1:again", NOW, "c:-1", "again", {"case": 1, "text": NASTY})

    def work(unit: Unit) -> tuple[int, int]:
        unit.set_timer(Timer("case:1:again", NOW - timedelta(1), "c:9", "old", {}))
        unit.set_timer(timer)
        unit.set_timer(Timer("later", NOW + timedelta(seconds=5), "c:1", "x", {}))
        return unit.move_due_timers(NOW - timedelta(microseconds=1)), unit.move_due_timers(NOW)

    assert await store.transact(work) == (0, 1)
    assert await store.transact(lambda unit: unit.move_due_timers(NOW)) == 0
    row = (await store.transact(lambda unit: unit.pending(0, 9)))[0]
    assert row.item.key == f"t:case:1:again@{NOW.isoformat()}"
    assert (row.item.lane, row.item.source) == ("c:-1", "timer")
    payload = {"kind": "again", "data": timer.data, "due": NOW.isoformat()}
    assert row.item.payload == payload
    assert await store.transact(lambda unit: unit.next_timer()) == NOW + timedelta(seconds=5)


async def test_timers_are_cancelled_by_key_and_by_prefix(store: Store) -> None:
    def work(unit: Unit) -> datetime | None:
        for key in ("case:1:a", "case:1:b", "case:10:a", "case:1%"):
            unit.set_timer(Timer(key, NOW, "c:1", "k", {}))
        unit.cancel_timers("case:1:")
        unit.cancel_timer("case:10:a")
        unit.cancel_timer("unknown")
        unit.cancel_timers("case:1%")
        return unit.next_timer()

    assert await store.transact(work) is None


async def test_a_chat_is_kept_and_forgotten(store: Store) -> None:
    state = {"area": NASTY, "nested": {"list": [1, 2]}}

    def work(unit: Unit) -> None:
        assert unit.load_chat(7) is None
        unit.save_chat(7, {"old": 1}, NOW - timedelta(hours=1))
        unit.save_chat(7, state, NOW)
        unit.save_chat(8, {}, NOW - timedelta(days=2))
        unit.remember_message(7, 12, "answer", NOW)
        unit.remember_message(7, 11, "answer", NOW - timedelta(hours=2))
        unit.remember_message(8, 13, "answer", NOW)

    await store.transact(work)
    assert await store.transact(lambda unit: unit.load_chat(7)) == state
    long_ago = NOW - timedelta(days=1)
    assert await store.transact(lambda unit: unit.recent_messages(7, long_ago)) == [11, 12]
    assert await store.transact(lambda unit: unit.recent_messages(7, NOW)) == [12]
    assert await store.transact(lambda unit: unit.chats_idle_since(long_ago, 9)) == [8]
    await store.transact(lambda unit: unit.forget_chat(7))
    assert await store.transact(lambda unit: unit.load_chat(7)) is None
    assert await store.transact(lambda unit: unit.recent_messages(7, long_ago)) == []


async def test_a_case_comes_back_as_it_was_saved(store: Store) -> None:
    first = await store.transact(lambda unit: unit.add_case(case(said=("a", "b"))))
    second = await store.transact(lambda unit: unit.add_case(case(chat_id=8)))
    assert (first.id, second.id) == (1, 2)
    changed = case(status=Status.CLAIMED, worker=Worker(5, NASTY), topic_id=44, claimed_at=NOW)
    changed = Case.from_dict({**changed.to_dict(), "id": 1})
    await store.transact(lambda unit: unit.save_case(changed))
    assert await store.transact(lambda unit: unit.load_case(1)) == changed
    assert await store.transact(lambda unit: unit.case_of_topic(-1, 44)) == changed
    assert await store.transact(lambda unit: unit.case_of_topic(-1, 45)) is None
    assert await store.transact(lambda unit: unit.cases_in([Status.OPEN])) == [second]
    both = await store.transact(lambda unit: unit.cases_in({Status.OPEN, Status.CLAIMED}))
    assert both == [changed, second]
    with pytest.raises(LookupError, match="99"):
        await store.transact(
            lambda unit: unit.save_case(Case.from_dict({**case().to_dict(), "id": 99}))
        )


async def test_cases_from_the_newest_back(store: Store) -> None:
    for _ in range(5):
        await store.transact(lambda unit: unit.add_case(case()))

    async def numbers(before: int | None, limit: int) -> list[int]:
        found = await store.transact(lambda unit: unit.cases_before(before, limit))
        return [one.id for one in found]

    assert await numbers(None, 3) == [5, 4, 3]
    assert await numbers(3, 3) == [2, 1]
    assert await numbers(1, 3) == []


async def test_the_open_and_the_latest_case_of_a_person(store: Store) -> None:
    await store.transact(lambda unit: unit.add_case(case()))
    closed = await store.transact(lambda unit: unit.add_case(case(status=Status.CLOSED)))
    found = await store.transact(lambda unit: unit.open_case_of(7))
    assert found is not None
    assert found.id == 1
    assert await store.transact(lambda unit: unit.latest_case_of(7)) == closed
    assert await store.transact(lambda unit: unit.open_case_of(8)) is None


async def test_every_case_of_a_person(store: Store) -> None:
    for chat_id, status in ((7, Status.CLOSED), (8, Status.OPEN), (7, Status.OPEN)):
        made = case(chat_id=chat_id, status=status)
        await store.transact(lambda unit, made=made: unit.add_case(made))
    found = await store.transact(lambda unit: unit.cases_of(7))
    assert [one.id for one in found] == [1, 3]
    assert await store.transact(lambda unit: unit.cases_of(9)) == []


async def test_words_and_history_of_a_case(store: Store) -> None:
    lines = [Line("person", NASTY, NOW, 3), Line("worker", "", NOW), Line("note", "x", NOW, 4, "A")]

    def work(unit: Unit) -> None:
        number = unit.add_case(case()).id
        for line in lines:
            unit.add_line(number, line)
        unit.log(number, "opened", {"by": "rule"}, NOW)
        unit.log(number, "claimed", {}, NOW)

    await store.transact(work)
    assert await store.transact(lambda unit: unit.lines(1)) == lines
    await store.transact(lambda unit: unit.erase_lines(1))
    assert await store.transact(lambda unit: unit.lines(1)) == []
    history = await store.transact(lambda unit: unit.history(1))
    assert history == [(NOW, "opened", {"by": "rule"}), (NOW, "claimed", {})]


async def test_links_find_the_case_of_a_message(store: Store) -> None:
    first = Link(-1, 10, 1, "relay-in", 7, 3)
    second = Link(-1, 11, 1, "relay-in")

    def work(unit: Unit) -> None:
        unit.add_case(case())
        unit.link(Link(-1, 10, 1, "card"))
        unit.link(first)
        unit.link(second)

    await store.transact(work)
    assert await store.transact(lambda unit: unit.find_link(-1, 10)) == first
    assert await store.transact(lambda unit: unit.find_link(7, 10)) is None
    assert await store.transact(lambda unit: unit.links_of(1, "relay-in")) == [first, second]
    assert await store.transact(lambda unit: unit.links_of(1, "card")) == []


async def test_an_unlinked_case_leads_to_nobody(store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.add_case(case())
        unit.link(Link(-1, 10, 1, "relay-in", 7, 3))
        unit.link(Link(7, 3, 1, "person", -1, 10))
        unit.unlink_case(1)
        unit.unlink_case(99)

    await store.transact(work)
    found = await store.transact(lambda unit: unit.load_case(1))
    assert found is not None
    assert found.chat_id == 0
    assert await store.transact(lambda unit: unit.latest_case_of(7)) is None
    assert await store.transact(lambda unit: unit.find_link(7, 3)) is None
    assert await store.transact(lambda unit: unit.find_link(-1, 10)) == Link(-1, 10, 1, "relay-in")


async def test_facts_counts_and_the_staff_log(store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.set_meta("key", "one")
        unit.set_meta("key", "two")
        unit.count("unmet", "Lambeth", "2026-11-22")
        unit.count("unmet", "Lambeth", "2026-11-22", by=4)
        unit.count("unmet", "Lambeth", "2026-11-20")
        unit.audit("reveal", {"case": 1}, NOW - timedelta(days=1))
        unit.audit("reveal", {"case": 2}, NOW)

    await store.transact(work)
    assert await store.transact(lambda unit: unit.get_meta("key")) == "two"
    counted = await store.transact(lambda unit: unit.counts("unmet", "2026-11-21"))
    assert counted == [("2026-11-22", "Lambeth", 5)]
    assert await store.transact(lambda unit: unit.audited(NOW)) == [(NOW, "reveal", {"case": 2})]


async def test_the_backlog_counts_what_waits(store: Store) -> None:
    await add(store, update(1), update(2))
    await store.transact(lambda unit: unit.quarantine(unit.pending(0, 1)[0].id, "x", NOW))
    backlog = await store.transact(lambda unit: unit.backlog())
    assert backlog == {"inbox": 1, "quarantined": 1, "outbox": 0, "timers": 0}


async def test_a_value_that_is_no_json_is_refused(store: Store) -> None:
    with pytest.raises(TypeError):
        await add(store, update(1, when=NOW))
    assert await pending_keys(store) == []


async def test_given_words_are_tied_to_nobody_and_erased_on_time(store: Store) -> None:
    def give(unit: Unit) -> None:
        unit.give_words(NASTY, "2026-08-01")
        unit.give_words("two", "2026-11-21")

    await store.transact(give)
    assert await store.transact(lambda unit: unit.given_words("2026-08-01")) == [
        ("2026-08-01", NASTY), ("2026-11-21", "two")
    ]  # fmt: skip
    await store.transact(lambda unit: unit.forget_words_before("2026-11-21"))
    assert await store.transact(lambda unit: unit.given_words("")) == [("2026-11-21", "two")]


async def test_suggestions_are_tied_to_nobody_and_erased_on_time(store: Store) -> None:
    def give(unit: Unit) -> None:
        unit.suggest({"text": NASTY, "kind": None}, "2026-08-01")
        unit.suggest({"text": "two", "kind": "violence"}, "2026-11-21")

    await store.transact(give)
    (first, second) = await store.transact(lambda unit: unit.suggestions("2026-08-01"))
    assert first[1:] == ("2026-08-01", {"text": NASTY, "kind": None})
    assert second[1:] == ("2026-11-21", {"text": "two", "kind": "violence"})
    assert first[0] != second[0]
    assert all(1 <= row[0] <= 1_000_000 for row in (first, second))
    assert await store.transact(lambda unit: unit.suggestions("2026-11-21")) == [second]
    await store.transact(lambda unit: unit.forget_suggestions_before("2026-11-21"))
    assert await store.transact(lambda unit: unit.suggestions("")) == [second]
