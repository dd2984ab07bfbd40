"""The whole inside on a store in memory: real loops, a hand-moved clock, an obedient Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.cases.chain import Chain
from bot.conversation.world import World
from bot.delivery.inbox import InboxLoop
from bot.delivery.model import Call, Incoming, Outcome, Sent
from bot.delivery.outbox import OutboxLoop
from bot.delivery.ports import Unit
from bot.delivery.timers import TimerLoop
from bot.delivery.wakers import Wakers
from bot.demo.api.telegram_html import parse_html
from bot.storage.memory import MemoryStore
from bot.telegram.handle import Handler
from bot.telegram.office import TOPICS, Office
from bot.telegram.render import units
from tests.support.clock import START, HandClock, settle
from tests.telegram import updates as raw

ON_CALL, LEAD = 7001, 7002
Json = dict[str, Any]


class Bench:
    """Say, press, wait; then look at the phone and at the staff group."""

    def __init__(self, world: World, *, topics: bool = True, now: datetime = START) -> None:
        self.world = world
        self.topics = topics
        self.clock = HandClock(now)
        self.store = MemoryStore()
        self.made: list[Call] = []  # every call that Telegram took, in order
        self.results: dict[int, Json] = {}  # id of the call -> the message
        self.refuse: Callable[[Call], Outcome | None] = lambda call: None
        self._last_id = 100
        self._looked: dict[int, int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        wakers = Wakers()
        office = Office(
            lambda: self.world, raw.GROUP, Chain(), "helper_bot", ON_CALL, LEAD,
            lambda: self.world.plan(),
        )  # fmt: skip
        self.handler = handler = Handler(self.store, office, self.clock.now, wakers.wake_all)
        self.loops = (
            InboxLoop(self.store, handler.handle, handler.quarantined, self.clock,
                      wake=wakers.inbox, on_settled=wakers.wake_all),
            OutboxLoop(self.store, self._send, handler.resolve, handler.on_sent, handler.on_failed,
                       handler.on_moved, self.clock, lambda chat: chat < 0, wake=wakers.outbox,
                       on_settled=wakers.wake_all),
            TimerLoop(self.store, self.clock, wakers.inbox.set, wake=wakers.timers),
        )  # fmt: skip
        self.wakers = wakers

    async def start(self) -> None:
        yes = "yes" if self.topics else "no"
        await self.store.transact(lambda unit: unit.set_meta(TOPICS, yes))
        self._tasks = [asyncio.create_task(loop.run()) for loop in self.loops]
        await settle()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send(self, call: Call) -> Outcome:
        refusal = self.refuse(call)
        if refusal is not None:
            return refusal
        _as_telegram_would_check(call)
        self.made.append(call)
        if call.method == "createForumTopic":
            self._last_id += 1
            return Sent({"message_thread_id": self._last_id, "name": call.params["name"]})
        if not call.method.startswith("send"):
            return Sent(True)
        self._last_id += 1
        result = {"message_id": self._last_id, "chat": {"id": call.chat_id}}
        self.results[id(call)] = result
        return Sent(result)

    # ---- what people do -----------------------------------------------------------------------

    async def receives(self, payload: Json, lane: str = "c:1", seconds: float = 3) -> None:
        """An update comes in, and some time passes."""
        item = Incoming(f"u:{payload['update_id']}", lane, "update", payload)
        now = self.clock.now()
        await self.store.transact(lambda unit: unit.add_incoming([item], now))
        self.wakers.wake_all()
        await self.wait(seconds)

    async def wait(self, seconds: float) -> None:
        """Let time pass in steps, so that calls which follow calls can go."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while (left := (end - self.clock.now()).total_seconds()) > 0:
            await self.clock.advance(
                min(left, 0.5 if seconds <= 30 else 5 if seconds < 1800 else 60)
            )
        for task in self._tasks:
            if task.done():
                task.result()  # a loop that has died must not pass for silence

    def new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    @property
    def date(self) -> int:
        return int(self.clock.now().timestamp())

    async def says(self, person: int, text: str, *, name: str = "Kay", edit: int | None = None,
                   seconds: float = 3, **content: Any) -> int:  # fmt: skip
        """A young person writes; returns the message's id."""
        number = edit or self.new_id()
        if text:
            content = {**content, "text": text}
        if edit:
            content["edit_date"] = self.date
        chat, sender = raw.private_chat(person, name), raw.user(person, name)
        value = raw.message(chat, sender, self.date, number, **content)
        await self.receives(
            raw.update("edited_message" if edit else "message", value), f"c:{person}", seconds
        )
        return number

    async def taps(self, person: int, action: str, seconds: float = 3) -> None:
        """A young person presses a button by what it does."""
        shown = raw.message(raw.private_chat(person), raw.BOT, self.date, 1, text="x")
        payload = raw.press(raw.user(person), shown, action)
        await self.receives(payload, f"c:{person}", seconds)

    async def staff(self, worker: int, text: str = "", *, reply_to: int | None = None,
                    topic: int | None = None, edit: int | None = None, name: str = "Sam",
                    root: bool = False, **content: Any) -> int:  # fmt: skip
        """A worker writes in the staff group; `root`: Telegram's own reply to the topic's start."""
        number = edit or self.new_id()
        if text:
            content = {**content, "text": text}
        if edit:
            content["edit_date"] = self.date
        if topic is not None:
            content |= {"message_thread_id": topic, "is_topic_message": True}
        target = reply_to or (topic if root else None)
        if target is not None:
            content["reply_to_message"] = raw.message(raw.group_chat(), raw.BOT, self.date, target)
        value = raw.message(raw.group_chat(), raw.user(worker, name), self.date, number, **content)
        await self.receives(
            raw.update("edited_message" if edit else "message", value), f"c:{raw.GROUP}"
        )
        return number

    async def presses(self, worker: int, action: str, name: str = "Sam") -> str:
        """A worker presses a button of a card; returns the answer to the press."""
        shown = raw.message(raw.group_chat(), raw.BOT, self.date, 1, text="card")
        before = len(self.made)
        await self.receives(raw.press(raw.user(worker, name), shown, action), f"c:{raw.GROUP}")
        answers = [c for c in self.made[before:] if c.method == "answerCallbackQuery"]
        return str(answers[0].params.get("text", "")) if answers else "(no answer)"

    # ---- what can be seen ---------------------------------------------------------------------

    def calls(self, chat: int | None = None, method: str = "", role: str = "") -> list[Call]:
        """Calls that were made, of a chat, a method, a role."""
        return [
            call
            for call in self.made
            if (chat is None or call.chat_id == chat)
            and (not method or call.method == method)
            and (not role or call.role == role)
        ]

    def new(self, chat: int) -> list[Call]:
        """The messages in a chat since the last look."""
        sent = [c for c in self.calls(chat) if c.method in ("sendMessage", "sendVenue")]
        seen = self._looked.get(chat, 0)
        self._looked[chat] = len(sent)
        return sent[seen:]

    def texts(self, chat: int) -> list[str]:
        """The texts of the messages in a chat since the last look."""
        return [str(call.params.get("text", "(pin)")) for call in self.new(chat)]

    def id_of(self, call: Call) -> int:
        """The message id that Telegram gave."""
        return int(self.results[id(call)]["message_id"])

    async def look(self, work: Callable[[Unit], Any]) -> Any:
        return await self.store.transact(work)


def _as_telegram_would_check(call: Call) -> None:
    text = call.params.get("text")
    if call.method in ("sendMessage", "editMessageText"):
        assert isinstance(text, str)
        assert parse_html(text)[0].strip(), "message text is empty"
        assert units(parse_html(text)[0]) <= 4096, "message is too long"
    if call.method == "answerCallbackQuery":
        assert len(text or "") <= 200
    rows = call.params.get("reply_markup", {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        assert 1 <= len(button.get("callback_data", "x").encode()) <= 64, "BUTTON_DATA_INVALID"
        assert button["text"]
