"""What every store must do with calls that are to be made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cases.model import Case, Link
from bot.delivery.model import Call, Gates, OutboxRow, Priority, Timer
from bot.delivery.ports import Store, Unit

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NOBODY: frozenset[int] = frozenset()


def call(chat_id: int = 7, text: str = "hi", **values: Any) -> Call:
    method = values.pop("method", "sendMessage")
    params = {"chat_id": chat_id, "text": text, **values.pop("params", {})}
    return Call(method, params, chat_id, **values)


async def enqueue(store: Store, *calls: Call, cause: str = "u:1") -> None:
    await store.transact(lambda unit: unit.enqueue(cause, calls, NOW))


async def take(
    store: Store, limit: int = 32, now: datetime = NOW, **values: Any
) -> list[OutboxRow]:
    busy = values.pop("busy", NOBODY)
    gates = Gates(**values)
    return await store.transact(lambda unit: unit.take(now, limit, busy, gates))


async def texts(store: Store, **values: Any) -> list[str]:
    return [row.call.params["text"] for row in await take(store, **values)]


async def test_a_call_comes_back_whole(store: Store) -> None:
    given = call(
        priority=Priority.RELAY,
        case_id=3,
        role="relay-in",
        data={"from": [1, None]},
        merge="m",
        not_before=NOW,
        expires=NOW + SECOND,
    )
    await enqueue(store, given)
    assert await take(store) == [OutboxRow(1, "u:1", given, 0, NOW)]
    assert await take(store) == []


async def test_the_same_cause_again_changes_nothing_also_when_sent(store: Store) -> None:
    await enqueue(store, call(text="a"), call(text="b"))
    await enqueue(store, call(text="c"), call(text="d"), call(text="e"))
    for expected in ("a", "b"):
        row = (await take(store))[0]
        assert row.call.params["text"] == expected
        await store.transact(lambda unit, row=row: unit.close_call(row.id))  # type: ignore[misc]
    await enqueue(store, call(text="c"))
    assert await take(store) == []


async def test_most_urgent_first_one_a_chat_in_order_within(store: Store) -> None:
    await enqueue(
        store,
        call(1, "reply 1"),
        call(1, "reply 2"),
        call(2, "tidy", priority=Priority.HOUSEKEEPING),
        call(3, "danger", priority=Priority.DANGER),
        call(2, "alert", priority=Priority.ALERT),
    )
    assert await texts(store, limit=2) == ["alert", "danger"]
    assert await texts(store, busy=frozenset({2, 3})) == ["reply 1"]
    assert await texts(store) == ["reply 2", "tidy"]


async def test_a_long_queue_of_one_chat_hides_no_other_chat(store: Store) -> None:
    await enqueue(store, *(call(1, str(n)) for n in range(50)), call(2, "other"))
    assert await texts(store, limit=3) == ["0", "other"]


async def test_a_call_waits_for_its_time_and_holds_nobody_up(store: Store) -> None:
    await enqueue(store, call(text="later", not_before=NOW + SECOND), call(text="now"))
    assert await texts(store) == ["now"]
    assert await store.transact(lambda unit: unit.next_due(NOW)) == NOW + SECOND
    assert await texts(store, now=NOW + SECOND) == ["later"]
    assert await store.transact(lambda unit: unit.next_due(NOW + SECOND)) is None


async def test_a_tried_call_keeps_its_place_before_later_ones(store: Store) -> None:
    await enqueue(store, call(text="first"), call(text="second"))
    row = (await take(store))[0]
    await store.transact(lambda unit: unit.reschedule(row, NOW + SECOND, "network"))
    await enqueue(store, call(text="alert", priority=Priority.ALERT), cause="u:2")
    assert await texts(store) == ["alert"]
    assert await texts(store) == []
    again = (await take(store, now=NOW + SECOND))[0]
    assert (again.id, again.attempts) == (row.id, 1)
    assert await texts(store, now=NOW + SECOND) == ["second"]


async def test_a_call_put_back_counts_no_attempt(store: Store) -> None:
    await enqueue(store, call(text="a"), call(text="b"))
    row = (await take(store))[0]
    await store.transact(lambda unit: unit.put_back(row.id))
    assert await texts(store, skip=frozenset({row.id})) == ["b"]
    assert await take(store) == [row]


async def test_alerts_that_may_go_together_know_no_ceiling_and_are_held_by_role(
    store: Store,
) -> None:
    alert = {"priority": Priority.ALERT}
    await enqueue(
        store,
        call(-1, "alarm", role="alarm", **alert),
        call(-1, "card", role="card", **alert),
        call(-2, "other", role="alarm", **alert),
        call(-1, "topic", **alert),
    )
    held = frozenset({(-1, "alarm")})
    assert await texts(store, ceilings={-1: -1}, held=held) == ["card", "other"]
    assert await texts(store, ceilings={-1: -1}, held=held) == []
    assert await texts(store) == ["alarm"]


async def test_what_waits_for_a_chat_is_seen_by_role_and_not_taken(store: Store) -> None:
    await enqueue(
        store,
        call(-1, "late", role="card"),
        call(-1, "first", role="card", priority=Priority.ALERT),
        call(-1, "relay", role="relay-in"),
        call(-2, "elsewhere", role="card"),
        call(-1, "third", role="alarm"),
    )

    async def waiting(limit: int) -> list[str]:
        roles = {"card", "alarm"}
        rows = await store.transact(lambda unit: unit.waiting_calls(-1, roles, limit))
        return [row.call.params["text"] for row in rows]

    assert await waiting(9) == ["first", "late", "third"]
    assert await waiting(2) == ["first", "late"]
    assert await texts(store, busy=frozenset({-2})) == ["first"]
    assert await waiting(9) == ["late", "third"]


async def test_gates_stop_only_what_counts(store: Store) -> None:
    await enqueue(
        store,
        call(-1, "relay", priority=Priority.RELAY),
        call(-1, "alert", priority=Priority.ALERT),
        call(-1, "ok", method="setMessageReaction", priority=Priority.HOUSEKEEPING),
    )
    assert await texts(store, ceilings={-1: -1}) == ["ok"]
    assert await texts(store, ceilings={-1: -1}) == []
    assert await texts(store, ceilings={-1: int(Priority.DANGER)}) == ["alert"]
    assert await texts(store, ceilings={-1: int(Priority.DANGER)}) == []
    assert await texts(store) == ["relay"]


async def test_a_hold_stops_one_chat_but_for_callback_answers(store: Store) -> None:
    await enqueue(
        store, call(1, "held"), call(1, "answer", method="answerCallbackQuery"), call(2, "free")
    )
    await store.transact(lambda unit: unit.hold_chat(1, NOW + 5 * SECOND))
    await store.transact(lambda unit: unit.hold_chat(1, NOW + SECOND))
    assert await texts(store) == ["answer", "free"]
    assert await texts(store, now=NOW + 2 * SECOND) == []
    assert await store.transact(lambda unit: unit.next_due(NOW)) == NOW + 5 * SECOND
    assert await texts(store, now=NOW + 5 * SECOND) == ["held"]


async def test_a_hold_of_the_whole_bot_stops_every_chat(store: Store) -> None:
    await enqueue(store, call(1), call(2), call(3, method="answerCallbackQuery"))
    await store.transact(lambda unit: unit.hold_chat(0, NOW + SECOND))
    assert await take(store) == []
    assert len(await take(store, now=NOW + SECOND)) == 3


async def test_expired_calls_are_dropped(store: Store) -> None:
    await enqueue(store, call(text="old", expires=NOW), call(text="good", expires=NOW + SECOND))
    assert await texts(store) == ["good"]
    assert await store.transact(lambda unit: unit.backlog()["outbox"]) == 1


async def test_what_was_being_sent_is_sent_again_after_a_start(store: Store) -> None:
    await enqueue(store, call(1, "a"), call(2, "b", method="answerCallbackQuery"))
    assert await texts(store) == ["a", "b"]
    assert await store.transact(lambda unit: unit.recover_calls(NOW)) == 1
    assert await texts(store) == ["a"]


async def test_unsent_texts_with_one_key_become_one_message(store: Store) -> None:
    await enqueue(store, call(-1, "one", merge="case:1", data={"m": 1}), cause="u:1")
    await enqueue(store, call(-1, "two", merge="case:1", data={"m": 2}), cause="u:2")
    await enqueue(store, call(-1, "other", merge="case:2"), cause="u:3")
    await enqueue(store, call(-2, "elsewhere", merge="case:1"), cause="u:4")
    await enqueue(store, call(-1, "two", merge="case:1", data={"m": 2}), cause="u:2")
    urgent = call(-1, "three", merge="case:1", data={"m": 3}, priority=Priority.ALERT)
    await enqueue(store, urgent, cause="u:5")
    row = (await take(store))[0]
    assert row.call.params["text"] == "one\ntwo\nthree"
    assert row.call.data == {"m": 1, "merged": [{"m": 2}, {"m": 3}]}
    assert row.call.priority == Priority.ALERT


async def test_calls_that_are_drawn_when_they_are_sent_are_one(store: Store) -> None:
    def drawn(case: int) -> Call:
        params = {"chat_id": -1}
        return Call("editMessageText", params, -1, data={"card": case}, merge=f"card:{case}")

    await enqueue(store, drawn(1), drawn(1), drawn(2))
    await enqueue(store, drawn(1), cause="u:2")
    rows = [row for _ in range(3) for row in await take(store)]
    assert [row.call.data for row in rows] == [{"card": 1}, {"card": 2}]


async def test_nothing_is_merged_into_a_call_in_flight(store: Store) -> None:
    await enqueue(store, call(text="one", merge="k"))
    assert await texts(store) == ["one"]
    await enqueue(store, call(text="two", merge="k"), cause="u:2")
    assert await texts(store) == ["two"]


async def test_texts_that_cannot_be_one_message_stay_apart(store: Store) -> None:
    long, emoji = "x" * 3000, "👩" * 1000
    await enqueue(store, call(text=long, merge="k"))
    await enqueue(store, call(text=emoji, merge="k"), cause="u:2")
    await enqueue(store, call(text="b", merge="k", params={"reply_markup": {}}), cause="u:3")
    assert await texts(store) == [long]
    assert await texts(store) == [emoji]
    assert await texts(store) == ["b"]


async def test_calls_of_a_chat_are_dropped_but_for_urgent_ones(store: Store) -> None:
    await enqueue(
        store,
        call(text="danger", priority=Priority.DANGER),
        call(text="reply"),
        call(text="tidy", priority=Priority.HOUSEKEEPING),
        call(8, text="other"),
    )
    keep = Priority.REPLY
    dropped = await store.transact(lambda unit: unit.drop_calls(7, keep_priority_below=keep))
    assert dropped == 2
    assert await texts(store) == ["danger", "other"]
    assert await texts(store) == []


async def test_messages_to_groups_are_counted(store: Store) -> None:
    def work(unit: Unit) -> None:
        for seconds in (0, 1, 5):
            unit.record_sent(-1, NOW + seconds * SECOND)
        unit.record_sent(-2, NOW)

    await store.transact(work)
    since = await store.transact(lambda unit: unit.sent_since(-1, NOW))
    assert since == [NOW + SECOND, NOW + 5 * SECOND]


async def test_a_migrated_group_takes_calls_cases_and_timers_along(store: Store) -> None:
    waiting = call(-1, "card", params={"reply_parameters": {"message_id": 5}})

    def work(unit: Unit) -> None:
        case = Case(0, 7, -1, "page", None, "rule", NOW, card_message_id=5)
        unit.add_case(case)
        unit.link(Link(-1, 5, 1, "card"))
        unit.enqueue("u:1", [waiting, call(-1, params={"message_id": 5})], NOW)
        unit.enqueue("u:2", [call(8, "other")], NOW)
        unit.set_timer(Timer("k", NOW, "c:-1", "again", {"group": [-1], "case": 1}))
        unit.record_sent(-1, NOW)
        unit.rename_chat(-1, -100)

    await store.transact(work)
    rows = await take(store)
    assert [row.call.params for row in rows] == [
        {"chat_id": -100, "text": "card"},
        {"chat_id": 8, "text": "other"},
    ]
    assert [row.call.chat_id for row in rows] == [-100, 8]
    assert await take(store) == []
    case = await store.transact(lambda unit: unit.load_case(1))
    assert case is not None
    assert (case.group_id, case.card_message_id) == (-100, None)
    assert await store.transact(lambda unit: unit.sent_since(-100, NOW - SECOND)) == [NOW]
    await store.transact(lambda unit: unit.move_due_timers(NOW))
    row = (await store.transact(lambda unit: unit.pending(0, 9)))[0]
    assert (row.item.lane, row.item.payload["data"]) == ("c:-100", {"group": [-100], "case": 1})


async def test_a_message_number_of_a_migrated_group_leads_to_no_old_case(store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.add_case(Case(0, 7, -1, "page", None, "rule", NOW))
        unit.link(Link(-1, 5, 1, "card"))
        unit.rename_chat(-1, -100)

    await store.transact(work)
    # The new group has a message 5 of its own; a reply to it is not meant for this person.
    assert await store.transact(lambda unit: unit.find_link(-100, 5)) is None
